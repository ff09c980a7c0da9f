"""clingo: answers as facts of many rows, grounded and solved together."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.peers.book import Book, Literal, branches
from benchmarks.peers.peer import Peer, Rows

ROWS_A_SOLVE = 250


class Clingo(Peer):
    """Two-valued: `not` is default negation."""

    name = "clingo"
    version_of = "clingo"
    kind = "answer sets (C++)"
    explains = "no (xclingo, another program, can)"
    missing = "a 'no' (default negation)"

    def load(self, book: Book) -> None:
        import clingo

        self._clingo = clingo
        self._book = book
        self._program = "\n".join(self._lines(book))

    def prepare(self, rows: Rows) -> Any:
        texts = []
        for start in range(0, len(rows.cells), ROWS_A_SOLVE):
            chunk = rows.cells[start : start + ROWS_A_SOLVE].tolist()
            facts = [f"row(0..{len(chunk) - 1})."]
            for place, row in enumerate(chunk):
                facts += [f"v{at}({place},{cell})." for at, cell in enumerate(row) if cell >= 0]
            texts.append((len(chunk), "".join(facts)))
        return texts

    def assess(self, inputs: Any) -> Any:
        results = []
        for count, facts in inputs:
            # Variables that no row of a chunk knows have no facts, which is no mistake.
            control = self._clingo.Control(["--warn=none"])
            control.add("base", [], self._program + facts)
            control.ground([("base", [])])
            with control.solve(yield_=True) as handle:
                for model in handle:
                    results.append((count, model.symbols(shown=True)))
        return results

    def truths(self, results: Any) -> np.ndarray:
        tables = []
        for count, symbols in results:
            open_or_not = -1 if self.three_valued else 0
            table = np.full((count, len(self._book.propositions)), open_or_not, dtype=np.int8)
            for symbol in symbols:
                row, proposition = (each.number for each in symbol.arguments)
                table[row, proposition] = symbol.name == "t"
            tables.append(table)
        return np.vstack(tables)

    def _lines(self, book: Book) -> list[str]:
        lines = ["#show t/2."]
        for rule in book.rules:
            for literals in branches(book, rule.formula):
                body = self._body(literals)
                lines += [f"t(R,{proposition}) :- {body}." for proposition in rule.concludes]
        return lines

    def _body(self, literals: list[Literal]) -> str:
        return ", ".join(["row(R)", *map(self._literal, literals)])

    def _literal(self, literal: Literal) -> str:
        if literal.cells is not None:
            return f"v{literal.subject}(R,({';'.join(map(str, sorted(literal.cells)))}))"
        return f"t(R,{literal.subject})" if literal.value else self._refuted(literal.subject)

    def _refuted(self, proposition: int) -> str:
        return f"not t(R,{proposition})"


class ClingoThree(Clingo):
    """Three-valued: a proposition is refuted when every rule for it is."""

    name = "clingo, three-valued"
    missing = "open"
    three_valued = True

    def _lines(self, book: Book) -> list[str]:
        lines = [*super()._lines(book), "#show f/2."]
        numbers = {rule.id: number for number, rule in enumerate(book.rules)}
        for number, rule in enumerate(book.rules):
            for literals in branches(book, rule.formula, positive=False):
                lines.append(f"against(R,{number}) :- {self._body(literals)}.")
        for proposition in range(len(book.propositions)):
            against = ", ".join(f"against(R,{numbers[rule.id]})" for rule in book.rules_of(proposition))
            lines.append(f"f(R,{proposition}) :- {against}.")
        return lines

    def _refuted(self, proposition: int) -> str:
        return f"f(R,{proposition})"


PEERS = (Clingo, ClingoThree)
