"""What is said around the questions of a check-in that goes on from a diary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from afterrun.assessment import part_of
from afterrun.explanation import answer_in_words
from afterrun.rulebook import Rulebook
from afterrun.telling.diary.weeks import days_words
from afterrun.telling.page import capital

if TYPE_CHECKING:
    from afterrun.diary import CheckInQuestions, History

NO_NEW_SIGN = "No new warning sign, so the plan goes on as it is. Nothing was written down."


def no_week_words(why: str) -> str:
    """Why only new warning signs are asked for."""
    return f"No week to report: {why}. A new warning sign, though, is taken on any day."


def about_week(part: Rulebook, history: History, week: int, *, commands: bool = True) -> list[str]:
    """Which week a check-in looks back on, and which it would pass over; without a stop after a command."""
    from afterrun.diary import most_missed, passed_over

    told = [f"This check-in looks back on week {week}, {days_words(history.first_day(week), year=True)}."]
    if history.unreported(week):
        told.append(capital(passed_over(history, week, most_missed(part), commands=commands)))
    return told


def beside_question(history: History, week: int) -> str:
    """What is said with each question about the week that is over."""
    return f"That is week {week}, {days_words(history.first_day(week), year=True)}."


def stop_words(questions: CheckInQuestions, answers: Mapping[str, Any]) -> str:
    """What is said where the answers stop the plan, since the person is to mean it; else nothing."""
    if not questions.stops(answers):
        return ""
    told = {name: value for name, value in answers.items() if name == questions.sign}
    if not told or not questions.stops(told):
        return "With these answers the plan stops."
    said = answer_in_words(questions.part, questions.sign, answers[questions.sign], answers)
    return f"You report: {said}. That stops the plan."


def asked_again_words(part: Rulebook, history: History) -> tuple[str, list[str]]:
    """What to answer again under a later questionnaire: what is said of it, and each question."""
    from afterrun.diary import asked_again

    again = asked_again(part, history)
    if not again:
        return "", []
    said = (
        "Your first answers are from an earlier version. Your plan goes on with them. But please answer "
        "these again:"
    )
    return said, [part_of(part)[1].questions[name].ask for name in again]
