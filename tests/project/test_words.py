"""What is said in words is said in one place."""

from __future__ import annotations

import ast
import re
from collections import Counter
from fractions import Fraction
from pathlib import Path

import afterrun
from afterrun.explanation import PHRASES
from afterrun.rulebook import number_words
from afterrun.rulebook.schema import Function

ENGINE = Path(afterrun.__file__).parent


def _trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in ENGINE.rglob("*.py")}


def test_no_two_functions_that_give_words_are_called_alike() -> None:
    """Nor is one imported under another's name: whoever reads a call knows which words come."""
    trees = _trees()
    given = Counter(
        each.name
        for tree in trees.values()
        for each in tree.body
        if isinstance(each, ast.FunctionDef) and each.name.endswith("_words") and each.name[0] != "_"
    )
    assert len(given) > 20
    assert [name for name, times in given.items() if times > 1] == []
    renamed = [
        f"{path}:{each.lineno}"
        for path, tree in trees.items()
        for each in ast.walk(tree)
        if isinstance(each, ast.ImportFrom)
        for alias in each.names
        if alias.asname and (alias.name.endswith("_words") or alias.asname.endswith("_words"))
    ]
    assert renamed == []


def test_each_function_of_a_formula_has_its_words_and_they_stand_in_no_other_place() -> None:
    assert PHRASES.keys() == {each.name for each in Function.__subclasses__()}
    said = {
        part.strip(" :,")
        for phrase in PHRASES.values()
        for words in phrase
        for part in re.split(r"\{\d?\}", words)
    }
    long = {words for words in said if len(words) > 12}
    assert len(long) >= len(PHRASES)
    for words in long:
        places = [path.name for path in ENGINE.rglob("*.py") if words in path.read_text(encoding="utf-8")]
        assert places == ["phrases.py"], words


def test_a_number_is_told_to_two_decimals_whatever_it_is_kept_in() -> None:
    assert [number_words(each) for each in (12, 12.5, Fraction(1, 3), Fraction(123456789, 1000))] == [
        "12", "12.5", "0.33", "123456.79",
    ]  # fmt: skip
