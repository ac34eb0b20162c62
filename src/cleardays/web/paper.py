"""Pages from templates: everything escaped, the words of the reader's language, the theme that was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.responses import HTMLResponse

import cleardays
from cleardays.report.treatment_page_words import capital
from cleardays.web.assets import Assets

if TYPE_CHECKING:
    from cleardays.problems import Problem
    from cleardays.web.words import Words

_ENGLISH = "en"
THEMES = ("auto", "green", "amber", "grey", "light")


class _Say:
    """What other rooms composed in English, in the language of a page; what is left in English says so of itself."""

    def __init__(self, words: Words) -> None:
        self._words, self.left = words, False

    def __call__(self, text: str | None) -> str:
        """A text as it is shown."""
        if not text or isinstance(text, Markup):
            return text or ""
        said = self._words.told(text)
        if said is not None:
            return said
        return Markup("<span{}>{}</span>").format(self.english(), text)

    def english(self) -> Markup:
        """The attributes of an element whose words are English on every page, such as a picture or a source."""
        if self._words.language == _ENGLISH:
            return Markup("")
        self.left = True
        return Markup(' lang="en" dir="ltr"')


class Paper:
    """The templates of the app, read once."""

    def __init__(self, assets: Assets) -> None:
        self.assets = assets
        self._env = Environment(
            loader=PackageLoader("cleardays.web", "templates"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._env.filters["capfirst"] = capital
        self._env.globals.update(version=cleardays.__version__, asset=assets.address)

    def page(
        self, words: Words, template: str, values: Mapping[str, Any], *, theme: str = "auto", status: int = 200
    ) -> HTMLResponse:
        """A page.

        Args:
            words: the language.
            template: its name.
            values: what it shows; `viewer` and `now` among them.
            theme: one of `THEMES`.
            status: of the answer.
        """
        shown = {**values, "theme": theme if theme in THEMES else "auto"}
        say = _Say(words)
        told = {"words": words, "_": words._, "gettext": words._, "ngettext": words.ngettext, "say": say, **shown}
        return HTMLResponse(self._env.get_template(template).render(told), status)

    def problems(self, words: Words, status: int, problems: Sequence[Problem], *, theme: str = "auto") -> HTMLResponse:
        """What stood in the way, on a page of its own, where there is no form to write it beside."""
        return self.page(words, "problems.html", {"problems": problems, "viewer": None}, theme=theme, status=status)
