"""`afterrun rules new`: a small rulebook that runs, to be made one's own."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

from afterrun_cli.rulebook.schemas import write_schemas
from afterrun_cli.terminal.exits import COULD_NOT_RUN, UNUSABLE, leave, say

STARTS = Path(__file__).parent / "starts"
"""Whole rulebooks, each with its cases; a test checks, proves, covers and mutates them."""
_UNNAMED = "name: new-rulebook\n"


def new_rulebook(folder: Path, like: str) -> None:
    """Write a rulebook into a folder that is empty or not there, and say what to do with it.

    With it come the schemas that its files name. Where something cannot be written, the folder is left empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        leave(UNUSABLE, f"error: {folder} is not empty: name a folder that is not there yet")
    try:
        shutil.copytree(STARTS / like, folder, dirs_exist_ok=True)
        identity = folder / "knowledge" / "rulebook.yaml"
        text = identity.read_text("utf-8").replace(_UNNAMED, f"name: {_name_of(folder)}\n")
        identity.write_text(text, encoding="utf-8")
        write_schemas(None, False, folder)
    except BaseException as error:
        _empty(folder)
        if isinstance(error, OSError):
            leave(COULD_NOT_RUN, f"error: {folder} cannot be written: {error.strerror or error}")
        raise
    named = shlex.quote(str(folder))
    say(
        f"{named} holds a rulebook that runs. Make it your own:",
        f"  afterrun rules check --rulebook {named}",
        f"  afterrun ask --rulebook {named}",
        f"  afterrun rules cover {shlex.quote(str(folder / 'cases.jsonl'))} --rulebook {named}",
        "docs/tutorial.md leads through it, docs/knowledge.md tells what each file may hold.",
    )


def _empty(folder: Path) -> None:
    """Take out all that was written into a folder that was empty, so that it can be tried again."""
    for each in folder.iterdir() if folder.is_dir() else ():
        if each.is_dir():
            shutil.rmtree(each, ignore_errors=True)
        else:
            each.unlink(missing_ok=True)


def _name_of(folder: Path) -> str:
    """The folder's name as a rulebook may be called.

    >>> _name_of(Path("My plants (2)"))
    'my-plants-2'
    """
    words = re.findall("[a-z0-9]+", folder.absolute().name.lower())
    name = "-".join(words)
    return name if name[:1].isalpha() else f"rulebook-{name}".rstrip("-")
