"""Each guard around the forward-chaining core: what it keeps out, and that it keeps it out.

The core is called directly here only to show that its habits are still what the guards were built against.
"""

import gc
import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import durable_rules_engine as core
import pytest

import afterrun.inference.durable
import afterrun.inference.durable_limits
from afterrun import EngineFault, Rulebook, assess, load_rulebook, read_answers
from afterrun.inference import Facts, facts_of, infer
from afterrun.inference.durable import Reasoner
from afterrun.inference.durable_limits import hash_collisions
from afterrun.inference.durable_program import WIDEST_JOIN, program_of
from tests.support.random_input.rulebooks import small_rulebook, write_files

Written = dict[str, Any]
Small = Callable[..., Rulebook]


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """Make a rulebook of these rules; each question of `ticks` is a multiple choice of that many options."""

    def made(*rules: Written, ticks: dict[str, int], findings: list[str]) -> Rulebook:
        questions = [
            {
                "id": name,
                "type": "multi",
                "options": [{"id": f"o{number}", "text": f"Option {number}"} for number in range(count)],
            }
            for name, count in ticks.items()
        ]
        numbered = [{"id": f"rule-{place}", **rule} for place, rule in enumerate(rules)]
        return load_rulebook(write_files(tmp_path, small_rulebook(numbered, questions, findings)))

    return made


@pytest.fixture
def reasoner(rulebook: Rulebook) -> Iterator[Reasoner]:
    made = Reasoner(rulebook)
    yield made
    made.close()


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The core as the reasoner sees it; a test may replace any of its functions."""
    gc.collect()  # reasoners of earlier tests free their networks before, and not in between
    names = [name for name in dir(core) if not name.startswith("_")]
    seen = SimpleNamespace(**{name: getattr(core, name) for name in names})
    monkeypatch.setattr(afterrun.inference.durable, "core", seen)
    return seen


def recorded(watched: SimpleNamespace, name: str, order: list[str] | None = None) -> list[Any]:
    """From now on, what each call of one of the core's functions was given, and gave back."""
    original, calls = getattr(watched, name), list[Any]()

    def record(*given: Any) -> Any:
        if order is not None:
            order.append(name)
        result = original(*given)
        calls.append((given, result))
        return result

    setattr(watched, name, record)
    return calls


def facts_for(rulebook: Rulebook, **answers: Any) -> Facts:
    return facts_of(rulebook, read_answers(rulebook, answers))


def ticked(name: str, option: int) -> Written:
    return {name: {"includes": f"o{option}"}}


def agree(rulebook: Rulebook, reasoner: Reasoner, **answers: Any) -> None:
    facts = facts_for(rulebook, **answers)
    assert reasoner.infer(facts).truths == infer(rulebook, facts).truths


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

    @pytest.mark.slow
    def test_memory_stays_flat_over_many_assessments(self, rulebook: Rulebook, reasoner: Reasoner) -> None:
        people = [
            facts_for(rulebook, warning_signs=[sign], age_years=age, health_conditions=["none"])
            for sign in ("none", "fever_unwell", "hot_red_joint")
            for age in (17, 34)
        ]

        def run(times: int) -> int:
            for number in range(times):
                reasoner.infer(people[number % len(people)])
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

        before = run(2000)
        grown = run(20_000) - before
        # ru_maxrss is in kilobytes, on macOS in bytes.
        assert grown < 4096 * (1024 if sys.platform == "darwin" else 1), f"{grown} more"


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
