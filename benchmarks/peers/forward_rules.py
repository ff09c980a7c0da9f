"""The rulebook as forward chaining rules, for engines that join facts: conjunctions that conclude.

Two-valued engines take "not X" as "X was not concluded", so that rules run in the order of what
they conclude; `stage` gives that order.
"""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.peers.book import Book, Literal, branches


class Conjunction(NamedTuple):
    """When every literal holds, the propositions are concluded."""

    rule: str
    literals: list[Literal]
    concludes: list[int]
    stage: int


def conjunctions(book: Book) -> list[Conjunction]:
    """Every rule as its alternatives."""
    return [
        Conjunction(rule.id, literals, rule.concludes, min(rule.concludes))
        for rule in book.rules
        for literals in branches(book, rule.formula)
    ]
