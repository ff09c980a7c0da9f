"""Whether the file of a diary is whole, looked at each time before anything is read of it."""

from __future__ import annotations

from sqlalchemy import Connection

from afterrun.diary.database.tables import Base
from afterrun.diary.errors import DamagedError

_WITHOUT_PLAN = (
    "SELECT 1 FROM check_ins LEFT JOIN enrolments ON enrolments.id = enrolment_id "
    "WHERE enrolments.id IS NULL LIMIT 1"
)


def refuse_damaged_pages(connection: Connection, place: str) -> None:
    """Refuse a file whose pages do not hold together; a millisecond for each megabyte."""
    if connection.dialect.name != "sqlite":
        return
    if wrong := connection.exec_driver_sql("PRAGMA integrity_check(1)").scalars().all():
        first = str(wrong[0])
        if first != "ok":
            raise DamagedError(place, " ".join(first.replace("*** in database main ***", "").split()))


def refuse_missing_parts(connection: Connection, place: str) -> None:
    """Refuse tables that lack what their version has, and check-ins that lack their plan."""
    if connection.dialect.name != "sqlite":
        return
    for name, table in Base.metadata.tables.items():
        found = {row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({name})")}
        if lacking := [column.name for column in table.columns if column.name not in found]:
            raise DamagedError(place, f"it lacks {name}.{lacking[0]}")
    if connection.exec_driver_sql(_WITHOUT_PLAN).first() is not None:
        raise DamagedError(place, "it holds check-ins of a plan that it does not hold")
