"""To forget someone: the rows are deleted, then their bytes; each step can be repeated until all is done."""

from __future__ import annotations

import time

from sqlalchemy import Connection, Engine, delete, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from afterrun.diary.database import faults
from afterrun.diary.database.addresses import Address
from afterrun.diary.database.tables import CheckInRow, Enrolment, Forgetting
from afterrun.diary.errors import NotForgottenError, StorageError

OUTSIDE = "outside_transactions"
"""The option of a connection for what SQLite does outside of transactions only."""
_LEFT = "the rows are deleted, but what stood in them may still be in the database, since"
_READERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend' AND backend_xmin IS NOT NULL"
)


def plans_of(session: Session, person: str) -> int:
    """How many enrolments there are, whatever is in them."""
    return session.scalars(select(func.count(Enrolment.id)).where(Enrolment.person == person)).one()


def is_unfinished(session: Session) -> bool:
    """Whether rows were deleted whose bytes may be left."""
    return session.scalars(select(Forgetting.id).limit(1)).first() is not None


def delete_rows(session: Session, person: str) -> None:
    """Take out the rows of a person, and note in the same transaction that the bytes are still to go."""
    theirs = select(Enrolment.id).where(Enrolment.person == person)
    # Without reading them, so that those that are damaged can be forgotten, too.
    unread = {"synchronize_session": False}
    session.execute(delete(CheckInRow).where(CheckInRow.enrolment_id.in_(theirs)), execution_options=unread)
    session.execute(delete(Enrolment).where(Enrolment.person == person), execution_options=unread)
    if plans_of(session, person):
        raise StorageError("nothing was deleted: something in the database holds on to the rows")
    session.add(Forgetting())
    session.flush()


def scrub(engine: Engine, address: Address) -> None:
    """Take the bytes of deleted rows out of the database. Raises NotForgottenError while any may be left."""
    try:
        if engine.dialect.name == "sqlite":
            _scrub_file(engine)
        else:
            _scrub_server(engine)
        with engine.begin() as connection:
            connection.execute(delete(Forgetting))
    except DBAPIError as error:
        why = faults.storage_error(error, address, "the diary")
        raise NotForgottenError(f"{_LEFT} {why.first_line}") from error


def _scrub_file(engine: Engine) -> None:
    with engine.connect().execution_options(**{OUTSIDE: True}) as connection:
        # What is left of others is not copied to another folder.
        connection.exec_driver_sql("PRAGMA temp_store = MEMORY")
        try:
            connection.exec_driver_sql("VACUUM")
        except DBAPIError as error:
            # To write the file anew takes as much room as is still in it. Where there is none the zeros
            # that `secure_delete` wrote over each row are enough, once they are in the file itself.
            if not faults.is_full(error):
                raise
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
    if busy:
        raise _still_read()


def _scrub_server(engine: Engine) -> None:
    """Tables written anew; a row that someone's older transaction can still see would be taken along."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _wait_for_readers(connection)
        connection.execute(text("SET statement_timeout = 0"))
        try:
            connection.execute(text("VACUUM (FULL) enrolments, check_ins"))
        finally:
            # No other use of this connection is to be without a limit.
            connection.invalidate()


def _wait_for_readers(connection: Connection) -> None:
    until = time.monotonic() + faults.PATIENCE_SECONDS
    while connection.scalar(_READERS):
        if time.monotonic() > until:
            raise _still_read()
        time.sleep(0.1)


def _still_read() -> NotForgottenError:
    held = f"another program still reads the diary as it was; waited {faults.PATIENCE_SECONDS} s"
    return NotForgottenError(f"{_LEFT} {held}")
