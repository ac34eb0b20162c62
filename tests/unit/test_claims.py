"""What popular pages say: traced to a study or marked as untraced, a seller and a single story kept apart from studies."""

from __future__ import annotations

import pytest

from cleardays.catalogue.treatments import load_treatment, treatment_ids
from cleardays.evidence.check_claims import check_claims, check_claims_file
from cleardays.evidence.claims import SELLER, STORY, all_claims, claims_about
from cleardays.evidence.reading import all_studies, file_text, load_study
from cleardays.plan.results import results_of, with_results
from cleardays.report.treatment_page import treatment_page


def plain(name: str) -> str:
    return treatment_page(name).partition("\n<summary>For clinicians")[0]


def test_the_claims_hold_together():
    assert check_claims(treatment_ids()) == []
    assert len(all_claims()) == sum(len(claims_about(name)) for name in treatment_ids()) > 20


def test_a_claim_without_a_source_is_untraced_and_shown_so():
    untraced = [claim for claim in all_claims() if not claim.traced and not claim.omission and claim.kind != STORY]
    assert {"lamotrigine-alcohol", "lamotrigine-cocaine", "lamotrigine-methamphetamine"} <= {claim.id for claim in untraced}
    for claim in untraced:
        assert claim.leans_on.startswith("untraced")
    text = plain("lamotrigine")
    assert "*Lamotrigine may be effective for methamphetamine.* (Untraced.) No trial was found." in text
    assert "Untraced means that the page names no study that we could find." in text


def test_a_study_that_is_named_only_by_its_journal_and_was_not_found_stays_unresolved():
    (claim,) = (each for each in claims_about("baclofen") if "Journal of Headache and Pain" in each.says)
    assert (claim.cites, claim.traced, claim.study) == ("journal", False, None)
    assert claim.leans_on == "untraced: only a journal is named"
    assert "supports it.* (Untraced.) That study was not located." in plain("baclofen")


def test_a_traced_claim_names_a_study_that_is_held():
    (claim,) = (each for each in all_claims() if each.traced)
    assert load_study(str(claim.study)).id == "hering-hanit-1999"
    assert "(It leans on Hering-Hanit 1999.)" in plain("baclofen")


def test_the_page_of_a_seller_is_marked_as_one():
    sellers = [claim for claim in all_claims() if claim.kind == SELLER]
    assert {claim.treatment for claim in sellers} == {"ketamine", "esketamine"}
    for claim in sellers:
        assert "(Page of a seller, untraced.)" in plain(claim.treatment)
        assert "A seller has something to gain." in plain(claim.treatment)


def test_a_personal_story_is_the_weakest_kind_and_kept_apart_from_studies():
    stories = [claim for claim in all_claims() if claim.kind == STORY]
    assert stories
    for claim in stories:
        assert not claim.traced
        assert claim.leans_on == "one person's story, no study"
    assert "the weakest kind of support" in plain("baclofen")
    assert not any("story" in study.head["kind"] for study in all_studies())


def test_what_helps_after_other_medicines_failed_is_not_said_of_a_first_treatment():
    for name in ("lamotrigine", "baclofen"):
        assert "says nothing of a first treatment" in plain(name)
    assert {study.id for study in all_studies() if study.failed_preventives} == {
        "liberty", "focus", "conquer", "deliver", "elevate",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["lamotrigine", "onabotulinumtoxina"])
def test_mixed_evidence_stands_in_both_directions_and_gets_no_score(name):
    found = {row["finding"] for row in results_of(load_treatment(name))}
    assert {"for", "against"} <= found
    assert "**speaks against it**" in plain(name).lower()
    assert "Speaks for it" in plain(name)
    for row in with_results(load_treatment(name)).facts("evidence"):
        assert not {"score", "grade"} & set(row)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('treatment = "lamotrigine"', 'treatment = "lamictal"', "lamotrigine-promising, treatment: lamictal is no treatment"),
        ('source = ["Steiner1997", "AAN2012"]', 'source = ["Stein"]', "lamotrigine-promising, source: the source Stein is not"),
        ('kind = "sellers-page"', 'kind = "shop"', "claim, esketamine-mild, kind: 'shop'"),
        (
            'study = "hering-hanit-1999"',
            'study = "hering-hanit"',
            "baclofen-two-studies: hering-hanit is not among the studies",
        ),
        ('study = "hering-hanit-1999"\n', "", "baclofen-two-studies, traced: it is traced, but to no study"),
        ("traced = true", "traced = false", "baclofen-two-studies, traced: it names a study, but is not traced"),
        ('cites = "journal"\ntraced = true', 'cites = "nothing"\ntraced = true', "cites: it is traced, but the page names no"),
        ('id = "lamotrigine-alcohol"', 'id = "lamotrigine-cocaine"', "claims.toml, lamotrigine-cocaine: it stands there twice"),
        ('source = ["catalogue-policy"]\nconfidence = "design"', 'source = ["KH-BAC"]\nconfidence = "confirmed"', "first hand"),
        ("[[claim]]", "[claim", "no TOML"),
    ],
)
def test_a_ledger_with_one_error_is_refused_with_its_claim(old, new, said):
    text = file_text("claims")
    assert old in text
    assert said in "\n".join(map(str, check_claims_file(text.replace(old, new, 1), treatment_ids())))
