"""A case in, what is told of it out: the whole way from an intake to a result, checked at every station."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from afterrun.assessment.case import Case
from afterrun.assessment.ledger import Entry
from afterrun.inference import Engine, Proof
from afterrun.intake import Answers, FromFiles, as_intake, plain_number
from afterrun.notebooks import html_of
from afterrun.rulebook import DISPLAY, Rulebook
from afterrun.versions import ENGINE, SCHEMA


@dataclass(frozen=True, kw_only=True)
class Readout(ABC):
    """What is told of every case, of an intake and of a check-in."""

    made_by: Rulebook = field(repr=False, compare=False)
    """The rulebook itself, for those who tell of it."""
    rulebook: Mapping[str, str]
    record_id: str | None
    answers: Mapping[str, Any]
    """The answers as understood, in the questionnaire's order; of a check-in with what it left unsaid."""
    from_files: Mapping[str, FromFiles]
    """The runs behind those of them that came from the person's own files."""
    patterns: Mapping[str, str]
    """The strongest proved level of each pattern that may be shown."""
    at_once: tuple[str, ...]
    """What is told before all else: what to do if a sign may be there that the person is not sure of."""
    beyond_article: tuple[str, ...]
    """Patterns and interventions among what is told that the article does not cover."""
    ledger: tuple[Entry, ...]
    """Every intervention that a rule gave, with that rule; some signs set all others aside."""
    plan: Mapping[str, Any]
    """null where an answer is missing, or a number is to be asked first."""
    display: Mapping[str, int | float | None]
    """The plan's amounts as one can run them, `display` in the plan of the JSON; null for less than that."""
    plan_choices: Mapping[str, Mapping[str, Any]]
    """For each key that rules chose among several values: by which rule, and what lost."""
    plan_lines: Mapping[str, int]
    """The line of each key that stands, or may yet, by its place in the rulebook's plan; not in the JSON."""
    open_questions: tuple[str, ...]
    """Questions whose answer can still change what is told."""
    fired: tuple[str, ...]
    because: Mapping[str, Proof]
    """The proof of each proposition behind it; of a check-in's actions by their names."""
    schema: str = SCHEMA
    """The version of the shape in which it is told."""
    engine: str = ENGINE
    """The version of the program that told it."""

    def _repr_html_(self) -> str:
        return html_of(self)

    @abstractmethod
    def told(self) -> dict[str, Any]:
        """All that is told, as plain JSON values, without the proofs."""

    def to_dict(self) -> dict[str, Any]:
        """The same with the proofs."""
        return {**self.told(), "because": _plain(self.because)}

    def _as_json(self, *keys: str) -> dict[str, Any]:
        record = {} if self.record_id is None else {"record_id": self.record_id}
        told = {key: _plain(getattr(self, key)) for key in keys}
        if self.display:
            told["plan"][DISPLAY] = dict(self.display)
        versions = {"rulebook": dict(self.rulebook), "schema": self.schema, "engine": self.engine}
        return {**record, **versions, **told}


@dataclass(frozen=True, kw_only=True)
class Result(Readout):
    """What the rulebook says about one intake; `to_dict` is the JSON of `afterrun assess`."""

    triage: str
    interventions: tuple[str, ...]
    """What to do now or later."""

    def told(self) -> dict[str, Any]:
        """The result as plain JSON values, without its proofs."""
        decided = ("triage", "patterns", "interventions", "beyond_article", "ledger", "plan", "plan_choices")
        return self._as_json(*decided, "open_questions", "fired")


def assess(rulebook: Rulebook, intake: Mapping[str, Any] | Answers, *, engine: Engine = "durable") -> Result:
    """Assess one intake: a flat object of answers, or answers already read.

    Raises IntakeError when the intake holds something no question allows, and EngineFault (or its
    Disagreement) when the engine cannot be trusted with this intake; then there is no result.
    """
    return result_of(Case.of(rulebook, intake, engine))


def result_of(case: Case) -> Result:
    """All that is told of a case."""
    proofs = {name: case.prover.proof(name) for name in case.conclusions()}
    return Result(
        made_by=case.rulebook,
        rulebook=case.rulebook.stamp,
        record_id=case.answers.record_id,
        answers=as_intake(case.rulebook, case.answers._replace(from_files={})),
        from_files=case.answers.from_files,
        triage=case.level.id,
        at_once=case.at_once,
        patterns=case.patterns,
        interventions=case.interventions,
        beyond_article=tuple(_beyond(case)),
        ledger=case.entries,
        plan=case.plan.values,
        display=case.plan.display,
        plan_lines=case.plan.lines,
        plan_choices={
            key: {
                "by": choice.by,
                "lost": [{"value": plain_number(value), "by": rule} for value, rule in choice.lost],
            }
            for key, choice in case.plan.choices.items()
        },
        open_questions=case.lacking,
        fired=tuple(dict.fromkeys(firing.rule for firing in case.inference.firings if firing.holds)),
        because={name: proof for name, proof in proofs.items() if proof is not None},
    )


def _beyond(case: Case) -> Iterator[str]:
    yield from (name for name in case.patterns if not case.rulebook.patterns[name].covered)
    yield from (entry.id for entry in case.entries if not case.rulebook.interventions[entry.id].covered)


def _plain(value: Any) -> Any:
    if isinstance(value, Entry | Proof):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
