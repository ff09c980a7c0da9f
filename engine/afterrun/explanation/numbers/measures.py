"""A measure in, how it came by its number out, for rules test it as the plan reads it."""

from __future__ import annotations

from fractions import Fraction

from afterrun.assessment import Case
from afterrun.errors import UnknownNameError
from afterrun.explanation.numbers.arithmetic import measured
from afterrun.explanation.numbers.plan_keys import KeyLine, PlanNumber, input_of
from afterrun.intake import plain_number
from afterrun.rulebook.schema import PlanItem


def measure_number(case: Case, name: str) -> PlanNumber:
    """How a measure came by its number, or why it has none. Raises UnknownNameError with the nearest name."""
    measures = case.rulebook.measures
    if name not in measures:
        raise UnknownNameError("measure", name, measures)
    measure, planner = measures[name], case.planner
    planner.missing.clear()
    working = measured(case.rulebook, measure, planner.number)
    item = PlanItem(
        key=name, text=measure.text, formula=measure.formula, unit=measure.unit, sources=measure.sources
    )
    # A number without bound, and one that an answer says there is none of, are told in words alone.
    value = plain_number(working.value) if isinstance(working.value, Fraction) else None
    return PlanNumber(
        item,
        (KeyLine(True, (), "formula"),),
        0,
        value,
        working=working,
        inputs=tuple(input_of(case, question) for question in working.questions),
        missing=tuple(planner.missing),
        kind="measure",
    )
