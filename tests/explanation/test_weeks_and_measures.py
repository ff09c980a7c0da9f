"""Numbers that no key of the plan gives: the amounts of its weeks, and measures, each with its arithmetic."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import inf
from typing import Any

import pytest

from afterrun import Result, Rulebook, UnknownNameError
from afterrun.assessment import Case, result_of
from afterrun.explanation import PlanNumber, explained
from afterrun.rulebook import Mark, rounded_down
from afterrun.schedule import weeks
from tests.assessment.test_cases import CASES

BY_ID = {case.id: case.answers for case in CASES}
STARTER = {**BY_ID["V014"], "volume_goal": 60}
"""Whose running grows for a dozen weeks."""
START = date(2027, 3, 1)


def named(rulebook: Rulebook, answers: Mapping[str, Any], *names: str) -> tuple[PlanNumber, ...]:
    return explained(Case.of(rulebook, answers, "compiled"), names).numbers


@pytest.mark.slow
def test_every_amount_of_every_week_is_explained_as_it_is_told(rulebook: Rulebook) -> None:
    """Its arithmetic gives it, rounded as told, and each number that it is made from is one itself."""
    worked = before = 0
    for shared in CASES[::6]:
        case = Case.of(rulebook, shared.answers, "compiled")
        plan = weeks(rulebook, result_of(case), START)
        told = {each.plan_week: each.amount for each in plan.weeks if each.amount is not None}
        if not told:
            continue
        found = explained(case, [f"week{week}_volume" for week in told]).numbers
        # A key of the plan that is called as a week, and has no value, comes before it.
        numbers = {each.key: each for each in found}
        for week, amount in told.items():
            each = numbers[f"week{week}_volume"]
            json.dumps(each.to_dict(), allow_nan=False)
            assert each.state != "absent"
            assert each.item.sources
            if amount.value is None:
                assert each.display is None
                assert each.item.asked_later or each.note or each.working is None or each.missing
                continue
            shown = each.value if each.display is None else each.display
            assert shown == amount.value, (shared.id, week)
            if each.working is not None:
                worked += 1
                assert isinstance(each.working.value, Fraction)
                assert float(rounded_down(each.working.value)) == each.value
                for given in each.inputs if each.kind == "week" else ():
                    if given.question in numbers:
                        before += 1
                        assert given.reads.split()[0] == f"{numbers[given.question].value:g}"
    assert worked > 100
    assert before > 50


def test_a_week_that_grows_is_told_from_the_week_before(rulebook: Rulebook) -> None:
    answers = {**STARTER, "volume_sustainable": 19.99}
    sixth, seventh, eighth = named(rulebook, answers, "week6_volume", "week7_volume", "week8_volume")
    assert (sixth.kind, seventh.kind) == ("plan", "week")
    assert seventh.working is not None
    assert eighth.working is not None
    assert [each.words for each in seventh.working.steps] == [
        "25.9 x (1 + 20 / 100) = 31.08",
        "31.08 rounded down to whole steps of 0.01 = 31.08",
        "25.9 x (1 + 30 / 100) = 33.67",
        "31.08, at most 33.67 = 31.08",
        "31.08, at most 60 = 31.08",
    ]
    assert seventh.working.formula.endswith("at most volume_goal")
    assert [(each.question, each.reads) for each in eighth.inputs] == [
        ("week7_volume", "31.08 km"),
        ("volume_goal", "60"),
        ("weekly_cap_pct", "30 %"),
    ]
    assert [each.subject for each in eighth.choices] == ["parameter.ramp_pct"]
    assert seventh.lines[0].waits_for[0].name == "intervention.gradual_ramp.recommended"


def test_a_week_of_the_same_amount_is_told_as_the_key_that_it_comes_from(rulebook: Rulebook) -> None:
    week, base = named(rulebook, STARTER, "week3_volume", "baseline_volume")
    assert week.to_dict() | {"key": 0, "text": 0, "kind": 0} == base.to_dict() | {
        "key": 0,
        "text": 0,
        "kind": 0,
    }
    (banned,) = named(rulebook, BY_ID["V001"], "week7_volume")
    assert (banned.value, banned.kind) == (0, "week")


def test_why_the_plan_has_no_such_week_is_told(rulebook: Rulebook) -> None:
    (beyond,) = named(rulebook, STARTER, "week90_volume")
    last = max(each.plan_week for each in weeks(rulebook, _result(rulebook, STARTER), START).weeks)
    assert beyond.state == "absent"
    assert beyond.note == f"The plan is laid out for {last} weeks."
    assert not beyond.lines
    for answers in (STARTER, {}):
        (never,) = named(rulebook, answers, "week105_volume")
        assert (never.state, never.note) == ("absent", "No plan is laid out for more than 104 weeks.")


@pytest.mark.parametrize("answers", [{}, {"age_years": 34}])
def test_a_week_of_which_nothing_is_known_yet_is_open(rulebook: Rulebook, answers: Mapping[str, Any]) -> None:
    fifth, ninth = named(rulebook, answers, "week5_volume", "week9_volume")
    assert (fifth.state, ninth.state, ninth.to_dict()["state"]) == ("open", "open", "open")
    assert rulebook.schedule is not None
    assert len(ninth.lines) == sum(each.amount is not None for each in rulebook.schedule.courses)
    for line in ninth.lines:
        assert line.applies is None
        assert {each.status for each in line.waits_for} == {"open"}


def test_while_an_answer_is_lacking_a_week_beyond_the_last_is_open(rulebook: Rulebook) -> None:
    """The level, or the amount that is not known, may still change how many weeks there are."""
    for lacking in ("warning_signs", "volume_sustainable"):
        answers = {name: each for name, each in STARTER.items() if name != lacking}
        (beyond,) = named(rulebook, answers, "week90_volume")
        assert beyond.state == "open"
        assert beyond.note.startswith("As it stands, the plan is laid out for ")


def test_the_weeks_that_the_triage_hides_are_explained_and_said_to_be_hidden(rulebook: Rulebook) -> None:
    urgent = {**STARTER, "warning_signs": ["calf_swollen"]}
    weeks_of = [f"week{week}_volume" for week in (2, 7, 9, 90)]
    seen, hidden = named(rulebook, STARTER, *weeks_of), named(rulebook, urgent, *weeks_of)
    assert [each.state for each in hidden] == ["given", "given", "given", "absent"]
    for shown, same in zip(seen, hidden, strict=True):
        assert (shown.hidden, same.hidden) == (False, True)
        assert (same.value, same.display, same.working) == (shown.value, shown.display, shown.working)
        assert same.note == shown.note
    with pytest.raises(UnknownNameError) as error:
        named(rulebook, urgent, "week7_volum")
    assert "week7_volume" not in str(error.value)


def _result(rulebook: Rulebook, answers: Mapping[str, Any]) -> Result:
    return result_of(Case.of(rulebook, answers, "compiled"))


def test_every_measure_is_explained_with_its_arithmetic(rulebook: Rulebook) -> None:
    for answers in [*BY_ID.values()][::60]:
        case = Case.of(rulebook, answers, "compiled")
        for name, measure in rulebook.measures.items():
            (each,) = explained(case, [name]).numbers
            json.dumps(each.to_dict(), allow_nan=False)
            number = case.planner.number(name)
            assert each.kind == "measure"
            assert each.working is not None
            assert each.working.value == number
            assert each.item.sources == measure.sources
            if isinstance(number, Mark) or number == inf:
                assert each.value is None
            else:
                assert each.value == float(number)
            for given in each.inputs:
                assert (given.how == "open") <= (given.question in each.missing)


@pytest.mark.parametrize(
    ("last", "before", "words"),
    [(26, 20, "30 %"), (5, 0, "without bound"), ("unknown", 4, "nothing"), (None, 4, "not known yet")],
)
def test_a_rise_is_told_by_its_name(rulebook: Rulebook, last: object, before: object, words: str) -> None:
    answers = {**STARTER, "volume_last_week": last, "volume_before": before}
    (rise,) = named(
        rulebook, {key: each for key, each in answers.items() if each is not None}, "weekly_rise_percent"
    )
    assert rise.working is not None
    assert rise.working.words == words
    assert bool(rise.working.steps) is (words != "not known yet")
