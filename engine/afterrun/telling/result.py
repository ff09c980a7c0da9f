"""A result in, a page of words out: what is told, in which order; what the triage hides is not in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from afterrun.assessment import CheckIn, Result
from afterrun.explanation import answer_in_words, conclusion_words, plan_entry, plan_words, with_unit
from afterrun.inference import Proof
from afterrun.rulebook import Rulebook, name_of, number_words
from afterrun.rulebook.schema import Intervention, TriageLevel
from afterrun.schedule import first_week
from afterrun.telling.exercises.cards import exercise_card, how_command
from afterrun.telling.first_screen import Front, first_screen
from afterrun.telling.page import Page, Point, Section, capital, page_of

NOT_KNOWN = "not known yet"
FIRST_LIMITS = 2
"""Things that the rulebook is not which every first screen says."""


class PlanRow(NamedTuple):
    """One key of the plan."""

    key: str
    text: str
    value: str
    by: str
    """The rule that chose the value, if rules chose it."""
    lost: tuple[tuple[str, str], ...]
    """Each value that lost, and its rule."""
    sources: tuple[str, ...]
    exercises: tuple[str, ...]
    """The exercises that the value names."""


class LedgerRow(NamedTuple):
    """What became of one intervention."""

    intervention: Intervention
    status: str
    note: str
    by: str
    given: bool
    """Whether it is to be done, now or later."""

    @property
    def point(self) -> Point:
        """What to do, how, and what else there is to know; how something merged is done says the other."""
        told = self.intervention
        if self.status == "merged":
            return Point(told.called, more=told.more)
        return intervention_point(told)


def result_page(rulebook: Rulebook, result: Result, *, commands: bool = True) -> Page:
    """What a person should read: in front how soon, what it looks like and what to do this week.

    Without `commands` it names none to be typed.
    """
    level = rulebook.triage[result.triage]
    now, later = _to_do(rulebook, result)
    why = tuple(_why(rulebook, result))
    reason = None if level.shows_plan else result.because.get(name_of("triage", level.id))
    reasons = [each.because for each in reason.steps[:1]] if reason is not None else []
    how_soon = tuple(_how_soon(rulebook, result, reason)) if reason is not None else ()
    front = [
        Front(
            Section("What it looks like", pattern_points(rulebook, result.patterns)),
            "More on what it looks like",
        )
    ]
    if level.shows_plan:
        front.append(Front(Section("What to do this week", now), "How to do it"))
    else:
        front += [
            Front(Section("What to do", now), "How to do it"),
            Front(Section("Why", how_soon), "More on why"),
        ]
    still_open = open_section(rulebook, result)
    if level.pending:
        front.append(Front(still_open, still_open.title))
    behind = (
        Section("Later, and good to know", later),
        Section("Your plan in numbers", tuple(_plan(rulebook, result, commands)), table=True),
        Section("Considered, and not for now", tuple(_set_aside(rulebook, result, why))),
        Section("") if level.pending else still_open,
        Section(
            "More on why" if how_soon else "Why",
            tuple(each for each in why if each.text not in (*reasons, *result.at_once)),
        ),
        limits_section(rulebook),
    )
    page = page_of(recorded(result, level.name), lead_of(level), (), result.rulebook, behind)
    page = page._replace(at_once=" ".join(result.at_once))
    return first_screen(with_limits(rulebook, page), tuple(front))


def lead_of(level: TriageLevel) -> str:
    """A warm word, and what to do now."""
    return f"{level.opening} {level.do}".strip()


def recorded(told: Result | CheckIn, title: str) -> str:
    """A title with the record that it belongs to."""
    return f"{told.record_id}: {title}" if told.record_id else title


def pattern_points(rulebook: Rulebook, patterns: Mapping[str, str]) -> tuple[Point, ...]:
    """Each pattern at its level."""
    found = ((rulebook.patterns[name], level) for name, level in patterns.items())
    return tuple(Point(f"{pattern.called}: {level}", pattern.text) for pattern, level in found)


def intervention_point(intervention: Intervention) -> Point:
    """What to do, how, and what else there is to know of it."""
    return Point(intervention.called, intervention.short, intervention.steps, intervention.more)


def open_section(rulebook: Rulebook, told: Result | CheckIn) -> Section:
    """The questions whose answers can still change something."""
    return Section("Still open", tuple(Point(rulebook.questions[name].ask) for name in told.open_questions))


def limits_section(rulebook: Rulebook) -> Section:
    """What the rulebook is not, but for what stands at the foot of the first screen."""
    return Section("What this is not", tuple(map(Point, rulebook.identity.limits[FIRST_LIMITS:])))


def with_limits(rulebook: Rulebook, page: Page) -> Page:
    """The page with the first things at its foot that the rulebook is not."""
    return page._replace(foot=" ".join((*rulebook.identity.limits[:FIRST_LIMITS], page.foot)))


def ledger_rows(rulebook: Rulebook, result: Result) -> Iterator[LedgerRow]:
    """The ledger, each entry with when or as part of what it is done."""
    for entry in result.ledger:
        intervention = rulebook.interventions[entry.id]
        note = f"from week {entry.from_week}" if entry.from_week else ""
        if entry.status == "postponed":
            note = note or "later"
        elif entry.status == "merged":
            into = rulebook.interventions.get(entry.into or "")
            note = f"done as part of: {into.called}" if into else "done as part of another"
        given = entry.id in result.interventions
        status = entry.status.replace("_", " ")
        yield LedgerRow(intervention, status, note, entry.by, given)


def plan_rows(rulebook: Rulebook, told: Result | CheckIn, unknown: str = NOT_KNOWN) -> Iterator[PlanRow]:
    """The plan, each key with the value that was chosen, those that lost, or why there is none yet."""
    for key, value in told.plan.items():
        line, named = rulebook.plan[told.plan_lines[key]], plan_entry(rulebook, key)
        if value is None and line.otherwise:
            value = line.otherwise
        if value is not None:
            words = plan_words(rulebook, line, value, told.answers)
        else:
            words = line.asked_later or unknown
        exercises = tuple(value or ()) if line.exercises else ()
        choice = told.plan_choices.get(key, {})
        lost = tuple(
            (with_unit(number_words(each["value"]), line.unit), str(each["by"]))
            for each in choice.get("lost", ())
        )
        yield PlanRow(key, named.text, words, str(choice.get("by", "")), lost, line.sources, exercises)


def exercise_cards(rulebook: Rulebook, result: Result) -> tuple[Section, ...]:
    """The cards of the exercises that the plan names, each with how much of it."""
    named = dict.fromkeys(each for row in plan_rows(rulebook, result) for each in row.exercises)
    return tuple(exercise_card(rulebook, rulebook.exercises[each], doses=True) for each in named)


def because(rulebook: Rulebook, rule: str) -> str:
    """The reason that a rule gives; the name of what is no written rule."""
    return rulebook.rules[rule].because if rule in rulebook.rules else rule


def _to_do(rulebook: Rulebook, result: Result) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """What to do now, each with what the first week asks of it; and what comes later or is good to know."""
    week = _first_week(rulebook, result)
    now, later = [], []
    for row in ledger_rows(rulebook, result):
        if not row.given:
            continue
        note = f" ({row.note})" if row.status in ("postponed", "merged") else ""
        told = row.point._replace(name=f"{row.intervention.called}{note}")
        in_short = week.get(row.intervention.id, "")
        if row.intervention.kind == "explanation" or note or in_short is None:
            later.append(told)
        else:
            now.append(told._replace(text=f"{in_short} {told.text}".strip(), brief=in_short))
    # Where there is nothing to do, knowing is what helps.
    return (tuple(now), tuple(later)) if now else (tuple(later), ())


def _first_week(rulebook: Rulebook, result: Result) -> dict[str, str | None]:
    """What the first week asks of each intervention that has weeks of its own; None if it begins later."""
    if rulebook.schedule is None or not rulebook.triage[result.triage].shows_plan:
        return {}
    week = first_week(rulebook, result)
    found: dict[str, str | None] = {}
    for course in rulebook.schedule.courses:
        for name in course.for_:
            in_short = week.in_short.get(course.id) if week else None
            found[name] = in_short if in_short is not None else found.get(name)
    return found


def _plan(rulebook: Rulebook, result: Result, commands: bool) -> Iterator[Point]:
    for row in plan_rows(rulebook, result):
        named = row.exercises if commands else ()
        where = f". How each is done:  {how_command(named)}" if named else ""
        yield Point(row.text, row.value + where)


def _set_aside(rulebook: Rulebook, result: Result, why: Sequence[Point]) -> Iterable[Point]:
    # Where patterns are hidden, what was set aside would give them away.
    if not rulebook.triage[result.triage].shows_patterns:
        return ()
    # A reason that stands among the others is not told once more.
    told = {point.text for point in why}
    aside = [entry for entry in result.ledger if entry.status == "set_aside"]
    reasons = [because(rulebook, each.by) for each in aside]
    return [
        Point(rulebook.interventions[each.id].called, "" if reason in told else reason)
        for each, reason in zip(aside, reasons, strict=True)
    ]


def _how_soon(rulebook: Rulebook, result: Result, proof: Proof) -> Iterator[Point]:
    """The reason for the level; where it is what cannot wait, and stands on top, the answers behind it."""
    reason = proof.steps[0].because
    if reason not in result.at_once:
        yield Point(reason)
        return
    for name, value in proof.answers().items():
        words = answer_in_words(rulebook, name, value, result.answers)
        yield Point(f'To "{rulebook.questions[name].ask}" you answered: {words.rstrip(".")}.')


def _why(rulebook: Rulebook, result: Result) -> Iterator[Point]:
    aside = {name_of("intervention", entry.id, "set_aside") for entry in result.ledger}
    yield from by_reason(
        (conclusion_words(rulebook, name), proof.steps[0].because)
        for name, proof in result.because.items()
        if name not in aside and proof.value and proof.steps
    )


def by_reason(reasons: Iterable[tuple[str, str]]) -> Iterator[Point]:
    """What was concluded and why, each reason told once."""
    names: dict[str, list[str]] = {}
    for name, reason in reasons:
        names.setdefault(reason, []).append(name)
    for reason, concluded in names.items():
        yield Point(capital("; ".join(concluded)), reason)
