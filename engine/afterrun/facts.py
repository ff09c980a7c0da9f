"""Answers in, facts out: the cell of every variable that the answers settle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from afterrun.arithmetic import Quantity, compute, names_in
from afterrun.intake import Answers, Value
from afterrun.rulebook import Rulebook
from afterrun.variables import NOTHING, OPEN, UNKNOWN, Mark, Variable
from afterrun.written.files import Question

Facts = Mapping[str, int]
"""The cell index of each variable that is known; a variable that is open is absent."""


class FactMaker:
    """A rulebook's variables, made ready to be filled from answers."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._questions = rulebook.questions
        self._measures = rulebook.measures
        self._of_question: dict[str, list[Variable]] = {}
        self._of_measure: list[Variable] = []
        for variable in rulebook.variables.values():
            if variable.subject in rulebook.questions:
                self._of_question.setdefault(variable.subject, []).append(variable)
            else:
                self._of_measure.append(variable)
        self._cell_of = {name: _cell_finder(variable) for name, variable in rulebook.variables.items()}

    def facts(self, values: Mapping[str, Value]) -> dict[str, int]:
        """Every variable that the answers settle, with its cell."""
        facts: dict[str, int] = {}
        for question, value in values.items():
            for variable in self._of_question.get(question, ()):
                facts[variable.name] = self._cell_of[variable.name](value)
        for variable in self._of_measure:
            cell = self.measured(variable, values)
            if cell is not None:
                facts[variable.name] = cell
        return facts

    def measured(self, variable: Variable, values: Mapping[str, Value]) -> int | None:
        """A measure's cell; None while the answers leave it open."""
        number = self.number(variable.subject, values)
        return None if number is OPEN else variable.cell_of_number(number)

    def number(self, name: str, values: Mapping[str, Value]) -> Quantity:
        """A number by question or measure id; skips are the business of rules, not of numbers."""
        if name in self._measures:
            return compute(self._measures[name].formula, lambda part: self.number(part, values))
        value = values.get(name, OPEN)
        if value is UNKNOWN:
            return _unknown_number(self._questions[name])
        assert isinstance(value, Fraction | Mark)
        return value


def facts_of(rulebook: Rulebook, answers: Answers) -> dict[str, int]:
    """The facts that validated answers give."""
    return rulebook.compiled(FactMaker).facts(answers.values)


def questions_of(rulebook: Rulebook, name: str) -> Iterable[str]:
    """The questions behind a question or measure id."""
    if name in rulebook.questions:
        yield name
    else:
        for part in names_in(rulebook.measures[name].formula):
            yield from questions_of(rulebook, part)


def _unknown_number(question: Question) -> Quantity:
    reads = question.unknown_reads
    return NOTHING if reads is None or isinstance(reads, str) else Fraction(reads)


def _cell_finder(variable: Variable) -> Callable[[Value], int]:
    if variable.option is not None:
        option = variable.option
        return lambda value: int(option in value)  # type: ignore[operator]
    if variable.thresholds or isinstance(variable.cells[0].reading, Fraction):
        return lambda value: variable.cell_of_number(value)  # type: ignore[arg-type]
    index = {cell.raw: place for place, cell in enumerate(variable.cells)}
    return lambda value: index[value]  # type: ignore[index]
