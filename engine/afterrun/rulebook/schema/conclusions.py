"""What rules conclude: findings, levels of urgency, patterns, interventions, parameters."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, RootModel

from afterrun.rulebook.schema.conditions import Written
from afterrun.rulebook.schema.names import Id, KebabId, Sources, Text


class Finding(Written):
    """An intermediate proposition, in words for both outcomes."""

    id: KebabId
    text: Text = Field(description="What it says when proved.")
    refuted: Text = Field(description="What it says when refuted.")


class FindingFile(RootModel[tuple[Finding, ...]]):
    """`knowledge/findings.yaml`."""


class TriageLevel(Written):
    """One level of urgency and what may be shown at it."""

    id: Id
    name: Text
    do: Text = Field(description="What the runner should do now.")
    pending: bool = Field(False, description="Shown while a stronger level is open; no rule concludes it.")
    settles: bool = Field(False, description="Given at once, though a stronger level may still be open.")
    shows_patterns: bool = False
    shows_plan: bool = False
    interventions: Literal["all"] | tuple[Id, ...] = Field(description="Which interventions may be listed.")
    sources: Sources


class TriageFile(RootModel[tuple[TriageLevel, ...]]):
    """`knowledge/triage.yaml`, strongest level first."""


class Pattern(Written):
    """A story that an intake can match."""

    id: Id
    name: Text
    text: Text
    levels: tuple[Id, ...] = Field(min_length=1, description="Strongest first; each implies the next.")
    covered: bool = Field(True, description="False for look-alikes outside the article.")
    clinician: str = ""
    sources: Sources


class PatternFile(RootModel[tuple[Pattern, ...]]):
    """`knowledge/patterns.yaml`, in the order in which patterns are told."""


class Intervention(Written):
    """Something to do, or to know."""

    id: Id
    kind: Literal["treatment", "explanation", "review", "stop"]
    name: Text
    do: Text
    starts: Id | None = Field(None, description="The parameter that holds the week it starts in.")
    merged_into: Id | None = Field(None, description="The intervention that serves for it when merged.")
    conflicts_with: tuple[Id, ...] = Field(
        (), description="Interventions that are never recommended beside it; `rules prove` sees to it."
    )
    sources: Sources


class InterventionFile(RootModel[tuple[Intervention, ...]]):
    """`knowledge/interventions.yaml`, in the order in which they are told."""


class Parameter(Written):
    """A number that rules choose among a few; where several apply, one wins."""

    id: Id
    text: Text
    unit: str = ""
    values: tuple[Decimal, ...] = Field(min_length=1)
    wins: Literal["smallest", "largest"]
    sources: Sources


class ParameterFile(RootModel[tuple[Parameter, ...]]):
    """`knowledge/parameters.yaml`."""
