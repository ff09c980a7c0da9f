"""Facts in, firings out: the forward-chaining engine, durable-rules.

The only module that knows durable-rules, and it drives the C core, never the stock host: what
that core does to those who trust it decides most of what stands here. It is sent only small
integers from a closed vocabulary; one assessment lives in it at a time; whatever goes wrong ends
the ruleset, never the process, and never gives a result.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Mapping
from typing import Any

import durable_rules_engine as core

from afterrun.errors import EngineFault
from afterrun.facts import Facts
from afterrun.firings import Firing, Inference, Premise, Settled
from afterrun.forward_program import (
    Auxiliary,
    Cells,
    Concluded,
    Derived,
    Hit,
    Literal,
    RuleRefuted,
    Step,
    program_of,
)
from afterrun.rulebook import Rulebook

SESSION = "1"
"""One constant session: the core tells sessions apart by a 32-bit hash of their name."""
MOST_RULES = 4000
MOST_TESTS_ON_ONE_FACT = 60
MOST_SHARERS_OF_ONE_CONDITION = 250
BUCKET = 12
"""Facts that share a first test, so that no level of the core's network grows too wide."""
NO_SESSION = "309"
NO_LISTENER, DUPLICATE = 1, 2

_FIELDS = ("b", "k", "v", "g", "id", "sid", "$s")
_IDS = re.compile(r'"id":"([^"]*)"')


class Reasoner:
    """A rulebook compiled into the core once, then run as often as you like, one run at a time."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._steps = program_of(rulebook)
        self._lock = threading.Lock()
        self._handle: int | None = None
        self._keys: dict[object, int] = {}
        self._number_keys()
        self._rules = json.dumps(self._durable_rules())
        self._check_limits()
        heard = {_subject(literal) for step in self._steps for literal in step.conditions}
        heard |= {("hit", step.count_of[1]) for step in self._steps if step.count_of}
        self._texts = [
            tuple((_id(fact), self._derived_text(fact)) for fact in step.concludes if _subject(fact) in heard)
            for step in self._steps
        ]
        self._settles = [
            tuple((fact.proposition, fact.value) for fact in step.concludes if isinstance(fact, Concluded))
            for step in self._steps
        ]
        self._auxiliary_ids = [
            tuple(_id(fact) for fact in step.concludes if isinstance(fact, Auxiliary | Hit))
            for step in self._steps
        ]
        self._known_premises = [_premises_known_beforehand(step) for step in self._steps]
        self._facts_by_id = {_id(fact): fact for step in self._steps for fact in step.concludes}
        self._most_firings = 4 * len(self._steps) + 16

    @property
    def step_count(self) -> int:
        """How many durable rules the rulebook became."""
        return len(self._steps)

    def infer(self, facts: Facts) -> Inference:
        """Fire every rule that the facts prove or refute, until nothing new follows.

        Raises EngineFault when the core breaks a promise; its ruleset is then built anew.
        """
        asserted = [
            (f"q.{name}", self._fact_text(name, cell)) for name, cell in facts.items() if name in self._keys
        ]
        if not asserted:
            return Inference({}, ())
        with self._lock:
            try:
                handle = self._opened()
                fired = self._run(handle, [text for _, text in asserted])
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
            handle = core.create_ruleset(f"afterrun-{id(self)}", self._rules)
            self._handle = handle
            try:
                # delete_state frees an uninitialised pointer unless some action was started before.
                if not self._run(handle, [self._fact_text(*self._waking_fact())]):
                    raise EngineFault("the burn-in assessment fired no rule")
            except BaseException:
                self._discard()
                raise
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
            for fact_id, text in self._texts[step]:
                if fact_id not in known:
                    known.add(fact_id)
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
            for fact_id in self._auxiliary_ids[place]:
                origin.setdefault(fact_id, (place, message))
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
        for fact_id in _IDS.findall(message):
            if fact_id in origin:
                premises += self._premises(*origin[fact_id], origin)
            elif fact_id in tests:
                premises += tests[fact_id]
            else:
                fact = self._facts_by_id[fact_id]
                assert isinstance(fact, Concluded)
                premises.append(Settled(fact.proposition, fact.value))
        return tuple(dict.fromkeys(premises))

    def _number_keys(self) -> None:
        """A small integer for every kind of fact; tests compare integers only."""
        for step in self._steps:
            for literal in (*step.conditions, *step.concludes):
                self._keys.setdefault(_subject(literal), len(self._keys))

    def _durable_rules(self) -> dict[str, Any]:
        rules = {}
        for place, step in enumerate(self._steps):
            if step.count_of is not None:
                count, group = step.count_of
                rules[f"s{place}"] = {"all": [{"c0": self._place(("hit", group))}], "count": count}
            else:
                conditions = [{f"c{n}": self._condition(each)} for n, each in enumerate(step.conditions)]
                rules[f"s{place}"] = {"all": conditions}
        return rules

    def _condition(self, literal: Literal) -> dict[str, Any]:
        tests: list[dict[str, Any]] = self._place(_subject(literal))["$and"]
        if isinstance(literal, Cells):
            tests = tests + _cell_tests(literal.mask, len(self._rulebook.variables[literal.variable].cells))
        elif isinstance(literal, Concluded):
            tests = [*tests, {"v": int(literal.value)}]
        return {"$and": tests}

    def _place(self, subject: object) -> dict[str, Any]:
        key = self._keys[subject]
        return {"$and": [{"b": key // BUCKET}, {"k": key}]}

    def _fact_text(self, variable: str, cell: int) -> str:
        return self._text(f"q.{variable}", self._keys[variable], cell)

    def _derived_text(self, fact: Derived) -> str:
        value = int(fact.value) if isinstance(fact, Concluded) else fact.part if isinstance(fact, Hit) else 1
        return self._text(_id(fact), self._keys[_subject(fact)], value)

    @staticmethod
    def _text(fact_id: str, key: int, value: int) -> str:
        return f'{{"id":"{fact_id}","sid":"{SESSION}","b":{key // BUCKET},"k":{key},"v":{value}}}'

    def _waking_fact(self) -> tuple[str, int]:
        """An answer that alone fires some step."""
        for step in self._steps:
            if len(step.conditions) == 1 and isinstance(step.conditions[0], Cells):
                variable, mask, _ = step.conditions[0]
                return variable, (mask & -mask).bit_length() - 1
        raise EngineFault("no rule can be settled by one answer alone; the core cannot be woken")

    def _check_limits(self) -> None:
        if len(self._steps) > MOST_RULES:
            raise EngineFault(f"{len(self._steps)} steps; the core holds {MOST_RULES}")
        names = [*_FIELDS, SESSION, *self._facts_by_id_at_compile()]
        refuse_hash_collisions(names)
        sharers: dict[str, int] = {}
        tests_on: dict[object, set[str]] = {}
        for place, step in enumerate(self._steps):
            for literal in step.conditions:
                condition = json.dumps(self._condition(literal), sort_keys=True)
                sharers[condition] = sharers.get(condition, 0) + 1
                # The core shares equal conditions between rules, but never one with alternatives.
                node = f"{condition} {place}" if "$or" in condition else condition
                tests_on.setdefault(_subject(literal), set()).add(node)
        if sharers and max(sharers.values()) > MOST_SHARERS_OF_ONE_CONDITION:
            raise EngineFault(f"{max(sharers.values())} steps share one condition; the core bears 255")
        if tests_on and max(map(len, tests_on.values())) > MOST_TESTS_ON_ONE_FACT:
            raise EngineFault("too many different tests on one answer for the core")

    def _facts_by_id_at_compile(self) -> list[str]:
        answers = [f"q.{key}" for key in self._keys if isinstance(key, str)]
        return [*answers, *{_id(fact) for step in self._steps for fact in step.concludes}]


def refuse_hash_collisions(names: Iterable[str]) -> None:
    """Names whose 32-bit FNV hashes meet would be one name to the core.

    >>> refuse_hash_collisions(["costarring", "liquid"])
    Traceback (most recent call last):
    afterrun.errors.EngineFault: the core cannot tell 'costarring' from 'liquid'
    """
    seen: dict[int, str] = {}
    for name in names:
        other = seen.setdefault(_fnv(name), name)
        if other != name:
            raise EngineFault(f"the core cannot tell '{other}' from '{name}'")


def _fnv(name: str) -> int:
    """FNV-1a as the core computes it."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return value


def _premises_known_beforehand(step: Step) -> tuple[Premise, ...] | None:
    premises: list[Premise] = []
    for literal in step.conditions:
        if isinstance(literal, Cells):
            premises += literal.tests
        elif isinstance(literal, Concluded):
            premises.append(Settled(literal.proposition, literal.value))
        else:
            return None
    return tuple(dict.fromkeys(premises)) if step.conditions else None


def _subject(literal: Literal) -> object:
    match literal:
        case Cells(variable):
            return variable
        case Concluded(proposition):
            return ("is", proposition)
        case RuleRefuted(rule):
            return ("refuted", rule)
        case Auxiliary(number):
            return ("part", number)
        case Hit(group):
            return ("hit", group)


def _id(fact: Derived) -> str:
    match fact:
        case Concluded(proposition, value):
            return f"p.{proposition}.{'t' if value else 'f'}"
        case RuleRefuted(rule):
            return f"r.{rule}"
        case Auxiliary(number):
            return f"a.{number}"
        case Hit(group, part):
            return f"h.{group}.{part}"


def _cell_tests(mask: int, size: int) -> list[dict[str, Any]]:
    """A set of cells as the fewest comparisons: all, one, all but one, a stretch, or a list."""
    inside = [cell for cell in range(size) if mask >> cell & 1]
    if len(inside) == size:
        return []
    if len(inside) == 1:
        return [{"v": inside[0]}]
    if inside[-1] - inside[0] + 1 == len(inside):
        low = [{"$gte": {"v": inside[0]}}] if inside[0] > 0 else []
        high = [{"$lte": {"v": inside[-1]}}] if inside[-1] < size - 1 else []
        return [*low, *high]
    if len(inside) == size - 1:
        return [{"$neq": {"v": next(cell for cell in range(size) if cell not in inside)}}]
    return [{"$or": [{"v": cell} for cell in inside]}]
