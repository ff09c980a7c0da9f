"""A check-in in, a page of words out: what to do, what next week holds, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from afterrun.assessment import CheckIn, part_of
from afterrun.explanation import conclusion_words, plan_entry, plan_words
from afterrun.rulebook import Proposition, Rulebook
from afterrun.telling.first_screen import Front, first_screen
from afterrun.telling.page import Page, Point, Section, page_of
from afterrun.telling.result import (
    NOT_KNOWN,
    by_reason,
    intervention_point,
    lead_of,
    open_section,
    pattern_points,
    plan_rows,
    recorded,
    with_limits,
)


class FromDiary(NamedTuple):
    """What a diary adds to a check-in, whose weeks have one number for the person: that of the diary."""

    about: str
    """Which week it looks back on."""
    ahead: str
    """The week to do next, with its days and its phase."""
    days: str
    """The days of that week."""
    changed: tuple[Section, ...]
    """What the check-in changed."""


def check_in_page(rulebook: Rulebook, said: CheckIn, diary: FromDiary | None = None) -> Page:
    """What a person should read, most pressing first."""
    title, lead = _headline(rulebook, said, diary)
    first, rest = _plan(rulebook, said, diary)
    days = () if diary is None else (Point("Its days", diary.days),)
    about, changed = ("", ()) if diary is None else (diary.about, diary.changed)
    front = (
        Front(
            Section("What it looks like now", pattern_points(rulebook, said.patterns)),
            "More on what it looks like",
        ),
        Front(Section("What to do", _actions(rulebook, said)), "How to do it"),
        Front(
            Section("Your next week", (*days, *first) if first or rest else (), table=True), "Your next week"
        ),
    )
    behind = (
        Section("Your next week in numbers", rest, table=True),
        open_section(rulebook, said),
        *changed,
        Section("Why", (*by_reason(_why(rulebook, said)), *_why_planned(rulebook, said, diary))),
    )
    page = page_of(recorded(said, title), f"{about}{lead}", (), said.rulebook, behind)
    page = page._replace(at_once=" ".join(said.at_once))
    return first_screen(with_limits(rulebook, page), front)


def _actions(rulebook: Rulebook, said: CheckIn) -> tuple[Point, ...]:
    return tuple(intervention_point(rulebook.interventions[action]) for action in said.actions)


def _plan(
    rulebook: Rulebook, said: CheckIn, diary: FromDiary | None
) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """The plan: how much and what to do next week, and all other keys."""
    first: list[Point] = []
    rest: list[Point] = []
    for row in plan_rows(rulebook, said, f"{NOT_KNOWN}."):
        if diary is not None and row.key == _week_key(rulebook):
            continue
        item = plan_entry(rulebook, row.key)
        in_front = item.quantity is not None or (item.scheme is not None and item.scheme.gives == "entry")
        (first if in_front else rest).append(Point(row.text, row.value))
    return tuple(first), tuple(rest)


def _week_key(rulebook: Rulebook) -> str:
    """The plan's key that holds the programme's own week."""
    written = part_of(rulebook)[0].diary
    return "" if written is None else written.week


def _headline(rulebook: Rulebook, said: CheckIn, diary: FromDiary | None) -> tuple[str, str]:
    """How soon to be seen, where that changes; else where the person stands."""
    _, base = part_of(rulebook)
    if said.triage is not None:
        level = base.triage[said.triage]
        return level.name, f"{lead_of(level)} {said.triage_note}".strip()
    level = rulebook.triage[said.status]
    where = ", ".join(_where(rulebook, said)) if diary is None else diary.ahead
    return (f"{level.name}: {where}" if where else level.name), lead_of(level)


def _where(rulebook: Rulebook, said: CheckIn) -> Iterator[str]:
    """The programme and its week, as far as they are known."""
    enrolment, _ = part_of(rulebook)
    for question in rulebook.questions.values():
        if question.section == enrolment.enrolled[0] and question.id in said.answers:
            value = said.answers[question.id]
            named = [option.text for option in question.options if option.id == value]
            yield named[0] if named else f"{question.id} {value}"


def _why(rulebook: Rulebook, said: CheckIn) -> Iterator[tuple[str, str]]:
    _, base = part_of(rulebook)
    for name, proof in said.because.items():
        if not proof.value or not proof.steps or proof.steps[0].because in said.at_once:
            continue
        if name in rulebook.interventions:
            words = rulebook.interventions[name].called
        else:
            words = conclusion_words(base if Proposition.parse(name).kind == "triage" else rulebook, name)
        yield words, proof.steps[0].because


def _why_planned(rulebook: Rulebook, said: CheckIn, diary: FromDiary | None) -> Iterator[Point]:
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
                words = f"{item.text}: {value}"
                if diary is not None and item.key == _week_key(rulebook):
                    words = rulebook.findings[finding].text.rstrip(".")
                yield Point(words, because)
