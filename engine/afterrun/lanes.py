"""Many near-alike intakes at once: each bit of an integer is one of them.

Lane i is the same answers with the i-th question left out. One pass of bitwise logic then tells
for every single answer whether a conclusion would survive without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from afterrun.logic import And, AtLeast, Formula, Leaf, Not, Or, Ref
from afterrun.rulebook import Rulebook


class Lanes(NamedTuple):
    """In which lanes something is true, and in which it is false; in the rest it is open."""

    true: int
    false: int


_OPEN = Lanes(0, 0)


def without_each(
    rulebook: Rulebook, cone: Sequence[str], tests: Mapping[str, tuple[int, int]]
) -> dict[str, Lanes]:
    """Every proposition of a cone in every lane.

    `tests` gives for each known variable its cell and the lanes in which it is still known.
    """
    known: dict[str, Lanes] = {}
    for proposition in cone:
        true, false = 0, -1
        for rule in rulebook.propositions[proposition]:
            lanes = _lanes(rule.formula, tests, known)
            true |= lanes.true
            false &= lanes.false
        known[proposition] = Lanes(true, false)
    return known


def _lanes(formula: Formula, tests: Mapping[str, tuple[int, int]], known: Mapping[str, Lanes]) -> Lanes:
    match formula:
        case Leaf(variable, mask):
            if variable not in tests:
                return _OPEN
            cell, lanes = tests[variable]
            return Lanes(lanes, 0) if mask >> cell & 1 else Lanes(0, lanes)
        case Ref(proposition):
            return known[proposition]
        case Not(part):
            true, false = _lanes(part, tests, known)
            return Lanes(false, true)
        case And(parts):
            true, false = -1, 0
            for part in parts:
                lane = _lanes(part, tests, known)
                true &= lane.true
                false |= lane.false
            return Lanes(true, false)
        case Or(parts):
            true, false = 0, -1
            for part in parts:
                lane = _lanes(part, tests, known)
                true |= lane.true
                false &= lane.false
            return Lanes(true, false)
        case AtLeast(count, parts):
            each = [_lanes(part, tests, known) for part in parts]
            return Lanes(
                _enough(count, [lane.true for lane in each]),
                _enough(len(parts) - count + 1, [lane.false for lane in each]),
            )


def _enough(count: int, lanes: Sequence[int]) -> int:
    """The lanes in which at least `count` of the bits are set."""
    reached = [-1] + [0] * count
    for lane in lanes:
        for n in range(count, 0, -1):
            reached[n] |= reached[n - 1] & lane
    return reached[count]
