"""The keys of a plan and their values: `knowledge/plans.yaml`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, RootModel

from afterrun.rulebook.schema.conditions import Condition, Written
from afterrun.rulebook.schema.formulas import Formula, Operand
from afterrun.rulebook.schema.names import Id, Sources, Status, Text


class SchemeEntry(Written):
    """A look-up in a key of the main part's plan that holds an entry for each stretch of weeks."""

    of: Id = Field(description="The key of the plan.")
    week: Operand
    blocks_back: int | None = Field(
        None, ge=0, description="The first week of its stretch, or of the one so many before it."
    )
    gives: Literal["entry", "week"] = "entry"


class PlanItem(Written):
    """One key of the plan: when it stands in the plan, and its value."""

    key: Id
    text: Text
    for_: dict[Id, tuple[Status, ...]] | None = Field(
        None, alias="for", description="Stands when one of these interventions has one of these statuses."
    )
    when: Condition | None = Field(None, description="Stands when this holds.")
    value: Any = Field(None, description="A constant.")
    parameter: Id | None = Field(None, description="The value that the rules chose.")
    formula: Formula | None = None
    scheme: SchemeEntry | None = None
    answer: Id | None = Field(None, description="The answer, or the unit, as given.")
    by_option: dict[Id, dict[str, tuple[str, ...]]] | None = Field(
        None, description="What each ticked option of a multiple choice adds."
    )
    whole: bool = Field(False, description="A formula's number is shown without decimals: a count.")
    asked_later: str = Field("", description="Why the value is not known yet; the key is null.")
    unit: str = ""
    sources: Sources


class PlanFile(RootModel[tuple[PlanItem, ...]]):
    """`knowledge/plans.yaml`, in the order in which the plan is told."""
