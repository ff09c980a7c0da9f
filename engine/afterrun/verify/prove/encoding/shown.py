"""Everything that a result shows, over all intakes, so that two rulebooks or two intakes can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import z3

from afterrun.verify.prove.encoding.plan import PlanEncoding
from afterrun.verify.prove.encoding.rulebook import Encoding
from afterrun.verify.prove.encoding.terms import Term, conj, differ, disj, number, same_term


class ShownAmount(NamedTuple):
    """A number that a result shows under a condition."""

    shown: Term
    value: Any


class Display(NamedTuple):
    """Everything that a result shows, by a name that says what."""

    facts: Mapping[str, Term]
    """Whatever is either shown or not."""
    amounts: Mapping[str, ShownAmount]

    def differences(self, other: Display, least: Fraction = Fraction(0)) -> dict[str, Term]:
        """When each thing shown differs; what is plainly the same is left out.

        Numbers differ when they lie more than `least` apart.
        """
        found: dict[str, Term] = {}
        for name in {**self.facts, **other.facts}:
            found[name] = differ(self.facts.get(name, False), other.facts.get(name, False))
        nothing = ShownAmount(False, number(Fraction(0)))
        for name in {**self.amounts, **other.amounts}:
            first, second = self.amounts.get(name, nothing), other.amounts.get(name, nothing)
            unequal: Term = False
            if not same_term(first.value, second.value):
                gap = first.value - second.value
                apart = z3.Or(gap > number(least), gap < number(-least))
                unequal = conj((first.shown, second.shown, apart))
            found[f"{name} amount"] = disj((differ(first.shown, second.shown), unequal))
        return {name: term for name, term in found.items() if term is not False}


class ResultEncoding:
    """What a result shows: triage, patterns, interventions with status and week, and the plan.

    Not what only says how it came about: the rules that fired, the proofs, the open questions, and
    the ledger of what the triage level set aside.
    """

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.rulebook = encoding.rulebook
        self.plan = PlanEncoding(encoding)
        decisions, where = encoding.decisions, encoding.where
        self.levels = {name: where(level) for name, level in decisions.levels.items()}
        self.shows_patterns = where(decisions.shows_patterns)
        self.shows_plan = where(decisions.shows_plan)
        self.patterns = {
            name: {level: where(shown) for level, shown in levels.items()}
            for name, levels in decisions.patterns.items()
        }
        facts = {name: where(each) for name, each in decisions.shown().items()}
        self.display = Display({**facts, **dict(self._facts_of_plan())}, dict(self._amounts()))

    def at(self, ids: Iterable[str]) -> Term:
        """The level acted on is one of these."""
        return disj(self.levels[each] for each in ids)

    def given(self, intervention: str, status: str) -> Term:
        """An intervention is listed with a status."""
        return self.encoding.where(self.encoding.decisions.given[intervention][status])

    def _facts_of_plan(self) -> Iterator[tuple[str, Term]]:
        for key, standing in self.plan.keys.items():
            yield f"plan {key}", conj((self.shows_plan, standing.present))
            yield f"plan {key} null", conj((self.shows_plan, standing.null))
            for word, term in standing.words.items():
                yield f"plan {key} {word}", conj((self.shows_plan, term))
            fixed: dict[Fraction, Term] = {}
            for term, value in standing.numbers:
                if isinstance(value, Fraction):
                    fixed[value] = disj((fixed.get(value, False), term))
            for value, term in fixed.items():
                yield f"plan {key} = {value}", conj((self.shows_plan, term))

    def _amounts(self) -> Iterator[tuple[str, ShownAmount]]:
        for key, standing in self.plan.keys.items():
            cases = [each for each in standing.numbers if not isinstance(each[1], Fraction)]
            if cases:
                value = cases[-1][1]
                for term, each in reversed(cases[:-1]):
                    value = each if term is True else z3.If(term, each, value)
                yield (
                    f"plan {key}",
                    ShownAmount(conj((self.shows_plan, disj(term for term, _ in cases))), value),
                )
