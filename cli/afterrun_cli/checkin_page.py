"""A check-in in, a page of words out: what to do, what next week holds, and why."""

from __future__ import annotations

from collections.abc import Iterator

import afterrun
from afterrun.assessment import part_of
from afterrun.explanation import conclusion_words, plan_words
from afterrun.rulebook import Proposition
from afterrun_cli.pages import Entry, Page, Part


def page_of_checkin(rulebook: afterrun.Rulebook, said: afterrun.CheckIn) -> Page:
    """What a person should read, most pressing first."""
    stamp = said.rulebook
    title, lead = _headline(rulebook, said)
    record = f"{said.record_id}: " if said.record_id else ""
    parts = (
        Part("What to do", tuple(_actions(rulebook, said))),
        Part("What it looks like now", tuple(_patterns(rulebook, said))),
        Part("Your next week", tuple(_plan(rulebook, said)), table=True),
        Part("Still open", tuple(Entry(rulebook.questions[each].ask) for each in said.open_questions)),
        Part("Why", tuple(_why(rulebook, said))),
        Part("What this is not", tuple(Entry(limit) for limit in rulebook.identity.limits[:2])),
    )
    return Page(
        title=f"{record}{title}",
        lead=lead,
        parts=tuple(part for part in parts if part.entries),
        foot=f"Rulebook {stamp['name']} {stamp['version']} ({stamp['digest'][:12]})",
    )


def _headline(rulebook: afterrun.Rulebook, said: afterrun.CheckIn) -> tuple[str, str]:
    """How soon to be seen, where that changes; else where the person stands."""
    _, base = part_of(rulebook)
    if said.triage is not None:
        level = base.triage[said.triage]
        return level.name, f"{level.do} {said.triage_note}".strip()
    level = rulebook.triage[said.status]
    where = ", ".join(_where(rulebook, said))
    return (f"{level.name}: {where}" if where else level.name), level.do


def _where(rulebook: afterrun.Rulebook, said: afterrun.CheckIn) -> list[str]:
    """The programme and its week, as far as they are known."""
    enrolment, _ = part_of(rulebook)
    words = []
    for question in rulebook.questions.values():
        if question.section != enrolment.enrolled[0] or question.id not in said.answers:
            continue
        value = said.answers[question.id]
        named = [option.text for option in question.options if option.id == value]
        words.append(named[0] if named else f"{question.id} {value}")
    return words


def _actions(rulebook: afterrun.Rulebook, said: afterrun.CheckIn) -> list[Entry]:
    found = [rulebook.interventions[action] for action in said.actions]
    return [Entry(action.name, action.do) for action in found]


def _patterns(rulebook: afterrun.Rulebook, said: afterrun.CheckIn) -> list[Entry]:
    found = ((rulebook.patterns[name], level) for name, level in said.patterns.items())
    return [Entry(f"{pattern.name}: {level}", pattern.text) for pattern, level in found]


def _plan(rulebook: afterrun.Rulebook, said: afterrun.CheckIn) -> list[Entry]:
    entries = []
    for key, value in said.plan.items():
        items = [item for item in rulebook.plan if item.key == key]
        if value is None:
            later = next((item.asked_later for item in items if _stands(item.for_ or {}, said)), "")
            entries.append(Entry(items[0].text, f"not known yet. {later}".strip()))
            continue
        entries.append(Entry(items[0].text, plan_words(rulebook, items[0], value, said.answers)))
    return entries


def _stands(wanted: object, said: afterrun.CheckIn) -> bool:
    return isinstance(wanted, dict) and any(action in wanted for action in said.actions)


def _why(rulebook: afterrun.Rulebook, said: afterrun.CheckIn) -> list[Entry]:
    entries = []
    for name, proof in said.because.items():
        if not proof.value or not proof.steps:
            continue
        if name in rulebook.interventions:
            words = rulebook.interventions[name].name
        else:
            _, base = part_of(rulebook)
            words = conclusion_words(base if Proposition.parse(name).kind == "triage" else rulebook, name)
        entries.append(Entry(words[:1].upper() + words[1:], proof.steps[0].because))
    return [*entries, *_why_planned(rulebook, said)]


def _why_planned(rulebook: afterrun.Rulebook, said: afterrun.CheckIn) -> Iterator[Entry]:
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
                yield Entry(f"{item.text}: {value}", because)
