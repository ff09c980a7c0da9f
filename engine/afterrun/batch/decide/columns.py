"""A chunk of checked answers in, a row of decisions for each out: the rulebook on whole columns.

Logic runs on packed bits, 64 intakes to a machine word, through the same compiled function that
proofs use; numbers are exact; polars holds what goes in and what comes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np
import polars as pl

from afterrun.batch.decide.bits import Bits, any_row, codes, masks
from afterrun.batch.decide.fired import RULES_PER_MASK
from afterrun.batch.decide.leaves import Leaves
from afterrun.batch.decide.plan_numbers import PlanNumbers, amount_items, unit_columns
from afterrun.batch.input.layout import OCCASION, PLACE_COLUMNS
from afterrun.inference import CompiledLogic
from afterrun.rulebook import CellTest, Decisions, Evaluation, Ref, Rulebook, engine_of, number_items

BETWEEN_NAMES = ";"
REFUTED = "none"


class Columns:
    """A rulebook made ready for chunks of intakes."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._logic = engine_of(rulebook, CompiledLogic)
        self._evaluate = self._logic.evaluator()
        self.rules = self._logic.rules
        """The rules behind the bits of `fired`, in their order."""

    def decide(self, frame: pl.DataFrame) -> pl.DataFrame:
        """What the rulebook says of each row of a checked chunk (see `layout`).

        Columns: record_id, occasion, source, line, triage, pattern_<id> (its level; 'none': refuted; null:
        open, or not shown at this triage), interventions, plan_<key> (null: does not apply, open or
        not known), plan_<unit>, open_questions, fired (bit masks over `rules`), rulebook (digest).
        """
        leaves = Leaves(self.rulebook, frame)
        tests = [bits for variable, mask in self._logic.tests for bits in leaves.outcome(variable, mask)]
        chunk = _Chunk(self.rulebook, self._logic, leaves)
        _, fired, demands = self._evaluate(tests, chunk.demand)
        decided = pl.DataFrame(
            {
                **{name: frame.get_column(name) for name in PLACE_COLUMNS},
                "triage": chunk.triage(),
                **chunk.patterns(),
                "interventions": chunk.interventions(),
                **chunk.plan(),
                "open_questions": chunk.open_questions(demands),
                "fired": pl.Series(
                    masks(fired, frame.height, RULES_PER_MASK),
                    dtype=pl.Array(pl.Int64, max(1, -(-len(fired) // RULES_PER_MASK))),
                ),
                "rulebook": _constant(self.rulebook.digest, frame.height),
            }
        )
        leaves.forget()
        return decided


class _Chunk:
    """One chunk on its way: its propositions, decisions, and columns of the result."""

    def __init__(self, rulebook: Rulebook, logic: CompiledLogic, leaves: Leaves) -> None:
        self._rulebook = rulebook
        self._logic = logic
        self._leaves = leaves
        self._rows = leaves.rows
        self._decisions = engine_of(rulebook, Decisions)
        self._truths: dict[str, tuple[Bits, Bits]] = {}
        # Without a circle back to the chunk, so that all is let go of at once.
        decided = Evaluation(leaves.algebra, partial(_pair_of, leaves, self._truths))
        self._where = decided.where
        self._plan_numbers = PlanNumbers(rulebook, leaves, decided)

    def demand(self, propositions: Sequence[Bits]) -> list[Bits] | None:
        """Where each open proposition can still change the result; None when nothing is open."""
        pairs = zip(propositions[::2], propositions[1::2], strict=True)
        self._truths.update(zip(self._logic.propositions, pairs, strict=True))
        wanted = {name: self._where(goal) for name, goal in self._decisions.goals.items()}
        if not any(any_row(bits) for bits in wanted.values()):
            return None
        return [wanted.get(name, self._leaves.algebra.nowhere) for name in self._truths]

    def triage(self) -> pl.Series:
        """The level to act on."""
        levels = self._decisions.levels
        return _enumerated(codes([self._where(level) for level in levels.values()], self._rows), list(levels))

    def patterns(self) -> dict[str, pl.Series]:
        """The strongest proved level of each pattern where patterns are shown."""
        columns = {}
        for name, levels in self._decisions.patterns.items():
            choices = [*levels.values(), self._decisions.pattern_refuted[name]]
            places = codes([self._leaves.algebra.nowhere, *map(self._where, choices)], self._rows)
            columns[f"pattern_{name}"] = _enumerated(places - np.uint8(1), [*levels, REFUTED])
        return columns

    def interventions(self) -> pl.Series:
        """What to do now or later, by name."""
        given = [
            self._leaves.algebra.some(
                self._where(each) for status, each in statuses.items() if status != "set_aside"
            )
            for statuses in self._decisions.given.values()
        ]
        return _named(masks(given, self._rows, RULES_PER_MASK), list(self._rulebook.interventions))

    def plan(self) -> dict[str, pl.Series]:
        """The numbers of the plan that differ from intake to intake."""
        numbers = engine_of(self._rulebook, number_items)
        amounts = engine_of(self._rulebook, amount_items)
        columns = {f"plan_{key}": self._plan_numbers.column(key) for key in numbers}
        shown = {
            f"plan_display_{key}": self._plan_numbers.display(quantity, columns[f"plan_{key}"])
            for key, quantity in amounts.items()
        }
        units = {
            name: self._plan_numbers.unit(
                quantity,
                [columns[f"plan_{key}"] for key in amounts if amounts[key].id == quantity.id],
            )
            for name, quantity in engine_of(self._rulebook, unit_columns).items()
        }
        return {**columns, **shown, **units}

    def open_questions(self, demands: Sequence[Bits | int] | None) -> pl.Series:
        """The unanswered questions that can still change the result, by name."""
        missing = self._plan_numbers.missing()
        for variable, bits in zip(self._logic.variables, demands or (), strict=False):
            if not isinstance(bits, int):
                for question in self._rulebook.variables[variable].questions:
                    missing[question].append(bits)
        algebra = self._leaves.algebra
        waited_for = [name for name, each in self._rulebook.questions.items() if not each.optional]
        flags = [algebra.some(missing[name]) & ~self._leaves.answered(name) for name in waited_for]
        return _named(masks(flags, self._rows, RULES_PER_MASK), waited_for)


def _pair_of(
    leaves: Leaves, truths: Mapping[str, tuple[Bits, Bits]], atom: CellTest | Ref
) -> tuple[Bits, Bits]:
    """Where a test or proposition is proved, and where it is refuted."""
    return truths[atom.proposition] if isinstance(atom, Ref) else leaves.outcome(atom.variable, atom.mask)


def _enumerated(places: Any, names: Sequence[str]) -> pl.Series:
    """Places among names as an enumeration; a place beyond them is null."""
    series = pl.Series(places, dtype=pl.UInt8)
    beyond = places >= len(names)
    if beyond.any():
        series = series.set(pl.Series(beyond), None)
    return series.cat.to(pl.Enum(names))


def _named(column: Any, names: Sequence[str]) -> pl.Series:
    """Bit masks as the names of their bits, joined; equal masks share one text."""
    flat = pl.Series(column[:, 0])
    found = flat.unique(maintain_order=True)
    texts = [_joined_names(mask, tuple(names)) for mask in found.to_list()]
    places = flat.replace_strict(found, np.arange(len(found)), return_dtype=pl.UInt32)
    # To cast an enumeration costs many times as much.
    return pl.Series(texts, dtype=pl.Categorical).gather(places)


@lru_cache(maxsize=2**17)
def _joined_names(mask: int, names: tuple[str, ...]) -> str:
    """The names of the set bits; the same few masks come again in every chunk."""
    return BETWEEN_NAMES.join(name for at, name in enumerate(names) if mask >> at & 1)


def _constant(text: str, rows: int) -> pl.Series:
    return pl.Series([text], dtype=pl.Categorical).new_from_index(0, rows)


def columns_for(rulebook: Rulebook) -> Mapping[str, str]:
    """The columns that `decide` gives, with what each means."""
    numbers, amounts = engine_of(rulebook, number_items), engine_of(rulebook, amount_items)
    return {
        "record_id": "as given",
        OCCASION: "which event, instrument and instance of the record, or what else tells its rows apart",
        "source": "the input file, by its place in the job",
        "line": "line or row in that file",
        "triage": "the level to act on",
        **{f"pattern_{name}": each.name for name, each in rulebook.patterns.items()},
        "interventions": "what to do now or later",
        **{f"plan_{item.key}": item.text for item in rulebook.plan if item.key in numbers},
        **{
            f"plan_display_{item.key}": f"{item.text}, in whole steps"
            for item in rulebook.plan
            if item.key in amounts
        },
        **{
            name: f"unit of the amounts in the plan ({quantity.ask.rstrip('?')})"
            for name, quantity in engine_of(rulebook, unit_columns).items()
        },
        "open_questions": "unanswered questions that can still change the result",
        "fired": "the rules that fired",
        "rulebook": "sha256 of the rulebook",
    }
