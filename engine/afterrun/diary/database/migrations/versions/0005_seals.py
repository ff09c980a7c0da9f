"""Each row has a seal, and a forgetting that is not finished is remembered."""

import sqlalchemy as sa
from alembic import op

from afterrun.diary.database.seals import seal

revision = "0005"
down_revision = "0004"

TABLES = {
    "enrolments": {
        "id": sa.Integer, "person": sa.String, "number": sa.Integer, "start": sa.Date,
        "noted_at": sa.DateTime, "intake": sa.JSON, "result": sa.JSON, "rulebook": sa.JSON,
        "standing": sa.JSON, "seen": sa.Boolean, "preferences": sa.JSON, "settings": sa.JSON,
        "seal": sa.String,
    },
    "check_ins": {
        "id": sa.Integer, "enrolment_id": sa.Integer, "number": sa.Integer, "week": sa.Integer,
        "day": sa.Date, "noted_at": sa.DateTime, "answers": sa.JSON, "seen": sa.Boolean,
        "said": sa.JSON, "rulebook": sa.JSON, "standing": sa.JSON, "corrected": sa.JSON,
        "seen_on": sa.Date, "taken_back_on": sa.Date, "seal": sa.String,
    },
}  # fmt: skip
"""The columns as they were in this version."""


def upgrade() -> None:
    """Add the columns and the table, and seal what is there."""
    connection = op.get_bind()
    for name, columns in TABLES.items():
        op.add_column(name, sa.Column("seal", sa.String(64), nullable=False, server_default=""))
        table = sa.table(name, *(sa.column(each, kind) for each, kind in columns.items()))
        for (number,) in connection.execute(sa.select(table.c.id)).all():
            row = connection.execute(sa.select(table).where(table.c.id == number)).one()
            sealed = seal(dict(row._mapping))
            connection.execute(sa.update(table).where(table.c.id == number).values(seal=sealed))
    op.create_table(
        "forgettings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_forgettings"),
    )
