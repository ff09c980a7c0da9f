"""Of several levels, statuses or values that are proved of one thing, which one stands, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Literal, NamedTuple

from afterrun.assessment import Case
from afterrun.explanation.words import TRUTH_WORDS
from afterrun.inference import ProofStep
from afterrun.rulebook import (
    OPEN,
    STATUSES,
    Kind,
    LinkedRule,
    Proposition,
    Rulebook,
    Truth,
    allowed,
    name_of,
    values_in_order,
)

Wins = Literal["strongest", "overrules", "largest", "smallest"]
"""What makes one stand: the strongest level, the status that overrules, the largest or smallest value."""
OF_SEVERAL: tuple[Kind, ...] = ("triage", "pattern", "intervention", "parameter")


class Candidate(NamedTuple):
    """One level, status or value that rules may give."""

    conclusion: str
    value: Truth
    rules: tuple[str, ...]
    """The rules that gave it, the first of them its reason."""
    steps: tuple[ProofStep, ...] = ()
    """Of a triage level, what each of these rules that somebody wrote stood on."""


class Standing(NamedTuple):
    """What stands of one thing: a pattern, an intervention, a parameter, or the triage."""

    subject: str
    """The kind, and the name where there are several of a kind: `parameter.ramp_pct`, `triage`."""
    candidates: tuple[Candidate, ...]
    """The one that wins over all others first."""
    stands: str | None
    """The conclusion that stands; None where none is proved, or one that is open may yet win."""
    waits_for: str | None
    """The conclusion that is open and may yet win."""
    wins: Wins
    set_aside: bool = False
    """Whether the triage level does not let it be told or given."""

    @property
    def proved(self) -> tuple[Candidate, ...]:
        """Those that some rule gave."""
        return tuple(each for each in self.candidates if each.value)

    @property
    def lost(self) -> tuple[Candidate, ...]:
        """Those that were given and do not stand."""
        return tuple(each for each in self.proved if each.conclusion != self.stands)

    def to_dict(self) -> dict[str, Any]:
        """What stands as JSON."""
        return {
            "subject": self.subject,
            "stands": self.stands,
            "waits_for": self.waits_for,
            "wins": self.wins,
            "set_aside": self.set_aside,
            "candidates": [
                {"conclusion": each.conclusion, "value": TRUTH_WORDS[each.value], "by": list(each.rules)}
                for each in self.candidates
            ],
        }


def subject_of(conclusion: str) -> str:
    """What a conclusion is one of several of; nothing for a finding, which stands alone."""
    kind, name, _ = Proposition.parse(conclusion)
    if kind not in OF_SEVERAL:
        return ""
    return kind if kind == "triage" else f"{kind}.{name}"


def standing_of(case: Case, subject: str) -> Standing:
    """Which of the conclusions about something stands."""
    kind, _, name = subject.partition(".")
    rulebook, level = case.rulebook, case.level
    if kind == "triage":
        stands = None if level.pending else name_of("triage", level.id)
        levels = (each.id for each in rulebook.triage.values() if not each.pending)
        found = _candidates(case, (name_of("triage", each) for each in levels))
        found = tuple(each._replace(steps=_steps(case, each)) for each in found)
        return Standing(subject, found, stands, None if stands else _first_open(found), "strongest")
    if kind == "pattern":
        strength = case.proved_patterns.get(name)
        stands = name_of("pattern", name, strength) if strength else None
        strengths = rulebook.patterns[name].levels
        found = _candidates(case, (name_of("pattern", name, each) for each in strengths))
        waits = None if stands else _first_open(found)
        return Standing(subject, found, stands, waits, "strongest", not level.shows_patterns)
    if kind == "intervention":
        found = _candidates(case, (name_of("intervention", name, each) for each in STATUSES))
        status = case.ledger.statuses[name]
        stands = name_of("intervention", name, status) if isinstance(status, str) else None
        waits = _first_open(found) if status is OPEN else None
        return Standing(subject, found, stands, waits, "overrules", not allowed(level, name))
    parameter = rulebook.parameters[name]
    choice = case.ledger.choices[name]
    found = _candidates(case, (name_of("parameter", name, each) for each in values_in_order(parameter)))
    waits = _first_open(found) if choice is OPEN else None
    stands = None if choice is None or choice is OPEN else name_of("parameter", name, choice.value)
    return Standing(subject, found, stands, waits, parameter.wins, not level.shows_plan)


def rules_for(case: Case, conclusion: str) -> tuple[str, ...]:
    """The rules that gave a conclusion, the first of them its reason; none where it is not proved."""
    if not case.truths.get(conclusion):
        return ()
    return tuple(rule.id for rule in case.rulebook.propositions[conclusion] if case.truth(rule.formula))


def also_giving(rulebook: Rulebook, given: Candidate, told: Collection[str]) -> Iterator[LinkedRule]:
    """The rules that somebody wrote and that give it beside those told: no sign stands behind another."""
    for rule in (rulebook.rules[name] for name in given.rules):
        if rule.written is not None and rule.id not in told:
            yield rule


def _steps(case: Case, given: Candidate) -> tuple[ProofStep, ...]:
    steps = (case.prover.step(rule.id) for rule in also_giving(case.rulebook, given, ()))
    return tuple(filter(None, steps))


def _candidates(case: Case, names: Iterator[str]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(name, case.truths.get(name), rules_for(case, name))
        for name in names
        if name in case.rulebook.propositions
    )


def _first_open(candidates: tuple[Candidate, ...]) -> str | None:
    return next((each.conclusion for each in candidates if each.value is None), None)
