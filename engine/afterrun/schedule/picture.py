"""A schedule as a picture: what each week holds, the most it may hold, and the courses below.

A template of our own and no plotting library: bars, ticks and labels are all there is, and every
shape that a colour marks carries a pattern or a word too.
"""

from __future__ import annotations

import textwrap
from datetime import date
from math import ceil
from typing import NamedTuple

from afterrun.schedule.lines import number_words
from afterrun.schedule.nouns import Schedule, Span, Week
from afterrun.schedule.svg import WIDTH, document, rect, text

LEFT, RIGHT = 64, 24
CHART, LANE, LINE = 240, 30, 18
LETTERS_A_LINE = 120
WIDE_LETTER = 7.1
"""Pixels that a letter takes at most, on average."""

PATTERNS = (
    ("#d9e8f5", '<path d="M0 4H8" stroke="#5b8db8" stroke-width="1.6"/>'),
    ("#cfe3dc", '<path d="M0 8L8 0M-2 2L2 -2M6 10L10 6" stroke="#3f8068" stroke-width="2"/>'),
    ("#f6e7c8", '<circle cx="4" cy="4" r="1.7" fill="#a8741a"/>'),
    ("#e7dcef", '<path d="M4 0V8" stroke="#7a55a0" stroke-width="1.6"/>'),
    ("#f3d9d3", '<path d="M0 0L8 8M-2 6L2 10M6 -2L10 2" stroke="#a3341f" stroke-width="1.6"/>'),
    ("#dfe5ea", '<path d="M0 2H8M0 6H8" stroke="#5b6b7a" stroke-width="1"/>'),
    ("#e9efd6", '<path d="M4 1V7M1 4H7" stroke="#6d8227" stroke-width="1.4"/>'),
)
"""A ground colour and what is drawn on it; courses take them in turn."""


class _Scale(NamedTuple):
    """From weeks and amounts to pixels."""

    first: int
    step: float
    top: float
    """The amount at the upper end of the axis."""
    floor: float
    """Where the axis of the weeks lies."""

    def x(self, week: int) -> float:
        return LEFT + (week - self.first) * self.step

    def y(self, amount: float) -> float:
        return self.floor - amount / self.top * CHART


def as_svg(schedule: Schedule) -> str:
    """The picture as an SVG that stands alone; a schedule without weeks has none.

    For those who do not see it, its title and description say the same.
    """
    if not schedule.weeks:
        raise ValueError("there are no weeks to draw")
    weeks = schedule.weeks
    amounts = [week.amount for week in weeks if week.amount is not None] if _charted(schedule) else []
    title = f"{schedule.amount_text}, {schedule.unit}" if amounts and schedule.unit else "Week by week"
    dates = f"{_day(weeks[0].start)} {weeks[0].start.year} to {_day(weeks[-1].end)} {weeks[-1].end.year}"
    lead = textwrap.wrap(f"{dates}. {schedule.length} {schedule.nothing}", LETTERS_A_LINE)
    floor = 53 + len(lead) * LINE + (CHART + 24 if amounts else 0)
    highest = max([schedule.goal or 0, *(max(each.value or 0, each.ceiling or 0) for each in amounts)])
    scale = _Scale(weeks[0].number, (WIDTH - LEFT - RIGHT) / len(weeks), _round_up(highest), floor)
    lanes = floor + (82 if amounts else 64)
    height = lanes + LANE * len(schedule.spans) + 16
    fills = {span.id: f"p{span.place % len(PATTERNS)}" for span in schedule.spans}
    drawn = [text(LEFT, 32, title, "title")]
    drawn += [text(LEFT, 53 + place * LINE, line, "lead") for place, line in enumerate(lead)]
    if amounts:
        drawn += [*_legend(schedule, floor), *_grid(scale), *_stretches(schedule, scale)]
        drawn += [*_bars(weeks, scale, fills), *_goal(schedule, scale)]
    drawn += _rows(schedule, scale)
    for place, span in enumerate(schedule.spans):
        drawn += _lane(span, scale, lanes + place * LANE, fills[span.id])
    patterns = "".join(map(_pattern, range(len(PATTERNS))))
    return document(title, in_words(schedule), height, [f"<defs>{patterns}</defs>"], drawn)


def words_as_svg(title: str, words: str) -> str:
    """What to do where there are no weeks, in place of the picture."""
    lines = textwrap.wrap(words, LETTERS_A_LINE)
    drawn = [text(LEFT, 32, title, "title")]
    drawn += [text(LEFT, 57 + place * LINE, line) for place, line in enumerate(lines)]
    return document(title, words, 61 + len(lines) * LINE, [], drawn)


def _charted(schedule: Schedule) -> bool:
    """Whether any amount is known; else there is nothing to measure."""
    return any(week.amount is not None and week.amount.value is not None for week in schedule.weeks)


def in_words(schedule: Schedule) -> str:
    """What the picture shows, as sentences."""
    unit = f" {schedule.unit}" if schedule.unit else ""
    said = [
        f"{span.name}: {_from_to(span.first, span.last)}{', and on' if span.open else ''}."
        for span in schedule.spans
    ]
    for first, last, week in _runs(schedule.weeks):
        assert week.amount is not None
        when = _from_to(first.number, last.number).capitalize()
        if week.amount.value is None:
            said.append(f"{when}: {week.amount.words}.")
            continue
        most = f", at most {number_words(week.amount.ceiling)}{unit}" if week.amount.ceiling else ""
        note = f" {week.amount.words}" if week.amount.words else ""
        said.append(f"{when}: {number_words(week.amount.value)}{unit}{most}.{note}")
    return " ".join(each for each in (*said, schedule.length, schedule.nothing) if each)


def _runs(weeks: tuple[Week, ...]) -> list[tuple[Week, Week, Week]]:
    """Stretches of weeks that hold the same: first, last, and one of them."""
    runs: list[tuple[Week, Week, Week]] = []
    for week in weeks:
        if week.amount is None:
            continue
        before = runs[-1][2].amount if runs and runs[-1][1].number == week.number - 1 else None
        if before is not None and before.of_week == week.amount.of_week:
            runs[-1] = (runs[-1][0], week, week)
        else:
            runs.append((week, week, week))
    return runs


def _from_to(first: int, last: int) -> str:
    return f"week {first}" if first == last else f"weeks {first} to {last}"


def _pattern(place: int) -> str:
    ground, drawn = PATTERNS[place]
    return (
        f'<pattern id="p{place}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="{ground}"/>{drawn}</pattern>'
    )


def _legend(schedule: Schedule, floor: float) -> list[str]:
    if not any(week.amount and week.amount.ceiling for week in schedule.weeks):
        return []
    y = floor - CHART - 12
    return [
        f'<path class="ceiling" d="M{LEFT} {y - 4}h18"/>',
        text(LEFT + 24, y, "the most that the week may hold, counted from the week before", "small"),
    ]


def _grid(scale: _Scale) -> list[str]:
    parts = []
    for place in range(5):
        amount = scale.top * place / 4
        kind, y = "grid" if place else "axis", scale.y(amount)
        parts.append(f'<path class="{kind}" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(text(LEFT - 8, y + 4, number_words(amount), "small", "end"))
    return parts


def _bars(weeks: tuple[Week, ...], scale: _Scale, fills: dict[str, str]) -> list[str]:
    parts = []
    width = scale.step * 0.72
    for week in weeks:
        amount = week.amount
        if amount is None or not amount.value:
            continue
        x, y = scale.x(week.number) + scale.step * 0.14, scale.y(amount.value)
        fill = f' fill="url(#{fills[amount.course]})"'
        parts.append(rect("bar", x, y, width, scale.floor - y, fill))
        if amount.ceiling:
            top = scale.y(amount.ceiling)
            parts.append(f'<path class="ceiling" d="M{x - 2:.1f} {top:.1f}h{width + 4:.1f}"/>')
    return parts


def _stretches(schedule: Schedule, scale: _Scale) -> list[str]:
    """Weeks without a bar: a ground for those that hold nothing, a dashed box for those not known yet."""
    parts = []
    names = {span.id: span.name for span in schedule.spans}
    for first, last, week in _runs(schedule.weeks):
        amount = week.amount
        if amount is None or amount.value:
            continue
        x, end = scale.x(first.number) + 2, scale.x(last.number + 1) - 2
        if amount.value is None:
            kind, words = "unknown", amount.words
        else:
            kind, words = "nothing", f"0 {schedule.unit}: {names[amount.course]}"
        top, middle, half = scale.y(scale.top), (x + end) / 2, CHART / 2
        parts.append(rect(kind, x, top, end - x, CHART))
        turned = f' transform="rotate(-90 {middle:.1f} {top + half:.1f})"'
        upright = len(words) * WIDE_LETTER > end - x
        parts.append(text(middle, top + half + 4, words, "", "middle", turned if upright else ""))
    return parts


def _goal(schedule: Schedule, scale: _Scale) -> list[str]:
    if schedule.goal is None:
        return []
    y = scale.y(schedule.goal)
    words = f"goal: {number_words(schedule.goal)} {schedule.unit}"
    return [
        f'<path class="goal" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>',
        text(LEFT + 6, y - 6, words, "on"),
    ]


def _rows(schedule: Schedule, scale: _Scale) -> list[str]:
    """Below the chart: the number of each week, what it holds, and the day it begins with.

    Each needs its own room, so that with many weeks only some bear a number.
    """
    y = scale.floor
    dated = 54 if _charted(schedule) else 36
    parts = [text(8, y + 18, "week", "small"), text(8, y + dated, "from", "small")]
    if dated == 54:
        parts.append(text(8, y + 36, schedule.unit, "small"))
    for place, week in enumerate(schedule.weeks):
        x = scale.x(week.number) + scale.step / 2
        if place % _every(26, scale) == 0:
            parts.append(text(x, y + 18, str(week.number), "", "middle"))
        if place % _every(64, scale) == 0:
            parts.append(text(x, y + dated, _day(week.start), "small", "middle"))
        if dated == 54 and week.amount is not None and place % _every(42, scale) == 0:
            words = "?" if week.amount.value is None else number_words(week.amount.value)
            parts.append(text(x, y + 36, words, "value", "middle"))
    return parts


def _every(room: float, scale: _Scale) -> int:
    return ceil(room / scale.step)


def _lane(span: Span, scale: _Scale, y: float, fill: str) -> list[str]:
    x, end = scale.x(span.first) + 1, scale.x(span.last + 1) - 1
    name = f"{span.name} \N{RIGHTWARDS ARROW}" if span.open else span.name
    room = len(name) * WIDE_LETTER + 8
    parts = [rect("span", x, y, end - x, LANE - 8, f' rx="4" fill="url(#{fill})"')]
    if room + 16 <= end - x:
        parts.append(rect("pill", x + 4, y + 3, room, LANE - 14, ' rx="3"'))
        return [*parts, text(x + 8, y + 15, name)]
    if end + room <= WIDTH:
        return [*parts, text(end + 6, y + 15, name)]
    return [*parts, text(x - 6, y + 15, name, anchor="end")]


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _round_up(amount: float) -> float:
    """A top for the axis whose quarters are round numbers.

    >>> _round_up(31.2), _round_up(7.5), _round_up(0)
    (32, 8, 1)
    """
    if amount <= 0:
        return 1
    scale = 1.0
    while amount > scale * 10:
        scale *= 10
    while amount < scale:
        scale /= 10
    top = next(step for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10) if step * scale >= amount) * scale
    return round(top, 6) if top % 1 else int(top)
