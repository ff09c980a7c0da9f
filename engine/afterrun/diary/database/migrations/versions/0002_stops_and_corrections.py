"""A stop takes no week; how a stopped plan went on; what a corrected check-in said before."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns, and let the week of a stop be empty."""
    op.add_column("enrolments", sa.Column("seen", sa.Boolean(), nullable=False, server_default=sa.false()))
    # SQLite changes no column in place: the table is copied.
    with op.batch_alter_table("check_ins") as table:
        table.alter_column("week", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("seen_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("corrected", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
