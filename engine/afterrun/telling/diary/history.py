"""The weeks of a diary so far: what of them can be drawn, and all of them in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from afterrun.assessment import part_of
from afterrun.rulebook import Rulebook
from afterrun.telling.diary.settings import settings_lines

if TYPE_CHECKING:
    from afterrun.diary import History, KeptCheckIn

WIDE = 20
"""Characters of the longest bar."""


class DiaryWeek(NamedTuple):
    """What a week's answers say of pain and amount, where they say it."""

    week: int
    start: date
    pain: float | None
    amount: float | None
    reported: bool
    """Whether the week has a check-in."""


class Diary(NamedTuple):
    """A history in numbers, and what these are numbers of."""

    weeks: tuple[DiaryWeek, ...]
    worst: float
    """The most that pain can be."""
    pain_name: str
    amount_name: str
    unit: str


def diary_of(part: Rulebook, history: History) -> Diary:
    """Every week up to the last reported, with the answers that the rulebook calls pain and amount."""
    from afterrun.diary import written_of

    written = written_of(part)
    kept = {each.week: each for each in history.check_ins if not each.standing.stopped}
    weeks = []
    for week in range(1, history.next_week):
        answers = kept[week].answers if week in kept else {}
        pains = [answers.get(name) for name in written.measures_pain]
        done = answers.get(written.measures_amount)
        weeks.append(
            DiaryWeek(
                week,
                history.first_day(week),
                max((pain for pain in pains if isinstance(pain, int)), default=None),
                float(done) if isinstance(done, int | float) else None,
                week in kept,
            )
        )
    worst = max((float(part.questions[name].at_most or 0) for name in written.measures_pain), default=0.0)
    amount_name = part.questions[written.measures_amount].quantity or written.measures_amount
    return Diary(
        tuple(weeks), worst, written.pain_text, amount_name, history.standing.facts.get("volume_unit", "")
    )


def programme_words(part: Rulebook, programme: str) -> str:
    """A programme as the check-in offers it."""
    sections = part_of(part)[0].enrolled
    options = (
        option
        for question in part.questions.values()
        if question.section in sections
        for option in question.options
    )
    return next((option.text for option in options if option.id == programme), programme)


def history_lines(part: Rulebook, history: History) -> Iterator[str]:
    """A row a week with its bars, then what each check-in said."""
    diary, standing = diary_of(part, history), history.standing
    yield f"{history.person}: since {history.start}"
    stopped = ", stopped: to be seen first" if standing.stopped else ""
    yield f"Now: {programme_words(part, standing.programme)}, week {standing.week} of it{stopped}"
    yield ""
    if not history.check_ins:
        yield f"No check-in yet; the first from {history.last_day(1)} on."
        yield from settings_lines(part, history, 0)
        return
    yield from _chart(diary)
    yield ""
    yield from settings_lines(part, history, 0)
    for kept in history.check_ins:
        yield from _check_in(part, kept)
        yield from settings_lines(part, history, kept.number)
    if history.number > 1:
        yield ""
        yield f"This is plan {history.number}. Those before it:  afterrun diary export"


def _chart(diary: Diary) -> Iterator[str]:
    most = max([1.0, *(each.amount or 0 for each in diary.weeks)])
    amount = f"{diary.amount_name}, {diary.unit}" if diary.unit else diary.amount_name
    yield f"{'week':>4}  {f'{diary.pain_name.lower()} of {diary.worst:g}':<15}{amount}"
    for each in diary.weeks:
        if not each.reported:
            yield f"{each.week:>4}  no check-in"
            continue
        pain = "-" if each.pain is None else f"{'#' * int(each.pain)} {each.pain}"
        done = "-" if each.amount is None else f"{'=' * round(WIDE * each.amount / most)} {each.amount:g}"
        yield f"{each.week:>4}  {pain:<15}{done}"


def _check_in(part: Rulebook, kept: KeptCheckIn) -> Iterator[str]:
    from afterrun.diary import written_of

    # A diary outlives its rulebook: an action that has gone since is told by its id.
    actions = "; ".join(
        part.interventions[name].called if name in part.interventions else name
        for name in kept.said["actions"]
    )
    missed = kept.answers.get(written_of(part).missed)
    notes = [*([f"{missed} missed"] if missed else []), *(["corrected"] if kept.corrected else [])]
    note = f" ({', '.join(notes)})" if notes else ""
    where = f"{programme_words(part, kept.standing.programme)}, week {kept.standing.week} of it"
    if kept.standing.stopped:
        seen = "in " if kept.seen_on is None else f"seen on {kept.seen_on}, then on in "
        yield f"{kept.day}  stopped{note}: {actions}"
        yield f"{'':12}{seen}{where}"
    else:
        yield f"{kept.day}  week {kept.week}{note}: {actions}"
        yield f"{'':12}then {where}"
