"""The runs behind an answer in words: how many and when, and each with its day, its amount and its file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from afterrun.intake import FileRun, FromFiles, days_of, measure_of, measures_of, offered_for, on_day
from afterrun.rulebook import Rulebook, number_words

BY_FILES = "from your files"


def span_words(first: date, last: date) -> str:
    """From one day to another, with no more of the first than differs.

    >>> span_words(date(2026, 3, 2), date(2026, 3, 8)), span_words(date(2026, 2, 25), date(2026, 3, 3))
    ('2 to 8 March 2026', '25 February to 3 March 2026')
    >>> span_words(date(2025, 12, 29), date(2026, 1, 4)), span_words(date(2026, 3, 2), date(2026, 3, 2))
    ('29 December 2025 to 4 January 2026', '2 March 2026')
    """
    if first == last:
        return on_day(last)
    begins = str(first.day)
    if (first.year, first.month) != (last.year, last.month):
        begins = f"{first.day} {first:%B}" if first.year == last.year else on_day(first)
    return f"{begins} to {on_day(last)}"


def behind_words(rulebook: Rulebook, question: str, found: FromFiles) -> str:
    """How many runs stand behind an answer, and of which days: '4 runs, 2 to 8 March 2026'."""
    days = _days_words(rulebook, question, found)
    if not found.left_out:
        return days
    return f"{days}; {found.left_out} left out that may be {'a run' if found.left_out == 1 else 'runs'}"


def _days_words(rulebook: Rulebook, question: str, found: FromFiles) -> str:
    count = len(found.runs)
    if count:
        days = sorted(each.day for each in found.runs)
        return f"{count} {'run' if count == 1 else 'runs'}, {span_words(days[0], days[-1])}"
    offered = offered_for(rulebook, question)
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


def file_run_lines(rulebook: Rulebook, found: FromFiles, unit: str) -> tuple[str, ...]:
    """Each run behind an answer, for those who look closely."""
    return tuple(_run(rulebook, each, unit) for each in found.runs)


def _run(rulebook: Rulebook, run: FileRun, unit: str) -> str:
    amount = run_amount_words(rulebook, run.metres, run.seconds, unit)
    return f"{on_day(run.day)}: {', '.join(filter(None, (amount, f'file {run.file}')))}"
