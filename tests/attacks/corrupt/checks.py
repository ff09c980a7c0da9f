"""What must hold of a damaged diary: no traceback, nothing wrong told as right, nothing of others lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import afterrun
from tests.attacks.corrupt.diaries import ADDRESSES, PEOPLE, sound_diary
from tests.attacks.corrupt.files import Corruption
from tests.support.cli_runs import Ran, run

WEEK = json.dumps({"new_warning_signs": ["calf_swollen"]})
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("diary",), ("plan",), ("diary", "settings"), ("checkin", "--answers", "-"),
    ("report", "--summary", "-o", "page.html"), ("diary", "delete", "--yes"), ("diary", "--format", "json"),
)  # fmt: skip


class Sound(NamedTuple):
    """A diary before the damage, and what is exported of each person then."""

    file: Path
    exported: dict[str, Any]


def sound(folder: Path, part: afterrun.Rulebook) -> Sound:
    """Make it."""
    file = folder / "sound.sqlite"
    sound_diary(file, part)
    return Sound(file, {person: _enrolments(_export(folder, file, person)) for person in PEOPLE})


def faults_of(
    case: Corruption, before: Sound, folder: Path, commands: tuple[tuple[str, ...], ...]
) -> list[str]:
    """Damage a copy, run commands on it, and tell all that should not be."""
    damaged = folder / "damaged"
    damaged.mkdir()
    shutil.copy(before.file, damaged / "diary.sqlite")
    case.spoil(damaged / "diary.sqlite")
    return [f"{case.name}: {fault}" for fault in _faults(case, before, folder, commands)]


def _faults(
    case: Corruption, before: Sound, folder: Path, commands: tuple[tuple[str, ...], ...]
) -> Iterator[str]:
    whole = case.persons is None or "me" not in case.persons
    for words in commands:
        ran = _on_copy(folder, words)
        yield from _of_any(words, ran)
        if ran.code == 0 and case.told and not whole and words[:2] != ("diary", "delete"):
            yield f"{words} says nothing of it"
    for person in PEOPLE:
        ran = _on_copy(folder, ("diary", "export", "--person", person))
        yield from _of_any(("export",), ran)
        found = _enrolments(ran)
        if ran.code == 0 and case.told and found != before.exported[person]:
            yield f"{person} is exported otherwise, and nothing is said of it"
        if case.persons is not None and person not in case.persons and found != before.exported[person]:
            yield f"{person}, whom it does not concern, is lost"


def faults_of_addresses(folder: Path) -> list[str]:
    """What should not be when an address leads to no diary."""
    faults = []
    for address in ADDRESSES:
        for words in (("diary",), ("diary", "delete", "--yes"), ("diary", "export")):
            ran = run(*words, "--db", address, home=folder)
            faults += [f"{address[:60]!r}: {fault}" for fault in _of_any(words, ran)]
            if ran.code == 0 or "s3cret" in ran.out + ran.err:
                faults.append(f"{address[:60]!r}: {words} ends with {ran.code}: {ran.err[-200:]}")
    return faults


def _of_any(words: tuple[str, ...], ran: Ran) -> Iterator[str]:
    if "Traceback" in ran.err or ran.code not in (0, 1, 2, 3):
        yield f"{words} ends with {ran.code}: {ran.err[-300:]}"
    elif ran.code and not ran.err:
        yield f"{words} ends with {ran.code} and no word"


def _on_copy(folder: Path, words: tuple[str, ...]) -> Ran:
    copy = folder / "copy"
    shutil.copytree(folder / "damaged", copy)
    try:
        return run(*words, "--db", copy / "diary.sqlite", stdin=WEEK, home=folder, cwd=folder)
    finally:
        shutil.rmtree(copy)


def _export(folder: Path, file: Path, person: str) -> Ran:
    return run("diary", "export", "--person", person, "--db", file, home=folder)


def _enrolments(ran: Ran) -> Any:
    return json.loads(ran.out)["enrolments"] if ran.out else None
