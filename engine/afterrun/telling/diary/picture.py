"""The history as a picture: pain above, planned and done below, the phases under the weeks.

Every number stands in a row of its own below its chart and every word of the legend above both, so that
nothing is printed over anything, however many weeks there are and however large their numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from afterrun.rulebook import Rulebook
from afterrun.schedule import (
    WIDTH,
    axis_top,
    day_words,
    document,
    fill_of,
    number_words,
    rect,
    text,
    width_of,
)
from afterrun.telling.diary.weeks import Diary, DiaryWeek, Phase, Told, diary_of
from afterrun.telling.page import capital

if TYPE_CHECKING:
    from afterrun.diary import History

LEFT, RIGHT, ROW, BAND, MARK = 84, 24, 18, 20, 26
WIDEST = 56
"""Pixels of a week where there are few."""
DONE, PAIN, MISSED = fill_of(1), fill_of(4), fill_of(5) + ' opacity="0.6"'
PHASES = (0, 2, 3, 6)
"""The patterns that phases take in turn; the others stand for what was done and missed."""
MOST_STOPS = 6
"""Stops that are told one by one."""
NOTHING = "-"
TOLD: Mapping[Told, str] = {"missed": "missed", "not yet": "not reported yet"}


class Shape(NamedTuple):
    """How large a picture is, and whether it has a title of its own."""

    width: float = WIDTH
    chart: float = 120
    titled: bool = True


class Drawing(NamedTuple):
    """A picture, and how large it is."""

    svg: str
    width: float
    height: float


class _Scale(NamedTuple):
    """From weeks to pixels."""

    step: float
    every: int
    """One in so many weeks bears its numbers."""
    dated: int
    """One in so many bears its day."""

    def x(self, place: int) -> float:
        return LEFT + place * self.step


def diary_svg(part: Rulebook, history: History) -> str:
    """The picture as an SVG that stands alone, its words for those who do not see it."""
    return picture_of(diary_of(part, history)).svg


def picture_of(diary: Diary, shape: Shape = Shape()) -> Drawing:  # noqa: B008  a frozen value
    """The same of a diary in numbers, in the size that there is room for."""
    scale = _scale(diary, shape)
    title = f"Week by week since {day_words(diary.start, year=True)}"
    drawn = [text(LEFT, 32, title, "title")] if shape.titled else []
    y = 46.0 if shape.titled else 4.0
    for line in _legend_lines(diary, scale, shape.width - LEFT - RIGHT):
        x = float(LEFT)
        y += ROW
        for mark, words in line:
            drawn += [_mark(mark, x, y), text(x + MARK, y, words, "small")]
            x += _needs(words)
    y += 8
    pains, done = [each.pain for each in diary.weeks], [each.done for each in diary.weeks]
    drawn += _chart(f"{diary.pain_name}, of {diary.worst:g}", diary.worst, y, shape)
    y += ROW + shape.chart
    drawn += _missed(diary, y, shape, scale)
    drawn += _bars(pains, diary.worst, y, shape, scale, PAIN)
    drawn += _stop_lines(diary, y, shape, scale)
    y += ROW
    drawn += _numbers(diary.pain_name.lower(), diary.weeks, pains, y, scale)
    y += 8
    if diary.has_amounts:
        planned = [each.planned for each in diary.weeks]
        most = axis_top(max(each or 0 for each in (*planned, *done)))
        drawn += _chart(diary.amounts_of, most, y, shape)
        y += ROW + shape.chart
        drawn += _missed(diary, y, shape, scale)
        drawn += _planned(planned, most, y, shape, scale)
        drawn += _bars(done, most, y, shape, scale, DONE)
        drawn += _stop_lines(diary, y, shape, scale)
        for name, values in (("planned", planned), ("done", done)):
            y += ROW
            drawn += _numbers(name, diary.weeks, values, y, scale)
    drawn += _calendar(diary.weeks, y + ROW, scale)
    y += 2 * ROW + 8
    drawn += _band(diary, y, scale)
    height = y + BAND + 8
    words = " ".join(_words(diary))
    svg = document(title, words, height, drawn, width=shape.width, place="diary")
    return Drawing(svg, shape.width, height)


def _scale(diary: Diary, shape: Shape) -> _Scale:
    step = min(WIDEST, (shape.width - LEFT - RIGHT) / max(len(diary.weeks), 1))
    told = [number for each in diary.weeks for number in (each.pain, each.planned, each.done)]
    widest = max([width_of(_number(each), "value") for each in told] + [width_of("10", "value")])
    every = ceil((widest + 3) / step)
    dated = every * ceil((width_of("30 Mar", "small") + 3) / (every * step))
    return _Scale(step, every, dated)


def _legend_lines(diary: Diary, scale: _Scale, room: float) -> Iterator[list[tuple[str, str]]]:
    """The words of the legend, as many on a line as there is room for."""
    line: list[tuple[str, str]] = []
    taken = 0.0
    for mark, words in _legend(diary, scale):
        if line and taken + _needs(words) > room:
            yield line
            line, taken = [], 0.0
        line.append((mark, words))
        taken += _needs(words)
    if line:
        yield line


def _legend(diary: Diary, scale: _Scale) -> Iterator[tuple[str, str]]:
    """Each mark of the picture and what it means."""
    if diary.has_amounts:
        yield from (("planned", "planned"), ("done", "done"))
    if any(each.told == "missed" for each in diary.weeks):
        yield "missed", "missed week"
    told = diary.stops if len(diary.stops) <= MOST_STOPS else diary.stops[-1:]
    if len(told) < len(diary.stops):
        yield "stop", f"stopped {len(diary.stops)} times, the last time:"
    yield from (("stop", stop.words) for stop in told)
    keyed = {phase.programme: phase.name for phase in diary.phases if not _fits(phase, scale)}
    yield from ((_letter(diary, programme), name) for programme, name in keyed.items())


def _needs(words: str) -> float:
    return MARK + width_of(words, "small") + 18


def _mark(kind: str, x: float, y: float) -> str:
    if kind == "planned":
        return rect("unknown", x, y - 11, 20, 12)
    if kind == "done":
        return rect("bar", x + 4, y - 11, 12, 12, DONE)
    if kind == "missed":
        return rect("missed", x, y - 11, 20, 12, MISSED)
    if kind == "stop":
        return f'<path class="ceiling" d="M{x + 10:.1f} {y - 12:.1f}v14"/>'
    return text(x + 10, y, kind, "value", "middle")


def _chart(name: str, most: float, top: float, shape: Shape) -> list[str]:
    """The name of a chart, its axis and its grid."""
    base = top + ROW + shape.chart
    parts = [text(LEFT, top + 10, name, "value")]
    for share in (0, 0.5, 1):
        y = base - share * shape.chart
        kind = "grid" if share else "axis"
        parts.append(f'<path class="{kind}" d="M{LEFT} {y:.1f}H{shape.width - RIGHT:.1f}"/>')
        parts.append(text(LEFT - 8, y + 4, number_words(share * most), "small", "end"))
    return parts


def _bars(
    values: Sequence[float | None], most: float, base: float, shape: Shape, scale: _Scale, fill: str
) -> Iterator[str]:
    for place, value in enumerate(values):
        if value:
            tall = shape.chart * value / most
            yield rect("bar", scale.x(place) + scale.step * 0.28, base - tall, scale.step * 0.44, tall, fill)


def _planned(
    values: Sequence[float | None], most: float, base: float, shape: Shape, scale: _Scale
) -> Iterator[str]:
    """A dashed box, wider than what was done, so that either is seen behind the other."""
    for place, value in enumerate(values):
        if value:
            tall = shape.chart * value / most
            yield rect("unknown", scale.x(place) + scale.step * 0.1, base - tall, scale.step * 0.8, tall)


def _missed(diary: Diary, base: float, shape: Shape, scale: _Scale) -> Iterator[str]:
    for place, each in enumerate(diary.weeks):
        if each.told == "missed":
            box = (scale.x(place) + 1, base - shape.chart, scale.step - 2, shape.chart)
            yield rect("missed", *box, MISSED)


def _stop_lines(diary: Diary, base: float, shape: Shape, scale: _Scale) -> Iterator[str]:
    """A line on each day on which the plan was stopped."""
    for stop in diary.stops:
        x = LEFT + scale.step * max((stop.day - diary.start).days, 0) / 7
        yield f'<path class="ceiling" d="M{x:.1f} {base - shape.chart:.1f}V{base:.1f}"/>'


def _numbers(
    name: str, weeks: Sequence[DiaryWeek], values: Sequence[float | None], y: float, scale: _Scale
) -> Iterator[str]:
    yield text(8, y, name, "small")
    for place in range(0, len(weeks), scale.every):
        yield text(scale.x(place) + scale.step / 2, y, _number(values[place]), "value", "middle")


def _calendar(weeks: Sequence[DiaryWeek], y: float, scale: _Scale) -> Iterator[str]:
    """The number of each week, and the day that it begins with."""
    yield from (text(8, y, "week", "small"), text(8, y + ROW, "from", "small"))
    for place in range(0, len(weeks), scale.every):
        middle = scale.x(place) + scale.step / 2
        yield text(middle, y, str(weeks[place].number), "", "middle")
        if place % scale.dated == 0:
            yield text(middle, y + ROW, day_words(weeks[place].start), "small", "middle")


def _band(diary: Diary, y: float, scale: _Scale) -> Iterator[str]:
    """The phases one after the other; one that is too short for its name bears a letter of the legend."""
    yield text(8, y + 14, "phase", "small")
    for phase in diary.phases:
        x, end = scale.x(phase.first - 1) + 1, scale.x(phase.last) - 1
        place = _place(diary, phase.programme)
        yield rect("span", x, y, end - x, BAND, f' rx="4"{fill_of(PHASES[place % len(PHASES)])}')
        words = phase.name if _fits(phase, scale) else _letter(diary, phase.programme)
        room = width_of(words) + 6
        if room <= end - x:
            yield rect("pill", x + 4, y + 3, room, BAND - 6, ' rx="3"')
            yield text(x + 7, y + 14, words)


def _fits(phase: Phase, scale: _Scale) -> bool:
    return width_of(phase.name) + 16 <= (phase.last - phase.first + 1) * scale.step


def _place(diary: Diary, programme: str) -> int:
    return list(dict.fromkeys(phase.programme for phase in diary.phases)).index(programme)


def _letter(diary: Diary, programme: str) -> str:
    return chr(ord("A") + _place(diary, programme))


def _number(value: float | None) -> str:
    return NOTHING if value is None else number_words(value)


def _words(diary: Diary) -> Iterator[str]:
    if not diary.weeks:
        yield "No check-in yet."
    for each in diary.weeks:
        if each.told != "reported":
            yield f"Week {each.number}, {each.days}, {each.phase}: {TOLD[each.told]}."
            continue
        pain = "not told" if each.pain is None else f"{each.pain:g} of {diary.worst:g}"
        said = [f"{diary.pain_name.lower()} {pain}"]
        for name, value in (("planned", each.planned), ("done", each.done)):
            if diary.has_amounts and value is not None:
                said.append(f"{name} {number_words(value)} {diary.unit}".rstrip())
        yield f"Week {each.number}, {each.days}, {each.phase}: {', '.join(said)}."
    yield from (f"{capital(stop.words)}{f': {stop.cause}' if stop.cause else ''}." for stop in diary.stops)
