"""Copies of the shipped rulebook with a change on purpose."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.paths import ROOT


def changed_copy(to: Path, *changes: tuple[str, str, str]) -> Path:
    """The rulebook's files in a folder, in each of some files one text replaced once by another."""
    for folder in ("rules", "knowledge"):
        shutil.copytree(ROOT / folder, to / folder)
    for file, old, new in changes:
        text = (to / file).read_text(encoding="utf-8")
        assert old in text, f"{file} does not hold {old!r}"
        (to / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return to
