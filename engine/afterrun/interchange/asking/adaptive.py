"""A response so far in, the same with the next question out: what still can change something, and why.

The state is the response alone. What it brought along of the questionnaire is made anew from its answers and
never believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from afterrun.assessment import Conversation, NextQuestion
from afterrun.interchange.answered import Heard, read_response
from afterrun.interchange.asked import (
    SDC,
    TOLD_ITEM,
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
    An optional question that was declined (`asked-declined`) is passed over; another one is asked again.
    Raises ResponseError as `read_response` does, and EngineFault as the engine does.
    """
    heard = read_response(rulebook, response)
    talk = conversation_of(rulebook, heard)
    step = talk.next()
    given = list(_given(heard.resource, step))
    contained = _questionnaire(rulebook, heard, talk, step, [each["linkId"] for each in given])
    came = heard.resource
    others = [
        each
        for each in came.get("contained", ())
        if not (each.get("resourceType") == "Questionnaire" and each.get("id") == contained["id"])
    ]
    meta = came.get("meta", {})
    profiles = dict.fromkeys((*meta.get("profile", ()), ADAPTIVE_RESPONSE))
    answer = {
        **came,
        "meta": {**meta, "profile": list(profiles)},
        "contained": [contained, *others],
        "questionnaire": f"#{contained['id']}",
        "status": "completed" if step is None else "in-progress",
    }
    answer.pop("item", None)
    return {**answer, "item": given} if given else answer


def conversation_of(rulebook: Rulebook, heard: Heard) -> Conversation:
    """The conversation that has come so far; what wants an answer and was declined is open."""
    passed = (name for name in rulebook.questions if name in heard.declined)
    optional = {name: None for name in passed if rulebook.questions[name].optional}
    return Conversation(rulebook, {**optional, **heard.intake})


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
        "item": [*_told(rulebook, talk, step), *_enabled(_items(rulebook, step, given))],
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


def _enabled(items: list[Item]) -> list[Item]:
    """The items without conditions on questions that were not asked: whatever is here is asked.

    A condition on one that is here stays, so that a form takes an answer away that another one rules out.
    """
    here = {each["linkId"] for each in items}
    shown = []
    for item in items:
        whens = [each for each in item.get("enableWhen", ()) if each["question"] in here]
        kept = {key: value for key, value in item.items() if key not in ("enableWhen", "enableBehavior")}
        if whens:
            kept["enableWhen"] = whens
        if len(whens) > 1:
            kept["enableBehavior"] = "any"
        shown.append(kept)
    return shown


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
