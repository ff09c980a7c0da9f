"""Which conditions the cases exercise both ways: the percentage and the highlighting from one table.

A condition here is the least thing that can be true or false on its own: one option of a list, one
comparison, one proposition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from afterrun.rulebook import KeyPath, Rulebook, Vocabulary, demands_of, walk
from afterrun.rulebook.schema import Condition, TestOn
from afterrun.verify.cases.cases import WrittenCase
from afterrun.verify.cases.outcomes import LayOut
from afterrun.verify.cases.places import OfRule, Places, SourceLine
from afterrun.verify.cases.whole import WholeCases

Exercise = Literal["both", "only true", "only false", "never"]


class Atom(NamedTuple):
    """One condition and how often the cases made it true and false."""

    said: str
    place: SourceLine
    true: int
    false: int

    @property
    def exercise(self) -> Exercise:
        """Both ways, one way, or never settled at all."""
        if self.true and self.false:
            return "both"
        return "only true" if self.true else "only false" if self.false else "never"


class RuleCoverage(NamedTuple):
    """One rule: how often it fired and was refuted, and its conditions."""

    rule: str
    place: SourceLine
    fired: int
    refuted: int
    open: int
    atoms: tuple[Atom, ...]

    @property
    def percent(self) -> float:
        """Conditions exercised both ways, of all."""
        return _percent(self.atoms)


class CaseCoverage(NamedTuple):
    """The whole rulebook under some cases."""

    cases: int
    rules: tuple[RuleCoverage, ...]

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """Every condition of every rule."""
        return tuple(atom for rule in self.rules for atom in rule.atoms)

    @property
    def percent(self) -> float:
        """Conditions exercised both ways, of all."""
        return _percent(self.atoms)

    def to_dict(self) -> dict[str, Any]:
        """The coverage as plain JSON values."""
        return {
            "cases": self.cases,
            "percent": round(self.percent, 2),
            "conditions": len(self.atoms),
            "both_ways": sum(atom.exercise == "both" for atom in self.atoms),
            "rules": [
                {
                    "rule": rule.rule,
                    "place": str(rule.place),
                    "fired": rule.fired,
                    "refuted": rule.refuted,
                    "open": rule.open,
                    "percent": round(rule.percent, 2),
                    "conditions": [
                        {
                            "condition": atom.said,
                            "place": str(atom.place),
                            "true": atom.true,
                            "false": atom.false,
                            "exercised": atom.exercise,
                        }
                        for atom in rule.atoms
                    ],
                }
                for rule in self.rules
            ],
        }


def cover(
    rulebook: Rulebook, cases: Sequence[WrittenCase], places: Places, lay_out: LayOut | None = None
) -> CaseCoverage:
    """What the cases exercise; `lay_out` gives the weeks of a case, where the cases expect any.

    Raises CaseFailsError when a case does not hold under the rules as they are.
    """
    whole = WholeCases(rulebook, cases, lay_out)
    whole.refuse_failing()
    vocabulary = Vocabulary.of(rulebook)
    settled, field = whole.settled, whole.settled.facts
    rules = []
    for rule in rulebook.rules.values():
        if rule.written is not None:
            owner, atoms = OfRule(rule.id), []
            for path, condition, said in _atoms_of(rule.written.if_):
                lanes = field.truth(vocabulary.formula(condition), settled.propositions.__getitem__)
                true, false = (each.bit_count() for each in lanes)
                atoms.append(Atom(said, places.of(owner, path), true, false))
            fired, refuted = (each.bit_count() for each in settled.rules[rule.id])
            left = field.size - fired - refuted
            rules.append(RuleCoverage(rule.id, places.of(owner), fired, refuted, left, tuple(atoms)))
    return CaseCoverage(len(cases), tuple(rules))


def by_line(coverage: CaseCoverage) -> Mapping[SourceLine, tuple[Atom, ...]]:
    """The conditions on each line of each file."""
    lines: dict[SourceLine, tuple[Atom, ...]] = {}
    for atom in coverage.atoms:
        lines[atom.place] = (*lines.get(atom.place, ()), atom)
    return lines


def worst(atoms: Sequence[Atom]) -> Exercise:
    """How a line with several conditions is marked: by the one that is exercised least."""
    order: tuple[Exercise, ...] = ("never", "only false", "only true", "both")
    return min((atom.exercise for atom in atoms), key=order.index)


def _atoms_of(condition: Condition) -> Iterator[tuple[KeyPath, Condition, str]]:
    """The least conditions within one, each with its place and its words."""
    for path, each in walk(condition, ("if",)):
        if isinstance(each, str):
            yield path, each, each
        elif isinstance(each, TestOn):
            for demand in demands_of(each, path):
                operator = {"one_of": "is", "includes_any": "includes"}.get(demand.operator, demand.operator)
                yield demand.path, demand.alone, f"{each.subject} {operator.replace('_', ' ')} {demand.value}"


def _percent(atoms: Sequence[Atom]) -> float:
    return 100 * sum(atom.exercise == "both" for atom in atoms) / len(atoms) if atoms else 100.0
