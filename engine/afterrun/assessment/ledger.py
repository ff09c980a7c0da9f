"""What was decided about each intervention and parameter, by which rule, and what lost."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from afterrun.inference import Inference
from afterrun.rulebook import OPEN, STATUSES, Mark, Rulebook, name_of
from afterrun.rulebook.schema import Parameter, TriageLevel


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

    value: Decimal
    by: str
    lost: tuple[tuple[Decimal, str], ...]


def decided_by(rulebook: Rulebook, inference: Inference) -> dict[str, str]:
    """For each proved proposition the rule that proved it first."""
    rules: dict[str, str] = {}
    for firing in inference.firings:
        if firing.holds:
            for conclusion in rulebook.rules[firing.rule].conclusions:
                rules.setdefault(conclusion, firing.rule)
    return rules


def status_of(
    rulebook: Rulebook, truths: Mapping[str, bool], intervention: str
) -> str | Literal[Mark.OPEN] | None:
    """An intervention's status; None when no rule recommends it, OPEN while that can still change.

    A status overrules the weaker ones, so one that is open leaves the whole open.
    """
    recommended = truths.get(name_of("intervention", intervention, "recommended"))
    if not recommended:
        return OPEN if recommended is None and _has_rules(rulebook, intervention, "recommended") else None
    for status in STATUSES:
        if _has_rules(rulebook, intervention, status):
            truth = truths.get(name_of("intervention", intervention, status))
            if truth is None:
                return OPEN
            if truth:
                return status
    return None


def choice_of(
    parameter: Parameter, truths: Mapping[str, bool], decided: Mapping[str, str]
) -> Choice | Literal[Mark.OPEN] | None:
    """The value that wins among those the rules gave; OPEN while a stronger one may still come."""
    names = {value: name_of("parameter", parameter.id, value) for value in values_in_order(parameter)}
    proved = [value for value, name in names.items() if truths.get(name)]
    for value, name in names.items():
        truth = truths.get(name)
        if truth:
            lost = tuple((other, decided[names[other]]) for other in proved if other != value)
            return Choice(value, decided[name], lost)
        if truth is None:
            return OPEN
    return None


def values_in_order(parameter: Parameter) -> list[Decimal]:
    """The values of a parameter, the one that wins over all others first."""
    return sorted(parameter.values, reverse=parameter.wins == "largest")


def ledger_of(rulebook: Rulebook, inference: Inference, level: TriageLevel) -> tuple[Entry, ...]:
    """Every intervention that a rule recommended, in the rulebook's order.

    What the triage level does not allow is set aside by the rule that proved the level.
    """
    decided = decided_by(rulebook, inference)
    entries = []
    for intervention in rulebook.interventions.values():
        status = status_of(rulebook, inference.truths, intervention.id)
        if not isinstance(status, str):
            continue
        if not allowed(level, intervention.id):
            entries.append(
                Entry(intervention.id, "set_aside", decided.get(name_of("triage", level.id), level.id))
            )
            continue
        week = None
        if intervention.starts is not None:
            choice = choice_of(rulebook.parameters[intervention.starts], inference.truths, decided)
            week = int(choice.value) if isinstance(choice, Choice) else None
        into = intervention.merged_into if status == "merged" else None
        by = decided[name_of("intervention", intervention.id, status)]
        entries.append(Entry(intervention.id, status, by, week, into))
    return tuple(entries)


def allowed(level: TriageLevel, intervention: str) -> bool:
    """Whether a triage level lets an intervention be given."""
    return level.interventions == "all" or intervention in level.interventions


def _has_rules(rulebook: Rulebook, intervention: str, status: str) -> bool:
    return name_of("intervention", intervention, status) in rulebook.propositions
