"""An intake as a QuestionnaireResponse, which reads back as the same intake."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from afterrun.intake import RECORD_ID, as_intake, read_answers
from afterrun.interchange.answered.envelope import RESPONSE
from afterrun.interchange.answered.values import DECLINED
from afterrun.interchange.asked import (
    absent,
    canonical,
    group_item,
    is_enabled,
    option_coding,
    subjects_of,
    unknown_coding,
    unknown_item,
)
from afterrun.rulebook import UNKNOWN, Rulebook
from afterrun.rulebook.schema import Question

Item = dict[str, Any]


def response_of(
    rulebook: Rulebook,
    intake: Mapping[str, Any],
    *,
    declined: Collection[str] = (),
    subject: Mapping[str, Any] | None = None,
    authored: str | None = None,
    status: str = "completed",
) -> dict[str, Any]:
    """The response that a form would give: answers to what is asked, and what was passed over.

    An answer that a form does not ask for, going by the others, is left out: it changes nothing. So is what
    of a person's own files stands behind an answer. Raises IntakeError for an intake that cannot be used.
    """
    said = as_intake(rulebook, read_answers(rulebook, intake))
    sections = {section: _items_in(rulebook, section, said, declined) for section in rulebook.sections}
    groups = [{"linkId": group_item(name), "item": items} for name, items in sections.items() if items]
    return {
        "resourceType": RESPONSE,
        **({"identifier": {"value": said[RECORD_ID]}} if RECORD_ID in said else {}),
        "questionnaire": canonical(rulebook, "Questionnaire", versioned=True),
        "status": status,
        **({"subject": dict(subject)} if subject else {}),
        **({"authored": authored} if authored else {}),
        **({"item": groups} if groups else {}),
    }


def _items_in(
    rulebook: Rulebook, section: str, said: Mapping[str, Any], declined: Collection[str]
) -> list[Item]:
    items: list[Item] = []
    asked = [each for each in rulebook.questions.values() if is_enabled(rulebook, each, said) is not False]
    # What hangs on a question without an answer is asked only where the response says that there is none.
    hung = {name for each in asked if each.id in said for name in subjects_of(rulebook, each)}
    named: set[str] = set()
    for question in rulebook.questions.values():
        if question.quantity and question.quantity not in named:
            named.add(question.quantity)
            items += _unit_item(rulebook, question, section, said)
        if question.section != section:
            continue
        if question.id in said:
            items += [_answered(rulebook, question, said[question.id])] if question in asked else []
        elif question.id in declined:
            items.append({"linkId": question.id, "extension": [absent(DECLINED)]})
        elif question.id in hung:
            items.append({"linkId": question.id, "extension": [absent("not-asked")]})
    return items


def _unit_item(rulebook: Rulebook, question: Question, section: str, said: Mapping[str, Any]) -> list[Item]:
    """The unit stands before the first question of its quantity, in that one's section."""
    key = rulebook.quantities[question.quantity or ""].unit_key
    if question.section != section or key not in said:
        return []
    return [{"linkId": key, "answer": [{"valueCoding": option_coding(rulebook, key, said[key])}]}]


def _answered(rulebook: Rulebook, question: Question, answer: Any) -> Item:
    if answer == UNKNOWN.value:
        link = question.id if question.options else unknown_item(question.id)
        return {"linkId": link, "answer": [{"valueCoding": unknown_coding()}]}
    if not question.options:
        value = "valueInteger" if question.type == "integer" else "valueDecimal"
        return {"linkId": question.id, "answer": [{value: answer}]}
    texts = {each.id: each.text for each in question.options}
    ticked = answer if isinstance(answer, list) else [answer]
    codings = [option_coding(rulebook, question.id, each, texts[each]) for each in ticked]
    return {"linkId": question.id, "answer": [{"valueCoding": each} for each in codings]}
