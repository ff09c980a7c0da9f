"""A schedule as a picture: what each week holds, the most it may hold, and the courses below.

A template of our own and no plotting library: bars, ticks and labels are all there is, and every
shape that a colour marks carries a pattern or a word too.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import ceil

from afterrun.rulebook import number_words
from afterrun.schedule.forms.chart import LINE, Mark, Scale, bar, grid, legend
from afterrun.schedule.forms.svg import WIDTH, axis_top, document, fill_of, lines_of, rect, text, width_of
from afterrun.schedule.lines import day_words
from afterrun.schedule.nouns import Schedule, Span, Week

LEFT, RIGHT = 64, 24
CHART, LANE = 240, 30
ROOM = WIDTH - LEFT - RIGHT
UPRIGHT = 15
"""Pixels that words need across which stand upright."""


def as_svg(schedule: Schedule, *, styled: bool = True) -> str:
    """The picture as an SVG that stands alone; a schedule without weeks has none.

    Not `styled` it is for a page whose own style holds what a picture needs.

    For those who do not see it, its title and description say the same.
    """
    if not schedule.weeks:
        raise ValueError("there are no weeks to draw")
    weeks = schedule.weeks
    charted = _charted(schedule)
    amounts = [week.amount for week in weeks if week.amount is not None] if charted else []
    title = f"{schedule.amount_text}, {schedule.unit}" if charted and schedule.unit else "Week by week"
    dates = f"{day_words(weeks[0].start, year=True)} to {day_words(weeks[-1].end, year=True)}"
    lead = lines_of(f"{dates}. {schedule.length} {schedule.nothing}".rstrip(), "lead", ROOM)
    lead += [] if charted else lines_of(_uncharted(schedule), "lead", ROOM)
    drawn = [text(LEFT, 32, title, "title")]
    drawn += [text(LEFT, 53 + place * LINE, line, "lead") for place, line in enumerate(lead)]
    floor = 53 + len(lead) * LINE
    if charted:
        marks, lines = legend(_legend(schedule), LEFT, floor + 12, ROOM)
        drawn += marks
        floor += max(lines - 1, 0) * LINE + CHART + 24
    highest = max([schedule.goal or 0, *(max(each.value or 0, each.ceiling or 0) for each in amounts)])
    step = ROOM / len(weeks)
    scale = Scale(LEFT, WIDTH - RIGHT, weeks[0].number, step, axis_top(highest), floor, CHART)
    lanes = floor + (82 if charted else 64)
    height = lanes + LANE * len(schedule.spans) + 16
    fills = {span.id: fill_of(span.place) for span in schedule.spans}
    if charted:
        drawn += [*grid(scale, 4), *_stretches(schedule, scale), *_bars(weeks, scale, fills)]
        if schedule.goal is not None:
            drawn.append(f'<path class="goal" d="M{LEFT} {scale.y(schedule.goal):.1f}H{WIDTH - RIGHT}"/>')
    drawn += _rows(schedule, scale)
    for place, span in enumerate(schedule.spans):
        drawn += _lane(span, scale, lanes + place * LANE, fills[span.id])
    return document(title, in_words(schedule), height, drawn, styled=styled)


def words_as_svg(title: str, words: str) -> str:
    """What to do where there are no weeks, in place of the picture."""
    lines = lines_of(words, "", ROOM)
    drawn = [text(LEFT, 32, title, "title")]
    drawn += [text(LEFT, 57 + place * LINE, line) for place, line in enumerate(lines)]
    return document(title, words, 61 + len(lines) * LINE, drawn)


def _charted(schedule: Schedule) -> bool:
    """Whether there is anything to measure: an amount, or a goal beside weeks that hold nothing."""
    known = [week.amount.value for week in schedule.weeks if week.amount and week.amount.value is not None]
    return any(known) or bool(known and schedule.goal)


def in_words(schedule: Schedule) -> str:
    """What the picture shows, as sentences."""
    said = [
        f"{span.name}: {_from_to(span.first, span.last)}{', and on' if span.open else ''}."
        for span in schedule.spans
    ]
    amounts = _amounts(schedule)
    return " ".join(each for each in (*said, *amounts, schedule.length, schedule.nothing) if each)


def _amounts(schedule: Schedule) -> Iterator[str]:
    """What each stretch of weeks holds, or when that is asked."""
    unit = f" {schedule.unit}" if schedule.unit else ""
    for first, last, week in _runs(schedule.weeks):
        assert week.amount is not None
        when = _from_to(first.number, last.number).capitalize()
        if week.amount.value is None:
            yield f"{when}: {week.amount.words}."
            continue
        most = f", at most {number_words(week.amount.ceiling)}{unit}" if week.amount.ceiling else ""
        note = f" {week.amount.words}" if week.amount.words else ""
        yield f"{when}: {number_words(week.amount.value)}{unit}{most}.{note}"


def _uncharted(schedule: Schedule) -> str:
    """The same in place of a chart, where an axis would measure nothing."""
    amounts = " ".join(_amounts(schedule))
    return f"{schedule.amount_text}. {amounts}" if amounts else ""


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


def _legend(schedule: Schedule) -> Iterator[tuple[Mark, str]]:
    """What the marks in the chart mean, above it, where no bar or line runs."""
    if any(week.amount and week.amount.ceiling for week in schedule.weeks):
        yield partial(_line, "ceiling"), "the most that the week may hold, counted from the week before"
    if schedule.goal is not None:
        yield partial(_line, "goal"), f"goal: {number_words(schedule.goal)} {schedule.unit}"


def _line(kind: str, x: float, y: float) -> str:
    return f'<path class="{kind}" d="M{x:.1f} {y - 4:.1f}h24"/>'


def _bars(weeks: tuple[Week, ...], scale: Scale, fills: dict[str, str]) -> Iterator[str]:
    for week in weeks:
        amount = week.amount
        if amount is None or not amount.value:
            continue
        yield bar("bar", scale, week.number, amount.value, 0.72, fills[amount.course])
        if amount.ceiling:
            x, top = scale.x(week.number) + scale.step * 0.14, scale.y(amount.ceiling)
            yield f'<path class="ceiling" d="M{x - 2:.1f} {top:.1f}h{scale.step * 0.72 + 4:.1f}"/>'


def _stretches(schedule: Schedule, scale: Scale) -> list[str]:
    """Weeks without a bar: a ground for those that hold nothing, a dashed box for those not known yet."""
    parts = []
    names = {span.id: span.name for span in schedule.spans}
    for first, last, week in _runs(schedule.weeks):
        amount = week.amount
        if amount is None or amount.value:
            continue
        x, end = scale.x(first.number) + 2, scale.x(last.number + 1) - 2
        if amount.value is None:
            kind, words = "unknown", (amount.words, "?")
        else:
            nothing = f"0 {schedule.unit}"
            kind, words = "nothing", (f"{nothing}: {names[amount.course]}", nothing)
        parts.append(rect(kind, x, scale.y(scale.top), end - x, CHART))
        parts += _inside(x, end, scale.y(scale.top), words)
    return parts


def _inside(x: float, end: float, top: float, words: tuple[str, ...]) -> list[str]:
    """The first of some words that has room in a box across the chart; lying if it can, else upright."""
    middle, half = (x + end) / 2, CHART / 2
    for said in words:
        if width_of(said) <= end - x:
            return [text(middle, top + half + 4, said, "", "middle")]
        if width_of(said) <= CHART and end - x >= UPRIGHT:
            turned = f' transform="rotate(-90 {middle:.1f} {top + half:.1f})"'
            return [text(middle, top + half + 4, said, "", "middle", turned)]
    return []


def _rows(schedule: Schedule, scale: Scale) -> list[str]:
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
            parts.append(text(x, y + dated, day_words(week.start), "small", "middle"))
        if dated == 54 and week.amount is not None and place % _every(42, scale) == 0:
            words = "?" if week.amount.value is None else number_words(week.amount.value)
            parts.append(text(x, y + 36, words, "value", "middle"))
    return parts


def _every(room: float, scale: Scale) -> int:
    return ceil(room / scale.step)


def _lane(span: Span, scale: Scale, y: float, fill: str) -> list[str]:
    x, end = scale.x(span.first) + 1, scale.x(span.last + 1) - 1
    name = f"{span.name} \N{RIGHTWARDS ARROW}" if span.open else span.name
    room = width_of(name) + 8
    parts = [rect("span", x, y, end - x, LANE - 8, f' rx="4"{fill}')]
    if room + 16 <= end - x:
        parts.append(rect("pill", x + 4, y + 3, room, LANE - 14, ' rx="3"'))
        return [*parts, text(x + 8, y + 15, name)]
    if end + room <= WIDTH:
        return [*parts, text(end + 6, y + 15, name)]
    return [*parts, text(x - 6, y + 15, name, anchor="end")]
