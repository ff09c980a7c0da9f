"""One transaction with the diary, and what became of one whose end was not heard of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from afterrun.diary.database.addresses import Address
from afterrun.diary.database.faults import WRONG_CONTENT, storage_error
from afterrun.diary.database.forgetting import plans_of
from afterrun.diary.database.rows import PLACE, history_of
from afterrun.diary.database.tables import Enrolment
from afterrun.diary.errors import DamagedError, DiaryError, NotForgottenError, StorageError
from afterrun.diary.history import History


@contextmanager
def transaction(
    engine: Engine, address: Address, *, of: str | None = None, gone: str | None = None
) -> Iterator[Session]:
    """One transaction. Where its end was not heard of, look again what became of it.

    `of` is whom it writes of, `gone` of whom nothing is to be left.
    """
    expected: History | None = None
    ended = False
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
            session.flush()
            row = None if of is None else current(session, of)
            expected = None if row is None else history_of(row)
            ended = True
    except IntegrityError as error:
        raise DiaryError("another process wrote the same at this moment; nothing was written") from error
    except DBAPIError as error:
        told = storage_error(error, address, PLACE)
        if not ended:
            raise told from None
        if not _is_written(engine, told, expected, gone):
            raise StorageError(f"{told.first_line}; nothing was written") from None
    except WRONG_CONTENT as error:
        raise DamagedError(PLACE, "it holds what no afterrun wrote") from error


def current(session: Session, person: str, *, lock: bool = False) -> Enrolment | None:
    """The row of a person's latest enrolment."""
    wanted = select(Enrolment).where(Enrolment.person == person).order_by(Enrolment.number.desc()).limit(1)
    return session.scalars(wanted.with_for_update() if lock else wanted).first()


def _is_written(engine: Engine, told: StorageError, expected: History | None, gone: str | None) -> bool:
    """Whether a transaction whose end was not heard of came to its end."""
    if expected is None and gone is None:
        return False
    person = gone if expected is None else expected.person
    assert person is not None
    try:
        engine.dispose()
        with Session(engine) as session:
            if gone is not None:
                return not plans_of(session, person)
            row = current(session, person)
            return row is not None and history_of(row) == expected
    except DBAPIError:
        if gone is not None:
            what = f"it is not known whether the rows are deleted: {told.first_line}"
            raise NotForgottenError(what) from None
        raise StorageError(
            f"{told.first_line}. It is not known whether it was written: look with  afterrun diary"
        ) from None
