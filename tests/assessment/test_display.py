"""Amounts as one can run them, beside the exact ones."""

from fractions import Fraction
from typing import Any

import pytest

from afterrun import Rulebook, assess, check_in, read_answers
from afterrun.batch import Columns, frame_of
from afterrun.rulebook import engine_of
from tests.support.random_input.intakes import CALM

LOAD: dict[str, Any] = {
    **CALM,
    "pain_site": ["inner_side"],
    "pain_timing": "during_only",
    "provoked_by": ["none"],
    "load_change": ["none"],
    "running_status": "regular_same",
    "volume_last_week": 40,
    "volume_before": 20,
}
AMOUNTS = ("baseline_volume", "week5_volume", "week6_volume")


@pytest.mark.parametrize(("unit", "sustainable", "told"), [
    ("km", 21.55, [19.3, 23.2, 27.9]),
    ("mi", 21.55, [19.3, 23.2, 27.9]),
    ("min", 21.55, [19, 23, 27]),
    ("min", 1, [None, 1, 1]),
])  # fmt: skip
def test_an_amount_is_told_in_whole_steps_of_its_unit(
    rulebook: Rulebook, unit: str, sustainable: float, told: list[float | None]
) -> None:
    intake = {**LOAD, "volume_unit": unit, "volume_sustainable": sustainable}
    result = assess(rulebook, intake)
    assert [result.display[key] for key in AMOUNTS] == told
    assert result.to_dict()["plan"]["display"] == result.display
    # Rounding twice, to a hundredth and to a step, is rounding once.
    step = rulebook.quantities["volume"].step_of(unit)
    for key, shown in result.display.items():
        exact = Fraction(str(result.plan[key]))
        assert 0 <= exact - Fraction(str(shown or 0)) < step
    decided = engine_of(rulebook, Columns).decide(frame_of(rulebook, [read_answers(rulebook, intake)]))
    assert [decided.get_column(f"plan_display_{key}")[0] for key in AMOUNTS] == told


def test_where_there_is_no_number_there_is_nothing_to_display(rulebook: Rulebook) -> None:
    result = assess(rulebook, {**LOAD, "volume_unit": "km", "volume_sustainable": "unknown"})
    assert result.display == {}
    assert "display" not in result.to_dict()["plan"]


def test_a_check_in_displays_the_next_week_and_the_most_it_may_hold(checkin_part: Rulebook) -> None:
    ramp = {"programme": "gradual_ramp", "week": 8, "volume_unit": "km", "ramp_pct": 10}
    week = {"new_warning_signs": ["none"], "weeks_missed": 0, "run_pain": 0, "next_morning": "same"}
    said = check_in(checkin_part, {"enrolled": ramp, "checkin": {**week, "volume_done": 19.36}})
    assert said.plan["next_volume"] == 21.29
    assert said.display == {"next_volume": 21.2, "next_volume_max": 25.1}
