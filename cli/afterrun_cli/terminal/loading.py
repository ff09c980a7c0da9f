"""The rulebook that a command was asked to use."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

import afterrun
from afterrun.intake import CHECKIN
from afterrun.rulebook import rulebook_parts
from afterrun_cli.terminal.exits import UNUSABLE, leave


def rulebook_from(folder: Path | None, part: str | None = None, *, anew: bool = False) -> afterrun.Rulebook:
    """Load it, to be used today; a folder that is not there is wrong usage."""
    refuse_missing_folder(folder)
    if part is not None and part not in (there := rulebook_parts(folder)):
        known = f"its parts are: {', '.join(there)}" if there else "it has no other part"
        leave(UNUSABLE, f"error: the rulebook has no part '{part}'; {known}")
    return afterrun.load_rulebook(folder, part, cache=cache_folder(), anew=anew, day=date.today())


def check_in_part_from(folder: Path | None) -> afterrun.Rulebook:
    """The part of it that answers check-ins, with the rulebook of the first intake as its base."""
    refuse_missing_folder(folder)
    if CHECKIN not in rulebook_parts(folder):
        name = rulebook_from(folder).identity.name
        leave(
            UNUSABLE,
            f"error: the rulebook {name} has no check-ins, and so no diary",
            "They would be a part of their own, in rules/checkin/ and knowledge/checkin/.",
        )
    return rulebook_from(folder, CHECKIN)


def cache_folder() -> Path | None:
    """Where rulebooks are kept packed; None where there is no home."""
    if sys.platform == "linux":  # what platformdirs says, without the time that it takes to load
        caches = os.environ.get("XDG_CACHE_HOME", "").strip() or os.path.expanduser("~/.cache")
        folder = Path(caches, "afterrun")
    else:
        import platformdirs

        folder = platformdirs.user_cache_path("afterrun", appauthor=False)
    return folder / "rulebooks" if folder.is_absolute() else None


def refuse_missing_folder(folder: Path | None) -> None:
    """Leave unless the folder is one, or a file, which then is a packed rulebook or refused as none."""
    if folder is not None and not (folder.is_dir() or folder.is_file()):
        leave(UNUSABLE, f"error: {folder} is not a folder; give the one that holds rules/ and knowledge/")


def refuse_pack(folder: Path | None, what: str) -> None:
    """Leave where the files of a rulebook are to be written, and it is packed as one."""
    if folder is not None and folder.is_file():
        leave(UNUSABLE, f"error: {folder} is one file, and {what}; give the folder that it was packed from")
