"""Each guard around the forward-chaining core: what it keeps out, and that it keeps it out.

The core is called directly here only to show that its habits are still what the guards were built against.
"""

import json
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import durable_rules_engine as core
import pytest

from afterrun import EngineFault, Rulebook, assess, load_rulebook
from afterrun.inference import Facts, infer
from afterrun.inference.durable import Reasoner
from afterrun.inference.durable_limits import hash_collisions
from afterrun.inference.durable_program import program_of
from tests.inference.conftest import Small, agree, facts_for, recorded, ticked
from tests.support.random_input.rulebooks import small_rulebook, write_files


class TestOnePersonAtATime:
    def test_the_core_takes_two_sessions_with_one_hash_for_one(self) -> None:
        rules = {"both": {"all": [{"a": {"k": 1}}, {"b": {"k": 2}}]}}
        handle = core.create_ruleset("two-people", json.dumps(rules))
        core.assert_fact(handle, '{"id":"f1","sid":"costarring","k":1}')
        _, offset = core.assert_fact(handle, '{"id":"f2","sid":"liquid","k":2}')
        assert core.start_action_for_state(handle, offset), "the guard may go: sessions are told apart now"

    def test_every_fact_goes_into_one_constant_session(
        self, rulebook: Rulebook, watched: SimpleNamespace
    ) -> None:
        calls = recorded(watched, "assert_fact")
        reasoner = Reasoner(rulebook)
        for age in (17, 34, 60):
            reasoner.infer(facts_for(rulebook, age_years=age, warning_signs=["fever_unwell"]))
        facts = [json.loads(text) for (_, text), _ in calls]
        assert {fact["sid"] for fact in facts} == {"1"}
        assert all(isinstance(fact[key], int) for fact in facts for key in ("b", "k", "v"))

    def test_people_in_many_threads_do_not_share_a_fact(self, rulebook: Rulebook, reasoner: Reasoner) -> None:
        people = [facts_for(rulebook, warning_signs=["fever_unwell"]), facts_for(rulebook, age_years=34)]
        people += [facts_for(rulebook, warning_signs=["none"], health_conditions=["knee_replacement"])]
        meant = [infer(rulebook, facts).truths for facts in people]
        wrong: list[Any] = []

        def run(person: int) -> None:
            for _ in range(40):
                try:
                    if reasoner.infer(people[person]).truths != meant[person]:
                        wrong.append(person)
                except Exception as error:
                    wrong.append(error)

        threads = [threading.Thread(target=run, args=(person % 3,)) for person in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []

    def test_a_second_thread_waits_until_the_first_run_is_over(
        self, rulebook: Rulebook, watched: SimpleNamespace
    ) -> None:
        reasoner = Reasoner(rulebook)
        facts = facts_for(rulebook, warning_signs=["fever_unwell"])
        meant = infer(rulebook, facts).truths
        assert reasoner.infer(facts).truths == meant
        inside, go_on, answers = threading.Event(), threading.Event(), []
        delete_state = watched.delete_state

        def held_up(handle: int, session: str) -> Any:
            inside.set()
            go_on.wait(5)
            return delete_state(handle, session)

        watched.delete_state = held_up
        first = threading.Thread(target=lambda: answers.append(reasoner.infer(facts).truths))
        first.start()
        assert inside.wait(5)
        second = threading.Thread(target=lambda: answers.append(reasoner.infer(facts).truths))
        second.start()
        second.join(0.2)
        assert second.is_alive(), "two runs at once in one ruleset"
        watched.delete_state = delete_state
        go_on.set()
        first.join()
        second.join()
        assert answers == [meant, meant]


class TestTheCoreIsWokenBeforeUse:
    def test_a_burn_in_fires_a_rule_when_the_ruleset_is_opened(
        self, rulebook: Rulebook, watched: SimpleNamespace
    ) -> None:
        calls: list[str] = []
        for name in ("create_ruleset", "complete_and_start_action", "delete_state", "get_facts"):
            recorded(watched, name, calls)
        Reasoner(rulebook).infer(facts_for(rulebook, warning_signs=["none"]))
        assert calls[0] == "create_ruleset"
        assert calls.index("complete_and_start_action") < calls.index("delete_state")
        assert calls.count("get_facts") == 2, "the burn-in is an assessment of its own"

    @pytest.mark.process
    def test_an_assessment_in_which_no_rule_fires_is_safe_even_as_the_first(
        self, small: Small, tmp_path: Path
    ) -> None:
        """Without the burn-in the core frees memory that it never had, and the process ends."""
        both = {"all": [ticked("left", 0), ticked("right", 0)]}
        small({"if": both, "then": "found"}, ticks={"left": 2, "right": 2}, findings=["found"])
        script = (
            "import afterrun\n"
            "from afterrun.inference import facts_of\n"
            "from afterrun.inference.durable import Reasoner\n"
            f"rulebook = afterrun.load_rulebook({str(tmp_path)!r})\n"
            "half = facts_of(rulebook, afterrun.read_answers(rulebook, {'left': ['o0']}))\n"
            "for _ in range(20):\n"
            "    assert Reasoner(rulebook).infer(half).firings == ()\n"
            "print('alive')\n"
        )
        run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        assert (run.returncode, run.stdout.strip()) == (0, "alive"), run.stderr

    def test_a_rulebook_that_no_single_answer_settles_is_woken_by_several(self, tmp_path: Path) -> None:
        """Neither test can fail, so that no answer alone refutes the rule either."""
        questions = [
            {"id": name, "type": "integer", "at_least": 0, "at_most": 10} for name in ("left", "right")
        ]
        both = {"all": [{"left": {"at_least": 0}}, {"right": {"at_least": 0}}]}
        rule = {"id": "always", "if": both, "then": "found"}
        rulebook = load_rulebook(write_files(tmp_path, small_rulebook([rule], questions, ["found"])))
        agree(rulebook, Reasoner(rulebook), left=3)
        agree(rulebook, Reasoner(rulebook), left=3, right=4)

    def test_a_burn_in_that_fires_nothing_is_a_fault(
        self, rulebook: Rulebook, watched: SimpleNamespace
    ) -> None:
        watched.start_action_for_state = lambda *_: None
        watched.delete_state = lambda *_: None
        with pytest.raises(EngineFault, match="burn-in"):
            Reasoner(rulebook).infer(facts_for(rulebook, age_years=34))


class TestFactsAreWhatTheyAre:
    def test_the_core_refuses_an_id_that_it_holds_already(self) -> None:
        handle = core.create_ruleset("twice", json.dumps({"r": {"all": [{"a": {"k": 1}}]}}))
        assert core.assert_fact(handle, '{"id":"f","sid":"1","k":1}')[0] == 0
        assert core.assert_fact(handle, '{"id":"f","sid":"1","k":1}')[0] == 2

    @pytest.mark.parametrize(("code", "words"), [(2, "same id"), (7, "code 7")])
    def test_a_fact_that_the_core_does_not_take_is_fatal(
        self, rulebook: Rulebook, watched: SimpleNamespace, code: int, words: str
    ) -> None:
        reasoner = Reasoner(rulebook)
        facts = facts_for(rulebook, age_years=34, warning_signs=["none"])
        reasoner.infer(facts)
        original = watched.assert_fact
        watched.assert_fact = lambda *given: (code, original(*given)[1])
        with pytest.raises(EngineFault, match=words):
            reasoner.infer(facts)

    def test_facts_are_asserted_one_by_one(self, rulebook: Rulebook, watched: SimpleNamespace) -> None:
        def refuse(*_: Any) -> Any:
            raise AssertionError("a batch drops facts without a word")

        for name in ("assert_facts", "assert_event", "assert_events", "update_state"):
            setattr(watched, name, refuse)
        agree(rulebook, Reasoner(rulebook), age_years=34, warning_signs=["fever_unwell"])

    def test_names_whose_hashes_meet_are_refused(self) -> None:
        assert list(hash_collisions(["pain", "costarring", "site", "liquid"])) == [("costarring", "liquid")]
        assert list(hash_collisions(["costarring", "pain", "costarring"])) == []

    @pytest.mark.slow
    def test_the_ids_of_a_rulebook_are_checked_when_it_is_compiled(self, small: Small) -> None:
        one, other = meeting_names()
        rules = [{"if": ticked(name, 0), "then": "found"} for name in (one, other)]
        with pytest.raises(EngineFault, match="cannot tell"):
            Reasoner(small(*rules, ticks={one: 1, other: 1}, findings=["found"]))


class TestNoResultIsBetterThanAWrongOne:
    def test_a_proposition_both_proved_and_refuted_is_fatal(
        self, small: Small, watched: SimpleNamespace
    ) -> None:
        rulebook = small({"if": ticked("q", 0), "then": "found"}, ticks={"q": 2}, findings=["found"])
        reasoner = Reasoner(rulebook)
        refuting = next(place for place, step in enumerate(program_of(rulebook)) if not step.holds)
        reasoner.infer(facts_for(rulebook, q=["o0"]))
        lies = [f'{{"s{refuting}":{{"c0":{{"id":"q.q:o0"}}}}}}']
        complete = watched.complete_and_start_action
        watched.complete_and_start_action = lambda *given: lies.pop() if lies else complete(*given)
        with pytest.raises(EngineFault, match="both proved and refuted"):
            reasoner.infer(facts_for(rulebook, q=["o0"]))

    def test_an_engine_fault_gives_no_result(
        self, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(self: Reasoner, facts: Facts) -> Any:
            raise EngineFault("broken")

        monkeypatch.setattr(Reasoner, "infer", broken)
        with pytest.raises(EngineFault, match="broken"):
            assess(rulebook, {"age_years": 34})
        assert assess(rulebook, {"age_years": 17}, engine="reference").triage == "incomplete"


def fnv(name: str) -> int:
    value = 0x811C9DC5
    for byte in name.encode():
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return value


def meeting_names() -> tuple[str, str]:
    """Two question ids whose facts the core could not tell apart."""
    seen: dict[int, str] = {}
    for number in range(10**7):
        name = f"q{number:x}"
        other = seen.setdefault(fnv(f"q.{name}:o0"), name)
        if other != name:
            return other, name
    raise AssertionError("no two meet")
