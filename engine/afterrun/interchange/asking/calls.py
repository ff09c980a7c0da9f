"""What a client may call, and what a call brought: hooks, templates of what to fetch, the response among it.

An answer that is not in what was fetched is open. Where the fetching itself failed there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from afterrun.interchange.answered import (
    Heard,
    Issue,
    ResponseError,
    contained_form,
    instant_of,
    is_id,
    read_response,
)
from afterrun.interchange.asked import canonical, fhir_id
from afterrun.rulebook import Rulebook
from afterrun.visible import is_text

PATIENT_VIEW = "patient-view"
RESPONSE = "response"
"""The key of what is fetched, whichever hook it is for."""
_CONTEXT = ("userId", "patientId")
_OF_RESPONSE = "questionnaireResponseId"


class NothingFetched(ResponseError):
    """What the card is to be made of was not brought along: not answered is another thing."""


class Call(NamedTuple):
    """One call of a service, as far as a card hangs on it."""

    hook: str
    instance: str
    patient: str
    """The id alone."""
    response: str | None
    """The id of the response that the hook is about; None where it is about the patient."""
    prefetch: Mapping[str, Any]


def own_hook(rulebook: Rulebook) -> str:
    """The hook after the questionnaire, as in `org.example.fhir.questionnaire-answer`."""
    host = urlsplit(canonical(rulebook, "Questionnaire")).hostname or ""
    return ".".join((*reversed(host.split(".")), "questionnaire-answer"))


def service_id(rulebook: Rulebook) -> str:
    """The id of the service; the same at each hook, so that a later card takes an earlier one's place."""
    return fhir_id(rulebook.identity.name)


def services_of(rulebook: Rulebook) -> dict[str, Any]:
    """What discovery answers (CDS Hooks 2.0)."""
    asked = canonical(rulebook, "Questionnaire")
    common = {"id": service_id(rulebook), "title": rulebook.identity.title}
    only = "Nothing but the response is used, nothing is fetched, and nothing is kept."
    return {
        "services": [
            {
                **common,
                "hook": PATIENT_VIEW,
                "description": "What the last answers come to, with the proof, and what is unanswered.",
                "prefetch": {
                    RESPONSE: "QuestionnaireResponse?patient={{context.patientId}}"
                    f"&questionnaire={asked}&status=completed,amended,in-progress&_sort=-authored&_count=1"
                },
                "usageRequirements": only,
            },
            {
                **common,
                "hook": own_hook(rulebook),
                "description": "The same of one response, once its questionnaire is answered.",
                "prefetch": {RESPONSE: "QuestionnaireResponse/{{context.questionnaireResponseId}}"},
                "usageRequirements": f"The context has userId, patientId and questionnaireResponseId. {only}",
            },
        ]
    }


def call_in(rulebook: Rulebook, body: object) -> Call:
    """The call in a request's body. Raises ResponseError with all that is wrong with it."""
    issues: list[Issue] = []

    def wrong(where: str, text: str) -> None:
        issues.append(Issue("error", "structure", where, text))

    if not isinstance(body, dict):
        raise ResponseError([Issue("error", "structure", "", "a call of a hook is an object")])
    hook, instance, context = body.get("hook"), body.get("hookInstance"), body.get("context")
    hooks = [each["hook"] for each in services_of(rulebook)["services"]]
    if hook not in hooks:
        wrong("hook", f"is to be one of {', '.join(hooks)}")
    if not _is_uuid(instance):
        wrong("hookInstance", "is to be a UUID")
    if not isinstance(context, dict):
        wrong("context", "is missing: an object with userId and patientId belongs here")
        context = dict.fromkeys(_CONTEXT, "x")
    wanted = (*_CONTEXT, *([_OF_RESPONSE] if hook == own_hook(rulebook) else []))
    for key in wanted:
        value = context.get(key)
        if not isinstance(value, str) or not value or not is_text(value):
            wrong(f"context.{key}", "is missing, or no whole text: one belongs here")
    ids = {"patientId": "Patient", _OF_RESPONSE: "QuestionnaireResponse"}
    meant = {key: str(context.get(key)).removeprefix(f"{kind}/") for key, kind in ids.items()}
    for key in set(meant).intersection(wanted):
        if context.get(key) and not is_id(meant[key]):
            wrong(f"context.{key}", "is no id of FHIR: letters, digits, '-' and '.', 64 at most")
    prefetch = body.get("prefetch", {})
    if not isinstance(prefetch, dict):
        wrong("prefetch", "is no object")
    if issues:
        raise ResponseError(issues)
    response = meant[_OF_RESPONSE] if _OF_RESPONSE in wanted else None
    return Call(str(hook), str(instance), meant["patientId"], response, prefetch)


def heard_in(rulebook: Rulebook, call: Call) -> Heard | None:
    """What the response among the things fetched says; None where there is none.

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
        return _heard(rulebook, call, found)
    if kind != "Bundle":
        raise ResponseError(
            [Issue("error", "structure", f"prefetch.{RESPONSE}", "is no QuestionnaireResponse and no Bundle")]
        )
    ours = list(_ours(rulebook, found))
    if not ours and (why := _unfinished(found)):
        raise NothingFetched([_missing(f"{why}: it cannot be told that nothing was answered")])
    return _heard(rulebook, call, _newest(ours)) if ours else None


def _missing(text: str) -> Issue:
    return Issue("error", "required", f"prefetch.{RESPONSE}", text)


def _heard(rulebook: Rulebook, call: Call, response: Mapping[str, Any]) -> Heard:
    heard = read_response(rulebook, response)
    issues: list[Issue] = []
    if not _is_about(heard.subject or {}, call.patient):
        text = "is not the patient of context.patientId: nothing is told of these answers"
        issues.append(Issue("error", "conflict", "QuestionnaireResponse.subject", text))
    if call.response is not None and response.get("id", call.response) != call.response:
        text = f"is another response than context.{_OF_RESPONSE}: nothing is told of it"
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


def _newest(responses: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    if len(responses) == 1:
        return responses[0]
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
    return responses[instants.index(max(told))]


def _is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False
