"""True, false and open are what others mean by true, false and null: their tables hold in every engine.

`tests/data/three_valued_logic.csv` tells what two suites expect of three-valued logic: the compliance
kit of DMN (ternary conjunction, disjunction and negation) and the tests of the Clinical Quality
Language (its logical operators). Of theirs all cases are there whose operands are true, false or null.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import pytest

from afterrun import Rulebook, load_rulebook, read_answers
from afterrun.batch import Columns, frame_of
from afterrun.inference import CompiledLogic, facts_of, infer
from afterrun.inference.durable import Reasoner
from afterrun.rulebook import Truth, engine_of
from afterrun.verify.prove.encoding.rulebook import Encoding
from afterrun.verify.prove.encoding.terms import neg
from afterrun.verify.prove.encoding.world import World
from afterrun.verify.prove.search import Search
from tests.support.paths import DATA
from tests.support.random_input.rulebooks import SOURCE, small_rulebook, write_files

TRUTHS: dict[str, Truth] = {"true": True, "false": False, "null": None}
ANSWERS = {"true": "yes", "false": "no"}
"""How a person answers; null is a blank."""

LEFT, RIGHT = ({name: {"is": "yes"}} for name in ("left", "right"))
WRITTEN: dict[str, Callable[[Any, Any], Any]] = {
    "and": lambda left, right: {"all": [left, right]},
    "or": lambda left, right: {"any": [left, right]},
    "not": lambda left, right: {"not": left},
    "implies": lambda left, right: {"any": [{"not": left}, right]},
    "xor": lambda left, right: {"any": [{"all": [left, {"not": right}]}, {"all": [{"not": left}, right]}]},
}
"""How a rule says what each operator says."""


class Row(NamedTuple):
    """One case of a suite."""

    suite: str
    test: str
    operator: str
    left: str
    right: str
    expected: str

    @property
    def intake(self) -> dict[str, str]:
        """What a person answers whose left and right are these."""
        given = {"left": self.left, "right": self.right}
        return {"calm": "yes"} | {name: ANSWERS[word] for name, word in given.items() if word in ANSWERS}


def read_rows() -> list[Row]:
    with (DATA / "three_valued_logic.csv").open(encoding="utf-8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file)]


ROWS = read_rows()


def forms(operator: str) -> list[str]:
    """The patterns that say an operator: of the answers themselves, and of what rules concluded of them."""
    return [f"{operator}_of_answers", f"{operator}_of_findings"]


@pytest.fixture(scope="module")
def logic(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """A rulebook with a rule for each operator."""
    options = [{"id": word, "text": word} for word in ("yes", "no")]
    questions = [{"id": name, "type": "single", "options": options} for name in ("calm", "left", "right")]
    rules: list[dict[str, Any]] = [
        {"id": "urgent", "if": {"calm": {"is": "no"}}, "then": ["triage.urgent", "triage.soon"]},
        {"id": "fine", "if": {"calm": {"is": "yes"}}, "then": "triage.fine"},
        {"id": "found-left", "if": LEFT, "then": "left-holds"},
        {"id": "found-right", "if": RIGHT, "then": "right-holds"},
    ]
    for operator, write in WRITTEN.items():
        for name, condition in zip(
            forms(operator), (write(LEFT, RIGHT), write("left-holds", "right-holds")), strict=True
        ):
            then = f"pattern.{name}.holds"
            rules.append({"id": name.replace("_", "-"), "if": condition, "then": then})
    patterns = [
        {"id": name, "name": name, "text": name, "levels": ["holds"], **SOURCE}
        for operator in WRITTEN
        for name in forms(operator)
    ]
    files = small_rulebook(rules, questions, ["left-holds", "right-holds"], patterns=patterns)
    return load_rulebook(write_files(tmp_path_factory.mktemp("logic"), files))


def by_reference(rulebook: Rulebook, row: Row, name: str) -> Truth:
    return infer(rulebook, facts_of(rulebook, read_answers(rulebook, row.intake))).truths.get(name)


def by_compiled(rulebook: Rulebook, row: Row, name: str) -> Truth:
    facts = facts_of(rulebook, read_answers(rulebook, row.intake))
    return engine_of(rulebook, CompiledLogic).infer(facts).truths.get(name)


def by_durable(rulebook: Rulebook, row: Row, name: str) -> Truth:
    facts = facts_of(rulebook, read_answers(rulebook, row.intake))
    return engine_of(rulebook, Reasoner).infer(facts).truths.get(name)


def by_columns(rulebook: Rulebook, row: Row, name: str) -> Truth:
    frame = frame_of(rulebook, [read_answers(rulebook, row.intake)])
    decided = engine_of(rulebook, Columns).decide(frame)
    (told,) = decided.get_column("_".join(name.split(".")[:2])).to_list()
    return {"holds": True, "none": False, None: None}[told]


class Solver:
    """The encoding of a rulebook, to be asked of single intakes."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.world = World.of(rulebook)
        self.encoding = Encoding(rulebook, self.world)
        self.search = Search(self.world)


def by_solver(rulebook: Rulebook, row: Row, name: str) -> Truth:
    solver = engine_of(rulebook, Solver)
    pair = solver.encoding.proposition(name)
    with solver.search.assuming(*solver.world.holding(read_answers(rulebook, row.intake))):
        # It is so of this intake if it cannot be otherwise.
        must = [not solver.search.possible(neg(term)) for term in (pair.true, pair.false)]
        can = [solver.search.possible(term) for term in (pair.true, pair.false)]
    assert must == can
    return True if must[0] else False if must[1] else None


ENGINES = (by_reference, by_compiled, by_durable, by_columns, by_solver)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_the_tables_of_others_hold(logic: Rulebook, engine: Callable[[Rulebook, Row, str], Truth]) -> None:
    wrong = [
        f"{row.suite}: {row.test}: {name}"
        for row in ROWS
        for name in forms(row.operator)
        if engine(logic, row, f"pattern.{name}.holds") is not TRUTHS[row.expected]
    ]
    assert wrong == []


def test_every_operator_has_its_whole_table_once_in_each_suite() -> None:
    """Two operands of three values are nine cases, one is three; and the suites say the same."""
    counts = Counter((row.suite, row.operator) for row in ROWS)
    assert counts == {
        **{("DMN TCK", operator): 9 for operator in ("and", "or")},
        ("DMN TCK", "not"): 3,
        **{("CQL tests", operator): 9 for operator in ("and", "or", "implies", "xor")},
        ("CQL tests", "not"): 3,
    }
    assert len({row[2:5] for row in ROWS if row.suite == "CQL tests"}) == 39
    assert said(row for row in ROWS if row.suite == "DMN TCK") <= said(ROWS)
    assert len(said(ROWS)) == 39


def said(rows: Iterable[Row]) -> set[tuple[str, ...]]:
    return {row[2:] for row in rows}
