"""Copies of the shipped rulebook: to be broken, or without its cards of exercises."""

import re
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


def copy_without_cards(folder: Path) -> None:
    """Copy the main part; what names exercises in the plan, and the weeks that tell of them, stay behind."""
    for name in ("rules", "knowledge"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for file in (shipped() / name).glob("*.yaml"):
            if file.name not in ("exercises.yaml", "schedule.yaml"):
                shutil.copy(file, folder / name)
    plans = folder / "knowledge" / "plans.yaml"
    entries = re.split(r"^(?=- key: )", plans.read_text(), flags=re.MULTILINE)
    plans.write_text("".join(each for each in entries if "\n  exercises: true\n" not in each))
