"""The rulebook in a neutral form that every peer translates from, and the helpers they share.

A formula is a list: ["cell", variable, cells], ["is", proposition], ["not", f], ["and", f…] or
["or", f…], with variables and propositions by number. A row is the cell of every variable, -1 where
it is not known.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

Formula = list[Any]


class Rule(NamedTuple):
    """A rule: its condition and the propositions that it concludes."""

    id: str
    formula: Formula
    concludes: list[int]


class Variable(NamedTuple):
    """A question, an option or a measure, with its number of cells."""

    name: str
    size: int
    option: bool


class Book(NamedTuple):
    """No rule waits for a proposition with a higher number than those it concludes."""

    variables: list[Variable]
    rules: list[Rule]
    propositions: list[str]

    def rules_of(self, proposition: int) -> list[Rule]:
        """The rules that conclude a proposition."""
        return [rule for rule in self.rules if proposition in rule.concludes]


class Literal(NamedTuple):
    """A variable lies in cells (`cells` is given), or a proposition is so (`value` is given)."""

    subject: int
    cells: frozenset[int] | None
    value: bool | None


def read_book(folder: Path) -> Book:
    """The book that `export` wrote."""
    found = json.loads((folder / "book.json").read_text(encoding="utf-8"))
    return Book(
        [Variable(*each) for each in found["variables"]],
        [Rule(*each) for each in found["rules"]],
        found["propositions"],
    )


class Words(NamedTuple):
    """How an expression language writes a formula."""

    cell: Callable[[int, list[int]], str]
    proposition: Callable[[int], str]
    negated: str = "not ({})"
    every: str = " and "
    some: str = " or "
    true: str = "True"
    false: str = "False"

    def write(self, formula: Formula) -> str:
        """The formula as an expression; compound parts in brackets."""
        kind, *parts = formula
        if kind == "cell":
            return self.cell(*parts)
        if kind == "is":
            return self.proposition(*parts)
        if kind == "not":
            return self.negated.format(self.write(parts[0]))
        if not parts:
            return self.true if kind == "and" else self.false
        joined = (self.every if kind == "and" else self.some).join(self.write(part) for part in parts)
        return f"({joined})" if len(parts) > 1 else joined


def branches(book: Book, formula: Formula, positive: bool = True) -> list[list[Literal]]:
    """The formula, or its negation, as alternatives of plain conjunctions, for engines that join facts.

    Tests on one variable are merged into one; what can never hold is left out.
    """
    merged = (_merged(branch) for branch in _alternatives(book, formula, positive))
    return [branch for branch in merged if branch is not None]


def _alternatives(book: Book, formula: Formula, positive: bool) -> Iterator[list[Literal]]:
    kind, *parts = formula
    if kind == "cell":
        variable, cells = parts
        chosen = frozenset(cells) if positive else frozenset(range(book.variables[variable].size)) - {*cells}
        yield [Literal(variable, chosen, None)]
    elif kind == "is":
        yield [Literal(parts[0], None, positive)]
    elif kind == "not":
        yield from _alternatives(book, parts[0], not positive)
    elif (kind == "or") is positive:
        for part in parts:
            yield from _alternatives(book, part, positive)
    else:
        for choice in itertools.product(*(list(_alternatives(book, part, positive)) for part in parts)):
            yield [literal for branch in choice for literal in branch]


def _merged(branch: list[Literal]) -> list[Literal] | None:
    found: dict[tuple[int, bool], Literal] = {}
    for literal in branch:
        key = (literal.subject, literal.cells is None)
        other = found.setdefault(key, literal)
        if literal.cells is not None and other.cells is not None:
            found[key] = Literal(literal.subject, other.cells & literal.cells, None)
            if not found[key].cells:
                return None
        elif other.value is not literal.value:
            return None
    return list(found.values())
