"""A schedule in, a page out: what is told of the weeks, whatever it is drawn with."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from afterrun.explanation import STATUS_WORDS
from afterrun.rulebook import Rulebook, number_words
from afterrun.schedule import Amount, Schedule, Session, State, Week, day_words
from afterrun.telling.exercises.cards import ExerciseGroup, exercise_groups, how_command
from afterrun.telling.page import Bar, Chart, Day, Page, Point, Section, page_of
from afterrun.telling.preferences import conflict_words, conflicts_section
from afterrun.telling.result import by_reason

WHERE = "The exercises"


class PlanWeek(NamedTuple):
    """One week in words."""

    number: int
    dates: str
    courses: str
    amount: str
    runs: bool
    """Whether the amount is more than nothing; else the names of the courses say more."""
    note: str
    """Why the amount is not what the rate alone would give, how to share it out, or what is new this week."""
    days: tuple[Day, ...]

    @property
    def section(self) -> Section:
        """The week as a part of the page."""
        holds = self.amount if self.runs else ", ".join(each for each in (self.courses, self.amount) if each)
        title = f"Week {self.number}, {self.dates}{f': {holds}' if holds else ''}"
        return Section(title, note=self.note, days=self.days)


class PlanPage(NamedTuple):
    """A schedule in words."""

    page: Page
    """The first week in front, all else behind."""
    decisions: Section
    chart_title: str
    how: tuple[Section, ...]
    weeks: tuple[PlanWeek, ...]
    exercises: tuple[ExerciseGroup, ...]
    """The cards; the page says only where they are."""

    @property
    def illustrated(self) -> Page:
        """The page with the cards themselves, for whatever shows pictures."""
        cards = [card for each in self.exercises for card in each.cards]
        whole = self.page.whole
        return whole._replace(
            sections=tuple(
                part for each in whole.sections for part in (cards if each.title == WHERE else [each])
            )
        )


def plan_page(rulebook: Rulebook, schedule: Schedule) -> PlanPage:
    """What a person should read who has a plan."""
    person = "" if schedule.person == State.person else f"{schedule.person}: "
    first, last = schedule.weeks[0], schedule.weeks[-1]
    decisions = Section(
        "Not yet, or as part of something else", tuple(by_reason(_decisions(rulebook, schedule)))
    )
    chart_title = f"{schedule.amount_text}, {schedule.unit}" if schedule.unit else schedule.amount_text
    how = tuple(_how(schedule))
    weeks = tuple(
        _week(schedule, week, before)
        for before, week in itertools.pairwise((None, *schedule.weeks))
        if week is not None
    )
    exercises = exercise_groups(rulebook, schedule)
    whole = page_of(
        f"{person}Your plan, week by week",
        f"{day_words(first.start, year=True)} to {day_words(last.end, year=True)}. {schedule.length} "
        f"{schedule.nothing}".strip(),
        (weeks[0].section, conflicts_section(schedule), _where(exercises)),
        schedule.rulebook,
        (
            decisions,
            Section(chart_title, chart=_chart(schedule)),
            *how,
            *(week.section for week in weeks[1:]),
        ),
    )
    return PlanPage(whole, decisions, chart_title, how, weeks, exercises)


def _where(groups: Iterable[ExerciseGroup]) -> Section:
    """The exercises by name, and where their cards are, for whatever cannot draw them."""
    cards = [card for each in groups for card in each.cards]
    names = ", ".join(card.title for card in cards)
    how = f"{names}. How each is done:  {how_command(card.id for card in cards)}"
    return Section(WHERE, note=how if cards else "")


def why_no_weeks(rulebook: Rulebook, schedule: Schedule) -> str:
    """Why a schedule has no weeks."""
    if rulebook.triage[schedule.triage].shows_plan:
        return "Nothing that is recommended goes by the week, so there are no weeks to lay out."
    return "There is no plan by the week."


def week_amount_words(amount: Amount | None, unit: str) -> str:
    """What a week holds, in words."""
    if amount is None:
        return ""
    if amount.value is None:
        return amount.words
    most = f", at most {number_words(amount.ceiling)}" if amount.ceiling else ""
    return f"{number_words(amount.value)} {unit}{most}"


def _decisions(rulebook: Rulebook, schedule: Schedule) -> Iterator[tuple[str, str]]:
    """What became of each intervention that is not done for itself, and why."""
    for each in schedule.decisions:
        words = STATUS_WORDS.get(each.entry.status, each.entry.status)
        if each.entry.into in rulebook.interventions:
            words = f"done as part of: {rulebook.interventions[each.entry.into or ''].called}"
        week = f", in its own right from week {each.from_week}" if each.entry.into and each.from_week else ""
        week = week or (f", from week {each.from_week}" if each.from_week else "")
        yield f"{each.name} ({words}{week})", each.because


def _chart(schedule: Schedule) -> Chart | None:
    amounts = [week.amount for week in schedule.weeks if week.amount is not None]
    highest = max([schedule.goal or 0, *(max(each.value or 0, each.ceiling or 0) for each in amounts)])
    if not highest:
        return None
    bars = tuple(_bars(schedule, highest))
    return Chart(
        ("weeks", "from", "amount", "at most"),
        bars,
        "| is the most that the week may hold" if any(bar.ceiling is not None for bar in bars) else "",
        "  {:>6}  {:>6}  {:>7}  {:>7}   ",
    )


def _bars(schedule: Schedule, highest: float) -> Iterator[Bar]:
    for _, stretch in itertools.groupby(
        schedule.weeks, key=lambda week: None if week.amount is None else week.amount.of_week
    ):
        weeks = list(stretch)
        amount = weeks[0].amount
        if amount is None:
            continue
        first, last = weeks[0].number, weeks[-1].number
        yield Bar(
            (
                str(first) if first == last else f"{first}-{last}",
                day_words(weeks[0].start),
                "?" if amount.value is None else number_words(amount.value),
                number_words(amount.ceiling) if amount.ceiling else "",
            ),
            part=(amount.value or 0) / highest,
            ceiling=amount.ceiling / highest if amount.ceiling else None,
            words=amount.words if amount.value is None else "",
        )


def _how(schedule: Schedule) -> Iterator[Section]:
    """Each kind of session, in stretches of weeks in which it is done in one way."""
    for span in schedule.spans:
        if span.do:
            yield _manner(span.name, span.first, span.last, span.do)
    kinds = {session.kind: session.checks_in for session in schedule.sessions}
    for kind in sorted(kinds, key=lambda kind: kinds[kind]):
        sessions = [each for each in schedule.sessions if each.kind == kind]
        for do, stretch in itertools.groupby(sessions, key=lambda each: each.do):
            weeks = [each.week for each in stretch]
            if do:
                yield _manner(sessions[0].name, weeks[0], weeks[-1], do)


def _week(schedule: Schedule, week: Week, before: Week | None) -> PlanWeek:
    known = week.amount is not None and week.amount.value is not None
    notes = [week.amount.words] if week.amount is not None and known else []
    notes += map(conflict_words, week.conflicts)
    names = {span.id: span.name for span in schedule.spans}
    return PlanWeek(
        number=week.number,
        dates=f"{day_words(week.start)} to {day_words(week.end, year=True)}",
        courses=", ".join(names[course] for course in week.courses),
        amount=week_amount_words(week.amount, schedule.unit),
        runs=week.amount is not None and bool(week.amount.value or week.amount.words),
        note=" ".join(each for each in (*notes, *_new(week, before)) if each),
        days=tuple(map(_day, week.sessions)),
    )


def _day(session: Session) -> Day:
    return Day(
        f"{session.at:%a} {day_words(session.at.date())}",
        f"{session.at:%H:%M}",
        session.title,
        session.today if session.checks_in else (),
    )


def _new(week: Week, before: Week | None) -> list[str]:
    """What sessions without an amount say of this week and did not say of the one before."""
    old = {line for each in (before.doings if before is not None else ()) for line in each.today}
    lines = [line for each in week.doings if each.amount is None for line in each.today]
    return [line for line in dict.fromkeys(lines) if line not in old]


def _manner(name: str, first: int, last: int, lines: tuple[str, ...]) -> Section:
    """How something is done, in the weeks in which it is done so."""
    weeks = f"week {first}" if first == last else f"weeks {first} to {last}"
    return Section(f"{name}, {weeks}", tuple(map(Point, lines)))
