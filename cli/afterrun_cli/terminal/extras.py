"""What `pip install afterrun` leaves out: whether it is here, and how it comes."""

from __future__ import annotations

from importlib import util

from afterrun_cli.terminal.exits import COULD_NOT_RUN, leave

MODULES = {
    "batch": {"numpy": "numpy", "polars": "polars", "zstandard": "zstandard"},
    "calendar": {"icalendar": "icalendar"},
    "diary": {"sqlalchemy": "SQLAlchemy", "alembic": "Alembic"},
    "pdf": {"weasyprint": "weasyprint"},
    "prove": {"z3": "z3-solver"},
}
"""The modules of each extra that a command asks for, by the name to import, and the name each goes by."""


def missing_modules(extra: str) -> list[str]:
    """What of an extra is not installed."""
    return [name for module, name in MODULES[extra].items() if util.find_spec(module) is None]


def refuse_missing(extra: str, wanted_by: str) -> None:
    """Leave with the way out unless an extra is there."""
    if missing := missing_modules(extra):
        are, them = ("is", "it") if len(missing) == 1 else ("are", "them")
        leave(
            COULD_NOT_RUN,
            f"error: {wanted_by} needs {' and '.join(missing)}, which {are} not installed. "
            f"Install {them} with:  pip install 'afterrun[{extra}]'",
        )
