"""The rule files: what a rule waits for, what it concludes, and the examples that show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from afterrun.rulebook.schema.conditions import Condition
from afterrun.rulebook.schema.names import Day, EntryId, Proposition, Sources, Text, day_of
from afterrun.rulebook.schema.written import SOME, Limits, Names, Written

Answers = Annotated[Mapping[str, Any], Names("answers")]


class Examples(Written):
    """Intakes that show what a rule does; each is checked by `rules check`."""

    fires: Annotated[tuple[Answers, ...], SOME]
    """Answers under which the rule is proved."""
    silent: Annotated[tuple[Answers, ...], SOME]
    """Answers under which it is refuted."""
    open: tuple[Answers, ...] = ()
    """Answers that leave it undecided."""


class Review(Written):
    """That a clinician answers for a rule as it stood on a day; `rules review` writes it."""

    owner: Text
    approved_on: Day
    review_by: Day
    digest: Annotated[str, Limits(pattern=r"^[0-9a-f]{64}$", form="64 digits and letters a to f")]
    """Of the rule, of what it shows and asks, and of its sources."""

    def __post_init__(self) -> None:
        """Both days are days, in order."""
        if day_of(self.approved_on) > day_of(self.review_by):
            raise ValueError("'review_by' lies before 'approved_on'")


class Rule(Written):
    """One piece of judgement: what it waits for, what it concludes, why, and from where."""

    id: EntryId
    if_: Condition
    """What must hold."""
    then: Proposition | tuple[Proposition, ...]
    """The proposition, or propositions, concluded."""
    because: Text
    """The reason in plain words."""
    at_once: bool = False
    """Whether the reason is told before all else, as soon as the rule holds; for rules of the triage."""
    sources: Sources
    strength: Literal["strong", "conditional", "good_practice"] | None = None
    """How far the rule holds for everyone: for nearly all, by the person, or as judgement and process."""
    review: Review | None = None
    """Who approved the rule, if somebody did."""
    examples: Examples
    redundant: str = ""
    """Why the rule stands although it changes no result; `rules prove` asks for it."""

    def __post_init__(self) -> None:
        """What is told at once is about how soon to be seen."""
        if self.at_once and not all(each.startswith("triage.") for each in self.conclusions):
            raise ValueError("'at_once' is for rules that conclude a triage level")

    @property
    def conclusions(self) -> tuple[str, ...]:
        """The propositions that the rule concludes."""
        return (self.then,) if isinstance(self.then, str) else self.then
