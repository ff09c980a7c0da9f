"""What proofs hold beside answers: computed numbers, how "I don't know" was read, what a skip wants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from afterrun.explanation import Skips, Working, measured
from afterrun.inference import Leaf, Proof, ProofStep, numbers_in
from afterrun.rulebook import UNKNOWN, Rulebook, engine_of
from afterrun.telling.audit.words import skipped_words, unknown_words


class Asked(NamedTuple):
    """A question whose being asked or skipped is a premise of a rule."""

    question: str
    skipped: bool
    reads: str
    """What it is read as while it is skipped."""


def working_of(rulebook: Rulebook, leaf: Leaf) -> Working | None:
    """How the number that is tested came about; None where it is an answer as it stands."""
    measure = rulebook.measures.get(leaf.subject)
    return measured(rulebook, measure, numbers_in(rulebook, leaf.answers)) if measure else None


def read_as(rulebook: Rulebook, leaf: Leaf) -> dict[str, str]:
    """What each "I don't know" of a leaf was read as; a test that names it takes it as it was said."""
    if UNKNOWN.value in leaf.test.replace(",", " ").split():
        return {}
    unknown = (name for name, value in leaf.answers.items() if value == UNKNOWN.value)
    return {name: unknown_words(rulebook, name) for name in unknown}


def asked_by(rulebook: Rulebook, step: ProofStep) -> Iterator[tuple[Asked, ...]]:
    """For each premise of a step the questions whose skip alone wants it."""
    skips = engine_of(rulebook, Skips)
    added = skips.of(rulebook.rules[step.rule])
    keys = [
        (each.subject, each.test) if isinstance(each, Leaf) else (each.conclusion, "")
        for each in step.premises
    ]
    values = [each.holds if isinstance(each, Leaf) else each.value for each in step.premises]
    truths = dict(zip(keys, values, strict=True))
    for key in keys:
        yield tuple(
            Asked(name, skips.skipped(name, truths) is True, skipped_words(rulebook, name))
            for name in added.get(key, ())
        )


def computed_in(rulebook: Rulebook, proofs: Iterable[Proof | None]) -> dict[str, list[dict[str, Any]]]:
    """The same as JSON, each once."""
    measures: dict[tuple[str, str], dict[str, Any]] = {}
    unknown: dict[str, dict[str, Any]] = {}
    asked: dict[tuple[str, str, str], dict[str, Any]] = {}
    for step in _steps(proofs):
        for leaf in (each for each in step.premises if isinstance(each, Leaf)):
            if working := working_of(rulebook, leaf):
                measures[leaf.subject, working.words] = {"measure": leaf.subject, **working.to_dict()}
            for name, reads in read_as(rulebook, leaf).items():
                unknown[name] = {"question": name, "read_as": reads}
        for premise, found in zip(step.premises, asked_by(rulebook, step), strict=True):
            named = f"{premise.subject} {premise.test}" if isinstance(premise, Leaf) else premise.conclusion
            for each in found:
                asked[step.rule, each.question, named] = {
                    "rule": step.rule,
                    "question": each.question,
                    "state": "skipped" if each.skipped else "asked",
                    "because": named,
                }
    told = {"measures": measures, "unknown": unknown, "asked_because": asked}
    return {key: list(each.values()) for key, each in told.items()}  # type: ignore[attr-defined]


def _steps(proofs: Iterable[Proof | None]) -> Iterator[ProofStep]:
    for proof in proofs:
        for step in proof.steps if proof is not None else ():
            yield step
            yield from _steps(each for each in step.premises if isinstance(each, Proof))
