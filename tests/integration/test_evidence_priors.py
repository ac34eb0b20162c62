"""From the packaged trials to priors: what feeds them, what must not, and that what is stored is what is worked out."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pytest

from cleardays.evidence.population import INDICATIONS
from cleardays.evidence.prior.arms import Assumptions, rates_of
from cleardays.evidence.prior.build import as_document, build
from cleardays.evidence.prior.expected import expect
from cleardays.evidence.prior.pooled import Pool, pool_trials
from cleardays.evidence.prior.stored import expected_of, stored
from cleardays.evidence.reading import all_studies
from cleardays.evidence.records import PLACEBO, Cell, Study


@pytest.fixture(scope="module")
def pool() -> Pool:
    return pool_trials(all_studies())


def pairs(pool: Pool) -> list[tuple[str, str]]:
    return [(treatment, indication) for treatment in pool.treatments[1:] for indication in INDICATIONS]


def test_what_is_stored_is_what_the_studies_give(pool):
    compared = 0
    for treatment, indication in pairs(pool):
        document = stored(treatment)
        assert document is not None
        kept = document["indications"][indication]
        found = expect(pool, treatment, indication)
        assert (found is None) == (kept is None)
        if found is not None:
            fresh = json.loads(json.dumps(as_document(found._replace(certainty=kept["expected"]["certainty"]))))
            assert _alike(fresh, kept["expected"])
            compared += 1
    assert compared > 25


def _alike(one: object, other: object) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_alike(*each) for each in zip(one, other, strict=True))
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 2e-6 * max(1.0, abs(one))
    return one == other


@pytest.mark.slow
def test_everything_that_is_stored_is_what_the_studies_give():
    folder = resources.files("cleardays.evidence").joinpath("data", "expected")
    kept = {file.name.removesuffix(".json"): json.loads(file.read_text(encoding="utf-8")) for file in folder.iterdir()}
    assert _alike(json.loads(json.dumps(build(all_studies()))), kept)


def changed(study: Study, *, confirmed: bool) -> Study:
    """The same study with its sure (or its remembered) figures made absurd."""

    def absurd(cell: Cell) -> Cell:
        return cell._replace(value=cell.value * 7 + 3) if cell.sure is confirmed else cell

    rows = (
        tuple(row._replace(cells={name: absurd(cell) for name, cell in row.cells.items()}) for row in part)
        for part in (study.results, study.differences)
    )
    arms = {
        name: arm._replace(cells={key: absurd(cell) for key, cell in arm.cells.items()}) for name, arm in study.arms.items()
    }
    results, differences = rows
    return study._replace(results=results, differences=differences, arms=arms)


def test_no_figure_from_memory_feeds_a_pool():
    studies = all_studies()
    doubtful = [study for study in studies if any(not cell.sure for row in study.results for cell in row.cells.values())]
    assert len(doubtful) > 5
    assumed = Assumptions()
    for study in doubtful:
        as_it_is, altered = rates_of(study, assumed), rates_of(changed(study, confirmed=False), assumed)
        assert [rate._replace(study=study) for rate in altered] == as_it_is
    moved = [study for study in studies if rates_of(study, assumed)]
    other = [rates_of(changed(study, confirmed=True), assumed) for study in moved]
    assert all(rates_of(study, assumed) != found for study, found in zip(moved, other, strict=True))


def test_nobody_is_counted_twice(pool):
    people = [group for rates in pool.rates for group in rates[0].study.people]
    assert len(people) == len(set(people))
    names = {rates[0].study.id for rates in pool.rates}
    assert not {"preempt-1", "preempt-pooled"} <= names
    assert not {"couch-1979", "couch-2011"} <= names


def test_only_comparisons_by_chance_that_are_connected_with_placebo_are_pooled(pool):
    for rates in pool.rates:
        study = rates[0].study
        assert study.compares
        assert not study.head.get("kept_apart")
        assert len({rate.treatment for rate in rates}) == len(rates) > 1
    arms = [[rate.treatment for rate in rates] for rates in pool.rates]
    assert PLACEBO in {treatment for each in arms for treatment in each}
    assert set(pool.treatments) == {treatment for each in arms for treatment in each}


def test_open_studies_give_no_prior():
    for treatment, indication in (
        ("baclofen", "chronic-migraine"),
        ("ketamine", "refractory-migraine"),
        ("lamotrigine", "migraine-with-aura"),
        ("lamotrigine", "alcohol-recovery"),
    ):
        assert expected_of(treatment, indication) is None


def test_trials_of_others_give_no_prior_for_these_people(pool):
    """What was seen after several failures is not taken for a first preventive, nor the other way round."""
    assert expect(pool, "onabotulinumtoxina", "episodic-migraine") is None
    focus = expect(pool, "fremanezumab", "refractory-migraine")
    first = expect(pool, "fremanezumab", "chronic-migraine")
    assert focus is not None
    assert first is not None
    assert not set(focus.studies) & set(first.studies)


def test_people_in_whom_preventives_failed_change_hardly_on_placebo(pool):
    usual, failed = (pool.natural_change(INDICATIONS[name])[0] for name in ("chronic-migraine", "refractory-migraine"))
    assert usual < -0.2
    assert failed > usual + 0.1


def test_every_prior_is_a_law_that_people_can_have(pool):
    for treatment, indication in pairs(pool):
        found = expect(pool, treatment, indication)
        if found is None:
            continue
        assert (np.diff(found.multiplier) >= 0.0).all()
        assert (found.multiplier > 0.0).all()
        assert (found.multiplier < 28.0).all()
        assert 0.0 < found.own.variance < 4.0
        assert 0.0 < found.natural.variance < 4.0
        assert found.studies
        assert found.used
        chances = [found.chance_of(share) for share in (-1.0, 0.0, 0.3, 0.5, 0.75, 0.99)]
        assert chances == sorted(chances, reverse=True)
        assert 0.0 <= min(chances) <= max(chances) <= 1.0
        # the mean multiplier of the next person is that of the trials, up to what is open
        assert found.multiplier.mean() == pytest.approx(found.ratio * np.exp(0.5 * found.shared_sd**2), rel=0.06)
