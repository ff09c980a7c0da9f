"""What a person's own files are asked for a question, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from afterrun.intake import offered_for
from afterrun.rulebook import Rulebook, number_words
from afterrun.rulebook.schema import Habit, Regular, Window


class FileWords(NamedTuple):
    """What is offered, why, and from where that is known."""

    lines: tuple[str, ...]
    sources: tuple[str, ...]


def file_words(rulebook: Rulebook, question: str) -> FileWords | None:
    """The same for one question; None where no file is asked."""
    offered = offered_for(rulebook, question)
    if offered is None:
        return None
    regular = rulebook.history.regular if rulebook.history is not None else None
    lines, sources = [], offered.sources
    if offered.total is not None:
        lines.append(f"All runs of {_days(offered.total)}.")
    elif offered.weekly_mean is not None:
        lines.append(f"An average week of {_days(offered.weekly_mean)}.")
    elif offered.longest is not None:
        lines.append(f"The longest run of {_days(offered.longest)}.")
    elif offered.length_of_break:
        lines.append("The whole weeks without regular running, up to the restart or to the day.")
    options = {option.id: option.text for option in rulebook.questions[question].options}
    if regular is not None:
        for option, habit in (offered.spoken_for or {}).items():
            lines.append(f"“{options[option]}”: {_habit(habit, regular)}.")
    lines.append(offered.why)
    if offered.days is None and regular is not None:
        lines += _regular(regular)
        sources += regular.sources
    return FileWords(tuple(lines), tuple(dict.fromkeys(sources)))


def _days(window: Window) -> str:
    """Some days up to the day on which it is asked.

    >>> _days(Window(days=7)), _days(Window(days=28, before=7))
    ('the last 7 days', 'the 28 days before the last 7')
    """
    return (
        f"the {window.days} days before the last {window.before}"
        if window.before
        else f"the last {window.days} days"
    )


def _habit(habit: Habit, regular: Regular) -> str:
    match habit:
        case "stopped":
            return f"no run for {regular.stopped_days} days after regular running"
        case "restarted":
            return (
                f"{regular.break_weeks} weeks or more without, over for less than {regular.back_weeks} weeks"
            )
        case "begun":
            return (
                f"the first run lies within the last {regular.begun_weeks} weeks, "
                f"after {regular.begun_after_weeks} weeks or more of other activities"
            )
        case "more":
            return (
                f"at least {number_words(float(regular.more_percent))} % more in a week "
                f"of the last {regular.more_weeks} than before"
            )
        case "same":
            return "regular running, and none of these"


def _regular(regular: Regular) -> Iterator[str]:
    yield f"Running is regular where {regular.days} days with a run lie within {regular.within} days."
    yield regular.why
