"""The picture of the trials of a treatment: a forest plot of ratios of days, on the treatment over the other arm.

A trial is a square, its area by weight (inverse variance, between-trial variance included), on the line of its 95 % interval.
One against another treatment is a hollow square and says so. The diamond is the pooled effect against placebo, the thin line
through it the interval of the next trial. Scale: logarithmic, so that half and twice are equally far from one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cleardays.evidence.records import PLACEBO
from cleardays.report.evidence_sheet import (
    LEFT,
    RIGHT,
    Label,
    Look,
    Sheet,
    named,
    nothing,
    part_of,
    people_with,
    points,
    shape,
    spoken,
    study_named,
    wide,
)

_Z = 1.959963984540054  # of a 95 % interval
_LEAST, _MOST = 0.125, 4.0  # where the scale ends at the latest; what lies beyond is an arrow, and its numbers stand beside it
_HALF, _MORE = 0.5, 1.4  # are always on the scale
_STRIP, _GAP = 18.0, 8.0  # height of a row's drawing, and between rows
_SIDE, _SIDE_LEAST = 13.0, 4.0  # of the squares
_FAR = 50.0  # a log ratio beyond it is as good as endless
_EDGE = 10.0  # room for an arrow at both ends of the scale
_OUTCOMES = {
    "migraine_day": "migraine days",
    "headache_day": "headache days",
    "mod_sev_headache_day": "days with moderate or severe headache",
    "attack": "attacks",
    "headache_episode": "times with headache",
    "improvement": "a score of how much better it got",
}


class Ratio(NamedTuple):
    """A ratio of rates with its 95 % interval."""

    middle: float
    lower: float
    upper: float

    @classmethod
    def of(cls, log_ratio: float, se: float) -> Ratio:
        """From a log ratio with its standard error."""
        return cls(*(math.exp(min(max(log_ratio + away, -_FAR), _FAR)) for away in (0.0, -_Z * se, _Z * se)))

    def __str__(self) -> str:
        return f"{say_ratio(self.middle)} ({say_ratio(self.lower)} to {say_ratio(self.upper)})"


class _Scale(NamedTuple):
    """Ratios across the picture."""

    least: float
    most: float

    def x(self, ratio: float) -> float:
        inside = min(max(ratio, self.least), self.most)
        share = math.log(inside / self.least) / math.log(self.most / self.least)
        return LEFT + _EDGE + (RIGHT - LEFT - 2.0 * _EDGE) * share


def draw_forest(
    document: Mapping[str, Any], indication: str, look: Look | None = None, names: Mapping[str, str] | None = None
) -> str:
    """The forest plot of a treatment in people with one indication, as an SVG element.

    Args:
        document: what is stored of the treatment.
        indication: one of its indications.
        look: colours, font, prefix of the ids.
        names: how studies are called, by their ids; by default as the id says.
    """
    look = look or Look("forest")
    treatment, part = str(document["treatment"]), part_of(document, indication)
    title = f"{named(treatment)}: the trials in {people_with(indication)}"
    if part is None:
        return nothing(title, treatment, indication, look)
    called = names or {}
    trials = [{"name": called.get(each["study"]) or study_named(each["study"]), **each} for each in part["trials"]]
    sheet, scale = Sheet(look), _scale(trials, part["effect"])
    sheet.say(title, bold=True)
    sheet.say(_reading(treatment), muted=True, small=True)
    sheet.y += _GAP
    weights = [1.0 / (each["se"] ** 2 + part["effect"]["tau"] ** 2) for each in trials]
    for trial, weight in zip(trials, weights, strict=True):
        _trial(sheet, scale, trial, weight / max(weights))
    _pooled(sheet, scale, part["effect"])
    _axis(sheet, scale)
    sheet.y += _GAP / 2
    sheet.say(_below(trials), muted=True, small=True)
    return sheet.finish(title, describe_forest(treatment, trials, part["effect"]))


def describe_forest(treatment: str, trials: Sequence[Mapping[str, Any]], effect: Mapping[str, float]) -> str:
    """The picture in words."""
    told = [_reading(treatment)]
    told += [f"{trial['name']}: {Ratio.of(trial['log_ratio'], trial['se'])}; {_details(trial)}." for trial in trials]
    told.append(f"All trials together, against placebo: {_of_effect(effect)}.")
    told.append(f"The next trial: {_next(effect)}.")
    return " ".join(told)


def say_ratio(ratio: float) -> str:
    """A ratio with two decimals, or two digits where these would not tell it."""
    if 0.01 <= ratio < 100.0:
        return f"{ratio:.2f}"
    return f"{ratio:,.0f}" if 100.0 <= ratio < 10_000.0 else f"{ratio:.2g}"


def _reading(treatment: str) -> str:
    return (
        f"Days on {spoken(treatment)} for each day in the other group, and the range that each trial leaves open "
        "(95 %). At 0.5 there are half as many days."
    )


def _details(trial: Mapping[str, Any]) -> str:
    counting = _OUTCOMES.get(trial["outcome"], str(trial["outcome"]).replace("_", " "))
    people = f"{trial['people']:,} people" if trial["people"] != 1 else "1 person"
    return f"{people}, {counting}, against {spoken(trial['against'])}"


def _below(trials: Sequence[Mapping[str, Any]]) -> str:
    said = (
        "Diamond: all trials taken together, against placebo. Other treatments that it was compared with count there too. "
        "Thin line: where the next trial would land, 95 times in 100."
    )
    apart = any(trial["against"] != PLACEBO for trial in trials)
    return f"{said} Hollow square: not against placebo but against another treatment." if apart else said


def _of_effect(effect: Mapping[str, float]) -> Ratio:
    return Ratio(effect["ratio"], effect["lower"], effect["upper"])


def _next(effect: Mapping[str, float]) -> str:
    return f"{say_ratio(effect['predicted_lower'])} to {say_ratio(effect['predicted_upper'])}"


def _scale(trials: Sequence[Mapping[str, Any]], effect: Mapping[str, float]) -> _Scale:
    seen = [Ratio.of(trial["log_ratio"], trial["se"]) for trial in trials]
    low = min([_HALF, effect["predicted_lower"], *(each.lower for each in seen)])
    high = max([_MORE, effect["predicted_upper"], *(each.upper for each in seen)])
    return _Scale(max(low * 0.93, _LEAST), min(high * 1.07, _MOST))


def _trial(sheet: Sheet, scale: _Scale, trial: Mapping[str, Any], weight: float) -> None:
    ratio, palette = Ratio.of(trial["log_ratio"], trial["se"]), sheet.palette
    apart = trial["against"] != PLACEBO
    sheet.pair(str(trial["name"]), str(ratio))
    sheet.say(_details(trial), muted=True, small=True)
    y = sheet.y + _STRIP / 2
    _guides(sheet, scale)
    colour = palette.treatment if apart else palette.had
    _interval(sheet, scale, ratio, y, colour, 1.6)
    half = max(_SIDE * math.sqrt(weight), _SIDE_LEAST) / 2.0
    fill = f"fill:{palette.paper};stroke:{colour};stroke-width:1.8" if apart else f"fill:{colour}"
    said = f"{trial['name']}: {ratio}"
    if scale.least <= ratio.middle <= scale.most:
        sheet.parts.append(
            shape("rect", said, x=scale.x(ratio.middle) - half, y=y - half, width=2 * half, height=2 * half, style=fill)
        )
    sheet.y += _STRIP + _GAP


def _pooled(sheet: Sheet, scale: _Scale, effect: Mapping[str, float]) -> None:
    palette, ratio = sheet.palette, _of_effect(effect)
    sheet.parts.append(
        shape("rect", x=LEFT, y=sheet.y - _GAP / 2, width=RIGHT - LEFT, height=0.8, style=f"fill:{palette.clear}")
    )
    sheet.pair("All trials together", str(ratio))
    sheet.say("against placebo", muted=True, small=True)
    sheet.pair("The next trial", _next(effect), bold=False)
    y = sheet.y + _STRIP / 2
    _guides(sheet, scale)
    _interval(sheet, scale, Ratio(ratio.middle, effect["predicted_lower"], effect["predicted_upper"]), y, palette.muted, 1.0)
    left, middle, right = (scale.x(each) for each in (ratio.lower, ratio.middle, ratio.upper))
    corners = points((left, y), (middle, y - 7.0), (right, y), (middle, y + 7.0))
    sheet.parts.append(shape("polygon", f"All trials together: {ratio}", points=corners, style=f"fill:{palette.ink}"))
    sheet.y += _STRIP + _GAP / 2


def _guides(sheet: Sheet, scale: _Scale) -> None:
    """Where half as many and as many days lie, behind a row."""
    for ratio, thick in ((_HALF, 0.8), (1.0, 1.4)):
        style = f"fill:{sheet.palette.clear}"
        sheet.parts.append(shape("rect", x=scale.x(ratio) - thick / 2, y=sheet.y, width=thick, height=_STRIP, style=style))


def _interval(sheet: Sheet, scale: _Scale, ratio: Ratio, y: float, colour: str, thick: float) -> None:
    """A line from end to end; an end beyond the scale is an arrow, one inside it a short stroke."""
    for value in (ratio.lower, ratio.upper):
        x = scale.x(value)
        if scale.least <= value <= scale.most:
            sheet.parts.append(shape("rect", x=x - thick / 2, y=y - 4.0, width=thick, height=8.0, style=f"fill:{colour}"))
        else:
            away = -8.0 if value < scale.least else 8.0
            tip = points((x + away, y), (x, y - 4.5), (x, y + 4.5))
            sheet.parts.append(shape("polygon", points=tip, style=f"fill:{colour}"))
    begin, end = scale.x(ratio.lower), scale.x(ratio.upper)
    line = shape("rect", x=begin, y=y - thick / 2, width=end - begin, height=thick, style=f"fill:{colour}")
    sheet.parts.append(line)


def _axis(sheet: Sheet, scale: _Scale) -> None:
    """Ticks at halves and doubles, with what they mean in words."""
    palette = sheet.palette
    begin, end = scale.x(scale.least), scale.x(scale.most)
    sheet.parts.append(shape("rect", x=begin, y=sheet.y, width=end - begin, height=1.0, style=f"fill:{palette.muted}"))
    ticks = [tick for tick in (1.0, 0.5, 2.0, 0.25, 4.0, 0.125) if scale.least <= tick <= scale.most]
    for tick in ticks:
        sheet.parts.append(
            shape("rect", x=scale.x(tick) - 0.5, y=sheet.y, width=1.0, height=5.0, style=f"fill:{palette.muted}")
        )
    sheet.y += 5.0
    sheet.labels([Label(scale.x(tick), f"{tick:g}", palette.muted) for tick in ticks], 1)
    more = "more days"
    sheet.labels(
        [
            Label(scale.x(1.0), "no difference", palette.ink),
            Label(scale.x(_HALF), "half as many days", palette.ink),
            Label(RIGHT - wide(more, small=True) / 2, more, palette.ink),
        ],
        2,
    )
