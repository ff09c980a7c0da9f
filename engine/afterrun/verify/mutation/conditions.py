"""A condition, changed in one place: a threshold, a comparison, a connective, an option."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from afterrun.rulebook import (
    UNKNOWN,
    KeyPath,
    Proposition,
    Rulebook,
    parts_of,
    propositions_of,
    with_parts,
)
from afterrun.rulebook.schema import AllOf, AnyOf, AtLeast, Condition, Count, NotThat, Scalar, TestOn
from afterrun.verify.mutation.edits import Edit

SAME_SIDE = {"at_least": "over", "over": "at_least", "at_most": "under", "under": "at_most"}
OTHER_SIDE = {"at_least": "under", "under": "at_least", "at_most": "over", "over": "at_most"}
FINE = Decimal("0.01")
"""The step of a threshold on anything that is not counted in whole numbers."""

OfTest = Iterator[tuple[str, str, str, dict[str, Any]]]
"""Edits of a test: of which kind, at which operator, in words, and the operators as they are now."""


class ConditionEdits:
    """Every small change of a condition, the condition whole."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._families: dict[tuple[str, ...], list[str]] = {}
        for each in propositions_of(rulebook):
            if each.kind != "finding":
                self._families.setdefault(each.parts[:-1], []).append(each.name)

    def siblings(self, name: str) -> list[str]:
        """What a conclusion could be mistaken for, itself among them; a finding for no other."""
        return self._families.get(Proposition.parse(name).parts[:-1], [])

    def of(self, condition: Condition, path: KeyPath) -> Iterator[Edit]:
        """Every change within a condition that stands at a path."""
        match condition:
            case str():
                yield from self._of_proposition(condition, path)
            case TestOn():
                yield from self._of_test(condition, (*path, condition.subject))
            case _:
                yield from self._of_connective(condition, path)

    def _of_proposition(self, name: str, path: KeyPath) -> Iterator[Edit]:
        yield Edit("condition", path, f"{name} -> not {name}", NotThat(not_=name))
        for other in self.siblings(name):
            # Another level of the same pattern, another triage level: only what some rule concludes.
            if other != name and other in self.rulebook.propositions:
                yield Edit("condition", path, f"{name} -> {other}", other)

    def _of_connective(self, condition: Condition, path: KeyPath) -> Iterator[Edit]:
        places = parts_of(condition, path)
        parts = tuple(part for _, part in places)
        least = 1
        match condition:
            case NotThat():
                yield Edit("connective", path, "not dropped", condition.not_)
            case AllOf() if len(parts) > 1:
                yield Edit("connective", path, "all -> any", AnyOf(any=parts))
            case AnyOf() if len(parts) > 1:
                yield Edit("connective", path, "any -> all", AllOf(all=parts))
            case AtLeast():
                least = condition.at_least.count
                for other in (least - 1, least + 1):
                    if 1 <= other <= len(parts):
                        changed = AtLeast(at_least=Count(count=other, of=parts))
                        yield Edit(
                            "connective", (*path, "at_least", "count"), f"count {least} -> {other}", changed
                        )
        for place, (here, part) in enumerate(places):
            before, after = parts[:place], parts[place + 1 :]
            if len(before) + len(after) >= least:
                yield Edit("condition", here, "condition dropped", with_parts(condition, (*before, *after)))
            for edit in self.of(part, here):
                yield edit._replace(now=with_parts(condition, (*before, edit.now, *after)))

    def _of_test(self, on: TestOn, path: KeyPath) -> Iterator[Edit]:
        yield Edit("condition", path, f"not {on.subject}", NotThat(not_=on))
        for kind, key, said, operators in self._operators(on):
            yield Edit(kind, (*path, key), said, TestOn.of(on.subject, operators))

    def _operators(self, on: TestOn) -> OfTest:
        given = on.test.plain()
        for key, value in given.items():
            rest = {other: each for other, each in given.items() if other != key}
            if rest:
                yield "condition", key, f"{key} dropped", rest
            if key in SAME_SIDE:
                for other in (SAME_SIDE[key], OTHER_SIDE[key]):
                    if other not in rest:
                        yield "comparison", key, f"{key} -> {other}", {**rest, other: value}
                for number in self._around(on.subject, value):
                    yield "threshold", key, f"{key} {value} -> {number}", {**rest, key: number}
            elif key in ("is", "includes"):
                yield from self._of_one(on.subject, key, value, rest)
            else:
                yield from self._of_several(on.subject, key, value, rest)

    def _of_one(self, subject: str, key: str, value: Scalar, rest: Mapping[str, Any]) -> OfTest:
        several = "one_of" if key == "is" else "includes_any"
        for other in self._others(subject, [value]):
            yield "option", key, f"{value} -> {other}", {**rest, key: other}
            if several not in rest:
                yield "option", key, f"{other} added", {**rest, several: [value, other]}

    def _of_several(
        self, subject: str, key: str, values: Sequence[Scalar], rest: Mapping[str, Any]
    ) -> OfTest:
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
        for number in (each for each in taken if isinstance(each, int | Decimal)):
            options += self._around(subject, number)
        if question is not None and question.unknown_reads is not None:
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
