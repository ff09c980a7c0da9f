"""Which premises of a rule are there only because a question may be skipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from afterrun.once import once
from afterrun.rulebook import (
    And,
    CellTest,
    Formula,
    LinkedRule,
    Not,
    Or,
    Ref,
    Rulebook,
    Truth,
    atoms,
    operands_of,
    truth_by,
)

Premise = tuple[str, str]
"""A subject and its test; or a conclusion, and nothing."""


class Skips:
    """For each rule of a rulebook, its premises that are skip conditions, with the questions they skip.

    A test on a question that may be skipped holds only where the question is asked, or where it is
    skipped and what it then reads as passes the test: linking adds that condition to the rule.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._found: dict[str, Mapping[Premise, tuple[str, ...]]] = {}

    def of(self, rule: LinkedRule) -> Mapping[Premise, tuple[str, ...]]:
        """The premises of a rule that only a skip asks for, each with the questions that it may skip."""
        if rule.id not in self._found:
            self._found[rule.id] = self.within(rule.formula)
        return self._found[rule.id]

    def within(self, formula: Formula) -> Mapping[Premise, tuple[str, ...]]:
        """The same of any condition."""
        own: set[Premise] = set()
        added: dict[Premise, dict[str, None]] = defaultdict(dict)
        for premise, question in self._premises(formula, ""):
            if question:
                added[premise][question] = None
            else:
                own.add(premise)
        return {premise: tuple(names) for premise, names in added.items() if premise not in own}

    def skipped(self, question: str, premises: Mapping[Premise, bool]) -> Truth:
        """Whether some premises skip a question, or make that it is asked; None where they leave it open."""
        return truth_by(self._rulebook.skips[question], lambda atom: premises.get(self.premise(atom)))

    @once
    def _conditions(self) -> Mapping[Formula, tuple[str, ...]]:
        found: dict[Formula, list[str]] = defaultdict(list)
        for question, condition in self._rulebook.skips.items():
            found[condition].append(question)
        return {condition: tuple(questions) for condition, questions in found.items()}

    def _premises(self, formula: Formula, skipped: str) -> Iterator[tuple[Premise, str]]:
        """Every atom, with the question whose skip condition it stands in."""
        if isinstance(formula, CellTest | Ref):
            yield self.premise(formula), skipped
            return
        parts = operands_of(formula)
        condition = self._skip_in(formula) if not skipped else ""
        for place, part in enumerate(parts):
            yield from self._premises(part, condition if condition and place == 0 else skipped)

    def _skip_in(self, formula: Formula) -> str:
        """The question whose skip condition is the first part of what linking made of a test on it."""
        match formula:
            case And((Not(condition), tested)) | Or((condition, tested)):
                behind = {
                    question
                    for atom in atoms(tested)
                    if isinstance(atom, CellTest)
                    for question in self._rulebook.variables[atom.variable].questions
                }
                found = (each for each in self._conditions.get(condition, ()) if each in behind)
                return next(found, "")
        return ""

    def premise(self, atom: CellTest | Ref) -> Premise:
        """An atom as a premise."""
        if isinstance(atom, Ref):
            return atom.proposition, ""
        return self._rulebook.variables[atom.variable].subject, atom.test
