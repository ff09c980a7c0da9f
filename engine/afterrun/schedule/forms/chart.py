"""What the charts of every picture share: the way from weeks and amounts to pixels, grid, bars, legend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from afterrun.rulebook import number_words
from afterrun.schedule.forms.svg import lines_of, rect, text, width_of

LINE = 18
"""From one line of words to the next."""
MARK, APART = 30, 20
"""Pixels that a mark of the legend takes, and between two entries."""

Mark = Callable[[float, float], str]
"""What draws the mark of an entry of the legend at the beginning of its line."""


class Scale(NamedTuple):
    """Where a chart stands, and from weeks and amounts to its pixels."""

    left: float
    right: float
    first: int
    """The week at its left end."""
    step: float
    top: float
    """The amount at the upper end of the axis."""
    floor: float
    """Where the axis of the weeks lies."""
    tall: float

    def x(self, week: int) -> float:
        """Where a week begins."""
        return self.left + (week - self.first) * self.step

    def y(self, amount: float) -> float:
        """How high an amount stands."""
        return self.floor - amount / self.top * self.tall


def grid(scale: Scale, parts: int) -> Iterator[str]:
    """The axis and the lines above it, each with its amount."""
    for place in range(parts + 1):
        amount = scale.top * place / parts
        kind, y = "grid" if place else "axis", scale.y(amount)
        yield f'<path class="{kind}" d="M{scale.left:g} {y:.1f}H{scale.right:g}"/>'
        yield text(scale.left - 8, y + 4, number_words(amount), "small", "end")


def bar(kind: str, scale: Scale, week: int, amount: float, share: float, fill: str = "") -> str:
    """An amount as a box that takes a share of the room of its week."""
    y = scale.y(amount)
    return rect(
        kind, scale.x(week) + scale.step * (1 - share) / 2, y, scale.step * share, scale.floor - y, fill
    )


def legend(
    entries: Iterable[tuple[Mark | None, str]], x: float, y: float, room: float
) -> tuple[list[str], int]:
    """Each mark and what it means, in lines below one another; and how many lines these are.

    As many entries stand on a line as have room there; what is longer than a line goes on below.
    """
    drawn: list[str] = []
    line, taken = 0, 0.0
    for mark, words in entries:
        needs = MARK + width_of(words, "small")
        if taken and taken + needs > room:
            line, taken = line + 1, 0.0
        if mark is not None:
            drawn.append(mark(x + taken, y + line * LINE))
        told = lines_of(words, "small", room - MARK)
        for place, each in enumerate(told):
            drawn.append(text(x + taken + MARK, y + (line + place) * LINE, each, "small"))
        line += len(told) - 1
        taken = taken + needs + APART if len(told) == 1 else room
    return drawn, line + 1 if drawn else 0
