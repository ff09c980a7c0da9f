"""Where something holds, in words of answers: the smallest box around it, and boxes that lie within it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import log
from typing import Any, NamedTuple

from afterrun.verify.prove.changes.axes import Axis
from afterrun.verify.prove.encoding.terms import Term, conj, neg
from afterrun.verify.prove.search import Search

Box = Mapping[int, int]
"""By the place of an axis the answers that are in it, as bits; an axis that is not named is free."""


class Region(NamedTuple):
    """Where something holds."""

    hull: Box
    """It holds nowhere outside of this, and on each axis with each of these answers somewhere."""
    boxes: tuple[Box, ...]
    """It holds everywhere in each of these. The hull alone, where it fills it."""
    whole: bool
    """Whether it holds nowhere but in the boxes."""
    size: float
    """The share of all combinations of answers that lies in the hull, as its logarithm."""


class Regions:
    """Tells regions along some axes, of what else is required."""

    def __init__(self, search: Search, axes: Sequence[Axis], within: Term) -> None:
        self._search, self._axes, self._within = search, axes, within
        self._all = [(1 << len(axis.terms)) - 1 for axis in axes]
        self._possible = self._seen(True)

    def of(self, holds: Term, most: int) -> Region | None:
        """Where a term holds, in so many boxes at most; None where it never does."""
        seen = self._seen(holds)
        if not all(seen):
            return None
        hull = {place: mask for place, mask in enumerate(seen) if mask != self._possible[place]}
        size = sum(_log_share(mask, self._possible[place]) for place, mask in hull.items())
        with self._search.assuming(self._within):
            if not self._search.possible(self.term(hull), neg(holds)):
                box = self._plainest(hull, neg(holds))
                return Region(box, (box,), True, size)
            boxes, whole = self._boxes(holds, most)
            return Region(self._plainest(hull, neg(self.term(hull))), boxes, whole, size)

    def term(self, box: Box) -> Term:
        """The answers lie in a box."""
        return conj(self._axes[place].term(mask) for place, mask in box.items())

    def told(self, box: Box) -> Iterator[tuple[Axis, tuple[int, ...], tuple[int, ...]]]:
        """Each axis of a box, with the answers in it and those that are possible at all, by their places."""
        for place, mask in box.items():
            yield self._axes[place], _bits(mask), _bits(self._possible[place])

    def _seen(self, holds: Term) -> list[int]:
        """On each axis the answers that occur."""
        seen = [0] * len(self._axes)
        possible = getattr(self, "_possible", self._all)
        with self._search.assuming(self._within, holds):
            self._note(self._search.reading(), seen)
            if not all(seen):
                return seen
            for place, axis in enumerate(self._axes):
                while left := possible[place] & ~seen[place]:
                    with self._search.assuming(axis.term(left)):
                        read = self._search.reading()
                    if read is None:
                        break
                    self._note(read, seen)
        return seen

    def _note(self, read: Any, seen: list[int]) -> None:
        if read is None:
            return
        for place, axis in enumerate(self._axes):
            for answer, term in enumerate(axis.terms):
                if not seen[place] >> answer & 1 and read(term):
                    seen[place] |= 1 << answer

    def _boxes(self, holds: Term, most: int) -> tuple[tuple[Box, ...], bool]:
        """Boxes that lie within, until nothing is left or there are too many."""
        found: list[Box] = []
        while True:
            left = conj((holds, *(neg(self.term(box)) for box in found)))
            with self._search.assuming(left):
                read = self._search.reading()
            if read is None:
                return tuple(found), True
            if len(found) == most:
                return tuple(found), False
            point = {}
            for place, axis in enumerate(self._axes):
                here = [answer for answer, term in enumerate(axis.terms) if read(term)]
                if len(here) == 1:
                    point[place] = 1 << here[0]
            if self._search.possible(self.term(point), neg(holds)):
                # Numbers decide, within what the axes tell apart.
                return tuple(found), False
            found.append(self._widened(self._plainest(point, neg(holds)), neg(holds)))

    def _plainest(self, box: Box, never: Term) -> Box:
        """The box without the axes that it does without."""
        kept = self._search.needed(
            [(place, self._axes[place].term(mask)) for place, mask in box.items()], never
        )
        box = {place: mask for place, mask in box.items() if place in kept}
        for place in sorted(box, key=lambda each: -len(self._axes[each].terms)):
            rest = {other: mask for other, mask in box.items() if other != place}
            if not self._search.possible(self.term(rest), never):
                box = rest
        return box

    def _widened(self, box: Box, never: Term) -> Box:
        """The box with each further answer that lies within as well."""
        wide = dict(box)
        for place in box:
            for answer in _bits(self._possible[place] & ~box[place]):
                wider = {**wide, place: wide[place] | 1 << answer}
                if not self._search.possible(self.term(wider), never):
                    wide = wider
        return {place: mask for place, mask in wide.items() if mask != self._possible[place]}


def _bits(mask: int) -> tuple[int, ...]:
    return tuple(place for place in range(mask.bit_length()) if mask >> place & 1)


def _log_share(mask: int, every: int) -> float:
    return log(mask.bit_count() / every.bit_count())
