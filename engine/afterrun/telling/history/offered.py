"""An offer as it stands beside its question: the answer, how many runs are behind it, and each of them."""

from __future__ import annotations

from collections.abc import Iterator

from afterrun.explanation import answer_words
from afterrun.history import Offer, Run
from afterrun.rulebook import Rulebook
from afterrun.schedule import day_words
from afterrun.telling.history.words import behind_words, run_amount_words
from afterrun.telling.page import capital

MOST_SHOWN = 8
"""Runs behind an offer that are named one by one; of more, the latest."""
KINDS = {"treadmill": "on a treadmill", "trail": "on a trail", "track": "on a track"}


def offer_words(rulebook: Rulebook, offer: Offer) -> str:
    """The answer that is offered."""
    return answer_words(rulebook, rulebook.questions[offer.question], offer.plain, offer.unit)


def offer_lines(rulebook: Rulebook, offer: Offer) -> Iterator[str]:
    """What stands behind an offer, and what the person should know before they take it."""
    # What was left out stands in the note, with what it means for the answer.
    yield capital(behind_words(rulebook, offer.question, offer.found._replace(left_out=0)))
    yield from run_lines(rulebook, offer)
    if offer.note:
        yield f"{capital(offer.note)}."


def run_lines(rulebook: Rulebook, offer: Offer) -> Iterator[str]:
    """The runs one by one; of many the latest, and how many come before these."""
    shown = offer.runs[-MOST_SHOWN:]
    if left := len(offer.runs) - len(shown):
        yield f"{left} before these"
    for run in shown:
        yield _run_words(rulebook, run, offer.unit)


def _run_words(rulebook: Rulebook, run: Run, unit: str) -> str:
    amount = run_amount_words(rulebook, run.metres, run.seconds, unit) or "no distance and no duration"
    where = KINDS.get(run.kind, "")
    return f"{run.began:%a} {day_words(run.day)}: {' '.join(filter(None, (amount, where)))}"
