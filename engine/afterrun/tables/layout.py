"""Boxes in rows, and lines between them, so that everything rests on what stands below it.

A line goes up alone: out of the top of a box, along a track between two rows, through a lane between the
boxes of each row on its way, and into the box above it from below. All lines out of one box share its
tracks and lanes and part like the branches of a tree; lines out of different boxes never lie on each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from math import floor
from statistics import fmean
from typing import NamedTuple

GRID = 10
"""What stands in a row ends and begins lines at multiples of this, in the next row half of it beside them."""

_GAP, _LANE, _SWEEPS = 30, 12, 12
_MARGIN = 100


class Box(NamedTuple):
    """Where something stands; y grows downwards."""

    x: int
    y: int
    width: int
    height: int


class Size(NamedTuple):
    """What a box takes, without its place."""

    width: int
    height: int


Point = tuple[int, int]
Line = tuple[str, str]
"""From what is needed to what needs it."""


class _Stop(NamedTuple):
    """A box in its row, or the lane there for the lines of one that stands further down."""

    box: str
    row: int


class Layout:
    """The place of every box, and the corners of every line."""

    def __init__(
        self, rows: Sequence[Sequence[str]], sizes: Mapping[str, Size], lines: Sequence[Line]
    ) -> None:
        """Rows from below; each line has to lead upwards."""
        self._row = {box: place for place, row in enumerate(rows) for box in row}
        self._rows = [[_Stop(box, place) for box in row] for place, row in enumerate(rows)]
        self._above: dict[_Stop, list[_Stop]] = defaultdict(list)
        self._below: dict[_Stop, list[_Stop]] = defaultdict(list)
        for needed, needs in lines:
            self._climb(needed, needs)
        self._sizes = {box: self._with_room(box, size) for box, size in sizes.items() if box in self._row}
        self._x: dict[_Stop, int] = {}
        self._arrange()
        self._ports = dict(self._enter())
        self._tracks = [self._tracks_over(place) for place in range(len(self._rows) - 1)]
        self.boxes = dict(self._boxes())
        self.lines = {line: tuple(self._corners(*line)) for line in lines}

    def _climb(self, needed: str, needs: str) -> None:
        """Lanes for a line in all rows between, where there is none yet from the same box."""
        stops = [_Stop(needed, row) for row in range(self._row[needed], self._row[needs])]
        for stop, above in zip(stops, [*stops[1:], _Stop(needs, self._row[needs])], strict=True):
            if above not in self._above[stop]:
                self._above[stop].append(above)
                self._below[above].append(stop)
            if above not in self._rows[above.row]:
                self._rows[above.row].append(above)

    def _with_room(self, box: str, size: Size) -> Size:
        """Wide enough for all lines that enter."""
        entering = len(self._below.get(_Stop(box, self._row[box]), ()))
        return Size(max(size.width, GRID * (entering + 1)), size.height)

    def _width(self, stop: _Stop) -> int:
        if self._row[stop.box] != stop.row:
            return _LANE
        return self._sizes[stop.box].width + _GAP

    def _arrange(self) -> None:
        """Orders that cross little, by sweeps: each row as near as may be to what it is joined with."""
        at: dict[_Stop, float] = {}
        for row in self._rows:
            self._place(row, dict.fromkeys(row, 0.0), at)
        best, fewest = self._rows, self._crossings()
        for sweep in range(_SWEEPS):
            upwards = sweep % 2 == 0
            joined = self._below if upwards else self._above
            for place in range(len(self._rows)) if upwards else reversed(range(len(self._rows))):
                wanted = _wanted(self._rows[place], joined, at)
                self._rows[place] = sorted(self._rows[place], key=lambda stop: (wanted[stop], at[stop]))
                self._place(self._rows[place], wanted, at)
            if (crossings := self._crossings()) < fewest:
                best, fewest = list(self._rows), crossings
        self._rows = best
        for row in self._rows:
            self._place(row, _wanted(row, self._below, at), at)
        for joined in (self._above, self._below) * 2:
            for row in self._rows if joined is self._below else reversed(self._rows):
                self._place(row, _wanted(row, joined, at), at)
        for place, row in enumerate(self._rows):
            self._x |= {stop: GRID * floor(at[stop] / GRID) + place % 2 * GRID // 2 for stop in row}
        left = min(self._x[stop] - self._width(stop) // 2 for row in self._rows for stop in row)
        shift = _MARGIN - left // GRID * GRID
        self._x = {stop: x + shift for stop, x in self._x.items()}

    def _place(self, row: Sequence[_Stop], wanted: Mapping[_Stop, float], at: dict[_Stop, float]) -> None:
        """As near to what is wanted as the order and the widths allow, by least squares."""
        widths = [self._width(stop) for stop in row]
        offsets = [end - width / 2 for end, width in zip(accumulate(widths), widths, strict=True)]
        pools: list[list[float]] = []
        for stop, offset in zip(row, offsets, strict=True):
            pools.append([wanted[stop] - offset])
            while len(pools) > 1 and fmean(pools[-2]) >= fmean(pools[-1]):
                pools[-2:] = [pools[-2] + pools[-1]]
        moved = [mean for pool in pools for mean in [fmean(pool)] * len(pool)]
        at |= {stop: offset + by for stop, offset, by in zip(row, offsets, moved, strict=True)}

    def _crossings(self) -> int:
        """How many lines between neighbouring rows cross, in the orders as they are."""
        count = 0
        for row, above in zip(self._rows, self._rows[1:], strict=False):
            order = {stop: place for place, stop in enumerate(above)}
            ends = [end for stop in row for end in sorted(order[each] for each in self._above[stop])]
            count += sum(later < end for place, end in enumerate(ends) for later in ends[place + 1 :])
        return count

    def _enter(self) -> Iterator[tuple[tuple[_Stop, _Stop], int]]:
        """Where the lines from each stop below enter a box, in the order in which they come."""
        for row in self._rows:
            for stop in row:
                if stop.row != self._row[stop.box]:
                    continue
                coming = sorted(self._below[stop], key=lambda each: self._x[each])
                room = self._sizes[stop.box].width // (len(coming) + 1) // GRID * GRID
                for place, each in enumerate(coming):
                    yield (each, stop), self._x[stop] + min(room, 4 * GRID) * (place - len(coming) // 2)

    def _ends_over(self, stop: _Stop) -> list[int]:
        """Where the lines of a stop leave the track above it."""
        return [self._ports.get((stop, above), self._x[above]) for above in self._above[stop]]

    def _tracks_over(self, place: int) -> dict[_Stop, int]:
        """The track of each stop between two rows, from below; on none do two lie on each other."""
        spans = sorted(
            (min(ends), max(ends), stop)
            for stop in self._rows[place]
            if self._above[stop]
            for ends in [[self._x[stop], *self._ends_over(stop)]]
        )
        tracks: dict[_Stop, int] = {}
        taken: list[int] = []
        for first, last, stop in spans:
            free = next((track for track, end in enumerate(taken) if end < first - GRID), len(taken))
            taken[free : free + 1] = [last]
            tracks[stop] = free
        return tracks

    def _boxes(self) -> Iterator[tuple[str, Box]]:
        y = _MARGIN
        self._floor = [0] * len(self._rows)
        for place in reversed(range(len(self._rows))):
            boxes = [stop.box for stop in self._rows[place] if self._row[stop.box] == place]
            y += max(self._sizes[box].height for box in boxes)
            self._floor[place] = y
            for box in boxes:
                width, height = self._sizes[box]
                yield box, Box(self._x[_Stop(box, place)] - width // 2, y - height, width, height)
            if place:
                y += GRID * (max(self._tracks[place - 1].values(), default=0) + 6)

    def _corners(self, needed: str, needs: str) -> Iterator[Point]:
        stop, end = _Stop(needed, self._row[needed]), _Stop(needs, self._row[needs])
        yield self._x[stop], self.boxes[needed].y
        while stop.row < end.row:
            above = end if stop.row + 1 == end.row else _Stop(needed, stop.row + 1)
            # Below the row above there is room for every track, and for the head of an arrow.
            highest = max(self._tracks[stop.row].values())
            y = self._floor[stop.row + 1] + GRID * (3 + highest - self._tracks[stop.row][stop])
            across = self._ports.get((stop, above), self._x[above])
            yield from ((self._x[stop], y), (across, y))
            stop = above
        yield across, self._floor[end.row]


def _wanted(
    row: Sequence[_Stop], joined: Mapping[_Stop, Sequence[_Stop]], at: Mapping[_Stop, float]
) -> dict[_Stop, float]:
    """The middle of what each is joined with; where there is nothing, where it stands."""
    return {
        stop: fmean(at[each] for each in joined.get(stop, ())) if joined.get(stop) else at[stop]
        for stop in row
    }
