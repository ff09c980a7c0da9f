"""A proof in, a tree of words out: what holds, by which reasons, down to the answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from afterrun.explanation import TRUTH_WORDS, Explanation, Standing, Working
from afterrun.inference import Leaf, Proof, ProofStep
from afterrun.rulebook import Proposition, Truth
from afterrun.telling.audit.proofs.computed import Asked, asked_by, read_as, working_of
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
    read_as: tuple[str, ...] = ()
    """How each of these answers was read, where it was "I don't know"; as it stands where blank."""
    working: Working | None = None
    """How the number that is tested came about, where it is computed."""
    behind: tuple[tuple[str, ...], ...] = ()
    """For each of these answers that came from the person's own files, how many runs, and each of them."""

    @property
    def subject(self) -> str:
        """The question or measure that is tested."""
        return self.test.partition(" ")[0]

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
    asks: tuple[str, ...] = ()
    """For each premise what it says of a question being asked, where a skip alone wants it; else blank."""

    @property
    def told(self) -> Iterator[tuple[Claim | Ground, str]]:
        """Each premise, with what it says of a question being asked."""
        return zip(self.premises, self.asks or ("",) * len(self.premises), strict=True)


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
    def short(self) -> str:
        """The name that it can be asked for by."""
        return Proposition.parse(self.id).subject

    @property
    def leaf_count(self) -> int:
        """How many answered premises it rests on."""
        return sum(premise.leaf_count for reason in self.reasons for premise in reason.premises)


def claim_of(view: View, explained: Explanation, standings: Iterable[Standing] = ()) -> Claim:
    """One proposition with its proof, or with what would settle it; `standings` say which of several stands.

    Where what stands is told beside the proofs, the claim need not say it again.
    """
    words = view.explained(explained, standings)
    if explained.proof is not None:
        return proved(view, explained.proof)._replace(words=words)
    name = explained.conclusion
    waits_for = tuple((view.ask(question), question) for question in explained.settled_by)
    return Claim(name, words, explained.value, False, (), waits_for)


def proved(view: View, proof: Proof) -> Claim:
    """A proof in words."""
    reasons = tuple(reason_of(view, step) for step in proof.steps)
    name = proof.conclusion
    words = view.words(name, proof.value)
    return Claim(name, words, proof.value, name in view.rulebook.findings, reasons)


def reason_of(view: View, step: ProofStep) -> Reason:
    """One rule of a proof in words."""
    asks = (_asked_words(view, each) for each in asked_by(view.rulebook, step))
    seen = [
        (_ground(view, premise) if isinstance(premise, Leaf) else proved(view, premise), asked)
        for premise, asked in zip(step.premises, asks, strict=True)
        if isinstance(premise, Leaf) or view.may_see(premise.conclusion)
    ]
    premises, asked = tuple(each for each, _ in seen), tuple(asked for _, asked in seen)
    return Reason(step.rule, step.holds, step.because, step.sources, premises, asked if any(asked) else ())


def claim_section(view: View, claim: Claim, lines: Iterable[Line] | None = None) -> Section:
    """A claim line by line, whole if not told otherwise; each step in is one step closer to the answers."""
    waits_for = (Line(f"would be settled by: {ask}{view.id(name)}") for ask, name in claim.waits_for)
    proof = reason_lines(claim, 1, view.plain) if lines is None else lines
    return section_about(view, claim.id, claim.value, [*waits_for, *proof], claim.words)


def section_about(view: View, conclusion: str, value: Truth, lines: list[Line], words: str = "") -> Section:
    """Lines about a conclusion, below its name or, for a person, its words."""
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
        for premise, asked in reason.told:
            further = depth + 1
            if asked:
                yield Line(f"- {asked}", further)
                further += 1
            if isinstance(premise, Ground):
                yield from _ground_lines(premise, further, plain)
            else:
                yield Line(f"- {premise_words(premise, plain)}", further)
                yield from reason_lines(premise, further + 1, plain)


def premise_words(claim: Claim, plain: bool) -> str:
    """A conclusion that another rests on."""
    if plain:
        return claim.words if claim.is_finding else f"{claim.words}: {PLAIN_TRUTH_WORDS[claim.value]}"
    about = "" if claim.words == claim.id else f": {claim.words}"
    return f"{claim.id} is {TRUTH_WORDS[claim.value]}{about}"


def _ground(view: View, leaf: Leaf) -> Ground:
    answers = tuple((view.ask(name), view.answer(name, value)) for name, value in leaf.answers.items())
    reads = read_as(view.rulebook, leaf)
    return Ground(
        f"{leaf.subject} {leaf.test}",
        leaf.holds,
        answers,
        tuple(leaf.answers),
        tuple(reads.get(name, "") for name in leaf.answers),
        working_of(view.rulebook, leaf),
        tuple(_behind(view, name) for name in leaf.answers),
    )


def _behind(view: View, question: str) -> tuple[str, ...]:
    told = view.behind(question)
    return (told, *view.runs(question)) if told else ()


def _asked_words(view: View, asked: tuple[Asked, ...]) -> str:
    """What a premise says of questions being asked, where only a skip wants it."""
    said = []
    for each in asked:
        called = f'"{view.ask(each.question)}"' if view.plain else each.question
        reads = f"skipped, and is read as {each.reads}," if each.skipped else "asked"
        said.append(f"{called} was {reads} because")
    return "; ".join(said)


def _ground_lines(ground: Ground, depth: int, plain: bool) -> Iterator[Line]:
    if not plain:
        yield Line(f"- {ground.test}: {'holds' if ground.holds else 'does not hold'}", depth)
    if ground.working is not None and not plain:
        yield from (Line(each.words, depth + 1) for each in ground.working.steps)
    for (ask, answer), reads, behind in zip(ground.answers, ground.read_as, ground.behind, strict=True):
        asked = f'you were asked "{ask}"'
        yield Line(f"- {asked}" if plain else asked, depth + (not plain))
        yield Line(f'you answered "{answer}"', depth + 1)
        if reads:
            yield Line(f"read as {reads}", depth + 1)
        for place, told in enumerate(behind):
            yield Line(told, depth + 1 + bool(place))
