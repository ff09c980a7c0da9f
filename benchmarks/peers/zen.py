"""zen-engine: one decision graph with an expression node, a key for each rule and proposition."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import numpy as np

from benchmarks.peers.book import Book, Words
from benchmarks.peers.peer import Peer, Rows


class Zen(Peer):
    """The decision alone."""

    name = "zen-engine"
    version_of = "zen-engine"
    kind = "decision graph (Rust)"
    explains = "which rules hold, as keys of the result; no premises"
    missing = "null, which fails every comparison: a 'no'"
    options: ClassVar[dict[str, Any] | None] = None

    def load(self, book: Book) -> None:
        import zen

        self._book = book
        words = Words(
            self._cell, lambda number: f"$.p{number}", negated="not({})", true="true", false="false"
        )
        keys = []
        done = set()
        numbers = {rule.id: number for number, rule in enumerate(book.rules)}
        for number in range(len(book.propositions)):
            rules = book.rules_of(number)
            for rule in rules:
                if rule.id not in done:
                    done.add(rule.id)
                    keys.append((f"r{numbers[rule.id]}", words.write(rule.formula)))
            keys.append((f"p{number}", " or ".join(f"$.r{numbers[rule.id]}" for rule in rules)))
        expressions = [{"id": key, "key": key, "value": value} for key, value in keys]
        nodes = [
            {"id": "in", "type": "inputNode", "name": "in", "content": {}},
            {"id": "e", "type": "expressionNode", "name": "e", "content": {"expressions": expressions}},
            {"id": "out", "type": "outputNode", "name": "out", "content": {}},
        ]
        edges = [
            {"id": f"{start}-{end}", "sourceId": start, "targetId": end, "type": "edge"}
            for start, end in (("in", "e"), ("e", "out"))
        ]
        self._decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def prepare(self, rows: Rows) -> Any:
        return [{f"v{number}": cell for number, cell in enumerate(row)} for row in rows.cells.tolist()]

    def assess(self, inputs: Any) -> Any:
        evaluate, options = self._decision.evaluate, self.options
        return [evaluate(row, options) if options else evaluate(row) for row in inputs]

    def truths(self, results: Any) -> np.ndarray:
        names = [f"p{number}" for number in range(len(self._book.propositions))]
        return np.array([[each["result"][name] for name in names] for each in results])

    @staticmethod
    def _cell(variable: int, cells: list[int]) -> str:
        return f"v{variable} == {cells[0]}" if len(cells) == 1 else f"v{variable} in {cells}"


class ZenTrace(Zen):
    """With its trace."""

    name = "zen-engine, trace"
    explains = "the value of every expression, with the input (trace); no premises"
    options: ClassVar[dict[str, Any] | None] = {"trace": True}


PEERS = (Zen, ZenTrace)
