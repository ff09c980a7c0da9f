"""Random check-ins that the check-in part allows: blanks, ticks, and numbers at every edge."""

from __future__ import annotations

import random
from typing import Any

import afterrun
from afterrun.intake import CHECKIN, ENROLLED, halves_of
from tests.support.random_input.intakes import random_answer, random_intake

Record = dict[str, Any]

MOSTLY: dict[str, Any] = {"new_warning_signs": ["none"], "weeks_missed": 0, "next_morning": "same"}
"""Answers of a quiet week: nearly every random check-in else has a warning sign and a gap."""
LISTED_UNSAID = 0.4
PAINS = ("session_pain", "session_pain_less_depth", "session_pain_less_weight", "run_pain")
"""Pain of 8 and more stops the plan, so that nothing else would be seen."""


def random_record(part: afterrun.Rulebook, chance: random.Random) -> Record:
    """One valid record. Facts that may be left unsaid often are."""
    enrolment, base = part.enrolment, part.base
    assert enrolment is not None
    assert base is not None
    halves = halves_of(part, enrolment)
    units = {quantity.unit_key: chance.choice(quantity.units).id for quantity in part.quantities.values()}
    scale = chance.choice((1, 10, 16.7, 20))
    blank = chance.choice((0.0, 0.0, 0.1, 0.4))
    quiet = chance.random() < 0.8
    record: Record = {ENROLLED: dict(units), CHECKIN: {}}
    for question in part.questions.values():
        if question.id in units:
            continue
        left_out = LISTED_UNSAID if question.id in enrolment.unsaid else blank
        if chance.random() < left_out:
            continue
        if quiet and question.id in MOSTLY and chance.random() < 0.8:
            answer = MOSTLY[question.id]
        elif quiet and question.id in PAINS:
            answer = chance.choice((0, 0, 1, 2, 2, 3, 4, 5, 6, 7))
        elif question.id == "week":
            answer = chance.choice((1, 2, 3, 4, 5, 8, 11, 12, 12, 13, 15, 16, 17, 30))
        elif question.quantity is not None and chance.random() < 0.5:
            answer = round(scale * chance.choice((0.5, 0.8, 1, 1.1, 1.3, 1.31)), 2)
        else:
            answer = random_answer(part, question, chance, units, scale)
        record[halves[question.id]][question.id] = answer
    # What is far above the plan is meant.
    record[CHECKIN] |= {doubt.confirmed_by: True for doubt in enrolment.doubts}
    if chance.random() < 0.3:
        record[ENROLLED]["answers"] = random_intake(base, chance)
    return record


def flat(record: Record) -> dict[str, Any]:
    """Both halves of a record in one object."""
    return {**record[ENROLLED], **record[CHECKIN]}
