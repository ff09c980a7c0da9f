"""A proof rests on answers, on those alone, and on each of them."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from afterrun import Answers, Leaf, Proof, Rulebook, assess, explain, read_answers
from afterrun.inference import Prover, facts_of, infer
from afterrun.inference.durable import Reasoner
from afterrun.inference.firings import PropositionPremise
from afterrun.rulebook import engine_of, levels_behind, name_of
from tests.support.random_input.intakes import CALM, LAW, random_intake, randoms
from tests.support.random_input.rulebooks import random_rulebooks


def units_of(rulebook: Rulebook, intake: Mapping[str, Any]) -> dict[str, Any]:
    """The unit keys of an intake: a number is none without its unit."""
    keys = [quantity.unit_key for quantity in rulebook.quantities.values()]
    return {key: intake[key] for key in keys if key in intake}


def concluded(
    rulebook: Rulebook, answers: Mapping[str, Any], units: Mapping[str, Any], names: Sequence[str]
) -> set[bool | None]:
    """The truths of some propositions when these are the only answers."""
    facts = facts_of(rulebook, read_answers(rulebook, {**units, **answers}))
    truths = infer(rulebook, facts).truths
    return {truths.get(name) for name in names}


def faults(rulebook: Rulebook, proof: Proof, units: Mapping[str, Any]) -> list[str]:
    """What speaks against a proof: it does not stand on its leaves, or stands without one of them.

    The reason of a triage level stands only as long as that level does.
    """
    leaves = proof.answers()
    found = []
    names = [proof.conclusion]
    if proof.value:
        names += [
            name_of("triage", each) for each in levels_behind(rulebook.rules[proof.steps[0].rule].formula)
        ]
    if concluded(rulebook, leaves, units, names) != {proof.value}:
        found.append(f"{leaves} do not make {proof.conclusion} {proof.value}")
    for question in leaves:
        fewer = {name: value for name, value in leaves.items() if name != question}
        if None not in concluded(rulebook, fewer, units, names):
            found.append(f"{proof.conclusion} is {proof.value} without {question} of {leaves}")
    return found


class TestTheLeavesOfAProofProveItAloneAndNoneCanBeSpared:
    @LAW
    @given(chance=randoms())
    def test_of_each_word_of_a_result(self, rulebook: Rulebook, chance: random.Random) -> None:
        intake = random_intake(rulebook, chance, CALM)
        note(str(intake))
        for conclusion, proof in assess(rulebook, intake).because.items():
            assert (proof.conclusion, proof.value) == (conclusion, True)
            assert faults(rulebook, proof, units_of(rulebook, intake)) == []

    @LAW
    @given(data=st.data(), chance=randoms())
    def test_of_any_proposition_true_or_false(
        self, rulebook: Rulebook, data: st.DataObject, chance: random.Random
    ) -> None:
        intake = random_intake(rulebook, chance, CALM)
        note(str(intake))
        for name in data.draw(
            st.lists(st.sampled_from(sorted(rulebook.propositions)), max_size=6, unique=True)
        ):
            (explanation,) = explain(rulebook, intake, name)
            if explanation.proof is not None:
                assert explanation.proof.value is explanation.value
                assert faults(rulebook, explanation.proof, units_of(rulebook, intake)) == []

    @pytest.mark.slow
    def test_whichever_engine_made_the_record_and_whatever_the_rulebook(self, tmp_path: Path) -> None:
        for chance, rulebook in random_rulebooks(tmp_path, range(2000, 2050)):
            for _ in range(6):
                answers = read_answers(rulebook, random_intake(rulebook, chance))
                facts = facts_of(rulebook, answers)
                inference = infer(rulebook, facts)
                prover = Prover(rulebook, answers, inference)
                for name, value in inference.truths.items():
                    proof = prover.proof(name)
                    assert proof is not None
                    assert proof.value is value
                    assert faults(rulebook, proof, {}) == [], answers


class TestEverythingSettledIsProvedAndNothingElse:
    @LAW
    @given(chance=randoms())
    def test_a_proposition_has_a_proof_exactly_when_it_is_not_open(
        self, rulebook: Rulebook, chance: random.Random
    ) -> None:
        answers = read_answers(rulebook, random_intake(rulebook, chance, CALM))
        inference = infer(rulebook, facts_of(rulebook, answers))
        prover = Prover(rulebook, answers, inference)
        for name in chance.sample(list(rulebook.propositions), 12):
            proof = prover.proof(name)
            assert (None if proof is None else proof.value) is inference.truths.get(name)

    @LAW
    @given(chance=randoms())
    def test_an_open_conclusion_names_the_questions_that_would_settle_it(
        self, rulebook: Rulebook, chance: random.Random
    ) -> None:
        intake = random_intake(rulebook, chance, CALM)
        answered = read_answers(rulebook, intake).values
        for explanation in explain(rulebook, intake):
            assert bool(explanation.settled_by) is (explanation.value is None)
            assert not set(explanation.settled_by) & set(answered)

    @LAW
    @given(chance=randoms())
    def test_every_word_of_a_result_has_its_proof(self, rulebook: Rulebook, chance: random.Random) -> None:
        result = assess(rulebook, random_intake(rulebook, chance, CALM))
        wanted = {f"pattern.{pattern}.{level}" for pattern, level in result.patterns.items()}
        wanted |= {
            f"intervention.{entry.id}.{entry.status}"
            for entry in result.ledger
            if entry.id in result.interventions
        }
        wanted |= set() if result.triage == "incomplete" else {f"triage.{result.triage}"}
        assert wanted <= set(result.because)
        assert {entry.id for entry in result.ledger if entry.status != "set_aside"} == set(
            result.interventions
        )

    @LAW
    @given(chance=randoms())
    def test_a_parameter_in_the_plan_has_its_proof(self, rulebook: Rulebook, chance: random.Random) -> None:
        result = assess(rulebook, random_intake(rulebook, chance, CALM))
        for key, choice in result.plan_choices.items():
            assert choice["by"] in result.fired
            assert f"parameter.{key}.{result.plan[key]}" in result.because


class TestARecordOfFiringsReadsForward:
    @LAW
    @given(chance=randoms())
    def test_premises_come_before_what_stands_on_them(
        self, rulebook: Rulebook, chance: random.Random
    ) -> None:
        facts = facts_of(rulebook, read_answers(rulebook, random_intake(rulebook, chance, CALM)))
        for inference in (infer(rulebook, facts), engine_of(rulebook, Reasoner).infer(facts)):
            proved: set[str] = set()
            refuted: set[str] = set()
            for firing in inference.firings:
                for premise in firing.premises:
                    if isinstance(premise, PropositionPremise):
                        assert inference.truths[premise.proposition] is premise.value
                        if premise.value:
                            assert premise.proposition in proved
                        else:
                            rules = {rule.id for rule in rulebook.propositions[premise.proposition]}
                            assert rules <= refuted
                    else:
                        cell = facts[premise.leaf.variable]
                        assert bool(premise.leaf.mask >> cell & 1) is premise.holds
                if firing.holds:
                    proved.update(rulebook.rules[firing.rule].conclusions)
                else:
                    refuted.add(firing.rule)

    @LAW
    @given(chance=randoms())
    def test_every_settled_proposition_has_a_firing_for_it(
        self, rulebook: Rulebook, chance: random.Random
    ) -> None:
        facts = facts_of(rulebook, read_answers(rulebook, random_intake(rulebook, chance, CALM)))
        inference = engine_of(rulebook, Reasoner).infer(facts)
        fired = {(firing.rule, firing.holds) for firing in inference.firings}
        for name, value in inference.truths.items():
            rules = [(rule.id, value) in fired for rule in rulebook.propositions[name]]
            assert any(rules) if value else all(rules)


def test_a_proof_tells_rule_reason_sources_and_answers(rulebook: Rulebook) -> None:
    intake = {"pain_site": ["below_kneecap"], "pain_timing": "after_within_hours", "relapses": "once"}
    (explanation,) = explain(rulebook, intake, "pattern.patellar_tendon.likely")
    proof = explanation.proof
    assert proof is not None
    (step,) = proof.steps
    assert (step.rule, step.holds) == ("tendon-likely", True)
    assert step.because == rulebook.rules["tendon-likely"].because
    assert step.sources == rulebook.rules["tendon-likely"].sources
    assert proof.answers() == intake
    site = next(leaf for leaf in proof.leaves() if leaf.subject == "pain_site")
    assert site == Leaf("pain_site", "includes below_kneecap", True, {"pain_site": ["below_kneecap"]})
    assert site.to_dict() == {
        "test": "pain_site includes below_kneecap",
        "holds": True,
        "answers": {"pain_site": ["below_kneecap"]},
    }


def test_why_not_is_a_proof_too(rulebook: Rulebook) -> None:
    (explanation,) = explain(rulebook, {"pain_site": ["inner_side"]}, "pattern.patellar_tendon.likely")
    assert explanation.value is False
    assert explanation.proof is not None
    assert explanation.proof.answers() == {"pain_site": ["inner_side"]}
    assert not any(step.holds for step in explanation.proof.steps)


def test_a_measure_is_proved_from_the_answers_behind_it(rulebook: Rulebook) -> None:
    intake = {
        "pain_site": ["inner_side"],
        "running_status": "regular_more",
        "volume_last_week": 26.2,
        "volume_before": 20,
        "volume_unit": "km",
        "age_years": 34,
    }
    (explanation,) = explain(rulebook, intake, "pattern.training_load.likely")
    assert explanation.proof is not None
    leaf = next(each for each in explanation.proof.leaves() if each.subject == "weekly_rise_percent")
    assert leaf.answers == {"volume_last_week": 26.2, "volume_before": 20}
    assert "age_years" not in explanation.proof.answers()


def test_answers_that_prove_nothing_prove_nothing(rulebook: Rulebook) -> None:
    assert assess(rulebook, {}).because == {}
    assert infer(rulebook, facts_of(rulebook, Answers({}, {}))).truths == {}
