"""The runs behind an answer in words: how many and when, and each with its day, its amount and its file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from afterrun.intake import (
    FromFiles,
    days_of,
    longest_of,
    measure_of,
    measures_of,
    offered_for,
    on_day,
    reason_for,
    span_words,
)
from afterrun.rulebook import Rulebook, number_words
from afterrun.schedule import day_words
from afterrun.telling.page import capital

if TYPE_CHECKING:
    # The site without a server has no room for files: what words pages of a result need knows it by name.
    from afterrun.history import RunningHistory

BY_FILES = "from your files"


def read_words(history: RunningHistory) -> str:
    """What was found in the files, in sentences."""
    runs, others = history.runs, sum(history.others.values())
    if history.first is None:
        return "Nothing could be read of these files."
    days = f", {span_words(runs[0].day, runs[-1].day)}" if runs else ""
    aside = f" {others} {'activity was' if others == 1 else 'activities were'} no run." if others else ""
    return f"Your files hold {len(runs)} {'run' if len(runs) == 1 else 'runs'}{days}.{aside}"


def behind_words(rulebook: Rulebook, question: str, found: FromFiles) -> str:
    """How many runs stand behind an answer, and of which days: '4 runs, 2 to 8 March 2026'.

    Where the answer is the longest of several, its day too; what was left out and may be a run is said.
    """
    days = _days_words(rulebook, question, found)
    if not found.left_out:
        return days
    return f"{days}; {found.left_out} left out that may be {'a run' if found.left_out == 1 else 'runs'}"


def _days_words(rulebook: Rulebook, question: str, found: FromFiles) -> str:
    count = len(found.runs)
    offered = offered_for(rulebook, question)
    if count:
        days = sorted(each.day for each in found.runs)
        words = f"{count} {'run' if count == 1 else 'runs'}, {span_words(days[0], days[-1])}"
        if count > 1 and offered is not None and offered.longest is not None:
            return f"{words}, the longest on {on_day(longest_of(found.runs)[0].day)}"
        return words
    window = offered.days if offered is not None else None
    first, last = days_of(window, found.until) if window is not None else (found.since, found.until)
    return f"no run, {span_words(first, last)}"


def unit_of(rulebook: Rulebook, question: str, answers: Mapping[str, Any]) -> str:
    """The unit in which the runs behind an answer are told: its own, else the first of the rulebook's."""
    asked = rulebook.questions.get(question)
    if asked is not None and asked.quantity is not None:
        return str(answers.get(rulebook.quantities[asked.quantity].unit_key) or "")
    chosen = [
        str(answers[each.unit_key]) for each in rulebook.quantities.values() if answers.get(each.unit_key)
    ]
    return next(iter([*chosen, *measures_of(rulebook)]), "")


def amount_in(rulebook: Rulebook, metres: int | None, seconds: int | None, unit: str) -> Fraction | None:
    """An amount in a unit of distance or of time; None where it is not known in that."""
    measure = measure_of(rulebook, unit)
    whole = None if measure is None else metres if measure.metres is not None else seconds
    return None if measure is None or whole is None else Fraction(whole) / Fraction(measure.size)


def run_amount_words(rulebook: Rulebook, metres: int | None, seconds: int | None, unit: str) -> str:
    """The same in words; where it is not known in that unit, in another; empty where it is in none."""
    for name in (unit, *measures_of(rulebook)):
        amount = amount_in(rulebook, metres, seconds, name)
        if amount is not None:
            return f"{number_words(amount)} {name}"
    return ""


def file_run_lines(rulebook: Rulebook, question: str, found: FromFiles, unit: str) -> tuple[str, ...]:
    """Each run behind an answer, file by file, for those who look closely; and what they show, if no sum.

    Files are told by the beginning of their SHA-256, as an intake keeps them.
    """
    offered = offered_for(rulebook, question)
    reason = reason_for(rulebook, offered, found) if offered is not None else ""
    runs = longest_of(found.runs) if offered is not None and offered.longest is not None else found.runs
    by_file: defaultdict[str, list[str]] = defaultdict(list)
    for run in runs:
        amount = run_amount_words(rulebook, run.metres, run.seconds, unit)
        by_file[run.file].append(": ".join(filter(None, (day_words(run.day, year=True), amount))))
    files = (f"File {file}: {'; '.join(told)}" for file, told in by_file.items())
    return (*filter(None, (capital(reason),)), *files)
