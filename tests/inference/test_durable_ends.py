"""What the core was given it gives back: when a run is cut off, when a rulebook goes, after a fork."""

import dis
import gc
import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any

import durable_rules_engine as core
import pytest

import afterrun.inference.durable
from afterrun import Rulebook, load_rulebook, read_answers
from afterrun.inference import Facts, facts_of, infer
from afterrun.inference.durable import Reasoner
from afterrun.rulebook import engine_of
from tests.attacks.forks import in_a_child
from tests.support.random_input.rulebooks import small_rulebook, write_files

pytestmark = pytest.mark.slow

DURABLE = afterrun.inference.durable.__file__


class Held:
    """What the core holds for somebody: networks, and those of them with a session; and what was lost."""

    def __init__(self) -> None:
        self.networks: set[int] = set()
        self.sessions: set[int] = set()
        self.lost = 0

    def watching(self) -> SimpleNamespace:
        """The core, with a word here of all that is given and freed."""
        names = [name for name in dir(core) if not name.startswith("_")]
        seen = SimpleNamespace(**{name: getattr(core, name) for name in names})

        def create_ruleset(*given: Any) -> int:
            handle: int = core.create_ruleset(*given)
            self.networks.add(handle)
            return handle

        def assert_fact(handle: int, text: str) -> Any:
            given = core.assert_fact(handle, text)
            self.sessions.add(handle)
            return given

        def delete_state(handle: int, session: str) -> None:
            core.delete_state(handle, session)
            self.sessions.discard(handle)

        def delete_ruleset(handle: int) -> None:
            core.delete_ruleset(handle)
            self.networks.discard(handle)
            self.lost += handle in self.sessions
            self.sessions.discard(handle)

        for watch in (create_ruleset, assert_fact, delete_state, delete_ruleset):
            setattr(seen, watch.__name__, watch)
        return seen

    @property
    def nothing(self) -> bool:
        """All was given back."""
        return not (self.networks or self.sessions or self.lost)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    gc.collect()  # what earlier tests have left is freed before
    made = Held()
    monkeypatch.setattr(afterrun.inference.durable, "core", made.watching())
    return made


def made_small(folder: Path) -> Rulebook:
    questions = [{"id": name, "type": "integer", "at_least": 0, "at_most": 10} for name in ("left", "right")]
    both = {"all": [{"left": {"at_least": 3}}, {"right": {"at_least": 3}}]}
    rules = [
        {"id": "both", "if": both, "then": "found"},
        {"id": "more", "if": {"all": ["found", {"left": {"at_least": 5}}]}, "then": "beyond"},
    ]
    return load_rulebook(write_files(folder, small_rulebook(rules, questions, ["found", "beyond"])))


@pytest.fixture
def small(tmp_path: Path) -> Rulebook:
    return made_small(tmp_path)


@pytest.fixture
def facts(small: Rulebook) -> Facts:
    return facts_of(small, read_answers(small, {"left": 5, "right": 5}))


def cut_off_at(place: int, run: Callable[[], object]) -> bool:
    """Interrupt a run at the so-manieth place in `durable` where Python looks for one; False if it has fewer.

    Python looks when a function begins, after a call, and when it jumps back.
    """
    places = itertools.count()
    last: dict[FrameType, str] = {}

    def each_step(frame: FrameType, event: str, _: object) -> Any:
        if event == "opcode":
            before = last.get(frame, "")
            last[frame] = dis.opname[frame.f_code.co_code[frame.f_lasti]]
            looks = before.startswith(("RESUME", "CALL")) or "BACKWARD" in before
            if looks and next(places) == place:
                raise KeyboardInterrupt
        return each_step

    def each_call(frame: FrameType, event: str, _: object) -> Any:
        if frame.f_code.co_filename != DURABLE:
            return None
        frame.f_trace_opcodes = True
        return each_step

    before = sys.gettrace()
    sys.settrace(each_call)
    try:
        run()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False


class TestARunThatIsCutOff:
    @pytest.mark.parametrize("opened", [False, True], ids=["as the first", "after others"])
    def test_leaves_nothing_behind_wherever_it_was(
        self, small: Rulebook, facts: Facts, held: Held, opened: bool
    ) -> None:
        meant = infer(small, facts).truths
        for place in itertools.count():
            reasoner = Reasoner(small)
            if opened:
                reasoner.infer(facts)
            if not cut_off_at(place, partial(reasoner.infer, facts)):
                break
            assert held.lost == 0, place
            assert reasoner.infer(facts).truths == meant, place
            reasoner.close()
            assert held.nothing, place
        assert place > 50

    @pytest.mark.parametrize("where", ["delete_state", "delete_ruleset", "assert_fact"])
    def test_and_cut_off_once_more_while_it_is_freed_is_freed_before_the_next(
        self, small: Rulebook, facts: Facts, held: Held, where: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen = held.watching()
        monkeypatch.setattr(afterrun.inference.durable, "core", seen)
        reasoner, original = Reasoner(small), getattr(seen, where)
        reasoner.infer(facts)

        def cut_off(*_: Any) -> Any:
            raise KeyboardInterrupt

        setattr(seen, where, cut_off)
        seen.complete_and_start_action = cut_off
        with pytest.raises(KeyboardInterrupt):
            reasoner.infer(facts)
        setattr(seen, where, original)
        seen.complete_and_start_action = core.complete_and_start_action
        assert reasoner.infer(facts).truths == infer(small, facts).truths
        reasoner.close()
        assert held.nothing

    def test_by_the_core_itself_has_its_session_left_alone(
        self, small: Rulebook, facts: Facts, held: Held, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What a core that has failed says of its memory is not believed."""
        seen = held.watching()
        monkeypatch.setattr(afterrun.inference.durable, "core", seen)
        reasoner, touched = Reasoner(small), list[int]()
        reasoner.infer(facts)

        def fail(*_: Any) -> Any:
            raise core.error("12")

        seen.complete_and_start_action = fail
        seen.delete_state = lambda handle, _: touched.append(handle)
        with pytest.raises(afterrun.EngineFault):
            reasoner.infer(facts)
        assert touched == []
        assert held.networks == set()


class TestARulebookThatIsLetGo:
    def test_frees_its_network(self, tmp_path: Path, held: Held) -> None:
        rulebook = made_small(tmp_path)
        facts = facts_of(rulebook, read_answers(rulebook, {"left": 5, "right": 5}))
        engine_of(rulebook, Reasoner).infer(facts)
        assert held.networks
        del rulebook
        gc.collect()
        assert held.nothing

    def test_frees_what_a_run_cut_off_while_being_freed_had_left(
        self, tmp_path: Path, held: Held, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen = held.watching()
        monkeypatch.setattr(afterrun.inference.durable, "core", seen)
        rulebook = made_small(tmp_path)
        reasoner, delete_state = Reasoner(rulebook), seen.delete_state

        def cut_off(*_: Any) -> Any:
            raise KeyboardInterrupt

        seen.delete_state = cut_off
        facts = facts_of(rulebook, read_answers(rulebook, {"left": 5, "right": 5}))
        with pytest.raises(KeyboardInterrupt):
            reasoner.infer(facts)
        assert held.sessions
        seen.delete_state = delete_state
        del reasoner
        gc.collect()
        assert held.nothing


MEMORY = """
import ctypes, gc, os, sys
from pathlib import Path
import afterrun
from afterrun.inference import facts_of
from afterrun.inference.durable import Reasoner
from tests.inference.test_durable_ends import cut_off_at

ANSWERS = {"warning_signs": ["none"], "age_years": 34, "pain_site": ["below_kneecap"]}
cache = Path(sys.argv[1])

def assessed(times):
    for each in range(times):
        reasoner.infer(people[each % len(people)])

def reloaded(times):
    for _ in range(times):
        rulebook = afterrun.load_rulebook(cache=cache)
        afterrun.assess(rulebook, ANSWERS)

def cut_off(times):
    rulebook = afterrun.load_rulebook(cache=cache)
    reasoner = Reasoner(rulebook)
    facts = facts_of(rulebook, afterrun.read_answers(rulebook, ANSWERS))
    for each in range(times):
        # 97 is a prime, so that the cuts fall everywhere; a run has more places than 600.
        assert cut_off_at(each * 97 % 600, lambda: reasoner.infer(facts))

class InUse(ctypes.Structure):
    names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    _fields_ = [(name, ctypes.c_size_t) for name in names.split()]

def megabytes():
    gc.collect()
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallinfo2"):
        # Exact: what is resident also counts what is free, and a small leak would grow into that unseen.
        libc.mallinfo2.restype = InUse
        now = libc.mallinfo2()
        return (now.uordblks + now.hblkhd) / 1e6
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

what, first, times = sys.argv[2], *map(int, sys.argv[3:])
if what == "assessed":
    rulebook = afterrun.load_rulebook(cache=cache)
    reasoner = Reasoner(rulebook)
    people = [
        facts_of(rulebook, afterrun.read_answers(rulebook, {"warning_signs": [sign], "age_years": age}))
        for sign in ("none", "fever_unwell", "hot_red_joint")
        for age in (17, 34)
    ]
work = {"assessed": assessed, "reloaded": reloaded, "cut_off": cut_off}[what]
work(first)
before = megabytes()
work(times)
print(megabytes() - before)
"""


@pytest.mark.process
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not say what is used")
@pytest.mark.parametrize(
    ("what", "first", "times", "most"),
    [("assessed", 100, 1000, 0.05), ("reloaded", 5, 20, 1), ("cut_off", 10, 600, 5)],
)
def test_memory_is_flat_over_assessments_reloads_and_runs_cut_off(
    tmp_path: Path, what: str, first: int, times: int, most: float
) -> None:
    """Not 50 bytes an assessment; each reload would keep some 5 MB, and so would each run cut off."""
    command: list[str | Path] = [sys.executable, "-c", MEMORY, tmp_path, what, str(first), str(times)]
    one_heap = {**os.environ, "PYTHONMALLOC": "malloc"}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=one_heap)
    assert ran.returncode == 0, ran.stderr
    assert float(ran.stdout) < most


class TestAForkWhileAnotherThreadIsInside:
    """The child has the memory of the thread that assessed, and not the thread."""

    @pytest.fixture
    def inside(
        self, small: Rulebook, facts: Facts, held: Held, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[Reasoner]:
        """A reasoner in which another thread stands in the middle of a run, and stays there."""
        seen = held.watching()
        monkeypatch.setattr(afterrun.inference.durable, "core", seen)
        reasoner = Reasoner(small)
        reasoner.infer(facts)
        there, go_on = threading.Event(), threading.Event()
        complete = seen.complete_and_start_action

        def stay(*given: Any) -> Any:
            there.set()
            go_on.wait()
            return complete(*given)

        seen.complete_and_start_action = stay
        thread = threading.Thread(target=reasoner.infer, args=(facts,))
        thread.start()
        there.wait()
        seen.complete_and_start_action = complete
        yield reasoner
        go_on.set()
        thread.join()
        assert reasoner.infer(facts).truths == infer(small, facts).truths

    @pytest.mark.process
    def test_leaves_a_child_that_answers_and_a_parent_that_goes_on(
        self, small: Rulebook, facts: Facts, held: Held, inside: Reasoner
    ) -> None:
        meant = infer(small, facts).truths
        assert in_a_child(lambda: inside.infer(facts).truths == meant and held.lost == 0)

    @pytest.mark.process
    def test_leaves_a_child_that_can_build_what_was_being_built(self, small: Rulebook) -> None:
        there, go_on = threading.Event(), threading.Event()

        def slow(rulebook: Rulebook) -> str:
            there.set()
            go_on.wait()
            return "built"

        thread = threading.Thread(target=engine_of, args=(small, slow))
        thread.start()
        there.wait()
        try:
            assert in_a_child(lambda: engine_of(small, Reasoner) is engine_of(small, Reasoner))
        finally:
            go_on.set()
            thread.join()
