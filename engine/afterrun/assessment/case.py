"""One person's case: answers and conclusions in, all that follows from them out, each worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from afterrun.assessment.ledger import Entry, Ledger
from afterrun.assessment.plan import Plan, Planner, plan_of
from afterrun.assessment.relevance import Relevance
from afterrun.assessment.triage import patterns_of, triage_level
from afterrun.inference import Engine, Facts, Inference, Prover, conclude, facts_of
from afterrun.intake import Answers, read_answers
from afterrun.once import once
from afterrun.rulebook import Formula, Rulebook, Truth, allowed, name_of, truth_given
from afterrun.rulebook.schema import TriageLevel


@dataclass(frozen=True, eq=False)
class Case:
    """One person before one rulebook; what follows is worked out when it is asked for, and once."""

    rulebook: Rulebook
    answers: Answers
    facts: Facts
    inference: Inference

    @classmethod
    def of(cls, rulebook: Rulebook, intake: Mapping[str, Any] | Answers, engine: Engine = "durable") -> Case:
        """The case of an intake: a flat object of answers, or answers already read.

        Raises IntakeError and EngineFault as `assess` does.
        """
        answers = intake if isinstance(intake, Answers) else read_answers(rulebook, intake)
        facts = facts_of(rulebook, answers)
        return cls(rulebook, answers, facts, conclude(rulebook, facts, engine))

    @property
    def truths(self) -> Mapping[str, bool]:
        """Every proposition that is settled; one that is open is absent."""
        return self.inference.truths

    def truth(self, formula: Formula) -> Truth:
        """The truth of a condition for this person."""
        return truth_given(formula, self.facts, self.truths)

    @once
    def prover(self) -> Prover:
        """Gives the proof of each proposition that is settled."""
        return Prover(self.rulebook, self.answers, self.inference)

    @once
    def level(self) -> TriageLevel:
        """The triage level to act on."""
        return triage_level(self.rulebook, self.truths)

    @once
    def at_once(self) -> tuple[str, ...]:
        """What is told before all else; once the strongest level stands it has said more than that."""
        if self.level is next(iter(self.rulebook.triage.values())):
            return ()
        return tuple(
            rule.because
            for rule in self.rulebook.rules.values()
            if rule.written is not None and rule.written.at_once and self.truth(rule.formula)
        )

    @once
    def proved_patterns(self) -> Mapping[str, str]:
        """The strongest proved level of each pattern, before any triage level hides it."""
        return patterns_of(self.rulebook, self.truths)

    @property
    def patterns(self) -> Mapping[str, str]:
        """The strongest proved level of each pattern that may be shown."""
        return self.proved_patterns if self.level.shows_patterns else {}

    @once
    def ledger(self) -> Ledger:
        """What was decided about interventions and parameters."""
        return Ledger(self.rulebook, self.inference)

    @once
    def entries(self) -> tuple[Entry, ...]:
        """The ledger at this triage level."""
        return self.ledger.entries(self.level)

    @property
    def interventions(self) -> tuple[str, ...]:
        """What to do now or later."""
        return tuple(
            entry.id
            for entry in self.entries
            if entry.status != "set_aside" and allowed(self.level, entry.id)
        )

    @once
    def whole_plan(self) -> Plan:
        """The plan that follows, before any triage level hides it."""
        return plan_of(self.answers, self.facts, self.ledger)

    @property
    def plan(self) -> Plan:
        """The plan that may be shown."""
        return self.whole_plan if self.level.shows_plan else Plan({}, {}, {}, ())

    @once
    def _relevance(self) -> Relevance:
        return Relevance(self.answers, self.facts, self.ledger)

    @once
    def open_questions(self) -> Mapping[str, tuple[str, ...]]:
        """The unanswered questions that can still change the result, each with what it can change."""
        return self._relevance.changes(self.whole_plan)

    @property
    def lacking(self) -> tuple[str, ...]:
        """The open questions that ask for an answer; who leaves an optional one blank has answered it."""
        return tuple(name for name in self.open_questions if not self.rulebook.questions[name].optional)

    def settled_by(self, proposition: str) -> tuple[str, ...]:
        """The unanswered questions that an open proposition waits for, in the questionnaire's order."""
        return self._relevance.settling(proposition)

    def waiting_for(self, formula: Formula) -> tuple[str, ...]:
        """The unanswered questions that an open condition waits for, in the questionnaire's order."""
        return self._relevance.within(formula)

    @property
    def planner(self) -> Planner:
        """Works out the lines of the plan anew, for whoever asks how."""
        return Planner(self.answers, self.facts, self.ledger)

    def conclusions(self) -> list[str]:
        """The propositions behind every word of the result."""
        level, plan = self.level, self.plan
        names = [] if level.pending else [name_of("triage", level.id)]
        names += [name_of("pattern", pattern, strength) for pattern, strength in self.patterns.items()]
        names += [
            name_of("intervention", entry.id, entry.status)
            for entry in self.entries
            if allowed(level, entry.id)
        ]
        names += [name_of("parameter", each.parameter, each.value) for each in plan.choices.values()]
        return list(dict.fromkeys(names))
