"""Written conditions taken apart and put in words, each part with its place."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import yaml

from afterrun.rulebook import KeyPath, condition_parts
from afterrun.rulebook.schema import AllOf, AnyOf, AtLeast, Condition, NotThat, TestOn, as_written


def parts_with_paths(condition: Condition, path: KeyPath) -> Iterator[tuple[KeyPath, Condition]]:
    """What a connective joins, and where each part stands."""
    match condition:
        case NotThat():
            yield (*path, "not"), condition.not_
        case AllOf() | AnyOf() | AtLeast():
            key = next(iter(condition.plain()))
            within: KeyPath = (*path, key, "of") if isinstance(condition, AtLeast) else (*path, key)
            for place, part in enumerate(condition_parts(condition)):
                yield (*within, place), part


def tests_with_paths(condition: Condition, path: KeyPath) -> Iterator[tuple[KeyPath, TestOn]]:
    """Every test in a condition, and where it stands."""
    if isinstance(condition, TestOn):
        yield (*path, condition.subject), condition
    for here, part in parts_with_paths(condition, path):
        yield from tests_with_paths(part, here)


def as_yaml(said: Any) -> list[str]:
    """A condition, or a mapping that holds one, as the lines of a rule file."""
    text = yaml.dump(as_written(said), Dumper=_Dumper, sort_keys=False, default_flow_style=None, width=110)
    return [line for line in text.splitlines() if line != "..."]


class _Dumper(yaml.SafeDumper):
    """YAML 1.2 knows no `yes` and `no`, so they need no quotes."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (the base class declares it so)
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
        for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }


def _number(dumper: _Dumper, number: Decimal) -> yaml.Node:
    return dumper.represent_data(int(number) if number == int(number) else float(number))


_Dumper.add_representer(Decimal, _number)
