"""Whether what `afterrun batch` needs beyond the rest is installed."""

from __future__ import annotations

from importlib.util import find_spec

from afterrun_cli.terminal.exits import COULD_NOT_RUN, leave

EXTRA = ("numpy", "polars", "zstandard")


def refuse_missing_extra() -> None:
    """Leave with the way out unless the extra is there."""
    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        leave(
            COULD_NOT_RUN,
            f"error: afterrun batch needs {', '.join(missing)}, which is not installed. "
            "Install it with:  pip install 'afterrun[batch]'",
        )
