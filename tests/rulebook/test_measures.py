"""Measures and plan numbers are exact at every edge."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import Any

import pytest

from afterrun.rulebook import NOTHING, OPEN, compute, shown
from afterrun.rulebook.reading.validation import made_of
from afterrun.rulebook.schema import Formula, RoundedDown

RISE = {"percent_change": {"from": "before", "to": "last"}}
GAP = {"difference": {"of": "last", "minus": "before"}}
MOST = {"largest_above_zero": ["last", "before"]}
CAPPED = {"capped": {"value": "last", "by": "before"}}
REDUCED = {"reduced": {"value": "last", "percent": 10}}
RAISED = {"raised": {"value": "last", "percent": 10}}
NESTED = {"raised": {"value": {"reduced": {"value": CAPPED, "percent": 20}}, "percent": 20}}


def number(text: Any) -> Any:
    return Fraction(text) if isinstance(text, str) else text


@pytest.mark.parametrize(("formula", "last", "before", "wanted"), [
    (RISE, "1.3", "1", "30"),
    (RISE, "13", "10", "30"),
    (RISE, "26", "20", "30"),
    (RISE, "26.01", "20", "30.05"),
    (RISE, "1", "3", "-200/3"),
    (RISE, "0", "10", "-100"),
    (RISE, "0", "0", "0"),
    (RISE, "0.01", "0", inf),
    (RISE, "5", NOTHING, NOTHING),
    (RISE, NOTHING, OPEN, NOTHING),
    (RISE, OPEN, "0", OPEN),
    (GAP, "0.3", "0.1", "0.2"),
    (GAP, "1", "3", "-2"),
    (GAP, NOTHING, OPEN, NOTHING),
    (GAP, OPEN, "1", OPEN),
    (MOST, "1", "3", "3"),
    (MOST, "0", "3", "3"),
    (MOST, "0", "0", NOTHING),
    (MOST, NOTHING, "3", "3"),
    (MOST, NOTHING, NOTHING, NOTHING),
    (MOST, "5", OPEN, OPEN),
    (CAPPED, "5", "3", "3"),
    (CAPPED, "3", "5", "3"),
    (CAPPED, "5", NOTHING, "5"),
    (CAPPED, "5", OPEN, OPEN),
    (CAPPED, NOTHING, "5", NOTHING),
    (CAPPED, NOTHING, OPEN, NOTHING),
    (CAPPED, OPEN, NOTHING, OPEN),
    (REDUCED, "8.3", "0", "7.47"),
    (REDUCED, "0", "0", "0"),
    (REDUCED, NOTHING, "0", NOTHING),
    (RAISED, "0.1", "0", "0.11"),
    (NESTED, "25", "20", "19.2"),
    (NESTED, "25", NOTHING, "24"),
], ids=str)  # fmt: skip
def test_a_formula_gives_exactly(formula: Mapping[str, Any], last: Any, before: Any, wanted: Any) -> None:
    known = {"last": number(last), "before": number(before)}
    found = compute(made_of(Formula, formula), known.__getitem__)
    assert found == number(wanted)
    assert not isinstance(found, float) or found == inf


def test_a_plan_number_waits_for_its_parameter() -> None:
    formula = made_of(Formula, {"reduced": {"value": "last", "percent": {"parameter": "buffer"}}})
    known = {"last": Fraction(20)}.__getitem__
    assert compute(formula, known) is OPEN
    assert compute(formula, known, {"buffer": OPEN}.__getitem__) is OPEN
    assert compute(formula, known, {"buffer": Fraction(10)}.__getitem__) == 18


@pytest.mark.parametrize(("exact", "wanted"), [
    ("0", 0),
    ("1/3", 0.33),
    ("2/3", 0.66),
    ("0.005", 0),
    ("0.0049", 0),
    ("1.005", 1),
    ("2.675", 2.67),
    ("17.4825", 17.48),
    ("299.995", 299.99),
])  # fmt: skip
def test_a_number_is_shown_to_the_hundredth_and_never_up(exact: str, wanted: float) -> None:
    assert shown(Fraction(exact)) == wanted


@pytest.mark.parametrize(("exact", "to", "wanted"), [
    ("10.59", "0.1", "10.5"), ("10.5", "0.1", "10.5"), ("10.59", "1", "10"),
    ("10.59", "0.01", "10.59"), ("0.99", "1", "0"),
])  # fmt: skip
def test_a_number_is_rounded_down_to_any_step(exact: str, to: str, wanted: str) -> None:
    formula = RoundedDown(value="amount", to=Decimal(to))
    assert compute(formula, {"amount": Fraction(exact)}.__getitem__) == Fraction(wanted)
