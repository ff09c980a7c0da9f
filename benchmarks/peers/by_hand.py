"""What a person would write without an engine: if/else, written out from the rulebook."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.peers.book import Book, Words
from benchmarks.peers.peer import Peer, Rows


class _Written(Peer):
    kind = "plain code"
    missing = "KeyError; else what each `if` makes of it"

    def load(self, book: Book) -> None:
        self._book = book
        scope: dict[str, Any] = {}
        exec(compile(self.source(book), "<by hand>", "exec"), scope)
        self._assess = scope["assess"]

    def source(self, book: Book) -> str:
        raise NotImplementedError

    def prepare(self, rows: Rows) -> Any:
        names = [each.name for each in self._book.variables]
        return [dict(zip(names, row, strict=True)) for row in rows.cells.tolist()]


class Functions(_Written):
    """A function for each finding, that leaves as soon as one rule holds and notes which."""

    name = "Python by hand, functions with evidence"
    explains = "names of the rules that held"

    def source(self, book: Book) -> str:
        lines = []
        for number, proposition in enumerate(book.propositions):
            lines.append(f"def finding_{number}(answers, found, evidence):")
            for rule in book.rules_of(number):
                lines += [
                    f"    if {_words(book).write(rule.formula)}:",
                    f"        evidence.append(({rule.id!r}, {proposition!r}))",
                    "        return True",
                ]
            lines.append("    return False")
        lines += ["def assess(answers):", "    found, evidence = {}, []"]
        lines += [
            f"    found[{proposition!r}] = finding_{number}(answers, found, evidence)"
            for number, proposition in enumerate(book.propositions)
        ]
        return "\n".join([*lines, "    return found, evidence"])

    def assess(self, inputs: Any) -> Any:
        return [self._assess(row) for row in inputs]

    def truths(self, results: Any) -> np.ndarray:
        return np.array([[found[name] for name in self._book.propositions] for found, _ in results])


class OneFunction(_Written):
    """Everything in one function, each finding a local variable: the least that Python can do."""

    name = "Python by hand, one function, no evidence"
    explains = "no"

    def source(self, book: Book) -> str:
        words = _words(book)._replace(proposition=lambda number: f"p{number}")
        lines = ["def assess(answers):"]
        for number in range(len(book.propositions)):
            held = " or ".join(words.write(rule.formula) for rule in book.rules_of(number))
            lines.append(f"    p{number} = {held}")
        names = ", ".join(f"p{number}" for number in range(len(book.propositions)))
        return "\n".join([*lines, f"    return ({names},)"])

    def assess(self, inputs: Any) -> Any:
        assess = self._assess
        return [assess(row) for row in inputs]

    def truths(self, results: Any) -> np.ndarray:
        return np.array(results, dtype=bool)


def _words(book: Book) -> Words:
    def cell(variable: int, cells: list[int]) -> str:
        each = book.variables[variable]
        if each.option:
            return f"answers[{each.name!r}]" if cells == [1] else f"not answers[{each.name!r}]"
        if len(cells) == 1:
            return f"answers[{each.name!r}] == {cells[0]}"
        return f"answers[{each.name!r}] in {tuple(cells)}"

    return Words(cell, lambda number: f"found[{book.propositions[number]!r}]")


PEERS = (Functions, OneFunction)
