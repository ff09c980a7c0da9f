"""The history as a picture: pain above, planned and done below, the phases under the weeks.

Every number stands in a row of its own below its chart and every word of the legend above both, so that
nothing is printed over anything, however many weeks there are and however large their numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from afterrun.rulebook import Rulebook, number_words
from afterrun.schedule import (
    LINE,
    WIDTH,
    Mark,
    Scale,
    axis_top,
    bar,
    day_words,
    document,
    fill_of,
    grid,
    legend,
    marked,
    rect,
    text,
    width_of,
)
from afterrun.telling.diary.weeks import Diary, DiaryWeek, Phase, Told, diary_of
from afterrun.telling.page import capital

if TYPE_CHECKING:
    from afterrun.diary import History

LEFT, RIGHT, BAND = 84, 24, 20
WIDEST = 56
"""Pixels of a week where there are few."""
DONE, PAIN, MISSED = marked("done"), marked("pain"), marked("missed") + ' opacity="0.6"'
MOST_STOPS = 6
"""Stops that are told one by one."""
MOST_LINES = 4
"""Lines over which the numbers of pain are folded, so that each week has room for its own."""
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


class _Numbers(NamedTuple):
    """How the numbers below the charts have room."""

    step: float
    """Pixels of a week."""
    pain: int
    """One in so many weeks bears its pain."""
    pain_lines: int
    """The lines that these take, in turn."""
    amounts: int
    """One in so many bears its amounts."""
    week: int
    """One in so many bears its own number."""
    dated: int
    """One in so many bears its day."""


def diary_svg(part: Rulebook, history: History, *, styled: bool = True) -> str:
    """The picture as an SVG that stands alone, its words for those who do not see it.

    Not `styled` it is for a page whose own style holds what a picture needs.
    """
    return picture_of(diary_of(part, history), styled=styled).svg


def picture_of(
    diary: Diary,
    shape: Shape = Shape(),  # noqa: B008  a frozen value
    *,
    styled: bool = True,
) -> Drawing:
    """The same of a diary in numbers, in the size that there is room for."""
    numbers = _numbers_of(diary, shape)
    title = f"Week by week since {day_words(diary.start, year=True)}"
    drawn = [text(LEFT, 32, title, "title")] if shape.titled else []
    y = 46.0 if shape.titled else 4.0
    marks, lines = legend(_legend(diary, numbers), LEFT, y + LINE, shape.width - LEFT - RIGHT)
    drawn += marks
    y += lines * LINE + 8
    pains, done = [each.pain for each in diary.weeks], [each.done for each in diary.weeks]
    scale = _scale(diary.worst, y, shape, numbers)
    drawn += _chart(f"{diary.pain_name}, of {diary.worst:g}", diary, scale)
    drawn += _bars("bar", diary.weeks, pains, 0.44, scale, PAIN)
    drawn += _stop_lines(diary, scale)
    drawn += _row(diary.pain_name.lower(), pains, scale, scale.floor, numbers.pain, numbers.pain_lines)
    y = scale.floor + numbers.pain_lines * LINE + 8
    if diary.has_amounts:
        planned = [each.planned for each in diary.weeks]
        scale = _scale(axis_top(max(each or 0 for each in (*planned, *done))), y, shape, numbers)
        drawn += _chart(diary.amounts_of, diary, scale)
        # A dashed box, wider than what was done, so that either is seen behind the other.
        drawn += _bars("unknown", diary.weeks, planned, 0.8, scale)
        drawn += _bars("bar", diary.weeks, done, 0.44, scale, DONE)
        drawn += _stop_lines(diary, scale)
        y = scale.floor
        for name, values in (("planned", planned), ("done", done)):
            drawn += _row(name, values, scale, y, numbers.amounts)
            y += LINE
    drawn += _calendar(diary.weeks, y + LINE, scale, numbers)
    y += 2 * LINE + 8
    drawn += _band(diary, y, scale)
    height = y + BAND + 8
    words = " ".join(_words(diary))
    svg = document(title, words, height, drawn, width=shape.width, place="diary", styled=styled)
    return Drawing(svg, shape.width, height)


def _numbers_of(diary: Diary, shape: Shape) -> _Numbers:
    step = min(WIDEST, (shape.width - LEFT - RIGHT) / max(len(diary.weeks), 1))

    def one_in(words: Sequence[str], kind: str) -> int:
        return ceil((max(width_of(each, kind) for each in words) + 3) / step)

    pain = one_in([f"{diary.worst:g}", *(_number(each.pain) for each in diary.weeks)], "value")
    lines = min(pain, MOST_LINES)
    told = [_number(each) for week in diary.weeks for each in (week.planned, week.done)]
    week = one_in([str(len(diary.weeks))], "")
    return _Numbers(
        step,
        ceil(pain / lines),
        lines,
        one_in(["10", *told], "value"),
        week,
        week * ceil(one_in(["30 Mar"], "small") / week),
    )


def _scale(top: float, y: float, shape: Shape, numbers: _Numbers) -> Scale:
    """That of a chart whose name stands at a height."""
    return Scale(LEFT, shape.width - RIGHT, 1, numbers.step, top, y + LINE + shape.chart, shape.chart)


def _legend(diary: Diary, numbers: _Numbers) -> Iterator[tuple[Mark | None, str]]:
    """Each mark of the picture and what it means, and which numbers have no room."""
    if diary.has_amounts:
        yield (lambda x, y: rect("unknown", x, y - 11, 20, 12)), "planned"
        yield (lambda x, y: rect("bar", x + 4, y - 11, 12, 12, DONE)), "done"
    if any(each.told == "missed" for each in diary.weeks):
        yield (lambda x, y: rect("missed", x, y - 11, 20, 12, MISSED)), "missed week"
    told = diary.stops if len(diary.stops) <= MOST_STOPS else diary.stops[-1:]
    if len(told) < len(diary.stops):
        yield _stop_mark, f"stopped {len(diary.stops)} times, the last time:"
    yield from ((_stop_mark, stop.told) for stop in told)
    keyed = {phase.programme: phase.name for phase in diary.phases if not _fits(phase, numbers.step)}
    yield from ((partial(_letter_mark, _letter(diary, each)), name) for each, name in keyed.items())
    if numbers.pain > 1:
        yield None, f"{diary.pain_name.lower()}: the number of one week in {numbers.pain}"
    if diary.has_amounts and numbers.amounts > 1:
        yield None, f"planned and done: the numbers of one week in {numbers.amounts}"


def _stop_mark(x: float, y: float) -> str:
    return f'<path class="ceiling" d="M{x + 10:.1f} {y - 12:.1f}V{y + 2:.1f}"/>'


def _letter_mark(letter: str, x: float, y: float) -> str:
    return text(x + 10, y, letter, "value", "middle")


def _chart(name: str, diary: Diary, scale: Scale) -> Iterator[str]:
    """The name of a chart, its axis and its grid, and the weeks that were missed behind all else."""
    yield text(LEFT, scale.floor - scale.tall - 8, name, "value")
    yield from grid(scale, 2)
    for each in diary.weeks:
        if each.told == "missed":
            box = (scale.x(each.number) + 1, scale.floor - scale.tall, scale.step - 2, scale.tall)
            yield rect("missed", *box, MISSED)


def _bars(
    kind: str,
    weeks: Sequence[DiaryWeek],
    values: Sequence[float | None],
    share: float,
    scale: Scale,
    fill: str = "",
) -> Iterator[str]:
    for week, value in zip(weeks, values, strict=True):
        if value:
            yield bar(kind, scale, week.number, value, share, fill)


def _stop_lines(diary: Diary, scale: Scale) -> Iterator[str]:
    """A line on each day on which the plan was stopped."""
    for stop in diary.stops:
        x = LEFT + scale.step * max((stop.day - diary.start).days, 0) / 7
        yield f'<path class="ceiling" d="M{x:.1f} {scale.floor - scale.tall:.1f}V{scale.floor:.1f}"/>'


def _row(
    name: str, values: Sequence[float | None], scale: Scale, y: float, every: int, lines: int = 1
) -> Iterator[str]:
    """The numbers of one in so many weeks, on some lines in turn."""
    yield text(8, y + LINE, name, "small")
    for count, place in enumerate(range(0, len(values), every)):
        middle, line = scale.x(place + 1) + scale.step / 2, count % lines
        yield text(middle, y + (line + 1) * LINE, _number(values[place]), "value", "middle")


def _calendar(weeks: Sequence[DiaryWeek], y: float, scale: Scale, numbers: _Numbers) -> Iterator[str]:
    """The number of each week, and the day that it begins with."""
    yield from (text(8, y, "week", "small"), text(8, y + LINE, "from", "small"))
    for each in weeks[:: numbers.week]:
        yield text(scale.x(each.number) + scale.step / 2, y, str(each.number), "", "middle")
    for each in weeks[:: numbers.dated]:
        middle = scale.x(each.number) + scale.step / 2
        yield text(middle, y + LINE, day_words(each.start), "small", "middle")


def _band(diary: Diary, y: float, scale: Scale) -> Iterator[str]:
    """The phases one after the other; one that is too short for its name bears a letter of the legend."""
    yield text(8, y + 14, "phase", "small")
    for phase in diary.phases:
        x, end = scale.x(phase.first) + 1, scale.x(phase.last + 1) - 1
        yield rect("span", x, y, end - x, BAND, f' rx="4"{fill_of(phase.place)}')
        words = phase.name if _fits(phase, scale.step) else _letter(diary, phase.programme)
        room = width_of(words) + 6
        if room <= end - x:
            yield rect("pill", x + 4, y + 3, room, BAND - 6, ' rx="3"')
            yield text(x + 7, y + 14, words)


def _fits(phase: Phase, step: float) -> bool:
    return width_of(phase.name) + 16 <= (phase.last - phase.first + 1) * step


def _letter(diary: Diary, programme: str) -> str:
    names = list(dict.fromkeys(phase.programme for phase in diary.phases))
    return chr(ord("A") + names.index(programme))


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
    yield from (f"{capital(stop.told)}." for stop in diary.stops)
