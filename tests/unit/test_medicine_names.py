"""Medicine names: what each writing stands for, and that nothing is ever guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleardays.catalogue.medicine_table import Entry, name_table, name_words
from cleardays.catalogue.names import find_medicine, key_of, split_amount, split_names
from cleardays.catalogue.spelling import words_of
from cleardays.catalogue.treatments import may_name_treatment, treatment_ids
from cleardays.diary.headache_rules import headache_rules
from cleardays.medicines import ACUTE_CLASSES, USES, Lookup, Medicine
from cleardays.sources import all_sources

ENTRIES = name_table().entries
IDS = {entry.medicine.id: entry for entry in ENTRIES}
TREATMENTS = [
    "lamotrigine", "baclofen", "ketamine", "esketamine", "onabotulinumtoxina",
    "propranolol", "metoprolol", "timolol", "atenolol", "topiramate", "valproate",
    "amitriptyline", "nortriptyline", "venlafaxine", "candesartan", "flunarizine",
    "erenumab", "fremanezumab", "galcanezumab", "eptinezumab", "atogepant", "rimegepant",
]  # fmt: skip


def found(text: str) -> str | None:
    medicine = find_medicine(text)
    return None if medicine is None else medicine.id


# What people write, and which medicine it is.
KNOWN = """
    Sumatriptan                                       sumatriptan
    sumatriptan (50 mg)                               sumatriptan
    Sumatriptan 50mg                                  sumatriptan
    SUMATRIPTAN 50                                    sumatriptan
    1x Sumatriptan                                    sumatriptan
    2 × Imigran 50 mg tablets                         sumatriptan
    ½ tablet Imitrex® 100 mg                          sumatriptan
    sumatriptan nasal spray                           sumatriptan
    Sumatriptan succinate 6 mg/0.5 ml injection       sumatriptan
    Imitrex (sumatriptan) 50 mg                       sumatriptan
    Maxalt-MLT 10                                     rizatriptan
    Zomig 2,5 mg                                      zolmitriptan
    Nurtec ODT                                        rimegepant
    Tylenol                                           paracetamol
    Tylenol 500                                       paracetamol
    Tylenol Extra Strength                            paracetamol
    acetaminophen 500 mg caplets                      paracetamol
    PARACÉTAMOL                                       paracetamol
    Paracetamol forte                                 paracetamol
    Paracetamol (Panadol)                             paracetamol
    APAP                                              paracetamol
    Acetylsalicylsäure 500                            aspirin
    ＡＳＡ                                            aspirin
    Ibuprofeno 600                                    ibuprofen
    Ibuprofène                                        ibuprofen
    Advil x2                                          ibuprofen
    2 Advil                                           ibuprofen
    布洛芬缓释胶囊0.3g                                ibuprofen
    对乙酰氨基酚片                                    paracetamol
    苯甲酸利扎曲普坦片                                rizatriptan
    Naproxen-Natrium                                  naproxen
    Diclofenac potassium                              diclofenac
    Novaminsulfon Tropfen                             metamizole
    dipyrone                                          metamizole
    DHE 45 injection                                  dihydroergotamine
    D.H.E.45                                          dihydroergotamine
    Lamictal XR                                       lamotrigine
    Lamotrigine 200 mg daily                          lamotrigine
    divalproex ER 500 mg                              valproate
    Depakote                                          valproate
    Toprol-XL                                         metoprolol
    Botox                                             onabotulinumtoxina
    BOTOX 155 U                                       onabotulinumtoxina
    (S)-Ketamine                                      esketamine
    Lioresal                                          baclofen
    盐酸氟桂利嗪胶囊                                  flunarizine
    MCP-Tropfen                                       metoclopramide
    Coenzyme Q10 100 mg                               coenzyme-q10
    CoQ10                                             coenzyme-q10
    Vitamin B2 400                                    riboflavin
"""

COMBINATIONS = """
    Excedrin                                          aspirin-paracetamol-caffeine
    ASA/APAP/caffeine                                 aspirin-paracetamol-caffeine
    caffeine + aspirin + acetaminophen                aspirin-paracetamol-caffeine
    Acetaminophen 250 mg/aspirin 250 mg/caffeine 65 mg   aspirin-paracetamol-caffeine
    Aspirin & Koffein                                 aspirin-caffeine
    co-codamol 30/500                                 codeine-paracetamol
    Cocodamol                                         codeine-paracetamol
    Paracetamol mit Codein                            codeine-paracetamol
    Tylenol #3                                        codeine-paracetamol
    Tylenol with codeine                              codeine-paracetamol
    Nurofen Plus                                      codeine-ibuprofen
    Percocet 5/325                                    oxycodone-paracetamol
    Fioricet                                          butalbital-paracetamol-caffeine
    butalbital, acetaminophen, and caffeine           butalbital-paracetamol-caffeine
    Butalbital 50 mg, APAP 300 mg, caffeine 40 mg     butalbital-paracetamol-caffeine
    Fioricet with Codeine capsules                    butalbital-paracetamol-caffeine-codeine
    Sumatriptan/Naproxen                              sumatriptan-naproxen
    naproxen sodium 500 mg / sumatriptan succinate 85 mg   sumatriptan-naproxen
    Treximet                                          sumatriptan-naproxen
    麦角胺咖啡因片                                    ergotamine-caffeine
"""


def rows(table: str) -> list[tuple[str, str]]:
    lines = (line.strip() for line in table.splitlines() if line.strip())
    return [(text.strip(), medicine) for text, medicine in (line.rsplit(maxsplit=1) for line in lines)]


@pytest.mark.parametrize(("text", "medicine"), rows(KNOWN + COMBINATIONS))
def test_a_name_stands_for_one_medicine_however_it_is_written(text, medicine):
    assert found(text) == medicine


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "()", "x", "50 mg", "2 x", "none", "No medication", "Suma", "Sumatripan", "Sumatriptann", "Sumatriptan?Zomig",
        "Advil PM", "Advil Cold", "Tylenol PM", "Nurofen Cold", "Aspirin Complex", "Atacand Plus", "Atacand HCT",
        "Voltaren gel", "Timolol eye drops", "Timolol 0.5% drops", "Lioresal intrathecal",
        "Sumatriptan Imitrex", "sumatriptan sumatriptan", "Sumatriptan helped", "Tylenol (Advil)", "Sumatriptan (with food)",
    ],
)  # fmt: skip
def test_what_is_not_known_is_not_guessed(text):
    assert find_medicine(text) is None


@pytest.mark.parametrize("text", ["Tylenol 3 tablets", "2 Tylenol 3", "Advil 2", "Panadol Forte", "Tylenol 2 tabs"])
def test_a_number_or_forte_after_a_brand_may_be_another_product(text):
    assert find_medicine(text) is None


@pytest.mark.parametrize("group", name_table().unresolved, ids=lambda group: group.names[0])
def test_a_name_that_leaves_the_medicine_open_resolves_to_nothing(group):
    assert {found(name) for name in group.names} == {None}
    assert {found(f"{name} 100 mg") for name in group.names} == {None}
    assert len(group.because) > 20


@pytest.mark.parametrize(
    "text", ["Sumatriptan, Naproxen", "aspirin, caffeine", "aspirin; caffeine", "aspirin\ncaffeine", "aspirin | caffeine"]
)
def test_a_list_is_not_taken_for_a_combination(text):
    assert find_medicine(text) is None


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_each_treatment_goes_by_its_id_and_by_every_name_listed(treatment):
    entry = IDS[treatment]
    assert "preventive" in entry.medicine.uses
    assert {found(name) for name in (*entry.names, *entry.brands)} == {treatment}
    assert len(entry.names) + len(entry.brands) > 1


def test_every_listed_name_finds_its_own_entry():
    for entry in ENTRIES:
        for name in (*entry.names, *entry.brands):
            assert find_medicine(name) == entry.medicine, name


def test_no_two_entries_share_a_name():
    owner: dict[str, str] = {}
    listed = [(entry.medicine.id, (*entry.names, *entry.brands)) for entry in ENTRIES]
    listed += [("unresolved", group.names) for group in name_table().unresolved]
    for who, names in listed:
        for name in names:
            assert key_of(name), name
            assert owner.setdefault(key_of(name), who) == who, name
    assert len(IDS) == len(ENTRIES)


def test_no_two_combinations_have_the_same_parts():
    parts = [entry.ingredients for entry in ENTRIES if entry.ingredients]
    assert len(set(parts)) == len(parts)
    for ingredients in parts:
        assert len(ingredients) > 1
        assert not any(IDS[part].ingredients for part in ingredients)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.medicine.id)
def test_every_entry_is_whole(entry: Entry):
    medicine = entry.medicine
    assert medicine.uses
    assert medicine.uses <= set(USES)
    assert medicine.uses == {"other"} or "other" not in medicine.uses
    # Whatever is counted has a class, and nothing else has one.
    assert (medicine.acute_class is not None) == bool(medicine.uses & {"acute", "antiemetic"})
    assert medicine.acute_class is None or medicine.acute_class in ACUTE_CLASSES
    assert (medicine.acute_class == "antiemetic") == ("antiemetic" in medicine.uses)
    assert set(entry.source) <= all_sources().keys()
    assert ("ATC" in entry.source) == bool(entry.atc)
    assert ("RXNORM" in entry.source) == bool(entry.rxnorm)
    assert {"ICHD3-8.2", "counting-policy"} & set(entry.source) or medicine.acute_class is None


def test_the_classes_are_those_that_the_diary_counts():
    rules = headache_rules()
    assert set(ACUTE_CLASSES) <= rules.acute | rules.not_acute | rules.same_as.keys()
    assert {entry.medicine.acute_class for entry in ENTRIES} >= set(ACUTE_CLASSES) - {"other"}


@pytest.mark.parametrize(
    ("text", "acute_class"),
    [
        ("codeine", "opioid"), ("codeine + paracetamol", "combination"), ("caffeine + paracetamol", "combination"),
        ("butalbital", "barbiturate"), ("Fiorinal", "combination"), ("Cafergot", "ergot"), ("Hemicraneal", "ergot"),
        ("Treximet", "triptan"), ("Nuromol", "nsaid"), ("Targin", "opioid"), ("Vimovo", "nsaid"), ("lasmiditan", "ditan"),
        ("ondansetron", "antiemetic"), ("caffeine", None), ("magnesium", None), ("naltrexone", None), ("erenumab", None),
    ],
)  # fmt: skip
def test_a_class_follows_the_counting_of_overuse(text, acute_class):
    medicine = find_medicine(text)
    assert medicine is not None
    assert medicine.acute_class == acute_class


def test_a_medicine_with_two_uses_says_both():
    assert find_medicine("Vydura") == Medicine("rimegepant", frozenset({"acute", "preventive"}), "gepant")
    assert IDS["methadone"].medicine.uses == {"acute", "recovery"}


def test_the_lookup_can_be_handed_to_a_room_that_does_not_know_the_catalogue():
    lookup: Lookup = find_medicine
    assert lookup("Suboxone") == Medicine("buprenorphine-naloxone", frozenset({"recovery"}), None)


# ---- lists


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sumatriptan, Ibuprofen", ["Sumatriptan", "Ibuprofen"]),
        ("1x Sumatriptan, 1x Paracetamol", ["1x Sumatriptan", "1x Paracetamol"]),
        ("Sumatriptan (50 mg); Naproxen (500 mg)", ["Sumatriptan (50 mg)", "Naproxen (500 mg)"]),
        ("Ibuprofen 0,5 g und Zomig|Advil\nBotox", ["Ibuprofen 0,5 g", "Zomig", "Advil", "Botox"]),
        ("Ibuprofen 400,Sumatriptan", ["Ibuprofen 400", "Sumatriptan"]),
        ("aspirin + caffeine", ["aspirin + caffeine"]),
        ("Sumatriptan and aspirin and caffeine", ["Sumatriptan", "aspirin and caffeine"]),
        ("Sumatriptan/Naproxen", ["Sumatriptan/Naproxen"]),
        ("Sumatriptan/Naproxen + Zofran", ["Sumatriptan/Naproxen", "Zofran"]),
        ("butalbital, acetaminophen, and caffeine, Zofran", ["butalbital, acetaminophen, and caffeine", "Zofran"]),
        ("Ibuprofen + Paracetamol", ["Ibuprofen", "Paracetamol"]),
        ("Sumatriptan 50mg/Ibuprofen 400mg", ["Sumatriptan 50mg", "Ibuprofen 400mg"]),
        ("and/or something", ["and/or something"]),
        ("co-codamol 30/500", ["co-codamol 30/500"]),
        ("布洛芬、舒马普坦", ["布洛芬", "舒马普坦"]),
        ("Randa, sandy", ["Randa", "sandy"]),
        (" ;, | ", []),
        ("", []),
    ],
)
def test_a_list_is_cut_into_names_and_a_known_combination_stays_whole(text, names):
    assert split_names(text) == names


# ---- amounts


@pytest.mark.parametrize(
    ("text", "name", "amount", "unit"),
    [
        ("Sumatriptan 50mg", "Sumatriptan", "50", "mg"),
        ("Sumatriptan (50 mg)", "Sumatriptan", "50", "mg"),
        ("2x Zomig 2,5 mg", "2x Zomig", "2.5", "mg"),
        ("0.125 MG Nothing", "Nothing", "0.125", "mg"),
        ("Fentanyl 25 µg", "Fentanyl", "25", "mcg"),
        ("Botox - 155 units", "Botox", "155", "U"),
        ("50 mg", "", "50", "mg"),
    ],
)
def test_one_plain_amount_is_parted_from_the_name(text, name, amount, unit):
    assert split_amount(text) == (name, Decimal(amount), unit)


@pytest.mark.parametrize(
    "text",
    [
        "Sumatriptan",
        "Sumatriptan 50",
        "Percocet 5/325 mg",
        "2 x 50 mg Maxalt",
        "ASA 250 mg/APAP 250 mg",
        "ASA 1,000 mg",
        "İ 5 mg",
    ],
)
def test_an_amount_that_is_missing_or_read_in_two_ways_stays_in_the_text(text):
    assert split_amount(text) == (text, None, None)


# ---- properties

WRITINGS = st.sampled_from([name for entry in ENTRIES for name in (*entry.names, *entry.brands)])
BLANKS = st.text(" \t\N{NO-BREAK SPACE}-", min_size=1, max_size=3)


@given(WRITINGS, st.sampled_from([str.upper, str.lower, str.title, str.swapcase]), BLANKS)
def test_capitals_and_spaces_change_nothing(name, recase, blank):
    assert found(f"{blank}{recase(name)}{blank}") == found(name) is not None
    assert found(recase(name).replace(" ", blank)) == found(name)


@given(WRITINGS)
def test_a_name_with_one_letter_more_is_not_completed_to_it(name):
    assert found(f"{name}q") is None
    assert found(f"q{name}") is None


@given(st.text(max_size=300) | st.lists(WRITINGS | st.text(max_size=5), max_size=6).map(" ".join))
def test_no_text_raises_and_what_is_cut_is_in_the_text(text):
    assert isinstance(find_medicine(text), Medicine | None)
    assert all(name and name in text for name in split_names(text))
    name, amount, unit = split_amount(text)
    assert (amount is None) == (unit is None)
    assert amount is not None or name == text.strip()


def test_very_long_text_is_no_name():
    longest = name_words().longest_text
    assert found("Sumatriptan".ljust(longest)) == "sumatriptan"
    assert found("Sumatriptan".ljust(longest + 1)) is None
    assert split_amount("x" * longest + " 50 mg")[1] is None
    assert len(split_names("a, " * 50_000)) == 50_000


def test_no_name_of_a_treatment_is_passed_over_without_looking_it_up():
    for entry in name_table().entries:
        if entry.medicine.id in treatment_ids():
            for name in (*entry.names, *entry.brands, *entry.misspellings):
                for written in (name, f"{name} 25 mg", f"{name} tablets", name.upper(), f"generic ({name})"):
                    assert may_name_treatment(written), written


def test_a_plain_word_has_the_key_that_its_words_have():
    for entry in name_table().entries:
        for name in (*entry.names, *entry.brands, *entry.misspellings):
            assert key_of(name) == "".join(words_of(name)), name
    assert key_of("And") == key_of("mit") == ""
