"""A raw check-in record in, checked answers out; what does not fit is told, all of it at once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from afterrun.errors import IntakeError, Problem, nearest
from afterrun.intake.answers import (
    LONGEST_TEXT,
    RECORD_ID,
    Answers,
    as_intake,
    binding_units,
    half_texts,
    read_answers,
)
from afterrun.intake.from_files.entries import FROM_FILES, read_entries
from afterrun.intake.from_files.records import FromFiles
from afterrun.intake.left_blank import doubted, unasked, unsaid
from afterrun.intake.numbers import exact_number
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Enrolment, Question

ENROLLED, CHECKIN, ANSWERS = "enrolled", "checkin", "answers"
LONGEST_NOTE = 1000
"""Characters of a free text."""
_YES_NO = {"yes", "no"}


class CheckInAnswers(NamedTuple):
    """A check-in as validated."""

    answers: Answers
    """Both halves of the record, with what it left unsaid."""
    intake: Answers | None
    """The intake that the programme follows from, where the record has it."""


def read_check_in(
    rulebook: Rulebook, enrolment: Enrolment, base: Rulebook, record: Mapping[str, Any]
) -> CheckInAnswers:
    """Check a record of two flat objects; raises IntakeError with every problem."""
    reader = _Reader(rulebook, enrolment, base, record)
    report = reader.report()
    if reader.problems or report is None:
        raise IntakeError(reader.problems)
    return report


def record_of(rulebook: Rulebook, enrolment: Enrolment, flat: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """A flat object of answers as a record."""
    halves = {**halves_of(rulebook, enrolment), FROM_FILES: CHECKIN}
    record: dict[str, dict[str, Any]] = {ENROLLED: {}, CHECKIN: {}}
    for key, value in flat.items():
        record[halves.get(key, ENROLLED)][key] = value
    return record


def halves_of(rulebook: Rulebook, enrolment: Enrolment) -> dict[str, str]:
    """Which half of a record each question and unit belongs to."""
    halves = {
        question.id: CHECKIN if question.section in enrolment.checkin else ENROLLED
        for question in rulebook.questions.values()
    }
    halves |= {doubt.confirmed_by: CHECKIN for doubt in enrolment.doubts}
    return {**halves, **{quantity.unit_key: ENROLLED for quantity in rulebook.quantities.values()}}


def takes_truths(question: Question) -> bool:
    """Whether true and false can be said for yes and no in a check-in."""
    return {each.id for each in question.options} == _YES_NO


class _Reader:
    def __init__(
        self, rulebook: Rulebook, enrolment: Enrolment, base: Rulebook, record: Mapping[str, Any]
    ) -> None:
        self._rulebook = rulebook
        self._enrolment = enrolment
        self._base = base
        self._record = record
        self._halves = halves_of(rulebook, enrolment)
        self._units = [quantity.unit_key for quantity in rulebook.quantities.values()]
        self.problems = half_texts(record)

    def report(self) -> CheckInAnswers | None:
        """The checked record; None when it is no such record."""
        if self.problems:
            return None
        self._refuse_other_keys()
        enrolled, week = self._half(ENROLLED), self._half(CHECKIN)
        if enrolled is None or week is None:
            return None
        intake = self._intake(enrolled.pop(ANSWERS, None))
        behind = week.pop(FROM_FILES, None)
        self._notes(week)
        confirmed = self._confirmed(week)
        self._refuse_misplaced(enrolled, week)
        flat = {**self._known(enrolled, ENROLLED), **self._known(week, CHECKIN)}
        self._one_unit(flat, enrolled, week, intake)
        stated = set(flat)
        if RECORD_ID in self._record:
            flat[RECORD_ID] = self._record[RECORD_ID]
        as_said = dict(flat)
        self._tidy(flat)
        self._fill(flat, intake)
        spared = self._units_spared(flat)
        try:
            answers = read_answers(self._rulebook, {**flat, **spared})
        except IntakeError as error:
            self.problems += [self._placed(problem, stated) for problem in error.problems]
            return None
        self._doubt(flat, confirmed)
        values = {key: each for key, each in answers.values.items() if key not in spared}
        units = {key: unit for key, unit in answers.units.items() if key not in spared}
        from_files = self._from_files(behind, values, units, as_said)
        return CheckInAnswers(Answers(values, units, answers.record_id, from_files), intake)

    def _refuse_other_keys(self) -> None:
        known = [ENROLLED, CHECKIN, RECORD_ID]
        for key in self._record:
            if key not in known:
                near = nearest(str(key), known)
                self._problem(str(key)[:LONGEST_TEXT], "does not belong into a check-in", near)

    def _half(self, name: str) -> dict[str, Any] | None:
        value = self._record.get(name)
        if isinstance(value, Mapping):
            return {str(key): each for key, each in value.items() if not _blank(each)}
        what = "is missing" if value is None else "is no object of answers"
        self._problem(name, f'{what}; a check-in is {{"{ENROLLED}": {{…}}, "{CHECKIN}": {{…}}}}')
        return None

    def _intake(self, answers: Any) -> Answers | None:
        if answers is None or answers == {}:
            return None
        place = f"{ENROLLED}.{ANSWERS}"
        if not isinstance(answers, Mapping):
            self._problem(place, "is no object of answers")
            return None
        try:
            return read_answers(self._base, answers)
        except IntakeError as error:
            self.problems += [each._replace(key=f"{place}.{each.key}") for each in error.problems]
            return None

    def _notes(self, week: dict[str, Any]) -> None:
        """Free texts are checked and put aside: no rule reads them."""
        for name in self._enrolment.notes:
            text = week.pop(name, None)
            if text is not None and (not isinstance(text, str) or len(text) > LONGEST_NOTE):
                self._problem(f"{CHECKIN}.{name}", f"takes a text of up to {LONGEST_NOTE} characters")

    def _confirmed(self, week: dict[str, Any]) -> Mapping[str, Any]:
        """What the check-in says of its own numbers is put aside: no rule reads it."""
        names = [doubt.confirmed_by for doubt in self._enrolment.doubts]
        said = {name: week.pop(name) for name in names if name in week}
        for name, value in said.items():
            if not isinstance(value, bool):
                self._problem(f"{CHECKIN}.{name}", "takes true or false")
        return said

    def _refuse_misplaced(self, enrolled: Mapping[str, Any], week: Mapping[str, Any]) -> None:
        asides = [*self._enrolment.notes, FROM_FILES]
        for half, given in ((ENROLLED, enrolled), (CHECKIN, week)):
            own = [key for key, place in self._halves.items() if place == half]
            own += [ANSWERS] if half == ENROLLED else [*asides, *self._units]
            for key in given:
                if key in own:
                    continue
                place = f"{half}.{key[:LONGEST_TEXT]}"
                if key in self._halves or key in (ANSWERS, *asides):
                    self._problem(place, f"belongs under '{CHECKIN if half == ENROLLED else ENROLLED}'")
                else:
                    self._problem(place, "no question has this name", nearest(key, own))

    def _known(self, given: Mapping[str, Any], half: str) -> dict[str, Any]:
        """The answers of one half to questions of that half, yes and no in words."""
        known = {key: value for key, value in given.items() if self._halves.get(key) == half}
        for key, value in known.items():
            question = self._rulebook.questions.get(key)
            if isinstance(value, bool) and question and takes_truths(question):
                known[key] = "yes" if value else "no"
        return known

    def _one_unit(
        self,
        flat: dict[str, Any],
        enrolled: Mapping[str, Any],
        week: Mapping[str, Any],
        intake: Answers | None,
    ) -> None:
        """Amounts are in the programme's unit; a check-in may name it again, but no other."""
        binding = binding_units(self._base, intake) if intake is not None else {}
        for key in self._units:
            of_intake = binding.get(key)
            unit = enrolled.get(key, of_intake)
            if key in week and unit is not None and week[key] != unit:
                self._problem(
                    f"{CHECKIN}.{key}", f"two units: '{week[key]}', but the programme counts in '{unit}'"
                )
            if unit is None:
                unit = week.get(key)
            if unit is not None:
                flat[key] = unit

    def _units_spared(self, flat: Mapping[str, Any]) -> dict[str, str]:
        """The widest unit for amounts of the week alone: where the programme holds none, none is needed."""
        amounts: dict[str, list[str]] = {}
        for question in self._rulebook.questions.values():
            if question.quantity is not None and isinstance(flat.get(question.id), int | float | Decimal):
                amounts.setdefault(question.quantity, []).append(self._halves[question.id])
        spared = {}
        for name, halves in amounts.items():
            quantity = self._rulebook.quantities[name]
            if quantity.unit_key not in flat and ENROLLED not in halves:
                spared[quantity.unit_key] = max(quantity.units, key=lambda unit: unit.at_most).id
        return spared

    def _fill(self, flat: dict[str, Any], intake: Answers | None) -> None:
        """What the intake has answered, and then what is left unsaid, as the rulebook reads it."""
        if intake is not None:
            told = as_intake(self._base, intake)
            for name in self._enrolment.from_answers:
                if name in told:
                    flat.setdefault(name, told[name])
        for name, reads in (
            *unasked(self._rulebook, self._enrolment, flat).items(),
            *unsaid(self._rulebook, self._enrolment).items(),
        ):
            flat.setdefault(name, reads)

    def _tidy(self, flat: dict[str, Any]) -> None:
        """Signs count once however often they are told; less than anyone can run is no running."""
        signs = self._enrolment.signs.question
        told = flat.get(signs)
        if isinstance(told, list | tuple) and all(isinstance(each, str) for each in told):
            flat[signs] = list(dict.fromkeys(told))
        for name in self._enrolment.ran:
            quantity = self._rulebook.quantities[self._rulebook.questions[name].quantity or ""]
            steps = {unit.id: unit.step for unit in quantity.units}
            # Without a unit only what is nothing in all of them.
            step = steps.get(str(flat.get(quantity.unit_key)), min(steps.values()))
            amount = exact_number(flat.get(name))
            if amount is not None and 0 < amount < Fraction(step):
                flat[name] = 0

    def _from_files(
        self, raw: Any, values: Mapping[str, Any], units: Mapping[str, str], as_said: Mapping[str, Any]
    ) -> dict[str, FromFiles]:
        """The runs behind answers of the week, held against these as they were said, not as tidied."""
        said = {name: exact_number(as_said[name]) or each for name, each in values.items() if name in as_said}
        return read_entries(
            self._rulebook,
            raw,
            said,
            units,
            lambda key, message, near: self._problem(f"{CHECKIN}.{key}", message, near),
        )

    def _doubt(self, flat: Mapping[str, Any], sure: Mapping[str, Any]) -> None:
        for doubt, words in doubted(self._enrolment, flat):
            if sure.get(doubt.confirmed_by) is not True:
                message = f"{words}; if it is right, say so with '{doubt.confirmed_by}': true"
                self._problem(f"{CHECKIN}.{doubt.answer}", message)

    def _placed(self, problem: Problem, stated: set[str]) -> Problem:
        half = self._halves.get(problem.key)
        if half is None or (problem.key not in stated and problem.key not in self._units):
            return problem
        return problem._replace(key=f"{half}.{problem.key}")

    def _problem(self, key: str, message: str, near: str = "") -> None:
        self.problems.append(Problem(message, key=key, nearest=near))


def _blank(value: Any) -> bool:
    return value is None or value in ("", []) or (isinstance(value, str) and not value.strip())
