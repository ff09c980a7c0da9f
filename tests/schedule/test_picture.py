"""The picture of a plan: its words are printed over nothing, whatever the goal and however long the plan."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterrun.schedule import as_svg, words_as_svg
from tests.schedule.test_weeks import BELOW, INNER, RULEBOOK, START, STRONG, WEAK, plan, random_plan
from tests.support.random_input.intakes import LAW, randoms
from tests.support.readers.pictures import overprinted, words_in

MILES = {"running_status": "regular_more", "volume_unit": "mi", "volume_last_week": 10, "volume_before": 8}
AFTER = {"pain_timing": "after_within_hours"}


@LAW
@given(randoms(), st.dates(date(2024, 1, 1), date(2035, 1, 1)))
def test_no_word_stands_on_another_in_any_plan(chance: Any, start: date) -> None:
    _, schedule = random_plan(chance, start)
    if schedule.weeks:
        assert overprinted(as_svg(schedule)) == []


@LAW
@given(
    st.sampled_from(RULEBOOK.quantities["volume"].units).flatmap(
        lambda unit: st.tuples(st.just(unit.id), st.integers(1, min(300, int(unit.at_most))))
    ),
    st.floats(0.05, 1).map(lambda part: round(part, 2)),
    st.sampled_from([BELOW, INNER]),
)
def test_no_word_stands_on_another_at_any_goal(
    aim: tuple[str, int], part: float, where: dict[str, Any]
) -> None:
    unit, goal = aim
    told = max(round(goal * part, 1), 1)
    runs = {"volume_unit": unit, "volume_last_week": told, "volume_before": told, "volume_sustainable": told}
    status = {"running_status": "regular_same", "volume_goal": goal}
    schedule = plan(where, AFTER, STRONG, runs, status)
    drawn = as_svg(schedule)
    assert overprinted(drawn) == []
    if schedule.goal is not None:
        assert any(each.words.startswith("goal: ") for each in words_in(drawn))


@pytest.mark.parametrize("goal", [20, 16, 12, 24, 32])
def test_a_goal_at_the_top_of_the_axis_stands_beside_the_legend(goal: int) -> None:
    drawn = as_svg(plan(INNER, AFTER, STRONG, MILES, {"volume_sustainable": 8, "volume_goal": goal}))
    found = {each.words: each for each in words_in(drawn)}
    label, legend = (
        found[f"goal: {goal} mi"],
        found["the most that the week may hold, counted from the week before"],
    )
    assert (label.top, label.bottom) == (legend.top, legend.bottom)
    assert not label.meets(legend)


@pytest.mark.parametrize(
    ("where", "says"),
    [
        (BELOW, ["0 km", "asked in week 12", "follows from the four weeks before"]),
        (INNER, ["to be found"]),
    ],
)
def test_a_plan_that_knows_no_amount_has_no_axis_and_says_when_it_is_asked(
    where: dict[str, Any], says: list[str]
) -> None:
    runs = {"volume_unit": "km", "volume_last_week": 20, "volume_before": 10, "volume_sustainable": 0}
    schedule = plan(where, AFTER, STRONG, runs, {"running_status": "regular_more", "volume_goal": "unknown"})
    assert schedule.goal is None
    drawn = as_svg(schedule)
    assert not re.findall(r'class="(?:axis|grid|unknown|nothing)"', drawn)
    words = " ".join(each.words for each in words_in(drawn))
    assert "Running in a week." in words
    assert [each for each in says if each not in words] == []


def test_a_long_name_in_weeks_without_running_gives_way() -> None:
    schedule = plan(BELOW, AFTER, WEAK, MILES, {"volume_sustainable": 8, "volume_goal": 20})
    spans = tuple(each._replace(name=each.name * 8) for each in schedule.spans)
    drawn = as_svg(schedule.__class__(**{**vars(schedule), "spans": spans}))
    assert "0 mi" in {each.words for each in words_in(drawn)}
    assert not [each for each in overprinted(drawn) if "0 mi" in each]


def test_words_in_place_of_a_picture_stay_on_it() -> None:
    for level in RULEBOOK.triage.values():
        assert overprinted(words_as_svg(level.name, f"{level.opening} {level.do}")) == []


def test_what_overprints_is_noticed() -> None:
    drawn = as_svg(
        plan(INNER, AFTER, STRONG, MILES, {"volume_sustainable": 8, "volume_goal": 20}, start=START)
    )
    moved = drawn.replace(">goal: 20 mi<", "><").replace(
        "</svg>", '<text class="small" x="64.0" y="90.0" text-anchor="start">goal: 20 mi</text></svg>'
    )
    assert overprinted(drawn) == []
    assert any("the most that the week may hold" in each for each in overprinted(moved))
