"""A chunk of checked answers in, a row of decisions for each out: the rulebook on whole columns.

Logic runs on packed bits, 64 intakes to a machine word, through the same compiled function that
proofs use; numbers are exact; polars holds what goes in and what comes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from afterrun.assessment import proposition_of
from afterrun.batch.decide.bits import Bits, any_row, codes, masks, unpack
from afterrun.batch.decide.leaves import Leaves
from afterrun.batch.decide.plan_numbers import PlanNumbers, number_items
from afterrun.batch.decide.readout import Readout
from afterrun.inference import CompiledLogic
from afterrun.rulebook import STATUSES, Rulebook

RULES_PER_MASK = 63
"""Bits of one signed mask."""
SEPARATOR = ";"
REFUTED = "none"
_FEW_NAMES = 16


class Columns:
    """A rulebook made ready for chunks of intakes."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._logic = rulebook.compiled(CompiledLogic)
        self._evaluate = self._logic.evaluator()
        self._place = {name: index for index, name in enumerate(self._logic.propositions)}
        self.rules = self._logic.rules
        """The rules behind the bits of `fired`, in their order."""

    def decide(self, frame: pl.DataFrame) -> pl.DataFrame:
        """What the rulebook says of each row of a checked chunk (see `layout`).

        Columns: record_id, source, line, triage, pattern_<id> (its level; 'none': refuted; null:
        open, or not shown at this triage), interventions, plan_<key> (null: does not apply, open or
        not known), open_questions, fired (bit masks over `rules`), rulebook (digest).
        """
        leaves = Leaves(self.rulebook, frame)
        tests = [bits for variable, mask in self._logic.tests for bits in leaves.outcome(variable, mask)]
        chunk = _Chunk(self, leaves)
        propositions, fired, demands = self._evaluate(tests, chunk.demand)
        chunk.settle(propositions)
        decided = pl.DataFrame(
            {
                **{name: frame.get_column(name) for name in ("record_id", "source", "line")},
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

    def propositions(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Every proposition of each row as a Boolean; null: open."""
        leaves = Leaves(self.rulebook, frame)
        tests = [bits for variable, mask in self._logic.tests for bits in leaves.outcome(variable, mask)]
        settled, _, _ = self._evaluate(tests, lambda _: None)
        columns = {}
        for name, (true, false) in self.truths(settled).items():
            known = pl.Series(unpack(true | false, frame.height))
            columns[name] = pl.Series(unpack(true, frame.height)).set(~known, None)
        leaves.forget()
        return pl.DataFrame(columns)

    def truths(self, propositions: Sequence[Bits]) -> dict[str, tuple[Bits, Bits]]:
        """The flat result of the compiled function by name."""
        return {name: (propositions[2 * at], propositions[2 * at + 1]) for name, at in self._place.items()}

    def names_of(self, fired: Sequence[int]) -> list[str]:
        """The rules whose bits are set in one row's masks."""
        return [
            rule
            for place, rule in enumerate(self.rules)
            if fired[place // RULES_PER_MASK] >> place % RULES_PER_MASK & 1
        ]


class _Chunk:
    """One chunk on its way: its propositions, decisions, and columns of the result."""

    def __init__(self, columns: Columns, leaves: Leaves) -> None:
        self._columns = columns
        self._rulebook = columns.rulebook
        self._leaves = leaves
        self._rows = leaves.rows
        self._truths: dict[str, tuple[Bits, Bits]] = {}

    def settle(self, propositions: Sequence[Bits]) -> None:
        """Take in what the logic found, once."""
        if not self._truths:
            self._truths = self._columns.truths(propositions)
            self._readout = Readout(self._rulebook, self._truths, self._leaves.every_row)
            self._plan_numbers = PlanNumbers(self._rulebook, self._leaves, self._truths, self._readout)

    def demand(self, propositions: Sequence[Bits]) -> list[Bits] | None:
        """Where each open proposition can still change the result; None when nothing is open."""
        self.settle(propositions)
        wanted = self._wanted()
        result = []
        some = False
        nowhere = self._leaves.every_row & ~self._leaves.every_row
        for name, (true, false) in self._truths.items():
            bits = wanted[name] & ~(true | false) if name in wanted else nowhere
            some = some or any_row(bits)
            result.append(bits)
        return result if some else None

    def _wanted(self) -> dict[str, Bits]:
        """Where the result could show each proposition, as `relevance.open_goals` means it."""
        readout, rulebook = self._readout, self._rulebook
        wanted: dict[str, Bits] = {}

        def want(name: str, bits: Bits) -> None:
            wanted[name] = wanted[name] | bits if name in wanted else bits

        for level, bits in readout.reachable.items():
            want(proposition_of(rulebook.triage[level]), bits)
        for pattern in rulebook.patterns.values():
            for strength in pattern.levels:
                want(f"pattern.{pattern.id}.{strength}", readout.may_show("patterns"))
        for name in rulebook.interventions:
            bits = readout.may_allow(name) & readout.status_open[name]
            for status in STATUSES:
                want(f"intervention.{name}.{status}", bits)
        plan = readout.may_show("plan")
        for name in rulebook.parameters:
            for value, bits in readout.choices(name)[1].items():
                want(f"parameter.{name}.{value}", plan & bits)
        for name in self._plan_numbers.conditions():
            want(name, plan)
        return wanted

    def triage(self) -> pl.Series:
        """The level to act on."""
        levels = self._readout.levels
        return _enumerated(codes(list(levels.values()), self._rows), list(levels))

    def patterns(self) -> dict[str, pl.Series]:
        """The strongest proved level of each pattern where patterns are shown."""
        shown = self._readout.showing("patterns")
        columns = {}
        for pattern in self._rulebook.patterns.values():
            choices, left = [], shown
            for level in pattern.levels:
                true, _ = self._truths[f"pattern.{pattern.id}.{level}"]
                choices.append(left & true)
                left = left & ~true
            _, refuted = self._truths[f"pattern.{pattern.id}.{pattern.levels[-1]}"]
            choices.append(left & refuted)
            names = [*pattern.levels, REFUTED]
            places = codes([left & ~refuted | ~shown, *choices], self._rows)
            columns[f"pattern_{pattern.id}"] = _enumerated(places - np.uint8(1), names)
        return columns

    def interventions(self) -> pl.Series:
        """What to do now or later, by name."""
        given = [self._readout.given(name) for name in self._rulebook.interventions]
        return _named(masks(given, self._rows, RULES_PER_MASK), list(self._rulebook.interventions))

    def plan(self) -> dict[str, pl.Series]:
        """The numbers of the plan that differ from intake to intake."""
        shown = self._readout.showing("plan")
        return {f"plan_{key}": self._plan_numbers.column(key, shown) for key in number_items(self._rulebook)}

    def open_questions(self, demands: Sequence[Bits | int] | None) -> pl.Series:
        """The unanswered questions that can still change the result, by name."""
        missing = self._plan_numbers.missing(self._readout.may_show("plan"))
        variables = self._columns.rulebook.variables
        if demands is not None:
            for variable, bits in zip(self._columns._logic.variables, demands, strict=True):
                if not isinstance(bits, int):
                    for question in variables[variable].questions:
                        missing[question] = missing[question] | bits if question in missing else bits
        nowhere = self._leaves.every_row & ~self._leaves.every_row
        flags = [
            missing[name] & ~self._leaves.answered(name) if name in missing else nowhere
            for name in self._rulebook.questions
        ]
        return _named(masks(flags, self._rows, RULES_PER_MASK), list(self._rulebook.questions))


def _enumerated(places: Any, names: Sequence[str]) -> pl.Series:
    """Places among names as an enumeration; a place beyond them is null."""
    series = pl.Series(places, dtype=pl.UInt8)
    beyond = places >= len(names)
    if beyond.any():
        series = series.set(pl.Series(beyond), None)
    return series.cat.to(pl.Enum(names))


def _named(column: Any, names: Sequence[str]) -> pl.Series:
    """Bit masks as the names of their bits, joined; equal masks share one text."""
    flat = column[:, 0]
    if len(names) <= _FEW_NAMES:
        found = np.flatnonzero(np.bincount(flat, minlength=1))
        place = np.zeros(int(found[-1]) + 1 if len(found) else 1, dtype=np.uint32)
        place[found] = np.arange(len(found), dtype=np.uint32)
        places = place[flat]
    else:
        found, inverse = np.unique(flat, return_inverse=True)
        places = inverse.astype(np.uint32)
    texts = [_joined_names(int(mask), tuple(names)) for mask in found]
    return pl.Series(places, dtype=pl.UInt32).cat.to(pl.Enum(texts or [""])).cast(pl.Categorical)


@lru_cache(maxsize=2**17)
def _joined_names(mask: int, names: tuple[str, ...]) -> str:
    """The names of the set bits; the same few masks come again in every chunk."""
    return SEPARATOR.join(name for at, name in enumerate(names) if mask >> at & 1)


def _constant(text: str, rows: int) -> pl.Series:
    return (
        pl.Series(np.zeros(rows, dtype=np.uint8), dtype=pl.UInt8).cat.to(pl.Enum([text])).cast(pl.Categorical)
    )


def columns_for(rulebook: Rulebook) -> Mapping[str, str]:
    """The columns that `decide` gives, with what each means."""
    return {
        "record_id": "as given",
        "source": "the input file, by its place in the job",
        "line": "line or row in that file",
        "triage": "the level to act on",
        **{f"pattern_{name}": each.name for name, each in rulebook.patterns.items()},
        "interventions": "what to do now or later",
        **{f"plan_{item.key}": item.text for item in rulebook.plan if item.key in number_items(rulebook)},
        "open_questions": "unanswered questions that can still change the result",
        "fired": "the rules that fired",
        "rulebook": "sha256 of the rulebook",
    }
