"""`docs/changes-0.2.md` is what `afterrun rules diff` writes of the rulebooks as they are: `make changes`.

What flips takes minutes to find, and hangs on the two rulebooks alone, whose digests stand at its end. All
else is written anew here.
"""

from __future__ import annotations

from datetime import date

import pytest

from afterrun.rulebook import load_every_part, rulebook_parts
from afterrun.telling import as_markdown, brief_change_page, section_markdown
from afterrun.verify.changes import RulebookChange, approvals_taken_back, edits_between
from afterrun.verify.changes.change import PartChange
from tests.support.paths import ROOT

TOLD = ROOT / "docs" / "changes-0.2.md"
OLD = ROOT / "released" / "afterrun-knee-0.1.0.rulebook"


@pytest.fixture(scope="module")
def change() -> RulebookChange:
    """The change without the solver."""
    names = ("", *rulebook_parts(OLD))
    books = zip(
        names, load_every_part(OLD, day=date.today()), load_every_part(ROOT, day=date.today()), strict=True
    )
    return RulebookChange(
        tuple(
            PartChange(
                name,
                old,
                new,
                edits_between(old, new),
                (),
                (),
                (),
                (),
                (),
                approvals_taken_back(old, new),
                (),
            )
            for name, old, new in books
        ),
        (),
        (),
    )


@pytest.mark.slow
def test_it_is_of_the_rulebooks_as_they_are(change: RulebookChange) -> None:
    foot = as_markdown(brief_change_page(change)).splitlines()[-1]
    assert TOLD.read_text(encoding="utf-8").splitlines()[-1] == foot, "make changes"


@pytest.mark.slow
def test_what_is_written_otherwise_is_told_as_the_program_tells_it(change: RulebookChange) -> None:
    told = TOLD.read_text(encoding="utf-8")
    sections = [*map(section_markdown, brief_change_page(change).sections[1:])]
    assert len(sections) > 10
    for each in sections:
        assert each in told, f"make changes: {each[:80]}"


def test_each_row_that_came_with_it_is_named() -> None:
    told = TOLD.read_text(encoding="utf-8").replace("\\", "")
    rows = [*(f"RF{each}" for each in range(19, 24)), "FD08", "DX10", "DX11", "IV08", "PL08", "CF06", "CK21"]
    for row in (*rows, *(f"PF0{each}" for each in range(1, 10)), *(f"IT0{each}" for each in range(1, 8))):
        assert f"row:{row}" in told, row
