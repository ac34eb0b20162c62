"""The pictures: one strip for each diary, and a hundred people. They follow the reader's light or dark setting."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape

from _explanations.cases import Hundred
from _explanations.people import MONTH, States, had
from cleardays.report.colours import own_colours

_FONT = "system-ui, 'Segoe UI', Roboto, sans-serif"
_WIDE = 340.0
_EDGE = 8.0
_DAY = (_WIDE - 2 * _EDGE) / MONTH
_TALL, _ROW = 22.0, 58.0


def strip(name: str, title: str, states: States) -> str:
    """A diary in rows of 28 days, the first of them before the start.

    A headache day is a tall solid column, a clear day a short foot, an unknown day a hollow dotted outline; neighbouring
    unknown days share one.
    """
    rows = [states[i : i + MONTH] for i in range(0, len(states), MONTH)]
    height = 30 + _ROW * len(rows) + 30
    parts = [_text(_EDGE, 19, "A simulated diary: one column for each day", "ink")]
    for index, row in enumerate(rows):
        parts += _row(row, index, 30 + _ROW * index)
    parts += _key(states, height - 14)
    said = "; ".join(f"{_when(index)}: {_counts(row)}" for index, row in enumerate(rows))
    return _svg(name, f"{title}: a simulated diary, day by day", f"{said}.", height, parts)


def people(name: str, kinds: Hundred) -> str:
    """A hundred figures: solid, soft with an outline, and hollow, with what each kind means below."""
    half, some, little = kinds.kinds
    meaning = (
        ("half", half, "it takes away half or more", "of the headache days"),
        ("some", some, "it takes away some,", "but less than half"),
        ("little", little, "it does little or nothing:", "the days got fewer by themselves"),
    )
    looks = [look for look, count, *_ in meaning for _ in range(count)]
    across, step, rise = 20, (_WIDE - 2 * _EDGE) / 20, 29.0
    parts = [_text(_EDGE, 19, "100 people with the same diary (simulated).", "ink")]
    parts.append(_text(_EDGE, 37, "What might their medicine really do?", "ink"))
    for i, look in enumerate(looks):
        parts.append(_figure(_EDGE + step * (i % across + 0.5), 50 + rise * (i // across), look))
    top = 50 + rise * -(-len(looks) // across) + 16
    for index, (look, count, first, second) in enumerate(meaning):
        y = top + 44 * index
        parts.append(_figure(_EDGE + step * 0.5, y, look))
        parts.append(_text(_EDGE + 2 * step + 26, y + 18, str(count), "ink", "end", 22))
        parts += [_text(_EDGE + 2 * step + 38, y + 10, first, "ink"), _text(_EDGE + 2 * step + 38, y + 26, second, "ink")]
    said = "; ".join(f"for {count} of them {first} {second}" for _, count, first, second in meaning)
    title = f"{half} in 100: what a medicine might really do for people with the same diary"
    return _svg(
        name,
        title,
        f"A hundred figures, and what their medicine might do: {said}. The diary is simulated.",
        top + 44 * 3 + 2,
        parts,
    )


def _svg(name: str, title: str, said: str, height: float, parts: list[str]) -> str:
    """The file: 340 units wide, so that its letters can be read on a phone."""
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE:g} {height:g}" width="{1.25 * _WIDE:g}" '
            f'height="{1.25 * height:g}" role="img" aria-labelledby="{name}-title {name}-desc" font-family="{_FONT}" '
            f'font-size="13">',
            own_colours(),
            f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(said)}</desc>',
            *parts,
            "</svg>\n",
        ]
    )


def _row(row: States, index: int, top: float) -> Iterator[str]:
    """28 days under their name and counts; the treatment is a line above them."""
    yield _text(_EDGE, top + 13, _when(index), "muted")
    yield _text(_WIDE - _EDGE, top + 13, _counts(row, short=True), "muted", "end")
    if index:
        yield f'<rect x="{_EDGE:g}" y="{top + 19:g}" width="{_DAY * len(row):g}" height="3" style="fill:var(--treat)"/>'
    at = 0
    for state, run in groupby(row):
        length = len(list(run))
        x = _EDGE + _DAY * at
        if state is None:
            yield _hollow(x, top + 24, _DAY * length)
        else:
            yield from (_column(x + _DAY * i, top + 24, had=state) for i in range(length))
        at += length


def _column(x: float, top: float, *, had: bool) -> str:
    height, role = (_TALL, "had") if had else (3.0, "clear")
    return (
        f'<rect x="{x + 0.8:.2f}" y="{top + _TALL - height:g}" width="{_DAY - 1.6:.2f}" height="{height:g}" '
        f'style="fill:var(--{role})"/>'
    )


def _hollow(x: float, top: float, wide: float) -> str:
    return (
        f'<rect x="{x + 1.5:.2f}" y="{top + 0.7:g}" width="{wide - 3:.2f}" height="{_TALL - 1.4:g}" '
        'style="fill:none;stroke:var(--unknown);stroke-width:1.2;stroke-linecap:round;stroke-dasharray:0.1 3.2"/>'
    )


def _key(states: States, base: float) -> Iterator[str]:
    """The marks that occur, with their meaning."""
    x = _EDGE
    for state, name in ((True, "headache"), (False, "clear"), (None, "unknown")):
        if state in states:
            yield _hollow(x, base - _TALL + 4, _DAY) if state is None else _column(x, base - _TALL + 4, had=state)
            yield _text(x + _DAY + 5, base, name, "muted")
            x += _DAY + 5 + 7.2 * len(name) + 14
    yield f'<rect x="{x:g}" y="{base - 6:g}" width="18" height="3" style="fill:var(--treat)"/>'
    yield _text(x + 23, base, "treatment", "muted")


def _when(index: int) -> str:
    return "28 days before the start" if not index else f"days {MONTH * (index - 1) + 1} to {MONTH * index}"


def _counts(row: States, *, short: bool = False) -> str:
    unknown = row.count(None)
    days = had(row)
    text = f"{days} headache day{'' if days == 1 else 's'}"
    if not unknown:
        return text
    return f"{text}, {unknown} unknown" if short else f"{text}, {row.count(False)} clear and {unknown} not written down"


def _figure(x: float, top: float, look: str) -> str:
    """A head and a body, 11 wide and 25 tall."""
    fill = {"half": "var(--had)", "some": "var(--soft)", "little": "none"}[look]
    style = f"fill:{fill};stroke:var(--had);stroke-width:1.2"
    return (
        f'<g class="{look}" style="{style}"><circle cx="{x:g}" cy="{top + 4.5:g}" r="3.4"/>'
        f'<path d="M{x - 4.6:g} {top + 24:g}v-9a4.6 5 0 0 1 9.2 0v9z"/></g>'
    )


def _text(x: float, y: float, text: str, role: str, anchor: str = "start", size: float = 0) -> str:
    large = f' font-size="{size:g}" font-weight="600"' if size else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{large} style="fill:var(--{role})">{escape(text)}</text>'
