"""Each of the changes on purpose is told with its region, and its witness flips when it is assessed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from afterrun.verify.changes import approvals_taken_back, edits_between
from tests.support.rulebooks.changed import CHANGES, both_of, mistold

pytestmark = pytest.mark.slow

AT_ONCE = [name for name, change in CHANGES.items() if not change.at_length]


def test_there_are_more_than_twenty_of_every_kind() -> None:
    """So that none is lost: `make attack` runs all, the tests here a part."""
    assert len(CHANGES) >= 20
    of_kind = Counter(change.flip[0] if change.flip else change.level for change in CHANGES.values())
    assert {*of_kind} >= {"triage", "pattern", "intervention", "plan", "patch", "minor"}
    assert {change.told for change in CHANGES.values() if change.flip} == {"exact", "whole", "some"}
    assert {CHANGES[name].part for name in AT_ONCE} == {"", "checkin"}


@pytest.mark.parametrize("name", AT_ONCE)
def test_a_change_is_told(name: str, tmp_path: Path) -> None:
    assert [*mistold(CHANGES[name], *both_of(CHANGES[name], tmp_path / "book"))] == []


@pytest.mark.parametrize("name", [name for name in CHANGES if name not in AT_ONCE])
def test_what_a_change_edits_and_takes_back_is_told(name: str, tmp_path: Path) -> None:
    """The rest of it is told by the solver: `make attack`."""
    change = CHANGES[name]
    old, new = both_of(change, tmp_path / "book")
    assert "meaning" in {each.sort for each in edits_between(old, new)}
    assert tuple(each.rule for each in approvals_taken_back(old, new)) == change.approvals
