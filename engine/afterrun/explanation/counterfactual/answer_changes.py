"""Answers in, single changes of them out: an option ticked or unticked, another choice, another number."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from afterrun.assessment import Case
from afterrun.explanation.counterfactual.number_changes import NumberChanges, Stretch, connected, direction
from afterrun.inference import Cones, FactMaker, cell_of_measure
from afterrun.intake import Value
from afterrun.rulebook import UNKNOWN, engine_of
from afterrun.rulebook.schema import Question

Key = tuple[str, str]
"""What is changed: a question, and the option toggled, the option chosen, or the number's direction."""


class Edit(NamedTuple):
    """One thing to be answered otherwise, or numbers that are only changed together."""

    keys: frozenset[Key]
    """As many as answers or ticks are changed."""
    group: str
    """Changes of one group exclude each other; the empty group excludes none."""
    cells: tuple[tuple[str, int], ...]
    """The variables that it gives another cell."""
    answers: Mapping[str, Value]
    """The new answers; for a tick see `toggles`."""
    toggles: tuple[str, str] | None = None
    """The question and the option that is ticked or unticked."""
    stretch: Stretch | None = None
    """All numbers that would do as well as the one in `answers`."""
    distance: Fraction = Fraction(0)
    """How far numbers are moved: of several that do the same, the nearest is told."""


class ChangeMaker:
    """Every change of one person's answers that the rules behind a proposition could tell apart."""

    def __init__(self, case: Case, proposition: str) -> None:
        self._rulebook = case.rulebook
        self._values = case.answers.values
        self._facts = case.facts
        self._tested = engine_of(case.rulebook, Cones).tested(proposition)
        self._maker = engine_of(case.rulebook, FactMaker)
        self._numbers = NumberChanges(case)

    def changes(self, at_most: int) -> Iterator[Edit]:
        """Changes of up to `at_most` answers; several at once only where numbers belong together."""
        asked = [each for each in self._behind() if each.changeable]
        for question in asked:
            if question.type == "multi":
                yield from self._ticks(question)
            elif question.type == "single":
                yield from self._choices(question)
        for group in connected(self._rulebook, (question.id for question in asked)):
            for count in range(1, min(at_most, len(group)) + 1):
                for questions in itertools.combinations(group, count):
                    yield from self._of_numbers(questions, group[0])

    def fixed(self) -> tuple[str, ...]:
        """The questions behind the proposition that are never answered otherwise."""
        return tuple(each.id for each in self._behind() if not each.changeable)

    def _behind(self) -> list[Question]:
        names = {name for each in self._tested for name in self._rulebook.variables[each].questions}
        return [each for each in self._rulebook.questions.values() if each.id in names]

    def answered(self, changes: Iterable[Edit]) -> dict[str, Value] | None:
        """All answers with some changes made; None when a question does not allow what they make."""
        values = dict(self._values)
        toggled: dict[str, set[str]] = {}
        for change in changes:
            if change.toggles is None:
                values.update(change.answers)
            else:
                toggled.setdefault(change.toggles[0], set()).add(change.toggles[1])
        for name, options in toggled.items():
            ticked = self._toggled(self._rulebook.questions[name], options)
            if ticked is None:
                return None
            values[name] = ticked
        return values

    def _toggled(self, question: Question, options: set[str]) -> frozenset[str] | None:
        alone = [option.id for option in question.options if option.alone]
        now = self._values.get(question.id, frozenset())
        assert isinstance(now, frozenset)
        ticked = now ^ options
        others = ticked.difference(alone)
        ticked = others or frozenset(alone[:1])
        too_many = question.max_choices is not None and len(ticked) > question.max_choices
        return None if too_many or not ticked else ticked

    def _ticks(self, question: Question) -> Iterator[Edit]:
        """Each option ticked or unticked; one that excludes the others comes and goes with them."""
        now = self._values.get(question.id, frozenset())
        assert isinstance(now, frozenset)
        blank = question.id not in self._values
        others = [option.id for option in question.options if not option.alone]
        # An option that nothing tests is still of use where another could not go without it, or come.
        all_matter = blank or len(others) == len(question.options)
        for option in question.options:
            if not all_matter and option.id not in now and f"{question.id}:{option.id}" not in self._tested:
                continue
            clash = option.id in now and now.intersection(others)
            if not option.alone or blank or clash:
                cells = ((f"{question.id}:{option.id}", 0 if option.id in now else 1),)
                yield Edit(frozenset({(question.id, option.id)}), "", cells, {}, (question.id, option.id))

    def _choices(self, question: Question) -> Iterator[Edit]:
        variable = self._rulebook.variables[question.id]
        now = self._facts.get(question.id)
        for place, cell in enumerate(variable.cells):
            if place != now:
                answer: Value = cell.raw  # type: ignore[assignment]  # an option, or 'unknown'
                name = answer if isinstance(answer, str) else "unknown"
                yield Edit(
                    frozenset({(question.id, name)}),
                    question.id,
                    ((question.id, place),),
                    {question.id: answer},
                )

    def _of_numbers(self, questions: tuple[str, ...], group: str) -> Iterator[Edit]:
        if len(questions) == 1:
            (name,) = questions
            for stretch in self._numbers.stretches(name):
                yield from self._number({name: stretch.value}, group, stretch)
            if self._rulebook.questions[name].unknown_reads is not None:
                yield from self._number({name: UNKNOWN}, group)
            return
        nearest: dict[tuple[frozenset[Key], tuple[tuple[str, int], ...]], Edit] = {}
        for answers in self._numbers.together(questions):
            for change in self._number(answers, group):
                known = nearest.get((change.keys, change.cells))
                if known is None or change.distance < known.distance:
                    nearest[change.keys, change.cells] = change
        yield from nearest.values()

    def _number(
        self, answers: Mapping[str, Value], group: str, stretch: Stretch | None = None
    ) -> Iterator[Edit]:
        if any(self._values.get(name) == value for name, value in answers.items()):
            return
        values = {**self._values, **answers}
        cells = {
            name: self._rulebook.variables[name].cell_of_number(value)  # type: ignore[arg-type]
            for name, value in answers.items()
        }
        number = self._maker.numbers(values)
        for measure in self._rulebook.measures:
            variable = self._rulebook.variables[measure]
            if not answers.keys().isdisjoint(variable.questions):
                cell = cell_of_measure(variable, number)
                cells[measure] = -1 if cell is None else cell
        changed = tuple((name, cell) for name, cell in cells.items() if self._facts.get(name, -1) != cell)
        if changed:
            keys = frozenset(
                (name, direction(self._values.get(name), value)) for name, value in answers.items()
            )
            yield Edit(keys, group, changed, answers, None, stretch, self._distance(answers))

    def _distance(self, answers: Mapping[str, Value]) -> Fraction:
        total = Fraction(0)
        for name, value in answers.items():
            now = self._values.get(name)
            if isinstance(value, Fraction) and isinstance(now, Fraction):
                total += abs(value - now)
        return total
