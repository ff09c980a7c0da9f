"""One check-in as it would be written down, or why it is refused; no database here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from afterrun.assessment import CheckIn
from afterrun.diary.errors import DiaryError, NotYetError
from afterrun.diary.history import History, KeptCheckIn, miscounted, not_come
from afterrun.diary.standing import is_unfinished, most_missed, no_sign_of, signs_of, step, stops, written_of
from afterrun.diary.stopped import refuse_stopped
from afterrun.diary.weeks.own_files import refuse_other_days
from afterrun.rulebook import Rulebook
from afterrun.schedule import day_words


def worked_out(
    part: Rulebook, history: History, answers: Mapping[str, Any], day: date, noted_at: datetime, seen: bool
) -> tuple[CheckIn, KeptCheckIn]:
    """One check-in as it would be written, or DiaryError; `history` is all that lies before it."""
    answers = {key: plain_value(value) for key, value in answers.items()}
    answers |= _signs_until_seen(part, history, seen, answers)
    said, standing = step(part, history.standing, history.intake, answers)
    # What stops the plan is written down on any day, and no count of weeks holds it up.
    if stops(part, said):
        _refuse_earlier(history, day, noted_at.date())
        week = _week_of_stop(part, history, answers, day, seen)
    else:
        refuse_stopped(part, history, seen)
        week = history.week_of(day, noted_at.date())
        name = written_of(part).missed
        if wrong := miscounted(history, week, answers.get(name), most_missed(part)):
            raise DiaryError(f"{name}: {wrong}")
        refuse_other_days(history, week, answers)
    lacking = [name for name in said.open_questions if not part.questions[name].optional]
    if is_unfinished(part, said) or lacking:
        # Written down it would use up its week.
        names = ", ".join(lacking or said.open_questions)
        raise DiaryError(f"the check-in lacks answers: {names}; nothing was written")
    number = len(history.check_ins) + 1
    return said, KeptCheckIn(
        number, week, day, noted_at, answers, seen, said.to_dict(), dict(said.rulebook), standing
    )


def _week_of_stop(part: Rulebook, history: History, answers: Mapping[str, Any], day: date, seen: bool) -> int:
    """The last week that is reported after a stop: it takes one where its pain alone would stop the plan.

    A sign takes none, and neither does pain on a day, or after a gap, that no week can be reported with.
    """
    question, no_sign = signs_of(part).id, no_sign_of(part)
    without = {**answers, question: no_sign}
    before = history.next_week - 1
    if not stops(part, step(part, history.standing, history.intake, without)[0]):
        return before
    try:
        week = history.week_of(day, day)
    except NotYetError as error:
        if seen and history.standing.stopped and answers.get(question) == no_sign:
            # The pain is that of the stop, which they have been seen for.
            raise NotYetError(f"{error}.", "To go on without a week:  afterrun checkin --seen") from error
        return before
    wrong = miscounted(history, week, answers.get(written_of(part).missed), most_missed(part))
    return before if wrong else week


def _signs_until_seen(
    part: Rulebook, history: History, seen: bool, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """The signs that nobody has looked at yet: those of an earlier stop with the new ones."""
    question = signs_of(part)
    told = answers.get(question.id)
    if seen or not history.standing.stopped or not isinstance(told, list | tuple):
        return {}
    if not any(option.id in told for option in question.options if not option.alone):
        return {}
    assert history.holding is not None
    return {question.id: [*history.holding.answers[question.id], *told]}


def _refuse_earlier(history: History, day: date, today: date) -> None:
    if day > today:
        raise DiaryError(not_come(day, today))
    if day < min(history.start, history.noted_at.date()):
        raise DiaryError(f"{day_words(day, year=True)} lies before the plan was begun")
    if history.check_ins and day < history.check_ins[-1].day:
        last = day_words(history.check_ins[-1].day, year=True)
        raise DiaryError(f"{day_words(day, year=True)} lies before the last check-in, of {last}")


def plain_value(value: Any) -> Any:
    """A number as JSON has it; a document read exactly holds decimals."""
    if not isinstance(value, Decimal) or not value.is_finite():
        return value
    return int(value) if value % 1 == 0 else float(value)
