"""A response so far in, the same with the next question out: what still can change something, and why.

The state is the response alone. What it brought along of the questionnaire is made anew from its answers. Of
it counts only which optional questions were shown: one that was, and has no answer, was passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from afterrun.assessment import Conversation, NextQuestion
from afterrun.interchange.answered import DECLINED, Heard, contained_form, read_response
from afterrun.interchange.asked import (
    SDC,
    TOLD_ITEM,
    absent,
    canonical,
    control,
    extension,
    help_item,
    items_for,
    unit_item,
    unknown_item,
)
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Question
from afterrun.telling import alarm_of, last_words, question_help

ADAPTIVE_RESPONSE = f"{SDC}/sdc-questionnaireresponse-adapt"
ADAPTIVE = f"{SDC}/sdc-questionnaire-adapt"
WHY, LEFT = "why-asked", "left-at-most"
"""Our extensions on the item that is asked: what its answer can still change, and how many are left."""

Item = dict[str, Any]


def next_step(rulebook: Rulebook, response: object) -> dict[str, Any]:
    """The response with the questionnaire so far, the next question in it; completed where none is left.

    As SDC 4.0's `$next-question` answers. A level that settles the matter ends it, and says what to do now.
    An optional question that was shown and has no answer, or was declined, is passed over, and becomes
    `asked-declined`; another one is asked again. Raises ResponseError as `read_response` does, and
    EngineFault as the engine does.
    """
    heard = read_response(rulebook, response)
    passed = _passed_over(rulebook, heard)
    talk = Conversation(rulebook, {**dict.fromkeys(passed), **heard.intake})
    step = talk.next()
    given = list(_given(heard.resource, step))
    said = {each["linkId"] for each in given}
    given += [{"linkId": each, "extension": [absent(DECLINED)]} for each in passed if each not in said]
    contained = _questionnaire(rulebook, heard, talk, step, [each["linkId"] for each in given])
    came = heard.resource
    others = [each for each in _objects(came.get("contained")) if each.get("id") != contained["id"]]
    meta = came["meta"] if isinstance(came.get("meta"), dict) else {}
    profiles = dict.fromkeys((*_texts(meta.get("profile")), ADAPTIVE_RESPONSE))
    answer = {
        **came,
        "meta": {**meta, "profile": list(profiles)},
        "contained": [contained, *others],
        "questionnaire": f"#{contained['id']}",
        "status": "completed" if step is None else "in-progress",
    }
    answer.pop("item", None)
    return {**answer, "item": given} if given else answer


def _passed_over(rulebook: Rulebook, heard: Heard) -> list[str]:
    """The optional questions that were asked and not answered; what wants an answer stays open."""
    form = contained_form(heard.resource) or {}
    shown = {each["linkId"] for each in _objects(form.get("item")) if isinstance(each.get("linkId"), str)}
    return [
        name
        for name, question in rulebook.questions.items()
        if question.optional and name not in heard.intake and (name in heard.declined or name in shown)
    ]


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _given(resource: Mapping[str, Any], step: NextQuestion | None) -> Iterator[Item]:
    """The items that say something, in their order and without sections, but for those that are asked now."""
    asked = {step.question.id, unknown_item(step.question.id)} if step is not None else set()
    waiting = list(reversed(resource.get("item", ())))
    while waiting:
        item = waiting.pop()
        waiting += reversed(item.get("item", ()))
        if (item.get("answer") or item.get("extension")) and item["linkId"] not in asked:
            yield {key: value for key, value in item.items() if key != "item" and value != []}


def _questionnaire(
    rulebook: Rulebook, heard: Heard, talk: Conversation, step: NextQuestion | None, given: list[str]
) -> dict[str, Any]:
    named = str(heard.resource["questionnaire"])
    return {
        "resourceType": "Questionnaire",
        "id": named[1:] if named.startswith("#") else "q",
        "meta": {"profile": [ADAPTIVE]},
        "extension": [extension(f"{SDC}/sdc-questionnaire-questionnaireAdaptive", valueBoolean=True)],
        "derivedFrom": [canonical(rulebook, "Questionnaire", versioned=True)],
        "title": rulebook.identity.title,
        "status": "draft",
        "experimental": True,
        "subjectType": ["Patient"],
        "item": [*_told(rulebook, talk, step), *_items(rulebook, step, given)],
    }


def _items(rulebook: Rulebook, step: NextQuestion | None, given: list[str]) -> list[Item]:
    """The items of what was answered, in that order, and then of what is asked."""
    units = {each.unit_key: each for each in rulebook.quantities.values()}
    owners = {unknown_item(name): name for name in rulebook.questions}
    items: list[Item] = []
    for link in dict.fromkeys(owners.get(each, each) for each in given):
        if link in units:
            items.append(unit_item(rulebook, units[link]))
        elif link in rulebook.questions:
            items += items_for(rulebook, rulebook.questions[link])
    if step is not None:
        items += _asked(rulebook, step, given)
    return items


def _asked(rulebook: Rulebook, step: NextQuestion, given: list[str]) -> list[Item]:
    question = step.question
    items = items_for(rulebook, question)
    why = question_help(rulebook, question, step.changes)[-1]
    told = f"{why.name}: {why.text}"
    first = items[0]
    first["extension"] = [
        *first.get("extension", ()),
        extension(canonical(rulebook, "StructureDefinition", WHY), valueString=told),
        extension(canonical(rulebook, "StructureDefinition", LEFT), valueInteger=step.left_at_most),
    ]
    first["item"] = [_help(first, question, told)]
    if question.quantity:
        quantity = rulebook.quantities[question.quantity]
        if quantity.unit_key not in given:
            needed = {} if question.optional else {"required": True}
            items.insert(0, {**unit_item(rulebook, quantity), **needed})
    return items


def _help(item: Item, question: Question, why: str) -> Item:
    """What helps to answer, with why it is asked at its end."""
    written = [each["text"] for each in item.get("item", ())]
    return {
        "extension": [control("help")],
        "linkId": help_item(question.id),
        "text": " ".join((*written, why)),
        "type": "display",
    }


def _told(rulebook: Rulebook, talk: Conversation, step: NextQuestion | None) -> Iterator[Item]:
    """What cannot wait, before all questions: what is settled, and what to do now."""
    words: tuple[str, ...] = ()
    if step is None:
        last = last_words(talk)
        words = last.words if last.early is not None or last.at_once else ()
    elif (alarm := alarm_of(rulebook, step)) is not None:
        words = (alarm.at_once, alarm.words, alarm.more)
    if text := " ".join(filter(None, words)):
        yield {"linkId": TOLD_ITEM, "text": text, "type": "display"}
