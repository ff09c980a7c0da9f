"""A rule, changed in one place: every small mistake that its author could have made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from afterrun.rulebook import UNKNOWN, KeyPath, Proposition, Rulebook, every_proposition
from afterrun.rulebook.schema import AllOf, AnyOf, AtLeast, Condition, Count, NotThat, Rule, Scalar, TestOn

COMPARISONS = ("at_least", "at_most", "over", "under")
SAME_SIDE = {"at_least": "over", "over": "at_least", "at_most": "under", "under": "at_most"}
OTHER_SIDE = {"at_least": "under", "under": "at_least", "at_most": "over", "over": "at_most"}
FINE = Decimal("0.01")
"""The step of a threshold on anything that is not counted in whole numbers."""


class Mutant(NamedTuple):
    """One change to one thing that holds a condition."""

    kind: str
    """threshold, comparison, connective, option, condition, conclusion or rule."""
    owner: str
    """The rule's id; `question ID` for its skip, `plan ID` for a line of the plan."""
    path: KeyPath
    """Where the change is, from the owner on."""
    said: str
    """The change in words."""
    condition: Condition | None
    """What it waits for now; None when it never holds."""
    conclusions: tuple[str, ...] = ()
    """What a rule concludes now."""


class Change(NamedTuple):
    """A change to a condition."""

    kind: str
    path: KeyPath
    said: str
    condition: Condition


def mutants_of(rulebook: Rulebook) -> Iterator[Mutant]:
    """Every mutant of every rule, of every skip and of every condition in the plan."""
    maker = _Maker(rulebook)
    for linked in rulebook.rules.values():
        if linked.written is not None:
            yield from maker.of_rule(linked.written)
    for question in rulebook.questions.values():
        if question.skip_when is not None:
            yield from maker.of_condition(f"question {question.id}", question.skip_when, "skip_when")
    for place, item in enumerate(rulebook.plan):
        if item.when is not None:
            yield from maker.of_condition(f"plan {place}", item.when, "when")


def nameable(rulebook: Rulebook) -> list[Proposition]:
    """Every proposition that a rule may conclude."""
    return every_proposition(
        rulebook.findings,
        rulebook.triage,
        rulebook.patterns,
        rulebook.interventions,
        rulebook.parameters,
    )


class _Maker:
    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.siblings: dict[tuple[str, str], list[str]] = {}
        for each in nameable(rulebook):
            if each.kind != "finding":
                self.siblings.setdefault(_family(each), []).append(each.name)

    def of_rule(self, rule: Rule) -> Iterator[Mutant]:
        yield from self.of_condition(rule.id, rule.if_, "if", rule.conclusions)
        for place, name in enumerate(rule.conclusions):
            path: KeyPath = ("then",) if isinstance(rule.then, str) else ("then", place)
            before, after = rule.conclusions[:place], rule.conclusions[place + 1 :]
            for other in self.siblings.get(_family(Proposition.parse(name)), ()):
                if other not in rule.conclusions:
                    said = f"{name} -> {other}"
                    yield Mutant("conclusion", rule.id, path, said, rule.if_, (*before, other, *after))
            if before or after:
                yield Mutant("conclusion", rule.id, path, f"{name} dropped", rule.if_, (*before, *after))
        yield Mutant("rule", rule.id, (), "the rule dropped", None, rule.conclusions)

    def of_condition(
        self, owner: str, condition: Condition, key: str, conclusions: tuple[str, ...] = ()
    ) -> Iterator[Mutant]:
        for change in self.changes(condition, (key,)):
            yield Mutant(change.kind, owner, change.path, change.said, change.condition, conclusions)

    def changes(self, condition: Condition, path: KeyPath) -> Iterator[Change]:
        """Every change within a condition, the condition whole."""
        match condition:
            case str():
                yield from self._of_proposition(condition, path)
            case TestOn():
                yield from self._of_test(condition, path)
            case NotThat():
                yield Change("connective", path, "not dropped", condition.not_)
                for change in self.changes(condition.not_, (*path, "not")):
                    yield change._replace(condition=NotThat(not_=change.condition))
            case AllOf() | AnyOf() | AtLeast():
                yield from self._of_list(condition, path)

    def _of_proposition(self, name: str, path: KeyPath) -> Iterator[Change]:
        yield Change("condition", path, f"{name} -> not {name}", NotThat(not_=name))
        for other in self.siblings.get(_family(Proposition.parse(name)), ()):
            # Another level of the same pattern, another triage level: only what some rule concludes.
            if other != name and other in self.rulebook.propositions:
                yield Change("condition", path, f"{name} -> {other}", other)

    def _of_list(self, condition: AllOf | AnyOf | AtLeast, path: KeyPath) -> Iterator[Change]:
        parts = _parts(condition)
        name = (
            "all" if isinstance(condition, AllOf) else "any" if isinstance(condition, AnyOf) else "at_least"
        )
        inside: KeyPath = (*path, name, "of") if name == "at_least" else (*path, name)
        if isinstance(condition, AllOf) and len(parts) > 1:
            yield Change("connective", path, "all -> any", AnyOf(any=parts))
        if isinstance(condition, AnyOf) and len(parts) > 1:
            yield Change("connective", path, "any -> all", AllOf(all=parts))
        if isinstance(condition, AtLeast):
            count = condition.at_least.count
            for other in (count - 1, count + 1):
                if 1 <= other <= len(parts):
                    changed = AtLeast(at_least=Count(count=other, of=parts))
                    yield Change("connective", (*path, name, "count"), f"count {count} -> {other}", changed)
        for place, part in enumerate(parts):
            rest = (*parts[:place], *parts[place + 1 :])
            if rest and (name != "at_least" or len(rest) >= _count(condition)):
                yield Change("condition", (*inside, place), "condition dropped", _with(condition, rest))
            for change in self.changes(part, (*inside, place)):
                here = (*parts[:place], change.condition, *parts[place + 1 :])
                yield change._replace(condition=_with(condition, here))

    def _of_test(self, on: TestOn, path: KeyPath) -> Iterator[Change]:
        inside: KeyPath = (*path, on.subject)
        yield Change("condition", inside, f"not {on.subject}", NotThat(not_=on))
        for kind, key, said, operators in self._operators(on):
            changed = TestOn.of(on.subject, operators)
            yield Change(kind, (*inside, key), said, changed)

    def _operators(self, on: TestOn) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        given = on.test.plain()
        for key, value in given.items():
            rest = {other: each for other, each in given.items() if other != key}
            if rest:
                yield "condition", key, f"{key} dropped", rest
            if key in COMPARISONS:
                for other in (SAME_SIDE[key], OTHER_SIDE[key]):
                    if other not in rest:
                        yield "comparison", key, f"{key} -> {other}", {**rest, other: value}
                for number in self._around(on.subject, value):
                    yield "threshold", key, f"{key} {value} -> {number}", {**rest, key: number}
            elif key in ("is", "includes"):
                yield from self._of_one(on.subject, key, value, rest)
            else:
                yield from self._of_several(on.subject, key, value, rest)

    def _of_one(
        self, subject: str, key: str, value: Scalar, rest: Mapping[str, Any]
    ) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        several = "one_of" if key == "is" else "includes_any"
        for other in self._others(subject, [value]):
            yield "option", key, f"{value} -> {other}", {**rest, key: other}
            if several not in rest:
                yield "option", key, f"{other} added", {**rest, several: [value, other]}

    def _of_several(
        self, subject: str, key: str, values: Sequence[Scalar], rest: Mapping[str, Any]
    ) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        others = list(self._others(subject, values))
        for place, value in enumerate(values):
            left = [*values[:place], *values[place + 1 :]]
            if left:
                yield "option", key, f"{value} dropped", {**rest, key: left}
            near = self._around(subject, value) if isinstance(value, int | Decimal) else others[:1]
            for other in near:
                yield "option", key, f"{value} -> {other}", {**rest, key: [*left, other]}
        for other in others:
            yield "option", key, f"{other} added", {**rest, key: [*values, other]}

    def _others(self, subject: str, taken: Sequence[Scalar]) -> Iterator[Scalar]:
        """The answers that stand beside those taken."""
        question = self.rulebook.questions.get(subject)
        options: list[Scalar] = [option.id for option in question.options] if question else []
        offers_unknown = question is not None and question.unknown_reads is not None
        numbers = [each for each in taken if isinstance(each, int | Decimal)]
        for number in numbers:
            options += self._around(subject, number)
        if offers_unknown:
            options.append(UNKNOWN.value)
        yield from (each for each in dict.fromkeys(options) if each not in taken)

    def _around(self, subject: str, value: Decimal | int) -> list[Decimal | int]:
        """One step less and one step more, where the question allows it."""
        question = self.rulebook.questions.get(subject)
        step: Decimal | int = 1 if question and question.type == "integer" else FINE
        low = question.at_least if question else None
        high = question.at_most if question else None
        near = (value - step, value + step)
        return [each for each in near if (low is None or each >= low) and (high is None or each <= high)]


def _family(conclusion: Proposition) -> tuple[str, str]:
    """What a conclusion has in common with those it could be mistaken for."""
    return conclusion.kind, conclusion.subject if conclusion.value else ""


def _parts(condition: AllOf | AnyOf | AtLeast) -> tuple[Condition, ...]:
    match condition:
        case AllOf():
            return condition.all
        case AnyOf():
            return condition.any
        case AtLeast():
            return condition.at_least.of


def _count(condition: AllOf | AnyOf | AtLeast) -> int:
    return condition.at_least.count if isinstance(condition, AtLeast) else 1


def _with(condition: AllOf | AnyOf | AtLeast, parts: tuple[Condition, ...]) -> Condition:
    match condition:
        case AllOf():
            return AllOf(all=parts)
        case AnyOf():
            return AnyOf(any=parts)
        case AtLeast():
            return AtLeast(at_least=Count(count=condition.at_least.count, of=parts))
