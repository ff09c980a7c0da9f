"""The keys of a plan and their values: `knowledge/plans.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from afterrun.rulebook.schema.conditions import Condition
from afterrun.rulebook.schema.formulas import Formula, Operand
from afterrun.rulebook.schema.names import (
    ExerciseId,
    InterventionId,
    OptionId,
    OwnQuestionId,
    ParameterId,
    PlanKey,
    QuantityId,
    QuestionId,
    Sources,
    Status,
    Text,
)
from afterrun.rulebook.schema.written import Limits, Names, Written

PlanValue = Annotated[Any, Names("value", offered=False)]
"""A constant of a plan; a list may be one of questions."""


class SchemeEntry(Written):
    """A look-up in a key of the main part's plan that holds an entry for each stretch of weeks."""

    of: PlanKey
    """The key of the plan."""
    week: Operand
    blocks_back: Annotated[int, Limits(ge=0)] | None = None
    """The first week of its stretch, or of the one so many before it."""
    gives: Literal["entry", "week"] = "entry"


class PlanItem(Written):
    """One key of the plan: when it stands in the plan, and its value."""

    key: PlanKey
    text: Text
    also: Mapping[PlanKey, Text] = {}
    """Other keys that stand when it does, with the same value, and their texts."""
    for_: Mapping[InterventionId, tuple[Status, ...]] | None = None
    """Stands when one of these interventions has one of these statuses."""
    when: Condition | None = None
    """Stands when this holds."""
    value: PlanValue = None
    """A constant."""
    parameter: ParameterId | None = None
    """The value that the rules chose."""
    formula: Formula | None = None
    scheme: SchemeEntry | None = None
    answer: OwnQuestionId | None = None
    """The answer, or the unit, as given."""
    by_option: Mapping[QuestionId, Mapping[OptionId, tuple[str, ...]]] | None = None
    """What each ticked option of a multiple choice adds."""
    exercises: bool = False
    """The value names exercises of `exercises.yaml`."""
    otherwise: tuple[ExerciseId, ...] = ()
    """What it is where what is ticked adds nothing; a person is told so too while nothing is answered."""
    whole: bool = False
    """A formula's number is shown without decimals: a count."""
    asked_later: str = ""
    """Why the value is not known yet; the key is null."""
    unit: str = ""
    quantity: QuantityId | None = None
    """The quantity that the number is an amount of: it is shown in whole steps of the person's unit."""
    sources: Sources

    def names_exercise(self, exercise: str) -> bool:
        """Whether an exercise may stand in its value."""
        if not self.exercises:
            return False
        ticked = (names for options in (self.by_option or {}).values() for names in options.values())
        return any(exercise in names for names in (self.value or (), self.otherwise, *ticked))
