"""durable-rules without our guards: the same C core, driven in the plainest way, nothing explained.

"Not X" has to be concluded like anything else, since the engine's own absence test is not reliable.
The two-valued form concludes only those refutations that some rule waits for, the three-valued all.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from benchmarks.peers.book import Book, Literal, branches
from benchmarks.peers.peer import Peer, Rows

SESSION = "1"
WIDEST_JOIN = 15
BUCKET = 12
_Step = tuple[list[dict[str, Any]], list[tuple[str, str]], list[tuple[int, bool]]]


class DurableBare(Peer):
    """Two-valued."""

    name = "durable_rules, bare"
    version_of = "durable-rules"
    kind = "forward chaining (Rete, C)"
    explains = "each firing with its facts, if one keeps the messages"
    missing = "nothing follows from it; what is not concluded may be open or refuted"

    def load(self, book: Book) -> None:
        import durable_rules_engine as core  # without the guards is what is measured

        self._core = core
        self._book = book
        self._steps: list[_Step] = []
        self._parts = 0
        refuted = self._refuted(book)
        for number, rule in enumerate(book.rules):
            for literals in branches(book, rule.formula):
                self._step(literals, [(proposition, True) for proposition in rule.concludes])
            if any(proposition in refuted for proposition in rule.concludes):
                for literals in branches(book, rule.formula, positive=False):
                    self._step(literals, [], refutes=number)
        numbers = {rule.id: number for number, rule in enumerate(book.rules)}
        for proposition in refuted:
            rules = [numbers[rule.id] for rule in book.rules_of(proposition)]
            self._join([_fact_test("r", rule, None) for rule in rules], [], [(proposition, False)])
        rules = {f"s{place}": {"all": conditions} for place, (conditions, _, _) in enumerate(self._steps)}
        self._facts = [facts for _, facts, _ in self._steps]
        self._concludes = [concludes for _, _, concludes in self._steps]
        self._handle = core.create_ruleset(self.name, json.dumps(rules))

    def prepare(self, rows: Rows) -> Any:
        # A fact that no rule waits for is left out.
        heard = {
            test["k"] for conditions, _, _ in self._steps for each in conditions for test in _tests(each)
        }
        return [
            [
                _text(f"q{number}", _key("q", number), cell)
                for number, cell in enumerate(row)
                if cell >= 0 and _key("q", number) in heard
            ]
            for row in rows.cells.tolist()
        ]

    def assess(self, inputs: Any) -> Any:
        core, handle, steps = self._core, self._handle, self._facts
        results = []
        for texts in inputs:
            offset = 0
            for text in texts:
                _, offset = core.assert_fact(handle, text)
            fired: list[int] = []
            known: set[str] = set()
            started = core.start_action_for_state(handle, offset) if texts else None
            message = started[1] if started else None
            while message:
                step = int(message[3 : message.index('"', 3)])
                fired.append(step)
                for name, text in steps[step]:
                    if name not in known:
                        known.add(name)
                        core.assert_fact(handle, text)
                message = core.complete_and_start_action(handle, offset)
            if texts:
                core.delete_state(handle, SESSION)
            results.append(fired)
        return results

    def truths(self, results: Any) -> np.ndarray:
        table = np.full((len(results), len(self._book.propositions)), -1 if self.three_valued else 0)
        for row, fired in zip(table, results, strict=True):
            for step in fired:
                for proposition, value in self._concludes[step]:
                    row[proposition] = value
        return table

    def _refuted(self, book: Book) -> set[int]:
        """The propositions whose refutation some rule waits for."""
        waiting: set[int] = set()
        literals = [
            literal for rule in book.rules for each in branches(book, rule.formula) for literal in each
        ]
        while literals:
            literal = literals.pop()
            if literal.value is False and literal.subject not in waiting:
                waiting.add(literal.subject)
                for rule in book.rules_of(literal.subject):
                    literals += [each for found in branches(book, rule.formula, False) for each in found]
        return waiting

    def _step(
        self, literals: list[Literal], concludes: list[tuple[int, bool]], refutes: int | None = None
    ) -> None:
        conditions = [
            _fact_test("q", each.subject, sorted(each.cells))
            if each.cells is not None
            else _fact_test("p", each.subject, [int(bool(each.value))])
            for each in literals
        ]
        refutation = [] if refutes is None else [(f"r{refutes}", _text(f"r{refutes}", _key("r", refutes), 1))]
        self._join(conditions, refutation, concludes)

    def _join(
        self,
        conditions: list[dict[str, Any]],
        facts: list[tuple[str, str]],
        concludes: list[tuple[int, bool]],
    ) -> None:
        while len(conditions) > WIDEST_JOIN:
            name = f"a{self._parts}"
            part = [(name, _text(name, _key("a", self._parts), 1))]
            self._steps.append((_named(conditions[:WIDEST_JOIN]), part, []))
            conditions = [_fact_test("a", self._parts, None), *conditions[WIDEST_JOIN:]]
            self._parts += 1
        proved = [
            (f"p{number}.{int(value)}", _text(f"p{number}.{int(value)}", _key("p", number), int(value)))
            for number, value in concludes
        ]
        self._steps.append((_named(conditions), [*facts, *proved], concludes))


class DurableBareThree(DurableBare):
    """Three-valued: refutations are concluded for every proposition."""

    name = "durable_rules, bare, three-valued"
    missing = "open"
    three_valued = True

    def _refuted(self, book: Book) -> set[int]:
        return set(range(len(book.propositions)))


_KINDS = "qpra"


def _key(kind: str, number: int) -> int:
    return number * len(_KINDS) + _KINDS.index(kind)


def _fact_test(kind: str, number: int, values: list[int] | None) -> dict[str, Any]:
    key = _key(kind, number)
    tests: list[dict[str, Any]] = [{"b": key // BUCKET}, {"k": key}]
    if values is not None:
        tests.append({"v": values[0]} if len(values) == 1 else {"$or": [{"v": value} for value in values]})
    return {"$and": tests}


def _named(conditions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{f"c{place}": condition} for place, condition in enumerate(conditions)]


def _tests(named: dict[str, Any]) -> list[dict[str, Any]]:
    return [test for condition in named.values() for test in condition["$and"] if "k" in test]


def _text(name: str, key: int, value: int) -> str:
    return f'{{"id":"{name}","sid":"{SESSION}","b":{key // BUCKET},"k":{key},"v":{value}}}'


PEERS = (DurableBare, DurableBareThree)
