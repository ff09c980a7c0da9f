"""The tables: one row an enrolment, one a check-in; a correction keeps what stood there before.

Each row is sealed when it is written.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, MetaData, String, UniqueConstraint, event, false, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from afterrun.diary.database.seals import seal

LONGEST_NAME = 200


class Base(DeclarativeBase):
    """Every constraint has a name, so that migrations can speak of it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Enrolment(Base):
    """A person begins a plan; the latest is the one that goes on."""

    __tablename__ = "enrolments"
    __table_args__ = (UniqueConstraint("person", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(LONGEST_NAME))
    number: Mapped[int]
    """1, and one more each time the person begins anew."""
    start: Mapped[date]
    noted_at: Mapped[datetime]
    """On the person's own clock."""
    intake: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    rulebook: Mapped[dict[str, str]] = mapped_column(JSON)
    standing: Mapped[dict[str, Any]] = mapped_column(JSON)
    seen: Mapped[bool] = mapped_column(server_default=false())
    """Whether the person had been seen, where the plan before this one was stopped."""
    preferences: Mapped[dict[str, Any]] = mapped_column(JSON, server_default=text("'{}'"))
    """What the person chose for the weeks when the plan began."""
    settings: Mapped[list[Any]] = mapped_column(JSON, server_default=text("'[]'"))
    """Each change of it since, and of the goal, the oldest first."""
    seal: Mapped[str] = mapped_column(String(64), server_default="")
    """The digest of all the others."""
    check_ins: Mapped[list[CheckInRow]] = relationship(
        order_by="CheckInRow.number", cascade="all, delete-orphan", back_populates="enrolment"
    )


class CheckInRow(Base):
    """A check-in: what was answered, what was said to do, and where the person stood then."""

    __tablename__ = "check_ins"
    __table_args__ = (UniqueConstraint("enrolment_id", "week"), UniqueConstraint("enrolment_id", "number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id", ondelete="CASCADE"))
    number: Mapped[int]
    """1 for the first, without a gap."""
    week: Mapped[int | None]
    """The week since the start that it looks back on; a stop by a sign looks back on none."""
    day: Mapped[date]
    noted_at: Mapped[datetime]
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    seen: Mapped[bool]
    """Whether the person had been seen since the plan was stopped."""
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    rulebook: Mapped[dict[str, str]] = mapped_column(JSON)
    standing: Mapped[dict[str, Any]] = mapped_column(JSON)
    corrected: Mapped[list[Any]] = mapped_column(JSON, server_default=text("'[]'"))
    """The same check-in as it stood before each correction."""
    seen_on: Mapped[date | None]
    """The day from which on a plan that this check-in stopped goes on."""
    taken_back_on: Mapped[date | None]
    """The day on which a stop was said to be a mistake."""
    seal: Mapped[str] = mapped_column(String(64), server_default="")
    enrolment: Mapped[Enrolment] = relationship(back_populates="check_ins")


class Forgetting(Base):
    """Rows that are deleted while their bytes may not be gone yet; of whom is not kept."""

    __tablename__ = "forgettings"

    id: Mapped[int] = mapped_column(primary_key=True)


def seal_of(row: Enrolment | CheckInRow) -> str:
    """What seals a row with the values that it has now."""
    return seal({column.name: getattr(row, column.name) for column in row.__table__.columns})


@event.listens_for(Enrolment, "before_insert")
@event.listens_for(Enrolment, "before_update")
@event.listens_for(CheckInRow, "before_insert")
@event.listens_for(CheckInRow, "before_update")
def _seal(_mapper: Any, _connection: Any, row: Enrolment | CheckInRow) -> None:
    row.seal = seal_of(row)
