"""From files to runs: each file read once, what cannot be left out, what is told twice counted once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import cast, get_args

from afterrun.history.doubles import APART, Recording, grouped, perhaps_twice
from afterrun.history.files.streams import Damaged, drain
from afterrun.history.files.walk import Closed, Opened, walk
from afterrun.history.formats.activity import HEAD, Activity, Entry, Fault, Note, Unreadable, may_be_run
from afterrun.history.formats.known import format_of
from afterrun.history.plausibility import impossible_day, impossible_run, was_nothing
from afterrun.history.runs import Found, Kind, LeftOut, Run, RunningHistory

_RUNS = frozenset(get_args(Kind))
_NO_RECORDING = Fault("it is no recording of a kind that is read here")
_BESIDE = _NO_RECORDING._replace(may_be_run=False)
"""The same of a photo in an export."""
_OF_RECORDINGS = tuple(f".{kind}{packed}" for kind in ("fit", "gpx", "tcx") for packed in ("", ".gz"))
_UNSAID = (
    "it does not say which one sport it was in a word that is known here: "
    "choose one for it in the program that it comes from"
)


def read_history(
    paths: Sequence[Path],
    zone: tzinfo | None = None,
    *,
    today: date,
    miles: bool | None = None,
    now: date | None = None,
) -> RunningHistory:
    """Files, folders and archives in, one person's runs out; what could not be read is told with its reason.

    `zone` is the person's; without one a file's own clock holds where it tells one, else this machine's.
    `miles` says whether tables that tell no unit are in miles; where nobody does, their runs have no
    distance. What began after `today` is left out: as a wrong clock's where it is later than `now`, which is
    `today` if it is not given, else without a word, as what was not known on that day. ModuleNotFoundError
    where a FIT file comes and the extra `history` is not installed.
    """
    reading = _Reading(paths, zone, today, miles, now or today)
    for each in walk(paths, reading.is_told):
        if isinstance(each, Closed):
            reading.leave_out(each.name, Fault(each.reason))
        else:
            reading.read(each)
    return reading.history()


class _Reading:
    def __init__(
        self, paths: Sequence[Path], zone: tzinfo | None, today: date, miles: bool | None, now: date
    ) -> None:
        self._named = frozenset(map(str, paths))
        self._zone, self._today, self._told_miles = zone, today, miles
        self._now = max(now, today)
        self._recordings: list[Recording] = []
        self._left_out = set[tuple[LeftOut, datetime | None]]()
        self._tables = set[str]()
        self._no_recordings: dict[str, list[str]] = defaultdict(list)
        self._notes: dict[str, None] = {}
        self._digests: set[str] = set()
        self._told: set[str] = set()
        self._begins: list[datetime] = []
        self._miles: set[bool] = set()

    def is_told(self, name: str) -> bool:
        """Whether a row of an index told what the file of this name tells."""
        return _with_slashes(name) in self._told

    def leave_out(self, name: str, fault: Fault) -> None:
        began = fault.began
        if began is not None:
            began = None if impossible_day(began, self._now) else self._on_the_clock(began)
        self._left_out.add((LeftOut(name, fault.place, fault.reason, None, fault.may_be_run), began))

    def read(self, file: Opened) -> None:
        """Take in a file, unless the very same bytes came before under another name."""
        entries = _whole(file, self._told_miles)
        digest = file.source.digest()
        if digest in self._digests:
            return
        self._digests.add(digest)
        if entries == [_NO_RECORDING] and not file.name.lower().endswith(_OF_RECORDINGS):
            self._no_recordings[_folder(file.name)].append(file.name)
            return
        if _is_table(file.name):
            self._tables.add(_folder(file.name))
        for each in entries:
            match each:
                case Activity():
                    self._take(file.name, digest, each)
                case Fault():
                    self.leave_out(file.name, each)
                case Note():
                    self._notes[f"{file.name}: {each.text}"] = None

    def _take(self, name: str, digest: str, activity: Activity) -> None:
        is_run = may_be_run(activity.sport)
        if reason := impossible_day(activity.began, self._now):
            self.leave_out(name, Fault(reason, activity.place, may_be_run=is_run))
            return
        if impossible_day(activity.began, self._today):
            return
        began = self._on_the_clock(activity.began)
        self._begins.append(began)
        if activity.miles is not None:
            self._miles.add(activity.miles)
        if is_run and (reason := impossible_run(activity)):
            may_be = not was_nothing(activity)
            self.leave_out(name, Fault(reason, activity.place, activity.began, may_be))
            return
        if activity.stands_for and not (is_run and None in (activity.metres, activity.seconds)):
            folder = _folder(name)
            self._told.add(f"{folder}/{activity.stands_for}" if folder else activity.stands_for)
        self._recordings.append(
            Recording(
                began,
                activity.metres,
                activity.seconds,
                activity.sport,
                activity.moving,
                activity.only_day,
                Found(name, digest, activity.place),
                activity.began.tzinfo is None and self._zone is None,
            )
        )

    def _on_the_clock(self, began: datetime) -> datetime:
        """The instant on the person's clock; ambiguous hours of the autumn are the first of both."""
        began = began.replace(microsecond=0)
        if began.tzinfo is None and self._zone is not None:
            return began.replace(tzinfo=self._zone)
        if self._zone is None and began.utcoffset():
            return began
        if self._zone is None:
            self._notes["No time zone was given: times are on this machine's clock."] = None
        return began.astimezone(self._zone)

    def _leave_out_no_recordings(self) -> None:
        """Tell those of a folder together: an export has photos by the hundred, and tables of anything.

        What was named is named again; so is each table where none of its folder was read, for it may be
        what was wanted.
        """
        for folder, names in self._no_recordings.items():
            unread = folder not in self._tables
            wanted = [name for name in names if name in self._named or (unread and _is_table(name))]
            others = len(names) - len(wanted)
            for name in names if others == 1 else wanted:
                self.leave_out(name, _NO_RECORDING if name in wanted else _BESIDE)
            if others > 1:
                self.leave_out(
                    folder or ".", Fault(f"{others:,} files in it are no recordings", may_be_run=False)
                )

    def history(self) -> RunningHistory:
        """All that was read, by when it began."""
        self._leave_out_no_recordings()
        unsaid = [each for each in self._recordings if each.sport is None]
        runs, unsaid = _groups([each for each in self._recordings if each.sport in _RUNS], unsaid)
        others, unsaid = _groups(
            [each for each in self._recordings if each.sport is not None and each.sport not in _RUNS], unsaid
        )
        for each in unsaid:
            self.leave_out(each.found.file, Fault(_UNSAID, each.found.place, each.began))
        return RunningHistory(
            runs=tuple(map(_run, runs)),
            others=Counter(str(group[0].sport) for group in others),
            left_out=self._dated([group[0].began for group in runs]),
            first=min(self._begins, default=None),
            last=max(self._begins, default=None),
            miles=self._miles == {True},
            notes=tuple(self._notes),
            perhaps_twice=tuple(each.began.date() for each in perhaps_twice(runs)),
        )

    def _dated(self, begins: list[datetime]) -> tuple[LeftOut, ...]:
        """What was left out, in order, with its days; no run of its own where another recording told it."""
        begins = sorted(begins)
        found = list[LeftOut]()
        for each, began in self._left_out:
            if began is None:
                found.append(each)
                continue
            is_told = bisect_left(begins, began - APART) < bisect_right(begins, began + APART)
            found.append(each._replace(day=began.date(), may_be_run=each.may_be_run and not is_told))
        return tuple(sorted(found, key=lambda each: (*each[:3], each.day or date.min)))


def _is_table(name: str) -> bool:
    return name.lower().endswith((".csv", ".csv.gz"))


def _folder(name: str) -> str:
    return _with_slashes(name).rpartition("/")[0]


def _groups(
    recordings: list[Recording], unsaid: list[Recording]
) -> tuple[list[tuple[Recording, ...]], list[Recording]]:
    """The activities of these, with what does not say its sport and is the same; and what of that is left."""
    groups = grouped([*recordings, *unsaid])
    return (
        [group for group in groups if group[0].sport is not None],
        [each for group in groups if group[0].sport is None for each in group],
    )


def _whole(file: Opened, miles: bool | None) -> list[Entry]:
    """What a file gives. All of it is read: its digest and its packing's checksum are of the whole."""
    entries: list[Entry] = []
    for step in (_entries(file, miles), drain(file.stream)):
        try:
            for each in step:
                entries.append(each)  # one at a time: those before a fault count
        except Damaged as error:
            return [Fault(str(error))]
        except Unreadable as error:
            entries.append(Fault(str(error)))
    return entries


def _entries(file: Opened, miles: bool | None) -> Iterator[Entry]:
    head = file.stream.peek(HEAD)[:HEAD]
    if not head:
        yield Fault("it is empty")
    elif (known := format_of(head)) is None:
        yield _NO_RECORDING
    elif known.read_told is not None and miles is not None:
        yield from known.read_told(file.stream, miles)
    else:
        yield from known.read(file.stream)


def _run(group: Sequence[Recording]) -> Run:
    kept = group[0]
    # What says most of where it was: an app that knows no trails calls all of them runs.
    kind = next((each.sport for each in group if each.sport in _RUNS and each.sport != "run"), kept.sport)
    return Run(
        kept.began,
        None if kept.metres is None else round(kept.metres),
        None if kept.seconds is None else round(kept.seconds),
        cast(Kind, kind),
        tuple(each.found for each in group),
    )


def _with_slashes(name: str) -> str:
    return name.replace("\\", "/")
