"""What holds of every check-in: safety first, no increase on pain or on a blank, the ceiling of 30 %."""

import random
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, note

from afterrun import CheckIn, Rulebook, check_in, read_answers
from afterrun.assessment import part_of
from afterrun.inference import conclude, facts_of, infer
from afterrun.intake import CHECKIN, ENROLLED, read_check_in
from tests.assessment.test_check_in_cases import ACTIONS
from tests.inference.test_proofs import faults, units_of
from tests.support.random_input.check_ins import Record, flat, random_record
from tests.support.random_input.intakes import LAW, as_many, randoms

UPWARD = {"progress", "raise_weight", "allow"}
WISHES = {"refuse_above_cap", "advise_against"}
OF_A_GAP = {
    "repeat_week",
    "step_back_one_block",
    "restart_week_one",
    "step_back",
    "restart_baseline",
}
OF_THE_END = {
    "tendon_loading": {
        "start_running_baseline",
        "finish_tendon_loading",
        "routine_review",
        "repeat_week",
        "keep",
    },
    "kneecap_programme": {"finish_kneecap_programme", "routine_review"},
}
BESIDE_A_GAP = {
    "reduce_depth",
    "reduce_weight",
    "stop_session",
    "reduce_volume",
    "shorten_runs",
    "routine_review",
}
CUTS = {"reduce_depth", "stop_session", "reduce_volume", "step_back"}
HOLDS = {"hold", "hold_at_goal"}
RUNNING = {"running_baseline", "gradual_ramp"}


def exact(number: float) -> Fraction:
    return Fraction(str(number))


def signs_of(part: Rulebook) -> list[str]:
    return [option.id for option in part.questions["new_warning_signs"].options if not option.alone]


class TestAWarningSignOverridesEverything:
    @LAW
    @given(chance=randoms())
    def test_nothing_else_is_listed_and_there_is_no_plan(
        self, checkin_part: Rulebook, chance: random.Random
    ) -> None:
        record = random_record(checkin_part, chance)
        signs = chance.sample(signs_of(checkin_part), chance.randint(1, 3))
        record[CHECKIN]["new_warning_signs"] = [*signs, *chance.choice(([], ["none"]))]
        note(str(record))
        said = check_in(checkin_part, record)
        assert said.actions == ("stop_and_get_assessed",)
        assert (said.plan, said.patterns, said.open_questions) == ({}, {}, ())
        assert said.triage in ("emergency", "urgent", "clinician_first")
        assert {entry.status for entry in said.ledger if entry.id != "stop_and_get_assessed"} <= {"set_aside"}

    def test_every_sign_alone_stops_the_plan(self, checkin_part: Rulebook) -> None:
        for sign in signs_of(checkin_part):
            said = check_in(checkin_part, {"enrolled": {}, "checkin": {"new_warning_signs": [sign]}})
            assert said.actions == ("stop_and_get_assessed",), sign
            assert said.triage in ("emergency", "urgent", "clinician_first"), sign

    @LAW
    @given(chance=randoms())
    def test_without_an_answer_about_signs_nothing_is_said_of_the_plan(
        self, checkin_part: Rulebook, chance: random.Random
    ) -> None:
        record = random_record(checkin_part, chance)
        record[CHECKIN].pop("new_warning_signs", None)
        said = check_in(checkin_part, record)
        if said.actions:
            # Severe pain stops the plan, and how soon to be seen stays open.
            assert (said.actions, said.triage) == (("stop_and_get_assessed",), "incomplete")
        else:
            assert said.triage is None
            assert "new_warning_signs" in said.open_questions
        assert said.plan == {}


class TestNothingGoesUpOnPain:
    @LAW
    @given(chance=randoms())
    def test_after_a_session_over_five_or_a_worse_morning(
        self, checkin_part: Rulebook, chance: random.Random
    ) -> None:
        record = random_record(checkin_part, chance)
        if chance.random() < 0.5:
            record[CHECKIN]["next_morning"] = "higher"
        else:
            record[ENROLLED]["programme"] = "tendon_loading"
            record[CHECKIN]["session_pain"] = chance.randint(6, 10)
        note(str(record))
        assert not UPWARD & set(check_in(checkin_part, record).actions)

    @LAW
    @given(chance=randoms())
    def test_after_a_run_of_three_or_more(self, checkin_part: Rulebook, chance: random.Random) -> None:
        record = random_record(checkin_part, chance)
        record[ENROLLED]["programme"] = chance.choice(sorted(RUNNING))
        record[CHECKIN]["run_pain"] = chance.randint(3, 10)
        note(str(record))
        assert not UPWARD & set(check_in(checkin_part, record).actions)


class TestTheCeiling:
    @LAW
    @given(chance=randoms())
    def test_no_week_rises_more_than_30_per_cent_over_what_was_run(
        self, checkin_part: Rulebook, chance: random.Random
    ) -> None:
        record = random_record(checkin_part, chance)
        record[ENROLLED]["programme"] = chance.choice(sorted(RUNNING))
        record[CHECKIN]["run_pain"] = chance.choice((0, 0, 2))
        note(str(record))
        said = check_in(checkin_part, record)
        volume = said.plan.get("next_volume")
        if {"progress", "allow"} & set(said.actions) and volume is not None:
            done = exact(record[CHECKIN]["volume_done"])
            assert exact(volume) <= done * Fraction(130, 100)
            goal = record[ENROLLED].get("volume_goal")
            if isinstance(goal, int | float) and goal > 0:
                assert exact(volume) <= exact(goal) + Fraction(1, 200)

    @LAW
    @given(chance=randoms())
    def test_what_is_told_to_run_keeps_every_law_of_amounts(
        self, checkin_part: Rulebook, chance: random.Random
    ) -> None:
        """Not above what was run, the plan and the goal; what hurt comes back smaller, after a gap too."""
        record = random_record(checkin_part, chance)
        record[ENROLLED]["programme"] = chance.choice(sorted(RUNNING))
        note(str(record))
        said = check_in(checkin_part, record)
        keys = ("next_volume", "next_volume_max", "baseline_volume")
        told = [exact(said.plan[key]) for key in keys if said.plan.get(key) is not None]
        given = flat(record)
        known = {key: exact(value) for key, value in given.items() if type(value) in (int, float)}
        done, pain = known.get("volume_done", Fraction(0)), known.get("run_pain", Fraction(0))
        assert all(amount > 0 for amount in told)
        if done >= 1:
            assert all(amount <= done * Fraction(13, 10) for amount in told)
            if pain > 5 or (pain >= 1 and given["programme"] == "running_baseline"):
                assert all(amount <= done * Fraction(8, 10) for amount in told)
            if "hold" in said.actions:
                assert all(amount <= done for amount in told)
        stays = {"hold", "reduce_volume", "step_back", "restart_baseline"} & set(said.actions)
        if "planned_volume" in known and (stays or known.get("weeks_missed", 0) >= 1):
            assert all(amount <= known["planned_volume"] for amount in told)
        if known.get("volume_goal"):
            assert all(amount <= known["volume_goal"] for amount in told)

    @LAW
    @given(chance=randoms())
    def test_pain_of_eight_leaves_nothing_but_the_stop(
        self, checkin_part: Rulebook, chance: random.Random
    ) -> None:
        record = random_record(checkin_part, chance)
        record[CHECKIN][chance.choice(("session_pain", "run_pain"))] = chance.randint(8, 10)
        said = check_in(checkin_part, record)
        assert said.actions == ("stop_and_get_assessed",)
        assert said.plan == {}
        asked = "new_warning_signs" in record[CHECKIN]
        assert said.triage in (("emergency", "urgent", "clinician_first") if asked else ("incomplete",))

    @LAW
    @given(chance=randoms())
    def test_no_running_while_the_ban_stands(self, checkin_part: Rulebook, chance: random.Random) -> None:
        record = random_record(checkin_part, chance)
        record[ENROLLED]["programme"] = chance.choice(("tendon_loading", "tendon_watch"))
        said = check_in(checkin_part, record)
        assert "next_volume" not in said.plan
        assert not {"allow", "hold_at_goal", "reduce_volume", "step_back", "restart_baseline"} & set(
            said.actions
        )
        if "start_tendon_loading" in said.actions:
            assert said.plan["running_volume"] == 0

    @LAW
    @given(chance=randoms())
    def test_week_12_is_never_passed_by_progress(self, checkin_part: Rulebook, chance: random.Random) -> None:
        record = random_record(checkin_part, chance)
        record[ENROLLED] |= {"programme": "tendon_loading", "week": chance.randint(12, 20)}
        assert "progress" not in check_in(checkin_part, record).actions


class TestABlankIsNeverDaring:
    @LAW
    @given(chance=randoms())
    def test_taking_an_answer_back_adds_no_action_and_changes_no_number(
        self, checkin_part: Rulebook, chance: random.Random
    ) -> None:
        record = random_record(checkin_part, chance)
        whole = check_in(checkin_part, record)
        # A wish is no report of the week: without one the plan is what it is.
        # And what a programme does not ask is read as nothing, unless it is brought.
        unasked = facts_unasked(checkin_part, record)
        answers = [key for key in record[CHECKIN] if key not in {"volume_wanted", *unasked}]
        if not answers:
            return
        gone = chance.sample(answers, chance.randint(1, min(3, len(answers))))
        kept = {key: value for key, value in record[CHECKIN].items() if key not in gone}
        note(f"{record} without {gone}")
        less = check_in(checkin_part, {**record, CHECKIN: kept})
        assert set(less.actions) <= set(whole.actions)
        known = {key: value for key, value in less.plan.items() if value is not None}
        assert known.items() <= dict(whole.plan).items()

    @pytest.mark.parametrize("blank", [None, "", "  ", []])
    def test_in_every_spelling_of_blank(self, checkin_part: Rulebook, blank: Any) -> None:
        record: Record = {
            "enrolled": {"programme": "tendon_loading", "week": 5},
            "checkin": {"session_pain": 2, "reps_in_reserve": 5, "next_morning": "same",
                        "new_warning_signs": ["none"], "weeks_missed": 0, "volume_done": 0,
                        "sessions_done": 3, "sessions_planned": 3},
        }  # fmt: skip
        assert check_in(checkin_part, record).actions == ("progress", "raise_weight")
        for key in ("session_pain", "next_morning", "new_warning_signs", "weeks_missed"):
            said = check_in(checkin_part, {**record, "checkin": {**record["checkin"], key: blank}})
            assert said.actions == (), key
            assert key in said.open_questions


class TestPrecedence:
    @LAW
    @given(chance=randoms())
    def test_a_lower_action_is_not_listed_beside_a_higher_one(
        self, checkin_part: Rulebook, chance: random.Random
    ) -> None:
        record = random_record(checkin_part, chance)
        note(str(record))
        said = check_in(checkin_part, record)
        actions, given = set(said.actions), flat(record)
        programme = given.get("programme")
        over = programme in OF_THE_END and given.get("week", 0) >= 12
        over = over and given.get("sessions_done", 0) >= given.get("sessions_planned", 99)
        if over and said.status == "goes_on":
            assert actions <= OF_THE_END[str(programme)]
        elif (given.get("weeks_missed") or 0) >= 1 and programme != "tendon_watch":
            found = {"start_running_baseline"} if programme == "find_pain_free_volume" else set()
            assert actions <= OF_A_GAP | BESIDE_A_GAP | WISHES | {"stop_and_get_assessed"} | found
            assert len(actions & OF_A_GAP) <= 1
        if actions & CUTS:
            assert not actions & (HOLDS | UPWARD | {"keep"})
        if actions & HOLDS:
            assert not actions & (UPWARD | {"keep", "reduce_weight"})
        assert len(actions & {"keep", "raise_weight", "reduce_weight"}) <= 1

    @LAW
    @given(chance=randoms())
    def test_whoever_answers_everything_is_told_something(
        self, checkin_part: Rulebook, chance: random.Random
    ) -> None:
        """No complete check-in ends in silence, so nobody is stuck."""
        said = check_in(checkin_part, random_record(checkin_part, chance))
        if not said.open_questions:
            assert said.actions or "unknown" in said.answers.values()


class TestAProofIsAProof:
    @LAW
    @given(chance=randoms())
    def test_its_leaves_prove_it_alone_and_none_can_be_spared(
        self, checkin_part: Rulebook, chance: random.Random
    ) -> None:
        record = random_record(checkin_part, chance)
        note(str(record))
        said = check_in(checkin_part, record)
        for name, proof in said.because.items():
            if not name.startswith("triage."):
                assert faults(checkin_part, proof, units_of(checkin_part, record[ENROLLED])) == []

    @LAW
    @given(chance=randoms())
    def test_the_order_of_the_keys_does_not_matter(
        self, checkin_part: Rulebook, chance: random.Random
    ) -> None:
        record = random_record(checkin_part, chance)
        shuffled = {half: in_any_order(record[half], chance) for half in (CHECKIN, ENROLLED)}
        assert told(check_in(checkin_part, shuffled)) == told(check_in(checkin_part, record))

    @LAW
    @given(chance=randoms())
    def test_both_engines_give_the_same_answer(self, checkin_part: Rulebook, chance: random.Random) -> None:
        record = random_record(checkin_part, chance)
        durable, reference = (
            check_in(checkin_part, record, engine=each) for each in ("durable", "reference")
        )
        for name in ("actions", "triage", "patterns", "plan", "open_questions"):
            assert getattr(durable, name) == getattr(reference, name)


def facts_unasked(part: Rulebook, record: Record) -> set[str]:
    """What the programme of a record does not ask, or would not if an answer were taken back."""
    programme = record[ENROLLED].get("programme")
    enrolment, _ = part_of(part)
    return {
        fact
        for each in enrolment.unasked
        if programme is None or programme in each.where["programme"]
        for fact in each.facts
    }


def in_any_order(half: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    keys = list(half)
    chance.shuffle(keys)
    return {key: half[key] for key in keys}


def told(said: CheckIn) -> dict[str, Any]:
    return said.to_dict()


@pytest.mark.slow
def test_the_engines_agree_on_random_check_ins(checkin_part: Rulebook) -> None:
    chance = random.Random(0)
    enrolment, base = part_of(checkin_part)
    met: set[tuple[str, bool | None]] = set()
    for _ in range(as_many(3_000)):
        report = read_check_in(checkin_part, enrolment, base, random_record(checkin_part, chance))
        facts = facts_of(checkin_part, report.answers)
        meant = infer(checkin_part, facts)
        assert dict(conclude(checkin_part, facts).truths) == dict(meant.truths), facts
        met |= {(name, meant.truths.get(name)) for name in checkin_part.propositions}
    every = {(name, value) for name in checkin_part.propositions for value in (True, False, None)}
    # First answers that a record does not hold are read as not said, so that whether they fit is never open.
    assert every - met == {("answers-fit-the-tendon", None)}
    assert {name.split(".")[1] for name, value in met if value and "." in name} >= ACTIONS


def test_rules_know_the_answers_that_records_leave_unsaid(checkin_part: Rulebook) -> None:
    """What is left unsaid is a valid answer to its question."""
    enrolment, _ = part_of(checkin_part)
    unsaid: dict[str, Any] = {}
    for key, value in enrolment.unsaid.items():
        said = str(value) if isinstance(value, str) else int(value)
        unsaid[key] = [said] if checkin_part.questions[key].type == "multi" else said
    assert read_answers(checkin_part, {**unsaid, "volume_unit": "km"})
