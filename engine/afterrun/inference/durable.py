"""Facts in, firings out: the forward-chaining engine, durable-rules.

The only module that knows durable-rules, and it drives the C core, never the stock host: what
that core does to those who trust it decides most of what stands here. It is sent only small
integers from a closed vocabulary; one assessment lives in it at a time; whatever goes wrong ends
the ruleset, never the process, and never gives a result. What it was given it frees only when told to,
so that a rulebook let go, an assessment cut off and a fork in the middle of one each have their end here.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterable
from typing import Any

import durable_rules_engine as core

from afterrun.errors import EngineFault
from afterrun.inference.durable_program import Conclusion
from afterrun.inference.durable_ruleset import SESSION, Ruleset
from afterrun.inference.facts import Facts
from afterrun.inference.firings import Inference
from afterrun.inference.reference import firings_of, formulas_of
from afterrun.rulebook import Rulebook

NO_SESSION = "309"
NO_LISTENER, DUPLICATE = 1, 2


class _Network:
    """The core's network for a ruleset, and the one session in it.

    An interruption falls between two steps of Python. What the core gives is therefore kept in the same
    step in which it gives it (by `map`): a handle that is lost could never be freed.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset = ruleset
        self._handles: list[int] = []
        self._first_action: list[Any] = []
        self.unfinished = False
        """A run has begun, and nothing says that it came to its end."""

    @property
    def handle(self) -> int | None:
        """The core's name for it; None where it is not built."""
        return self._handles[0] if self._handles else None

    def build(self) -> int:
        """Build it in the core."""
        name = f"afterrun-{id(self)}"
        self._handles.extend(map(core.create_ruleset, (name,), (self._ruleset.rules,)))
        return self._handles[0]

    def start(self, handle: int, offset: int) -> Any:
        """What the core says of the first step that can fire; None where none can."""
        if any(self._first_action):
            return core.start_action_for_state(handle, offset)
        self._first_action[:] = map(core.start_action_for_state, (handle,), (offset,))
        return self._first_action[0]

    def free(self, *, core_failed: bool = False) -> None:
        """Give back all that the core holds; of a core that has failed the session is not touched again."""
        if not core_failed:
            for handle in self._handles:
                self._free_session(handle)
        self._handles[:] = filter(core.delete_ruleset, self._handles)
        self._first_action.clear()
        self.unfinished = False

    def _free_session(self, handle: int) -> None:
        """The core does not free a session with its ruleset: 5 MB of the shipped rulebook's."""
        try:
            if not any(self._first_action):
                # delete_state frees an uninitialised pointer unless some action was started before.
                offset = 0
                for text in self._ruleset.waking_facts():
                    _, offset = core.assert_fact(handle, text)
                self.start(handle, offset)
            if any(self._first_action):
                core.delete_state(handle, SESSION)
        except core.error:
            return  # there is none, or it is lost


class Reasoner:
    """A rulebook compiled into the core once, then run as often as you like, one run at a time."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._ruleset = Ruleset(rulebook)
        if self._ruleset.limits:
            raise EngineFault("; ".join(map(str, self._ruleset.limits)))
        self._steps = self._ruleset.steps
        self._lock = threading.Lock()
        self._network = _Network(self._ruleset)
        # The end of the process frees all at once.
        weakref.finalize(self, self._network.free).atexit = False
        _reasoners.add(self)
        self._texts = self._ruleset.derived_facts()
        self._settles = [
            tuple((fact.proposition, fact.value) for fact in step.concludes if isinstance(fact, Conclusion))
            for step in self._steps
        ]
        self._formulas = formulas_of(rulebook)
        self._most_firings = 4 * len(self._steps) + 16

    @property
    def step_count(self) -> int:
        """How many durable rules the rulebook became."""
        return len(self._steps)

    def infer(self, facts: Facts) -> Inference:
        """Fire every rule that the facts prove or refute, until nothing new follows.

        Raises EngineFault when the core breaks a promise; its ruleset is then built anew.
        """
        ruleset = self._ruleset
        asserted = [ruleset.fact_text(name, cell) for name, cell in facts.items() if name in ruleset.keys]
        if not asserted:
            return Inference({}, ())
        network = self._network
        with self._lock:
            try:
                if network.unfinished:
                    network.free()
                network.unfinished = True
                fired = self._run(self._opened(), asserted)
                network.unfinished = False
            except BaseException as error:
                network.free(core_failed=isinstance(error, core.error | MemoryError))
                if isinstance(error, core.error):
                    raise EngineFault(f"the forward-chaining core failed: {error}") from error
                raise
        return self._inference(fired, facts)

    def close(self) -> None:
        """Free the core's ruleset; the next run builds it anew."""
        with self._lock:
            self._network.free()

    def begin_anew(self) -> None:
        """After a fork: whoever held the lock is not in this process, and what it had begun is left over."""
        self._lock = threading.Lock()

    def _opened(self) -> int:
        handle = self._network.handle
        if handle is None:
            waking = self._ruleset.waking_facts()
            handle = self._network.build()
            # delete_state frees an uninitialised pointer unless some action was started before.
            if not self._run(handle, waking):
                raise EngineFault("the burn-in assessment fired no rule")
        return handle

    def _run(self, handle: int, texts: Iterable[str]) -> list[int]:
        """Assert facts one by one, then run to the end: the steps that fired, in order."""
        self._refuse_leftovers(handle)
        offset = 0
        for text in texts:
            offset = self._assert(handle, text)
        fired: list[int] = []
        known: set[str] = set()
        started = self._network.start(handle, offset)
        message = started[1] if started else None
        while message:
            step = int(message[3 : message.index('"', 3)])
            fired.append(step)
            if len(fired) > self._most_firings:
                raise EngineFault(f"more than {self._most_firings} firings in one assessment")
            for name, text in self._texts[step]:
                if name not in known:
                    known.add(name)
                    self._assert(handle, text)
            message = core.complete_and_start_action(handle, offset)
        core.delete_state(handle, SESSION)
        return fired

    def _refuse_leftovers(self, handle: int) -> None:
        try:
            core.get_facts(handle, SESSION)
        except core.error as error:
            if NO_SESSION in str(error):
                return
            raise
        raise EngineFault("facts of an earlier assessment were left over")

    def _assert(self, handle: int, text: str) -> int:
        code, offset = core.assert_fact(handle, text)
        if code not in (0, NO_LISTENER):
            reason = "a fact with the same id was there" if code == DUPLICATE else f"code {code}"
            raise EngineFault(f"the core refused a fact: {reason}")
        return int(offset)

    def _inference(self, fired: Iterable[int], facts: Facts) -> Inference:
        truths: dict[str, bool] = {}
        settled: dict[str, bool] = {}
        for place in fired:
            for proposition, value in self._settles[place]:
                if truths.setdefault(proposition, value) is not value:
                    raise EngineFault(f"'{proposition}' was both proved and refuted")
            step = self._steps[place]
            if step.rule is not None and settled.setdefault(step.rule, step.holds) is not step.holds:
                raise EngineFault(f"rule '{step.rule}' was both proved and refuted")
        # Which of several facts that each suffice the core met first hangs on how it hashes them.
        return Inference(truths, lambda: firings_of(self._formulas, settled, facts, truths))


_reasoners: weakref.WeakSet[Reasoner] = weakref.WeakSet()


def _begin_anew_after_a_fork() -> None:
    for reasoner in list(_reasoners):
        reasoner.begin_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew_after_a_fork)
