"""`afterrun log verify` and `afterrun log head`: whether a log is as it was written, and where it ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from afterrun.log import Verified, verify
from afterrun_cli.terminal.exits import FOUND, UNUSABLE, leave, say
from afterrun_cli.terminal.show import put_json, put_lines

KEEP = "Keep the head elsewhere: only with it a log that was cut short at its end is found out."
_HEX = frozenset("0123456789abcdef")


def verify_log(file: Path, head: str | None, shape: Literal["text", "json"]) -> None:
    """Tell whether a log is whole; leaves with 1 where it is not."""
    wanted = _head_in(head)
    found = verify(file, wanted)
    if shape == "json":
        put_json(_as_json(found))
    elif found.whole:
        entries = "1 entry" if found.entries == 1 else f"{found.entries:,} entries"
        put_lines(f"{file}: {entries}, none changed, missing or out of its place", f"Head: {found.head}")
        if not wanted:
            say(KEEP)
    else:
        _tell(file, found, wanted)
    if not found.whole:
        leave(FOUND)


def put_head(file: Path) -> None:
    """Print the hash that a log ends in; one that is not whole has none, and leaves with 1."""
    found = verify(file)
    if not found.whole:
        _tell(file, found, "")
        leave(FOUND)
    put_lines(found.head)


def _head_in(given: str | None) -> str:
    head = (given or "").strip().lower()
    if given is not None and (len(head) != 64 or not _HEX.issuperset(head)):
        leave(UNUSABLE, "error: --head takes what `afterrun log head` printed: 64 digits of 0-9 and a-f")
    return head


def _tell(file: Path, found: Verified, head: str) -> None:
    say(*(f"{file}: {each}" for each in found.faults))
    if found.torn:
        say(f"{file}: the last entry is torn ({found.torn} bytes); what is written next mends it")
    if found.cut:
        say(f"{file}: no entry has the head {head}: the log was cut short, or it is another")


def _as_json(found: Verified) -> dict[str, Any]:
    return {
        "whole": found.whole,
        "entries": found.entries,
        "head": found.head if found.whole else None,
        "faults": [each._asdict() for each in found.faults],
        "torn_bytes": found.torn,
        "head_missing": found.cut,
    }
