"""Copies of the shipped rulebook, to be broken."""

import shutil
from pathlib import Path

from afterrun.rulebook import shipped


def copied(folder: Path) -> Path:
    """The shipped rules and knowledge, copied into a folder."""
    for part in ("rules", "knowledge"):
        shutil.copytree(shipped() / part, folder / part)
    return folder


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    """Replace the first `old` in a file of the copy, which must have it."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
