"""What a corrected check-in said before, and whether whoever began anew after a stop had been seen."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the two columns."""
    op.add_column("enrolments", sa.Column("seen", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(
        "check_ins", sa.Column("corrected", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
    )
