"""The rule files: what a rule waits for, what it concludes, and the examples that show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from afterrun.rulebook.schema.conditions import Condition
from afterrun.rulebook.schema.names import KebabId, Sources, Text
from afterrun.rulebook.schema.written import SOME, Written

Answers = Mapping[str, Any]


class Examples(Written):
    """Intakes that show what a rule does; each is checked by `rules check`."""

    fires: Annotated[tuple[Answers, ...], SOME]
    """Answers under which the rule is proved."""
    silent: Annotated[tuple[Answers, ...], SOME]
    """Answers under which it is refuted."""
    open: tuple[Answers, ...] = ()
    """Answers that leave it undecided."""


class Rule(Written):
    """One piece of judgement: what it waits for, what it concludes, why, and from where."""

    id: KebabId
    if_: Condition
    """What must hold."""
    then: str | tuple[str, ...]
    """The proposition, or propositions, concluded."""
    because: Text
    """The reason in plain words."""
    sources: Sources
    examples: Examples
    redundant: str = ""
    """Why the rule stands although it changes no result; `rules prove` asks for it."""

    @property
    def conclusions(self) -> tuple[str, ...]:
        """The propositions that the rule concludes."""
        return (self.then,) if isinstance(self.then, str) else self.then
