"""An intake is read exactly, and all that is wrong with it is told at once."""

import pickle
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from afterrun import IntakeError, Rulebook, as_intake, assess, explain, read_answers
from afterrun.inference import FactMaker
from afterrun.intake import PartlyAsked
from afterrun.rulebook import engine_of
from tests.support.random_input.intakes import CALM, LAW, random_intake, randoms


def problems_of(rulebook: Rulebook, intake: dict[str, Any]) -> dict[str, str]:
    """What is told, by key."""
    with pytest.raises(IntakeError) as caught:
        read_answers(rulebook, intake)
    return {problem.key: str(problem) for problem in caught.value.problems}


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"pain_sight": ["muscle"]}, "pain_sight", "no question has this name. Did you mean 'pain_site'?"),
    ({"Pain-Site": ["muscle"]}, "Pain-Site", "Did you mean 'pain_site'?"),
    ({"volume_units": "km"}, "volume_units", "Did you mean 'volume_unit'?"),
    ({"zzzz": 1}, "zzzz", "no question has this name"),
    (
        {"pain_site": ["below_kneecup"]},
        "pain_site",
        "no option 'below_kneecup'. Did you mean 'below_kneecap'?",
    ),
    ({"pain_site": ["muscle", "inner_side", "outer_side"]}, "pain_site", "at most 2 options, not 3"),
    ({"pain_site": ["muscle", "muscle"]}, "pain_site", "twice"),
    ({"pain_site": "muscle"}, "pain_site", "takes a list of words, not the text 'muscle'"),
    ({"pain_site": ["muscle", 3]}, "pain_site", "takes a list of words"),
    ({"pain_site": {"muscle": True}}, "pain_site", "not an object"),
    ({"pain_site": "unknown"}, "pain_site", "takes a list"),
    ({"injury_onset": "unknown"}, "injury_onset", "'unknown' is not offered here"),
    ({"injury_onset": "maybe"}, "injury_onset", "choose from no, within_week"),
    ({"injury_onset": False}, "injury_onset", "takes one word, not false"),
    ({"injury_onset": ["no"]}, "injury_onset", "takes one word, not a list"),
    ({"age_years": "unknown"}, "age_years", "'unknown' is not offered here"),
    ({"age_years": 9}, "age_years", "9 is too small: from 10 to 100 years"),
    ({"age_years": 101}, "age_years", "101 is too large"),
    ({"age_years": 34.5}, "age_years", "takes a whole number, not 34.5"),
    ({"age_years": True}, "age_years", "takes a whole number, not true"),
    ({"age_years": "34"}, "age_years", "takes a whole number, not the text '34'"),
    ({"age_years": float("nan")}, "age_years", "takes a whole number, not nan"),
    ({"weeks_since_onset": float("inf")}, "weeks_since_onset", "takes a number, not inf"),
    ({"weeks_since_onset": Decimal("NaN")}, "weeks_since_onset", "takes a number"),
    ({"weeks_since_onset": -0.01}, "weeks_since_onset", "too small"),
    ({"volume_before": 20}, "volume_unit", "is missing: volume_before needs a unit, one of km, mi, min"),
    ({"volume_before": 301, "volume_unit": "km"}, "volume_before", "from 0 to 300 km"),
    ({"volume_before": 191, "volume_unit": "mi"}, "volume_before", "from 0 to 190 mi"),
    ({"volume_before": "20 mi", "volume_unit": "km"}, "volume_before", "two units"),
    (
        {"volume_before": "20 km", "volume_unit": "km"},
        "volume_before",
        "takes 20, with the unit under volume_unit",
    ),
    ({"volume_unit": ["km", "mi"]}, "volume_unit", "two units"),
    ({"volume_unit": "km, mi"}, "volume_unit", "two units"),
    ({"volume_unit": "kms"}, "volume_unit", "'kms' is no unit; use one of km, mi, min"),
    ({"volume_unit": 3}, "volume_unit", "'3' is no unit"),
    ({"record_id": True}, "record_id", "takes a word or a whole number, not true"),
    ({"record_id": 1.5}, "record_id", "takes a word or a whole number"),
    ({"record_id": "x" * 201}, "record_id", "longer than 200"),
]


@pytest.mark.parametrize(
    ("intake", "key", "words"), WRONG, ids=[f"{key}-{words[:40]}" for _, key, words in WRONG]
)
def test_what_no_question_allows_is_told(
    rulebook: Rulebook, intake: dict[str, Any], key: str, words: str
) -> None:
    problems = problems_of(rulebook, intake)
    assert list(problems) == [key]
    assert words in problems[key]


def test_every_problem_is_told_at_once(rulebook: Rulebook) -> None:
    intake = {
        "age_years": 7,
        "pain_sight": [],
        "injury_onset": "na",
        "volume_goal": 5,
        "pain_timing": "never",
    }
    assert set(problems_of(rulebook, intake)) == {
        "age_years", "pain_sight", "injury_onset", "volume_unit", "pain_timing",
    }  # fmt: skip


@pytest.mark.parametrize("blank", [None, "", " \t", [], ()])
def test_a_blank_is_no_answer(rulebook: Rulebook, blank: Any) -> None:
    everything = dict.fromkeys([*rulebook.questions, "volume_unit", "record_id"], blank)
    assert read_answers(rulebook, everything) == read_answers(rulebook, {})


@pytest.mark.parametrize("raw", [1.3, Decimal("1.3"), Decimal("1.30")])
def test_a_number_is_its_decimal_digits(rulebook: Rulebook, raw: Any) -> None:
    assert read_answers(rulebook, {"weeks_since_onset": raw}).values["weeks_since_onset"] == Fraction(13, 10)


@pytest.mark.parametrize(("before", "last", "percent", "level"), [
    (1, 1.3, 30, "possible"),
    (20, 26, 30, "possible"),
    (20, Decimal("26.0"), 30, "possible"),
    (10, 13, 30, "possible"),
    (0.1, 0.13, 30, "possible"),
    (20, 26.01, Fraction("30.05"), "likely"),
    (1, 1.31, 31, "likely"),
    (0, 1, float("inf"), "likely"),
])  # fmt: skip
def test_a_rise_of_exactly_thirty_percent_is_not_more_than_thirty(
    rulebook: Rulebook, before: Any, last: Any, percent: Any, level: str
) -> None:
    intake = {
        "pain_site": ["inner_side"],
        "running_status": "regular_more",
        "volume_before": before,
        "volume_last_week": last,
        "volume_unit": "km",
    }
    values = read_answers(rulebook, intake).values
    assert engine_of(rulebook, FactMaker).numbers(values)("weekly_rise_percent") == percent
    truth = {
        each.conclusion.rpartition(".")[2]: each.value
        for each in explain(rulebook, intake, "training_load")
        if each.conclusion.startswith("pattern.")
    }
    assert truth == {"likely": level == "likely", "possible": True}


def test_a_record_id_is_carried_as_text(rulebook: Rulebook) -> None:
    assert assess(rulebook, {"record_id": " P-7 "}).to_dict()["record_id"] == "P-7"
    assert assess(rulebook, {"record_id": 7}).record_id == "7"
    assert "record_id" not in assess(rulebook, {}).to_dict()


def test_a_unit_alone_is_no_answer(rulebook: Rulebook) -> None:
    answers = read_answers(rulebook, {"volume_unit": "mi"})
    assert (dict(answers.values), answers.units) == ({}, {"volume_unit": "mi"})
    assert read_answers(rulebook, {"volume_goal": "unknown"}).units == {}


@LAW
@given(chance=randoms())
def test_answers_written_out_read_back_the_same(rulebook: Rulebook, chance: random.Random) -> None:
    answers = read_answers(rulebook, {**random_intake(rulebook, chance, CALM), "record_id": "a"})
    again = read_answers(rulebook, as_intake(rulebook, answers))
    assert (again.values, again.record_id) == (answers.values, answers.record_id)
    assert as_intake(rulebook, again) == as_intake(rulebook, answers)
    assert assess(rulebook, again).to_dict() == assess(rulebook, answers).to_dict()


def test_ticks_of_a_list_that_was_shown_in_part_are_not_those_of_a_whole_one() -> None:
    """Nor as a key, nor the other way round: with the one there is more that is open."""
    whole, part, other = frozenset({"a"}), PartlyAsked({"a"}, {"b"}), PartlyAsked({"a"}, {"c"})
    assert len({whole, part, other}) == 3
    assert part not in {whole: 1}
    assert whole not in {part: 1}
    for one, another in ((whole, part), (part, whole), (part, other), (part, PartlyAsked({"d"}, {"b"}))):
        assert one != another
        assert not one == another  # noqa: SIM201 - each way of asking is written by itself
    assert part != "a"
    assert {part: 1}[PartlyAsked({"a"}, {"b"})] == 1
    # Where all was shown after all, it is the same answer.
    assert PartlyAsked({"a"}) == whole
    assert {whole: 1}[PartlyAsked({"a"})] == 1
    assert pickle.loads(pickle.dumps(part)) == part
