"""Everything that a result shows, over all intakes, so that two rulebooks or two intakes can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import z3

from afterrun.verify.prove.encoding import Encoding, Outcome
from afterrun.verify.prove.plan_encoding import PlanEncoding
from afterrun.verify.prove.terms import Term, conj, differ, disj, neg, number, same_term


class Amount(NamedTuple):
    """A number that a result shows under a condition."""

    shown: Term
    value: Any


class Shown:
    """What a result shows: triage, patterns, interventions with status and week, and the plan.

    Not what only says how it came about: the rules that fired, the proofs, the open questions, and
    the ledger of what the triage level set aside.
    """

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.outcome = Outcome(encoding)
        self.plan = PlanEncoding(self.outcome)
        self.rulebook = encoding.rulebook
        levels = self.rulebook.triage.values()
        self.shows_patterns = self.outcome.at(level.id for level in levels if level.shows_patterns)
        self.shows_plan = self.outcome.at(level.id for level in levels if level.shows_plan)
        self.patterns = {name: self._pattern(name) for name in self.rulebook.patterns}
        self.facts: dict[str, Term] = dict(self._facts())
        """Whatever is either shown or not, by a name that says what."""
        self.amounts: dict[str, Amount] = dict(self._amounts())

    def _pattern(self, name: str) -> dict[str, Term]:
        """When each level of a pattern is the one shown."""
        found = {}
        stronger: list[Term] = []
        for level in self.rulebook.patterns[name].levels:
            proved = self.encoding.proposition(f"pattern.{name}.{level}").true
            found[level] = conj((self.shows_patterns, proved, neg(disj(stronger))))
            stronger.append(proved)
        return found

    def _facts(self) -> Iterator[tuple[str, Term]]:
        for level, term in self.outcome.level.items():
            yield f"triage {level}", term
        for pattern, levels in self.patterns.items():
            for level, term in levels.items():
                yield f"pattern {pattern} {level}", term
        for intervention in self.rulebook.interventions.values():
            listed = []
            for status in ("recommended", "postponed", "merged", "set_aside"):
                given = self.outcome.given(intervention.id, status)
                listed.append(given)
                yield f"{intervention.id} {status}", given
            if intervention.starts is not None:
                for week, term in self.outcome.choice[intervention.starts].items():
                    yield f"{intervention.id} from week {week}", conj((disj(listed), term))
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

    def _amounts(self) -> Iterator[tuple[str, Amount]]:
        for key, standing in self.plan.keys.items():
            cases = [each for each in standing.numbers if not isinstance(each[1], Fraction)]
            if cases:
                value = cases[-1][1]
                for term, each in reversed(cases[:-1]):
                    value = each if term is True else z3.If(term, each, value)
                yield f"plan {key}", Amount(conj((self.shows_plan, disj(term for term, _ in cases))), value)


def differences(one: Shown, other: Shown, least: Fraction = Fraction(0)) -> dict[str, Term]:
    """When each thing shown differs; what is plainly the same is left out.

    Numbers differ when they lie more than `least` apart.
    """
    return differences_of(one.facts, one.amounts, other.facts, other.amounts, least)


def differences_of(
    facts: Mapping[str, Term],
    amounts: Mapping[str, Amount],
    other_facts: Mapping[str, Term],
    other_amounts: Mapping[str, Amount],
    least: Fraction = Fraction(0),
) -> dict[str, Term]:
    """The same, of all that two results show."""
    found: dict[str, Term] = {}
    for name in {**facts, **other_facts}:
        term = differ(facts.get(name, False), other_facts.get(name, False))
        if term is not False:
            found[name] = term
    nothing = Amount(False, number(Fraction(0)))
    for name in {**amounts, **other_amounts}:
        first, second = amounts.get(name, nothing), other_amounts.get(name, nothing)
        unequal: Term = False
        if not same_term(first.value, second.value):
            gap = first.value - second.value
            apart = z3.Or(gap > number(least), gap < number(-least))
            unequal = conj((first.shown, second.shown, apart))
        term = disj((differ(first.shown, second.shown), unequal))
        if term is not False:
            found[f"{name} amount"] = term
    return found
