"""OpenFisca: answers as input variables, a formula for each proposition, whole columns at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.peers.book import Book, Words
from benchmarks.peers.peer import Peer, Rows

PERIOD = "2025-01"


class OpenFisca(Peer):
    """Vectorised, as its users run populations."""

    name = "OpenFisca"
    version_of = "openfisca-core"
    kind = "columns (numpy)"
    explains = "no"
    missing = "the variable's default: a 'no', or the first option"
    copies = 10
    trace = False

    def load(self, book: Book) -> None:
        from openfisca_core.entities import build_entity
        from openfisca_core.periods import DateUnit
        from openfisca_core.taxbenefitsystems import TaxBenefitSystem
        from openfisca_core.variables import Variable

        self._book = book
        person = build_entity(key="person", plural="persons", label="", is_person=True)
        self._system = TaxBenefitSystem([person])
        common = {"entity": person, "definition_period": DateUnit.MONTH}
        for number, each in enumerate(book.variables):
            kind = bool if each.option else int
            self._system.add_variable(type(f"v{number}", (Variable,), {**common, "value_type": kind}))
        for number in range(len(book.propositions)):
            # OpenFisca counts the arguments, and a function in a class body is what it expects.
            attributes = {**common, "value_type": bool, "formula": self._formula(book, number)}
            self._system.add_variable(type(f"p{number}", (Variable,), attributes))

    def prepare(self, rows: Rows) -> Any:
        # All rows in one simulation: a tenth of them at a time took three times as long.
        return [
            np.ascontiguousarray(rows.cells[:, at], dtype=bool if each.option else np.int32)
            for at, each in enumerate(self._book.variables)
        ]

    def assess(self, inputs: Any) -> Any:
        from openfisca_core.simulations import SimulationBuilder

        simulation = SimulationBuilder().build_default_simulation(self._system, count=len(inputs[0]))
        simulation.trace = self.trace
        for number, column in enumerate(inputs):
            simulation.set_input(f"v{number}", PERIOD, column)
        names = (f"p{number}" for number in range(len(self._book.propositions)))
        return [simulation.calculate(name, PERIOD) for name in names]

    def truths(self, results: Any) -> np.ndarray:
        return np.column_stack(results)

    @staticmethod
    def _formula(book: Book, number: int) -> Callable[..., Any]:
        def cell(variable: int, cells: list[int]) -> str:
            if book.variables[variable].option:
                return f"person('v{variable}', period)" if cells == [1] else f"~person('v{variable}', period)"
            tests = [f"(person('v{variable}', period) == {cell})" for cell in cells]
            return tests[0] if len(tests) == 1 else f"({' | '.join(tests)})"

        words = Words(cell, lambda each: f"person('p{each}', period)", "~({})", " & ", " | ")
        body = " | ".join(words.write(rule.formula) for rule in book.rules_of(number))
        scope: dict[str, Any] = {}
        exec(f"def formula(person, period):\n    return {body}", scope)
        formula: Callable[..., Any] = scope["formula"]
        return formula


class OpenFiscaTrace(OpenFisca):
    """With its tracer."""

    name = "OpenFisca, trace"
    explains = "the columns that each formula read (whole column trace); not by row"
    trace = True


PEERS = (OpenFisca, OpenFiscaTrace)
