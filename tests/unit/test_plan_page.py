"""The words of the one-page plan: what is taken when, the three things to watch, what to do when it goes otherwise."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from cleardays.catalogue.treatments import load_treatment
from cleardays.plan.steps import Step
from cleardays.report.plan_doses import days_named, dose_said, once_said, weekday
from cleardays.report.plan_page import compose_plan, without_amounts
from cleardays.report.plan_render import plan_text
from cleardays.report.plan_watch import other_emergencies, three_things
from cleardays.sources import Reason
from reference.plan_files import KINDS, PAIRS, RASH, START, UNREAD, confirmed, of_kind, plan_file

LAMOTRIGINE, BACLOFEN = load_treatment("lamotrigine"), load_treatment("baclofen")
AMOUNT = re.compile(r"\d[\d.]*\s?(?:mg|U\b|units?\b)")


def flat(text):
    return " ".join(text.split())


def rows(file):
    return [(flat(row.days), flat(row.dose), flat(row.beside)) for row in compose_plan(file).doses]


def step(*amounts, every=1, days=14, when=None, if_needed=False):
    last = START + timedelta(days=days - 1)
    return Step(START, last, tuple(map(Decimal, amounts)), every, "mg", Reason("test", "Because."), if_needed, when)


def test_every_second_day_names_each_of_its_days():
    first = rows(of_kind("with valproate"))[0]
    assert first == (
        "Mon 2 Mar to Sun 15 Mar",
        "1 tablet of 25 mg every second day",
        "Only on Mon 2, Wed 4, Fri 6, Sun 8, Tue 10, Thu 12 and Sat 14 Mar.",
    )


def test_tablets_are_whole_and_add_up_to_the_dose():
    """Whatever the plan takes at once, the tablets on the page make it."""
    for pair in PAIRS:
        file = plan_file(pair)
        for planned, row in zip(file.plan.steps, compose_plan(file).doses, strict=True) if not file.plan.sessions else ():
            found = re.findall(r"(\d+)\s(?:\S+\s)*?of\s([\d.]+)\smg", row.dose)
            if found and len(set(planned.amounts)) == 1:
                assert sum(int(many) * Decimal(each) for many, each in found) == planned.amounts[0], row.dose


@pytest.mark.parametrize(
    ("planned", "said"),
    [
        (step("50"), "2 tablets of 25 mg once a day"),
        (step("125"), "1 tablet of 100 mg and 1 tablet of 25 mg once a day"),
        (step("25", "25"), "1 tablet of 25 mg twice a day"),
        (step("25", when="at night"), "1 tablet of 25 mg at night"),
        (step("25", every=2), "1 tablet of 25 mg every second day"),
    ],
)
def test_a_dose_in_words(planned, said):
    assert flat(dose_said(planned, LAMOTRIGINE, None)) == said


def test_portions_that_differ_are_told_one_after_the_other():
    assert flat(dose_said(step("5", "5", "10"), BACLOFEN, None)) == "3 times a day 1 tablet: 5 mg, 5 mg and 10 mg"
    said = flat(dose_said(step("10", "25"), load_treatment("timolol"), None))
    assert said == "Twice a day 10 mg and 25 mg" or "1 tablet of 10 mg" in said


def test_an_amount_without_known_tablets_stands_alone():
    assert flat(once_said(Decimal(250), "mg", load_treatment("valproate"), None)) == "250 mg"
    assert flat(once_said(Decimal(70), "mg", load_treatment("erenumab"), None)) == "70 mg under the skin"


def test_days_of_two_months_name_both():
    days = [date(2026, 3, 30), date(2026, 4, 1), date(2026, 4, 3)]
    assert flat(days_named(days)) == "Mon 30 Mar, Wed 1 and Fri 3 Apr"


def test_a_year_is_named_where_it_changes():
    file = plan_file(("lamotrigine", "migraine-with-aura"), start=date(2026, 12, 14))
    assert rows(file)[1][0] == "Mon 28 Dec to Sun 10 Jan 2027"
    assert rows(file)[-1][0] == "From Mon 18 Jan 2027 on"


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_the_days_on_the_page_are_those_of_the_plan(pair):
    file = plan_file(pair)
    page = compose_plan(file)
    text = flat(plan_text(page))
    assert flat(weekday(file.plan.review.on, year=True)).upper() in text
    days = [session.on for session in file.plan.sessions] or [planned.first for planned in file.plan.steps]
    assert len(page.sessions or page.doses) == len(days)
    for row, day in zip(page.sessions or page.doses, days, strict=True):
        assert flat(weekday(day)) in flat(row.days)
    for planned, row in zip(file.plan.steps, page.doses, strict=False):
        if planned.last is not None:
            assert flat(row.days).split(" to ")[-1].startswith(flat(weekday(planned.last)))


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_there_are_three_things_to_watch_each_with_what_to_do(pair):
    found = three_things(plan_file(pair).plan)
    assert len(found) == 3
    assert len({each.signs for each in found}) == 3
    for each in found:
        assert each.signs
        assert each.action.endswith((".", "!"))
        assert each.source


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_no_critical_sign_of_the_treatment_is_missing_from_the_page(pair):
    """What the three things do not name stands in the line below them."""
    file = plan_file(pair)
    page = compose_plan(file)
    told = " ".join([*(f"{each.signs} {each.action}" for each in page.watches), *page.emergencies]).lower()
    parts = {"syncope": "fainting", "jaundice": "yellow skin", "facial_swelling": "swollen face", "mucosal_sores": "sores"}
    parts |= {"suicidal_thoughts": "suicide", "thunderclap": "worst within a minute", "palpitations": "heartbeat"}
    parts |= {
        "slow_breathing": "breathing",
        "trouble_swallowing": "swallowing",
        "wheeze": "wheez",
        "general_weakness": "whole body",
        "trouble_breathing": "breathing",
        "hard_to_wake": "to wake",
    }
    parts |= {"blood_in_urine": "urine", "new_headache": "headache", "first_ever_headache_like_this": "headache"}
    parts |= {"hallucinations": ("hallucinations", "not there"), "new_neurological_deficit": "weakness"}
    for row in load_treatment(pair[0]).facts("red_flag"):
        for flag in row["flags"] if row["severity"] == "critical" else ():
            words = parts.get(flag, flag.replace("_", " "))
            assert any(word in told for word in ([words] if isinstance(words, str) else words)), flag


def test_what_is_watched_every_day_comes_first():
    rash, neck, heart = three_things(of_kind("alone").plan)
    assert rash.signs.startswith("Rash")
    assert flat(rash.when) == "Every day, Mon 2 Mar to Sun 26 Apr"
    assert "be seen the same day" in rash.action
    assert neck.signs == "Fever and neck stiffness"
    assert heart.signs.startswith("Fainting")
    toxin = three_things(of_kind("toxin").plan)[0]
    assert toxin.signs == "Swallowing and breathing: any trouble"
    assert "emergency" in toxin.action


def test_vomiting_keeps_the_word_on_usual_attacks():
    """People with migraine vomit in attacks: the sign never stands without that."""
    for treatment in ("topiramate", "valproate"):
        found = three_things(plan_file((treatment, "episodic-migraine")).plan)
        (vomiting,) = [each for each in found if "omiting" in each.signs]
        assert "within an attack like the others" in vomiting.action


def test_a_gap_that_is_too_long_is_told_in_hours_and_days():
    missed = flat(" ".join(compose_plan(of_kind("alone")).missed))
    assert "More than 127 hours (5 days and 7 hours; worked out) since your last dose? Take none." in missed
    baclofen = flat(" ".join(compose_plan(of_kind("many steps")).missed))
    assert "More than 24 hours (not confirmed) since your last dose? Call at once" in baclofen
    assert "Take none" not in baclofen  # there the lack of it is the danger


def test_stopping_in_steps_is_said_where_there_are_steps_and_a_sign_may_overrule_it():
    lamotrigine, baclofen = (" ".join(compose_plan(of_kind(kind)).stopping) for kind in ("alone", "many steps"))
    assert "Do not stop it all at once, unless a sign in the box above says stop." in lamotrigine
    assert "Do not stop it all at once." in baclofen  # none of its signs says stop
    assert compose_plan(of_kind("toxin")).stopping == ()


def test_the_rule_of_the_review_stands_on_the_page_with_its_days():
    file = of_kind("many steps")
    said = flat(" ".join(compose_plan(file).review))
    assert "from 12 Jun to 9 Jul 2026, and look if they fell by 30 % or more" in said
    assert file.plan.stop_rule.window == (date(2026, 6, 12), date(2026, 7, 9))


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_says_so_and_a_confirmation_says_by_whom(kind):
    file = of_kind(kind)
    draft, signed = compose_plan(file), compose_plan(confirmed(file))
    assert (draft.band.kind, draft.band.head, draft.band.sign) == ("draft", "DRAFT", True)
    assert "until a clinician has confirmed it" in draft.band.text
    assert (signed.band.kind, signed.band.head, signed.band.sign) == ("confirmed", "CONFIRMED", False)
    assert flat(signed.band.text) == "By Dr Ada Field on Fri 27 Feb 2026. Version 2 of the plan."
    assert draft.doses == signed.doses


def test_a_lapsed_confirmation_is_a_draft_again_and_nobody_is_told_to_stop():
    signed = confirmed(of_kind("alone"))
    page = compose_plan(signed, (Reason("confirmation.review", "The review was due."),))
    assert page.band.kind == "draft"
    assert "The review was due." in page.band.text
    assert "Do not stop by yourself" in page.band.text


def test_after_a_change_the_past_is_left_out():
    file = of_kind("alone")
    later = file.with_entry(file.plan, "hold", date(2026, 3, 20), "dizzy", None, {})
    page = compose_plan(later)
    assert flat(page.over) == "What came before Fri 20 Mar is over."
    assert flat(page.doses[0].days) == "Mon 16 Mar to Sun 29 Mar"
    assert page.band.kind == "draft"


def test_a_plan_that_ends_says_none_and_asks_for_no_further_dose():
    file = of_kind("alone")
    last = file.plan.steps[-1]
    end = last._replace(first=date(2026, 5, 4), amounts=(Decimal(0),))
    plan = file.plan._replace(steps=(*file.plan.steps[:-1], last._replace(last=date(2026, 5, 3)), end), taper=())
    page = compose_plan(file.with_entry(plan, "stop", date(2026, 5, 4), "rash", None, {}))
    assert [row.dose for row in page.doses] == ["none: take no more of it"]
    assert page.missed == ()


@pytest.mark.parametrize("told", [RASH, UNREAD], ids=["refused", "incomplete"])
def test_without_a_plan_there_is_no_dose_and_it_says_what_is_in_the_way(told):
    page = compose_plan(plan_file(("lamotrigine", "migraine-with-aura"), **told))
    assert not page.has_doses
    assert page.band.head in ("NO PLAN", "NOT READY")
    assert page.notices or page.questions
    assert not AMOUNT.search(plan_text(page))


def test_an_incomplete_plan_shows_no_dose_even_where_one_was_drafted():
    file = of_kind("alone")
    page = compose_plan(file._replace(plan=file.plan._replace(status="incomplete")))
    assert not page.has_doses
    assert page.band.kind == "incomplete"
    assert not AMOUNT.search(plan_text(page))


def test_a_refusal_names_no_amount_although_its_rule_does():
    page = compose_plan(plan_file(("baclofen", "chronic-migraine"), egfr_ml_min=10, dialysis=True))
    assert page.band.kind == "refused"
    assert not AMOUNT.search(plan_text(page).split("SMALL PRINT")[0])
    assert without_amounts("At most 5 mg a day. Do not start.") == "Do not start."


def test_what_the_plan_does_not_answer_is_left_to_the_clinician():
    file = plan_file(("amitriptyline", "episodic-migraine"), conditions=["epilepsy", "suicidality"])
    to_weigh = compose_plan(file).to_weigh
    assert to_weigh
    assert "goes on because weighed" in " ".join(compose_plan(confirmed(file)).to_weigh)


def _syllables(word):
    stem = re.sub(r"(?:[^laeiouy]es|[^laeiouy]e|ed)$", "", word.lower()) if len(word) > 3 else word.lower()
    return max(1, len(re.findall(r"[aeiouy]+", stem)))


def _grade(text):
    """Flesch and Kincaid: school years, from words a sentence and syllables a word."""
    sentences = [part for part in re.split(r"[.!?]\s", f"{text} ") if re.search("[a-z]", part)]
    words = re.findall(r"[A-Za-z']+", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_the_page_reads_at_about_the_sixth_grade(pair):
    page = compose_plan(plan_file(pair))
    said = [page.band.text, *(f"{row.dose}. {row.beside}" for row in (*page.doses, *page.sessions))]
    said += [f"{each.signs}. {each.action}" for each in page.watches]
    said += [*page.prepare, *page.missed, *page.stopping, *page.review]
    assert _grade(flat(" ".join(said))) < 7


def test_other_emergencies_repeat_nothing_of_the_three():
    plan = of_kind("many steps").plan
    things = three_things(plan)
    rest = other_emergencies(plan, things)
    assert "fainting" in rest
    assert not any(each in " ".join(thing.signs.lower() for thing in things) for each in rest)
