"""`afterrun rules pack`: a rulebook as one file."""

from __future__ import annotations

from pathlib import Path

from afterrun.rulebook import released_pack
from afterrun.verify.changes import refuse_uncountable
from afterrun_cli.terminal.exits import say
from afterrun_cli.terminal.files import write_file
from afterrun_cli.terminal.loading import refuse_missing_folder, rulebook_from


def pack_and_say(folder: Path | None, output: Path) -> None:
    """Write the pack, and say what it holds; one whose version nothing could follow is refused."""
    refuse_missing_folder(folder)
    pack = released_pack(folder)
    refuse_uncountable(folder)
    write_file(output, pack)
    stamp = rulebook_from(output, anew=True).stamp
    say(f"wrote {output}: {stamp['name']} {stamp['version']} ({stamp['digest'][:12]})")
