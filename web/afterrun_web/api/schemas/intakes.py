"""What is sent: an intake as the questionnaire has it, and the record of a check-in."""

from __future__ import annotations

from typing import Any

from afterrun import Rulebook
from afterrun.assessment import part_of
from afterrun.intake import (
    ANSWERS,
    CHECKIN,
    DIGITS,
    ENROLLED,
    FROM_FILES,
    LARGEST,
    LONGEST_TEXT,
    MOST_RUNS,
    RECORD_ID,
    bounds,
    halves_of,
    offers_unknown,
    plain_number,
    takes_truths,
)
from afterrun.rulebook import UNKNOWN
from afterrun.rulebook.schema import Question
from afterrun_web.api.schemas.parts import (
    FLAG,
    TEXT,
    Schema,
    described,
    many,
    one_of,
    or_null,
    ref,
    some,
    thing,
)
from afterrun_web.api.schemas.schedules import DAY

NOT_ANSWERED = "null, blank and [] mean not answered."
_RECORD_ID: Schema = {
    "type": ["string", "integer", "null"],
    "maxLength": LONGEST_TEXT,
    "description": "Whose it is; comes back with the answer, and is kept nowhere.",
}


def intake_schema(rulebook: Rulebook) -> Schema:
    """A flat object of answers."""
    answers = {RECORD_ID: _RECORD_ID, **_units(rulebook)}
    answers |= {each.id: _answer(rulebook, each) for each in rulebook.questions.values()}
    answers |= _from_files(rulebook)
    return some(answers, f"Answers by question. {NOT_ANSWERED}")


def files_schemas(rulebook: Rulebook) -> dict[str, Schema]:
    """The runs behind an answer that came from files, where any is asked for."""
    if rulebook.history is None:
        return {}
    length = {"type": ["integer", "null"], "minimum": 0, "maximum": LARGEST}
    file: Schema = {"type": "string", "pattern": f"^[0-9a-f]{{{DIGITS}}}$"}
    run = thing(
        {"day": DAY, "metres": length, "seconds": length, "file": file},
        ["metres", "seconds"],
        f"One run; its file by the first {DIGITS} digits of its SHA-256.",
    )
    runs = many(ref("FileRun"), maxItems=MOST_RUNS)
    left_out = {"type": ["integer", "null"], "minimum": 0, "maximum": LARGEST}
    entry = thing(
        {"since": DAY, "until": DAY, "runs": runs, "left_out": left_out},
        ["left_out"],
        "Every run from one day to another, and how many more may be some among what could not be read.",
    )
    return {"FileRun": run, "FromFiles": entry}


def record_schema(check_in: Rulebook) -> Schema:
    """A check-in: what the person follows, and how the week was."""
    enrolment, _ = part_of(check_in)
    halves = halves_of(check_in, enrolment)
    units = _units(check_in)
    sides: dict[str, dict[str, Schema]] = {
        ENROLLED: {ANSWERS: or_null(ref("Intake"))},
        CHECKIN: {**{note: or_null(TEXT) for note in enrolment.notes}, **units, **_from_files(check_in)},
    }
    for name, half in halves.items():
        question = check_in.questions.get(name)
        if question is not None:
            sides[half][name] = _answer(check_in, question, truths=takes_truths(question))
        else:
            sides[half][name] = units.get(name, or_null(FLAG))
    # A sign counts once, however often it is told.
    sides[CHECKIN][enrolment.signs.question].pop("uniqueItems", None)
    return thing(
        {
            RECORD_ID: _RECORD_ID,
            ENROLLED: some(sides[ENROLLED], "The programme that the person follows."),
            CHECKIN: some(sides[CHECKIN], "The answers of the week."),
        },
        [RECORD_ID],
        f"One check-in. {NOT_ANSWERED}",
    )


def _from_files(rulebook: Rulebook) -> dict[str, Schema]:
    if rulebook.history is None:
        return {}
    entries = {each.question: ref("FromFiles") for each in rulebook.history.offers}
    says = "Which runs of the person's own files answers came from: each answer is what its runs come to."
    return {FROM_FILES: or_null(some(entries, says))}


def _units(rulebook: Rulebook) -> dict[str, Schema]:
    return {
        each.unit_key: or_null(one_of((unit.id for unit in each.units), each.ask))
        for each in rulebook.quantities.values()
    }


def _answer(rulebook: Rulebook, question: Question, *, truths: bool = False) -> Schema:
    schema = _value(rulebook, question)
    if truths:
        schema = {"oneOf": [one_of(option.id for option in question.options), FLAG, {"type": "null"}]}
    return described(schema, " ".join(text for text in (question.ask, question.help) if text))


def _value(rulebook: Rulebook, question: Question) -> Schema:
    words = [option.id for option in question.options]
    unknown = [UNKNOWN.value] if offers_unknown(question) else []
    if question.type == "single":
        return or_null(one_of(words + unknown))
    if question.type == "multi":
        most = {} if question.max_choices is None else {"maxItems": question.max_choices}
        return {"type": ["array", "null"], "items": one_of(words), "uniqueItems": True, **most}
    number = _number(rulebook, question)
    return {"oneOf": [number, one_of(unknown), {"type": "null"}]} if unknown else or_null(number)


def _number(rulebook: Rulebook, question: Question) -> Schema:
    quantity = rulebook.quantities[question.quantity] if question.quantity else None
    low, high = bounds(question, quantity, None)
    limits: dict[str, Any] = {
        key: plain_number(bound) for key, bound in (("minimum", low), ("maximum", high)) if bound is not None
    }
    return {"type": question.type, **limits}
