"""A mutant as a reader sees it: where it is, and what the rule said and says now."""

from __future__ import annotations

import difflib
from typing import Any

from afterrun.rulebook import Rulebook
from afterrun.verify.cases import as_yaml
from afterrun.verify.mutation.mutants import Mutant


def diff_of(rulebook: Rulebook, mutant: Mutant) -> list[str]:
    """The lines of the rule, those that change marked with - and +."""
    before, after = _before(rulebook, mutant), _after(rulebook, mutant)
    one, other = as_yaml(before), as_yaml(after) if after is not None else []
    return [line for line in difflib.ndiff(one, other) if not line.startswith("?")]


def _before(rulebook: Rulebook, mutant: Mutant) -> dict[str, Any]:
    kind, _, name = mutant.owner.rpartition(" ")
    if kind == "question":
        return {"id": name, "skip_when": rulebook.questions[name].skip_when}
    if kind == "plan":
        item = rulebook.plan[int(name)]
        return {"key": item.key, "when": item.when}
    written = rulebook.rules[name].written
    assert written is not None
    return {"id": name, "if": written.if_, "then": _then(written.conclusions)}


def _after(rulebook: Rulebook, mutant: Mutant) -> dict[str, Any] | None:
    kind, _, name = mutant.owner.rpartition(" ")
    if mutant.condition is None:
        return None
    if kind == "question":
        return {"id": name, "skip_when": mutant.condition}
    if kind == "plan":
        return {"key": rulebook.plan[int(name)].key, "when": mutant.condition}
    return {"id": name, "if": mutant.condition, "then": _then(mutant.conclusions)}


def _then(conclusions: tuple[str, ...]) -> Any:
    return conclusions[0] if len(conclusions) == 1 else list(conclusions)
