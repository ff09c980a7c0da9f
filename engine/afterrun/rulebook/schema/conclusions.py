"""What rules conclude: findings, levels of urgency, patterns, interventions, parameters."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from afterrun.rulebook.schema.names import (
    Filled,
    InterventionId,
    MaybeFilled,
    OwnFindingId,
    OwnInterventionId,
    OwnLevelId,
    OwnParameterId,
    OwnPatternId,
    ParameterId,
    Sources,
    StrengthId,
    Text,
)
from afterrun.rulebook.schema.written import SOME, Written

BEYOND = "beyond the article"
"""What marks whatever the article does not cover."""

LONGEST_SHORT = 60
"""Words that the first screen has for one intervention."""


class Finding(Written):
    """An intermediate proposition, in words for both outcomes."""

    id: OwnFindingId
    text: Text
    """What it says when proved."""
    refuted: Text
    """What it says when refuted."""


class TriageLevel(Written):
    """One level of urgency and what may be shown at it."""

    id: OwnLevelId
    name: Text
    opening: str = ""
    """A warm word before it."""
    do: Text
    """What the person should do now, and when to stop or call."""
    clinician: str = ""
    """The same about the person, for whoever sees them."""
    pending: bool = False
    """Shown while a stronger level is open; no rule concludes it."""
    settles: bool = False
    """Given at once, though a stronger level may still be open."""
    shows_patterns: bool = False
    shows_plan: bool = False
    interventions: Literal["all"] | tuple[InterventionId, ...]
    """Which interventions may be listed."""
    sources: Sources


class Pattern(Written):
    """A story that an intake can match."""

    id: OwnPatternId
    name: Text
    text: Text
    levels: Annotated[tuple[StrengthId, ...], SOME]
    """Strongest first; each implies the next."""
    covered: bool = True
    """False for look-alikes outside the article."""
    clinician: str = ""
    sources: Sources

    @property
    def called(self) -> str:
        """Its name, with a mark where it goes beyond the article."""
        return self.name if self.covered else f"{self.name} ({BEYOND})"


class Intervention(Written):
    """Something to do, or to know."""

    id: OwnInterventionId
    kind: Literal["treatment", "explanation", "review", "stop"]
    name: Filled
    short: Filled
    """What to do, in at most 60 words: all that the first screen says of it."""
    steps: tuple[Filled, ...] = ()
    """How it is done, one line a step."""
    more: MaybeFilled = ""
    """What else there is to know, for those who ask."""
    own_amounts: tuple[Text, ...] = ()
    """Amounts in its texts that are none of the plan's, as typed there; the plan's stand in {braces}."""
    covered: bool = True
    """False for what goes beyond the article."""
    starts: ParameterId | None = None
    """The parameter that holds the week it starts in."""
    merged_into: tuple[InterventionId, ...] = ()
    """The interventions that may serve for it when merged: the first of them that is recommended does."""
    conflicts_with: tuple[InterventionId, ...] = ()
    """Interventions that are never recommended beside it; `rules prove` sees to it."""
    sources: Sources

    @property
    def called(self) -> str:
        """Its name, with a mark where it goes beyond the article."""
        return self.name if self.covered else f"{self.name} ({BEYOND})"

    def __post_init__(self) -> None:
        if len(self.short.split()) > LONGEST_SHORT:
            raise ValueError(f"'short' holds more than {LONGEST_SHORT} words: move some to 'steps' or 'more'")


class Parameter(Written):
    """A number that rules choose among a few; where several apply, one wins."""

    id: OwnParameterId
    text: Text
    unit: str = ""
    values: Annotated[tuple[Decimal, ...], SOME]
    wins: Literal["smallest", "largest"]
    sources: Sources
