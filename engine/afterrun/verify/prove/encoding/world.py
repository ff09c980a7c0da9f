"""All intakes at once, whole and partial: what a person may answer, as unknowns of the solver."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import Any

from afterrun.intake import Answers, Value, bounds
from afterrun.rulebook import UNKNOWN, Rulebook
from afterrun.rulebook.schema import Quantity, Question
from afterrun.verify.prove.encoding.terms import (
    Expression,
    Term,
    at_most_one,
    boolean,
    conj,
    differ,
    disj,
    enough,
    implies,
    neg,
    number,
    real,
    whole,
)


class AskedQuestion:
    """One question: what was answered, if anything."""

    def __init__(self, question: Question, copy: str) -> None:
        name = f"{question.id}{copy}"
        self.question = question
        self.options = {option.id: boolean(f"{name}={option.id}") for option in question.options}
        self.unknown: Term = boolean(f"{name}=?") if question.unknown_reads is not None else False
        self.number: Expression = None
        """The number answered, if the question takes one."""
        self.is_number: Term = False
        if not question.options:
            self.number = whole(f"{name}#") if question.type == "integer" else real(f"{name}#")
            self.is_number = boolean(f"{name}=#")
        self.answered: Term = disj((*self.options.values(), self.unknown, self.is_number))

    def unknowns(self) -> Iterator[Any]:
        """The Boolean unknowns, then the number."""
        yield from self.options.values()
        yield from (each for each in (self.unknown, self.is_number) if each is not False)
        if self.number is not None:
            # A whole number is wrapped to compare with fractions; the unknown is inside.
            yield self.number.arg(0) if self.question.type == "integer" else self.number

    def equals(self, value: Value | None) -> Term:
        """The answer is this one; None is a blank."""
        if value is None:
            return neg(self.answered)
        if value is UNKNOWN:
            return self.unknown
        if isinstance(value, frozenset):
            return conj(ticked if name in value else neg(ticked) for name, ticked in self.options.items())
        if isinstance(value, Fraction):
            return conj((self.is_number, self.number == number(value)))
        assert isinstance(value, str)
        return self.options[value]


class World:
    """The questions of a rulebook, and what holds of every intake that can be read.

    Numbers are any within their bounds: finer than the six decimals of an intake, so that what is
    proved of all is proved of those. Two worlds made of the same questions are the same unknowns;
    `copy` names another person's.
    """

    def __init__(
        self,
        questions: Mapping[str, Question],
        quantities: Mapping[str, Quantity],
        copy: str = "",
        apart: Collection[str] = (),
    ) -> None:
        self.asked = {
            name: AskedQuestion(question, copy or ("'" if name in apart else ""))
            for name, question in questions.items()
        }
        self.units = {key: self._units_of(quantity, copy) for key, quantity in quantities.items()}
        self.quantities = quantities
        self.rules = [rule for asked in self.asked.values() for rule in self._rules_of(asked)]
        for units in self.units.values():
            self.rules += at_most_one(list(units.values()))

    @classmethod
    def of(cls, rulebook: Rulebook, copy: str = "", apart: Collection[str] = ()) -> World:
        """The world of a rulebook's questions; those `apart` are another person's."""
        return cls(rulebook.questions, rulebook.quantities, copy, apart)

    def with_another(self, question: str, copy: str) -> World:
        """The same person but for one answer."""
        other = World.__new__(World)
        other.asked = {**self.asked, question: AskedQuestion(self.asked[question].question, copy)}
        other.quantities = self.quantities
        other.units = {
            key: other._units_of(quantity, copy) if quantity.unit_key == question else self.units[key]
            for key, quantity in self.quantities.items()
        }
        other.rules = list(other._rules_of(other.asked[question]))
        return other

    def _units_of(self, quantity: Quantity, copy: str) -> dict[str, Term]:
        """When each unit is the one named; where a question asks for it, its answer says so."""
        asked = self.asked.get(quantity.unit_key)
        if asked is not None:
            return {unit.id: asked.options[unit.id] for unit in quantity.units}
        return {unit.id: boolean(f"{quantity.unit_key}{copy}={unit.id}") for unit in quantity.units}

    def extended_by(self, other: World) -> list[Term]:
        """Every answer here stands there too."""
        terms: list[Term] = []
        for name, asked in self.asked.items():
            later = other.asked[name]
            if asked.question.type == "multi":
                same = conj(
                    neg(differ(ticked, later.options[option])) for option, ticked in asked.options.items()
                )
                terms.append(implies(asked.answered, same))
                continue
            terms += [implies(way, later.options[option]) for option, way in asked.options.items()]
            terms.append(implies(asked.unknown, later.unknown))
            if asked.number is not None:
                same = conj((later.is_number, asked.number == later.number))
                terms.append(implies(asked.is_number, same))
        for key, units in self.units.items():
            terms += [implies(unit, other.units[key][name]) for name, unit in units.items()]
        return terms

    def unknowns(self) -> list[Any]:
        """Every unknown, in one order for every copy."""
        found = [each for asked in self.asked.values() for each in asked.unknowns()]
        return [*found, *(unit for units in self.units.values() for unit in units.values())]

    def holding(self, answers: Answers) -> list[Term]:
        """The intake is exactly this one."""
        terms = [asked.equals(answers.values.get(name)) for name, asked in self.asked.items()]
        for key, units in self.units.items():
            given = answers.units.get(self.quantities[key].unit_key)
            terms += [unit if name == given else neg(unit) for name, unit in units.items()]
        return terms

    def _rules_of(self, asked: AskedQuestion) -> Iterator[Term]:
        question = asked.question
        if question.type == "multi":
            if question.max_choices is not None:
                yield neg(enough(question.max_choices + 1, list(asked.options.values())))
            return
        ways = [
            each for each in (*asked.options.values(), asked.unknown, asked.is_number) if each is not False
        ]
        yield from at_most_one(ways)
        if asked.number is None:
            return
        quantity = self.quantities[question.quantity] if question.quantity else None
        low, high = bounds(question, quantity, None)
        if low is not None:
            yield implies(asked.is_number, asked.number >= number(low))
        if high is not None:
            yield implies(asked.is_number, asked.number <= number(high))
        if quantity is not None:
            units = self.units[quantity.id]
            yield implies(asked.is_number, disj(units.values()))
            for unit in quantity.units:
                most = number(Fraction(unit.at_most))
                yield implies(conj((asked.is_number, units[unit.id])), asked.number <= most)
