"""The rule files: what a rule waits for, what it concludes, and the examples that show it."""

from __future__ import annotations

from typing import Any

from pydantic import Field, RootModel

from afterrun.rulebook.schema.conditions import Condition, Written
from afterrun.rulebook.schema.names import KebabId, Sources, Text

Answers = dict[str, Any]


class Examples(Written):
    """Intakes that show what a rule does; each is checked by `rules check`."""

    fires: tuple[Answers, ...] = Field(min_length=1, description="Answers under which the rule is proved.")
    silent: tuple[Answers, ...] = Field(min_length=1, description="Answers under which it is refuted.")
    open: tuple[Answers, ...] = Field((), description="Answers that leave it undecided.")


class Rule(Written):
    """One piece of judgement: what it waits for, what it concludes, why, and from where."""

    id: KebabId
    if_: Condition = Field(alias="if", description="What must hold.")
    then: str | tuple[str, ...] = Field(description="The proposition, or propositions, concluded.")
    because: Text = Field(description="The reason in plain words.")
    sources: Sources
    examples: Examples
    redundant: str = Field(
        "", description="Why the rule stands although it changes no result; `rules prove` asks for it."
    )

    @property
    def conclusions(self) -> tuple[str, ...]:
        """The propositions that the rule concludes."""
        return (self.then,) if isinstance(self.then, str) else self.then


class RuleFile(RootModel[tuple[Rule, ...]]):
    """A file of rules."""
