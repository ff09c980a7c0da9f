"""The planned runs of a week in, and the runs that its check-in kept; out which was done on which day.

It decides nothing: sessions that no file records, as those for strength, are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from afterrun.assessment import part_of
from afterrun.diary.history import KeptCheckIn
from afterrun.diary.weeks.own_files import kept_runs
from afterrun.intake import FileRun, measured
from afterrun.rulebook import Rulebook
from afterrun.schedule import Session, Week


class PlannedRun(NamedTuple):
    """A session of the plan, a run that was done, or both."""

    session: Session | None
    """None for a run that no session planned."""
    run: FileRun | None
    """None for a session with no run."""

    @property
    def day(self) -> date:
        """The day of the session; of a run that none planned its own."""
        if self.session is not None:
            return self.session.at.date()
        assert self.run is not None
        return self.run.day

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values; the session by its name in every export, null for what is not there."""
        return {
            "session": None if self.session is None else self.session.id,
            "day": self.day.isoformat(),
            "planned": None if self.session is None else self.session.amount,
            "run": None if self.run is None else self.run.to_dict(),
        }

    @property
    def on_another_day(self) -> bool:
        """Whether the run was done on another day than planned."""
        return self.session is not None and self.run is not None and self.run.day != self.day


def running_sessions(part: Rulebook, planned: Week | None) -> tuple[Session, ...]:
    """The sessions that hold the amount of a week; none where it is to hold nothing, or has none."""
    schedule = part_of(part)[1].schedule
    if planned is None or planned.amount is None or planned.amount.value == 0 or schedule is None:
        return ()
    kinds = {kind for each in schedule.courses if each.id == planned.amount.course for kind in each.sessions}
    return tuple(each for each in planned.doings if each.kind in kinds)


def sessions_with_runs(sessions: Iterable[Session], runs: Iterable[FileRun]) -> tuple[PlannedRun, ...]:
    """Each session with its run, and the runs that are left, by day.

    A session takes the longest run of its day; then each that has none takes the nearest that is left, the
    closest pair first and the earlier session of two.
    """
    planned = dict(enumerate(sessions))
    left = list(runs)
    unit = measured(left)
    left.sort(key=lambda each: (each.day, -getattr(each, unit) if unit else 0))
    found: dict[int, FileRun] = {}
    while left and len(found) < len(planned):
        _, number, place = min(
            (abs((run.day - session.at.date()).days), number, place)
            for number, session in planned.items()
            if number not in found
            for place, run in enumerate(left)
        )
        found[number] = left.pop(place)
    rows = [PlannedRun(session, found.get(number)) for number, session in planned.items()]
    rows += [PlannedRun(None, run) for run in left]
    return tuple(sorted(rows, key=lambda each: (each.day, each.session is None)))


def planned_runs(part: Rulebook, planned: Week | None, kept: KeptCheckIn) -> tuple[PlannedRun, ...]:
    """The week of a check-in, session by session; nothing where its amount came from no files."""
    found = kept_runs(part, kept)
    return () if found is None else sessions_with_runs(running_sessions(part, planned), found.runs)
