"""Why, why not, and what would settle it: one explanation for each proposition."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any, NamedTuple

from afterrun.assessment import Case
from afterrun.errors import UnknownNameError
from afterrun.explanation.standing import standing_of, subject_of
from afterrun.explanation.words import TRUTH_WORDS
from afterrun.inference import Engine, Proof
from afterrun.intake import Answers
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
            "value": TRUTH_WORDS[self.value],
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
    it stands for: `patellar_tendon`, `tendon_loading`, `ramp_pct`, `triage`, `urgent`. Of several
    levels, statuses or values the one that stands comes first. What the triage hides from the person
    is explained all the same: this is for audit.
    Raises UnknownNameError with the nearest name, IntakeError, and EngineFault as `assess` does.
    """
    return explanations_of(Case.of(rulebook, intake, engine), conclusion)


def explanations_of(case: Case, conclusion: str | None = None) -> tuple[Explanation, ...]:
    """The explanations of a case, as `explain` gives them."""
    names = every_conclusion(case) if conclusion is None else _standing_first(case, conclusion)
    return tuple(
        Explanation(name, case.truths.get(name), case.prover.proof(name), case.settled_by(name))
        for name in names
    )


def _standing_first(case: Case, conclusion: str) -> list[str]:
    names = propositions_named(case.rulebook, conclusion)
    subjects = dict.fromkeys(filter(None, map(subject_of, names)))
    standing = {standing_of(case, each).stands for each in subjects}
    return sorted(names, key=lambda each: each not in standing)


def propositions_named(rulebook: Rulebook, name: str) -> list[str]:
    """The propositions that a full or a short name stands for."""
    if name in rulebook.propositions:
        return [name]
    parts = {each: Proposition.parse(each).parts for each in rulebook.propositions}
    found = [each for each in parts if name in parts[each] or each.startswith(f"{name}.")]
    if not found:
        raise UnknownNameError("conclusion", name, {*parts, *chain.from_iterable(parts.values())})
    return found


def every_conclusion(case: Case) -> list[str]:
    """The triage level, then what is proved, then what is open; of what is refuted, the patterns.

    While a stronger level is open, those that are proved already come first. Of a pattern's levels
    only the strongest proved one, or the weakest, is worth a reader's time.
    """
    rulebook, truths = case.rulebook, case.truths
    levels = [name_of("triage", each) for each in rulebook.triage]
    names = [name_of("triage", case.level.id)]
    names += [each for each in levels if case.level.pending and truths.get(each)]
    names += [each for each in levels if each not in truths]
    names += [
        name_of("pattern", pattern.id, case.proved_patterns.get(pattern.id, pattern.levels[-1]))
        for pattern in rulebook.patterns.values()
    ]
    rest = [
        name
        for name in rulebook.propositions
        if Proposition.parse(name).kind in ("intervention", "parameter")
    ]
    names += [name for name in rest if truths.get(name) is not False]
    return [name for name in dict.fromkeys(names) if name in rulebook.propositions]
