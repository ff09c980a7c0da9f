"""Why, why not, and what would settle it: one explanation for each proposition."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any, NamedTuple

from afterrun.assessment import patterns_of, proposition_of, questions_that_settle, triage_level
from afterrun.errors import UnknownNameError
from afterrun.inference import Engine, Proof, Prover, conclude, facts_of
from afterrun.intake import Answers, read_answers
from afterrun.rulebook import Proposition, Rulebook, Truth, name_of


class Explanation(NamedTuple):
    """One proposition: true or false with its proof, or open with the questions that would settle it."""

    conclusion: str
    value: Truth
    proof: Proof | None
    settled_by: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The explanation as JSON."""
        return {
            "conclusion": self.conclusion,
            "value": {True: "true", False: "false", None: "open"}[self.value],
            "proof": self.proof.to_dict() if self.proof else None,
            "settled_by": list(self.settled_by),
        }


def explain(
    rulebook: Rulebook,
    intake: Mapping[str, Any] | Answers,
    conclusion: str | None = None,
    *,
    engine: Engine = "durable",
) -> tuple[Explanation, ...]:
    """Explain one conclusion, or every one that can be shown, whatever its truth.

    `conclusion` is a proposition (`pattern.patellar_tendon.likely`), or a shorter name for all that
    it stands for: `patellar_tendon`, `tendon_loading`, `ramp_pct`, `triage`, `urgent`. What the
    triage hides from the runner is explained all the same: this is for audit.
    Raises UnknownNameError with the nearest name, IntakeError, and EngineFault as `assess` does.
    """
    answers = intake if isinstance(intake, Answers) else read_answers(rulebook, intake)
    facts = facts_of(rulebook, answers)
    inference = conclude(rulebook, facts, engine)
    prover = Prover(rulebook, answers, inference)
    names = (
        every_conclusion(rulebook, inference.truths)
        if conclusion is None
        else propositions_named(rulebook, conclusion)
    )
    return tuple(
        Explanation(
            name,
            inference.truths.get(name),
            prover.proof(name),
            questions_that_settle(rulebook, answers, facts, inference, name),
        )
        for name in names
    )


def propositions_named(rulebook: Rulebook, name: str) -> list[str]:
    """The propositions that a full or a short name stands for."""
    if name in rulebook.propositions:
        return [name]
    parts = {each: Proposition.parse(each).parts for each in rulebook.propositions}
    found = [each for each in parts if name in parts[each] or each.startswith(f"{name}.")]
    if not found:
        raise UnknownNameError("conclusion", name, {*parts, *chain.from_iterable(parts.values())})
    return found


def every_conclusion(rulebook: Rulebook, truths: Mapping[str, bool]) -> list[str]:
    """The triage level, then what is proved, then what is open; of what is refuted, the patterns.

    Of a pattern's levels only the strongest proved one, or the weakest, is worth a reader's time.
    """
    level = triage_level(rulebook, truths)
    names = [] if level.pending else [proposition_of(level)]
    names += [
        name_of("triage", each.id)
        for each in rulebook.triage.values()
        if truths.get(name_of("triage", each.id), None) is None
    ]
    shown = patterns_of(rulebook, truths)
    names += [
        name_of("pattern", pattern.id, shown.get(pattern.id, pattern.levels[-1]))
        for pattern in rulebook.patterns.values()
    ]
    rest = [
        name
        for name in rulebook.propositions
        if Proposition.parse(name).kind in ("intervention", "parameter")
    ]
    names += [name for name in rest if truths.get(name) is not False]
    return [name for name in dict.fromkeys(names) if name in rulebook.propositions]
