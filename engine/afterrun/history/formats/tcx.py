"""TCX: laps with their distance and time, as Garmin's Training Center wrote them. Tracks are passed over."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from math import isfinite

from afterrun.history.formats import markup
from afterrun.history.formats.activity import Activity, Entry, Fault, Format, Sport

_SPORTS: dict[str, Sport] = {"Running": "run", "Biking": "ride"}
"""All that TCX has a word for. Its `Other` is whatever a program exports without one: it rules no run out."""


def read(stream: io.BufferedReader) -> Iterator[Entry]:
    """An entry for each activity; the sports of a multisport session are activities of their own."""
    reader = _Reader()
    for _ in markup.chunks(stream, reader.parser, lambda: reader.ended):
        yield from reader.done
        reader.done.clear()
    if not reader.number:
        yield Fault("it is a course or a workout, no activity", may_be_run=False)


class _Reader:
    def __init__(self) -> None:
        self.done: list[Entry] = []
        self.number = 0
        self.ended = 0
        self.parser = markup.parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._sport: Sport | None = None
        self._texts: dict[str, list[str]] = {}
        self._began = ""
        self._open = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "Activity":
            self.number += 1
            self._open = True
            self._sport = _SPORTS.get(attributes.get("Sport", ""))
            self._texts = {"TotalTimeSeconds": [], "DistanceMeters": []}
            self._began = ""
        elif not self._open:
            return
        elif name == "Lap":
            self._began = self._began or attributes.get("StartTime", "")
        elif name == "Track":
            # Where it was. Only its end is waited for.
            self.parser.StartElementHandler = None
            self.parser.EndElementHandler = self._end_of_track
        elif name in self._texts:
            self._texts[name].append("")
            self.parser.CharacterDataHandler = lambda text: self._add(name, text)

    def _add(self, name: str, text: str) -> None:
        self._texts[name][-1] += text

    def _end_of_track(self, name: str) -> None:
        self.ended += 1
        if name.endswith("Track"):
            self.parser.StartElementHandler = self._start
            self.parser.EndElementHandler = self._end

    def _end(self, name: str) -> None:
        self.ended += 1
        self.parser.CharacterDataHandler = None
        if name.endswith("Activity") and self._open:
            self._open = False
            self.done.append(self._activity())

    def _activity(self) -> Entry:
        place = f"activity {self.number}" if self.number > 1 else ""
        try:
            began = datetime.fromisoformat(self._began.strip())
        except ValueError:
            return Fault("a time in it cannot be read" if self._began else "it has no times", place)
        began = began if began.tzinfo else began.replace(tzinfo=UTC)
        try:
            seconds, metres = (
                sum(map(float, self._texts[name])) if self._texts[name] else None
                for name in ("TotalTimeSeconds", "DistanceMeters")
            )
        except ValueError:
            return Fault("a number in it cannot be read", place, began)
        if not all(each is None or isfinite(each) for each in (seconds, metres)):
            return Fault("a number in it cannot be read", place, began)
        return Activity(began, metres, seconds, self._sport, place)


FORMAT = Format("TCX", lambda head: markup.root_of(head) == "TrainingCenterDatabase", read)
