"""A sign is never lost, a blank is never a no: laws about how urgent it is."""

import json
import random
from typing import Any

import pytest
from hypothesis import given, note

from afterrun import Rulebook, assess
from tests.support.paths import DATA
from tests.support.random_input.intakes import CALM, LAW, random_intake, randoms

CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (DATA / "cases.jsonl").read_text(encoding="utf-8").splitlines()
]
WELL: dict[str, Any] = CASES[0]["answers"]
"""Someone without any sign, who gets a plan."""
TO_BE_SEEN = ("emergency", "urgent", "clinician_first")


def safety_questions(rulebook: Rulebook) -> list[str]:
    return [
        name for name, question in rulebook.questions.items() if rulebook.sections[question.section].safety
    ]


def rank(rulebook: Rulebook, level: str) -> int:
    """0 is the most urgent."""
    return list(rulebook.triage).index(level)


class TestABlankIsNeverANo:
    @LAW
    @given(chance=randoms())
    def test_any_safety_answer_left_blank_leaves_no_plan(
        self, rulebook: Rulebook, chance: random.Random
    ) -> None:
        intake = random_intake(rulebook, chance, CALM)
        blank = chance.sample(safety_questions(rulebook), chance.randint(1, 3))
        intake.update(dict.fromkeys(blank))
        note(str(intake))
        result = assess(rulebook, intake)
        assert result.triage in (*TO_BE_SEEN, "incomplete")
        assert (result.patterns, result.plan) == ({}, {})
        assert set(result.interventions) <= {"stop_and_get_assessed"}

    @pytest.mark.parametrize("blank", [None, "", "  ", []])
    def test_in_every_spelling_of_blank(self, rulebook: Rulebook, blank: Any) -> None:
        assert assess(rulebook, WELL).triage == "self_care"
        for name in safety_questions(rulebook):
            result = assess(rulebook, {**WELL, name: blank})
            assert result.triage == "incomplete"
            assert name in result.open_questions
            assert result.interventions == ()

    @LAW
    @given(chance=randoms())
    def test_taking_answers_back_never_makes_it_less_urgent_than_incomplete(
        self, rulebook: Rulebook, chance: random.Random
    ) -> None:
        intake = random_intake(rulebook, chance, CALM)
        before = assess(rulebook, intake).triage
        fewer = {name: value for name, value in intake.items() if "unit" in name or chance.random() < 0.8}
        after = assess(rulebook, fewer).triage
        if before != after:
            assert rank(rulebook, after) <= rank(rulebook, "incomplete") or before in (
                "incomplete",
                *TO_BE_SEEN,
            )
            assert not assess(rulebook, fewer).plan or rank(rulebook, after) <= rank(rulebook, before)


class TestUnknownNeverReassures:
    @LAW
    @given(chance=randoms())
    def test_not_knowing_is_never_less_urgent_than_every_known_answer(
        self, rulebook: Rulebook, chance: random.Random
    ) -> None:
        intake = random_intake(rulebook, chance, CALM)
        offered = [
            name for name, question in rulebook.questions.items() if question.unknown_reads is not None
        ]
        name = chance.choice(offered)
        unknown = assess(rulebook, {**intake, name: "unknown"}).triage
        question = rulebook.questions[name]
        # Nothing run before is the steepest rise, so the mildest number may be the largest.
        numbers: list[Any] = [int(question.at_least or 0), int(question.at_most or 190)]
        milder = [option.id for option in question.options] or numbers
        known = [assess(rulebook, {**intake, name: value}).triage for value in milder]
        assert any(rank(rulebook, unknown) <= rank(rulebook, each) for each in known), (name, unknown, known)

    @pytest.mark.parametrize("name", ["warning_signs", "right_now", "knee_behaviour", "worrying_signs"])
    def test_not_sure_about_a_sign_is_for_a_clinician(self, rulebook: Rulebook, name: str) -> None:
        assert assess(rulebook, {**WELL, name: ["not_sure"]}).triage == "clinician_first"
        assert assess(rulebook, {**WELL, name: ["none", "not_sure"]}).triage == "clinician_first"

    def test_an_onset_that_is_not_known_counts_as_long_ago(self, rulebook: Rulebook) -> None:
        assert assess(rulebook, {**WELL, "weeks_since_onset": "unknown"}).triage == "self_care_with_review"


class TestARedFlagClosesEverythingElse:
    @LAW
    @given(chance=randoms())
    def test_no_pattern_no_plan_no_exercise(self, rulebook: Rulebook, chance: random.Random) -> None:
        result = assess(rulebook, random_intake(rulebook, chance, CALM))
        if result.triage in TO_BE_SEEN:
            assert (result.patterns, result.plan, result.plan_choices) == ({}, {}, {})
            assert result.interventions == ("stop_and_get_assessed",)
            assert {entry.id for entry in result.ledger if entry.status != "set_aside"} == {
                "stop_and_get_assessed"
            }
        elif not rulebook.triage[result.triage].shows_plan:
            assert (result.patterns, result.plan) == ({}, {})

    @LAW
    @given(chance=randoms())
    def test_one_more_sign_never_makes_it_less_urgent(
        self, rulebook: Rulebook, chance: random.Random
    ) -> None:
        intake = random_intake(rulebook, chance, CALM)
        lists = [name for name in safety_questions(rulebook) if rulebook.questions[name].type == "multi"]
        name = chance.choice(lists)
        sign = chance.choice([option.id for option in rulebook.questions[name].options])
        ticked = intake.get(name) or ["none"]
        if sign in ticked:
            return
        before = assess(rulebook, {**intake, name: ticked}).triage
        after = assess(rulebook, {**intake, name: [*ticked, sign]}).triage
        # A sign may leave a stronger level open, and then that is settled first.
        assert rank(rulebook, after) <= rank(rulebook, before) or after == "incomplete", (name, sign)


class TestASignTickedTogetherWithNoneCounts:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        "name", ["warning_signs", "right_now", "knee_behaviour", "worrying_signs", "health_conditions"]
    )
    def test_whatever_the_question_and_the_order(self, rulebook: Rulebook, name: str) -> None:
        for option in rulebook.questions[name].options:
            if option.id == "none":
                continue
            alone = assess(rulebook, {**WELL, name: [option.id]})
            for both in (["none", option.id], [option.id, "none"]):
                with_none = assess(rulebook, {**WELL, name: both})
                assert with_none.triage == alone.triage
                assert with_none.interventions == alone.interventions

    def test_an_emergency_stays_one(self, rulebook: Rulebook) -> None:
        assert assess(rulebook, {"warning_signs": ["none", "chest_breath"]}).triage == "emergency"
