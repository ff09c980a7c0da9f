"""What a person chose for the weeks of a plan, at its start and on the way."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns."""
    op.add_column(
        "enrolments", sa.Column("preferences", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
    )
    op.add_column(
        "enrolments", sa.Column("settings", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
    )
