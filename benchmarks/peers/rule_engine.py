"""rule-engine: an expression for each proposition, matched in order against the answers."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.peers.book import Book, Words
from benchmarks.peers.peer import Peer, Rows


class RuleEngine(Peer):
    """Answers are words, since this engine makes a decimal of every number."""

    name = "rule-engine"
    version_of = "rule-engine"
    kind = "expressions (Python)"
    explains = "no"
    missing = "an error, or null if so configured: a 'no'"

    def load(self, book: Book) -> None:
        import rule_engine

        self._book = book

        def cell(variable: int, cells: list[int]) -> str:
            if book.variables[variable].option:
                return f"v{variable}" if cells == [1] else f"not v{variable}"
            tests = [f'v{variable} == "c{cell}"' for cell in cells]
            return tests[0] if len(tests) == 1 else f"({' or '.join(tests)})"

        words = Words(cell, lambda number: f"p{number}", true="true", false="false")
        self._rules = [
            (
                f"p{number}",
                rule_engine.Rule(" or ".join(words.write(rule.formula) for rule in book.rules_of(number))),
            )
            for number in range(len(book.propositions))
        ]

    def prepare(self, rows: Rows) -> Any:
        variables = list(enumerate(self._book.variables))
        return [
            {f"v{at}": bool(row[at]) if each.option else f"c{row[at]}" for at, each in variables}
            for row in rows.cells.tolist()
        ]

    def assess(self, inputs: Any) -> Any:
        results = []
        for row in inputs:
            known = dict(row)
            for name, rule in self._rules:
                known[name] = rule.matches(known)
            results.append(known)
        return results

    def truths(self, results: Any) -> np.ndarray:
        return np.array([[known[name] for name, _ in self._rules] for known in results])


PEERS = (RuleEngine,)
