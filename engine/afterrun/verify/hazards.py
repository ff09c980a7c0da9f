"""What can go wrong for a person, each with the rules and invariants that keep it from happening."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from afterrun.errors import Problem
from afterrun.rulebook import LinkedInvariant, LinkedRule, Proposition, Rulebook, written_rules
from afterrun.rulebook.schema import Hazard

FILE = "knowledge/hazards.yaml"


class Controls(NamedTuple):
    """A hazard with what controls it in the rulebook and its parts."""

    hazard: Hazard
    rules: tuple[LinkedRule, ...]
    invariants: tuple[LinkedInvariant, ...]


def controls_of(*parts: Rulebook) -> list[Controls]:
    """Every hazard of the main part, which comes first, with its controls in all parts."""
    rules = [rule for part in parts for rule in written_rules(part)]
    invariants = [each for part in parts for each in part.invariants]
    return [
        Controls(
            hazard,
            tuple(rule for rule in rules if _shared(hazard, rule.sources)),
            tuple(each for each in invariants if _shared(hazard, each.written.sources)),
        )
        for hazard in parts[0].hazards
    ]


def hazard_problems(*parts: Rulebook) -> Iterator[Problem]:
    """Rules of the triage and invariants that no hazard speaks of, and hazards that nothing controls."""
    if not parts[0].hazards:
        return
    found = controls_of(*parts)
    told = {(rule.file, rule.id) for one in found for rule in one.rules}
    told |= {(each.file, each.id) for one in found for each in one.invariants}
    owed: list[LinkedRule | LinkedInvariant] = [
        *(rule for part in parts for rule in written_rules(part) if _is_triage(rule)),
        *(each for part in parts for each in part.invariants),
    ]
    for each in owed:
        if (each.file, each.id) not in told:
            message = f"no hazard of {FILE} names one of its sources: which harm does it keep away?"
            yield Problem(message, each.file, each.line, each.id)
    for one in found:
        if one.hazard.sources and not (one.rules or one.invariants):
            yield Problem("no rule and no invariant names one of its sources", FILE, key=one.hazard.id)


def _shared(hazard: Hazard, sources: Iterable[str]) -> bool:
    return not set(hazard.sources).isdisjoint(sources)


def _is_triage(rule: LinkedRule) -> bool:
    return any(Proposition.parse(each).kind == "triage" for each in rule.conclusions)
