"""What if, and why asked: laws over random intakes, and the sample read by hand."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given

from afterrun import IntakeError, Rulebook, UnknownNameError, assess, next_question, what_if, why_asked
from afterrun.explanation.comparison import Pair
from tests.support.paths import DATA
from tests.support.random_input.intakes import CALM, LAW, random_answer, random_intake, randoms

CASES = {
    case["id"]: case["answers"]
    for line in (DATA / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    for case in [json.loads(line)]
}


@given(randoms())
@LAW
def test_what_if_tells_exactly_what_two_assessments_differ_in(
    rulebook: Rulebook, chance: random.Random
) -> None:
    intake = random_intake(rulebook, chance, CALM)
    question = chance.choice(list(rulebook.questions.values()))
    units = {key: intake[key] for key in (each.unit_key for each in rulebook.quantities.values())}
    instead = {question.id: random_answer(rulebook, question, chance, units)}
    told = what_if(rulebook, intake, instead, engine="compiled")
    after = assess(rulebook, {**intake, **instead}, engine="compiled")
    assert told.after.to_dict() == after.to_dict()
    assert told.triage == Pair(told.before.triage, after.triage)
    for name, pair in told.plan.items():
        assert (told.before.plan.get(name), after.plan.get(name)) == pair
    same = told.before.plan.keys() & after.plan.keys() - told.plan.keys()
    assert all(told.before.plan[name] == after.plan[name] for name in same)
    for each in told.conclusions:
        for value, proof in zip(each.value, each.proof, strict=True):
            assert (proof.value if proof else None) is value
    json.dumps(told.to_dict())


def test_no_change_makes_no_difference(rulebook: Rulebook) -> None:
    told = what_if(rulebook, CASES["V001"], {"relapses": "never"})
    assert not any(
        (told.answers, told.patterns, told.interventions, told.plan, told.opened, told.conclusions)
    )


def test_pain_during_runs_takes_the_tendon_protocol_away(rulebook: Rulebook) -> None:
    told = what_if(rulebook, CASES["V001"], {"pain_timing": "during_only"})
    assert told.answers == {"pain_timing": ("after_within_hours", "during_only")}
    assert told.patterns == {"patellar_tendon": ("likely", "possible")}
    assert told.interventions["tendon_loading"] == ("recommended", None)
    assert told.plan["tendon_weeks"] == (12, None)
    likely = next(each for each in told.conclusions if each.conclusion == "pattern.patellar_tendon.likely")
    assert likely.value == (True, False)
    assert likely.proof.after.answers()["pain_timing"] == "during_only"


def test_an_answer_can_be_taken_back(rulebook: Rulebook) -> None:
    told = what_if(rulebook, CASES["V001"], {"warning_signs": None})
    assert told.triage == ("self_care", "incomplete")
    assert told.opened == ("warning_signs",)


@pytest.mark.parametrize(
    ("instead", "message"),
    [
        ({"worst_pain": 11}, "worst_pain: 11 is too large: from 0 to 10"),
        ({"pain_timing": "after_next_dya"}, "Did you mean 'after_next_day'"),
        ({"pain_timming": "during_only"}, "Did you mean 'pain_timing'"),
    ],
)
def test_what_no_question_allows_is_refused(
    rulebook: Rulebook, instead: dict[str, object], message: str
) -> None:
    with pytest.raises(IntakeError, match=message):
        what_if(rulebook, CASES["V001"], instead)


@pytest.mark.slow
@given(randoms())
@LAW
def test_a_question_that_would_be_asked_next_is_open_and_says_the_same(
    rulebook: Rulebook, chance: random.Random
) -> None:
    intake = random_intake(rulebook, chance, CALM)
    for name in (key for key in list(intake) if key in rulebook.questions and chance.random() < 0.3):
        del intake[name]
    step = next_question(rulebook, intake)
    if step is not None:
        why = why_asked(rulebook, intake, step.question.id, engine="compiled")
        assert why.state == "open"
        assert why.changes == step.changes
    for name in rulebook.questions:
        assert why_asked(rulebook, intake, name, engine="compiled").state in (
            ("answered",) if intake.get(name) not in (None, "", []) else ("open", "skipped", "idle")
        )


def test_an_answer_says_what_it_settled(rulebook: Rulebook) -> None:
    why = why_asked(rulebook, CASES["V001"], "pain_timing")
    assert (why.state, why.answer) == ("answered", "after_within_hours")
    assert "pattern.patellar_tendon.likely" in why.changes
    assert "after-run-timing-direct" in [rule.id for rule in why.rules] or why.rules
    skipped = {**CASES["V001"], "pain_timing": "during_only"}
    del skipped["pain_duration"]
    assert why_asked(rulebook, skipped, "pain_duration").state == "skipped"


def test_a_question_that_is_none_is_told_with_the_nearest(rulebook: Rulebook) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'pain_site'"):
        why_asked(rulebook, {}, "pain_sight")
