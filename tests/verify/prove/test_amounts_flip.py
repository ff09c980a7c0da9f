"""An amount that is worked out flips where it differs from the number that was written, and nowhere else."""

from __future__ import annotations

import shutil
from pathlib import Path

from afterrun import Rulebook, load_rulebook
from afterrun.verify.prove import Flip, flips
from tests.support.paths import ROOT

MOULD = ROOT / "examples" / "mould"
WORKED_OUT = "  formula:\n    difference: {of: 48, minus: wet_hours}\n  unit: hours\n"


def with_hours(folder: Path, entry: str) -> Rulebook:
    """The small rulebook with other hours in its plan."""
    shutil.copytree(MOULD, folder)
    path = folder / "knowledge" / "plans.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(WORKED_OUT) == 1
    path.write_text(text.replace(WORKED_OUT, f"  {entry}\n"), encoding="utf-8")
    return load_rulebook(folder)


def found(tmp_path: Path, formula: str) -> tuple[Flip, ...]:
    """What flips once 24 hours are worked out instead."""
    written = with_hours(tmp_path / "old", "value: 24")
    return flips(written, with_hours(tmp_path / "new", f"formula: {formula}")).flips


def test_an_amount_that_is_always_the_number_that_was_written_is_no_flip(tmp_path: Path) -> None:
    assert found(tmp_path, "{capped: {value: 24, by: {sum: [wet_hours, 24]}}}") == ()


def test_an_amount_that_may_differ_flips_where_it_does(tmp_path: Path) -> None:
    told = [each for each in found(tmp_path, "{capped: {value: 24, by: wet_hours}}") if not each.partial]
    assert {(each.name, each.was, each.now) for each in told} == {("drying_hours", "24", "an amount")}
    assert all(intake["wet_hours"] < 24 for each in told for intake in each.intakes)
