"""What rules may conclude, by name: `pattern.patellar_tendon.likely`, `triage.urgent`, `after-run-timing`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, get_args

from afterrun.rulebook.model import STATUSES, Rulebook
from afterrun.rulebook.schema import Finding, Intervention, Parameter, Pattern, TriageLevel

Kind = Literal["finding", "triage", "pattern", "intervention", "parameter"]


class Proposition(NamedTuple):
    """Something that a rule may conclude, taken apart.

    >>> Proposition.parse("parameter.ramp_pct.10")
    Proposition(kind='parameter', subject='ramp_pct', value='10')
    >>> Proposition.parse("after-run-timing").kind, Proposition("triage", "urgent").name
    ('finding', 'triage.urgent')
    """

    kind: Kind
    subject: str
    """The finding, triage level, pattern, intervention or parameter."""
    value: str = ""
    """The pattern's level, the intervention's status, the parameter's value."""

    @property
    def name(self) -> str:
        """The proposition as rules write it."""
        return name_of(*self)

    @property
    def parts(self) -> tuple[str, ...]:
        """What the name is made of."""
        return (self.subject,) if self.kind == "finding" else tuple(filter(None, self))

    @classmethod
    def parse(cls, name: str) -> Proposition:
        """A name taken apart; one that begins with no kind is a finding's."""
        kind, dot, rest = name.partition(".")
        if not dot or kind not in get_args(Kind):
            return cls("finding", name)
        subject, _, value = rest.partition(".")
        return cls(kind, subject, value)  # type: ignore[arg-type]


def name_of(kind: Kind, subject: str, value: object = "") -> str:
    """The name of a proposition."""
    if value != "":
        return f"{kind}.{subject}.{value}"
    return subject if kind == "finding" else f"{kind}.{subject}"


def every_proposition(
    findings: Mapping[str, Any],
    triage: Mapping[str, TriageLevel],
    patterns: Mapping[str, Pattern],
    interventions: Mapping[str, Any],
    parameters: Mapping[str, Parameter],
) -> list[Proposition]:
    """Every proposition that some rule may conclude."""
    return [
        *(Proposition("finding", each) for each in findings),
        *(Proposition("triage", each.id) for each in triage.values() if not each.pending),
        *(Proposition("pattern", each.id, level) for each in patterns.values() for level in each.levels),
        *(Proposition("intervention", each, status) for each in interventions for status in STATUSES),
        *(
            Proposition("parameter", each.id, str(value))
            for each in parameters.values()
            for value in each.values
        ),
    ]


def proposition_words(
    each: Proposition,
    findings: Mapping[str, Finding],
    triage: Mapping[str, TriageLevel],
    patterns: Mapping[str, Pattern],
    interventions: Mapping[str, Intervention],
    parameters: Mapping[str, Parameter],
) -> str:
    """What a proposition says of a person, in short."""
    match each.kind:
        case "finding":
            return findings[each.subject].text
        case "triage":
            return triage[each.subject].name
        case "pattern":
            return f"{patterns[each.subject].name}: {each.value}"
        case "intervention":
            return f"{interventions[each.subject].name}: {each.value.replace('_', ' ')}"
        case "parameter":
            return f"{parameters[each.subject].text}: {each.value} {parameters[each.subject].unit}".strip()


def propositions_of(rulebook: Rulebook) -> list[Proposition]:
    """Every proposition that some rule of a rulebook may conclude."""
    return every_proposition(
        rulebook.findings,
        rulebook.triage,
        rulebook.patterns,
        rulebook.interventions,
        rulebook.parameters,
    )
