"""Every conclusion on a screen or two: by which rule, on which answers, and each of these once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from afterrun.explanation import Candidate, Standing, subject_of
from afterrun.rulebook import Proposition
from afterrun.telling.audit.brief import grounds_in
from afterrun.telling.audit.findings import Findings
from afterrun.telling.audit.proof import Claim, Ground, Reason, claim_of
from afterrun.telling.audit.view import View
from afterrun.telling.page import Line, Section, capital

_TITLES = {
    "pattern": "What it looks like",
    "intervention": "What is done",
    "parameter": "Numbers that rules chose",
}
MORE = "A name after the file: the proof of that alone. --full: all of every proof."


def overview_sections(view: View, found: Findings) -> Iterator[Section]:
    """What is proved and by which rules, what is open or ruled out, and the answers that matter."""
    yield from _Overview(view, found).sections()


class _Overview:
    def __init__(self, view: View, found: Findings) -> None:
        self._view = view
        self._standing = {each.subject: each for each in found.standings}
        self._claims = {each.conclusion: claim_of(view, each) for each in found.explanations}
        self._told: set[Reason] = set()
        self._found = found

    def sections(self) -> Iterator[Section]:
        about: dict[str, list[Claim]] = {}
        for claim in self._claims.values():
            about.setdefault(claim.kind, []).append(claim)
        yield Section(self._level(), lines=tuple(self._proved(about.pop("triage", ()))))
        for kind, title in _TITLES.items():
            lines = tuple(self._proved(about.get(kind, ())))
            if lines:
                yield Section(title, lines=lines)
        rest = [claim for claims in about.values() for claim in claims]
        ruled_out = tuple(self._ruled_out(each for each in rest if each.value is False))
        if ruled_out:
            yield Section("Ruled out, by which answers", lines=ruled_out)
        waiting = tuple(self._open(each for each in self._claims.values() if each.value is None))
        if waiting:
            yield Section("Open, and the answers that would settle it", lines=waiting)
        answers = tuple(self._answers())
        if answers:
            yield Section("The answers that matter", lines=answers)
        if not self._view.plain:
            yield Section(MORE)

    def _level(self) -> str:
        return f"Acted on: {self._view.level.name}{self._view.id(f'triage.{self._view.level.id}')}"

    def _proved(self, claims: Iterable[Claim]) -> Iterator[Line]:
        """Each that stands, with what gave way to it, its rule, and what that needs."""
        for claim in claims:
            standing = self._standing.get(subject_of(claim.id))
            if not claim.value or (standing is not None and standing.stands not in (claim.id, None)):
                continue
            # A pattern's weaker level follows from the stronger, and is no other choice.
            told = standing is not None and claim.kind != "pattern" and not self._view.plain
            lost = standing.lost if standing is not None and told else ()
            over = "".join(map(_over, lost))
            reason = claim.reasons[0]
            named = "" if self._view.plain else f"rule {reason.rule}{_too(standing, claim, reason)}"
            above = f": {named} as above".replace("  ", " ") if reason in self._told else ""
            if claim.kind != "triage":
                yield Line(f"- {capital(claim.words)}{self._view.id(claim.short)}{over}{above}", 0)
            if not above:
                yield from self._reason(reason, named)
            if claim.kind == "triage":
                yield from self._signs_beside(standing, claim, reason)

    def _signs_beside(self, standing: Standing | None, claim: Claim, reason: Reason) -> Iterator[Line]:
        """Every other rule that gave the level: one sign must not stand behind another."""
        rules = (each.rules for each in standing.proved if each.conclusion == claim.id) if standing else ()
        for rule in (self._view.rulebook.rules[name] for names in rules for name in names):
            if rule.written is not None and rule.id != reason.rule:
                yield Line(rule.because if self._view.plain else f"rule {rule.id} too: {rule.because}")

    def _reason(self, reason: Reason, named: str) -> Iterator[Line]:
        """The rule, those within its proof, and the questions behind it, but for what stands above."""
        within = list(self._within(reason))
        rules = [each for each in within if isinstance(each, Reason)]
        questions = dict.fromkeys(
            name for each in within if isinstance(each, Ground) for name in each.questions
        )
        above = dict.fromkeys(each.rule for each in rules if each in self._told)
        needs = dict.fromkeys(each.rule for each in rules if each not in self._told)
        self._told |= {reason, *rules}
        yield Line(f"{named}: {reason.because}" if named else reason.because)
        told = [", ".join(each) for each in (needs, questions) if each]
        if above:
            told.append(f"as above: {', '.join(above)}")
        # A person finds the answers below; what rules are called tells them nothing.
        if told and not self._view.plain:
            yield Line(f"on {'; '.join(told)}")

    def _within(self, reason: Reason) -> Iterator[Reason | Ground]:
        """What a reason stands on: rules that fired, and tests; what was told is not looked into again."""
        for premise in reason.premises:
            if isinstance(premise, Ground):
                yield premise
                continue
            for each in premise.reasons:
                if each.holds:
                    yield each
                if each not in self._told:
                    yield from self._within(each)

    def _ruled_out(self, claims: Iterable[Claim]) -> Iterator[Line]:
        """What is refuted at its weakest level, below the answers that rule it out."""
        found: dict[str, list[str]] = {}
        for claim in claims:
            patterns = self._view.rulebook.patterns
            called = patterns[claim.short].called if claim.kind == "pattern" else claim.words
            asked = ", ".join(self._questions(claim)) or "no rule concludes it"
            found.setdefault(asked, []).append(f"{called}{self._view.id(claim.short)}")
        yield from (Line(f"- {asked}: {'; '.join(names)}") for asked, names in found.items())

    def _open(self, claims: Iterable[Claim]) -> Iterator[Line]:
        """What is open, below the questions that would settle it."""
        found: dict[str, list[str]] = {}
        for claim in claims:
            asked = ", ".join(self._asked(name) for _, name in claim.waits_for)
            found.setdefault(asked, []).append(claim.words)
        yield from (Line(f"- {asked}: {'; '.join(names)}") for asked, names in found.items())

    def _questions(self, claim: Claim) -> Iterator[str]:
        found = dict.fromkeys(name for each in grounds_in(claim) for name in each.questions)
        return map(self._asked, found)

    def _asked(self, question: str) -> str:
        return f'"{self._view.ask(question)}"' if self._view.plain else question

    def _answers(self) -> Iterator[Line]:
        view = self._view
        grounds = dict.fromkeys(each for claim in self._claims.values() for each in grounds_in(claim))
        said: dict[str, str] = {}
        sums: dict[str, None] = {}
        for ground in grounds:
            for (_, answer), name, read in zip(ground.answers, ground.questions, ground.read_as, strict=True):
                # The same answer may be read by one test, and taken as it was said by another.
                said[name] = max(said.get(name, ""), f"{answer}, read as {read}" if read else answer, key=len)
            if ground.working is not None and not view.plain:
                sums[f"{ground.subject}: {'; '.join(each.words for each in ground.working.steps)}"] = None
        alike: dict[str, list[str]] = {}
        for name in view.rulebook.questions:
            if name in said:
                alike.setdefault(said[name], []).append(self._asked(name))
        yield from (Line(f"- {', '.join(names)}: {answer}") for answer, names in alike.items())
        yield from (Line(f"- {each}") for each in sums)


def _over(lost: Candidate) -> str:
    return f", over {Proposition.parse(lost.conclusion).value.replace('_', ' ')} ({lost.rules[0]})"


def _too(standing: Standing | None, claim: Claim, reason: Reason) -> str:
    """The rule that decides, where fewer answers prove the same by another."""
    rules = (each.rules for each in standing.proved if each.conclusion == claim.id) if standing else ()
    first = next((each[0] for each in rules), reason.rule)
    return "" if first == reason.rule else f" (and {first})"
