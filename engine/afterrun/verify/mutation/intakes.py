"""Many different intakes, so made that each rule's tests come out both ways somewhere among them.

Chance alone rarely meets what rules speak of: a warning sign nearly always hides the rest. So most
intakes are made from those that people wrote, the cases and the rules' own examples: one laid over
the other, and a few answers changed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from afterrun.errors import IntakeError
from afterrun.intake import as_intake
from afterrun.rulebook import Rulebook, Variable
from afterrun.rulebook.schema import Question
from afterrun.verify import examples_of
from afterrun.verify.cases import Intake, ReadIntake, answers_giving, limits_of, read_flat


def many_intakes(
    rulebook: Rulebook, written: Sequence[ReadIntake], count: int, chance: random.Random
) -> list[ReadIntake]:
    """The intakes that people wrote, what lies near them, and others; no two give the same facts."""
    maker = _Maker(rulebook, [as_intake(rulebook, each.answers) for each in written], chance)
    found: dict[tuple[tuple[str, int], ...], ReadIntake] = {}
    for tries, intake in enumerate(maker.intakes()):
        try:
            read = read_flat(rulebook, intake)
        except IntakeError:
            pass
        else:
            found.setdefault(tuple(sorted(read.facts.items())), read)
        if len(found) >= count or tries > 20 * count:
            break
    return list(found.values())


class _Maker:
    def __init__(self, rulebook: Rulebook, written: Sequence[Intake], chance: random.Random) -> None:
        self.rulebook = rulebook
        self.chance = chance
        self.whole = list(written)
        self.examples = [each.intake for rule in rulebook.rules.values() for each in examples_of(rule)]
        self.questions = list(rulebook.questions.values())
        self.measures = [rulebook.variables[name] for name in rulebook.measures]

    def intakes(self) -> Iterator[Intake]:
        yield from self.whole
        yield from self.examples
        for base in self.whole[:3]:
            for example in self.examples:
                yield {**base, **example}
            for variable in self.rulebook.variables.values():
                yield from self._around(base, variable)
            for question in self.questions:
                yield {name: answer for name, answer in base.items() if name != question.id}
                for option in question.options:
                    yield {**base, question.id: [option.id] if question.type == "multi" else option.id}
                if question.unknown_reads is not None:
                    yield {**base, question.id: "unknown"}
        while True:
            yield self._near()

    def _near(self) -> Intake:
        chance = self.chance
        intake = dict(chance.choice(self.whole)) if self.whole and chance.random() < 0.95 else {}
        for _ in range(chance.choice((0, 1, 1, 2))):
            intake.update(chance.choice(self.examples))
        for _ in range(chance.choice((0, 1, 2, 3, 5))):
            question = chance.choice(self.questions)
            if chance.random() < 0.15:
                intake.pop(question.id, None)
            else:
                intake[question.id] = self._answer(question)
        if self.measures and chance.random() < 0.3:
            variable = chance.choice(self.measures)
            number = chance.choice(_numbers(variable))
            intake.update(answers_giving(self.rulebook, variable.name, number, intake) or {})
        for quantity in self.rulebook.quantities.values():
            intake.setdefault(quantity.unit_key, quantity.units[0].id)
        return intake

    def _around(self, base: Intake, variable: Variable) -> Iterator[Intake]:
        for number in _numbers(variable) if variable.option is None else ():
            found = answers_giving(self.rulebook, variable.subject, number, base)
            if found is not None:
                yield found

    def _answer(self, question: Question) -> Any:
        chance = self.chance
        options = [option.id for option in question.options]
        if question.type == "multi":
            most = min(len(options), question.max_choices or 3)
            return chance.sample(options, chance.randint(1, most))
        if question.unknown_reads is not None and chance.random() < 0.15:
            return "unknown"
        if question.type == "single":
            return chance.choice(options)
        common = [Fraction(each) for each in (0, 1, 10, 13, 20, 24, 26, 30)]
        number = chance.choice([*_numbers(self.rulebook.variables[question.id]), *common])
        low, high = limits_of(self.rulebook, question)
        number = max(number, low) if low is not None else number
        number = min(number, high) if high is not None else number
        return int(number) if question.type == "integer" or number.denominator == 1 else float(number)


def _numbers(variable: Variable) -> list[Fraction]:
    """A number for each cell that a variable tells apart."""
    return [cell.reading for cell in variable.cells if isinstance(cell.reading, Fraction)]
