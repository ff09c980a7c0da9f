"""Where the answers of an interview are kept while it runs: a file that only its owner can read."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from afterrun.storage import refuse_unwritable, storage_faults, write_text
from afterrun_cli.terminal.files import json_text


class Draft:
    """An intake file that is written anew, whole, after each answer."""

    def __init__(self, path: Path, *, temporary: bool, again: str = "") -> None:
        self.path = path
        self.again = again
        """The command that goes on from here."""
        self.temporary = temporary
        """Nobody asked for the file: it goes when the interview has come to its end."""
        self.written = False

    def check(self) -> None:
        """Raise StorageFault when the file could not be written; it is not touched."""
        with storage_faults(self.path):
            if self.temporary:
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            refuse_unwritable(self.path)

    def write(self, intake: Mapping[str, Any]) -> None:
        """Put the answers in place at one stroke: whatever happens, the file is whole."""
        write_text(self.path, json_text(intake), private=True)
        self.written = True

    def read(self) -> dict[str, Any]:
        """What an earlier interview left here; nothing if there is none, or it is damaged."""
        try:
            found = json.loads(self.path.read_text(encoding="utf-8")) if self.path.is_file() else {}
        except (OSError, ValueError, RecursionError):
            return {}
        kept = found.items() if isinstance(found, dict) else ()
        return {key: value for key, value in kept if value not in (None, "", [])}

    def remove(self) -> None:
        """Take the file away."""
        with contextlib.suppress(OSError):
            self.path.unlink()


def drafts_folder() -> Path:
    """Where drafts are kept that nobody gave a name."""
    import platformdirs

    return platformdirs.user_state_path("afterrun", appauthor=False)


def new_draft(now: datetime) -> Draft:
    """A draft with a name of its own, so that two interviews at once do not meet."""
    name = f"interview-{now:%Y-%m-%d-%H%M%S}-{os.getpid()}.json"
    return Draft(drafts_folder() / name, temporary=True)


def newest_draft() -> Path | None:
    """The newest draft left behind by an interview that was not finished."""
    try:
        found = sorted(drafts_folder().glob("interview-*.json"), key=lambda path: path.stat().st_mtime)
    except OSError:
        return None
    return found[-1] if found else None


def draft_for(owner: tuple[object, ...], *names: object, again: str) -> Draft:
    """The draft of the one interview that these name, and that `again` takes up."""
    path = drafts_folder() / f"checkin-{_digest(*owner)}-{_digest(*names)}.json"
    return Draft(path, temporary=True, again=again)


def forget_drafts(*owner: object) -> None:
    """Take away what unfinished interviews of one owner left behind."""
    for path in drafts_folder().glob(f"checkin-{_digest(*owner)}-*.json"):
        Draft(path, temporary=True).remove()


def _digest(*names: object) -> str:
    return hashlib.sha256(json.dumps([str(name) for name in names]).encode()).hexdigest()[:16]
