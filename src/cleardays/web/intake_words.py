"""The questions of the intake as they are asked on a screen: one for each part, with its fields in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cleardays.trial.ledger.tried import EVIDENCE, OUTCOMES
from cleardays.web.marked import N_

TEXT, LONG, NUMBER, YES_NO, CHOICE = "text", "long", "number", "yes-no", "choice"
Options = tuple[tuple[str, str], ...]


class Asking(NamedTuple):
    """One field: its key, how it is asked, in which words, and what may be chosen."""

    key: str
    kind: str
    says: str
    options: Options = ()


class Screen(NamedTuple):
    """One question: what is asked, a word of help, its fields, and what adding one more is called."""

    asks: str
    help: str
    fields: tuple[Asking, ...]
    none: str = N_("None")


_MORE = Asking("words", LONG, N_("Anything else, in your words"))
_YES_NO: Options = (("yes", N_("Yes")), ("no", N_("No")))
_WORST: Options = (
    ("present", N_("There, but hard to grade")), ("mild", N_("Mild")), ("moderate", N_("Moderate")), ("severe", N_("Severe")),
)  # fmt: skip
_PLANS: Options = (
    ("no", N_("No")), ("yes", N_("Pregnant now")), ("planning", N_("Planning a pregnancy")),
    ("possible", N_("Could be pregnant")), ("postpartum", N_("Gave birth lately")), ("unknown", N_("Not known")),
)  # fmt: skip
_CONTRACEPTION: Options = (
    ("none", N_("None")), ("condom", N_("Condom")), ("combined", N_("Pill, patch or ring with oestrogen")),
    ("progestogen_only", N_("Progestogen only")), ("levonorgestrel_iud", N_("Hormone coil")),
    ("copper_iud", N_("Copper coil")), ("sterilised", N_("Sterilised")), ("postmenopausal", N_("After menopause")),
    ("highly_effective", N_("Another that is highly effective")), ("unknown", N_("Not known")),
)  # fmt: skip
_OUTCOMES: Options = tuple(zip(OUTCOMES, (
    N_("It did not help"), N_("It helped in part"), N_("It helped well"), N_("It could not be tolerated"),
    N_("It was not allowed for me"), N_("Stopped for another reason"), N_("It goes on"),
), strict=True))  # fmt: skip
_EVIDENCE: Options = tuple(zip(EVIDENCE, (
    N_("From a diary"), N_("From the pharmacy"), N_("From memory"), N_("From a medical record"),
), strict=True))  # fmt: skip

SCREENS: Mapping[str, Screen] = {
    "headaches": Screen(N_("What kinds of headache do you have?"), N_("One at a time; the worst first."), (
        Asking("what", TEXT, N_("What you call it")), Asking("days_per_28", NUMBER, N_("Days in four weeks")),
        Asking("worst", CHOICE, N_("At its worst"), _WORST), Asking("years", NUMBER, N_("For how many years")), _MORE,
    )),
    "family": Screen(N_("Does somebody in your family have it too?"), N_("Migraine, or another illness that runs in it."), (
        Asking("what", TEXT, N_("What")), Asking("who", TEXT, N_("Who")), _MORE,
    ), N_("Nobody")),
    "background": Screen(N_("Is there anything in your life that matters for it?"), N_("Work, sleep, caring for others."), (
        Asking("what", TEXT, N_("What")), _MORE,
    ), N_("Nothing")),
    "conditions": Screen(N_("Which illnesses do you have, or had you?"), N_("Heart, liver, kidneys, mood, pressure, all."), (
        Asking("what", TEXT, N_("Illness")), Asking("severity", TEXT, N_("How bad, if you know")),
        Asking("active", YES_NO, N_("Is it there now?"), _YES_NO),
        Asking("months_ago", NUMBER, N_("How many months ago, if it is over")), _MORE,
    )),
    "medicines": Screen(N_("What do you take?"), N_("All of it: also the pill, herbs, and what needs no prescription."), (
        Asking("what", TEXT, N_("Name")), Asking("daily_dose", NUMBER, N_("How much a day")),
        Asking("unit", TEXT, N_("Unit, such as mg")), Asking("as_needed", YES_NO, N_("Only when needed?"), _YES_NO),
        Asking("for", TEXT, N_("What for")), _MORE,
    )),
    "complementary": Screen(N_("What else do you do for your health?"), N_("Exercise, therapy, acupuncture, supplements."), (
        Asking("what", TEXT, N_("What")), _MORE,
    ), N_("Nothing")),
    "allergies": Screen(N_("Has any medicine ever done you harm?"), N_("An allergy, a rash, or anything else."), (
        Asking("what", TEXT, N_("Which medicine")), Asking("reaction", TEXT, N_("What happened")),
        Asking("serious", YES_NO, N_("Was it serious?"), _YES_NO), _MORE,
    )),
    "pregnancy": Screen(N_("Is pregnancy a question for you?"), N_("Some treatments would harm a child."), (
        Asking("plans", CHOICE, N_("Now or soon"), _PLANS), Asking("breastfeeding", YES_NO, N_("Breastfeeding?"), _YES_NO),
        Asking("contraception", CHOICE, N_("Contraception"), _CONTRACEPTION), _MORE,
    ), N_("It is no question for me")),
    "health": Screen(N_("Is there anything else about your health?"), N_("Weight, sleep, smoking, whatever matters."), (
        Asking("what", TEXT, N_("What")), _MORE,
    ), N_("Nothing")),
    "impact": Screen(N_("What does it keep you from?"), N_("Work, family, what you like to do."), (
        Asking("what", TEXT, N_("What")), _MORE,
    ), N_("Nothing")),
    "tried": Screen(N_("Which treatments to prevent it have you tried?"), N_("Each with how it went."), (
        Asking("treatment", TEXT, N_("Which")), Asking("max_dose", TEXT, N_("The most a day, such as 100 mg")),
        Asking("weeks", NUMBER, N_("For how many weeks")), Asking("outcome", CHOICE, N_("How it went"), _OUTCOMES),
        Asking("reason_stopped", TEXT, N_("Why it was stopped")), Asking("evidence", CHOICE, N_("How you know"), _EVIDENCE),
    )),
}  # fmt: skip
