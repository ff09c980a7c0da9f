"""`afterrun rules rename`: another name for something, wherever it is named."""

from __future__ import annotations

from pathlib import Path

from afterrun.rulebook import rename
from afterrun.verify.cases import NAMES_IN_CASES
from afterrun_cli.terminal.exits import say
from afterrun_cli.terminal.loading import refuse_missing_folder, refuse_pack
from afterrun_cli.terminal.show import put, put_lines


def rename_and_say(old: str, new: str, cases: list[Path], write: bool, folder: Path | None) -> None:
    """Show what another name changes, and write it if that is wished."""
    refuse_missing_folder(folder)
    refuse_pack(folder, "a pack is never changed")
    renaming = rename(folder, old, new, cases, NAMES_IN_CASES)
    if write:
        renaming.write()
    else:
        for change in renaming.changes:
            put_lines(*change.diff)
    places = sum(change.places for change in renaming.changes)
    what = " and the ".join(each.words for each in renaming.what.whole)
    are = "are" if renaming.what.too else "is"
    put(f"the {what} {are} '{new}' at {places} places in {len(renaming.changes)} files")
    if renaming.left:
        put("the old name still stands in:")
        put_lines(*(f"  {line}" for line in renaming.left))
    say("written" if write else "nothing is written yet; write it with --write")
