"""The hazard log: what can go wrong, what controls it, how that is checked, and what remains."""

from __future__ import annotations

from collections.abc import Iterator

from afterrun.rulebook import Rulebook
from afterrun.telling.page import Page, Point, Section
from afterrun.verify import Controls, controls_of

_LEAD = (
    "What can go wrong for a person, what is done about it, how that is checked, and what remains. "
    "It has not been reviewed by {expert} or a safety engineer."
)
_FOOT = "Made by afterrun rules hazards from knowledge/hazards.yaml, the rules and the invariants."


def hazard_page(*parts: Rulebook) -> Page:
    """The hazard log of a rulebook, the main part first, and its parts."""
    sections = tuple(
        Section(each.hazard.hazard, tuple(_points(each)), table=True) for each in controls_of(*parts)
    )
    identity = parts[0].identity
    return Page(f"Hazard log: {identity.title}", _LEAD.format(expert=identity.expert), sections, _FOOT)


def _points(found: Controls) -> Iterator[Point]:
    hazard = found.hazard
    yield Point("Cause", hazard.cause)
    yield Point("Harm", hazard.harm)
    rows = [each.removeprefix("row:") for each in hazard.sources]
    for name, ids in (
        ("Sources of the controls", rows),
        ("Controlled by rules", [each.id for each in found.rules]),
        ("Controlled by invariants", [each.id for each in found.invariants]),
    ):
        if ids:
            yield Point(name, ", ".join(ids))
    if hazard.controls:
        yield Point("Controlled by", " ".join(hazard.controls))
    yield Point("How verified", " ".join(_verified(found)))
    yield Point("What remains", hazard.remains)
    yield Point("Owner", hazard.owner or "Nobody yet.")


def _verified(found: Controls) -> Iterator[str]:
    if found.rules:
        yield "rules check tries the examples of each rule; rules mutate asks who notices a change."
    if found.invariants:
        yield "rules prove proves each invariant over all intakes."
    if found.hazard.controls:
        yield "Other controls name their test or document."
