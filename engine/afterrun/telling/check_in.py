"""A check-in in, a page of words out: what to do, what next week holds, and why."""

from __future__ import annotations

from collections.abc import Iterator

from afterrun.assessment import CheckIn, part_of
from afterrun.explanation import conclusion_words, plan_words
from afterrun.rulebook import Proposition, Rulebook
from afterrun.telling.page import Page, Point, Section, capital, page_of
from afterrun.telling.result import (
    NOT_KNOWN,
    intervention_point,
    limits_section,
    open_section,
    pattern_points,
    plan_rows,
    recorded,
)


def check_in_page(
    rulebook: Rulebook,
    said: CheckIn,
    *,
    about: str = "",
    days: tuple[Point, ...] = (),
    changed: tuple[Section, ...] = (),
) -> Page:
    """What a person should read, most pressing first.

    A diary adds which week it is about, the days of the next, and what the check-in changed.
    """
    title, lead = _headline(rulebook, said)
    actions = [rulebook.interventions[action] for action in said.actions]
    plan = tuple(Point(row.text, row.value) for row in plan_rows(rulebook, said, f"{NOT_KNOWN}."))
    sections = (
        Section("What to do", tuple(map(intervention_point, actions))),
        Section("What it looks like now", pattern_points(rulebook, said.patterns)),
        Section("Your next week", (*days, *plan) if plan else (), table=True),
        open_section(rulebook, said),
        *changed,
        Section("Why", (*_why(rulebook, said), *_why_planned(rulebook, said))),
        limits_section(rulebook, 2),
    )
    return page_of(recorded(said, title), f"{about}{lead}", sections, said.rulebook)


def _headline(rulebook: Rulebook, said: CheckIn) -> tuple[str, str]:
    """How soon to be seen, where that changes; else where the person stands."""
    _, base = part_of(rulebook)
    if said.triage is not None:
        level = base.triage[said.triage]
        return level.name, f"{level.do} {said.triage_note}".strip()
    level = rulebook.triage[said.status]
    where = ", ".join(_where(rulebook, said))
    return (f"{level.name}: {where}" if where else level.name), level.do


def _where(rulebook: Rulebook, said: CheckIn) -> Iterator[str]:
    """The programme and its week, as far as they are known."""
    enrolment, _ = part_of(rulebook)
    for question in rulebook.questions.values():
        if question.section == enrolment.enrolled[0] and question.id in said.answers:
            value = said.answers[question.id]
            named = [option.text for option in question.options if option.id == value]
            yield named[0] if named else f"{question.id} {value}"


def _why(rulebook: Rulebook, said: CheckIn) -> Iterator[Point]:
    _, base = part_of(rulebook)
    for name, proof in said.because.items():
        if not proof.value or not proof.steps:
            continue
        if name in rulebook.interventions:
            words = rulebook.interventions[name].name
        else:
            words = conclusion_words(base if Proposition.parse(name).kind == "triage" else rulebook, name)
        yield Point(capital(words), proof.steps[0].because)


def _why_planned(rulebook: Rulebook, said: CheckIn) -> Iterator[Point]:
    """The reasons for plan values that stand because of a finding, such as the week that is done again."""
    proved = {name: rule for rule in said.fired for name in rulebook.rules[rule].conclusions}
    told = {proof.steps[0].because for proof in said.because.values() if proof.value and proof.steps}
    for item in rulebook.plan:
        finding = item.when if isinstance(item.when, str) else ""
        if finding in proved and finding in rulebook.findings and said.plan.get(item.key) is not None:
            because = rulebook.rules[proved[finding]].because
            if because not in told:
                told.add(because)
                value = plan_words(rulebook, item, said.plan[item.key], said.answers)
                yield Point(f"{item.text}: {value}", because)
