"""The rulebook as one generated Python function of bitwise logic.

Each bit of an integer is a *lane*, one intake among many that are nearly alike; a pair of integers
says in which lanes a proposition is true and in which it is false, and in the rest it is open. The
same function settles one intake (one lane) and the same intake with each answer left out in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from afterrun.logic import And, AtLeast, Formula, Leaf, Not, Or, Ref
from afterrun.rulebook import Rulebook


class Known(NamedTuple):
    """A variable's cell, and the lanes in which it is known."""

    cell: int
    lanes: int


class Lanes(NamedTuple):
    """In which lanes a proposition is true, and in which it is false."""

    true: int
    false: int


_Evaluate = Callable[[Mapping[str, tuple[int, int]]], Sequence[int]]


class CompiledLogic:
    """A rulebook's logic, compiled once."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._place = {name: 2 * index for index, name in enumerate(rulebook.propositions)}
        self.source = _Writer(rulebook).source()
        scope: dict[str, object] = {"enough": _enough}
        exec(compile(self.source, f"<rulebook {rulebook.identity.name}>", "exec"), scope)
        self._evaluate: _Evaluate = scope["evaluate"]  # type: ignore[assignment]

    def settle(self, known: Mapping[str, tuple[int, int]]) -> Callable[[str], Lanes]:
        """Every proposition in every lane, looked up by name.

        `known` gives the `Known` cell and lanes of each variable that is not open everywhere.
        """
        values = self._evaluate(known)

        def lanes(proposition: str) -> Lanes:
            place = self._place[proposition]
            return Lanes(values[place], values[place + 1])

        return lanes


class _Writer:
    """Writes the function: a line for each test, rule and proposition."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._variables: dict[str, str] = {}
        self._tests: dict[tuple[str, int], str] = {}
        self._propositions: dict[str, str] = {}
        self._rules: dict[str, str] = {}
        self._lines: list[str] = []

    def source(self) -> str:
        for name, rules in self._rulebook.propositions.items():
            for rule in rules:
                if rule.id not in self._rules:
                    self._rules[rule.id] = f"r{len(self._rules)}"
                    true, false = self._pair(rule.formula)
                    self._lines += [f"{self._rules[rule.id]}t = {true}", f"{self._rules[rule.id]}f = {false}"]
            self._propositions[name] = each = f"p{len(self._propositions)}"
            names = [self._rules[rule.id] for rule in rules]
            self._lines.append(f"{each}t = " + " | ".join(f"{rule}t" for rule in names))
            self._lines.append(f"{each}f = " + " & ".join(f"{rule}f" for rule in names))
        result = ", ".join(f"{each}t, {each}f" for each in self._propositions.values())
        body = [*self._heads(), *self._lines, f"return ({result},)"]
        return "def evaluate(known, open=(0, 0)):\n" + "\n".join(f"    {line}" for line in body)

    def _heads(self) -> list[str]:
        lines = [
            f"{name}c, {name}l = known.get({variable!r}, open)" for variable, name in self._variables.items()
        ]
        for (variable, mask), name in self._tests.items():
            cell = self._variables[variable]
            lines += [f"{name}t = {cell}l if {mask} >> {cell}c & 1 else 0", f"{name}f = {cell}l ^ {name}t"]
        return lines

    def _pair(self, formula: Formula) -> tuple[str, str]:
        """The expressions for 'true' and for 'false'."""
        match formula:
            case Leaf(variable, mask):
                self._variables.setdefault(variable, f"v{len(self._variables)}")
                name = self._tests.setdefault((variable, mask), f"t{len(self._tests)}")
                return f"{name}t", f"{name}f"
            case Ref(proposition):
                name = self._propositions[proposition]
                return f"{name}t", f"{name}f"
            case Not(part):
                true, false = self._pair(part)
                return false, true
            case And(parts):
                pairs = [self._pair(part) for part in parts]
                return _joined(" & ", "-1", [true for true, _ in pairs]), _joined(
                    " | ", "0", [false for _, false in pairs]
                )
            case Or(parts):
                pairs = [self._pair(part) for part in parts]
                return _joined(" | ", "0", [true for true, _ in pairs]), _joined(
                    " & ", "-1", [false for _, false in pairs]
                )
            case AtLeast(needed, parts):
                pairs = [self._pair(part) for part in parts]
                against = len(parts) - needed + 1
                return (
                    f"enough({needed}, ({', '.join(true for true, _ in pairs)},))",
                    f"enough({against}, ({', '.join(false for _, false in pairs)},))",
                )


def _joined(sign: str, empty: str, parts: list[str]) -> str:
    return f"({sign.join(parts)})" if parts else empty


def _enough(needed: int, lanes: Sequence[int]) -> int:
    """The lanes in which at least `needed` of the bits are set."""
    reached = [-1] + [0] * needed
    for lane in lanes:
        for count in range(needed, 0, -1):
            reached[count] |= reached[count - 1] & lane
    return reached[needed]
