"""A stop can be taken back where its sign was ticked by mistake."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column."""
    op.add_column("check_ins", sa.Column("taken_back_on", sa.Date(), nullable=True))
