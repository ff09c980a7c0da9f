"""A running history as a page: what was read, what it offers and why not, and the weeks as bars."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from afterrun.history import Offers, Run, RunningHistory
from afterrun.intake import span_words
from afterrun.rulebook import Rulebook
from afterrun.schedule import day_words
from afterrun.telling.history.left_out import left_out_words
from afterrun.telling.history.offered import KINDS, NO_AMOUNT, offer_lines, offer_words
from afterrun.telling.history.weeks import shown_weeks, weeks_section
from afterrun.telling.history.words import run_amount_words
from afterrun.telling.page import Page, Point, Section, capital

OTHERS = {"walk": "Walks", "ride": "Rides", "swim": "Swims", "other": "Other activities"}
LEAD = "This is what your files say. Nothing of them is kept, and nothing is answered for you."


def history_page(
    rulebook: Rulebook,
    history: RunningHistory,
    offered: Offers,
    today: date,
    unit: str,
    *,
    full: bool = False,
) -> Page:
    """What the files of a person say on a day; in full with each run and the file it came from."""
    asks = {name: each.ask for name, each in rulebook.questions.items()}
    sections = (
        Section("What was read", tuple(_read(history)), table=True),
        Section(
            "What is offered",
            tuple(
                Point(asks[name], offer_words(rulebook, each), tuple(offer_lines(rulebook, each)))
                for name, each in offered.offered.items()
            ),
        ),
        Section(
            "What is not offered",
            tuple(Point(asks[name], f"{capital(why)}.") for name, why in offered.withheld.items()),
        ),
        weeks_section(shown_weeks(rulebook, history, today, unit)),
        Section(
            "Left out",
            tuple(Point(where, capital(reason)) for where, reason in left_out_words(history)),
        ),
        Section("To know", tuple(Point(each) for each in history.notes)),
        Section(
            "Told twice, counted once",
            tuple(_each_double(rulebook, history, unit) if full else _doubles(history)),
        ),
        Section("Run by run", tuple(_run_by_run(rulebook, history, unit)) if full else ()),
    )
    return Page("Your own files", LEAD, tuple(each for each in sections if not each.is_empty), "")


def _read(history: RunningHistory) -> Iterator[Point]:
    kinds = Counter(KINDS.get(each.kind, "") for each in history.runs)
    apart = ", ".join(f"{count} {name}" for name, count in kinds.items() if name)
    runs = history.runs
    days = f", {span_words(runs[0].day, runs[-1].day)}" if runs else ""
    yield Point("Runs", f"{len(runs)}{f' ({apart})' if apart else ''}{days}")
    for name, count in history.others.items():
        if count:
            yield Point(f"{OTHERS.get(name, capital(name))}, left aside", str(count))
    if history.first is not None and history.last is not None:
        span = span_words(history.first.date(), history.last.date())
        yield Point("Days that the files speak of", span)
    if doubles := sum(len(each.found) > 1 for each in runs):
        yield Point("Runs told twice, counted once", str(doubles))
    if history.left_out:
        yield Point("Files and rows left out, see below", str(len(history.left_out)))


def _doubles(history: RunningHistory) -> Iterator[Point]:
    """Together what the same files tell: two exports of one year have the same runs by the hundred."""
    together: defaultdict[tuple[str, ...], list[Run]] = defaultdict(list)
    for run in history.runs:
        if len(run.found) > 1:
            together[tuple(each.file for each in run.found)].append(run)
    for (kept, *others), runs in together.items():
        count = f"{len(runs)} {'run' if len(runs) == 1 else 'runs'}"
        yield Point(
            f"{count}, {span_words(runs[0].day, runs[-1].day)}",
            f"Counted from {kept}. The same in {' and '.join(others)}.",
        )


def _each_double(rulebook: Rulebook, history: RunningHistory, unit: str) -> Iterator[Point]:
    for run in history.runs:
        if len(run.found) > 1:
            kept, *others = (_place(each.file, each.place) for each in run.found)
            yield Point(
                _told(rulebook, run, unit), f"Counted from {kept}. The same in {' and '.join(others)}."
            )


def _run_by_run(rulebook: Rulebook, history: RunningHistory, unit: str) -> Iterator[Point]:
    for run in history.runs:
        yield Point(_told(rulebook, run, unit), _place(run.found[0].file, run.found[0].place))


def _told(rulebook: Rulebook, run: Run, unit: str) -> str:
    amount = run_amount_words(rulebook, run.metres, run.seconds, unit)
    return " ".join(
        filter(None, (f"{day_words(run.day, year=True)}:", amount or NO_AMOUNT, KINDS.get(run.kind, "")))
    )


def _place(file: str, place: str) -> str:
    return f"{file}, {place}" if place else file
