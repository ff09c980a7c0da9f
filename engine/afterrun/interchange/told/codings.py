"""Codes: those of classifications that may leave, and those of the rulebook's own names."""

from __future__ import annotations

from typing import Any

from afterrun.interchange.asked import canonical
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Code, Pattern

PATTERNS, LEVELS, TRIAGE = "patterns", "pattern-levels", "triage-levels"
"""The code systems of the rulebook's own."""


def symptom_of(rulebook: Rulebook) -> dict[str, Any] | None:
    """The symptom itself as a CodeableConcept, from the first of the codes; None where there are none.

    Without a code that may leave it has its words alone.
    """
    return None if rulebook.codes is None else _concept(rulebook, rulebook.codes.codes[0])


def suggested_for(rulebook: Rulebook, pattern: str) -> list[dict[str, Any]]:
    """What a clinician may code for a pattern, each a CodeableConcept with a code that may leave."""
    codes = rulebook.codes.codes if rulebook.codes is not None else ()
    found = (_concept(rulebook, each) for each in codes if each.pattern == pattern)
    return [each for each in found if "coding" in each]


def own_coding(rulebook: Rulebook, system: str, code: str, display: str = "") -> dict[str, Any]:
    """A name of the rulebook as a Coding."""
    coding = {"system": canonical(rulebook, "CodeSystem", system), "code": code}
    return {**coding, "display": display} if display else coding


def code_systems(rulebook: Rulebook) -> list[dict[str, Any]]:
    """The rulebook's own code systems, whole: levels of triage, patterns, and the levels of these."""
    triage = [(each.id, each.name, each.do) for each in rulebook.triage.values()]
    patterns = [(each.id, each.called, _defined(each)) for each in rulebook.patterns.values()]
    levels = dict.fromkeys(level for each in rulebook.patterns.values() for level in each.levels)
    systems = (
        (TRIAGE, f"{rulebook.identity.triage_text}: how soon to be seen", triage),
        (PATTERNS, "Stories that answers can match; none is a diagnosis", patterns),
        (LEVELS, "How well answers match a story", [(each, each, "") for each in levels]),
    )
    return [_system(rulebook, name, title, rows) for name, title, rows in systems if rows]


def _concept(rulebook: Rulebook, code: Code) -> dict[str, Any]:
    assert rulebook.codes is not None
    codings = [
        {
            "system": rulebook.codes.exchanged[name].system,
            "code": each.code,
            **({"display": title} if (title := classified.title_of(each)) else {}),
        }
        for name, classified in code.classified()
        for each in rulebook.codes.leaving(name, classified)
    ]
    text = codings[0].get("display", code.condition) if codings else code.condition
    return {**({"coding": codings} if codings else {}), "text": text}


def _defined(pattern: Pattern) -> str:
    return " ".join(filter(None, (pattern.text, pattern.clinician)))


def _system(rulebook: Rulebook, name: str, title: str, rows: list[tuple[str, str, str]]) -> dict[str, Any]:
    concepts = [
        {"code": code, "display": display, **({"definition": definition} if definition else {})}
        for code, display, definition in rows
    ]
    return {
        "resourceType": "CodeSystem",
        "id": name,
        "url": canonical(rulebook, "CodeSystem", name),
        "version": rulebook.identity.version,
        "name": "".join(part.capitalize() for part in name.split("-")),
        "title": title,
        "status": "draft",
        "experimental": True,
        "caseSensitive": True,
        "content": "complete",
        "count": len(concepts),
        "concept": concepts,
    }
