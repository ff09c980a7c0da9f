"""Kilometres or miles: what the numbers of a file say of the unit that its account was set to.

Pace and distance are in the same unit, so that one never tells the other. Steps and their length do: a step's
length is in metres in any account. Where they are missing, a unit in which somebody ran faster than anybody
ever did is not the one; and where both units could be, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from statistics import median

from afterrun.history.formats.tables.columns import KILOMETRE, MILE
from afterrun.history.records import is_too_fast

_NEAR = 0.2
"""How far steps times their length may be off: each is rounded, and steps at the lights count in."""
_ENOUGH = 1000
_SEVERAL = 3


def unit_by_steps(shown: Iterable[tuple[float, float]]) -> float | None:
    """Metres in the unit of distances, each beside its steps times their length; None if they do not say."""
    ratios = [metres / far for far, metres in islice(shown, _ENOUGH) if far > 0 and metres > 0]
    if not ratios:
        return None
    middle = median(ratios)
    for unit in (KILOMETRE, MILE):
        if abs(middle / unit - 1) <= _NEAR:
            return unit
    return None


def unit_by_records(runs: Iterable[tuple[float, float]]) -> float | None:
    """Kilometres where distances, each beside its seconds, can be no miles; None where they can be both.

    One watch that lost its way proves nothing: several runs have to be too fast, and a tenth of all.
    """
    fast = [is_too_fast(far * MILE, seconds) for far, seconds in runs]
    return KILOMETRE if sum(fast) >= max(_SEVERAL, len(fast) / 10) else None
