"""The shipped rulebook as one that has no cards of exercises."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.support.paths import ROOT


def copy_without_cards(folder: Path) -> None:
    """Copy the main part; what names exercises in the plan, and the weeks that tell of them, stay behind."""
    for name in ("rules", "knowledge"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for file in (ROOT / name).glob("*.yaml"):
            if file.name not in ("exercises.yaml", "schedule.yaml"):
                shutil.copy(file, folder / name)
    plans = folder / "knowledge" / "plans.yaml"
    entries = re.split(r"^(?=- key: )", plans.read_text(), flags=re.MULTILINE)
    plans.write_text("".join(each for each in entries if "\n  exercises: true\n" not in each))
