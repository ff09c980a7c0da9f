"""An offer as it stands beside its question: the answer, how many runs are behind it, and each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction

from afterrun.explanation import answer_words
from afterrun.history import Offer, Run
from afterrun.intake import days_of, longest_of, offered_for, reason_for
from afterrun.rulebook import Rulebook, number_words
from afterrun.rulebook.schema import Window
from afterrun.schedule import day_words
from afterrun.telling.history.words import amount_in, behind_words, run_amount_words
from afterrun.telling.page import capital

MOST_SHOWN = 8
"""Runs behind an offer that are named one by one; of more, the latest."""
MOST_LONG = 3
"""Of the longest."""
DAYS = 7
NO_AMOUNT = "no distance and no duration"
KINDS = {"treadmill": "on a treadmill", "trail": "on a trail", "track": "on a track"}


def offer_words(rulebook: Rulebook, offer: Offer) -> str:
    """The answer that is offered."""
    return answer_words(rulebook, rulebook.questions[offer.question], offer.plain, offer.unit)


def offer_lines(rulebook: Rulebook, offer: Offer) -> Iterator[str]:
    """What stands behind an offer, and what the person should know before they take it."""
    # What was left out stands in the note, with what it means for the answer.
    yield capital(behind_words(rulebook, offer.question, offer.found._replace(left_out=0)))
    asked = offered_for(rulebook, offer.question)
    assert asked is not None
    if asked.days is None:
        yield f"{capital(reason_for(rulebook, asked, offer.found))}."
    elif asked.longest is not None:
        yield from _longest_lines(rulebook, offer)
    elif asked.weekly_mean is not None:
        yield from _week_lines(rulebook, offer, asked.days)
    else:
        yield from _run_lines(rulebook, offer)
    if offer.note:
        yield f"{capital(offer.note)}."


def _run_lines(rulebook: Rulebook, offer: Offer) -> Iterator[str]:
    """The runs one by one; of many the latest, and how many come before these."""
    for run in offer.runs[-MOST_SHOWN:]:
        yield _run_words(rulebook, run, offer.unit)
    if (earlier := len(offer.runs) - MOST_SHOWN) > 0:
        yield f"and {earlier} earlier {'run' if earlier == 1 else 'runs'}"


def _longest_lines(rulebook: Rulebook, offer: Offer) -> Iterator[str]:
    """The longest run, those next to it, and how many are shorter."""
    whole = dict(zip(offer.found.runs, offer.runs, strict=True))
    for run in longest_of(offer.found.runs)[:MOST_LONG]:
        yield _run_words(rulebook, whole[run], offer.unit)
    if (shorter := len(offer.runs) - MOST_LONG) > 0:
        yield f"and {shorter} shorter {'run' if shorter == 1 else 'runs'}"


def _week_lines(rulebook: Rulebook, offer: Offer, window: Window) -> Iterator[str]:
    """The weeks that an average is of, with the runs of each, and what they come to."""
    first, last = days_of(window, offer.found.until)
    runs = [
        (each.day, amount_in(rulebook, each.metres, each.seconds, offer.unit)) for each in offer.found.runs
    ]
    for back in range(0, (last - first).days if runs else 0, DAYS):
        begins, ends = first + timedelta(back), first + timedelta(back + DAYS - 1)
        within = [(day, amount) for day, amount in runs if amount is not None and begins <= day <= ends]
        each = ", ".join(f"{day:%a} {number_words(amount)}" for day, amount in within)
        told = f"{_summed(within)} {offer.unit} ({each})" if within else "no run"
        from_day = str(begins.day) if begins.month == ends.month else day_words(begins)
        yield f"{from_day} to {day_words(ends)}: {told}"
    if runs:
        yield f"In all {_summed(runs)} {offer.unit}"


def _summed(runs: Sequence[tuple[date, Fraction | None]]) -> str:
    return number_words(sum((amount for _, amount in runs if amount is not None), Fraction(0)))


def _run_words(rulebook: Rulebook, run: Run, unit: str) -> str:
    amount = run_amount_words(rulebook, run.metres, run.seconds, unit) or NO_AMOUNT
    where = KINDS.get(run.kind, "")
    return f"{run.began:%a} {day_words(run.day)}: {' '.join(filter(None, (amount, where)))}"
