"""afterrun itself, measured like its peers: one at a time, and in columns."""

from __future__ import annotations

import itertools
import json
from typing import Any

import numpy as np
import polars as pl

from afterrun import load_rulebook, read_answers
from afterrun.batch import RULES_PER_MASK, Columns, Leaves, masks, no_rows, pack, unpack
from afterrun.inference import CompiledLogic, FactMaker, Reasoner, infer
from afterrun.rulebook import engine_of
from benchmarks.peers.book import Book
from benchmarks.peers.peer import Peer, Rows

PREMISES = "each firing with its premises"


class _Ours(Peer):
    version_of = "afterrun"
    missing = "open"
    three_valued = True

    def load(self, book: Book) -> None:
        self._rulebook = load_rulebook()
        self._open()

    def _open(self) -> None:
        """Compile what this way of running needs."""


class _OneAtATime(_Ours):
    def prepare(self, rows: Rows) -> Any:
        names = list(self._rulebook.variables)
        return [
            {name: cell for name, cell in zip(names, row, strict=True) if cell >= 0}
            for row in rows.cells.tolist()
        ]

    def truths(self, results: Any) -> np.ndarray:
        names = list(self._rulebook.propositions)
        return np.array([[int(each.truths.get(name, -1)) for name in names] for each in results])


class Reference(_OneAtATime):
    """The plain evaluator that defines the meaning."""

    name = "afterrun, reference"
    kind = "plain evaluator (Python)"
    explains = PREMISES

    def assess(self, inputs: Any) -> Any:
        return [infer(self._rulebook, facts) for facts in inputs]


class Durable(_OneAtATime):
    """The forward-chaining engine with its guards, without the cross-check."""

    name = "afterrun, durable with guards"
    kind = "forward chaining (Rete, C)"
    explains = PREMISES

    def _open(self) -> None:
        self._reasoner = engine_of(self._rulebook, Reasoner)

    def assess(self, inputs: Any) -> Any:
        infer_from = self._reasoner.infer
        return [infer_from(facts) for facts in inputs]


class Compiled(_OneAtATime):
    """The generated function."""

    name = "afterrun, compiled"
    kind = "compiled (Python)"
    explains = "truth of every rule kept; premises and proofs when asked for"

    def _open(self) -> None:
        self._logic = engine_of(self._rulebook, CompiledLogic)

    def assess(self, inputs: Any) -> Any:
        infer_from = self._logic.infer
        return [infer_from(facts) for facts in inputs]


class CompiledExplained(Compiled):
    """With the premises of every firing made at once."""

    name = "afterrun, compiled, premises of all"
    explains = PREMISES

    def assess(self, inputs: Any) -> Any:
        results = super().assess(inputs)
        for each in results:
            _ = each.firings
        return results


class CompiledFromAnswers(Compiled):
    """From checked answers: numbers are placed and measures computed, too."""

    name = "afterrun, compiled, from answers"

    def _open(self) -> None:
        super()._open()
        self._maker = engine_of(self._rulebook, FactMaker)

    def prepare(self, rows: Rows) -> Any:
        with (rows.folder / f"{rows.name}.jsonl").open(encoding="utf-8") as file:
            intakes = [json.loads(line) for line in itertools.islice(file, len(rows.cells))]
        return [read_answers(self._rulebook, intake).values for intake in intakes]

    def assess(self, inputs: Any) -> Any:
        facts, infer_from = self._maker.facts, self._logic.infer
        return [infer_from(facts(values)) for values in inputs]


class _InColumns(_Ours):
    kind = "columns (packed bits)"
    copies = 10

    def _open(self) -> None:
        self._columns = Columns(self._rulebook)
        self._logic = engine_of(self._rulebook, CompiledLogic)
        self._evaluate = self._logic.evaluator()

    def prepare(self, rows: Rows) -> Any:
        frame = pl.read_parquet(rows.folder / f"{rows.name}.parquet")
        repeated = len(rows.cells) // frame.height
        return pl.concat([frame] * repeated, rechunk=True) if repeated > 1 else frame[: len(rows.cells)]

    def _logic_of(self, frame: pl.DataFrame) -> Any:
        """The outcome of every test, rule and proposition, as packed bits."""
        leaves = Leaves(self._rulebook, frame)
        tests = [bits for variable, mask in self._logic.tests for bits in leaves.outcome(variable, mask)]
        propositions, rules, _ = self._evaluate(tests, lambda _: None)
        return propositions, rules

    def truths(self, results: Any) -> np.ndarray:
        flags, _ = results
        columns = [
            np.where(true, 1, np.where(false, 0, -1))
            for true, false in zip(flags[::2], flags[1::2], strict=True)
        ]
        return np.column_stack(columns)


class ColumnsFromCells(_InColumns):
    """The logic alone, starting where the peers start: the cell of every variable is there.

    Its own form of a column is packed bits, for proved and for refuted, as Arrow holds booleans too.
    """

    name = "afterrun, columns: logic alone, from cells"
    explains = "fired rules as bit columns"

    def prepare(self, rows: Rows) -> Any:
        place = {name: at for at, name in enumerate(self._rulebook.variables)}
        return {name: np.ascontiguousarray(rows.cells[:, place[name]]) for name in self._logic.variables}

    def assess(self, inputs: Any) -> Any:
        rows = len(next(iter(inputs.values())))
        known = {name: pack(cells >= 0) for name, cells in inputs.items()}
        of_cell: dict[tuple[str, int], Any] = {}
        tests = []
        for variable, mask in self._logic.tests:
            size = len(self._rulebook.variables[variable].cells)
            sides = [[cell for cell in range(size) if mask >> cell & 1 == side] for side in (1, 0)]
            fewer = min(sides, key=len)
            found = no_rows(rows)
            for cell in fewer:
                if (variable, cell) not in of_cell:
                    of_cell[variable, cell] = pack(inputs[variable] == cell)
                found = found | of_cell[variable, cell]
            rest = known[variable] & ~found
            tests += (found, rest) if fewer is sides[0] else (rest, found)
        propositions, rules, _ = self._evaluate(tests, lambda _: None)
        return propositions, rules, rows

    def truths(self, results: Any) -> np.ndarray:
        propositions, _, rows = results
        return super().truths(([unpack(bits, rows) for bits in propositions], None))


class ColumnsFromCellsUnpacked(ColumnsFromCells):
    """With a numpy bool for each row of each proposition, proved and refuted, as OpenFisca has for proved."""

    name = "afterrun, columns: logic alone, from cells, unpacked"

    def assess(self, inputs: Any) -> Any:
        propositions, rules, rows = super().assess(inputs)
        return [unpack(bits, rows) for bits in propositions], rules

    def truths(self, results: Any) -> np.ndarray:
        return _InColumns.truths(self, results)


class ColumnsLogic(_InColumns):
    """What the peers give: every proposition as a column (true, false, open) and the fired rules."""

    name = "afterrun, columns: propositions and fired rules, from answers"
    explains = "fired rules as bit masks; any row's proof re-derived when viewed"

    def assess(self, inputs: Any) -> Any:
        propositions, rules = self._logic_of(inputs)
        fired = masks(rules, inputs.height, RULES_PER_MASK)
        return [unpack(bits, inputs.height) for bits in propositions], fired


class ColumnsWhole(_InColumns):
    """The whole result of a batch row: triage, patterns, plan, interventions, what is open, and why."""

    name = "afterrun, columns: the whole result, from answers"
    explains = ColumnsLogic.explains

    def assess(self, inputs: Any) -> Any:
        return inputs, self._columns.decide(inputs)

    def truths(self, results: Any) -> np.ndarray:
        frame, _ = results
        propositions, _ = self._logic_of(frame)
        return super().truths(([unpack(bits, frame.height) for bits in propositions], None))


PEERS = (
    Reference,
    Durable,
    Compiled,
    CompiledExplained,
    CompiledFromAnswers,
    ColumnsFromCells,
    ColumnsFromCellsUnpacked,
    ColumnsLogic,
    ColumnsWhole,
)
