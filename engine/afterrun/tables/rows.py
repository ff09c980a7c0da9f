"""Where a formula holds, as the rows of a table: one more form of saying it, beside bits, columns and terms.

A row is a conjunction: for each column that it speaks of, a mask of the cells that it allows. Rows
know complete intakes alone; where nothing is open, a formula is either proved or refuted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from afterrun.rulebook import CellTest, Evaluation, Formula, Ref

Row = Mapping[str, int]
"""The cells that each column may hold; a column that is not named may hold any."""
Rows = tuple[Row, ...]

PROVED, REFUTED = 0b10, 0b01
"""The cells of a column that is true or false, in the order of a ticked option's."""


class RowAlgebra:
    """Rows joined, met and turned over; `cells` has the mask of all cells of each column."""

    def __init__(self, cells: Mapping[str, int]) -> None:
        self._cells = cells

    def every(self, parts: Iterable[Rows], /) -> Rows:
        """Where all of them hold; of none, everywhere: one row that asks for nothing."""
        met: Rows = ({},)
        for part in parts:
            both = (self._both(row, other) for row in met for other in part)
            met = self._fewest(row for row in both if all(row.values()))
        return met

    def some(self, parts: Iterable[Rows], /) -> Rows:
        """Where at least one of them holds; of none, nowhere."""
        return self._fewest(row for part in parts for row in part)

    def other(self, part: Rows, /) -> Rows:
        """Everywhere else."""
        return self.every(
            tuple({column: self._cells[column] & ~mask} for column, mask in row.items()) for row in part
        )

    def test(self, column: str, mask: int) -> tuple[Rows, Rows]:
        """Where a column holds one of these cells, and where it holds another."""
        rest = self._cells[column] & ~mask
        return self._fewest([{column: mask}] if mask else []), self._fewest([{column: rest}] if rest else [])

    def _both(self, row: Row, other: Row) -> Row:
        narrowed = {column: mask & row.get(column, mask) for column, mask in other.items()}
        return {**row, **narrowed}

    def _fewest(self, rows: Iterable[Row]) -> Rows:
        """The same in fewer rows: none within another, and no two that differ in one column alone."""
        left = [{column: mask for column, mask in row.items() if mask != self._cells[column]} for row in rows]
        found: list[Row] = []
        while left:
            row: Row = left.pop(0)
            if any(_within(row, other) for other in found):
                continue
            found = [other for other in found if not _within(other, row)]
            beside = next((other for other in found if _differing(row, other)), None)
            if beside is None:
                found.append(row)
                continue
            found.remove(beside)
            column = _differing(row, beside)
            joined = {**row, column: row[column] | beside[column]}
            left.insert(0, {key: mask for key, mask in joined.items() if mask != self._cells[key]})
        return tuple(found)


def rows_where(formula: Formula, algebra: RowAlgebra) -> Rows:
    """The rows under which a formula holds."""

    def atom(atom: CellTest | Ref) -> tuple[Rows, Rows]:
        if isinstance(atom, Ref):
            return algebra.test(atom.proposition, PROVED)
        return algebra.test(atom.variable, atom.mask)

    return Evaluation(algebra, atom).where(formula)


def _within(row: Row, other: Row) -> bool:
    """Whether all that a row allows is allowed by another."""
    return all(column in row and not row[column] & ~mask for column, mask in other.items())


def _differing(row: Row, other: Row) -> str:
    """The one column in which two rows differ; empty where there is none such."""
    if row.keys() != other.keys():
        return ""
    columns = [column for column, mask in row.items() if mask != other[column]]
    return columns[0] if len(columns) == 1 else ""
