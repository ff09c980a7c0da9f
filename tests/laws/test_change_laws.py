"""Laws of a change that is told: the region is where the evaluator flips, the borders among it."""

from __future__ import annotations

import random
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings

from afterrun import Rulebook
from afterrun.assessment import Case
from afterrun.verify.prove import Flip, flips
from tests.support.random_input.intakes import LAW, as_many, randoms
from tests.support.rulebooks.changed import CHANGES, both_of
from tests.support.rulebooks.regions_by_hand import in_context, inside, is_complete, is_flipped, near

pytestmark = pytest.mark.slow

NAMES = ("threshold of an answer", "threshold of a measure", "any becomes all")
"""One of an answer, one of a measure, and one whose region is told in parts."""


@cache
def told(name: str) -> tuple[Rulebook, Rulebook, Flip]:
    """Both rulebooks and the flip that the table of changes names."""
    change = CHANGES[name]
    with tempfile.TemporaryDirectory() as folder:
        old, new = both_of(change, Path(folder) / "book")
    flip = next(each for each in flips(old, new).flips if each[:4] == change.flip and not each.partial)
    return old, new, flip


def cases(name: str, chance: random.Random) -> tuple[Flip, Case, Case]:
    """Some whole intake near the border, under both."""
    old, new, flip = told(name)
    intake = near(flip, (old, new), chance)
    return flip, Case.of(old, intake, "compiled"), Case.of(new, intake, "compiled")


@pytest.mark.parametrize("name", NAMES)
class TestARegion:
    @settings(LAW, max_examples=as_many(80))
    @given(chance=randoms())
    def test_whoever_flips_lies_in_it(self, name: str, chance: random.Random) -> None:
        flip, old, new = cases(name, chance)
        if is_complete(old) and is_flipped(flip, old, new):
            assert in_context(flip, old, new)
            assert inside(flip.only, old)
            if flip.whole:
                assert any(inside(box, old) for box in flip.always)

    @settings(LAW, max_examples=as_many(80))
    @given(chance=randoms())
    def test_whoever_lies_in_a_part_that_always_flips_does(self, name: str, chance: random.Random) -> None:
        flip, old, new = cases(name, chance)
        if is_complete(old) and in_context(flip, old, new):
            for box in flip.always:
                assert not inside(box, old) or is_flipped(flip, old, new)

    def test_is_tried_on_both_sides_of_its_border(self, name: str) -> None:
        """The laws above say nothing where every intake lies on one side."""
        tried = [cases(name, random.Random(seed)) for seed in range(60)]
        came = [is_flipped(*each) for each in tried if is_complete(each[1]) and in_context(*each)]
        assert 5 <= sum(came) <= len(came) - 5
