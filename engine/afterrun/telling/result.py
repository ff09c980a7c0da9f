"""A result in, a page of words out: what is told, in which order; what the triage hides is not in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from afterrun.assessment import CheckIn, Result
from afterrun.explanation import conclusion_words, number, plan_entry, plan_words, with_unit
from afterrun.rulebook import Rulebook, name_of
from afterrun.rulebook.schema import Intervention
from afterrun.telling.exercises.cards import exercise_card, how_command
from afterrun.telling.page import Page, Point, Section, capital, page_of

NOT_KNOWN = "not known yet"


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


def result_page(rulebook: Rulebook, result: Result) -> Page:
    """What a person should read, most pressing first."""
    level = rulebook.triage[result.triage]
    sections = (
        Section("What your answers look like", pattern_points(rulebook, result.patterns)),
        _to_do(rulebook, result),
        Section("Your plan", tuple(_plan(rulebook, result)), table=True),
        Section("Considered and set aside", tuple(_set_aside(rulebook, result))),
        open_section(rulebook, result),
        Section("Why", tuple(_why(rulebook, result))),
        limits_section(rulebook),
    )
    return page_of(recorded(result, level.name), level.do, sections, result.rulebook)


def first_steps(rulebook: Rulebook, result: Result) -> Page:
    """What to do now, where there is no plan by the week."""
    level = rulebook.triage[result.triage]
    sections = (_to_do(rulebook, result), open_section(rulebook, result))
    return page_of(recorded(result, level.name), level.do, sections, result.rulebook)


def recorded(told: Result | CheckIn, title: str) -> str:
    """A title with the record that it belongs to."""
    return f"{told.record_id}: {title}" if told.record_id else title


def pattern_points(rulebook: Rulebook, patterns: Mapping[str, str]) -> tuple[Point, ...]:
    """Each pattern at its level."""
    found = ((rulebook.patterns[name], level) for name, level in patterns.items())
    return tuple(Point(f"{pattern.name}: {level}", pattern.text) for pattern, level in found)


def intervention_point(intervention: Intervention, note: str = "") -> Point:
    """What to do, how, and what else there is to know of it."""
    return Point(f"{intervention.name}{note}", intervention.short, intervention.steps, intervention.more)


def open_section(rulebook: Rulebook, told: Result | CheckIn) -> Section:
    """The questions whose answers can still change something."""
    return Section("Still open", tuple(Point(rulebook.questions[name].ask) for name in told.open_questions))


def limits_section(rulebook: Rulebook, most: int | None = None) -> Section:
    """What the rulebook is not."""
    return Section("What this is not", tuple(map(Point, rulebook.identity.limits[:most])))


def ledger_rows(rulebook: Rulebook, result: Result) -> Iterator[LedgerRow]:
    """The ledger, each entry with when or as part of what it is done."""
    for entry in result.ledger:
        intervention = rulebook.interventions[entry.id]
        note = f"from week {entry.from_week}" if entry.from_week else ""
        if entry.status == "postponed":
            note = note or "later"
        elif entry.status == "merged":
            into = rulebook.interventions.get(entry.into or "")
            note = f"done as part of: {into.name}" if into else "done as part of another"
        given = entry.id in result.interventions
        status = entry.status.replace("_", " ")
        yield LedgerRow(intervention, status, note, entry.by, given)


def plan_rows(rulebook: Rulebook, told: Result | CheckIn, unknown: str = NOT_KNOWN) -> Iterator[PlanRow]:
    """The plan, each key with the value that was chosen, those that lost, or why there is none yet."""
    statuses = {entry.id: entry.status for entry in told.ledger}
    for key, value in told.plan.items():
        items = [item for item in rulebook.plan if item.key == key]
        first = plan_entry(rulebook, key)
        later = [
            item.asked_later
            for item in items
            if item.asked_later
            and any(statuses.get(name) in wanted for name, wanted in (item.for_ or {}).items())
        ]
        if value is None and first.otherwise:
            value = first.otherwise
        if value is not None:
            words = plan_words(rulebook, first, value, told.answers)
        else:
            words = f"{NOT_KNOWN}. {later[0]}" if later else unknown
        exercises = tuple(value or ()) if first.exercises else ()
        choice = told.plan_choices.get(key, {})
        lost = tuple(
            (with_unit(number(each["value"]), first.unit), str(each["by"])) for each in choice.get("lost", ())
        )
        yield PlanRow(key, first.text, words, str(choice.get("by", "")), lost, first.sources, exercises)


def exercise_cards(rulebook: Rulebook, result: Result) -> tuple[Section, ...]:
    """The cards of the exercises that the plan names, each with how much of it."""
    named = dict.fromkeys(each for row in plan_rows(rulebook, result) for each in row.exercises)
    return tuple(exercise_card(rulebook, rulebook.exercises[each], doses=True) for each in named)


def because(rulebook: Rulebook, rule: str) -> str:
    """The reason that a rule gives; the name of what is no written rule."""
    return rulebook.rules[rule].because if rule in rulebook.rules else rule


def _to_do(rulebook: Rulebook, result: Result) -> Section:
    points = []
    for row in ledger_rows(rulebook, result):
        if row.given:
            note = f" ({row.note})" if row.status in ("postponed", "merged") else ""
            points.append(intervention_point(row.intervention, note))
    return Section("What to do", tuple(points))


def _plan(rulebook: Rulebook, result: Result) -> Iterator[Point]:
    for row in plan_rows(rulebook, result):
        instead = [f"{value}: {because(rulebook, rule)}" for value, rule in row.lost]
        where = f". How each is done:  {how_command(row.exercises)}" if row.exercises else ""
        yield Point(row.text, row.value + (f" (not {'; not '.join(instead)})" if instead else "") + where)


def _set_aside(rulebook: Rulebook, result: Result) -> Iterable[Point]:
    # Where patterns are hidden, what was set aside would give them away.
    if not rulebook.triage[result.triage].shows_patterns:
        return ()
    aside = [entry for entry in result.ledger if entry.status == "set_aside"]
    return [Point(rulebook.interventions[each.id].name, because(rulebook, each.by)) for each in aside]


def _why(rulebook: Rulebook, result: Result) -> Iterator[Point]:
    aside = {name_of("intervention", entry.id, "set_aside") for entry in result.ledger}
    for name, proof in result.because.items():
        if name not in aside and proof.value and proof.steps:
            yield Point(capital(conclusion_words(rulebook, name)), proof.steps[0].because)
