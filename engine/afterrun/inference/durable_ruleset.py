"""A forward-chaining program in the words of durable-rules: rules and facts as JSON.

The core is sent only small integers from a closed vocabulary. Facts carry an id, the constant
session, a bucket `b`, a key `k` that says what the fact is about, and a value `v`.
"""

from __future__ import annotations

from afterrun.errors import EngineFault, Problem
from afterrun.inference.durable_limits import limits_passed
from afterrun.inference.durable_program import (
    Cells,
    Conclusion,
    Derived,
    Hit,
    Literal,
    program_of,
)
from afterrun.rulebook import Rulebook

SESSION = "1"
"""One constant session: the core tells sessions apart by a 32-bit hash of their name."""
BUCKET = 12
"""Facts that share a first test, so that no level of the core's network grows too wide."""

_FIELDS = ("b", "k", "v", "g", "id", "sid", "$s")


def core_limits(rulebook: Rulebook) -> tuple[Problem, ...]:
    """What of a rulebook the forward-chaining core could not bear, so that no assessment could begin."""
    return Ruleset(rulebook).limits


class Ruleset:
    """A rulebook's program as texts for the core; it does not hold on to the rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._sizes = {name: len(variable.cells) for name, variable in rulebook.variables.items()}
        self.steps = program_of(rulebook)
        self.keys: dict[object, int] = {}
        """A small integer for every kind of fact; answers by variable name."""
        for step in self.steps:
            for literal in (*step.conditions, *step.concludes):
                self.keys.setdefault(literal.subject, len(self.keys))
        self._written: dict[tuple[int, int], str] = {}
        conditions = [[self._condition(each) for each in step.conditions] for step in self.steps]
        self.rules = self._durable_rules(conditions)
        answers = [f"q.{key}" for key in self.keys if isinstance(key, str)]
        derived = {fact.id: None for step in self.steps for fact in step.concludes}
        names = [*_FIELDS, SESSION, *answers, *derived]
        self.limits = tuple(limits_passed(rulebook, self.steps, conditions, names))
        """What the core could not bear; whoever runs it refuses then."""

    def derived_facts(self) -> list[tuple[tuple[str, str], ...]]:
        """For each step (id, text) of the facts it asserts, those left out that no step waits for."""
        heard = {literal.subject for step in self.steps for literal in step.conditions}
        heard |= {("hit", step.count_of[1]) for step in self.steps if step.count_of}
        return [
            tuple((fact.id, self._derived_text(fact)) for fact in step.concludes if fact.subject in heard)
            for step in self.steps
        ]

    def _durable_rules(self, conditions: list[list[str]]) -> str:
        rules = []
        for place, (step, texts) in enumerate(zip(self.steps, conditions, strict=True)):
            count = ""
            if step.count_of is not None:
                needed, group = step.count_of
                texts, count = [_both(self._place(self.keys["hit", group]))], f', "count": {needed}'
            waits = ", ".join(f'{{"c{number}": {text}}}' for number, text in enumerate(texts))
            rules.append(f'"s{place}": {{"all": [{waits}]{count}}}')
        return f"{{{', '.join(rules)}}}"

    def _condition(self, literal: Literal) -> str:
        """What a step waits for, as the core reads it."""
        key = self.keys[literal.subject]
        value = 0
        if isinstance(literal, Cells):
            value = literal.mask
        elif isinstance(literal, Conclusion):
            value = int(literal.value)
        if (key, value) not in self._written:
            tests = self._place(key)
            if isinstance(literal, Cells):
                tests += _cell_tests(literal.mask, self._sizes[literal.variable])
            elif isinstance(literal, Conclusion):
                tests.append(_is(int(literal.value)))
            self._written[key, value] = _both(tests)
        return self._written[key, value]

    def _place(self, key: int) -> list[str]:
        return [f'{{"b": {key // BUCKET}}}', f'{{"k": {key}}}']

    def fact_text(self, variable: str, cell: int) -> str:
        """The fact of one answer."""
        return self._text(f"q.{variable}", self.keys[variable], cell)

    def _derived_text(self, fact: Derived) -> str:
        value = int(fact.value) if isinstance(fact, Conclusion) else fact.part if isinstance(fact, Hit) else 1
        return self._text(fact.id, self.keys[fact.subject], value)

    @staticmethod
    def _text(name: str, key: int, value: int) -> str:
        return f'{{"id":"{name}","sid":"{SESSION}","b":{key // BUCKET},"k":{key},"v":{value}}}'

    def waking_facts(self) -> list[str]:
        """The facts of answers that alone fire some step."""
        for step in self.steps:
            cells = [each for each in step.conditions if isinstance(each, Cells)]
            if cells and len(cells) == len(step.conditions):
                return [
                    self.fact_text(each.variable, (each.mask & -each.mask).bit_length() - 1) for each in cells
                ]
        raise EngineFault("no rule can be settled by answers alone; the core cannot be woken")


def _cell_tests(mask: int, size: int) -> list[str]:
    """A set of cells as the fewest comparisons: all, one, all but one, a stretch, or a list."""
    inside = [cell for cell in range(size) if mask >> cell & 1]
    if len(inside) == size:
        return []
    if len(inside) == 1:
        return [_is(inside[0])]
    if inside[-1] - inside[0] + 1 == len(inside):
        low = [f'{{"$gte": {_is(inside[0])}}}'] if inside[0] > 0 else []
        high = [f'{{"$lte": {_is(inside[-1])}}}'] if inside[-1] < size - 1 else []
        return [*low, *high]
    if len(inside) == size - 1:
        return [f'{{"$neq": {_is(next(cell for cell in range(size) if cell not in inside))}}}']
    return [f'{{"$or": [{", ".join(map(_is, inside))}]}}']


def _is(cell: int) -> str:
    return f'{{"v": {cell}}}'


def _both(tests: list[str]) -> str:
    return f'{{"$and": [{", ".join(tests)}]}}'
