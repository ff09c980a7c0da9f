"""Conditions as written in, formulas out; every name that does not resolve is a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from afterrun.errors import nearest
from afterrun.rulebook.documents import KeyPath
from afterrun.rulebook.formulas import names_in
from afterrun.rulebook.linking.conditions import parts_of, tests_in
from afterrun.rulebook.linking.unread import Unread
from afterrun.rulebook.logic import And, AtLeast, CellTest, Formula, Not, Or, Ref
from afterrun.rulebook.model import Rulebook
from afterrun.rulebook.proposition import propositions_of
from afterrun.rulebook.schema import AllOf, AnyOf, Condition, Measure, NotThat, Question, Scalar, Test, TestOn
from afterrun.rulebook.schema import AtLeast as WrittenAtLeast
from afterrun.rulebook.variables import (
    NOTHING,
    UNKNOWN,
    Cell,
    Reading,
    Variable,
    holds,
    number_cells,
    thresholds_of,
    words,
)

Complain = Callable[[KeyPath, str, str], None]
"""Takes where in the file, what is wrong, and the nearest right name."""

_NEVER = Or(())
_OPERATORS = {"multi": frozenset({"includes", "includes_any"}), "single": frozenset({"is", "one_of"})}
"""What fits a choice; every other operator compares numbers."""


class Vocabulary:
    """The questions, measures and propositions that conditions may speak of."""

    def __init__(
        self,
        questions: Mapping[str, Question],
        measures: Mapping[str, Measure],
        propositions: Iterable[str],
        unread: Unread = Unread(),  # noqa: B008 (frozen)
    ) -> None:
        self.unread = unread
        self.questions = questions
        self.measures = measures
        self.propositions = frozenset(propositions)
        self._thresholds: dict[str, set[Fraction]] = {}
        self.variables: dict[str, Variable] = {}
        self.skips: dict[str, Formula] = {}

    @classmethod
    def of(cls, rulebook: Rulebook) -> Vocabulary:
        """What a linked rulebook's conditions speak of, its variables laid out."""
        propositions = (each.name for each in propositions_of(rulebook))
        vocabulary = cls(rulebook.questions, rulebook.measures, propositions)
        vocabulary.variables = dict(rulebook.variables)
        return vocabulary

    def with_other(self, rulebook: Rulebook) -> Vocabulary:
        """The same numbers to compare with, for the questions and measures of another rulebook."""
        other = Vocabulary(rulebook.questions, rulebook.measures, self.propositions)
        other._thresholds = self._thresholds
        other.make_variables()
        return other

    def note_thresholds(self, condition: Condition) -> None:
        """Take in the numbers that a condition compares with; do so for all before compiling any."""
        for on in tests_in(condition):
            self._thresholds.setdefault(on.subject, set()).update(thresholds_of(on.test))

    def make_variables(self) -> None:
        """Lay out the cells of every question and measure, once all thresholds are known."""
        for question in self.questions.values():
            reads, behind = question.unknown_reads, (question.id,)
            unknown = Cell(UNKNOWN, _reading(reads)) if reads is not None else None
            if question.type == "multi":
                cells = tuple(Cell(ticked, ticked) for ticked in (Fraction(0), Fraction(1)))
                for option in question.options:
                    self._add(Variable(f"{question.id}:{option.id}", question.id, option.id, behind, cells))
            elif question.type == "single":
                chosen = tuple(Cell(option.id, option.id) for option in question.options)
                cells = (*chosen, unknown) if unknown else chosen
                self._add(Variable(question.id, question.id, None, behind, cells))
            else:
                self._add_number(question.id, behind, unknown)
        for measure in self.measures.values():
            self._add_number(measure.id, tuple(self.questions_behind(measure.id)), Cell(UNKNOWN, NOTHING))

    def questions_behind(self, name: str) -> list[str]:
        """The questions that a question or measure id rests on, without repetition."""
        if name not in self.measures:
            return [name] if name in self.questions else []
        found = [q for part in names_in(self.measures[name].formula) for q in self.questions_behind(part)]
        return list(dict.fromkeys(found))

    def compile(self, condition: Condition, path: KeyPath, complain: Complain) -> Formula:
        """The formula of a condition written at `path`."""
        parts = tuple(self.compile(part, here, complain) for here, part in parts_of(condition, path))
        match condition:
            case str():
                if condition not in self.propositions and not self.unread.may_name(
                    condition, known=self.propositions
                ):
                    complain(path, *self._unconcluded(condition))
                return Ref(condition)
            case AllOf():
                return And(parts)
            case AnyOf():
                return Or(parts)
            case NotThat():
                return Not(parts[0])
            case WrittenAtLeast():
                count = condition.at_least.count
                if count > len(parts) > 0:
                    complain((*path, "at_least", "count"), f"asks for {count} of {len(parts)}", "")
                return AtLeast(count, parts)
            case TestOn():
                return self._test(condition.subject, condition.test, (*path, condition.subject), complain)

    def formula(self, condition: Condition) -> Formula:
        """The formula of a condition; raises ValueError unless every name in it is known."""
        return self.compile(condition, (), _refuse)

    def _test(self, subject: str, test: Test, path: KeyPath, complain: Complain) -> Formula:
        if subject not in self.questions and subject not in self.measures:
            if self.unread.may_name(subject, known=[*self.questions, *self.measures]):
                return _NEVER
            near = nearest(subject, [*self.questions, *self.measures, *self.propositions])
            complain(path, f"tests '{subject}', which no question asks and no measure gives", near)
            return _NEVER
        question = self.questions.get(subject)
        for message, near in misfits(test, question, subject, bool(self._skippable(subject)), self.unread):
            complain(path, message, near)
        if question is not None and question.type == "multi":
            return self._unless_skipped(subject, test, self._ticked(question, test))
        variable = self.variables[subject]
        return self._unless_skipped(subject, test, CellTest(subject, variable.mask(test), words(test)))

    def _unconcluded(self, name: str) -> tuple[str, str]:
        """What is wrong with a proposition that nothing concludes, and the nearest right name."""
        if any(word in self.propositions for word in name.split()):
            return f"waits for '{name}', which is more than one finding: begin each with a dash ('- ')", ""
        near = nearest(name, [*self.propositions, *self.questions, *self.measures])
        if near in self.questions or near in self.measures:
            return (
                f"waits for '{name}', which no rule concludes: a question takes a test, {near}: {{…}}",
                near,
            )
        return f"waits for '{name}', which no rule concludes", near

    def _ticked(self, question: Question, test: Test) -> Formula:
        def leaf(option: str) -> CellTest:
            return CellTest(f"{question.id}:{option}", 0b10, f"includes {option}")

        parts: list[Formula] = [leaf(test.includes)] if test.includes is not None else []
        if test.includes_any is not None:
            parts.append(Or(tuple(leaf(option) for option in test.includes_any)))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _unless_skipped(self, subject: str, test: Test, answered: Formula) -> Formula:
        formula = answered
        for question in self._skippable(subject):
            skip = self._skip_of(question)
            reading = _reading(question.skipped_reads)
            if subject in self.questions and holds(test, Cell(reading, reading)):
                formula = Or((skip, formula))
            else:
                formula = And((Not(skip), formula))
        return formula

    def _skippable(self, subject: str) -> list[Question]:
        behind = (self.questions[name] for name in self.questions_behind(subject))
        return [question for question in behind if question.skip_when is not None]

    def _skip_of(self, question: Question) -> Formula:
        if question.id not in self.skips:
            assert question.skip_when is not None
            # A question whose skip condition speaks of itself would never end; linking reports it.
            self.skips[question.id] = _NEVER
            self.skips[question.id] = self.compile(question.skip_when, (), lambda *_: None)
        return self.skips[question.id]

    def _add(self, variable: Variable) -> None:
        self.variables[variable.name] = variable

    def _add_number(self, subject: str, questions: tuple[str, ...], last: Cell | None) -> None:
        thresholds = tuple(sorted(self._thresholds.get(subject, ())))
        edges = tuple(each.numerator if each.denominator == 1 else each for each in thresholds)
        cells = number_cells(thresholds, last)
        self._add(Variable(subject, subject, None, questions, cells, thresholds, edges))


def _refuse(path: KeyPath, message: str, near: str) -> None:
    raise ValueError(f"a condition that does not link: {message}")


def operators_of(question: Question | None) -> frozenset[str]:
    """The operators that fit tests on a question, or on a measure where it is none."""
    kind = question.type if question else "measure"
    return _OPERATORS.get(kind, _OPERATORS["single"] | {"at_least", "at_most", "over", "under"})


def misfits(
    test: Test, question: Question | None, subject: str, skippable: bool, unread: Unread
) -> Iterator[tuple[str, str]]:
    """What of a test does not fit its subject, each with the nearest right name."""
    used = {Test.fields()[name] for name in test.given()}
    kind = question.type if question else "measure"
    allowed = operators_of(question)
    for operator in sorted(used - allowed):
        can = ", ".join(sorted(allowed))
        yield f"'{operator}' does not fit '{subject}' ({kind}), which takes {can}", ""
    if used - allowed:
        return
    named: list[Scalar] = [*([test.is_] if test.is_ is not None else []), *(test.one_of or ())]
    named += [*([test.includes] if test.includes is not None else []), *(test.includes_any or ())]
    offers_unknown = question is None or question.unknown_reads is not None
    for value in named:
        if value == UNKNOWN.value and offers_unknown:
            if question is None and skippable:
                yield f"'unknown' cannot be told from 'skipped' in the measure '{subject}'", ""
        elif question is not None and question.type in ("single", "multi"):
            options = [option.id for option in question.options]
            if value not in options and not unread.may_name(str(value), known=options):
                yield f"'{subject}' has no option '{value}'", nearest(str(value), options)
        elif isinstance(value, str):
            yield f"'{subject}' is a number, not '{value}'", ""


def _reading(reads: Scalar | None) -> Reading:
    """What an answer that gives no value is read as."""
    if reads is None or reads == NOTHING.value:
        return NOTHING
    return reads if isinstance(reads, str) else Fraction(reads)
