"""A result in, a page of words out: what is told, in which order, whatever it is drawn with."""

from __future__ import annotations

from typing import NamedTuple

import afterrun
from afterrun.explanation import conclusion_words, number, plan_words, with_unit
from afterrun.rulebook import name_of
from afterrun.rulebook.schema import PlanItem


class Entry(NamedTuple):
    """One thing told: a name, and what there is to say about it."""

    name: str
    text: str = ""


class Part(NamedTuple):
    """A headed part of the page; a table has a value for each name."""

    title: str
    entries: tuple[Entry, ...]
    table: bool = False


class Page(NamedTuple):
    """A whole result in words."""

    title: str
    lead: str
    parts: tuple[Part, ...]
    foot: str


def page_of(rulebook: afterrun.Rulebook, result: afterrun.Result) -> Page:
    """What a person should read, most pressing first; what the triage hides is not in it."""
    level = rulebook.triage[result.triage]
    parts = (
        Part("What your answers look like", tuple(_patterns(rulebook, result))),
        Part("What to do", tuple(_interventions(rulebook, result))),
        Part("Your plan", tuple(_plan(rulebook, result)), table=True),
        Part("Considered and set aside", tuple(_set_aside(rulebook, result))),
        Part("Still open", tuple(Entry(rulebook.questions[each].ask) for each in result.open_questions)),
        Part("Why", tuple(_why(rulebook, result))),
        Part("What this is not", tuple(Entry(limit) for limit in rulebook.identity.limits)),
    )
    stamp = result.rulebook
    record = f"{result.record_id}: " if result.record_id else ""
    return Page(
        title=f"{record}{level.name}",
        lead=level.do,
        parts=tuple(part for part in parts if part.entries),
        foot=f"Rulebook {stamp['name']} {stamp['version']} ({stamp['digest'][:12]})",
    )


def _patterns(rulebook: afterrun.Rulebook, result: afterrun.Result) -> list[Entry]:
    patterns = ((rulebook.patterns[name], level) for name, level in result.patterns.items())
    return [Entry(f"{pattern.name}: {level}", pattern.text) for pattern, level in patterns]


def _interventions(rulebook: afterrun.Rulebook, result: afterrun.Result) -> list[Entry]:
    entries = []
    for entry in result.ledger:
        if entry.id not in result.interventions:
            continue
        intervention = rulebook.interventions[entry.id]
        note = ""
        if entry.status == "postponed":
            note = f" (from week {entry.from_week})" if entry.from_week else " (later)"
        elif entry.status == "merged":
            into = rulebook.interventions.get(entry.into or "")
            note = f" (done as part of: {into.name})" if into else " (done as part of another)"
        entries.append(Entry(intervention.name + note, intervention.do))
    return entries


def _plan(rulebook: afterrun.Rulebook, result: afterrun.Result) -> list[Entry]:
    entries = []
    for key, value in result.plan.items():
        items = [item for item in rulebook.plan if item.key == key]
        if value is None:
            entries.append(Entry(items[0].text, _not_known(items, result)))
            continue
        text = plan_words(rulebook, items[0], value, result.answers)
        lost = result.plan_choices.get(key, {}).get("lost", ())
        instead = [
            f"{with_unit(number(each['value']), items[0].unit)}: {_because(rulebook, each['by'])}"
            for each in lost
        ]
        entries.append(Entry(items[0].text, text + (f" (not {'; not '.join(instead)})" if instead else "")))
    return entries


def _not_known(items: list[PlanItem], result: afterrun.Result) -> str:
    """Why a key of the plan has no value."""
    statuses = {entry.id: entry.status for entry in result.ledger}
    for item in items:
        if item.asked_later and any(
            statuses.get(name) in wanted for name, wanted in (item.for_ or {}).items()
        ):
            return f"not known yet. {item.asked_later}"
    return "not known yet"


def _set_aside(rulebook: afterrun.Rulebook, result: afterrun.Result) -> list[Entry]:
    # Where patterns are hidden, what was set aside would give them away.
    if not rulebook.triage[result.triage].shows_patterns:
        return []
    aside = [entry for entry in result.ledger if entry.status == "set_aside"]
    return [Entry(rulebook.interventions[each.id].name, _because(rulebook, each.by)) for each in aside]


def _why(rulebook: afterrun.Rulebook, result: afterrun.Result) -> list[Entry]:
    aside = {name_of("intervention", entry.id, "set_aside") for entry in result.ledger}
    proofs = ((name, proof) for name, proof in result.because.items() if name not in aside and proof.value)
    return [
        Entry(_capital(conclusion_words(rulebook, name)), proof.steps[0].because)
        for name, proof in proofs
        if proof.steps
    ]


def _because(rulebook: afterrun.Rulebook, rule: str) -> str:
    return rulebook.rules[rule].because if rule in rulebook.rules else rule


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
