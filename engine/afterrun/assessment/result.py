"""The whole way from an intake to a result, checked at every station."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from afterrun.assessment.ledger import Entry, allowed, ledger_of
from afterrun.assessment.plan import Plan, plan_of
from afterrun.assessment.relevance import open_questions
from afterrun.assessment.triage import proposition_of, triage_level
from afterrun.inference import Engine, Facts, Inference, Proof, Prover, conclude, facts_of
from afterrun.intake import Answers, as_intake, read_answers
from afterrun.rulebook import Rulebook, name_of
from afterrun.rulebook.schema import TriageLevel


@dataclass(frozen=True)
class Result:
    """What the rulebook says about one intake; `to_dict` is the JSON of `afterrun assess`."""

    rulebook: Mapping[str, str]
    record_id: str | None
    answers: Mapping[str, Any]
    """The answers as understood, in the questionnaire's order."""
    triage: str
    patterns: Mapping[str, str]
    """The strongest proved level of each pattern that may be shown."""
    interventions: tuple[str, ...]
    """What to do now or later."""
    ledger: tuple[Entry, ...]
    plan: Mapping[str, Any]
    plan_choices: Mapping[str, Mapping[str, Any]]
    """For each key that rules chose among several values: by which rule, and what lost."""
    open_questions: tuple[str, ...]
    fired: tuple[str, ...]
    because: Mapping[str, Proof]

    def to_dict(self) -> dict[str, Any]:
        """The result as plain JSON values."""
        record = {} if self.record_id is None else {"record_id": self.record_id}
        return {
            **record,
            "rulebook": dict(self.rulebook),
            "triage": self.triage,
            "patterns": dict(self.patterns),
            "interventions": list(self.interventions),
            "ledger": [entry.to_dict() for entry in self.ledger],
            "plan": dict(self.plan),
            "plan_choices": {key: dict(choice) for key, choice in self.plan_choices.items()},
            "open_questions": list(self.open_questions),
            "fired": list(self.fired),
            "because": {conclusion: proof.to_dict() for conclusion, proof in self.because.items()},
        }


def assess(rulebook: Rulebook, intake: Mapping[str, Any] | Answers, *, engine: Engine = "durable") -> Result:
    """Assess one intake: a flat object of answers, or answers already read.

    Raises IntakeError when the intake holds something no question allows, and EngineFault (or its
    Disagreement) when the engine cannot be trusted with this intake; then there is no result.
    """
    answers = intake if isinstance(intake, Answers) else read_answers(rulebook, intake)
    facts = facts_of(rulebook, answers)
    inference = conclude(rulebook, facts, engine)
    return _result(rulebook, answers, facts, inference)


def _result(rulebook: Rulebook, answers: Answers, facts: Facts, inference: Inference) -> Result:
    level = triage_level(rulebook, inference.truths)
    plan = plan_of(rulebook, answers, facts, inference)
    ledger = ledger_of(rulebook, inference, level)
    patterns = patterns_of(rulebook, inference.truths) if level.shows_patterns else {}
    interventions = tuple(
        entry for entry in ledger if entry.status != "set_aside" and allowed(level, entry.id)
    )
    shown_plan = plan if level.shows_plan else Plan({}, {}, ())
    conclusions = _conclusions(rulebook, level, patterns, ledger, shown_plan)
    prover = Prover(rulebook, answers, inference)
    proofs = {conclusion: prover.proof(conclusion) for conclusion in conclusions}
    return Result(
        rulebook=rulebook.stamp,
        record_id=answers.record_id,
        answers=as_intake(rulebook, answers),
        triage=level.id,
        patterns=patterns,
        interventions=tuple(entry.id for entry in interventions),
        ledger=ledger,
        plan=shown_plan.values,
        plan_choices={
            key: {
                "by": choice.by,
                "lost": [{"value": _number(value), "by": rule} for value, rule in choice.lost],
            }
            for key, choice in shown_plan.parameters.items()
        },
        open_questions=tuple(open_questions(rulebook, answers, facts, inference, plan)),
        fired=tuple(dict.fromkeys(firing.rule for firing in inference.firings if firing.holds)),
        because={conclusion: proof for conclusion, proof in proofs.items() if proof is not None},
    )


def patterns_of(rulebook: Rulebook, truths: Mapping[str, bool]) -> dict[str, str]:
    """Each pattern that is proved, at its strongest proved level, in the rulebook's order."""
    found = {}
    for pattern in rulebook.patterns.values():
        level = next(
            (each for each in pattern.levels if truths.get(name_of("pattern", pattern.id, each))), None
        )
        if level is not None:
            found[pattern.id] = level
    return found


def _conclusions(
    rulebook: Rulebook, level: TriageLevel, patterns: Mapping[str, str], ledger: tuple[Entry, ...], plan: Plan
) -> list[str]:
    """The propositions behind every word of the result."""
    names = [] if level.pending else [proposition_of(level)]
    names += [name_of("pattern", pattern, strength) for pattern, strength in patterns.items()]
    names += [name_of("intervention", entry.id, entry.status) for entry in ledger if allowed(level, entry.id)]
    for item in rulebook.plan:
        if item.parameter is not None and item.key in plan.parameters:
            names.append(name_of("parameter", item.parameter, plan.parameters[item.key].value))
    return list(dict.fromkeys(names))


def _number(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)
