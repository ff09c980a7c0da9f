"""Alembic runs this file; the connection, and the transaction around it, are the diary's own."""

from alembic import context

from afterrun.diary.database.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
