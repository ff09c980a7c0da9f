"""One meaning: what is concluded from an intake is exactly what the plain evaluator means."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterrun import Answers, Rulebook, assess, load_rulebook, read_answers
from afterrun.errors import Disagreement, EngineFault
from afterrun.inference import Engine, Facts, Inference, conclude, facts_of, infer
from afterrun.inference.durable import Reasoner
from afterrun.inference.engines import refuse_disagreement
from afterrun.inference.firings import PropositionPremise
from afterrun.inference.reference import firings_of, formulas_of
from afterrun.rulebook import engine_of
from afterrun.verify.cases import read_cases
from tests.support.paths import DATA
from tests.support.random_input.intakes import CALM, LAW, as_many, random_intake, randoms
from tests.support.random_input.rulebooks import random_rulebooks, small_rulebook, write_files

INTAKES = as_many(2_000)
RULEBOOKS = 160
ENGINES: tuple[Engine, ...] = ("durable", "compiled", "reference")
INTAKES_OF_EACH = 40


@pytest.fixture(scope="module")
def reasoner(rulebook: Rulebook) -> Iterator[Reasoner]:
    made = Reasoner(rulebook)
    yield made
    made.close()


def random_facts(rulebook: Rulebook, chance: random.Random) -> dict[str, int]:
    return dict(facts_of(rulebook, read_answers(rulebook, random_intake(rulebook, chance, CALM))))


def differing(one: Inference, other: Inference) -> dict[str, tuple[bool | None, bool | None]]:
    """Every proposition that two inferences do not say the same of."""
    names = {*one.truths, *other.truths}
    pairs = {name: (one.truths.get(name), other.truths.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] is not pair[1]}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_the_engines_agree_on_the_shipped_rulebook(rulebook: Rulebook, seed: int) -> None:
    chance = random.Random(seed)
    settled = 0
    met: set[tuple[str, bool | None]] = set()
    for _ in range(INTAKES):
        facts = random_facts(rulebook, chance)
        meant = infer(rulebook, facts)
        settled += len(meant.truths)
        met |= {(name, meant.truths.get(name)) for name in rulebook.propositions}
        assert differing(conclude(rulebook, facts), meant) == {}, facts
    everything = INTAKES * len(rulebook.propositions)
    assert 0.2 * everything < settled < 0.95 * everything, "too few intakes leave something open"
    assert len(met) == 3 * len(rulebook.propositions), "something is never true, never false or never open"


@pytest.mark.slow
def test_the_engines_agree_on_rulebooks_of_every_shape(tmp_path: Path) -> None:
    tried = 0
    for chance, rulebook in random_rulebooks(tmp_path, range(RULEBOOKS)):
        tried += 1
        for _ in range(INTAKES_OF_EACH):
            intake = random_intake(rulebook, chance)
            facts = facts_of(rulebook, read_answers(rulebook, intake))
            concluded, meant = conclude(rulebook, facts), infer(rulebook, facts)
            assert differing(concluded, meant) == {}, intake
            assert concluded.firings == meant.firings, intake
        engine_of(rulebook, Reasoner).close()
    assert tried >= 150


@LAW
@given(data=st.data(), chance=randoms())
def test_the_order_of_the_answers_does_not_matter(
    rulebook: Rulebook, reasoner: Reasoner, data: st.DataObject, chance: random.Random
) -> None:
    facts = random_facts(rulebook, chance)
    shuffled = dict(data.draw(st.permutations(list(facts.items()))))
    assert differing(reasoner.infer(shuffled), infer(rulebook, facts)) == {}


@LAW
@given(chance=randoms())
def test_the_order_of_the_keys_of_an_intake_does_not_matter(
    rulebook: Rulebook, chance: random.Random
) -> None:
    intake = random_intake(rulebook, chance, CALM)
    keys = list(intake)
    chance.shuffle(keys)
    shuffled = {key: intake[key] for key in keys}
    assert assess(rulebook, shuffled).to_dict() == assess(rulebook, intake).to_dict()


@LAW
@given(chance=randoms())
def test_one_more_answer_never_unsettles_a_proposition(
    rulebook: Rulebook, reasoner: Reasoner, chance: random.Random
) -> None:
    answers = read_answers(rulebook, random_intake(rulebook, chance, CALM))
    questions = list(answers.values)
    chance.shuffle(questions)
    before: dict[str, bool] = {}
    for count in range(len(questions) + 1):
        known = {name: answers.values[name] for name in questions[:count]}
        facts = facts_of(rulebook, Answers(known, answers.units))
        now = dict(infer(rulebook, facts).truths)
        assert before.items() <= now.items(), questions[:count]
        if count % 5 == 0:
            assert dict(reasoner.infer(facts).truths) == now
        before = now


@pytest.mark.slow
def test_one_more_answer_never_unsettles_a_proposition_of_any_rulebook(tmp_path: Path) -> None:
    for chance, rulebook in random_rulebooks(tmp_path, range(1000, 1060)):
        for _ in range(10):
            answers = read_answers(rulebook, random_intake(rulebook, chance))
            known: dict[str, Any] = {}
            before: dict[str, bool] = {}
            for name in chance.sample(list(answers.values), len(answers.values)):
                known[name] = answers.values[name]
                now = dict(infer(rulebook, facts_of(rulebook, Answers(dict(known), {}))).truths)
                assert before.items() <= now.items(), known
                before = now


@LAW
@given(chance=randoms())
def test_both_engines_give_the_same_result(rulebook: Rulebook, chance: random.Random) -> None:
    intake = random_intake(rulebook, chance, CALM)
    durable, compiled, reference = (assess(rulebook, intake, engine=engine).to_dict() for engine in ENGINES)
    assert durable == compiled == reference


@pytest.mark.slow
def test_every_shared_case_has_the_same_proofs_with_each_engine(rulebook: Rulebook) -> None:
    """Also which two of three they name: a browser has one engine, a terminal another."""
    cases = read_cases([("cases.jsonl", (DATA / "cases.jsonl").read_text(encoding="utf-8"))])
    for case in cases:
        durable, compiled = (assess(rulebook, case.answers, engine=each) for each in ("durable", "compiled"))
        assert durable.because == compiled.because, case.id


@pytest.mark.parametrize("order", [[4, 3, 2, 1, 0], [1, 4, 0, 3, 2], [0, 1, 2, 3, 4]], ids=str)
def test_where_more_holds_than_is_needed_what_is_written_first_is_named(
    tmp_path: Path, order: list[int]
) -> None:
    questions: list[dict[str, Any]] = [
        {"id": f"pain{place}", "type": "integer", "at_least": 0, "at_most": 10} for place in range(5)
    ]
    parts = [{f"pain{place}": {"over": 5}} for place in order]
    rules = [
        {"id": "counted", "if": {"at_least": {"count": 2, "of": parts}}, "then": "found-counted"},
        {"id": "some", "if": {"any": parts}, "then": "found-some"},
        {"id": "few", "if": {"at_least": {"count": 4, "of": parts}}, "then": "found-few"},
    ]
    found = ["found-counted", "found-some", "found-few"]
    rulebook = load_rulebook(write_files(tmp_path, small_rulebook(rules, questions, found)))
    for pain, wanted in ((9, {"counted": 2, "some": 1, "few": 4}), (1, {"counted": 4, "some": 5, "few": 2})):
        facts = facts_of(rulebook, read_answers(rulebook, {each["id"]: pain for each in questions}))
        for engine in ENGINES:
            firings = {each.rule: each for each in conclude(rulebook, facts, engine).firings}
            for rule, count in wanted.items():
                named = [
                    each.leaf.variable
                    for each in firings[rule].premises
                    if not isinstance(each, PropositionPremise)
                ]
                assert named == [f"pain{place}" for place in order[:count]], (engine, rule)


def test_a_rule_that_its_premises_do_not_settle_gives_no_result(rulebook: Rulebook) -> None:
    facts = facts_of(rulebook, read_answers(rulebook, {"warning_signs": ["calf_swollen"]}))
    truths = dict(infer(rulebook, facts).truths)
    fired = {each.rule: each.holds for each in infer(rulebook, facts).firings}
    assert firings_of(formulas_of(rulebook), fired, facts, truths) == infer(rulebook, facts).firings
    other = next(rule for rule in fired if not fired[rule])
    with pytest.raises(EngineFault, match=f"rule '{other}' was settled on premises that do not settle it"):
        firings_of(formulas_of(rulebook), {**fired, other: True}, facts, truths)


@pytest.mark.parametrize("condition", [
    {"at_least": {"count": 1, "of": [{"pain": {"over": 5, "at_most": 5}}]}},
    {"at_least": {"count": 1, "of": [{"pain": {"under": 5}}, {"side": {"one_of": ["left", "right"]}}]}},
    {"at_least": {"count": 2, "of": [{"side": {"one_of": ["left", "right"]}}, {"side": {"is": "left"}}]}},
    {"at_least": {"count": 1, "of": [
        {"at_least": {"count": 2, "of": [{"pain": {"over": 5, "at_most": 5}}, {"pain": {"is": 3}}]}},
    ]}},
    {"all": [{"side": {"is": "left"}}, {"side": {"is": "right"}}]},
    {"any": [{"side": {"is": "left"}}, {"not": {"side": {"is": "left"}}}]},
    {"not": {"not": {"side": {"is": "left"}}}},
], ids=str)  # fmt: skip
def test_a_condition_that_always_or_never_holds_is_run_all_the_same(
    tmp_path: Path, condition: dict[str, Any]
) -> None:
    options = [{"id": side, "text": side} for side in ("left", "right")]
    questions: list[dict[str, Any]] = [
        {"id": "side", "type": "single", "options": options},
        {"id": "pain", "type": "integer", "at_least": 0, "at_most": 10},
    ]
    rule = {"id": "rule", "if": condition, "then": "found"}
    rulebook = load_rulebook(write_files(tmp_path, small_rulebook([rule], questions, ["found"])))
    reasoner = Reasoner(rulebook)
    for intake in ({}, *({"side": side, "pain": pain} for side in ("left", "right") for pain in (4, 5, 6))):
        facts = facts_of(rulebook, read_answers(rulebook, intake))
        assert differing(reasoner.infer(facts), infer(rulebook, facts)) == {}, intake


@pytest.mark.parametrize("first", ["all", "any"])
def test_all_and_any_of_the_same_conditions_are_told_apart(tmp_path: Path, first: str) -> None:
    """Also deep down, and whichever is written first."""
    second = {"all": "any", "any": "all"}[first]
    parts: list[Any] = [{"side": {"is": "left"}}, {"pain": {"over": 5}}]
    rules = [
        {"id": f"rule-{kind}-{depth}", "if": condition, "then": f"found-{kind}-{depth}"}
        for kind in (first, second)
        for depth, condition in (
            ("flat", {kind: parts}),
            ("deep", {"all": [{kind: parts}, {"pain": {"over": 3}}]}),
            ("counted", {"at_least": {"count": 1, "of": [{kind: parts}, {"pain": {"over": 8}}]}}),
        )
    ]
    questions: list[dict[str, Any]] = [
        {
            "id": "side",
            "type": "single",
            "options": [{"id": side, "text": side} for side in ("left", "right")],
        },
        {"id": "pain", "type": "integer", "at_least": 0, "at_most": 10},
    ]
    findings = [str(rule["then"]) for rule in rules]
    rulebook = load_rulebook(write_files(tmp_path, small_rulebook(rules, questions, findings)))
    for side in (None, "left", "right"):
        for pain in (None, 3, 5, 7, 9):
            facts = facts_of(rulebook, read_answers(rulebook, {"side": side, "pain": pain}))
            assert differing(conclude(rulebook, facts), infer(rulebook, facts)) == {}


def test_a_disagreement_names_every_proposition_and_gives_no_result() -> None:
    one = Inference({"a": True, "b": False, "c": True}, ())
    other = Inference({"a": True, "b": True}, ())
    with pytest.raises(Disagreement, match=r"no result is given: b, c$"):
        refuse_disagreement(one, other)


def test_a_disagreement_at_run_time_fails_closed(rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Reasoner.infer

    def forgetful(self: Reasoner, facts: Facts) -> Inference:
        found = honest(self, facts)
        return Inference({k: v for k, v in found.truths.items() if k != "triage.urgent"}, found.firings)

    intake = {"warning_signs": ["calf_swollen"]}
    assert assess(rulebook, intake).triage == "urgent"
    monkeypatch.setattr(Reasoner, "infer", forgetful)
    with pytest.raises(Disagreement, match=r"triage\.urgent"):
        assess(rulebook, intake)
