"""A call of a hook in, its card out: how urgent, what is unanswered, and the proof, for a clinician.

A card shows no plan while anything of the safety screen is unanswered, whatever the level.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from afterrun.assessment import Case
from afterrun.intake import read_answers
from afterrun.interchange.answered import Heard
from afterrun.interchange.asked import is_enabled, stable_id
from afterrun.interchange.asking.calls import Call, heard_in
from afterrun.interchange.told import care_plan_of
from afterrun.rulebook import Rulebook, name_of, stamp_words
from afterrun.telling import Inquiry, Point, Section, View, explanation_sections, section_markdown

LONGEST_SUMMARY = 139
"""CDS Hooks wants fewer than 140 characters."""


class Links(NamedTuple):
    """Addresses that a card leads to, whole."""

    questionnaire: str
    audit: str
    rulebook: str


def cards_of(rulebook: Rulebook, call: Call, links: Links) -> dict[str, Any]:
    """The answer to a call: one card, the same for the same call.

    Raises NothingFetched where the response was not brought along, ResponseError where it cannot be used,
    and EngineFault as the engine does.
    """
    heard = heard_in(rulebook, call)
    intake = dict(heard.intake) if heard is not None else {}
    case = Case.of(rulebook, read_answers(rulebook, intake))
    unanswered = open_about_safety(rulebook, intake)
    said = json.dumps(intake, sort_keys=True, ensure_ascii=False)
    card: dict[str, Any] = {
        "uuid": stable_id(rulebook, "card", call.hook, call.instance, call.patient, said),
        "summary": clipped(_summary(case, heard, unanswered)),
        "detail": _detail(case, heard, unanswered),
        "indicator": _indicator(case, heard),
        "source": {
            "label": f"{rulebook.identity.title}, {stamp_words(rulebook.stamp)}",
            "url": links.rulebook,
        },
        "links": list(_links(case, unanswered, links)),
    }
    plan = care_plan_of(rulebook, heard, None) if heard is not None and not unanswered else None
    if plan is not None:
        label = "Add the plan as a draft"
        card["suggestions"] = [
            {
                "label": label,
                "uuid": stable_id(rulebook, "suggestion", card["uuid"]),
                "actions": [
                    {
                        "type": "create",
                        "description": "A CarePlan as a proposal, in draft, for whoever treats the person",
                        "resource": plan,
                    }
                ],
            }
        ]
        card["selectionBehavior"] = "at-most-one"
    return {"cards": [card]}


def open_about_safety(rulebook: Rulebook, intake: Mapping[str, Any]) -> list[str]:
    """The questions of the safety screen that want an answer and have none, in their order."""
    return [
        name
        for name, question in rulebook.questions.items()
        if rulebook.sections[question.section].safety
        and not question.optional
        and name not in intake
        and is_enabled(rulebook, question, intake) is not False
    ]


def clipped(summary: str) -> str:
    """A summary within its length, cut between words.

    >>> len(clipped("word " * 100)) <= LONGEST_SUMMARY, clipped("short")
    (True, 'short')
    """
    if len(summary) <= LONGEST_SUMMARY:
        return summary
    return f"{summary[: LONGEST_SUMMARY - 1].rpartition(' ')[0]}…"


def _summary(case: Case, heard: Heard | None, unanswered: list[str]) -> str:
    title = case.rulebook.identity.title
    if heard is None:
        return f"{title}: nothing answered yet, so nothing is ruled out"
    parts = [f"{title}: {case.level.name}"]
    if unanswered:
        parts.append(f"{_count(unanswered)} unanswered")
    if case.at_once:
        parts.insert(0, "Act now on a possible sign")
    patterns = case.rulebook.patterns
    parts += [f"{patterns[name].called}: {strength}" for name, strength in case.patterns.items()]
    return "; ".join(parts)


def _count(unanswered: list[str]) -> str:
    return f"{len(unanswered)} safety question{'s' if unanswered[1:] else ''}"


def _indicator(case: Case, heard: Heard | None) -> str:
    if heard is None:
        return "info"
    if case.level.settles or case.at_once:
        return "critical"
    return "info" if case.level.shows_plan else "warning"


def _detail(case: Case, heard: Heard | None, unanswered: list[str]) -> str:
    rulebook, level = case.rulebook, case.level
    sections = [*_open_section(rulebook, unanswered)]
    if heard is not None:
        told = Section(level.name, note=" ".join((*case.at_once, level.clinician or level.do)))
        sections = [told, *sections, *_shown_section(case), *_proof(case)]
    foot = Section("What this is not", note=" ".join(rulebook.identity.limits))
    return "\n\n".join(section_markdown(each, "###") for each in (*sections, foot))


def _open_section(rulebook: Rulebook, unanswered: list[str]) -> Iterator[Section]:
    if unanswered:
        points = tuple(Point(rulebook.questions[name].ask) for name in unanswered)
        note = "Nothing that these ask about is ruled out, and there is no plan before they are answered."
        yield Section(f"Unanswered: {_count(unanswered)}", points, note=note)


def _shown_section(case: Case) -> Iterator[Section]:
    """What the level lets be shown; neither is a diagnosis."""
    patterns, interventions = case.rulebook.patterns, case.rulebook.interventions
    if case.patterns:
        points = tuple(Point(patterns[name].called, strength) for name, strength in case.patterns.items())
        yield Section("What it looks like", points, note="Patterns of the answers, not diagnoses.")
    if case.interventions:
        yield Section(
            "What is suggested", tuple(Point(interventions[each].called) for each in case.interventions)
        )


def _proof(case: Case) -> Iterator[Section]:
    shown = [name_of("pattern", name, strength) for name, strength in case.patterns.items()]
    names = ("triage",) if case.level.pending else (name_of("triage", case.level.id), *shown)
    found = Inquiry(conclusions=names).findings(case.rulebook, case.answers)
    view = View(case.rulebook, case.answers, case.level.id, "clinician")
    for section in explanation_sections(view, found.seen_by(view)):
        yield section._replace(title=f"Why: {section.title}")


def _links(case: Case, unanswered: list[str], links: Links) -> Iterator[dict[str, str]]:
    label = f"Answer {_count(unanswered)}" if unanswered else "Ask the questions"
    yield {"label": label, "url": links.questionnaire, "type": "absolute"}
    yield {"label": "Audit the answers: proofs, what if, one page", "url": links.audit, "type": "absolute"}
