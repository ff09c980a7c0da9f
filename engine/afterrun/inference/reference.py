"""The meaning of a rulebook: a plain three-valued evaluator, slow to surprise anyone.

Every other engine is held against this one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from afterrun.errors import EngineFault
from afterrun.inference.facts import Facts
from afterrun.inference.firings import Firing, Inference, Premise, PropositionPremise, TestPremise
from afterrun.rulebook import (
    And,
    AtLeast,
    CellTest,
    Formula,
    Is,
    Not,
    Or,
    Ref,
    Rulebook,
    Truth,
    Unsettled,
    disjunction,
)

_Settlement = tuple[Truth, tuple[Premise, ...]]
_OPEN: _Settlement = (None, ())


def infer(rulebook: Rulebook, facts: Facts, only: Iterable[str] | None = None) -> Inference:
    """Settle every proposition that the facts settle, or only those named (and what they wait for).

    A proposition is proved by one proved rule and refuted when every rule for it is refuted.
    """
    truths: dict[str, bool] = {}
    firings: list[Firing] = []
    seen: dict[str, Truth] = {}
    wanted = None if only is None else set(only)
    for proposition, rules in rulebook.propositions.items():
        if wanted is not None and proposition not in wanted:
            continue
        for rule in rules:
            if rule.id not in seen:
                value, premises = settle(rule.formula, facts, truths)
                seen[rule.id] = value
                if value is not None:
                    firings.append(Firing(rule.id, value, premises))
        outcome = disjunction(seen[rule.id] for rule in rules)
        if outcome is not None:
            truths[proposition] = outcome
    return Inference(truths, tuple(firings))


def formulas_of(rulebook: Rulebook) -> dict[str, Formula]:
    """The condition of each rule that concludes something, in the order in which they are settled."""
    return {rule.id: rule.formula for rules in rulebook.propositions.values() for rule in rules}


def firings_of(
    formulas: Mapping[str, Formula], settled: Mapping[str, bool], facts: Facts, truths: Mapping[str, bool]
) -> tuple[Firing, ...]:
    """The record of the rules that an engine settled, the same whichever engine it was.

    Where more premises hold than are needed, those written first are named. Raises EngineFault where
    a rule does not follow from the facts and from what the engine says is true.
    """
    firings = []
    for rule, formula in formulas.items():
        if rule in settled:
            value, premises = settle(formula, facts, truths)
            if value is not settled[rule]:
                raise EngineFault(f"rule '{rule}' was settled on premises that do not settle it")
            firings.append(Firing(rule, value, premises))
    return tuple(firings)


def settle(formula: Formula, facts: Facts, truths: Mapping[str, bool]) -> _Settlement:
    """A formula's truth, and premises that suffice for it."""
    match formula:
        case CellTest(variable, mask):
            cell = facts.get(variable)
            if cell is None:
                return _OPEN
            holds = bool(mask >> cell & 1)
            return holds, (TestPremise(formula, holds),)
        case Ref(proposition):
            value = truths.get(proposition)
            return _OPEN if value is None else (value, (PropositionPremise(proposition, value),))
        case Not(part):
            value, premises = settle(part, facts, truths)
            return (None if value is None else not value), premises
        case And(parts) | Or(parts) | AtLeast(_, parts):
            return _counted(parts, formula.needed, facts, truths)
        case Is(part, wanted):
            value, premises = settle(part, facts, truths)
            return value is wanted, premises
        case Unsettled():
            return _OPEN


def _counted(parts: tuple[Formula, ...], count: int, facts: Facts, truths: Mapping[str, bool]) -> _Settlement:
    """`count` of the parts: all of them for 'and', one for 'or'."""
    for_it: list[tuple[Premise, ...]] = []
    against: list[tuple[Premise, ...]] = []
    enough_against = len(parts) - count + 1
    if count == 0:
        return True, ()
    for part in parts:
        value, premises = settle(part, facts, truths)
        if value is True:
            for_it.append(premises)
            if len(for_it) == count:
                return True, _joined(for_it)
        elif value is False:
            against.append(premises)
            if len(against) == enough_against:
                return False, _joined(against)
    return (False, ()) if not parts else _OPEN


def _joined(groups: list[tuple[Premise, ...]]) -> tuple[Premise, ...]:
    if len(groups) == 1:
        return groups[0]
    return tuple(dict.fromkeys(premise for group in groups for premise in group))
