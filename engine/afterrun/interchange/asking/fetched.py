"""The responses among what a client fetched for a call: which of them a card is about.

An answer that is not in what was fetched is open. Where the fetching itself failed there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from afterrun.interchange.answered import (
    Heard,
    Issue,
    ResponseError,
    contained_form,
    instant_of,
    read_response,
)
from afterrun.interchange.asked import canonical
from afterrun.interchange.asking.calls import OF_RESPONSE, RESPONSE, Call
from afterrun.rulebook import Rulebook

_FINISHED = ("completed", "amended")


class NothingFetched(ResponseError):
    """What the card is to be made of was not brought along: not answered is another thing."""


class Brought(NamedTuple):
    """The responses that a card is made of."""

    heard: Heard
    """The newest that is finished; where none is, the newest."""
    unfinished: Heard | None = None
    """One that was begun after it."""


def heard_in(rulebook: Rulebook, call: Call) -> Brought | None:
    """What the responses among the things fetched say; None where there is none.

    Raises NothingFetched where it was not brought along, ResponseError where it cannot be used.
    """
    if RESPONSE not in call.prefetch:
        raise NothingFetched([_missing("is missing: fetch it by the template that discovery gives")])
    found = call.prefetch[RESPONSE]
    if found is None:
        return None
    kind = found.get("resourceType") if isinstance(found, dict) else None
    if kind == "OperationOutcome":
        raise NothingFetched([_missing("is an OperationOutcome: it could not be fetched")])
    if kind == "QuestionnaireResponse":
        return Brought(_heard(rulebook, call, found))
    if kind != "Bundle":
        raise ResponseError(
            [Issue("error", "structure", f"prefetch.{RESPONSE}", "is no QuestionnaireResponse and no Bundle")]
        )
    ours = list(_ours(rulebook, found))
    if not ours and (why := _unfinished(found)):
        raise NothingFetched([_missing(f"{why}: it cannot be told that nothing was answered")])
    if not ours:
        return None
    _refuse_others(call.patient, found)
    newest, *older = _by_age(ours)
    finished = next((each for each in (newest, *older) if each.get("status") in _FINISHED), newest)
    heard = _heard(rulebook, call, finished)
    return Brought(heard, None if finished is newest else _heard(rulebook, call, newest))


def _missing(text: str) -> Issue:
    return Issue("error", "required", f"prefetch.{RESPONSE}", text)


def _heard(rulebook: Rulebook, call: Call, response: Mapping[str, Any]) -> Heard:
    heard = read_response(rulebook, response)
    issues: list[Issue] = []
    if not _is_about(heard.subject or {}, call.patient):
        text = "is not the patient of context.patientId: nothing is told of these answers"
        issues.append(Issue("error", "conflict", "QuestionnaireResponse.subject", text))
    if call.response is not None and response.get("id", call.response) != call.response:
        text = f"is another response than context.{OF_RESPONSE}: nothing is told of it"
        issues.append(Issue("error", "conflict", "QuestionnaireResponse.id", text))
    if issues:
        raise ResponseError(issues)
    return heard


def _is_about(subject: Mapping[str, Any], patient: str) -> bool:
    """Whether a subject may be this patient; one that is named in another way is somebody else."""
    if subject.get("type", "Patient") != "Patient":
        return False
    reference = subject.get("reference")
    if reference is None:
        return True
    # Whose it is may be told by a whole address, with a version behind it.
    plain = isinstance(reference, str) and not {"?", "#"}.intersection(reference)
    parts = reference.split("/_history/")[0].split("/") if plain else []
    return parts[-2:] == ["Patient", patient]


def _ours(rulebook: Rulebook, bundle: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The responses to this questionnaire, of whatever version: a server may have sent others too."""
    asked = canonical(rulebook, "Questionnaire")
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise ResponseError(
            [Issue("error", "structure", f"prefetch.{RESPONSE}.entry", "is no list, as in a Bundle")]
        )
    for entry in entries:
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict) or resource.get("resourceType") != "QuestionnaireResponse":
            continue
        form = contained_form(resource) or {}
        named = (resource.get("questionnaire"), *_listed(form.get("derivedFrom")))
        if any(str(each).partition("|")[0] == asked for each in named):
            yield resource


def _unfinished(bundle: Mapping[str, Any]) -> str:
    """Why a searchset without a response does not say that there is none; empty where it does."""
    entries, links = bundle.get("entry", []), bundle.get("link")
    if any(isinstance(each, dict) and each.get("relation") == "next" for each in _listed(links)):
        return "is one page of several"
    if not entries and bundle.get("total", 0) != 0:
        return "has a total and no entry"
    resources = [each.get("resource") for each in entries if isinstance(each, dict)]
    severities = {
        str(issue.get("severity"))
        for each in resources
        if isinstance(each, dict) and each.get("resourceType") == "OperationOutcome"
        for issue in _listed(each.get("issue"))
        if isinstance(issue, dict)
    }
    return "holds an OperationOutcome with an error" if severities & {"error", "fatal"} else ""


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _refuse_others(patient: str, bundle: Mapping[str, Any]) -> None:
    """Refuse a searchset with others' responses: whose is one that does not say it, is then unknown."""
    found = [each.get("resource") for each in bundle["entry"] if isinstance(each, dict)]
    subjects = [
        each["subject"]
        for each in found
        if isinstance(each, dict)
        and each.get("resourceType") == "QuestionnaireResponse"
        and isinstance(each.get("subject"), dict)
    ]
    if not all(_is_about(each, patient) for each in subjects):
        text = "holds responses of others than the patient of context.patientId: nothing is told of any"
        raise ResponseError([Issue("error", "conflict", f"prefetch.{RESPONSE}", text)])


def _by_age(responses: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The newest first. Raises ResponseError where that cannot be told."""
    if len(responses) == 1:
        return responses
    instants = [instant_of(each.get("authored")) for each in responses]
    told = [each for each in instants if each is not None]
    if len(set(told)) < len(responses):
        raise ResponseError(
            [
                Issue(
                    "error",
                    "multiple-matches",
                    f"prefetch.{RESPONSE}",
                    "holds several responses, and their authored does not say which is the newest: send one",
                )
            ]
        )
    return [responses[instants.index(each)] for each in sorted(told, reverse=True)]
