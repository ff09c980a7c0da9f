"""Each row has a seal, and a forgetting that is not finished is remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns and the table; rows of before have no seal until they change."""
    for table in ("enrolments", "check_ins"):
        op.add_column(table, sa.Column("seal", sa.String(64), nullable=True))
    op.create_table(
        "forgettings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_forgettings"),
    )
