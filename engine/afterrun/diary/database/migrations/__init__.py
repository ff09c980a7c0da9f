"""How a database of an older afterrun becomes one of this; run by Alembic when a diary is opened."""
