"""A session of toxin injections: where, what really was given, and whether the effect wears off."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from cleardays.catalogue.treatments import load_treatment
from cleardays.diary.series import DaySeries
from cleardays.plan.injection_checks import Earlier, check_record, next_session_from, shortest_interval_days
from cleardays.plan.injection_record import SessionRecord, Vial, differences, parse_record, read_record, read_sites
from cleardays.plan.toxin_checks import check_sites
from cleardays.plan.toxin_sites import (
    Site,
    fixed_sites,
    possible_totals,
    sites_for,
    tally,
    target_units,
    total_units,
    with_additions,
)
from cleardays.plan.wearing_off import CANNOT_TELL, FEWER, MORE, wearing_off
from cleardays.problems import BadInput

TOXIN = load_treatment("onabotulinumtoxina")
# Tables BTX-1 and BTX-2 of the collected sources: muscle -> fixed units, fixed sites, most units.
TABLE = {
    "corrugator": (10, 2, 10),
    "procerus": (5, 1, 5),
    "frontalis": (20, 4, 20),
    "temporalis": (40, 8, 50),
    "occipitalis": (30, 6, 40),
    "cervical-paraspinal": (20, 4, 20),
    "trapezius": (30, 6, 50),
}
ON = date(2026, 5, 4)
FIVE = Decimal(5)


def codes(found):
    return [finding.code for finding in found]


def test_the_fixed_sites_are_those_of_the_protocol():
    sites = fixed_sites(TOXIN)
    assert (len(sites), total_units(sites), {site.units for site in sites}) == (31, 155, {FIVE})
    assert list(dict.fromkeys(site.muscle for site in sites)) == list(TABLE)
    assert {row.muscle.name: (row.units, row.sites, row.muscle.most_units) for row in tally(TOXIN, sites)} == TABLE
    assert [site.side for site in sites if site.muscle == "procerus"] == ["midline"]
    assert check_sites(TOXIN, sites, product="BOTOX", unit="units", amount=Decimal(155)) == ()


def test_additions_come_in_the_order_of_the_muscles_on_both_sides_in_turn():
    added = [(site.muscle, site.side) for site in with_additions(TOXIN, "195 U") if site.added]
    assert added == [
        *(("temporalis", side) for side in ("left", "right")),
        *(("occipitalis", side) for side in ("left", "right")),
        *(("trapezius", side) for side in ("left", "right", "left", "right")),
    ]
    assert Site("trapezius", "left", FIVE, added=True).document() == {
        "muscle": "trapezius", "side": "left", "units": 5, "added": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("target", "what"),
    [
        ("150 U", "less than the 31 fixed sites"),
        ("157 U", "cannot be divided"),
        ("200 U", "more than a session may have (195 U)"),
        ("155 mg", "do not convert"),
        ("155", "not a total with its unit"),
        (Decimal("NaN"), "no amount"),
    ],
)
def test_a_total_that_no_session_has_is_refused_with_what_to_choose(target, what):
    with pytest.raises(BadInput) as refused:
        target_units(TOXIN, target)
    problem = refused.value.problems[0]
    assert what in problem.what
    assert "155 to 195 U in steps of 5" in problem.try_this


def test_every_other_total_is_possible_and_a_tablet_has_no_sites():
    assert possible_totals(TOXIN) == tuple(range(155, 200, 5))
    assert target_units(TOXIN, "160 Allergan-units") == target_units(TOXIN, 160) == 160
    with pytest.raises(BadInput, match="not given at fixed sites"):
        fixed_sites(load_treatment("lamotrigine"))


FAULTS = {
    "muscle": (lambda s: [*s[:-1], s[-1]._replace(muscle="masseter")], "action.site-outside-protocol"),
    "side not told": (lambda s: [s[0]._replace(side=None), *s[1:]], "action.site-side"),
    "side of the midline": (lambda s: [s[0], s[1], s[2]._replace(side="left"), *s[3:]], "action.site-side"),
    "units of a site": (lambda s: [s[0]._replace(units=Decimal("2.5")), *s[1:]], "action.site-not-5"),
    "one muscle too full": (lambda s: [*s, Site("frontalis", "left", FIVE)], "action.dose-above-muscle-maximum"),
    "too many sites": (lambda s: [*s, Site("procerus", "midline", FIVE)], "action.too-many-sites"),
    "an addition where none may be": (lambda s: [*s, Site("frontalis", "left", FIVE, added=True)], "action.addition-not-here"),
    "a fixed site missing": (lambda s: s[1:], "action.fixed-site-missing"),
    "one side only": (lambda s: s[1:], "action.sites-not-bilateral"),
    "too much": (lambda s: [*sites_for(TOXIN, Decimal(195)), s[0]], "action.dose-above-ceiling"),
    "too little": (lambda s: s[:-1], "action.dose-below-protocol"),
    "no step of 5": (lambda s: [*s, Site("trapezius", "left", Decimal(3))], "action.not-in-steps-of-5"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_single_fault_is_found_where_it_is(fault):
    spoil, code = FAULTS[fault]
    found = check_sites(TOXIN, spoil(list(fixed_sites(TOXIN))))
    assert code in codes(found)
    assert all(finding.says and finding.action and finding.source for finding in found)


@pytest.mark.parametrize(
    ("product", "severity"),
    [("Dysport", "contraindicated"), ("Xeomin", "contraindicated"), ("botulinum toxin", "major"), ("Zorbatox", "major"),
     ("ibuprofen", "contraindicated")],
)  # fmt: skip
def test_units_of_another_product_are_never_taken_for_these(product, severity):
    found = check_sites(TOXIN, fixed_sites(TOXIN), product=product)
    assert [(finding.code, finding.severity) for finding in found] == [("action.wrong-product", severity)]
    assert codes(check_sites(TOXIN, fixed_sites(TOXIN), product="Botox", unit="mg")) == ["action.wrong-unit"]


def test_an_amount_beside_the_sites_has_to_be_their_sum():
    assert codes(check_sites(TOXIN, fixed_sites(TOXIN), amount=Decimal(160))) == ["action.amount-not-sites"]


def test_pain_on_one_side_may_have_all_additions():
    moved = [site._replace(side="left") if site.added else site for site in sites_for(TOXIN, Decimal(195))]
    assert check_sites(TOXIN, moved) == ()


# ---- what was given


def record(total=155, on=ON, **changes):
    vials = (Vial(Decimal(200), Decimal(4), "C1234", date(2027, 1, 31)),)
    return SessionRecord(on, "BOTOX", "U", "A. Nurse", sites_for(TOXIN, Decimal(total)), vials)._replace(**changes)


def test_a_record_reads_back_as_it_was_written():
    for each in (record(), record(175, use="chronic migraine", note="tender left temple"), record(vials=None)):
        assert parse_record(json.dumps(each.document())) == each


def test_a_record_keeps_when_it_began_and_ended():
    told = {**record().document(), "start": "09:30", "end": "09:50"}
    assert read_record(told).document() == told
    with pytest.raises(BadInput, match="ends before it starts"):
        read_record({**told, "end": "09:10"})


def test_a_record_in_other_spellings_is_read_and_what_cannot_be_used_is_all_named():
    sites = read_sites([{"muscle": "Cervical paraspinals", "side": "L", "units": 5}, {"muscle": "masseter", "units": 2.5}])
    assert sites == (Site("cervical-paraspinal", "left", FIVE), Site("masseter", None, Decimal("2.5")))
    with pytest.raises(BadInput) as refused:
        read_record(
            {"on": "4.5.2026", "product": "Botox", "unit": "U", "sites": [{"muscle": "procerus", "units": 0}], "vial": []}
        )
    assert [problem.where for problem in refused.value.problems] == [
        "record.vial", "record.by", "record.on", "record.sites[1].units",
    ]  # fmt: skip
    with pytest.raises(BadInput, match="no site is told"):
        read_record({**record().document(), "sites": []})
    with pytest.raises(BadInput, match="no JSON"):
        parse_record("{")


def test_a_session_by_the_protocol_has_nothing_to_be_said():
    assert check_record(TOXIN, record(195), [Earlier(ON - timedelta(days=84), "Botox", Decimal(155))], today=ON) == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"vials": None}, "record.lot-not-told"),
        ({"vials": (Vial(Decimal(200), Decimal(4)),)}, "record.lot-not-told"),
        ({"vials": (Vial(Decimal(100), Decimal(2), "C1"),)}, "record.vials-too-few"),
        ({"vials": (Vial(Decimal(200), Decimal(4), "C1", date(2026, 5, 3)),)}, "record.vial-expired"),
        ({"vials": (Vial(Decimal(200), Decimal(2), "C1"),)}, "record.strength"),
        ({"vials": (Vial(Decimal(300), Decimal(6), "C1"),)}, "record.vial-size"),
        ({"on": date(2026, 5, 6)}, "record.in-the-future"),
        ({"product": "Dysport"}, "action.wrong-product"),
    ],
)
def test_each_slip_of_a_record_is_found(changes, code):
    assert codes(check_record(TOXIN, record(**changes), today=date(2026, 5, 5))) == [code]


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        (Earlier(ON - timedelta(days=83), "Botox", Decimal(155)), ["session.too-early"]),
        (Earlier(ON - timedelta(days=84), "Botox", Decimal(155)), []),
        (Earlier(ON - timedelta(days=83), "Dysport", Decimal(500)), ["interaction.botulinum-toxin"]),
        (Earlier(ON - timedelta(days=84), "Dysport", Decimal(500)), []),
        (Earlier(ON - timedelta(days=90), "Botox Cosmetic", Decimal(246)), ["action.dose-above-ceiling"]),
        (Earlier(ON - timedelta(days=90), "Botox Cosmetic", Decimal(245)), []),
        (Earlier(ON - timedelta(days=91), "Botox Cosmetic", Decimal(400)), []),
        (Earlier(ON - timedelta(days=90), "Botox"), ["record.units-not-known"]),
        (Earlier(ON - timedelta(days=90)), ["record.units-not-known"]),
        (Earlier(ON - timedelta(days=1), "ketamine"), []),
        (Earlier(ON + timedelta(days=1), "Botox", Decimal(155)), []),
    ],
)
def test_the_interval_and_all_uses_of_three_months(earlier, expected):
    assert codes(check_record(TOXIN, record(), [earlier])) == expected


def test_the_next_session_is_counted_from_the_day_the_last_one_took_place():
    assert (shortest_interval_days(TOXIN), next_session_from(TOXIN, ON)) == (84, date(2026, 7, 27))
    with pytest.raises(BadInput, match="no interval"):
        next_session_from(load_treatment("lamotrigine"), ON)


def test_what_was_given_otherwise_than_planned_is_listed_side_by_side():
    planned = sites_for(TOXIN, Decimal(165))
    given = [site._replace(side="left") if site.added else site for site in planned][:-1]
    told = differences(planned, record(sites=tuple(given)))
    assert [(each.muscle, each.side, each.planned, each.given) for each in told] == [
        ("temporalis", "right", 25, 20),
        ("the session", None, 165, 160),
    ]
    assert differences(planned, record(165)) == ()
    assert differences(planned[::-1], record(165)) == ()


# ---- wearing off

FIRST = date(2025, 1, 6)


def cycles(*of, length=84):
    """Sessions 84 days apart; each cycle is told by the states of its middle and last weeks, the first four clear."""
    states = [state for middle, last in of for state in ([False] * 28 + middle + last)]
    return DaySeries("headache_day", FIRST, tuple(states), (False,) * len(states)), [
        FIRST + timedelta(days=length * at) for at in range(len(of))
    ]


def mixed(had, known=28):
    return [True] * had + [False] * (known - had) + [None] * (28 - known)


def test_weeks_are_counted_from_the_session_over_known_days_only():
    days, sessions = cycles((mixed(7), mixed(7, 20)), (mixed(14), mixed(20, 21)))
    view = wearing_off(TOXIN, days, sessions)
    assert len(view.weeks) == 12
    assert (view.middle_weeks, view.last_weeks) == ((5, 8), (9, 12))
    assert (view.weeks[4].had, view.weeks[4].known, view.weeks[4].days) == (14, 14, 14)
    assert (view.weeks[11].known, view.weeks[11].share) == (0, None)
    assert view.document()["weeks"][11]["per_7"] is None
    assert sum(week.known for week in view.weeks) == days.known
    assert (view.answer, view.difference) == (CANNOT_TELL, None)  # two cycles


@pytest.mark.parametrize(("middle", "last", "answer"), [(5, 20, MORE), (20, 5, FEWER), (12, 13, CANNOT_TELL)])
def test_the_last_weeks_against_the_middle(middle, last, answer):
    view = wearing_off(TOXIN, *cycles(*[(mixed(middle), mixed(last))] * 4))
    assert view.answer == answer
    assert view.difference.estimate == pytest.approx(last - middle)
    assert view.difference.lower < view.difference.estimate < view.difference.upper


def test_cycles_that_disagree_tell_nothing():
    assert (
        wearing_off(TOXIN, *cycles((mixed(2), mixed(26)), (mixed(20), mixed(10)), (mixed(14), mixed(15)))).answer == CANNOT_TELL
    )


def test_unknown_days_are_never_clear_and_too_few_known_ones_count_no_cycle():
    told = cycles(*[(mixed(5), mixed(20))] * 3)
    untold = cycles(*[(mixed(5, 5), mixed(20))] * 3)
    assert wearing_off(TOXIN, *told).answer == MORE
    view = wearing_off(TOXIN, *untold)
    assert [cycle.counted for cycle in view.cycles] == [False] * 3
    assert "0 of 3 cycles" in view.says
    # half of the days known, all with headache: the rate stays 28 in 28
    half = wearing_off(TOXIN, *cycles(*[(mixed(14, 14), mixed(14, 14))] * 3))
    assert half.cycles[0].document()["middle"]["per_28"] == 28


def test_a_late_session_stands_apart_and_a_cycle_that_runs_counts_when_enough_of_it_is_over():
    days, _ = cycles((mixed(5), mixed(20)), (mixed(9), mixed(9)))
    for late, counted in ((14, True), (15, False)):  # then half of the last weeks of the second cycle are over, or less
        view = wearing_off(TOXIN, days, [FIRST, FIRST + timedelta(days=84 + late)])
        assert view.late.days == late
        assert [cycle.counted for cycle in view.cycles] == [True, counted]
    with pytest.raises(BadInput, match="none took place"):
        wearing_off(TOXIN, days, [days.last_day + timedelta(days=1)])
    with pytest.raises(BadInput):
        wearing_off(load_treatment("lamotrigine"), days, [FIRST])


def test_a_shortage_of_sources_is_said():
    view = wearing_off(TOXIN, *cycles((mixed(5), mixed(20))))
    rules = Counter(reason.rule for reason in view.reasons)
    assert set(rules.values()) == {1}
    assert (view.reasons[0].rule, view.reasons[0].confidence) == ("wearing-off.course", "unconfirmed")


def test_the_examples_of_the_page_run_and_say_what_it_says(capsys):
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "plan-a-toxin-session.md").read_text(encoding="utf-8")
    exec("\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL)), {})
    said = capsys.readouterr().out
    for line in (
        "temporalis 50 of at most 50",
        "\n()\n",
        "contraindicated session Dysport is not onabotulinumtoxina",
        "major 77 days after the last injection",
        "temporalis, right: 5 U less than planned (20, not 25).",
        "2026-07-27",
        "more days in 28 in weeks 9 to 12 than in weeks 5 to 8",
    ):
        assert line in said
