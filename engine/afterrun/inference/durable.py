"""Facts in, firings out: the forward-chaining engine, durable-rules.

The only module that knows durable-rules, and it drives the C core, never the stock host: what
that core does to those who trust it decides most of what stands here. It is sent only small
integers from a closed vocabulary; one assessment lives in it at a time; whatever goes wrong ends
the ruleset, never the process, and never gives a result.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping

import durable_rules_engine as core

from afterrun.errors import EngineFault
from afterrun.inference.durable_program import Auxiliary, Cells, Conclusion, Hit, Step
from afterrun.inference.durable_ruleset import SESSION, Ruleset
from afterrun.inference.facts import Facts
from afterrun.inference.firings import Firing, Inference, Premise, PropositionPremise
from afterrun.rulebook import Rulebook

NO_SESSION = "309"
NO_LISTENER, DUPLICATE = 1, 2

_IDS = re.compile(r'"id":"([^"]*)"')


class Reasoner:
    """A rulebook compiled into the core once, then run as often as you like, one run at a time."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._ruleset = Ruleset(rulebook)
        if self._ruleset.limits:
            raise EngineFault("; ".join(map(str, self._ruleset.limits)))
        self._steps = self._ruleset.steps
        self._lock = threading.Lock()
        self._handle: int | None = None
        self._texts = self._ruleset.derived_facts()
        self._settles = [
            tuple((fact.proposition, fact.value) for fact in step.concludes if isinstance(fact, Conclusion))
            for step in self._steps
        ]
        self._auxiliary_ids = [
            tuple(fact.id for fact in step.concludes if isinstance(fact, Auxiliary | Hit))
            for step in self._steps
        ]
        self._known_premises = [_premises_known_beforehand(step) for step in self._steps]
        self._facts_by_id = {fact.id: fact for step in self._steps for fact in step.concludes}
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
        with self._lock:
            try:
                handle = self._opened()
                fired = self._run(handle, asserted)
            except BaseException as error:
                self._discard()
                if isinstance(error, core.error):
                    raise EngineFault(f"the forward-chaining core failed: {error}") from error
                raise
        return self._inference(fired)

    def close(self) -> None:
        """Free the core's ruleset; the next run builds it anew."""
        with self._lock:
            self._discard()

    def _opened(self) -> int:
        if self._handle is None:
            self._handle = core.create_ruleset(f"afterrun-{id(self)}", self._ruleset.rules)
            # delete_state frees an uninitialised pointer unless some action was started before.
            if not self._run(self._handle, self._ruleset.waking_facts()):
                raise EngineFault("the burn-in assessment fired no rule")
        return self._handle

    def _discard(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            core.delete_ruleset(handle)

    def _run(self, handle: int, texts: Iterable[str]) -> list[tuple[int, str]]:
        """Assert facts one by one, then run to the end: (step, the core's message) in order."""
        self._refuse_leftovers(handle)
        offset = 0
        for text in texts:
            offset = self._assert(handle, text)
        fired: list[tuple[int, str]] = []
        known: set[str] = set()
        started = core.start_action_for_state(handle, offset)
        message = started[1] if started else None
        while message:
            step = int(message[3 : message.index('"', 3)])
            fired.append((step, message))
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

    def _inference(self, fired: list[tuple[int, str]]) -> Inference:
        origin: dict[str, tuple[int, str]] = {}
        truths: dict[str, bool] = {}
        firings: dict[tuple[str, bool], Firing] = {}
        for place, message in fired:
            step = self._steps[place]
            for proposition, value in self._settles[place]:
                if truths.setdefault(proposition, value) is not value:
                    raise EngineFault(f"'{proposition}' was both proved and refuted")
            for name in self._auxiliary_ids[place]:
                origin.setdefault(name, (place, message))
            if step.rule is not None and (step.rule, step.holds) not in firings:
                premises = self._premises(place, message, origin)
                firings[step.rule, step.holds] = Firing(step.rule, step.holds, premises)
        return Inference(truths, tuple(firings.values()))

    def _premises(
        self, place: int, message: str, origin: Mapping[str, tuple[int, str]]
    ) -> tuple[Premise, ...]:
        """What a step stood on; the auxiliary facts of the program dissolve into what they stood on.

        A step without auxiliary facts has one way to fire, so its premises are known beforehand.
        """
        known = self._known_premises[place]
        if known is not None:
            return known
        tests = {
            f"q.{each.variable}": each.tests
            for each in self._steps[place].conditions
            if isinstance(each, Cells)
        }
        premises: list[Premise] = []
        for name in _IDS.findall(message):
            if name in origin:
                premises += self._premises(*origin[name], origin)
            elif name in tests:
                premises += tests[name]
            else:
                fact = self._facts_by_id[name]
                assert isinstance(fact, Conclusion)
                premises.append(PropositionPremise(fact.proposition, fact.value))
        return tuple(dict.fromkeys(premises))


def _premises_known_beforehand(step: Step) -> tuple[Premise, ...] | None:
    premises: list[Premise] = []
    for literal in step.conditions:
        if isinstance(literal, Cells):
            premises += literal.tests
        elif isinstance(literal, Conclusion):
            premises.append(PropositionPremise(literal.proposition, literal.value))
        else:
            return None
    return tuple(dict.fromkeys(premises)) if step.conditions else None
