"""What a client may call, and a call as it came: hooks, and templates of what to fetch for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from afterrun.interchange.answered import Issue, ResponseError, is_id
from afterrun.interchange.asked import canonical, fhir_id
from afterrun.rulebook import Rulebook
from afterrun.visible import is_text

PATIENT_VIEW = "patient-view"
RESPONSE = "response"
"""The key of what is fetched, whichever hook it is for."""
MOST = 10
"""Responses that are asked for: the newest may be unfinished ones, and the last whole one is wanted, too."""
OF_RESPONSE = "questionnaireResponseId"
"""The key of the context that names the one response."""
_CONTEXT = ("userId", "patientId")


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
                    f"&questionnaire={asked}&status=completed,amended,in-progress&_sort=-authored&_count={MOST}"
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
    wanted = (*_CONTEXT, *([OF_RESPONSE] if hook == own_hook(rulebook) else []))
    for key in wanted:
        value = context.get(key)
        if not isinstance(value, str) or not value or not is_text(value):
            wrong(f"context.{key}", "is missing, or no whole text: one belongs here")
    ids = {"patientId": "Patient", OF_RESPONSE: "QuestionnaireResponse"}
    meant = {key: str(context.get(key)).removeprefix(f"{kind}/") for key, kind in ids.items()}
    for key in set(meant).intersection(wanted):
        if context.get(key) and not is_id(meant[key]):
            wrong(f"context.{key}", "is no id of FHIR: letters, digits, '-' and '.', 64 at most")
    prefetch = body.get("prefetch", {})
    if not isinstance(prefetch, dict):
        wrong("prefetch", "is no object")
    if issues:
        raise ResponseError(issues)
    response = meant[OF_RESPONSE] if OF_RESPONSE in wanted else None
    return Call(str(hook), str(instance), meant["patientId"], response, prefetch)


def _is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False
