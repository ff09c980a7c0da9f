"""Limits of the forward-chaining core: kept where a rulebook would exceed them, or else refused."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import afterrun.inference.durable
import afterrun.inference.durable_limits
from afterrun import EngineFault, Rulebook, load_rulebook
from afterrun.inference import infer
from afterrun.inference.durable import Reasoner
from afterrun.inference.durable_program import WIDEST_JOIN, program_of
from tests.inference.conftest import Small, agree, facts_for, recorded, ticked
from tests.support.random_input.rulebooks import small_rulebook, write_files


class TestTheCoresLimitsAreKept:
    @pytest.mark.parametrize("count", [WIDEST_JOIN, WIDEST_JOIN + 1, 2 * WIDEST_JOIN + 3, 50])
    @pytest.mark.parametrize("kind", ["all", "any"])
    def test_more_facts_than_the_core_joins_are_joined_in_parts(
        self, small: Small, count: int, kind: str
    ) -> None:
        rule = {"if": {kind: [ticked(f"q{number}", 0) for number in range(count)]}, "then": "found"}
        rulebook = small(rule, ticks={f"q{number}": 2 for number in range(count)}, findings=["found"])
        assert max(len(step.conditions) for step in program_of(rulebook)) <= WIDEST_JOIN
        reasoner = Reasoner(rulebook)
        yes = {f"q{number}": ["o0"] for number in range(count)}
        no = {f"q{number}": ["o1"] for number in range(count)}
        agree(rulebook, reasoner, **yes)
        agree(rulebook, reasoner, **no)
        for place in (0, WIDEST_JOIN - 1, count - 1):
            name = f"q{place}"
            agree(rulebook, reasoner, **{**yes, name: ["o1"]})
            agree(rulebook, reasoner, **{**no, name: ["o0"]})
            agree(rulebook, reasoner, **{key: value for key, value in yes.items() if key != name})
            agree(rulebook, reasoner, **{key: value for key, value in no.items() if key != name})

    def test_more_rules_than_the_core_holds_are_refused(
        self, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert afterrun.inference.durable_limits.MOST_RULES < 4096
        steps = Reasoner(rulebook).step_count
        monkeypatch.setattr(afterrun.inference.durable_limits, "MOST_RULES", steps - 1)
        with pytest.raises(EngineFault, match=f"{steps} steps"):
            Reasoner(rulebook)

    @pytest.mark.slow
    @pytest.mark.parametrize("count", [200, 300])
    def test_a_condition_shared_by_more_rules_than_the_core_bears_is_refused(
        self, small: Small, count: int
    ) -> None:
        rules = [
            {"if": {"all": [ticked("shared", 0), ticked("own", number)]}, "then": f"found-{number}"}
            for number in range(count)
        ]
        findings = [f"found-{number}" for number in range(count)]
        rulebook = small(*rules, ticks={"shared": 1, "own": count}, findings=findings)
        if count > 255:
            with pytest.raises(EngineFault, match="share one condition"):
                Reasoner(rulebook)
        else:
            agree(rulebook, Reasoner(rulebook), shared=["o0"], own=["o3", "o199"])

    @pytest.mark.parametrize("count", [12, 40])
    def test_more_tests_on_one_fact_than_the_core_bears_are_refused(self, tmp_path: Path, count: int) -> None:
        """Each number is tested against its own threshold; a fact near the top passes them all."""
        question = {"id": "pain", "type": "integer", "at_least": 0, "at_most": 100}
        rules = [
            {"id": f"rule-{n}", "if": {"pain": {"at_least": n + 1}}, "then": f"found-{n}"}
            for n in range(count)
        ]
        findings = [f"found-{number}" for number in range(count)]
        rulebook = load_rulebook(write_files(tmp_path, small_rulebook(rules, [question], findings)))
        if count > 30:
            with pytest.raises(EngineFault, match="pain: 80 different tests; the core bears 60"):
                Reasoner(rulebook)
        else:
            for pain in (0, 5, 100):
                agree(rulebook, Reasoner(rulebook), pain=pain)

    def test_a_list_of_cells_counts_each_time_it_is_used(self, tmp_path: Path) -> None:
        """The core shares equal conditions between rules, but not those with alternatives."""
        options = [{"id": word, "text": word} for word in ("a", "b", "c", "d", "e")]
        question = {"id": "side", "type": "single", "options": options}
        other = {"id": "own", "type": "multi", "options": [{"id": f"o{n}", "text": "x"} for n in range(80)]}
        rules = [
            {
                "id": f"rule-{n}",
                "if": {"all": [{"side": {"one_of": ["a", "c"]}}, ticked("own", n)]},
                "then": f"found-{n}",
            }
            for n in range(80)
        ]
        findings = [f"found-{number}" for number in range(80)]
        rulebook = load_rulebook(write_files(tmp_path, small_rulebook(rules, [question, other], findings)))
        with pytest.raises(EngineFault, match="side: 160 different tests"):
            Reasoner(rulebook)

    def test_firings_without_end_are_cut_off(self, rulebook: Rulebook, watched: SimpleNamespace) -> None:
        reasoner = Reasoner(rulebook)
        facts = facts_for(rulebook, warning_signs=["fever_unwell"])
        reasoner.infer(facts)
        started = recorded(watched, "start_action_for_state")
        endless = iter(range(100_000))

        def again(*_: Any) -> Any:
            assert next(endless) < 50_000, "nothing stops the firings"
            return started[0][1][1]

        complete = watched.complete_and_start_action
        watched.complete_and_start_action = again
        with pytest.raises(EngineFault, match="firings in one assessment"):
            reasoner.infer(facts)
        watched.complete_and_start_action = complete
        assert reasoner.infer(facts).truths == infer(rulebook, facts).truths
