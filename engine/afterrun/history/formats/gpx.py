"""GPX: a track of positions and times. How far it was is measured between them; where it was stays here."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from math import cos, hypot, isfinite, radians, remainder, tau

from afterrun.history.formats import markup
from afterrun.history.formats.activity import Activity, Entry, Fault, Format
from afterrun.history.formats.tables.sports import named_sport

_EARTH = 6_371_008.8
"""Mean radius in metres (IUGG). A sphere is off by half a percent at most."""
_TIME = "\n@"
"""Begins each time among the texts that were gathered."""


def read(stream: io.BufferedReader) -> Iterator[Entry]:
    """An activity for each track. Without times it is none; its sport is unsaid without a known type."""
    reader = _Reader()
    tracks = 0
    for _ in markup.chunks(stream, reader.parser):
        reader.fold()
        yield from reader.done
        tracks += len(reader.done)
        reader.done.clear()
    if (last := reader.finished()) is not None:
        yield last
    elif not tracks:
        yield Fault("it has no recorded track, only places or a route", may_be_run=False)


class _Reader:
    """Keeps of all tracks no more than a chunk's positions.

    Only the beginnings of elements are heard: their order tells enough, and half of the calls are saved.
    """

    def __init__(self) -> None:
        self.done: list[Entry] = []
        self.parser = markup.parser()
        self.parser.StartElementHandler = self._root
        self._number = 0
        self._points: list[dict[str, str]] = []
        self._texts: list[str] = []
        self._type: list[str] = []
        self._begin_track()

    def _begin_track(self) -> None:
        for gathered in (self._points, self._texts, self._type):
            gathered.clear()
        self._metres = 0.0
        self._first = ""
        self._in_segment = False

    def _root(self, name: str, _: dict[str, str]) -> None:
        prefix = name[: name.rfind(":") + 1]
        point, moment, track, segment, kind = (
            prefix + each for each in ("trkpt", "time", "trk", "trkseg", "type")
        )
        others = frozenset((moment, track, segment, kind))
        parser, listening = self.parser, False
        add_point, add_text = self._points.append, self._texts.append

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal listening
            if listening:
                parser.CharacterDataHandler = None
                listening = False
            if name == point:
                add_point(attributes)
            elif name not in others:
                return
            elif name == moment and self._in_segment:
                add_text(_TIME)
                parser.CharacterDataHandler = add_text
                listening = True
            elif name == segment:
                self.fold()
                self._points.clear()
                self._in_segment = True
            elif name == kind and self._number and not self._in_segment:
                parser.CharacterDataHandler = self._type.append
                listening = True
            elif name == track:
                if (last := self.finished()) is not None:
                    self.done.append(last)
                self._number += 1
                self._begin_track()

        parser.StartElementHandler = start

    def fold(self) -> None:
        """Make a distance of the positions so far, and keep the first and the last time alone."""
        self._metres += _metres_between(self._points)
        del self._points[:-1]
        times = "".join(self._texts).split(_TIME)[1:]
        if times[1:]:
            # The last one may go on in the next chunk.
            self._first = self._first or times[0]
            self._texts[:] = [_TIME, times[-1]]

    def finished(self) -> Entry | None:
        """The track that has been read, if one has begun."""
        if not self._number:
            return None
        self.fold()
        place = f"track {self._number}" if self._number > 1 else ""
        last = "".join(self._texts).replace(_TIME, "")
        if not last.strip():
            return Fault("it has no times", place)
        began, ended = _moment(self._first or last), _moment(last)
        if began is None or ended is None:
            return Fault("a time in it cannot be read", place)
        if not isfinite(self._metres):
            return Fault("a position in it cannot be read", place, began)
        return Activity(
            began, self._metres, (ended - began).total_seconds(), named_sport("".join(self._type)), place
        )


def _metres_between(points: list[dict[str, str]]) -> float:
    """Along all of these: flat from one to the next, which is exact enough for steps of a run."""
    try:
        down = [radians(float(each["lat"])) for each in points]
        along = [radians(float(each["lon"])) for each in points]
        return _EARTH * sum(
            hypot(north - south, remainder(east - west, tau) * cos(north))
            for (south, north), (west, east) in zip(pairwise(down), pairwise(along), strict=True)
        )
    except (KeyError, ValueError):  # none, no number, or an endless one
        return float("nan")


def _moment(text: str) -> datetime | None:
    """A time of GPX, which is UTC also where it does not say so."""
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


FORMAT = Format("GPX", lambda head: markup.root_of(head) == "gpx", read)
