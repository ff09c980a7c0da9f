"""Nearest changes: each is replayed, none can be made smaller, and none is missed."""

from __future__ import annotations

import itertools
import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from afterrun import (
    AfterrunError,
    IntakeError,
    Rulebook,
    UnknownNameError,
    load_rulebook,
    nearest_changes,
    read_answers,
)
from afterrun.explanation import AnswerChange, NearestChange
from afterrun.inference import conclude, facts_of
from afterrun.intake import Answers
from tests.support.paths import DATA
from tests.support.random_input.intakes import CALM, LAW, random_intake, randoms
from tests.support.random_input.rulebooks import random_rulebooks, small_rulebook, write_files

CASES = {
    case["id"]: case["answers"]
    for line in (DATA / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    for case in [json.loads(line)]
}
Keys = frozenset[tuple[str, str]]


def truth_of(rulebook: Rulebook, intake: dict[str, Any], proposition: str) -> bool | None:
    facts = facts_of(rulebook, read_answers(rulebook, intake))
    return conclude(rulebook, facts, "reference").truths.get(proposition)


def keys_of(rulebook: Rulebook, changes: tuple[AnswerChange, ...]) -> Keys:
    """What is changed, as the library counts it: ticks, choices, directions of numbers."""
    keys: set[tuple[str, str]] = set()
    for change in changes:
        question = rulebook.questions[change.question]
        keys |= {(question.id, each) for each in (*change.ticked, *change.unticked)}
        if question.type == "single":
            keys.add((question.id, change.instead))
        elif question.type != "multi":
            keys.add((question.id, way(change.now, change.instead)))
    return frozenset(keys)


def way(now: Any, instead: Any) -> str:
    if instead == "unknown":
        return "unknown"
    if now is None or now == "unknown":
        return "answered"
    return "higher" if instead > now else "lower"


def told(each: NearestChange) -> list[tuple[str, Any]]:
    return [
        (change.question, list(change.ticked or change.unticked) or change.instead) for change in each.changes
    ]


@given(randoms())
@LAW
def test_a_set_proves_or_refutes_what_it_says_and_no_part_of_it_does(
    rulebook: Rulebook, chance: random.Random
) -> None:
    intake = random_intake(rulebook, chance, CALM)
    proposition = chance.choice(list(rulebook.propositions))
    for nearest in nearest_changes(rulebook, intake, proposition, at_most=2):
        chosen = chance.sample(nearest.sets, min(10, len(nearest.sets)))
        for each in chosen:
            assert truth_of(rulebook, dict(each.intake), proposition) is nearest.wanted
            for change in each.changes if len(each.changes) > 1 else ():
                fewer = {**each.intake, change.question: change.now}
                assert truth_of(rulebook, fewer, proposition) is not nearest.wanted


@pytest.mark.slow
def test_nothing_smaller_exists_and_nothing_is_missed(tmp_path: Path) -> None:
    tried = 0
    for chance, rulebook in random_rulebooks(tmp_path, range(40)):
        if any(len(question.options) > 5 for question in rulebook.questions.values()):
            continue
        intake = random_intake(rulebook, chance)
        solutions = _by_force(rulebook, intake, at_most=2)
        for proposition in chance.sample(list(rulebook.propositions), min(4, len(rulebook.propositions))):
            for nearest in nearest_changes(rulebook, intake, proposition, at_most=2):
                found = {keys_of(rulebook, each.changes) for each in nearest.sets}
                by_force = {keys for keys, truths in solutions if truths.get(proposition) is nearest.wanted}
                for keys in by_force:
                    assert any(each <= keys for each in found), (intake, proposition, keys)
                for each in found:
                    assert not any(keys < each for keys in by_force), (intake, proposition, each)
                tried += bool(found)
    assert tried > 40


def _by_force(rulebook: Rulebook, intake: dict[str, Any], at_most: int) -> list[tuple[Keys, Any]]:
    """Every intake that differs in up to `at_most` answers or ticks, with all that it settles."""
    base = read_answers(rulebook, intake)
    numbers = {Fraction(each, 2) for each in range(41)}
    for variable in rulebook.variables.values():
        numbers |= {each + step for each in variable.thresholds for step in (0, Fraction(1, 100))}
    options: dict[str, list[tuple[Keys, Any]]] = {}
    for question in rulebook.questions.values():
        now: Any = base.values.get(question.id)
        choices: list[tuple[Keys, Any]] = []
        if question.type == "multi":
            ids = [option.id for option in question.options]
            for count in range(1, at_most + 1):
                for toggled in itertools.combinations(ids, count):
                    ticked = (now or frozenset()) ^ set(toggled)
                    if ticked:
                        choices.append((frozenset((question.id, each) for each in toggled), ticked))
        elif question.type == "single":
            choices = [(frozenset({(question.id, each.id)}), each.id) for each in question.options]
        else:
            whole = question.type == "integer"
            for number in numbers:
                if 0 <= number <= 20 and not (whole and number.denominator > 1) and number != now:
                    plain = now if isinstance(now, Fraction) else None if now is None else "unknown"
                    choices.append((frozenset({(question.id, way(plain, number))}), number))
        options[question.id] = [each for each in choices if each[1] != now]
    found = []
    for count in range(1, at_most + 1):
        for questions in itertools.combinations(options, count):
            for combination in itertools.product(*(options[name] for name in questions)):
                keys = frozenset[tuple[str, str]]().union(*(each for each, _ in combination))
                if len(keys) <= at_most:
                    new = dict(zip(questions, (value for _, value in combination), strict=True))
                    facts = facts_of(rulebook, Answers({**base.values, **new}, {}))
                    found.append((keys, conclude(rulebook, facts, "compiled").truths))
    return found


def test_the_smallest_come_first_and_age_is_never_among_them(rulebook: Rulebook) -> None:
    (nearest,) = nearest_changes(rulebook, CASES["V001"], "triage.self_care")
    sizes = [each.size for each in nearest.sets]
    assert sizes == sorted(sizes)
    assert sizes[0] == 1
    assert all(change.question != "age_years" for each in nearest.sets for change in each.changes)


def test_a_number_is_told_with_all_that_would_do(rulebook: Rulebook) -> None:
    (nearest,) = nearest_changes(rulebook, CASES["V001"], "pattern.training_load.likely")
    ranges = {
        tuple(change.instead for change in each.changes): each.changes[-1].range for each in nearest.sets
    }
    chosen = ranges["regular_more", 27]
    assert chosen is not None
    assert chosen.to_dict() == {"over": 26}
    (gap,) = nearest_changes(rulebook, CASES["V001"], "pattern.strength_gap.likely")
    whole = [change for each in gap.sets for change in each.changes if change.question == "strength_sessions"]
    assert {json.dumps(each.range.to_dict()) for each in whole if each.range} == {'{"at_most": 1}'}


def test_two_numbers_are_found_together(tmp_path: Path) -> None:
    numbers = [{"id": each, "type": "number", "at_least": 0, "at_most": 100} for each in ("before", "last")]
    test = {"all": [{"rise": {"over": 20, "at_most": 30}}, {"before": {"at_least": 50}}]}
    files = small_rulebook(
        [{"id": "steep", "if": test, "then": "steep"}],
        numbers,
        ["steep"],
        measures=[
            {
                "id": "rise",
                "text": "Rise",
                "formula": {"percent_change": {"from": "before", "to": "last"}},
                "sources": ["anyone-2020"],
            }
        ],
    )
    small = load_rulebook(write_files(tmp_path, files))
    (nearest,) = nearest_changes(small, {"before": 10, "last": 10}, "steep", True)
    (only,) = nearest.sets
    assert only.size == 2
    assert 20 < (only.intake["last"] / only.intake["before"] - 1) * 100 <= 30.0001


def test_ticking_a_sign_takes_the_tick_from_none_of_these(rulebook: Rulebook) -> None:
    (nearest,) = nearest_changes(rulebook, CASES["V001"], "triage.urgent", at_most=1)
    swollen = next(each for each in nearest.sets if each.intake["warning_signs"] == ["calf_swollen"])
    (change,) = swollen.changes
    assert (change.ticked, change.unticked, swollen.size) == (("calf_swollen",), ("none",), 1)
    (back,) = nearest_changes(rulebook, dict(swollen.intake), "triage.urgent", False, at_most=1)
    assert ["warning_signs", ["none"]] in [list(each) for one in back.sets for each in told(one)]


def test_no_more_is_ticked_than_a_question_takes(rulebook: Rulebook) -> None:
    intake = {**CASES["V001"], "pain_site": ["inner_side", "outer_side"]}
    (nearest,) = nearest_changes(rulebook, intake, "pattern.patellar_tendon.likely", True)
    assert nearest.sets
    assert all(len(each.intake["pain_site"]) <= 2 for each in nearest.sets)


def test_what_is_open_is_both_proved_and_refuted(rulebook: Rulebook) -> None:
    wanted = [each.wanted for each in nearest_changes(rulebook, {}, "load-related", at_most=1)]
    assert wanted == [True, False]


def test_what_is_wanted_already_needs_no_change(rulebook: Rulebook) -> None:
    assert nearest_changes(rulebook, CASES["V001"], "pattern.patellar_tendon.likely", True) == ()


def test_bad_input_is_told(rulebook: Rulebook) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'patellar_tendon'"):
        nearest_changes(rulebook, {}, "patellar_tendno")
    with pytest.raises(IntakeError, match="no question has this name"):
        nearest_changes(rulebook, {"age": 3}, "triage")
    with pytest.raises(AfterrunError, match="ask for 1 or more"):
        nearest_changes(rulebook, {}, "triage", at_most=0)
