"""Every word that somebody is shown stands in the catalogue of each language; a page says which of its parts are English."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel import Locale

import cleardays.web
from cleardays.web import answering, msgids
from cleardays.web.words import LANGUAGES, words_in
from reference import app, pages
from reference.clinic import clinic
from reference.english_left import english_in, marked_of, texts_of
from reference.stories import START, journey
from reference.whole_stories import TODAY, whole_events

WEB = Path(cleardays.web.__file__).parent
TEMPLATES = sorted((WEB / "templates").glob("*.html"))
SCRIPTS = sorted((WEB / "static" / "js").glob("*.js"))
STYLES = sorted((WEB / "static").glob("*.css"))
SPOKEN = ("alt", "title", "aria-label", "placeholder")
# Names that are the same in every language, and letters that are no words.
NO_WORDS = {"cleardays", "–", "✓"}


@pytest.fixture(scope="module")
def german(tmp_path_factory):
    """Somebody with two trials, whose browser asks for German."""
    clock = app.Clock(datetime.combine(TODAY, time(18), UTC))
    with app.desk(tmp_path_factory.mktemp("german"), clock) as found:
        found.store.add_person("me")
        found.store.append("me", whole_events())
        found.headers["Accept-Language"] = "de-AT, en;q=0.5"
        yield found


@pytest.mark.parametrize("language", msgids.languages())
def test_every_text_has_its_translation_and_no_other_text_has_one(language):
    wrong = msgids.wrong_with(language)
    assert wrong == [], "bring it up to date with python -m cleardays.web.msgids, then translate:\n" + "\n".join(wrong)


def test_texts_of_templates_of_code_and_of_data_are_gathered():
    found = {(message.id, message.context) for message in msgids.gathered()}
    assert ("Attack: tap to store", None) in found
    assert ("Looking whether it suits", None) in found  # marked in code
    assert ("%(level)s. Stored on phone %(time)s.", None) in found  # shown by a script
    assert ("there is no such trial.", "told") in found  # what stands in the way
    assert ("It looks like %(name)s helps you.", "told") in found  # composed by another room
    assert ("Call the emergency number now.", "told") in found  # data


def test_what_is_missing_is_told_by_name():
    catalogue = msgids.read("de")
    catalogue.delete("Attack: tap to store")
    catalogue.get("Undo").string = ""
    catalogue.get("Took %(name)s").string = "Genommen"
    catalogue.get("Help").flags.add("fuzzy")
    catalogue.get(("%(num)s day", "%(num)s days")).string = ("%(num)s Tag", "")
    catalogue.add("Nobody says this", "Das sagt niemand")
    wanted = msgids.gathered()
    missing = [line.partition(" (")[0] for line in msgids._missing(catalogue, wanted)]
    assert sorted(missing) == [
        "names other things than the English: 'Took %(name)s'",
        "not in the catalogue: 'Attack: tap to store'",
        "not translated: '%(num)s day'",
        "not translated: 'Help'",
        "not translated: 'Undo'",
    ]
    assert list(msgids._left_over(catalogue, wanted)) == ["shown nowhere any more: 'Nobody says this'"]


class _Literals(HTMLParser):
    """The words of a template that stand in it as they are."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.silent = [], 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("script", "style")
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.silent:
            self.found.append(data)


def literals(source):
    """Words that a template shows without asking a catalogue; what Jinja computes stands as nothing."""
    parser = _Literals()
    parser.feed(re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", source, flags=re.DOTALL))
    # an attribute that a block or a macro puts into a tag elsewhere
    parser.found = [re.sub(r'[a-z-]+="[^"]*"', "", text) for text in parser.found]
    words = (word for text in parser.found for word in re.findall(r"[^\W\d_]{2,}|[–✓]", text))
    return [word for word in words if word not in NO_WORDS]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.name)
def test_no_template_shows_words_that_no_catalogue_knows(template):
    assert literals(template.read_text("utf-8")) == []


def test_words_in_a_template_are_seen_where_they_are_planted():
    assert literals('<p>{{ _("Kept.") }} Saved</p>') == ["Saved"]
    assert literals('<input placeholder="Your name" title="{{ _("Name") }}">') == ["Your", "name"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda each: each.name)
def test_no_script_holds_words_for_people(script):
    """They are in the page, where the catalogue put them."""
    code = re.sub(r"//.*|/\*.*?\*/|new \w*Error\(.*?\)", "", script.read_text("utf-8"))
    said = re.findall(r"(?:textContent|innerText|title|ariaLabel|alert\()\s*=?\s*(\"[^\"\n]*\"|'[^'\n]*'|`[^`\n]*`)", code)
    shown = [text for text in said if re.search("[A-Za-z]{2}", re.sub(r"\${.*?}", "", text))]
    sentences = re.findall(r"[\"'`]([A-Z][a-z]+ [a-z]+[^\"'`]*)[\"'`]", code)
    assert (shown, sentences) == ([], [])


@pytest.mark.parametrize("path", pages.addresses())
def test_what_is_english_on_a_german_page_says_so(german, path):
    answer = german.get(path)
    page = answer.text
    if not answer.headers["content-type"].startswith("text/html") or '<html lang="en"' in page:
        return  # a report that is made to be taken along is English as a whole, and says so
    assert '<html lang="de"' in page
    assert english_in(page.replace("rash on one arm", "")) == []  # which is what somebody told
    assert ("Teile dieser Seite sind noch auf Englisch." in page) == any(marked_of(page)) or "footer" not in page


def test_what_is_english_for_those_who_treat_and_keep_says_so_too(tmp_path):
    with clinic(tmp_path) as house:
        house.clock.now = datetime.combine(START + timedelta(days=121), time(8), UTC)
        house.store.append("ada", journey()[:-1])
        house.show("ada", "clinic", "diary", "plan", "answer", "history")
        for login, path in (
            ("doc", "/clinic"), ("doc", "/clinic/ada"), ("nora", "/people/ada/plan"), ("rae", "/cohort"), ("kim", "/accounts"),
            ("ada", "/consents"), ("ada", "/audit"), ("ada", "/account"),
        ):  # fmt: skip
            page = house.at(login).get(path, headers={"Accept-Language": "de"})
            assert page.status_code == 200
            assert (path, english_in(page.text)) == (path, [])


def test_english_is_seen_where_it_is_planted():
    assert english_in("<html><p>Keep the diary every day</p>") == ["Keep the diary every day"]
    assert english_in('<html><p lang="en">Keep the diary every day</p><p dir="auto">my own day</p>') == []
    assert english_in('<html><a aria-label="What is next">x</a>') == ["What is next"]


def test_what_a_person_acts_on_is_german_as_a_whole(german):
    for path in (
        "/",
        "/attack",
        "/help",
        "/evening",
        "/calendar",
        "/catch-up",
        "/medicines",
        "/effects",
        "/goals",
        "/intake",
        "/more",
    ):
        assert [text for text in marked_of(german.get(path).text) if re.search(r"\w \w", text)] == [], path
    plan = german.get("/plan").text
    assert "25 mg" in plan
    assert "Setzen Sie Lamotrigin ab, und lassen Sie sich noch am selben Tag ansehen." in plan
    answer = texts_of(german.get("/answer").text)
    assert "Rufen Sie zuerst Ihre Praxis an: Es gibt ein Warnzeichen." in answer  # a rash that nobody settled
    assert "Es ist noch zu früh, um zu sagen, ob OnabotulinumtoxinA hilft." in answer
    assert "31. Aug. 2026" in answer


def test_a_form_that_comes_back_says_in_german_what_is_wrong(german):
    page = german.post("/first-run", data={"person": "", "zone": "Nowhere", "condition": "migraine"})
    assert page.status_code == 422
    assert "diese Zeitzone gibt es nicht. Schreiben Sie sie wie Europe/Berlin, oder lassen Sie das Feld leer." in page.text
    assert english_in(page.text) == []


def test_the_attack_screen_stays_within_twelve_words_in_every_language(german):
    """As it opens: a heading, three levels with their figures, and help."""
    for language in LANGUAGES:
        german.cookies.set("language", language)
        page = german.get("/attack").text
        shown = re.sub(
            r"<(h1|button|p|span)[^>]* hidden.*?</\1>|<title>.*?</title>|<[^>]+>",
            " ",
            page.partition("<body")[2],
            flags=re.DOTALL,
        )
        assert 3 < len(re.findall(r"[^\W_]+", shown.partition(">")[2])) <= 12, shown
    german.cookies.clear()


def test_the_language_is_the_one_that_was_chosen_else_that_of_the_browser(german):
    assert '<html lang="de" dir="ltr"' in german.get("/more").text
    german.post("/more/language", data={"language": "en"})
    assert '<html lang="en" dir="ltr"' in german.get("/more").text
    german.post("/more/language", data={"language": "de"})
    assert '<html lang="de" dir="ltr"' in german.get("/more").text
    german.cookies.clear()
    assert '<html lang="en"' in german.get("/more", headers={"Accept-Language": "fr"}).text


def test_whoever_may_not_see_a_page_is_told_so_in_their_language(german):
    assert "hier ist nichts für Sie." in german.get("/accounts").text


def test_the_manifest_and_what_is_shown_without_a_network_are_german(german):
    manifest = german.get("/app.webmanifest").json()
    assert (manifest["lang"], [each["name"] for each in manifest["shortcuts"]]) == (
        "de",
        ["Attacke", "Heute", "Abend", "Hilfe"],
    )
    assert "Kein Netz" in german.get("/offline").text


def test_days_and_numbers_are_written_as_the_language_writes_them():
    there = words_in("de")
    assert there.day(date(2026, 3, 4), "EEEE d MMMM") == "Mittwoch, 4. März"
    assert there.day(date(2026, 3, 4), "d MMMM y") == "4. März 2026"
    assert (there.number(1234.5, 1), there.percent(0.41)) == ("1.234,5", "41\N{NO-BREAK SPACE}%")
    assert words_in("en").day(date(2026, 3, 4), "EEEE d MMMM") == "Wednesday 4 March"


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("We can tell on 4 Mar 2026 at the soonest.", "Frühestens am 4. März 2026 können wir es sagen."),
        (
            "Headache days in 28, smoothed: about 10.7 before, under 1 now (90\N{NO-BREAK SPACE}% interval 0.3 to 4).",
            "Kopfschmerztage in 28, geglättet: etwa 10,7 vorher, unter 1 jetzt (90-%-Intervall 0,3 bis 4).",
        ),
        ("1\N{NO-BREAK SPACE}tablet of 25\N{NO-BREAK SPACE}mg once a day", "1 Tablette mit 25 mg einmal am Tag"),
        (
            "Sun\N{NO-BREAK SPACE}22\N{NO-BREAK SPACE}Feb to Sat\N{NO-BREAK SPACE}7\N{NO-BREAK SPACE}Mar",
            "So., 22. Feb. bis Sa., 7. März",
        ),
        ("trial: there is no such trial.", "trial: diesen Therapieversuch gibt es nicht."),
        ("13 Jun 2026", "13. Juni 2026"),
    ],
)
def test_a_sentence_of_another_room_is_said_with_its_days_and_figures(english, said):
    assert words_in("de").told(english) == said
    assert words_in("en").told(english) == english


@pytest.mark.parametrize(
    "english",
    [
        "It looks like nothing of this is known.",  # as a whole it is not
        "Something that nobody knows of, smoothed: about 4 now.",
        "Keep the diary. That is all. And here is more that nobody knows.",
        "x" * 3000,
        "On 4 Mar 2026 you told of this: " + "all that there is, " * 60 + "b. c.",
    ],
)
def test_half_a_sentence_is_never_said(english):
    assert words_in("de").told(english) is None


def test_pages_turn_round_for_a_language_that_is_written_from_right_to_left(german, monkeypatch):
    arabic = words_in("de")._replace(language="ar", locale=Locale.parse("ar"))
    monkeypatch.setattr(answering, "words_in", lambda _: arabic)
    for path in ("/", "/attack", "/calendar", "/plan", "/answer/first", "/help"):
        page = german.get(path).text
        assert '<html lang="ar" dir="rtl"' in page
        for tag in re.findall(r'<[^>]* lang="en"[^>]*>', page):
            assert 'dir="ltr"' in tag  # English inside is written its own way


@pytest.mark.parametrize("style", STYLES, ids=lambda each: each.name)
def test_styles_know_a_beginning_and_an_end_and_no_left_and_right(style):
    """So that the same styles serve both ways of writing."""
    sided = r"(?:margin|padding|border|scroll-margin)-(?:left|right)|(?<![\w-])(?:left|right)\s*:"
    sided += r"|(?:float|text-align|clear)\s*:\s*(?:left|right)"
    radius = r"border-(?:top|bottom)-(?:left|right)-radius"
    assert re.findall(f"{sided}|{radius}", style.read_text("utf-8")) == []
