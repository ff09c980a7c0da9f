"""The diary: enrol, check in, look back, forget. Every write is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from afterrun.assessment import CheckIn, Result, part_of
from afterrun.diary.database.addresses import read_address
from afterrun.diary.database.forgetting import delete_rows, is_unfinished, plans_of, scrub
from afterrun.diary.database.opening import open_database
from afterrun.diary.database.rows import history_of
from afterrun.diary.database.tables import LONGEST_NAME, CheckInRow, Enrolment
from afterrun.diary.database.transactions import current, transaction
from afterrun.diary.errors import DiaryError
from afterrun.diary.history import History, KeptCheckIn
from afterrun.diary.next_check_in import plain_value, worked_out
from afterrun.diary.settings import KeptSettings
from afterrun.diary.standing import begin
from afterrun.diary.stopped import before_last, refuse_stopped
from afterrun.rulebook import Rulebook
from afterrun.schedule import Preferences, day_words

FURTHEST = timedelta(days=366)


def _nothing(_: CheckIn) -> None:
    """Whoever keeps nothing beside the diary has nothing to do first."""


class NewPlan(NamedTuple):
    """Who begins a plan, and when."""

    person: str
    start: date
    noted_at: datetime
    again: bool = False
    """Whether another plan of theirs may be followed by this one."""
    seen: bool = False
    """Whether they have been seen, where that one was stopped."""
    preferences: Preferences = Preferences()
    """What they choose for its weeks."""


class Diary:
    """A diary at an address; each method is a transaction of its own."""

    def __init__(self, address: str, *, create: bool = True) -> None:
        self._address = read_address(address)
        self._engine: Engine = open_database(self._address, create=create)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def enrol(self, part: Rulebook, intake: Mapping[str, Any], result: Result, plan: NewPlan) -> History:
        """Begin a plan; refused when the person has one, unless it is to begin `again`.

        A plan that was stopped is followed by another only for someone who has been `seen`.
        """
        person, start, noted_at, again, seen, preferences = plan
        if not person.strip() or len(person) > LONGEST_NAME or not person.isprintable():
            raise DiaryError(f"'{person[:40]!s}' is no name: 1 to {LONGEST_NAME} printable characters")
        if abs(start - noted_at.date()) > FURTHEST:
            begins, today = day_words(start, year=True), day_words(noted_at, year=True)
            raise DiaryError(f"{begins} is more than a year away from today, {today}")
        first = begin(part, result)
        chosen = _checked(part, preferences)
        with self._writing(of=person) as session:
            row = current(session, person, lock=True)
            if row is not None and not again:
                raise DiaryError(
                    f"{person} is enrolled already, since {day_words(row.start, year=True)}.",
                    "To go on:  afterrun checkin",
                    "To begin anew:  afterrun start FILE --again",
                    "To forget all of it:  afterrun diary delete",
                )
            if row is not None:
                refuse_stopped(part, history_of(row), seen)
            added = Enrolment(
                person=person,
                number=1 if row is None else row.number + 1,
                start=start,
                noted_at=noted_at,
                intake=dict(intake),
                result=result.to_dict(),
                rulebook=dict(result.rulebook),
                standing=first.to_dict(),
                seen=seen,
                preferences=chosen,
                settings=[],
            )
            session.add(added)
            session.flush()
            return history_of(added)

    def history(self, person: str) -> History:
        """The person's latest enrolment."""
        return self.enrolments(person)[-1]

    def enrolments(self, person: str) -> list[History]:
        """Every enrolment of a person, the oldest first; DiaryError where there is none."""
        found = self.all_of(person)
        if not found:
            if self._engine.dialect.name == "sqlite":
                # A name that is damaged is found here; a server has too many rows to look through.
                self.all_of()
            raise DiaryError(f"{person} is not enrolled: begin with  afterrun start FILE")
        return found

    def all_of(self, person: str | None = None) -> list[History]:
        """Every enrolment of a person, or of everyone, the oldest first."""
        wanted = select(Enrolment).order_by(Enrolment.person, Enrolment.number)
        if person is not None:
            wanted = wanted.where(Enrolment.person == person)
        with self._writing() as session:
            return [history_of(row) for row in session.scalars(wanted)]

    def check_in(
        self,
        part: Rulebook,
        history: History,
        answers: Mapping[str, Any],
        day: date,
        noted_at: datetime,
        *,
        seen: bool = False,
        first: Callable[[CheckIn], object] = _nothing,
    ) -> tuple[CheckIn, KeptCheckIn]:
        """Work out one check-in and write it down; refused if the diary has gone on since `history`.

        `first` is called with it before the diary keeps it: what it raises leaves the diary as it was.
        """
        said, kept = worked_out(part, history, answers, day, noted_at, seen)
        with self._writing(of=history.person) as session:
            row = _unchanged(session, history)
            row.check_ins.append(CheckInRow(**_columns(kept, history)))
            session.flush()
            first(said)
            return said, kept

    def correct(
        self,
        part: Rulebook,
        history: History,
        answers: Mapping[str, Any],
        noted_at: datetime,
        *,
        first: Callable[[CheckIn], object] = _nothing,
    ) -> tuple[CheckIn, KeptCheckIn]:
        """Answer the last check-in anew, for one that was mistyped; what it said before is kept beside it.

        Refused where a sign stopped the plan, and if the diary has gone on since `history`; `first` as above.
        """
        before, last = before_last(part, history), history.check_ins[-1]
        said, kept = worked_out(part, before, answers, last.day, noted_at, last.seen)
        kept = kept._replace(corrected=(*last.corrected, last._replace(corrected=())))
        with self._writing(of=history.person) as session:
            row = _unchanged(session, history)
            _write(row.check_ins[-1], kept, before)
            session.flush()
            first(said)
            return said, kept

    def settle(
        self,
        part: Rulebook,
        history: History,
        preferences: Preferences,
        facts: Mapping[str, Any],
        noted_at: datetime,
    ) -> History:
        """Change what the person chose, from now on; `facts` is what a new goal changes, or nothing."""
        facts = {key: plain_value(value) for key, value in facts.items()}
        kept = KeptSettings(noted_at, len(history.check_ins), _checked(part, preferences), facts)
        with self._writing(of=history.person) as session:
            row = _unchanged(session, history)
            row.settings = [*row.settings, kept.to_dict()]
            session.flush()
            return history_of(row)

    def resume(self, history: History, day: date, noted_at: datetime) -> History:
        """Let a plan go on that was stopped, for someone who has been seen, on any day."""
        stop = _stop_of(history)
        if not history.check_ins[-1].day <= day <= noted_at.date():
            raise DiaryError(f"{day_words(day, year=True)} is not a day since the plan was stopped")
        with self._writing(of=history.person) as session:
            row = _unchanged(session, history)
            row.check_ins[stop.number - 1].seen_on = day
            session.flush()
            return history_of(row)

    def take_back(self, history: History, noted_at: datetime) -> History:
        """Take back the last stop, told by mistake; what was told stays written down.

        An earlier stop holds on. Where it was told while a check-in was corrected, that stands again.
        """
        stop = _stop_of(history)
        with self._writing(of=history.person) as session:
            row = _unchanged(session, history)
            written = row.check_ins[stop.number - 1]
            back = stop._replace(taken_back_on=noted_at.date(), corrected=())
            if stop.corrected:
                again = stop.corrected[-1]._replace(corrected=(*stop.corrected, back))
                for mistake in row.check_ins[stop.number :]:
                    # The week that comes back may be one that a later mistake took.
                    mistake.week = mistake.week if mistake.week != again.week else None
                session.flush()
                _write(written, again, history._replace(check_ins=history.check_ins[: stop.number - 1]))
            else:
                written.taken_back_on = back.taken_back_on
            session.flush()
            return history_of(row)

    def is_kept(self, person: str) -> bool:
        """Whether anything of a person is left to forget: rows, or the bytes of some that are deleted."""
        with self._writing() as session:
            return bool(plans_of(session, person)) or is_unfinished(session)

    def forget(self, person: str) -> int:
        """Take out everything of a person, from the file too; gives the number of enrolments.

        Raises NotForgottenError where it is not finished; to call it again goes on.
        """
        count = 0
        with self._writing(gone=person) as session:
            count = plans_of(session, person)
            delete_rows(session, person)
        scrub(self._engine, self._address)
        return count

    def _writing(self, *, of: str | None = None, gone: str | None = None) -> AbstractContextManager[Session]:
        return transaction(self._engine, self._address, of=of, gone=gone)


def _unchanged(session: Session, history: History) -> Enrolment:
    """The person's row, locked, as it was when the history was read."""
    row = current(session, history.person, lock=True)
    if row is None or row.number != history.number:
        raise DiaryError("the plan was begun anew or forgotten meanwhile; nothing was written")
    now = history_of(row)
    if now.check_ins != history.check_ins:
        raise DiaryError("another check-in was written meanwhile; nothing was written")
    if now.settings != history.settings:
        raise DiaryError("the settings were changed meanwhile; nothing was written")
    return row


def _checked(part: Rulebook, preferences: Preferences) -> dict[str, Any]:
    schedule = part_of(part)[1].schedule
    return (preferences if schedule is None else preferences.checked(schedule)).to_dict()


def _columns(kept: KeptCheckIn, before: History) -> dict[str, Any]:
    return kept.to_columns() | {"week": kept.week if kept.week >= before.next_week else None}


def _write(row: CheckInRow, kept: KeptCheckIn, before: History) -> None:
    for name, value in _columns(kept, before).items():
        setattr(row, name, value)


def _stop_of(history: History) -> KeptCheckIn:
    """The last stop that still holds."""
    holding = history.holding
    if holding is None or not history.standing.stopped:
        raise DiaryError("the plan is not stopped")
    return holding
