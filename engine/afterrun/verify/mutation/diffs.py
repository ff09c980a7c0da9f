"""A mutant as a reader sees it: what the rule said and says now, as the lines of a rule file."""

from __future__ import annotations

import difflib
from decimal import Decimal
from typing import Any

import yaml

from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import as_written
from afterrun.verify.cases import Owner
from afterrun.verify.mutation.mutants import Mutant


def diff_of(rulebook: Rulebook, mutant: Mutant) -> list[str]:
    """The lines of what holds the change, those that differ marked with - and +."""
    before, after = _lines(mutant.owner, mutant.owner.written(rulebook)), _lines(mutant.owner, mutant.now)
    return [line for line in difflib.ndiff(before, after) if not line.startswith("?")]


def _lines(owner: Owner, item: Any) -> list[str]:
    if item is None:
        return []
    fields = [field for field in owner.excerpt if getattr(item, field) is not None]
    said = {field.rstrip("_"): as_written(getattr(item, field)) for field in fields}
    said = said or as_written(item)
    text = yaml.dump(said, Dumper=_Dumper, sort_keys=False, default_flow_style=None, width=110)
    return text.splitlines()


class _Dumper(yaml.SafeDumper):
    """YAML 1.2 knows no `yes` and `no`, so they need no quotes."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (the base class declares it so)
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
        for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }


def _number(dumper: _Dumper, number: Decimal) -> yaml.Node:
    return dumper.represent_data(int(number) if number == int(number) else float(number))


_Dumper.add_representer(Decimal, _number)
