"""`afterrun rules export`: the rules for those who read them elsewhere."""

from __future__ import annotations

from pathlib import Path

from afterrun.tables import as_dmn
from afterrun_cli.terminal.exits import say
from afterrun_cli.terminal.files import write_file, write_out
from afterrun_cli.terminal.loading import rulebook_from


def export_rules(dmn: Path, part: str | None, folder: Path | None) -> None:
    """Write the rules as decision tables; '-' is standard output."""
    tables = as_dmn(rulebook_from(folder, part))
    if str(dmn) == "-":
        write_out(tables, None)
    else:
        write_file(dmn, tables)
        say(f"wrote {dmn}")
    say("It holds for complete answers. What DMN cannot say is told at its beginning.")
