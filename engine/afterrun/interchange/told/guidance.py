"""How soon to be seen, what to do now, and what is still to be answered."""

from __future__ import annotations

from typing import Any

from afterrun.interchange.asked import canonical
from afterrun.interchange.told.codings import TRIAGE, own_coding, symptom_of
from afterrun.interchange.told.narrative import narrative, page_narrative
from afterrun.interchange.told.record import Record
from afterrun.rulebook.schema import Question
from afterrun.telling import Point, Section, lead_of, result_page


def guidance_of(record: Record, plan: bool) -> dict[str, Any]:
    """The triage as a GuidanceResponse: 'data-required' while a gap could still change it.

    What is told before all else comes first among its notes. With a `plan` it leads there.
    """
    rulebook, level = record.rulebook, record.level
    notes = [*record.result.at_once, f"{level.name}. {lead_of(level)}"]
    reason = symptom_of(rulebook) if record.result.answers else None
    return {
        "resourceType": "GuidanceResponse",
        "id": record.id("guidance"),
        "text": _told(record),
        "extension": [
            record.extension("triage", valueCoding=own_coding(rulebook, TRIAGE, level.id, level.name))
        ],
        "moduleCanonical": record.address("PlanDefinition", versioned=True),
        "status": _status(record),
        "subject": record.subject,
        **({"occurrenceDateTime": record.moment or record.day.isoformat()} if record.day else {}),
        **({"reasonCode": [reason]} if reason else {}),
        "note": [{"text": each} for each in notes],
        **({"result": record.reference("plan", "CarePlan")} if plan else {}),
        **({"dataRequirement": _required(record)} if record.open_questions else {}),
    }


def _status(record: Record) -> str:
    if record.level.pending:
        return "data-required"
    return "data-requested" if record.open_questions else "success"


def _required(record: Record) -> list[dict[str, Any]]:
    """The questions to answer yet, those of the safety screen apart and first."""
    sections = record.rulebook.sections
    groups = [
        [each for each in record.open_questions if sections[each.section].safety is safety]
        for safety in (True, False)
    ]
    questionnaire = canonical(record.rulebook, "Questionnaire", versioned=True)
    return [_requirement(record, questionnaire, group) for group in groups if group]


def _requirement(record: Record, questionnaire: str, questions: list[Question]) -> dict[str, Any]:
    system = canonical(record.rulebook, "Questionnaire")
    codes = [{"system": system, "code": each.id, "display": each.ask} for each in questions]
    return {
        "extension": [record.extension("answers-to", valueCanonical=questionnaire)],
        "type": "QuestionnaireResponse",
        "mustSupport": ["item"],
        "codeFilter": [{"path": "item.linkId", "code": codes}],
    }


def _told(record: Record) -> dict[str, Any]:
    """The words of the result; where a gap in the safety screen keeps it back, the questions alone."""
    if record.level.id == record.result.triage:
        return page_narrative(result_page(record.rulebook, record.result, commands=False))
    still_open = Section("Still open", tuple(Point(each.ask) for each in record.open_questions))
    return narrative(record.level.name, *record.result.at_once, lead_of(record.level), sections=[still_open])
