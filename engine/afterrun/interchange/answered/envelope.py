"""What stands around the answers: which questionnaire they are to, in which state, about whom, and when."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from afterrun.interchange.answered.gathering import Told, kind_of
from afterrun.interchange.answered.moments import is_date_time
from afterrun.interchange.asked import canonical
from afterrun.rulebook import Rulebook
from afterrun.visible import half_characters

RESPONSE = "QuestionnaireResponse"
_READ = ("completed", "amended", "in-progress")
_NOT_READ = {
    "entered-in-error": "was entered in error, so nothing in it is read",
    "stopped": "was given up before its end, so nothing in it is read",
}
_PRIMITIVES = ("implicitRules", "language", "questionnaire", "status", "authored")
_FIELDS = (
    *("resourceType", "id", "meta", "text", "contained", "identifier", "basedOn", "partOf", "subject"),
    *("encounter", "author", "source", "item", *_PRIMITIVES),
    *(f"_{each}" for each in _PRIMITIVES),
)
_OBJECTS = ("meta", "text", "encounter", "author", "source")
_LISTS = ("contained", "basedOn", "partOf")
_TEXTS = ("language",)
_REFERENCE = ("reference", "type", "identifier", "display", "_reference", "_type", "_display")
_R5_ITEMS = ("coding", "question")


def looked_at(rulebook: Rulebook, resource: Mapping[str, Any], told: Told) -> None:
    """Tell what is wrong around the answers."""
    told.element(resource, RESPONSE, _FIELDS)
    for keys in half_characters(resource):
        place = ".".join(map(str, keys))[:200]
        told.wrong("value", RESPONSE, f"{place} is no text: it holds half a character")
    for reason, path in _signs_of_r5(resource):
        told.wrong("not-supported", path, f"{reason}, as in FHIR R5: send R4 (4.0.1)")
    if "implicitRules" in resource:
        told.wrong("not-supported", f"{RESPONSE}.implicitRules", "names rules that are not known here")
    _status(resource.get("status"), told)
    _questionnaire(rulebook, resource, told)
    if not is_id(resource.get("id", "x")):
        told.wrong("value", f"{RESPONSE}.id", "is no id of FHIR: letters, digits, '-' and '.', 64 at most")
    _shapes(resource, told)
    if (authored := resource.get("authored")) is not None and not is_date_time(authored):
        told.wrong("value", f"{RESPONSE}.authored", "is no dateTime of FHIR, as in 2027-03-01T08:30:00Z")
    identifier = resource.get("identifier", {})
    if not isinstance(identifier, dict | list):
        told.wrong("structure", f"{RESPONSE}.identifier", "is no Identifier")
    elif isinstance(identifier, dict) and not isinstance(identifier.get("value", ""), str):
        told.wrong("structure", f"{RESPONSE}.identifier.value", "is no text")


def numbers_looked_at(resource: Mapping[str, Any], told: Told) -> None:
    """Tell each number that JSON cannot hold, wherever it stands: it could not be given back."""
    known = {each.expression for each in told.issues}
    waiting: list[tuple[str, Any]] = [(RESPONSE, resource)]
    while waiting:
        path, each = waiting.pop()
        if isinstance(each, dict):
            waiting += [
                (f"{path}.{'value' if key.startswith('value') else key[:200]}", inner)
                for key, inner in reversed(each.items())
            ]
        elif isinstance(each, list):
            waiting += [(f"{path}[{place}]", inner) for place, inner in reversed([*enumerate(each)])]
        elif isinstance(each, float | Decimal) and not math.isfinite(each) and path not in known:
            told.wrong("value", path, "is no number, or one without an end")


def is_id(value: Any) -> bool:
    """Whether it is the id of a resource, as FHIR has it.

    >>> is_id("P-1.2"), is_id("<b>"), is_id(7)
    (True, False, False)
    """
    return isinstance(value, str) and re.fullmatch("[A-Za-z0-9.-]{1,64}", value) is not None


def _shapes(resource: Mapping[str, Any], told: Told) -> None:
    """Tell what is not of its type around the answers, since it is told on as it came."""
    for key, kind, words in (
        *((key, dict, "an object") for key in _OBJECTS),
        ("subject", dict, "a Reference"),
        *((key, list, "a list") for key in _LISTS),
        *((key, str, "a text") for key in _TEXTS),
    ):
        value, path = resource.get(key), f"{RESPONSE}.{key}"
        if value is not None and not isinstance(value, kind):
            told.wrong("structure", path, f"is {kind_of(value)}, where {words} belongs")
    for key in _LISTS:
        held = resource.get(key)
        for place, each in enumerate(held if isinstance(held, list) else ()):
            if not isinstance(each, dict):
                path = f"{RESPONSE}.{key}[{place}]"
                told.wrong("structure", path, f"is {kind_of(each)}, where an object belongs")
    if isinstance(subject := resource.get("subject"), dict):
        told.element(subject, f"{RESPONSE}.subject", _REFERENCE)
        for key in ("reference", "type", "display"):
            if not isinstance(value := subject.get(key, ""), str | None):
                told.wrong(
                    "structure", f"{RESPONSE}.subject.{key}", f"is {kind_of(value)}, where a text belongs"
                )


def record_id_of(resource: Mapping[str, Any]) -> str | None:
    """Under which id the sender finds the response: its identifier, or else its id."""
    identifier = resource.get("identifier")
    value = identifier.get("value") if isinstance(identifier, dict) else None
    found = value if value is not None else resource.get("id")
    return found if isinstance(found, str) and found else None


def is_contained(resource: Mapping[str, Any]) -> bool:
    """Whether the questions came along with the answers, as they do where one is asked after another."""
    return str(resource.get("questionnaire", "")).startswith("#")


def contained_form(resource: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The Questionnaire that came along, as `questionnaire` names it; None where none did."""
    held, named = resource.get("contained"), resource.get("questionnaire")
    return next(
        (
            each
            for each in (held if isinstance(held, list) else [])
            if isinstance(each, dict)
            and each.get("resourceType") == "Questionnaire"
            and isinstance(each.get("id"), str)
            and named == f"#{each['id']}"
        ),
        None,
    )


def _status(status: Any, told: Told) -> None:
    path = f"{RESPONSE}.status"
    if status is None:
        told.wrong("required", path, f"is missing: one of {', '.join(_READ)}")
    elif isinstance(status, str) and status in _NOT_READ:
        told.wrong("business-rule", path, f"'{status}': the response {_NOT_READ[status]}")
    elif status not in _READ:
        told.wrong("code-invalid", path, f"is none of {', '.join(_READ)}")


def _questionnaire(rulebook: Rulebook, resource: Mapping[str, Any], told: Told) -> None:
    """Tell where the response is to another questionnaire, or to another version of ours."""
    identity, ours = rulebook.identity, canonical(rulebook, "Questionnaire")
    named = resource.get("questionnaire")
    path = f"{RESPONSE}.questionnaire"
    if named is None:
        told.wrong("required", path, f"is missing: name what was asked, here {ours}|{identity.version}")
        return
    if isinstance(named, str) and named.startswith("#"):
        holder, path = contained_form(resource), f"{RESPONSE}.contained.derivedFrom"
        if holder is None:
            told.wrong("not-found", f"{RESPONSE}.questionnaire", f"names {named}, which is not contained")
            return
        origins = holder.get("derivedFrom")
        named = next(iter(origins), None) if isinstance(origins, list) else None
    if not isinstance(named, str):
        told.wrong("value", path, f"is no canonical address; the questions of this rulebook are {ours}")
        return
    url, _, version = named.partition("|")
    if url != ours:
        told.wrong("not-supported", path, f"is to {url[:200]}, not to {ours}: nothing of it can be read")
    elif version and version != identity.version:
        told.wrong(
            "not-supported",
            path,
            f"is to version {version[:40]}, and this is version {identity.version}: ask anew, or use the "
            "rulebook of that version",
        )


def _signs_of_r5(resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What only a later release writes; fields that R4 has not are told as such."""
    if isinstance(resource.get("identifier"), list):
        yield "is a list", f"{RESPONSE}.identifier"
    meta = resource.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    for place, profile in enumerate(profiles if isinstance(profiles, list) else []):
        if isinstance(profile, str) and re.search(r"/fhir/(4\.[1-6]|5\.|R5/)", profile):
            yield f"is {profile[:200]}", f"{RESPONSE}.meta.profile[{place}]"
    held = resource.get("contained")
    for place, each in enumerate(held if isinstance(held, list) else []):
        items = each.get("item") if isinstance(each, dict) else None
        for at, item in enumerate(items if isinstance(items, list) else []):
            if isinstance(item, dict) and item.get("type") in _R5_ITEMS:
                yield f"is '{item['type']}'", f"{RESPONSE}.contained[{place}].item[{at}].type"
