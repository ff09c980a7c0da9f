"""The diary: enrol, check in, look back, forget. Every write is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from afterrun.assessment import CheckIn, Result, part_of
from afterrun.diary.database import open_database
from afterrun.diary.errors import DiaryError, StorageError
from afterrun.diary.history import History, KeptCheckIn
from afterrun.diary.next_check_in import plain_value, worked_out
from afterrun.diary.settings import KeptSettings
from afterrun.diary.standing import Standing, begin
from afterrun.diary.stopped import before_last, refuse_stopped
from afterrun.diary.tables import LONGEST_NAME, CheckInRow, Enrolment
from afterrun.rulebook import Rulebook
from afterrun.schedule import Preferences, day_words

FURTHEST = timedelta(days=366)


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
        self._engine: Engine = open_database(address, create=create)

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
        with self._writing() as session:
            row = _current(session, person, lock=True)
            if row is not None and not again:
                raise DiaryError(
                    f"{person} is enrolled already, since {day_words(row.start, year=True)}.\n"
                    "To go on:  afterrun checkin\n"
                    "To begin anew:  afterrun start FILE --again\n"
                    "To forget all of it:  afterrun diary delete"
                )
            if row is not None:
                refuse_stopped(part, _history(row), seen)
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
            return _history(added)

    def history(self, person: str) -> History:
        """The person's latest enrolment."""
        found = self.all_of(person)
        if not found:
            raise DiaryError(f"{person} is not enrolled: begin with  afterrun start FILE")
        return found[-1]

    def all_of(self, person: str | None = None) -> list[History]:
        """Every enrolment of a person, or of everyone, the oldest first."""
        wanted = select(Enrolment).order_by(Enrolment.person, Enrolment.number)
        if person is not None:
            wanted = wanted.where(Enrolment.person == person)
        with self._writing() as session:
            return [_history(row) for row in session.scalars(wanted)]

    def check_in(
        self,
        part: Rulebook,
        history: History,
        answers: Mapping[str, Any],
        day: date,
        noted_at: datetime,
        *,
        seen: bool = False,
    ) -> tuple[CheckIn, KeptCheckIn]:
        """Work out one check-in and write it down; refused if the diary has gone on since `history`."""
        said, kept = worked_out(part, history, answers, day, noted_at, seen)
        with self._writing() as session:
            row = _unchanged(session, history)
            row.check_ins.append(CheckInRow(**_columns(kept, history)))
            return said, kept

    def correct(
        self, part: Rulebook, history: History, answers: Mapping[str, Any], noted_at: datetime
    ) -> tuple[CheckIn, KeptCheckIn]:
        """Answer the last check-in anew, for one that was mistyped; what it said before is kept beside it.

        Refused where a sign stopped the plan, and if the diary has gone on since `history`.
        """
        before, last = before_last(part, history), history.check_ins[-1]
        said, kept = worked_out(part, before, answers, last.day, noted_at, last.seen)
        kept = kept._replace(corrected=(*last.corrected, last._replace(corrected=())))
        with self._writing() as session:
            row = _unchanged(session, history)
            _write(row.check_ins[-1], kept, before)
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
        with self._writing() as session:
            row = _unchanged(session, history)
            row.settings = [*row.settings, kept.to_dict()]
            session.flush()
            return _history(row)

    def resume(self, history: History, day: date, noted_at: datetime) -> History:
        """Let a plan go on that was stopped, for someone who has been seen, on any day."""
        stop = _stop_of(history)
        if not history.check_ins[-1].day <= day <= noted_at.date():
            raise DiaryError(f"{day_words(day, year=True)} is not a day since the plan was stopped")
        with self._writing() as session:
            row = _unchanged(session, history)
            row.check_ins[stop.number - 1].seen_on = day
            session.flush()
            return _history(row)

    def take_back(self, history: History, noted_at: datetime) -> History:
        """Take back the last stop, told by mistake; what was told stays written down.

        An earlier stop holds on. Where it was told while a check-in was corrected, that stands again.
        """
        stop = _stop_of(history)
        with self._writing() as session:
            row = _unchanged(session, history)
            written = row.check_ins[stop.number - 1]
            back = stop._replace(taken_back_on=noted_at.date(), corrected=())
            if stop.corrected:
                again = stop.corrected[-1]._replace(corrected=(*stop.corrected, back))
                _write(written, again, history._replace(check_ins=history.check_ins[: stop.number - 1]))
            else:
                written.taken_back_on = back.taken_back_on
            session.flush()
            return _history(row)

    def forget(self, person: str) -> int:
        """Take out everything of a person, from the file too; gives the number of enrolments."""
        with self._writing() as session:
            rows = session.scalars(select(Enrolment).where(Enrolment.person == person)).all()
            for row in rows:
                session.delete(row)
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if self._engine.dialect.name == "sqlite":
                # What was deleted is gone from the file and from the log beside it, too.
                driver = connection.connection.cursor()
                connection.rollback()
                driver.execute("VACUUM")
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            else:
                connection.execute(text("VACUUM enrolments, check_ins"))
        return len(rows)

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                yield session
        except IntegrityError as error:
            raise DiaryError("another process wrote the same at this moment; nothing was written") from error
        except DatabaseError as error:
            raise StorageError(f"the diary cannot be used: {str(error.orig).strip()}") from error
        except (ValueError, TypeError, KeyError) as error:
            raise StorageError("the diary is damaged: it holds what no afterrun wrote") from error


def _unchanged(session: Session, history: History) -> Enrolment:
    """The person's row, locked, as it was when the history was read."""
    row = _current(session, history.person, lock=True)
    if row is None or row.number != history.number:
        raise DiaryError("the plan was begun anew or forgotten meanwhile; nothing was written")
    now = _history(row)
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


def _current(session: Session, person: str, *, lock: bool = False) -> Enrolment | None:
    wanted = select(Enrolment).where(Enrolment.person == person).order_by(Enrolment.number.desc()).limit(1)
    return session.scalars(wanted.with_for_update() if lock else wanted).first()


_READ = ("first", "check_ins", "settings")
"""What of a row is more than its columns."""


def _history(row: Enrolment) -> History:
    Preferences.of(row.preferences)
    return History(
        **{name: getattr(row, name) for name in History._fields if name not in _READ},
        first=Standing.of(row.standing),
        settings=tuple(map(KeptSettings.of, row.settings)),
        check_ins=tuple(_kept(row.check_ins)),
    )


def _kept(rows: Iterable[CheckInRow]) -> Iterator[KeptCheckIn]:
    week = 0
    for row in rows:
        week = week if row.week is None else row.week
        columns = {name: getattr(row, name) for name in KeptCheckIn._fields}
        yield KeptCheckIn.of(columns | {"week": week})
