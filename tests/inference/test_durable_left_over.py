"""Nothing is left over in the forward-chaining core: after a failure, and over a long life."""

import os
from types import SimpleNamespace
from typing import Any

import durable_rules_engine as core
import pytest

from afterrun import EngineFault, Rulebook
from afterrun.inference import infer
from afterrun.inference.durable import Reasoner
from tests.inference.conftest import agree, facts_for, recorded


class TestNothingIsLeftOver:
    def test_facts_left_over_from_an_earlier_assessment_are_refused(
        self, rulebook: Rulebook, reasoner: Reasoner, watched: SimpleNamespace
    ) -> None:
        fever = facts_for(rulebook, warning_signs=["fever_unwell"])
        age = facts_for(rulebook, age_years=34)
        delete_state = watched.delete_state
        reasoner.infer(age)
        watched.delete_state = lambda *_: None
        assert "triage.urgent" in reasoner.infer(fever).truths
        watched.delete_state = delete_state
        with pytest.raises(EngineFault, match="left over"):
            reasoner.infer(age)
        assert reasoner.infer(age).truths == infer(rulebook, age).truths

    def test_a_fact_put_in_from_elsewhere_is_refused(
        self, rulebook: Rulebook, reasoner: Reasoner, watched: SimpleNamespace
    ) -> None:
        created = recorded(watched, "create_ruleset")
        facts = facts_for(rulebook, age_years=34)
        reasoner.infer(facts)
        core.assert_fact(created[-1][1], '{"id":"q.stray","sid":"1","b":0,"k":0,"v":0}')
        with pytest.raises(EngineFault, match="left over"):
            reasoner.infer(facts)

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "where", ["assert_fact", "start_action_for_state", "complete_and_start_action", "delete_state"]
    )
    @pytest.mark.parametrize(
        "error", [ValueError("any"), KeyboardInterrupt(), MemoryError(), core.error("12")]
    )
    def test_after_any_exception_the_ruleset_is_made_anew_and_the_next_answer_is_right(
        self, rulebook: Rulebook, watched: SimpleNamespace, where: str, error: BaseException
    ) -> None:
        reasoner = Reasoner(rulebook)
        fever = facts_for(rulebook, warning_signs=["fever_unwell"], health_conditions=["knee_replacement"])
        age = facts_for(rulebook, age_years=34)
        reasoner.infer(age)
        created, deleted = recorded(watched, "create_ruleset"), recorded(watched, "delete_ruleset")
        original = getattr(watched, where)
        calls = iter(range(100))

        def failing(*given: Any) -> Any:
            if next(calls) == (1 if where in ("assert_fact", "complete_and_start_action") else 0):
                raise error
            return original(*given)

        setattr(watched, where, failing)
        with pytest.raises(EngineFault if isinstance(error, core.error) else type(error)):
            reasoner.infer(fever)
        assert (len(created), len(deleted)) == (0, 1)
        setattr(watched, where, original)
        assert reasoner.infer(age).truths == infer(rulebook, age).truths
        assert (len(created), len(deleted)) == (1, 1)

    def test_what_the_core_raises_is_told_as_an_engine_fault(
        self, rulebook: Rulebook, watched: SimpleNamespace
    ) -> None:
        def refuse(*_: Any) -> Any:
            raise core.error("Could not create ruleset, error code: 107")

        watched.create_ruleset = refuse
        with pytest.raises(EngineFault, match="107"):
            Reasoner(rulebook).infer(facts_for(rulebook, age_years=34))

    def test_a_ruleset_that_could_not_be_woken_is_not_kept(
        self, rulebook: Rulebook, watched: SimpleNamespace
    ) -> None:
        reasoner, original, failures = Reasoner(rulebook), watched.assert_fact, [core.error("first")]

        def failing_once(*given: Any) -> Any:
            if failures:
                raise failures.pop()
            return original(*given)

        watched.assert_fact = failing_once
        facts = facts_for(rulebook, age_years=34)
        with pytest.raises(EngineFault):
            reasoner.infer(facts)
        assert reasoner.infer(facts).truths == infer(rulebook, facts).truths


class TestALongLife:
    def test_without_facts_nothing_is_asked_of_the_core(
        self, rulebook: Rulebook, watched: SimpleNamespace
    ) -> None:
        def refuse(*_: Any) -> Any:
            raise AssertionError("no facts, no work")

        watched.create_ruleset = refuse
        found = Reasoner(rulebook).infer({})
        assert (dict(found.truths), found.firings) == ({}, ())

    def test_closed_it_opens_again(self, rulebook: Rulebook, reasoner: Reasoner) -> None:
        for _ in range(3):
            agree(rulebook, reasoner, warning_signs=["fever_unwell"])
            reasoner.close()
        reasoner.close()

    def test_a_ruleset_is_given_back_before_the_next_is_made(
        self, rulebook: Rulebook, watched: SimpleNamespace
    ) -> None:
        open_now: set[int] = set()
        create, delete = watched.create_ruleset, watched.delete_ruleset

        def created(*given: Any) -> Any:
            handle = create(*given)
            open_now.add(handle)
            return handle

        def deleted(handle: int) -> Any:
            open_now.discard(handle)
            return delete(handle)

        watched.create_ruleset, watched.delete_ruleset = created, deleted
        reasoner = Reasoner(rulebook)
        for _ in range(3):
            agree(rulebook, reasoner, age_years=34)
            assert len(open_now) == 1
            reasoner.close()
            assert open_now == set()

    @pytest.mark.process
    def test_a_child_process_goes_on_where_its_parent_stood(
        self, rulebook: Rulebook, reasoner: Reasoner
    ) -> None:
        agree(rulebook, reasoner, warning_signs=["fever_unwell"])
        child = os.fork()
        if child == 0:
            status = 1
            try:
                agree(rulebook, reasoner, warning_signs=["none"], age_years=17)
                status = 0
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        agree(rulebook, reasoner, age_years=34)
