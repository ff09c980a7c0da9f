"""The interview asks only what can still change the result, and may stop where it does."""

import itertools
import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from afterrun import NextQuestion, Result, Rulebook, assess, next_question, read_answers
from afterrun.assessment.case import Case
from afterrun.inference import facts_of, infer
from afterrun.rulebook import Truth, truth_given
from tests.support.paths import DATA
from tests.support.random_input.intakes import (
    CALM,
    Intake,
    as_many,
    blank_questions,
    random_answer,
    random_intake,
)
from tests.support.random_input.rulebooks import random_rulebooks

CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (DATA / "cases.jsonl").read_text(encoding="utf-8").splitlines()
]


class Interview(NamedTuple):
    """An interview held to its end: what was asked, and what was known before each question and after all."""

    person: Intake
    asked: list[NextQuestion]
    known: list[Intake]
    passed_over: frozenset[str]

    @property
    def names(self) -> list[str]:
        return [each.question.id for each in self.asked]

    @property
    def intake(self) -> Intake:
        return self.known[-1]


def interview(rulebook: Rulebook, person: Mapping[str, Any]) -> Interview:
    """Ask a person who knows the answers of an intake, and passes over what is blank there.

    The compiled logic draws the conclusions: that the other engines draw the same has laws of its own.
    """
    known: Intake = {}
    history = [dict(known)]
    asked: list[NextQuestion] = []
    passed: frozenset[str] = frozenset()
    while (following := next_question(rulebook, known, passed, engine="compiled")) is not None:
        asked.append(following)
        assert len(asked) <= len(rulebook.questions), "the interview does not end"
        question = following.question
        if person.get(question.id) in (None, "", []):
            passed |= {question.id}
        else:
            known[question.id] = person[question.id]
            if question.quantity and person[question.id] != "unknown":
                key = rulebook.quantities[question.quantity].unit_key
                known[key] = person[key]
        history.append(dict(known))
    return Interview(dict(person), asked, history, passed)


def random_person(rulebook: Rulebook, chance: random.Random) -> Intake:
    """Someone who can answer everything, but may leave optional questions blank."""
    person = random_intake(rulebook, chance, CALM)
    units = {quantity.unit_key: person[quantity.unit_key] for quantity in rulebook.quantities.values()}
    for name in blank_questions(rulebook, person):
        question = rulebook.questions[name]
        if not question.optional:
            person[name] = random_answer(rulebook, question, chance, units)
    return person


def shown(result: Result) -> dict[str, Any]:
    """What a person sees and acts upon."""
    return {
        "triage": result.triage,
        "patterns": result.patterns,
        "interventions": result.interventions,
        "plan": result.plan,
    }


def filled_in(rulebook: Rulebook, held: Interview, person: Intake, chance: random.Random) -> Intake:
    """The intake of an interview with anything valid under the questions never asked."""
    units = {quantity.unit_key: person[quantity.unit_key] for quantity in rulebook.quantities.values()}
    intake = {**units, **held.intake}
    for name in rulebook.questions:
        if name not in held.names and chance.random() < 0.9:
            intake[name] = random_answer(rulebook, rulebook.questions[name], chance, units)
    return intake


@pytest.fixture(scope="module")
def interviews(rulebook: Rulebook) -> list[Interview]:
    """Those that the laws below look at: of people with random answers, the same in every run."""
    return [interview(rulebook, random_person(rulebook, random.Random(seed))) for seed in range(as_many(150))]


@pytest.fixture(scope="module")
def worked(rulebook: Rulebook) -> dict[str, Interview]:
    """Those of the worked cases, by their id."""
    return {case["id"]: interview(rulebook, case["answers"]) for case in CASES}


class TestStoppingIsSafe:
    @pytest.mark.slow
    def test_whatever_the_questions_never_asked_would_be_answered(
        self, rulebook: Rulebook, interviews: list[Interview]
    ) -> None:
        chance = random.Random(0)
        for held in interviews:
            before = shown(assess(rulebook, held.intake, engine="reference"))
            for _ in range(8):
                intake = filled_in(rulebook, held, held.person, chance)
                after = shown(assess(rulebook, intake, engine="reference"))
                assert after == before, f"asked {held.intake}, then {intake}"

    @pytest.mark.slow
    def test_in_any_rulebook(self, tmp_path: Path) -> None:
        for chance, rulebook in random_rulebooks(tmp_path, range(3000, 3060)):
            for _ in range(4):
                person = random_person(rulebook, chance)
                held = interview(rulebook, person)
                before = shown(assess(rulebook, held.intake, engine="reference"))
                for _ in range(5):
                    intake = filled_in(rulebook, held, person, chance)
                    assert shown(assess(rulebook, intake, engine="reference")) == before, intake


class TestAQuestionIsAskedOnlyWhileItsAnswerCanMatter:
    @pytest.mark.slow
    def test_it_is_open_not_answered_not_skipped_and_comes_once(
        self, rulebook: Rulebook, interviews: list[Interview]
    ) -> None:
        for held in interviews:
            assert len(set(held.names)) == len(held.names)
            for name, known in zip(held.names, held.known, strict=False):
                assert name not in known
                assert name in Case.of(rulebook, known, "reference").open_questions, held.intake
                assert skipped(rulebook, name, known) is not True

    @pytest.mark.slow
    def test_it_says_which_conclusions_it_can_change_and_these_are_open(
        self, rulebook: Rulebook, interviews: list[Interview]
    ) -> None:
        for held in interviews:
            for each, known in zip(held.asked, held.known, strict=False):
                truths = infer(rulebook, facts_of(rulebook, read_answers(rulebook, known))).truths
                assert each.changes
                assert all(name == "plan" or name in rulebook.propositions for name in each.changes)
                assert not set(each.changes) & set(truths), held.intake

    def test_at_the_end_nothing_is_open_but_what_was_passed_over(
        self, rulebook: Rulebook, interviews: list[Interview]
    ) -> None:
        for held in interviews:
            assert set(assess(rulebook, held.intake).open_questions) <= held.passed_over, held.intake


class TestTheEndIsInSight:
    def test_the_number_of_questions_left_at_most_is_never_exceeded_and_never_grows(
        self, interviews: list[Interview]
    ) -> None:
        for held in interviews:
            bounds = [each.left_at_most for each in held.asked]
            assert all(len(held.asked) - place <= bound for place, bound in enumerate(bounds)), held.intake
            assert all(later < earlier for earlier, later in itertools.pairwise(bounds)), held.intake

    @pytest.mark.slow
    def test_the_worked_cases_need_clearly_fewer_than_all_questions(
        self, rulebook: Rulebook, worked: dict[str, Interview], record_property: Any
    ) -> None:
        counts = [len(held.asked) for held in worked.values()]
        mean = sum(counts) / len(counts)
        record_property("mean_questions_asked", mean)
        print(f"{mean:.1f} of {len(rulebook.questions)} questions on average, {min(counts)} to {max(counts)}")
        assert mean < 20

    @pytest.mark.slow
    @pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
    def test_an_interview_ends_in_the_result_of_the_whole_intake(
        self, rulebook: Rulebook, worked: dict[str, Interview], case: dict[str, Any]
    ) -> None:
        assert shown(assess(rulebook, worked[case["id"]].intake)) == shown(assess(rulebook, case["answers"]))


class TestSafetyComesFirst:
    def test_no_safety_question_follows_another(
        self, rulebook: Rulebook, interviews: list[Interview]
    ) -> None:
        for held in interviews:
            safety = [rulebook.sections[each.question.section].safety for each in held.asked]
            assert safety == sorted(safety, reverse=True), held.intake

    def test_someone_without_a_sign_answers_all_seven_before_anything_else(self, rulebook: Rulebook) -> None:
        names = interview(rulebook, CASES[0]["answers"]).names
        assert names[:7] == [
            question.id
            for question in rulebook.questions.values()
            if rulebook.sections[question.section].safety
        ]

    @pytest.mark.parametrize("sign", ["chest_breath", "saddle_bladder", "cold_pale_foot", "dark_urine"])
    def test_an_emergency_ends_the_interview(self, rulebook: Rulebook, sign: str) -> None:
        assert next_question(rulebook, {"warning_signs": [sign]}) is None
        assert interview(rulebook, {**CASES[0]["answers"], "warning_signs": [sign]}).names == [
            "age_years",
            "warning_signs",
        ]

    def test_a_same_day_sign_is_told_while_only_an_emergency_is_still_looked_for(
        self, rulebook: Rulebook
    ) -> None:
        following = next_question(rulebook, {"age_years": 34, "warning_signs": ["calf_swollen"]})
        assert following is not None
        assert following.triage == "urgent"
        assert following.changes == ("triage.emergency",)
        held = interview(rulebook, {**CASES[0]["answers"], "warning_signs": ["calf_swollen"]})
        assert set(held.names) <= {name for name in rulebook.questions if name in CALM}
        assert len(held.names) < 7


def skipped(rulebook: Rulebook, name: str, known: Intake) -> Truth:
    """Whether a question is known not to apply."""
    if name not in rulebook.skips:
        return False
    facts = facts_of(rulebook, read_answers(rulebook, known))
    return truth_given(rulebook.skips[name], facts, infer(rulebook, facts).truths)
