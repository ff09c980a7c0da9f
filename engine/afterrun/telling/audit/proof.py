"""A proof in, a tree of words out: what holds, by which reasons, down to the answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from afterrun.explanation import TRUTH_WORDS, Explanation
from afterrun.inference import Leaf, Proof
from afterrun.rulebook import Proposition, Truth
from afterrun.telling.audit.view import View
from afterrun.telling.page import Line, Section, capital

PLAIN_TRUTH_WORDS: Mapping[Truth, str] = {True: "yes", False: "ruled out", None: "still open"}


class Ground(NamedTuple):
    """A premise read off answers."""

    test: str
    holds: bool
    answers: tuple[tuple[str, str], ...]
    """Each question as it was asked, and its answer."""
    questions: tuple[str, ...] = ()
    """The ids of these questions."""

    @property
    def leaf_count(self) -> int:
        """How many answered premises it rests on."""
        return 1


class Reason(NamedTuple):
    """One rule that proves a conclusion, or is refuted."""

    rule: str
    holds: bool
    because: str
    sources: tuple[str, ...]
    premises: tuple[Claim | Ground, ...]


class Claim(NamedTuple):
    """A conclusion in words, with all that it rests on and its reader may see."""

    id: str
    words: str
    value: Truth
    is_finding: bool
    reasons: tuple[Reason, ...] = ()
    waits_for: tuple[tuple[str, str], ...] = ()
    """The questions that would settle it, each with its id."""

    @property
    def kind(self) -> str:
        """What it is about: a pattern, a finding, how soon to be seen, and so on."""
        return Proposition.parse(self.id).kind

    @property
    def leaf_count(self) -> int:
        """How many answered premises it rests on."""
        return sum(premise.leaf_count for reason in self.reasons for premise in reason.premises)


def claim_of(view: View, explained: Explanation) -> Claim:
    """One proposition with its proof, or with what would settle it."""
    if explained.proof is not None:
        return proved(view, explained.proof)._replace(words=view.explained(explained))
    name = explained.conclusion
    waits_for = tuple((view.ask(question), question) for question in explained.settled_by)
    return Claim(name, view.explained(explained), explained.value, False, (), waits_for)


def proved(view: View, proof: Proof) -> Claim:
    """A proof in words."""
    reasons = []
    for step in proof.steps:
        premises = tuple(
            _ground(view, premise) if isinstance(premise, Leaf) else proved(view, premise)
            for premise in step.premises
            if isinstance(premise, Leaf) or view.may_see(premise.conclusion)
        )
        reasons.append(Reason(step.rule, step.holds, step.because, step.sources, premises))
    name = proof.conclusion
    words = view.words(name, proof.value)
    return Claim(name, words, proof.value, name in view.rulebook.findings, tuple(reasons))


def claim_section(view: View, claim: Claim) -> Section:
    """A claim line by line; each step in is one step closer to the answers."""
    waits_for = (Line(f"would be settled by: {ask}{view.id(name)}") for ask, name in claim.waits_for)
    lines = [*waits_for, *reason_lines(claim, 1, view.plain)]
    return section_about(view, claim.id, claim.value, lines, claim.words)


def section_about(view: View, conclusion: str, value: Truth, lines: list[Line], words: str = "") -> Section:
    """Lines about a conclusion, below its name or, for a runner, its words."""
    words = words or view.words(conclusion, value)
    if view.plain:
        return Section(f"{capital(words)}: {PLAIN_TRUTH_WORDS[value]}", lines=tuple(lines))
    return Section(f"{conclusion} is {TRUTH_WORDS[value]}", lines=(Line(words), *lines))


def reason_lines(claim: Claim, depth: int, plain: bool) -> Iterator[Line]:
    """What a claim rests on, line by line."""
    if claim.value is False:
        if plain:
            why = "your answers rule out every reason for it" if claim.reasons else "nothing speaks for it"
        else:
            why = "every rule for it is refuted" if claim.reasons else "no rule concludes it"
        yield Line(f"because {why}", depth)
    for reason in claim.reasons:
        if plain:
            yield Line(f"- {'because' if reason.holds else 'ruled out'}: {reason.because}", depth)
        else:
            yield Line(f"- rule {reason.rule} {'holds' if reason.holds else 'is refuted'}", depth)
            yield Line(f"{'because' if reason.holds else 'it would say'}: {reason.because}", depth + 1)
            if reason.sources:
                yield Line(f"sources: {', '.join(reason.sources)}", depth + 1)
        for premise in reason.premises:
            if isinstance(premise, Ground):
                yield from _ground_lines(premise, depth + 1, plain)
            else:
                yield Line(f"- {_premise_words(premise, plain)}", depth + 1)
                yield from reason_lines(premise, depth + 2, plain)


def _premise_words(claim: Claim, plain: bool) -> str:
    if plain:
        return claim.words if claim.is_finding else f"{claim.words}: {PLAIN_TRUTH_WORDS[claim.value]}"
    about = "" if claim.words == claim.id else f": {claim.words}"
    return f"{claim.id} is {TRUTH_WORDS[claim.value]}{about}"


def _ground(view: View, leaf: Leaf) -> Ground:
    answers = tuple((view.ask(name), view.answer(name, value)) for name, value in leaf.answers.items())
    return Ground(f"{leaf.subject} {leaf.test}", leaf.holds, answers, tuple(leaf.answers))


def _ground_lines(ground: Ground, depth: int, plain: bool) -> Iterator[Line]:
    if not plain:
        yield Line(f"- {ground.test}: {'holds' if ground.holds else 'does not hold'}", depth)
    for ask, answer in ground.answers:
        asked = f'you were asked "{ask}"'
        yield Line(f"- {asked}" if plain else asked, depth + (not plain))
        yield Line(f'you answered "{answer}"', depth + 1)
