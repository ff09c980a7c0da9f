"""Where the answers of an interview are kept, meanwhile and after: files that only their owner can read."""

from __future__ import annotations

import contextlib
import glob
import hashlib
import itertools
import json
import os
import re
import shlex
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import afterrun
from afterrun.storage import refuse_unwritable, storage_faults, write_text
from afterrun_cli.terminal.files import json_text

UNFINISHED, FINISHED = "interview-", "answers-"
MOST_NAMED = 3
"""Unfinished interviews that are told of."""
BEFORE = ".bak"
"""The suffix of answers as they were before the last change."""


class Draft:
    """An intake file that is written anew, whole, after each answer."""

    def __init__(self, path: Path, *, temporary: bool, again: str = "") -> None:
        self.path = path
        self.again = again
        """The command that goes on from here."""
        self.temporary = temporary
        """Nobody gave the file its name: it gets another, or goes, when the interview has come to its end."""
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


def new_draft(rulebook: afterrun.Rulebook, now: datetime) -> Draft:
    """A draft with a name of its own, so that two interviews at once do not meet."""
    name = f"{_begins(rulebook)}{now:%Y-%m-%d-%H%M%S}-{os.getpid()}.json"
    return Draft(drafts_folder() / name, temporary=True)


def is_draft(path: Path) -> bool:
    """Whether an interview that nobody gave a file keeps its answers there."""
    return path.name.startswith(UNFINISHED) and path.resolve().parent == drafts_folder().resolve()


def unfinished_interviews(rulebook: afterrun.Rulebook) -> dict[Path, int]:
    """Drafts of this rulebook that leave something open, and how many answers each has; the fullest first."""
    try:
        found = drafts_folder().glob(f"{glob.escape(_begins(rulebook))}*.json")
        newest_first = sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)
    except OSError:
        return {}
    drafts = [each for path in newest_first if _goes_on(rulebook, each := Draft(path, temporary=True))]
    counted = {each.path: len(rulebook.questions.keys() & each.read().keys()) for each in drafts}
    return dict(sorted(counted.items(), key=lambda pair: -pair[1])[:MOST_NAMED])


def keep_finished(draft: Draft, intake: Mapping[str, Any], now: datetime) -> Path:
    """Where the answers of a finished interview stay: under a name of their day. Raises StorageFault."""
    if draft.read() != intake:
        draft.write(intake)
    if not draft.temporary:
        return draft.path
    with storage_faults(draft.path):
        for number in itertools.count(1):
            name = f"{FINISHED}{now:%Y-%m-%d}{f'-{number}' if number > 1 else ''}.json"
            place = draft.path.with_name(name)
            try:
                # Taken first, so that none of two that finish at once overwrites the other.
                os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            except FileExistsError:
                continue
            os.replace(draft.path, place)
            break
    return place


def finished_interviews() -> list[Path]:
    """The answers that finished interviews left."""
    return sorted(drafts_folder().glob(f"{FINISHED}*.json"))


def before_change(file: Path) -> Path:
    """Where the answers of a file are as they were before the last change."""
    return file.with_name(file.name + BEFORE)


def deleting(*files: Path) -> str:
    """The command that forgets answers, and those before their last change."""
    both = (each for file in files for each in (file, before_change(file)))
    return shlex.join(["rm", *(str(each.absolute()) for each in both if each.exists())])


def _begins(rulebook: afterrun.Rulebook) -> str:
    """How the drafts of a rulebook are named: another one would ask other questions."""
    version = re.sub(r"[^\w.]", "_", rulebook.identity.version)
    return f"{UNFINISHED}{rulebook.identity.name}-{version}-"


def _goes_on(rulebook: afterrun.Rulebook, draft: Draft) -> bool:
    """Whether a draft is whole, fits, and leaves something to be asked."""
    try:
        intake = draft.read()
        return bool(intake) and afterrun.next_question(rulebook, intake) is not None
    except afterrun.IntakeError:
        return False


def draft_for(owner: tuple[object, ...], *names: object, again: str) -> Draft:
    """The draft of the one interview that these name, and that `again` takes up."""
    path = drafts_folder() / f"checkin-{_digest(*owner)}-{_digest(*names)}.json"
    return Draft(path, temporary=True, again=again)


def drafts_of(*owner: object) -> list[Path]:
    """What unfinished interviews of one owner left behind, half-written files too."""
    folder, name = drafts_folder(), f"checkin-{_digest(*owner)}-*"
    return sorted([*folder.glob(name), *folder.glob(f".{name}")])


def forget_drafts(drafts: Iterable[Path]) -> list[Path]:
    """Take drafts away; gives those that are still there."""
    left = []
    for path in drafts:
        try:
            path.unlink(missing_ok=True)
        except OSError:
            left.append(path)
    return left


def _digest(*names: object) -> str:
    return hashlib.sha256(json.dumps([str(name) for name in names]).encode()).hexdigest()[:16]
