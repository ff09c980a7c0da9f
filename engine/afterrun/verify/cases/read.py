"""What one person gives, an intake or a check-in's record, read once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from afterrun.assessment import part_of
from afterrun.inference import Facts, facts_of
from afterrun.intake import Answers, CheckInAnswers, doubted, read_answers, read_check_in, record_of
from afterrun.rulebook import Rulebook

Intake = Mapping[str, Any]


class ReadIntake(NamedTuple):
    """An intake that has been read."""

    intake: Intake
    """As it was given: a flat object of answers, or the record of a check-in."""
    answers: Answers
    facts: Facts
    check_in: CheckInAnswers | None = None
    """The whole of a check-in's record."""


def read_intake(rulebook: Rulebook, intake: Intake) -> ReadIntake:
    """An intake, or for a check-in part a record, as facts. Raises IntakeError with all its problems."""
    if rulebook.enrolment is None:
        answers = read_answers(rulebook, intake)
        return ReadIntake(intake, answers, facts_of(rulebook, answers))
    check_in = read_check_in(rulebook, *part_of(rulebook), intake)
    return ReadIntake(intake, check_in.answers, facts_of(rulebook, check_in.answers), check_in)


def read_flat(rulebook: Rulebook, answers: Intake) -> ReadIntake:
    """Flat answers in the way a person would give them. Raises IntakeError.

    In a record the check-in part reads some blanks as answers, so that not every flat object of
    answers is one that it ever meets. A number that it would ask about again is meant.
    """
    enrolment = rulebook.enrolment
    if enrolment is None:
        return read_intake(rulebook, answers)
    sure = {each.doubt.confirmed_by: True for each in doubted(enrolment, answers)}
    return read_intake(rulebook, record_of(rulebook, enrolment, {**answers, **sure}))
