"""One answer of a response: a value of the type that was asked for, or the reason why there is none."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from afterrun.interchange.answered.gathering import Told, kind_of
from afterrun.interchange.asked import ABSENT_REASONS, DATA_ABSENT_REASON

_TYPES = {
    "valueBoolean": "true or false", "valueDecimal": "a number", "valueInteger": "a whole number",
    "valueDate": "a date", "valueDateTime": "a date", "valueTime": "a time", "valueString": "a text",
    "valueUri": "an address", "valueAttachment": "a file", "valueCoding": "a Coding",
    "valueQuantity": "a Quantity", "valueReference": "a Reference",
}  # fmt: skip
_KEYS = (*_TYPES, *(f"_{each}" for each in _TYPES), "item")
_CODING = ("system", "version", "code", "display", "userSelected")
_CODING_KEYS = (*_CODING, *(f"_{each}" for each in _CODING))

UNKNOWN_REASONS = ("asked-unknown", "unknown")
DECLINED = "asked-declined"
REASONS = frozenset(
    (
        *(*UNKNOWN_REASONS, DECLINED, "temp-unknown", "not-asked", "masked", "not-applicable"),
        *("unsupported", "as-text", "error", "not-a-number", "negative-infinity", "positive-infinity"),
        *("not-performed", "not-permitted"),
    )
)


class Wanted(NamedTuple):
    """What an item takes."""

    name: str
    """Its linkId."""
    type: str
    """valueCoding, valueInteger or valueDecimal."""
    system: str = ""
    options: Sequence[str] = ()
    gone: Mapping[str, str] = {}
    """What to say of options that there were once."""


class Given(NamedTuple):
    """One answer: a code or a number, or a reason for having none, and where it stands."""

    value: Any
    reason: str
    path: str


def read_value(answer: Any, wanted: Wanted, path: str, told: Told) -> Given | None:
    """What an answer gives; None where it gives nothing, or where it is wrong, which is told."""
    if not told.element(answer, path, _KEYS, wanted.name):
        return None
    for _, place in told.elements(answer, "item", path, wanted.name):
        told.wrong("structure", place, "no question stands below an answer", wanted.name)
    types = [key for key in answer if key in _TYPES]
    if len(types) > 1:
        told.wrong("structure", path, f"has two values, {' and '.join(types)}: give one", wanted.name)
        return None
    reasons = [read_reason(answer, path, wanted.name, told)]
    reasons += [
        read_reason(answer[key], f"{path}.value", wanted.name, told)
        for key in answer
        if key.startswith("_value") and isinstance(answer[key], dict)
    ]
    reason = next(filter(None, reasons), "")
    if not types:
        return Given(None, reason, path) if reason else None
    value = answer[types[0]]
    if value is None:
        return None
    if reason:
        told.wrong("invariant", f"{path}.value", f"stands beside '{reason}', why there is none", wanted.name)
        return None
    if types[0] != wanted.type:
        message = f"takes {_TYPES[wanted.type]} ({wanted.type}), not {_TYPES[types[0]]} ({types[0]})"
        told.wrong("value", f"{path}.value", message, wanted.name)
        return None
    if wanted.type == "valueCoding":
        return _coding(value, wanted, f"{path}.value", told)
    return _number(value, wanted, f"{path}.value", told)


def read_reason(element: Mapping[str, Any], path: str, name: str, told: Told) -> str:
    """Why an element has no value, by its extension; empty where it does not say."""
    extensions = element.get("extension")
    for place, each in enumerate(extensions if isinstance(extensions, list) else []):
        if isinstance(each, dict) and each.get("url") == DATA_ABSENT_REASON:
            code = each.get("valueCode")
            if isinstance(code, str) and code in REASONS:
                return code
            shown = f"'{code[:40]}'" if isinstance(code, str) else kind_of(code)
            message = f"{shown} is no data-absent-reason"
            told.wrong("code-invalid", f"{path}.extension[{place}].value", message, name)
    return ""


def _coding(value: Any, wanted: Wanted, path: str, told: Told) -> Given | None:
    if not told.element(value, path, _CODING_KEYS, wanted.name):
        return None
    system, code = value.get("system"), value.get("code")
    if not isinstance(code, str):
        told.wrong("required", f"{path}.code", f"is missing; {_offered(wanted)}", wanted.name)
        return None
    if system == ABSENT_REASONS and code in REASONS:
        return Given(None, code, path)
    if system != wanted.system:
        found = f"is '{system[:200]}'" if isinstance(system, str) else "is missing"
        message = f"{found}; the codes here are of {wanted.system or ABSENT_REASONS}"
        told.wrong("code-invalid", f"{path}.system", message, wanted.name)
        return None
    if code not in wanted.options:
        near = told.near(code, wanted.options)
        other = "" if near else f"; {_offered(wanted)}"
        message = wanted.gone.get(code) or f"has no option '{code[:40]}'{other}"
        told.wrong("code-invalid", f"{path}.code", message, wanted.name, near)
        return None
    return Given(code, "", path)


def _number(value: Any, wanted: Wanted, path: str, told: Told) -> Given | None:
    whole = wanted.type == "valueInteger"
    fits = not isinstance(value, bool) and isinstance(value, int if whole else (int, float, Decimal))
    if not fits or (not whole and not isinstance(value, int) and not math.isfinite(value)):
        shown = str(value)[:40] if kind_of(value) == "a number" else kind_of(value)
        told.wrong("value", path, f"takes {_TYPES[wanted.type]}, not {shown}", wanted.name)
        return None
    return Given(value, "", path)


def _offered(wanted: Wanted) -> str:
    return f"choose from {', '.join(wanted.options)}" if wanted.options else "there is no other option"
