"""The rulebook as one generated Python function of bitwise logic.

Each bit of an integer is a *lane*, one intake among many that are nearly alike; a pair of integers
says in which lanes a proposition is true and in which it is false, and in the rest it is open. The
same function settles one intake (one lane) and the same intake with each answer left out in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from afterrun.inference.facts import Facts
from afterrun.inference.firings import Inference
from afterrun.inference.reference import firings_of, formulas_of
from afterrun.rulebook import CellTest, Evaluation, Formula, Not, Ref, Rulebook, concluded, operands_of


class Lanes(NamedTuple):
    """In which lanes a proposition is true, and in which it is false."""

    true: int
    false: int


class CompiledLogic:
    """A rulebook's logic, compiled once."""

    def __init__(self, rulebook: Rulebook) -> None:
        writer = _Writer(rulebook)
        self._place = {name: 2 * index for index, name in enumerate(writer.propositions)}
        self._name = rulebook.identity.name
        self._formulas = formulas_of(rulebook)
        self._evaluate: Callable[[Mapping[str, tuple[int, int]]], tuple[Sequence[int], Sequence[int]]] = (
            self._made(writer.on_cells())
        )
        self._writer = writer
        self.tests = tuple(writer.tests)
        """Every (variable, mask) that some formula tests."""
        self.variables = tuple(writer.variables)
        """Every variable tested, in the order of the demands that `evaluator` gives."""
        self.propositions = tuple(writer.propositions)
        self.rules = tuple(writer.rules)

    def source(self) -> str:
        """The generated function of each variable's cell, as it is compiled."""
        return self._writer.on_cells()

    def settle(self, known: Mapping[str, tuple[int, int]]) -> Callable[[str], Lanes]:
        """Every proposition in every lane, looked up by name.

        `known` gives each variable that is not open everywhere: its cell, and the lanes that know it.
        """
        values, _ = self._evaluate(known)

        def lanes(proposition: str) -> Lanes:
            place = self._place[proposition]
            return Lanes(values[place], values[place + 1])

        return lanes

    def infer(self, facts: Facts) -> Inference:
        """What the reference evaluator concludes, some ten times faster.

        The evidence is kept as the rules' truth values; firings and their premises are made from
        it when they are asked for.
        """
        values, rules = self._evaluate({variable: (cell, 1) for variable, cell in facts.items()})
        truths = {
            name: true == 1
            for name, true, false in zip(self.propositions, values[::2], values[1::2], strict=True)
            if true or false
        }

        settled = {
            rule: true == 1
            for rule, true, false in zip(self.rules, rules[::2], rules[1::2], strict=True)
            if true or false
        }
        return Inference(truths, lambda: firings_of(self._formulas, settled, facts, truths))

    def evaluator(self) -> Callable[[Sequence[Any], Callable[[Sequence[Any]], Sequence[Any] | None]], Any]:
        """The function of (tests, demand) for anything that knows `&`, `|` and `~`, bit arrays above all.

        Tests come as true, false, true, false in the order of `self.tests`; the result is
        (propositions as true, false in order, rules that hold in order, demands by variable).
        """
        return self._made(self._writer.on_tests())

    def _made(self, source: str) -> Callable[..., Any]:
        scope: dict[str, Any] = {}
        exec(compile(source, f"<rulebook {self._name}>", "exec"), scope)
        function: Callable[..., Any] = scope["evaluate"]
        return function


class _Writer:
    """Writes functions: a line for each operation, and none twice."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self.variables: dict[str, str] = {}
        self.tests: dict[tuple[str, int], str] = {}
        self.propositions: dict[str, str] = {}
        self.rules: dict[str, tuple[str, str]] = {}
        self._names: dict[str, str] = {}
        self._lines: list[str] = []
        self._evaluation: Evaluation[str] = Evaluation(self, self._atom)
        for proposition, rules in rulebook.propositions.items():
            for rule in rules:
                if rule.id not in self.rules:
                    self.rules[rule.id] = self._evaluation.pair(rule.formula)
            name = self.propositions[proposition] = f"p{len(self.propositions)}"
            true, false = concluded(self, [self.rules[rule.id] for rule in rules])
            self._lines += [f"{name}t = {true}", f"{name}f = {false}"]

    def every(self, parts: Iterable[str]) -> str:
        return self._joined(" & ", "-1", parts)

    def some(self, parts: Iterable[str]) -> str:
        return self._joined(" | ", "0", parts)

    def other(self, part: str) -> str:
        return self._named(f"~{part}")

    def on_cells(self) -> str:
        """A function of each variable's cell and the lanes in which it is known."""
        lines = [
            f"{name}c, {name}l = known.get({variable!r}, open)" for variable, name in self.variables.items()
        ]
        for (variable, mask), name in self.tests.items():
            cell = self.variables[variable]
            lines += [f"{name}t = {cell}l if {mask} >> {cell}c & 1 else 0", f"{name}f = {cell}l ^ {name}t"]
        rules = ", ".join(f"{true}, {false}" for true, false in self.rules.values())
        lines += [*self._lines, f"return {self._result()}, ({rules},)"]
        return _function("evaluate(known, open=(0, 0))", lines)

    def on_tests(self) -> str:
        """A function of the outcome of each test, that also hands demands down.

        `demand` is given the propositions and returns what is wanted of each, or None; then the
        function returns in which lanes an undecided test on each variable stands within something
        undecided that is wanted. It is written last, for its lines come after all others.
        """
        rules = ", ".join(true for true, _ in self.rules.values())
        head = [f"({', '.join(f'{name}t, {name}f' for name in self.tests.values())},) = tests"]
        lines = self._lines
        lines += [f"propositions = {self._result()}", f"rules = ({rules},)", "wanted = demand(propositions)"]
        lines += ["if wanted is None: return propositions, rules, None"]
        lines += [f"({', '.join(f'd{name}' for name in self.propositions.values())},) = wanted"]
        lines += [f"d{name} = 0" for name in self.variables.values()]
        order = list(self._rulebook.propositions)
        first = {rule.id: name for name in reversed(order) for rule in self._rulebook.propositions[name]}
        for name in reversed(order):
            for rule in self._rulebook.propositions[name]:
                if first[rule.id] == name:
                    wanted = self.some(f"d{self.propositions[each]}" for each in rule.conclusions)
                    self._hand_down(rule.formula, wanted)
        lines += [
            f"return propositions, rules, ({', '.join(f'd{each}' for each in self.variables.values())},)"
        ]
        return _function("evaluate(tests, demand)", [*head, *lines])

    def _result(self) -> str:
        return f"({', '.join(f'{each}t, {each}f' for each in self.propositions.values())},)"

    def _hand_down(self, formula: Formula, wanted: str) -> None:
        """Hand a demand down to the undecided parts of an undecided formula."""
        if isinstance(formula, Not):
            return self._hand_down(formula.part, wanted)
        true, false = self._evaluation.pair(formula)
        here = f"{wanted} & ~({true} | {false})"
        if isinstance(formula, CellTest | Ref):
            name = f"d{self._name(formula)}"
            self._lines.append(f"{name} = {name} | {here}")
        else:
            name = self._named(here)
            for part in operands_of(formula):
                self._hand_down(part, name)

    def _name(self, atom: CellTest | Ref) -> str:
        """The variable or proposition behind a test."""
        return (
            self.variables[atom.variable]
            if isinstance(atom, CellTest)
            else self.propositions[atom.proposition]
        )

    def _atom(self, atom: CellTest | Ref) -> tuple[str, str]:
        if isinstance(atom, Ref):
            name = self.propositions[atom.proposition]
        else:
            self.variables.setdefault(atom.variable, f"v{len(self.variables)}")
            name = self.tests.setdefault((atom.variable, atom.mask), f"t{len(self.tests)}")
        return f"{name}t", f"{name}f"

    def _joined(self, sign: str, empty: str, parts: Iterable[str]) -> str:
        each = list(parts)
        return self._named(sign.join(each)) if len(each) > 1 else (each or [empty])[0]

    def _named(self, expression: str) -> str:
        """The name of what an expression gives; the same again, above all of a skip, stands already."""
        if expression not in self._names:
            self._names[expression] = f"n{len(self._names)}"
            self._lines.append(f"{self._names[expression]} = {expression}")
        return self._names[expression]


def _function(head: str, lines: list[str]) -> str:
    return f"def {head}:\n" + "\n".join(f"    {line}" for line in lines)
