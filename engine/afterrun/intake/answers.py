"""A raw intake in, checked answers out; what does not fit is told, all of it at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from afterrun.errors import IntakeError, Problem, nearest
from afterrun.intake.from_files.entries import FROM_FILES, read_entries
from afterrun.intake.from_files.records import FromFiles, entries_as_json
from afterrun.intake.numbers import bounds, exact_number, plain_number
from afterrun.rulebook import UNKNOWN, Mark, Rulebook
from afterrun.rulebook.schema import Quantity, Question
from afterrun.visible import half_characters

Value = str | Fraction | frozenset[str] | Mark
"""One answer: an option, a number, the ticked options, or UNKNOWN."""

RECORD_ID = "record_id"
LONGEST_TEXT = 200
"""Characters of a record id; an answer is never longer."""

_NUMBER_WITH_UNIT = re.compile(r"^\s*(?P<number>[-+]?[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>[A-Za-z]+)\s*$")


class Answers(NamedTuple):
    """The answers of one person, as validated: only questions that were answered have a key."""

    values: Mapping[str, Value]
    units: Mapping[str, str]
    """The unit of each quantity that was named, by the quantity's unit key."""
    record_id: str | None = None
    from_files: Mapping[str, FromFiles] = {}
    """The runs behind each answer that came from the person's own files, by question."""


def read_answers(rulebook: Rulebook, intake: Mapping[str, Any]) -> Answers:
    """Check a flat object of answers, as in an intake file.

    Keys are question ids, unit keys, `record_id` and `from_files`; null, blank text and an empty list
    mean not answered. Raises IntakeError with every problem, each with its key.
    """
    reader = _Reader(rulebook, intake)
    values = {
        question.id: value
        for question in rulebook.questions.values()
        if (value := reader.answer(question)) is not None
    }
    units = reader.units(values)
    record_id = reader.record_id()
    told = {each.key for each in reader.problems}
    from_files = read_entries(rulebook, reader.intake.get(FROM_FILES), values, units, reader.problem, told)
    reader.report_unknown_keys()
    if reader.problems:
        raise IntakeError(reader.problems)
    return Answers(values, units, record_id, from_files)


def binding_units(rulebook: Rulebook, answers: Answers) -> dict[str, str]:
    """The units in which amounts are given; one that no amount stands beside binds nobody."""
    given = {
        rulebook.questions[name].quantity
        for name, value in answers.values.items()
        if isinstance(value, Fraction)
    }
    keys = {each.unit_key for each in rulebook.quantities.values() if each.id in given}
    return {key: unit for key, unit in answers.units.items() if key in keys}


def half_texts(given: Mapping[str, Any]) -> list[Problem]:
    """A problem for each text that holds half a character, which no file and no page could hold."""
    places = (".".join(map(str, path)) for path in half_characters(given))
    return [Problem("is no text: it holds half a character", key=place[:LONGEST_TEXT]) for place in places]


def as_intake(rulebook: Rulebook, answers: Answers) -> dict[str, Any]:
    """The plain object of answers, in the questionnaire's order, that `read_answers` reads back."""
    intake: dict[str, Any] = {}
    if answers.record_id is not None:
        intake[RECORD_ID] = answers.record_id
    for question in rulebook.questions.values():
        if question.id in answers.values:
            if question.quantity:
                key = rulebook.quantities[question.quantity].unit_key
                if key in answers.units:
                    intake.setdefault(key, answers.units[key])
            intake[question.id] = plain(question, answers.values[question.id])
    kept = {name: each for name, each in answers.from_files.items() if name in answers.values}
    return {**intake, FROM_FILES: entries_as_json(kept)} if kept else intake


def plain(question: Question, value: Value) -> Any:
    """An answer as JSON holds it: a word, a number, or a list of options in their order."""
    if isinstance(value, Mark):
        return value.value
    if isinstance(value, frozenset):
        return [option.id for option in question.options if option.id in value]
    if isinstance(value, Fraction):
        return plain_number(value)
    return value


def gone_words(question: Question, option: str) -> str:
    """What to say of an option that the earlier questionnaire had; nothing of any other."""
    now = question.earlier.gone.get(option) if question.earlier is not None else None
    if now is None:
        return ""
    return (
        f"has no option '{option}' any more: that is {' or '.join(now)} now; "
        "'afterrun migrate' rewrites an intake of the earlier questionnaire"
    )


class _Reader:
    def __init__(self, rulebook: Rulebook, intake: Mapping[str, Any]) -> None:
        self.rulebook = rulebook
        self.intake = {key: _tidy(value) for key, value in intake.items()}
        self.problems = half_texts(intake)

    def problem(self, key: str, message: str, near: str = "") -> None:
        self.problems.append(Problem(message, key=key, nearest=near))

    def answer(self, question: Question) -> Value | None:
        """The checked answer, or None when there is none or it is wrong."""
        raw = self.intake.get(question.id)
        if raw is None:
            return None
        if question.type == "multi":
            return self._ticked(question, raw)
        if raw == UNKNOWN.value:
            if question.unknown_reads is not None:
                return UNKNOWN
            self.problem(question.id, f"'unknown' is not offered here; {_allowed(question)}")
            return None
        return self._choice(question, raw) if question.type == "single" else self._number(question, raw)

    def _choice(self, question: Question, raw: Any) -> str | None:
        if not isinstance(raw, str):
            self.problem(question.id, f"takes one word, not {_kind(raw)}; {_allowed(question)}")
            return None
        return raw if self._is_option(question, raw) else None

    def _ticked(self, question: Question, raw: Any) -> frozenset[str] | None:
        strange = (
            [each for each in raw if not isinstance(each, str)] if isinstance(raw, list | tuple) else raw
        )
        if strange != []:
            found = f"a list that holds {_kind(strange[0])}" if isinstance(strange, list) else _kind(raw)
            self.problem(question.id, f"takes a list of words, not {found}; {_allowed(question)}")
            return None
        good = [option for option in raw if self._is_option(question, option)]
        if len(good) < len(raw):
            return None
        if len(set(good)) < len(good):
            self.problem(question.id, "names an option twice")
            return None
        if question.max_choices is not None and len(good) > question.max_choices:
            self.problem(question.id, f"takes at most {question.max_choices} options, not {len(good)}")
            return None
        return frozenset(good)

    def _is_option(self, question: Question, word: str) -> bool:
        options = [option.id for option in question.options]
        if word in options:
            return True
        if gone := gone_words(question, word):
            self.problem(question.id, gone)
            return False
        near = nearest(word, options)
        self.problem(
            question.id, f"has no option {_quoted(word)}" + ("" if near else f"; {_allowed(question)}"), near
        )
        return False

    def _number(self, question: Question, raw: Any) -> Fraction | None:
        number = exact_number(raw)
        if number is None:
            self.problem(question.id, self._why_no_number(question, raw))
            return None
        if question.type == "integer" and number.denominator != 1:
            self.problem(question.id, f"takes a whole number, not {raw}")
            return None
        low, high = bounds(question, self._quantity_of(question), self._unit_of(question))
        small = low is not None and number < low
        if small or (high is not None and number > high):
            wrong = f"{raw} is too {'small' if small else 'large'}"
            self.problem(question.id, f"{wrong}: {_span(low, high)}{self._unit_words(question)}")
            return None
        return number

    def _why_no_number(self, question: Question, raw: Any) -> str:
        wanted = "a whole number" if question.type == "integer" else "a number"
        match = _NUMBER_WITH_UNIT.match(raw) if isinstance(raw, str) else None
        quantity = self._quantity_of(question)
        if match and quantity:
            unit, declared = match["unit"], self._unit_of(question)
            if declared and unit != declared:
                return f"two units: {_quoted(raw)}, but {quantity.unit_key} is '{declared}'; use one for all"
            return f"takes {match['number']}, with the unit under {quantity.unit_key}, not {_quoted(raw)}"
        return f"takes {wanted}, not {_kind(raw)}"

    def units(self, values: Mapping[str, Value]) -> dict[str, str]:
        """The unit of each quantity; a number of that quantity needs one."""
        units = {}
        for quantity in self.rulebook.quantities.values():
            key, names = quantity.unit_key, [unit.id for unit in quantity.units]
            raw = self.intake.get(key)
            needed = [
                question.id
                for question in self.rulebook.questions.values()
                if question.quantity == quantity.id and isinstance(values.get(question.id), Fraction)
            ]
            if raw is None:
                if needed:
                    self.problem(
                        key, f"is missing: {', '.join(needed)} needs a unit, one of {', '.join(names)}"
                    )
            elif isinstance(raw, list | tuple) or (
                isinstance(raw, str) and len(re.findall(r"[A-Za-z]+", raw)) > 1
            ):
                self.problem(key, f"two units: {_quoted(raw)}; use one of {', '.join(names)} for all")
            elif raw not in names:
                near = nearest(raw, names) if isinstance(raw, str) else ""
                self.problem(key, f"{_quoted(raw)} is no unit; use one of {', '.join(names)}", near)
            else:
                units[key] = raw
        return units

    def record_id(self) -> str | None:
        raw = self.intake.get(RECORD_ID)
        if raw is None:
            return None
        if isinstance(raw, bool) or not isinstance(raw, str | int):
            self.problem(RECORD_ID, f"takes a word or a whole number, not {_kind(raw)}")
            return None
        if len(str(raw)) > LONGEST_TEXT:
            self.problem(RECORD_ID, f"is longer than {LONGEST_TEXT} characters")
            return None
        return str(raw)

    def report_unknown_keys(self) -> None:
        units = [quantity.unit_key for quantity in self.rulebook.quantities.values()]
        known = [*self.rulebook.questions, *units, RECORD_ID, FROM_FILES]
        for key in self.intake:
            if key not in known:
                self.problem(str(key)[:LONGEST_TEXT], "no question has this name", nearest(str(key), known))

    def _quantity_of(self, question: Question) -> Quantity | None:
        return self.rulebook.quantities[question.quantity] if question.quantity else None

    def _unit_of(self, question: Question) -> str | None:
        quantity = self._quantity_of(question)
        raw = self.intake.get(quantity.unit_key) if quantity else None
        return raw if isinstance(raw, str) else None

    def _unit_words(self, question: Question) -> str:
        unit = self._unit_of(question) or question.unit
        return f" {unit}" if unit else ""


def _tidy(value: Any) -> Any:
    """Blank text, an empty list or tuple and null are all 'not answered'."""
    if isinstance(value, str):
        value = value.strip()
    return None if value is None or value in ("", [], ()) else value


def _allowed(question: Question) -> str:
    if question.options:
        return "choose from " + ", ".join(option.id for option in question.options)
    return "give a number"


def _span(low: Fraction | None, high: Fraction | None) -> str:
    if low is not None and high is not None:
        return f"from {low} to {high}"
    return f"at least {low}" if low is not None else f"at most {high}"


def _kind(raw: Any) -> str:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return f"the text {_quoted(raw)}"
    if isinstance(raw, list | tuple):
        return "a list"
    if isinstance(raw, dict):
        return "an object"
    if raw is None:
        return "nothing"
    return (
        str(raw)
        if str(raw).lower().strip("+-") in ("nan", "inf", "infinity")
        else f"the number {str(raw)[:40]}"
    )


def _quoted(raw: Any) -> str:
    text = str(raw)
    return f"'{text}'" if len(text) <= 40 else f"'{text[:40]}…'"
