"""How urgent it is: the strongest level proved, or 'incomplete' while a stronger one is open."""

from __future__ import annotations

from collections.abc import Mapping

from afterrun.rulebook import Rulebook, name_of
from afterrun.rulebook.schema import TriageLevel


def triage_level(rulebook: Rulebook, truths: Mapping[str, bool]) -> TriageLevel:
    """The level to act on, given the settled propositions.

    A blank answer never lowers it: while a stronger level than the strongest proved is open, the
    pending level stands, unless the proved one settles the matter.
    """
    some_open = False
    for level in rulebook.triage.values():
        if level.pending:
            continue
        truth = truths.get(name_of("triage", level.id))
        if truth is None:
            some_open = True
        elif truth and (level.settles or not some_open):
            return level
        elif truth:
            break
    return next(level for level in rulebook.triage.values() if level.pending)


def patterns_of(rulebook: Rulebook, truths: Mapping[str, bool]) -> dict[str, str]:
    """Each pattern that is proved, at its strongest proved level, in the rulebook's order."""
    found = {}
    for pattern in rulebook.patterns.values():
        proved = (each for each in pattern.levels if truths.get(name_of("pattern", pattern.id, each)))
        level = next(proved, None)
        if level is not None:
            found[pattern.id] = level
    return found


def reachable_levels(rulebook: Rulebook, truths: Mapping[str, bool]) -> list[TriageLevel]:
    """The levels that may still become the one to act on: the strongest proved and all open above it."""
    levels = []
    for level in rulebook.triage.values():
        truth = None if level.pending else truths.get(name_of("triage", level.id))
        if not level.pending and truth is not False:
            levels.append(level)
        if truth:
            break
    return levels
