"""Written conditions taken apart and put together again, each part with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from afterrun.rulebook.documents import KeyPath
from afterrun.rulebook.schema import AllOf, AnyOf, AtLeast, Condition, Count, NotThat, Scalar, TestOn


def parts_of(condition: Condition, path: KeyPath = ()) -> list[tuple[KeyPath, Condition]]:
    """What a connective at `path` joins, and where each part stands; nothing for any other condition."""
    match condition:
        case NotThat():
            return [((*path, "not"), condition.not_)]
        case AllOf():
            within, parts = (*path, "all"), condition.all
        case AnyOf():
            within, parts = (*path, "any"), condition.any
        case AtLeast():
            within, parts = (*path, "at_least", "of"), condition.at_least.of
        case _:
            return []
    return [((*within, place), part) for place, part in enumerate(parts)]


def with_parts(condition: Condition, parts: Sequence[Condition]) -> Condition:
    """The same connective of other parts."""
    match condition:
        case NotThat():
            return NotThat(not_=parts[0])
        case AllOf():
            return AllOf(all=tuple(parts))
        case AnyOf():
            return AnyOf(any=tuple(parts))
        case AtLeast():
            return AtLeast(at_least=Count(count=condition.at_least.count, of=tuple(parts)))
        case _:
            return condition


def walk(condition: Condition, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Condition]]:
    """A condition and everything in it, each with its place."""
    yield path, condition
    for here, part in parts_of(condition, path):
        yield from walk(part, here)


def tests_in(condition: Condition) -> Iterator[TestOn]:
    """Every test in a condition."""
    return (each for _, each in walk(condition) if isinstance(each, TestOn))


def propositions_in(condition: Condition) -> Iterator[str]:
    """Every proposition that a condition waits for."""
    return (each for _, each in walk(condition) if isinstance(each, str))


class Demand(NamedTuple):
    """The least that a test can demand: one operator, of one value."""

    path: KeyPath
    operator: str
    value: Scalar
    alone: TestOn
    """A test that demands nothing else."""


def demands_of(on: TestOn, path: KeyPath) -> Iterator[Demand]:
    """A test that stands at `path` taken apart."""
    for operator, value in on.test.plain().items():
        several = isinstance(value, tuple | list)
        for place, each in enumerate(value if several else [value]):
            here: KeyPath = (*path, on.subject, operator)
            alone = TestOn.of(on.subject, {operator: [each] if several else each})
            yield Demand((*here, place) if several else here, operator, each, alone)
