"""Answers in, facts out: the cell of every variable that the answers settle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from afterrun.intake import Answers, PartlyAsked, Value
from afterrun.rulebook import (
    NOTHING,
    OPEN,
    UNKNOWN,
    Exact,
    Lookup,
    Mark,
    Quantity,
    Rulebook,
    Variable,
    engine_of,
    names_in,
    prepared,
)

Facts = Mapping[str, int]
"""The cell index of each variable that is known; a variable that is open is absent."""


class FactMaker:
    """A rulebook's variables, made ready to be filled from answers."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._questions = rulebook.questions
        self._measures = {name: prepared(each.formula) for name, each in rulebook.measures.items()}
        self._fill: dict[str, Callable[[Value, dict[str, int]], None]] = {}
        by_question: dict[str, list[Variable]] = {}
        for variable in rulebook.variables.values():
            if variable.subject in rulebook.questions:
                by_question.setdefault(variable.subject, []).append(variable)
        for question, variables in by_question.items():
            self._fill[question] = _filler(variables)
        measures = [each for each in rulebook.variables.values() if each.subject in rulebook.measures]
        blank = self.numbers({})
        self._of_measure = [(each, cell_of_measure(each, blank)) for each in measures]
        """Each with its cell where none of its questions is answered."""

    def facts(self, values: Mapping[str, Value]) -> dict[str, int]:
        """Every variable that the answers settle, with its cell."""
        facts: dict[str, int] = {}
        for question, value in values.items():
            self._fill[question](value, facts)
        number = self.numbers(values)
        answered = values.keys()
        for variable, blank in self._of_measure:
            cell = blank if answered.isdisjoint(variable.questions) else cell_of_measure(variable, number)
            if cell is not None:
                facts[variable.name] = cell
        return facts

    def numbers(self, values: Mapping[str, Value]) -> Lookup:
        """Numbers by question or measure id, each measure worked out once.

        Skips are the business of rules, not of numbers.
        """
        known: dict[str, Quantity] = {}

        def number(name: str) -> Quantity:
            if name not in self._measures:
                return self._answered(name, values)
            if name not in known:
                known[name] = self.measure(name, number)
            return known[name]

        return number

    def measure(self, name: str, number: Lookup) -> Quantity:
        """What a measure comes to; `number` gives the questions and measures that it is made from."""
        return self._measures[name](Exact(number, _of_no_parameter))

    def _answered(self, name: str, values: Mapping[str, Value]) -> Quantity:
        value = values.get(name, OPEN)
        if value is UNKNOWN:
            return number_read(self._questions[name].unknown_reads)
        assert isinstance(value, Fraction | Mark)
        return value


def cell_of_measure(variable: Variable, number: Lookup) -> int | None:
    """A measure's cell; None while the answers leave it open."""
    value = number(variable.subject)
    return None if value is OPEN else variable.cell_of_number(value)


def _of_no_parameter(name: str) -> Quantity:
    return OPEN


def facts_of(rulebook: Rulebook, answers: Answers) -> dict[str, int]:
    """The facts that validated answers give."""
    return engine_of(rulebook, FactMaker).facts(answers.values)


def numbers_in(rulebook: Rulebook, answers: Mapping[str, Any]) -> Lookup:
    """Numbers by question or measure id, read off answers as a proof holds them."""
    maker = engine_of(rulebook, FactMaker)
    values = {
        name: UNKNOWN if value == UNKNOWN.value else Fraction(str(value)) for name, value in answers.items()
    }
    return maker.numbers(values)


def questions_of(rulebook: Rulebook, name: str) -> Iterable[str]:
    """The questions behind a question or measure id."""
    if name in rulebook.questions:
        yield name
    else:
        for part in names_in(rulebook.measures[name].formula):
            yield from questions_of(rulebook, part)


def number_read(reads: Any) -> Quantity:
    """The number that an answer which is none is read as; NOTHING where it is read as none."""
    return NOTHING if reads is None or isinstance(reads, str) else Fraction(reads)


def _filler(variables: list[Variable]) -> Callable[[Value, dict[str, int]], None]:
    """How one question's answer gives the cells of its variables."""
    if variables[0].option is not None:
        options = [(variable.name, variable.option) for variable in variables]

        def tick(value: Value, facts: dict[str, int]) -> None:
            unasked = value.unasked if isinstance(value, PartlyAsked) else ()
            for name, option in options:
                if option not in unasked:
                    facts[name] = 1 if option in value else 0  # type: ignore[operator]

        return tick
    (variable,) = variables
    name = variable.name
    if variable.thresholds or isinstance(variable.cells[0].reading, Fraction):

        def place(value: Value, facts: dict[str, int]) -> None:
            facts[name] = variable.cell_of_number(value)  # type: ignore[arg-type]

        return place
    index = {cell.raw: at for at, cell in enumerate(variable.cells)}

    def choose(value: Value, facts: dict[str, int]) -> None:
        facts[name] = index[value]  # type: ignore[index]

    return choose
