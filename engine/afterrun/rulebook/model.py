"""The rulebook: rules and knowledge checked, every name resolved, ready to be run by any engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from afterrun.notebooks import html_of
from afterrun.versions import ENGINE, SCHEMA

if TYPE_CHECKING:
    from datetime import date

    from afterrun.rulebook.documents import KeyPath
    from afterrun.rulebook.logic import Formula
    from afterrun.rulebook.schema import (
        Background,
        CodeFile,
        Enrolment,
        Exercise,
        Finding,
        Hazard,
        Identity,
        Intervention,
        Invariant,
        Measure,
        Parameter,
        Pattern,
        PlanItem,
        Quantity,
        Question,
        Rule,
        Section,
        SourceFile,
        TriageLevel,
        Verdict,
        WrittenHistory,
        WrittenSchedule,
    )
    from afterrun.rulebook.variables import Variable

Scheme = tuple[tuple[int, int, str], ...]
"""Entries for stretches of weeks: the first week, the last, and the entry."""

DISPLAY = "display"
"""The key of a plan, as JSON, that holds its amounts as one can run them."""

STATUSES = ("set_aside", "merged", "postponed", "recommended")
"""The statuses of an intervention; an earlier one overrules a later."""


class LinkedRule(NamedTuple):
    """A rule whose condition is a formula over known variables and propositions."""

    id: str
    formula: Formula
    conclusions: tuple[str, ...]
    because: str
    sources: tuple[str, ...]
    written: Rule | None
    """As written; None for the rules that cumulative levels imply."""
    file: str = ""
    line: int = 0


class LinkedInvariant(NamedTuple):
    """An invariant whose every name is known."""

    id: str
    written: Invariant
    formulas: Mapping[KeyPath, Formula]
    """The formula of each proposition and test, by its place in the invariant."""
    variables: Mapping[str, Variable]
    """What the formulas range over: the invariants' thresholds are none of the rules' business."""
    file: str
    line: int


@dataclass(frozen=True, eq=False)
class Rulebook:
    """One rulebook, whole and immutable. Made by `load_rulebook`."""

    identity: Identity
    digest: str
    """sha256 of the canonical content of every rule and knowledge file."""
    sections: Mapping[str, Section]
    quantities: Mapping[str, Quantity]
    questions: Mapping[str, Question]
    measures: Mapping[str, Measure]
    findings: Mapping[str, Finding]
    triage: Mapping[str, TriageLevel]
    patterns: Mapping[str, Pattern]
    interventions: Mapping[str, Intervention]
    parameters: Mapping[str, Parameter]
    plan: tuple[PlanItem, ...]
    plan_conditions: Mapping[int, Formula]
    """The formula of `when`, by place in the plan, for those items that have one."""
    background: tuple[Background, ...]
    evidence: tuple[Verdict, ...]
    hazards: tuple[Hazard, ...]
    """What can go wrong; those of all parts stand in the main one."""
    codes: CodeFile | None
    sources: SourceFile
    variables: Mapping[str, Variable]
    skips: Mapping[str, Formula]
    """When each skippable question does not apply."""
    rules: Mapping[str, LinkedRule]
    """In the order in which they are written."""
    propositions: Mapping[str, tuple[LinkedRule, ...]]
    """The rules that conclude each proposition, the first that fires giving the reason; no proposition
    waits for a later one."""
    schemes: Mapping[str, Scheme]
    """The keys of the plan, of the main part's too, that hold an entry for each stretch of weeks."""
    enrolment: Enrolment | None
    base: Rulebook | None
    """The main part, where this rulebook is another part of it."""
    schedule: WrittenSchedule | None
    """What the weeks of a plan consist of, if the rulebook says it."""
    exercises: Mapping[str, Exercise]
    """In the order in which they are written; empty where the rulebook has no cards of them."""
    doses: Mapping[str, tuple[str, ...]]
    """For each intervention how its exercises are done; keys of the plan stand in {braces}."""
    history: WrittenHistory | None
    """What a person's own files are asked for, if the rulebook says it."""
    invariants: tuple[LinkedInvariant, ...]
    day: date | None = None
    """The day on which it is used, for what is past its review then; nothing is while it is not known."""
    _later: Mapping[str, Callable[[], Any]] = field(default_factory=dict, repr=False)
    """What gives each field that is still packed: see `packing`."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """A field that is still packed, the first time that somebody asks for it."""
            later = vars(self).get("_later", {})
            if name not in later:
                raise AttributeError(f"a rulebook has no '{name}'")
            return vars(self).setdefault(name, later[name]())

    def on(self, day: date | None) -> Rulebook:
        """The same rulebook, used on some day; on none, nothing is past its review."""
        dated = object.__new__(type(self))
        kept = {name: value for name, value in vars(self).items() if name != "_engines"}
        vars(dated).update(kept, day=day)
        return dated

    def _repr_html_(self) -> str:
        return html_of(self)

    @property
    def stamp(self) -> dict[str, str]:
        """Name, version and digest, as every result carries them; and what was due and is past."""
        due = self.identity.review_by
        overdue = {"review_was_due": due} if self.day and due and self.day.isoformat() > due else {}
        named = {"name": self.identity.name, "version": self.identity.version, "digest": self.digest}
        return named | overdue


def stamp_words(stamp: Mapping[str, str], *beside: str) -> str:
    """Which rulebook, in which state, what it ran beside, and whether it should have been looked at again.

    >>> stamp_words({"name": "knee", "version": "0.1.0", "digest": "32465dc1e4759a3f"})
    'knee 0.1.0 (32465dc1e475)'
    """
    words = ", ".join((f"{stamp['name']} {stamp['version']} ({stamp['digest'][:12]})", *beside))
    due = stamp.get("review_was_due")
    return (
        f"{words}. It was to be checked again by {due}. Ask an expert before you go by it." if due else words
    )


def versions_of(stamp: Mapping[str, str]) -> dict[str, Any]:
    """What every result carries: its rulebook, the shape that it is told in, and the program that told it."""
    return {"rulebook": dict(stamp), "schema": SCHEMA, "engine": ENGINE}


def versions_words(stamp: Mapping[str, str], schema: str = SCHEMA, engine: str = ENGINE) -> str:
    """The same in words; a schema or an engine that nobody knows is not named.

    >>> versions_words({"name": "knee", "version": "0.1.0", "digest": "32465dc1e4759a3f"}, "1.0.0", "0.2.0")
    'Rulebook knee 0.1.0 (32465dc1e475), schema 1.0.0, engine 0.2.0'
    """
    beside = (f"{name} {version}" for name, version in (("schema", schema), ("engine", engine)) if version)
    return f"Rulebook {stamp_words(stamp, *beside)}"
