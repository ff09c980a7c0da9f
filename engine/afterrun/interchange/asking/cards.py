"""A call of a hook in, its card out: how urgent, what is unanswered, and the proof, for a clinician.

A card shows no plan while anything of the safety screen is unanswered, whatever the level, and none from
answers so old that a warning sign may have come since.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from afterrun.assessment import assess
from afterrun.intake import read_answers
from afterrun.interchange.answered import earliest_of
from afterrun.interchange.asked import stable_id
from afterrun.interchange.asking.calls import Call
from afterrun.interchange.asking.fetched import Brought, heard_in
from afterrun.interchange.told import Assess, Record, care_plan_of
from afterrun.rulebook import Rulebook, name_of, versions_words
from afterrun.rulebook.schema import Question
from afterrun.telling import Inquiry, Point, Section, View, explanation_sections, section_markdown

LONGEST_SUMMARY = 139
"""CDS Hooks wants fewer than 140 characters."""


class Doubt(NamedTuple):
    """Why there is no plan from answers that would have one."""

    old: bool
    """A warning sign may have come since."""
    unfinished: Record | None
    """Newer answers, of which too few are given to say anything."""

    @property
    def holds_back(self) -> bool:
        """Whether there is none."""
        return self.old or self.unfinished is not None


class Links(NamedTuple):
    """Addresses that a card leads to, whole."""

    questionnaire: str
    audit: str
    rulebook: str


def cards_of(
    rulebook: Rulebook, call: Call, links: Links, since: datetime, judge: Assess = assess
) -> dict[str, Any]:
    """The answer to a call: one card, the same for the same call; answers from before `since` are old.

    Raises NothingFetched where the response was not brought along, ResponseError where it cannot be used,
    EngineFault as the engine does, and whatever `judge` raises.
    """
    brought = heard_in(rulebook, call)
    source = {"label": versions_words(rulebook.stamp), "url": links.rulebook}
    if brought is None:
        asks = [each for each in rulebook.questions.values() if _is_of_screen(rulebook, each)]
        title = rulebook.identity.title
        card = {
            "uuid": stable_id(rulebook, "card", call.hook, call.instance, call.patient),
            "summary": clipped(f"{title}: nothing answered yet, so nothing is ruled out"),
            "detail": _markdown([*_unanswered(asks), _limits(rulebook)]),
            "indicator": "info",
            "source": source,
            "links": _links(asks, links),
        }
        return {"cards": [card]}
    record, newer = _told_of(rulebook, brought, judge)
    doubt = Doubt(is_old(record.heard.authored, since), newer)
    said = json.dumps([each.response for each in (record, newer) if each is not None], sort_keys=True)
    card = {
        "uuid": stable_id(rulebook, "card", call.hook, call.instance, call.patient, said),
        "summary": clipped(_summary(record, doubt)),
        "detail": _markdown(_sections(record, doubt)),
        "indicator": _indicator(record, doubt.holds_back),
        "source": source,
        "links": _links(record.safety_gaps, links),
        **({} if doubt.holds_back else _suggested(record, call)),
    }
    return {"cards": [card]}


def clipped(summary: str) -> str:
    """A summary within its length, cut between words.

    >>> len(clipped("word " * 100)) <= LONGEST_SUMMARY, clipped("short")
    (True, 'short')
    """
    if len(summary) <= LONGEST_SUMMARY:
        return summary
    return f"{summary[: LONGEST_SUMMARY - 1].rpartition(' ')[0]}…"


def is_old(authored: str | None, since: datetime) -> bool:
    """Whether answers are from before a moment, or may be: of a day alone the first minute counts.

    >>> since = datetime.fromisoformat("2027-03-02T12:00:00Z")
    >>> [is_old(each, since) for each in ("2027-03-02T12:00:00Z", "2027-03-03", "2027-03-02", None)]
    [False, False, True, True]
    """
    when = earliest_of(authored, since.tzinfo)
    return when is None or when < since


def _told_of(rulebook: Rulebook, brought: Brought, judge: Assess) -> tuple[Record, Record | None]:
    """What a card is about, and newer answers that are too few to be told.

    Unfinished answers count before older whole ones as soon as they say how soon to be seen, but never hide
    a red flag.
    """
    whole = Record.of(rulebook, brought.heard, judge=judge)
    if brought.unfinished is None:
        return whole, None
    newer = Record.of(rulebook, brought.unfinished, judge=judge)
    says = bool(newer.result.at_once) or not newer.level.pending
    return (newer, None) if says and (_is_critical(newer) or not _is_critical(whole)) else (whole, newer)


def _is_critical(record: Record) -> bool:
    return record.level.settles or bool(record.result.at_once)


def _is_of_screen(rulebook: Rulebook, question: Question) -> bool:
    return rulebook.sections[question.section].safety and not question.optional


def _summary(record: Record, doubt: Doubt) -> str:
    rulebook, level = record.rulebook, record.level
    parts = ["Act now on a possible sign"] if record.result.at_once else []
    parts.append(f"{rulebook.identity.title}: {level.name}")
    if record.safety_gaps:
        parts.append(f"{_count(record.safety_gaps)} unanswered")
    if doubt.old:
        parts.append("old answers, ask about warning signs again")
    if doubt.unfinished is not None:
        parts.append("newer answers are not finished")
    return "; ".join((*parts, *(f"{name}: {strength}" for name, strength in _patterns(record))))


def _patterns(record: Record) -> list[tuple[str, str]]:
    """The patterns that may be shown, each with how strongly it fits."""
    found = record.result.patterns if record.level.shows_patterns else {}
    return [(record.rulebook.patterns[name].called, strength) for name, strength in found.items()]


def _indicator(record: Record, in_doubt: bool) -> str:
    if _is_critical(record):
        return "critical"
    return "info" if record.level.shows_plan and not in_doubt else "warning"


def _sections(record: Record, doubt: Doubt) -> Iterator[Section]:
    level, rulebook = record.level, record.rulebook
    # Of a red flag nothing is told before it.
    first = doubt.holds_back and not _is_critical(record)
    if first:
        yield from _when(record, doubt)
    yield Section(level.name, note=" ".join((*record.result.at_once, level.clinician or level.do)))
    yield from _unanswered(record.safety_gaps)
    yield from _still_open(record)
    if patterns := _patterns(record):
        points = tuple(Point(name, strength) for name, strength in patterns)
        yield Section("What it looks like", points, note="Patterns of the answers, not diagnoses.")
    interventions = [] if level.pending or doubt.holds_back else record.result.interventions
    if interventions:
        points = tuple(Point(rulebook.interventions[each].called) for each in interventions)
        yield Section("What is suggested", points)
    if not first:
        yield from _when(record, doubt)
    yield from _proof(record)
    yield _limits(rulebook)


def _when(record: Record, doubt: Doubt) -> Iterator[Section]:
    if doubt.unfinished is not None:
        yield _begun(doubt.unfinished)
    yield _answered(record, doubt.old)


def _begun(newer: Record) -> Section:
    gaps = newer.safety_gaps
    unanswered = f", {_count(gaps)} of them unanswered" if gaps else ""
    note = (
        f"Answers of {newer.heard.authored} were begun and not finished{unanswered}. Nothing of them is told "
        "here, and there is no plan before they are finished: what is open in them may be a warning sign."
    )
    return Section("Newer answers, not finished", note=note)


def _answered(record: Record, old: bool) -> Section:
    when = record.heard.authored
    said = f"Answered {when}." if when else "When it was answered is not said."
    then = (
        "there is no plan before the questions about them are answered again"
        if old
        else "ask before acting on a plan"
    )
    return Section(
        "Old answers" if old else "When", note=f"{said} A warning sign may have come since: {then}."
    )


def _unanswered(questions: Sequence[Question]) -> Iterator[Section]:
    if questions:
        note = "Nothing that these ask about is ruled out, and there is no plan before they are answered."
        points = tuple(Point(each.ask) for each in questions)
        yield Section(f"Unanswered: {_count(questions)}", points, note=note)


def _still_open(record: Record) -> Iterator[Section]:
    """What beyond the safety screen keeps the level from being told."""
    gaps = record.safety_gaps
    points = tuple(Point(each.ask) for each in record.open_questions if each not in gaps)
    if record.level.pending and points:
        yield Section("Still open", points, note="An answer may still change how soon to be seen.")


def _count(questions: Sequence[Question]) -> str:
    return f"{len(questions)} safety question{'s' if questions[1:] else ''}"


def _proof(record: Record) -> Iterator[Section]:
    """Why this level and these patterns, down to the answers."""
    rulebook, level, result = record.rulebook, record.level, record.result
    if level.pending and level.id != result.triage:
        # A level that shows a plan is proved, and a gap in the screen keeps it from being told.
        return
    shown = [name_of("pattern", *each) for each in result.patterns.items() if level.shows_patterns]
    names = ("triage",) if level.pending else (name_of("triage", level.id), *shown)
    answers = read_answers(rulebook, record.heard.intake)
    view = View(rulebook, answers, level.id, "clinician")
    found = Inquiry(conclusions=names).findings(rulebook, answers).seen_by(view)
    for section in explanation_sections(view, found):
        yield section._replace(title=f"Why: {section.title}")


def _limits(rulebook: Rulebook) -> Section:
    return Section("What this is not", note=" ".join(rulebook.identity.limits))


def _markdown(sections: Iterator[Section] | Sequence[Section]) -> str:
    return "\n\n".join(section_markdown(each, "###") for each in sections)


def _links(unanswered: Sequence[Question], links: Links) -> list[dict[str, str]]:
    label = f"Answer {_count(unanswered)}" if unanswered else "Ask the questions again"
    return [
        {"label": label, "url": links.questionnaire, "type": "absolute"},
        # No address holds an answer: the response is taken there by whoever follows the link.
        {"label": "Audit a response that you paste there", "url": links.audit, "type": "absolute"},
    ]


def _suggested(record: Record, call: Call) -> dict[str, Any]:
    """The plan as something to add, where there is one; nothing that no one else knows is spoken of in it."""
    plan = care_plan_of(record)
    if plan is None:
        return {}
    plan["subject"] = {"reference": f"Patient/{call.patient}"}
    of_response = record.heard.resource.get("id")
    plan.pop("supportingInfo", None)
    if isinstance(of_response, str):
        plan["supportingInfo"] = [{"reference": f"QuestionnaireResponse/{of_response}"}]
    action = {
        "type": "create",
        "description": "A CarePlan as a proposal, in draft, for whoever treats the person",
        "resource": plan,
    }
    id = stable_id(record.rulebook, "suggestion", call.instance, plan["id"])
    suggestion = {"label": "Add the plan as a draft", "uuid": id, "actions": [action]}
    return {"suggestions": [suggestion], "selectionBehavior": "at-most-one"}
