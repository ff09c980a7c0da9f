"""The rulebook as one generated Python function of bitwise logic.

Each bit of an integer is a *lane*, one intake among many that are nearly alike; a pair of integers
says in which lanes a proposition is true and in which it is false, and in the rest it is open. The
same function settles one intake (one lane) and the same intake with each answer left out in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from afterrun.inference.facts import Facts
from afterrun.inference.firings import Firing, Inference
from afterrun.inference.reference import settle
from afterrun.rulebook import And, AtLeast, Formula, Leaf, Not, Or, Ref, Rulebook


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
        self._rulebook = rulebook
        self._evaluate: Callable[[Mapping[str, tuple[int, int]]], tuple[Sequence[int], Sequence[int]]] = (
            self._made(writer.on_cells())
        )
        self._source_on_tests = writer.on_tests()
        self.tests = tuple(writer.tests)
        """Every (variable, mask) that some formula tests."""
        self.variables = tuple(writer.variables)
        """Every variable tested, in the order of the demands that `evaluator` gives."""
        self.propositions = tuple(writer.propositions)
        self.rules = tuple(writer.rules)

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

        def firings() -> tuple[Firing, ...]:
            return tuple(
                Firing(rule, true == 1, settle(self._rulebook.rules[rule].formula, facts, truths)[1])
                for rule, true, false in zip(self.rules, rules[::2], rules[1::2], strict=True)
                if true or false
            )

        return Inference(truths, firings)

    def evaluator(self) -> Callable[[Sequence[Any], Callable[[Sequence[Any]], Sequence[Any] | None]], Any]:
        """The function of (tests, demand) for anything that knows `&`, `|` and `~`, bit arrays above all.

        Tests come as true, false, true, false in the order of `self.tests`; the result is
        (propositions as true, false in order, rules that hold in order, demands by variable).
        """
        return self._made(self._source_on_tests)

    def _made(self, source: str) -> Callable[..., Any]:
        scope: dict[str, Any] = {"enough": _enough}
        exec(compile(source, f"<rulebook {self._name}>", "exec"), scope)
        function: Callable[..., Any] = scope["evaluate"]
        return function


class _Writer:
    """Writes functions: a line for each test, connective, rule and proposition."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self.variables: dict[str, str] = {}
        self.tests: dict[tuple[str, int], str] = {}
        self.propositions: dict[str, str] = {}
        self.rules: dict[str, str] = {}
        self._nodes: dict[Formula, str] = {}
        self._lines: list[str] = []
        for name, rules in rulebook.propositions.items():
            for rule in rules:
                if rule.id not in self.rules:
                    self.rules[rule.id] = each = f"r{len(self.rules)}"
                    true, false = self._pair(rule.formula)
                    self._lines += [f"{each}t = {true}", f"{each}f = {false}"]
            self.propositions[name] = each = f"p{len(self.propositions)}"
            names = [self.rules[rule.id] for rule in rules]
            self._lines.append(f"{each}t = " + " | ".join(f"{rule}t" for rule in names))
            self._lines.append(f"{each}f = " + " & ".join(f"{rule}f" for rule in names))

    def on_cells(self) -> str:
        """A function of each variable's cell and the lanes in which it is known."""
        lines = [
            f"{name}c, {name}l = known.get({variable!r}, open)" for variable, name in self.variables.items()
        ]
        for (variable, mask), name in self.tests.items():
            cell = self.variables[variable]
            lines += [f"{name}t = {cell}l if {mask} >> {cell}c & 1 else 0", f"{name}f = {cell}l ^ {name}t"]
        rules = ", ".join(f"{rule}t, {rule}f" for rule in self.rules.values())
        lines += [*self._lines, f"return {self._result()}, ({rules},)"]
        return _function("evaluate(known, open=(0, 0))", lines)

    def on_tests(self) -> str:
        """A function of the outcome of each test, that also hands demands down.

        `demand` is given the propositions and returns what is wanted of each, or None; then the
        function returns in which lanes an undecided test on each variable stands within something
        undecided that is wanted.
        """
        lines = [f"({', '.join(f'{name}t, {name}f' for name in self.tests.values())},) = tests", *self._lines]
        rules = ", ".join(f"{rule}t" for rule in self.rules.values())
        lines += [f"propositions = {self._result()}", f"rules = ({rules},)", "wanted = demand(propositions)"]
        lines += ["if wanted is None: return propositions, rules, None"]
        lines += [f"({', '.join(f'd{name}' for name in self.propositions.values())},) = wanted"]
        lines += [f"d{name} = 0" for name in self.variables.values()]
        order = list(self._rulebook.propositions)
        first = {rule.id: name for name in reversed(order) for rule in self._rulebook.propositions[name]}
        for name in reversed(order):
            for rule in self._rulebook.propositions[name]:
                if first[rule.id] == name:
                    wanted = " | ".join(f"d{self.propositions[each]}" for each in rule.conclusions)
                    lines += self._handed_down(rule.formula, f"({wanted})")
        return _function(
            "evaluate(tests, demand)",
            [
                *lines,
                f"return propositions, rules, ({', '.join(f'd{name}' for name in self.variables.values())},)",
            ],
        )

    def _result(self) -> str:
        return f"({', '.join(f'{each}t, {each}f' for each in self.propositions.values())},)"

    def _handed_down(self, formula: Formula, wanted: str) -> list[str]:
        """Lines that hand a demand down to the undecided parts of an undecided formula."""
        match formula:
            case Leaf(variable, mask):
                name, test = self.variables[variable], self.tests[variable, mask]
                return [f"d{name} = d{name} | {wanted} & ~({test}t | {test}f)"]
            case Ref(proposition):
                name = self.propositions[proposition]
                return [f"d{name} = d{name} | {wanted} & ~({name}t | {name}f)"]
            case Not(part):
                return self._handed_down(part, wanted)
            case And(parts) | Or(parts) | AtLeast(_, parts):
                name = self._nodes[formula]
                lines = [f"d{name} = {wanted} & ~({name}t | {name}f)"]
                return [*lines, *(line for part in parts for line in self._handed_down(part, f"d{name}"))]

    def _pair(self, formula: Formula) -> tuple[str, str]:
        """The expressions for 'true' and for 'false'."""
        match formula:
            case Leaf(variable, mask):
                self.variables.setdefault(variable, f"v{len(self.variables)}")
                name = self.tests.setdefault((variable, mask), f"t{len(self.tests)}")
            case Ref(proposition):
                name = self.propositions[proposition]
            case Not(part):
                true, false = self._pair(part)
                return false, true
            case And(parts) | Or(parts) | AtLeast(_, parts):
                name = self._connective(formula, [self._pair(part) for part in parts])
        return f"{name}t", f"{name}f"

    def _connective(self, formula: And | Or | AtLeast, pairs: list[tuple[str, str]]) -> str:
        if formula in self._nodes:
            # The same condition elsewhere, above all a skip: its lines stand already.
            return self._nodes[formula]
        name = f"n{len(self._nodes)}"
        self._nodes[formula] = name
        trues, falses = [true for true, _ in pairs], [false for _, false in pairs]
        if isinstance(formula, AtLeast):
            against = len(pairs) - formula.needed + 1
            self._lines += [
                f"{name}t = enough({formula.needed}, ({', '.join(trues)},))",
                f"{name}f = enough({against}, ({', '.join(falses)},))",
            ]
        else:
            for_all, for_some = (trues, falses) if isinstance(formula, And) else (falses, trues)
            every, some = ("t", "f") if isinstance(formula, And) else ("f", "t")
            self._lines += [
                f"{name}{every} = {_joined(' & ', '-1', for_all)}",
                f"{name}{some} = {_joined(' | ', '0', for_some)}",
            ]
        return name


def _function(head: str, lines: list[str]) -> str:
    return f"def {head}:\n" + "\n".join(f"    {line}" for line in lines)


def _joined(sign: str, empty: str, parts: list[str]) -> str:
    return sign.join(parts) if parts else empty


def _enough(needed: int, lanes: Sequence[int]) -> int:
    """The lanes in which at least `needed` of the bits are set."""
    reached = [-1] + [0] * needed
    for lane in lanes:
        for count in range(needed, 0, -1):
            reached[count] = reached[count] | reached[count - 1] & lane
    return reached[needed]
