"""The codes and extensions of which questions, answers and what is missing are made."""

from __future__ import annotations

from typing import Any

from afterrun.intake import DONT_KNOW
from afterrun.interchange.asked.naming import canonical
from afterrun.rulebook import Rulebook

CORE = "http://hl7.org/fhir/StructureDefinition"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition"
DATA_ABSENT_REASON = f"{CORE}/data-absent-reason"
"""The extension that says why a value is not there."""
ABSENT_REASONS = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
"""The codes that it takes, 'asked-unknown' and 'asked-declined' among them."""
UCUM = "http://unitsofmeasure.org"
ASKED_UNKNOWN = "asked-unknown"

_UNITS = {
    "years": "a", "months": "mo", "weeks": "wk", "days": "d", "hours": "h", "minutes": "min", "%": "%",
    "square feet": "[sft_i]", "km": "km", "mi": "[mi_i]", "min": "min",
}  # fmt: skip
"""Units of questions and amounts in UCUM; another one has its words alone."""


def option_coding(rulebook: Rulebook, question: str, option: str, text: str = "") -> dict[str, Any]:
    """An option of a question, or a unit of a quantity by its unit key, as a Coding."""
    coding = {"system": canonical(rulebook, "CodeSystem", question), "code": option}
    return {**coding, "display": text} if text else coding


def unknown_coding(text: str = DONT_KNOW) -> dict[str, Any]:
    """'I don't know' as a Coding."""
    coding = {"system": ABSENT_REASONS, "code": ASKED_UNKNOWN}
    return {**coding, "display": text} if text else coding


def unit_coding(unit: str) -> dict[str, Any]:
    """A unit of a question in UCUM where that has it, else in its words."""
    code = {"system": UCUM, "code": _UNITS[unit]} if unit in _UNITS else {}
    return {**code, "display": unit}


def extension(url: str, **value: Any) -> dict[str, Any]:
    """An extension with one value, as in `extension(url, valueInteger=2)`."""
    return {"url": url, **value}


def absent(reason: str) -> dict[str, Any]:
    """Why there is no value, as the extension that stands in its place."""
    return extension(DATA_ABSENT_REASON, valueCode=reason)


def control(code: str) -> dict[str, Any]:
    """How an item is to be shown: a radio button, a check box, help."""
    coding = {"system": "http://hl7.org/fhir/questionnaire-item-control", "code": code}
    return extension(f"{CORE}/questionnaire-itemControl", valueCodeableConcept={"coding": [coding]})
