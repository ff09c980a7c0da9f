"""Conversations by `$next-question`: somebody who answers each question as an intake does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from afterrun import Rulebook
from afterrun.interchange import canonical, response_of
from tests.support.fhir.resources import cases_in, items_of

Resource = dict[str, Any]
MOST_STEPS = 40
DECLINED = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
CASES: dict[str, dict[str, Any]] = {case["id"]: case for case in cases_in("cases")}


class Talk(NamedTuple):
    """A conversation at its end: the last response, and what was asked on the way."""

    response: Resource
    asked: tuple[str, ...]
    whole: bool
    """Whether it came to its end, and not to a question that the intake leaves open."""


def begun(rulebook: Rulebook, **more: Any) -> Resource:
    """A response to which nothing is answered yet."""
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": canonical(rulebook, "Questionnaire", versioned=True),
        "status": "in-progress",
        **more,
    }


def talked(rulebook: Rulebook, intake: Mapping[str, Any], ask: Callable[[Resource], Resource]) -> Talk:
    """Answer what is asked, as long as the intake says something to it; what is optional is passed over."""
    written = {each["linkId"]: each for each in items_of(response_of(rulebook, intake)) if "answer" in each}
    asked: list[str] = []
    response = ask(begun(rulebook))
    for _ in range(MOST_STEPS):
        if response["status"] == "completed":
            return Talk(response, tuple(asked), True)
        new = newly_asked(response)
        asked += new
        given = [written[each] for each in new if each in written]
        asks = next(each for each in new if each in rulebook.questions)
        if not given and not rulebook.questions[asks].optional:
            return Talk(response, tuple(asked), False)
        passed = {"linkId": asks, "extension": [{"url": DECLINED, "valueCode": "asked-declined"}]}
        response = ask({**response, "item": [*response.get("item", []), *(given or [passed])]})
    raise AssertionError(f"it never ends: {asked}")


def newly_asked(response: Resource) -> list[str]:
    """The linkIds of what is asked and not yet answered."""
    said = {each["linkId"].removesuffix(".unknown") for each in response.get("item", [])}
    asks = (each["linkId"] for each in response["contained"][0]["item"] if each["type"] != "display")
    return [each for each in asks if each.removesuffix(".unknown") not in said]
