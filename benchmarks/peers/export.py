"""The shipped rulebook and seeded rows, written down for processes that know nothing of afterrun.

`rows.npy` are complete intakes as cells, which two-valued engines can take; `partial.npy` have
answers missing; `truths.npy` and `partial_truths.npy` are what the reference evaluator says of each
(1 proved, 0 refuted, -1 open). JSON copies are for Node and Java.
"""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path
from typing import Any

import numpy as np

from afterrun import load_rulebook, read_answers
from afterrun.batch import frame_of
from afterrun.inference import facts_of, infer
from afterrun.rulebook import And, AtLeast, CellTest, Formula, Not, Or, Ref, Rulebook
from tests.support.random_input.intakes import CALM, random_answer, random_intake

ROWS = 20_000
FEW = 2_000
"""Rows for engines that take one at a time, and for every check."""
SEED = 20_250_601


def export(folder: Path) -> Rulebook:
    """Write everything that the peers read."""
    rulebook = load_rulebook()
    (folder / "book.json").write_text(json.dumps(book_of(rulebook)), encoding="utf-8")
    chance = random.Random(SEED)
    complete = [complete_intake(rulebook, chance) for _ in range(ROWS)]
    partial = [random_intake(rulebook, chance, CALM) for _ in range(FEW)]
    for name, intakes in (("rows", complete), ("partial", partial)):
        cells = np.array([cells_of(rulebook, intake) for intake in intakes], dtype=np.int8)
        truths = np.array([truths_of(rulebook, row) for row in cells[:FEW]], dtype=np.int8)
        truths_name = "truths" if name == "rows" else "partial_truths"
        np.save(folder / f"{name}.npy", cells)
        np.save(folder / f"{truths_name}.npy", truths)
        (folder / f"{name}.json").write_text(json.dumps(cells[:FEW].tolist()), encoding="utf-8")
        (folder / f"{truths_name}.json").write_text(json.dumps(truths.tolist()), encoding="utf-8")
        lines = "".join(f"{json.dumps(each)}\n" for each in intakes)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        answers = [read_answers(rulebook, intake) for intake in intakes]
        frame_of(rulebook, answers).write_parquet(folder / f"{name}.parquet")
        if name == "rows" and (truths < 0).any():
            raise ValueError(
                "a complete intake leaves a proposition open; two-valued engines cannot be checked"
            )
    return rulebook


def complete_intake(rulebook: Rulebook, chance: random.Random) -> dict[str, Any]:
    """An intake with every question answered ('I don't know' is an answer)."""
    preferred = CALM if chance.random() < 0.7 else {}
    scale = chance.choice((1, 10, 16.7, 20))
    units = {quantity.unit_key: chance.choice(quantity.units).id for quantity in rulebook.quantities.values()}
    answers = {
        question.id: preferred[question.id]
        if question.id in preferred and chance.random() < 0.95
        else random_answer(rulebook, question, chance, units, scale)
        for question in rulebook.questions.values()
    }
    return {**units, **answers}


def cells_of(rulebook: Rulebook, intake: dict[str, Any]) -> list[int]:
    """The cell of every variable, -1 where it is open."""
    facts = facts_of(rulebook, read_answers(rulebook, intake))
    return [facts.get(name, -1) for name in rulebook.variables]


def truths_of(rulebook: Rulebook, cells: Any) -> list[int]:
    """What the reference evaluator says of every proposition."""
    facts = {name: int(cell) for name, cell in zip(rulebook.variables, cells, strict=True) if cell >= 0}
    truths = infer(rulebook, facts).truths
    return [int(truths.get(name, -1)) for name in rulebook.propositions]


def book_of(rulebook: Rulebook) -> dict[str, Any]:
    """The rulebook in the neutral form of `book`."""
    variables = {name: number for number, name in enumerate(rulebook.variables)}
    propositions = {name: number for number, name in enumerate(rulebook.propositions)}
    return {
        "variables": [
            [each.name, len(each.cells), bool(each.option)] for each in rulebook.variables.values()
        ],
        "rules": [
            [
                rule.id,
                _neutral(rule.formula, variables, propositions),
                [propositions[p] for p in rule.conclusions],
            ]
            for rule in rulebook.rules.values()
        ],
        "propositions": list(propositions),
    }


def _neutral(formula: Formula, variables: dict[str, int], propositions: dict[str, int]) -> list[Any]:
    def neutral(part: Formula) -> list[Any]:
        return _neutral(part, variables, propositions)

    match formula:
        case CellTest(variable, mask):
            return [
                "cell",
                variables[variable],
                [cell for cell in range(mask.bit_length()) if mask >> cell & 1],
            ]
        case Ref(proposition):
            return ["is", propositions[proposition]]
        case Not(part):
            return ["not", neutral(part)]
        case And(parts):
            return ["and", *map(neutral, parts)]
        case Or(parts):
            return ["or", *map(neutral, parts)]
        case AtLeast(needed, parts):
            chosen = itertools.combinations([neutral(part) for part in parts], needed)
            return ["or", *(["and", *each] for each in chosen)]
