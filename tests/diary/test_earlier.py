"""A diary begun under 0.1: it goes on, says what must be answered again, and loses nothing."""

from typing import Any

import pytest

import afterrun
from afterrun.assessment import part_of
from afterrun.diary import Diary, History, asked_again, schedules_of
from tests.support.diaries.weeks import enrol, report

OLD = {"name": "afterrun-knee", "version": "0.1.0", "digest": "0" * 64}


def as_of_old(diary: Diary, part: afterrun.Rulebook, **answers: Any) -> History:
    """The diary of someone whose plan began with the earlier questionnaire."""
    history = enrol(diary, part)
    new = {question.id for question in part_of(part)[1].questions.values() if question.new}
    intake = {key: value for key, value in history.intake.items() if key not in new} | answers
    with diary._writing() as session:
        from afterrun.diary.database.tables import Enrolment

        row = session.query(Enrolment).one()
        row.intake, row.rulebook = intake, dict(OLD)
    return diary.history("me")


@pytest.mark.slow
@pytest.mark.parametrize("conditions", [["none"], ["immune_or_diabetes"], ["heart_or_bp"]])
def test_it_goes_on_and_says_what_is_asked_again(
    diary: Diary, checkin_part: afterrun.Rulebook, conditions: list[str]
) -> None:
    history = as_of_old(diary, checkin_part, health_conditions=conditions)
    assert {"health_conditions", "load_change"} <= set(asked_again(checkin_part, history))
    ahead = schedules_of(checkin_part, history)[-1]
    assert ahead.weeks
    said = report(diary, checkin_part, 1, volume_done=16)
    assert said.actions == ("hold",)
    assert diary.history("me").intake == history.intake
    assert next(week.number for week in schedules_of(checkin_part, diary.history("me"))[-1].weeks) == 2


def test_a_new_sign_under_old_answers_stops_the_plan(diary: Diary, checkin_part: afterrun.Rulebook) -> None:
    as_of_old(diary, checkin_part, health_conditions=["immune_or_diabetes"])
    said = report(diary, checkin_part, 1, volume_done=16, new_warning_signs=["calf_swollen"])
    assert (said.actions, said.triage) == (("stop_and_get_assessed",), "urgent")


def test_a_diary_of_today_has_nothing_to_answer_again(diary: Diary, checkin_part: afterrun.Rulebook) -> None:
    assert asked_again(checkin_part, enrol(diary, checkin_part)) == ()
