"""What was decided about each intervention and parameter, by which rule, and what lost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, NamedTuple

from afterrun.inference import Inference
from afterrun.rulebook import OPEN, STATUSES, Mark, Rulebook, allowed, name_of, values_in_order
from afterrun.rulebook.schema import Intervention, Parameter, TriageLevel


class Entry(NamedTuple):
    """One intervention that some rule recommended, and what became of it."""

    id: str
    status: str
    """recommended, postponed, merged or set_aside."""
    by: str
    """The rule that decided."""
    from_week: int | None = None
    into: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The entry as JSON; keys that say nothing are left out."""
        return {key: value for key, value in self._asdict().items() if value is not None}


class Choice(NamedTuple):
    """The value chosen for a parameter, and the values that other rules gave."""

    parameter: str
    value: Decimal
    by: str
    lost: tuple[tuple[Decimal, str], ...]


class Ledger:
    """What the rules decided about each intervention and parameter, whatever the triage."""

    def __init__(self, rulebook: Rulebook, inference: Inference) -> None:
        self.rulebook = rulebook
        self.truths = inference.truths
        fired = {firing.rule for firing in inference.firings if firing.holds}
        self._rules = {
            conclusion: next(rule.id for rule in rules if rule.id in fired)
            for conclusion, rules in rulebook.propositions.items()
            if self.truths.get(conclusion)
        }
        self.statuses = {name: self._status(name) for name in rulebook.interventions}
        """An intervention's status; None when no rule recommends it, OPEN while that can still change."""
        self.choices = {each.id: self._choice(each) for each in rulebook.parameters.values()}
        """The value that wins among those the rules gave; OPEN while a stronger one may still come."""

    def entries(self, level: TriageLevel) -> tuple[Entry, ...]:
        """Every intervention that a rule recommended, in the rulebook's order.

        What the triage level does not allow is set aside by the rule that proved the level.
        """
        return tuple(
            self._entry(self.rulebook.interventions[name], status, level)
            for name, status in self.statuses.items()
            if isinstance(status, str)
        )

    def _entry(self, intervention: Intervention, status: str, level: TriageLevel) -> Entry:
        if not allowed(level, intervention.id):
            return Entry(intervention.id, "set_aside", self._rules.get(name_of("triage", level.id), level.id))
        choice = self.choices[intervention.starts] if intervention.starts is not None else None
        return Entry(
            intervention.id,
            status,
            self._rules[name_of("intervention", intervention.id, status)],
            int(choice.value) if isinstance(choice, Choice) else None,
            self._serving(intervention) if status == "merged" else None,
        )

    def _serving(self, merged: Intervention) -> str | None:
        return next((name for name in merged.merged_into if self.statuses[name] == "recommended"), None)

    def _status(self, intervention: str) -> str | Literal[Mark.OPEN] | None:
        """A status overrules the weaker ones, so one that is open leaves the whole open."""
        truths = {
            status: self.truths.get(name)
            for status in STATUSES
            if (name := name_of("intervention", intervention, status)) in self.rulebook.propositions
        }
        if not truths.get("recommended"):
            return OPEN if truths.get("recommended", False) is None else None
        status, truth = next(each for each in truths.items() if each[1] is not False)
        return status if truth else OPEN

    def _choice(self, parameter: Parameter) -> Choice | Literal[Mark.OPEN] | None:
        names = {value: name_of("parameter", parameter.id, value) for value in values_in_order(parameter)}
        proved = {value: self._rules[name] for value, name in names.items() if self.truths.get(name)}
        for value, name in names.items():
            if value in proved:
                by = proved.pop(value)
                return Choice(parameter.id, value, by, tuple(proved.items()))
            if self.truths.get(name) is None:
                return OPEN
        return None
