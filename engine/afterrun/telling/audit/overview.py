"""Every conclusion on a screen or two: by which rule, on which answers, and each of these once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from afterrun.explanation import Explanation, Standing, subject_of
from afterrun.telling.audit.findings import Findings
from afterrun.telling.audit.proofs.brief import asked_grounds
from afterrun.telling.audit.proofs.tree import Claim, Ground, Reason, claim_of, reason_of
from afterrun.telling.audit.standing import at_least_words, what_to_do
from afterrun.telling.audit.view import View
from afterrun.telling.audit.words import WINS
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
        self._claims = {each.conclusion: self._claim(each) for each in found.explanations}
        self._told: set[Reason] = set()
        self._found = found

    def sections(self) -> Iterator[Section]:
        about: dict[str, list[Claim]] = {}
        for claim in self._claims.values():
            about.setdefault(claim.kind, []).append(claim)
        proved = tuple(self._proved(about.pop("triage", ())))
        yield Section(self._level(), lines=(*what_to_do(self._view), *proved))
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

    def _claim(self, explained: Explanation) -> Claim:
        """A conclusion; a level with every rule that gave it, for one sign must not stand behind another."""
        claim = claim_of(self._view, explained)
        standing = self._standing.get(subject_of(claim.id))
        given = (each for each in standing.proved if each.conclusion == claim.id) if standing else ()
        told = {each.rule for each in claim.reasons}
        beside = (step for each in given for step in each.steps if step.rule not in told)
        return claim._replace(reasons=(*claim.reasons, *(reason_of(self._view, step) for step in beside)))

    def _level(self) -> str:
        return f"Acted on: {self._view.level.name}{self._view.id(f'triage.{self._view.level.id}')}"

    def _proved(self, claims: Iterable[Claim]) -> Iterator[Line]:
        """Each that stands, with what gave way to it, its rule, and what that needs; each rule once."""
        by_rule: dict[tuple[str, Reason], list[Claim]] = {}
        for claim in claims:
            standing = self._standing.get(subject_of(claim.id))
            if not claim.value or (standing is not None and self._first(standing) not in (claim.id, None)):
                continue
            reason = claim.reasons[0]
            named = "" if self._view.plain else f"rule {reason.rule}{_too(standing, claim, reason)}"
            by_rule.setdefault((named, reason), []).append(claim)
        for (named, reason), alike in by_rule.items():
            above = f"{named} as above".lstrip() if reason in self._told else ""
            heads = list(filter(None, map(self._head, alike)))
            if heads:
                yield Line(f"- {'; '.join(heads)}{f': {above}' if above and len(heads) == 1 else ''}", 0)
            if not above:
                yield from self._reason(reason, named)
            elif len(heads) > 1:
                yield Line(above)
            for beside in (each for claim in alike for each in claim.reasons[1:]):
                yield from self._reason(beside, f"rule {beside.rule} too")

    def _first(self, standing: Standing) -> str | None:
        """What stands; while something may still win, for a person the strongest that is proved."""
        so_far = self._view.plain and standing.waits_for and standing.proved
        return so_far[0].conclusion if so_far else standing.stands

    def _head(self, claim: Claim) -> str:
        """A claim, and what gave way to it; of the level acted on only the latter, for the title names it."""
        view, standing = self._view, self._standing.get(subject_of(claim.id))
        words = f"{capital(claim.words)}{view.id(claim.short)}"
        if standing is None:
            return words
        # A pattern's weaker level follows from the stronger, and is no other choice.
        lost = () if claim.kind == "pattern" or view.plain else standing.lost
        if standing.stands is None and standing.waits_for:
            if view.plain:
                return at_least_words(view, claim.id)
            return f"{words} is proved, but {view.value(standing.waits_for)} may still win"
        over = ", ".join(f"{view.value(each.conclusion)} ({each.rules[0]})" for each in lost)
        why = "overrules" if standing.wins == "overrules" else f"{WINS[standing.wins]}, over"
        if claim.kind == "triage":
            return f"{capital(why)} {over}" if over else ""
        return f"{words}, {why} {over}" if over else words

    def _reason(self, reason: Reason, named: str) -> Iterator[Line]:
        """The rule, those within its proof, and the questions behind it, but for what stands above."""
        needs, above, questions = dict[str, str](), dict[str, str](), dict[str, str]()
        told = {reason}
        for each, asked in self._within(reason):
            if isinstance(each, Reason):
                told.add(each)
                found = above if each in self._told else needs
                _note(found, each.rule, asked)
            else:
                for name in each.questions:
                    _note(questions, name, asked)
        self._told |= told
        # A person finds the answers below; what rules are called tells them nothing.
        if self._view.plain:
            yield Line(reason.because)
            return
        on: list[str] = []
        for why in dict.fromkeys(("", *needs.values(), *questions.values(), *above.values())):
            own = [", ".join(_of(found, why)) for found in (needs, questions)]
            as_above = [", ".join((*_of(above, why), "as above"))] if why in above.values() else []
            together = "; ".join(filter(None, (*own, *as_above)))
            if together:
                on.append(f"{why}: {together}" if why else together)
        needs_words = f" (on {'; '.join(on)})" if on else ""
        yield Line(f"{named}: {reason.because}{needs_words}")

    def _within(self, reason: Reason, within: str = "") -> Iterator[tuple[Reason | Ground, str]]:
        """What a reason stands on: rules that fired, and tests; what was told is not looked into again.

        Each comes with what it says of a question being asked, where only a skip wants it.
        """
        for premise, said in reason.told:
            asked = within or said
            if isinstance(premise, Ground):
                yield premise, asked
                continue
            for each in premise.reasons:
                if each.holds:
                    yield each, asked
                if each not in self._told:
                    yield from self._within(each, asked)

    def _ruled_out(self, claims: Iterable[Claim]) -> Iterator[Line]:
        """What is refuted at its weakest level, below the answers that rule it out."""
        found: dict[str, list[str]] = {}
        for claim in claims:
            patterns = self._view.rulebook.patterns
            called = patterns[claim.short].called if claim.kind == "pattern" else claim.words
            asked = self._tested(self._questions([claim])) or "no rule concludes it"
            found.setdefault(asked, []).append(f"{called}{self._view.id(claim.short)}")
        yield from (Line(f"- {asked}: {'; '.join(names)}") for asked, names in found.items())

    def _open(self, claims: Iterable[Claim]) -> Iterator[Line]:
        """What is open, below the questions that would settle it."""
        found: dict[str, list[str]] = {}
        for claim in claims:
            asked = ", ".join(self._asked(name) for _, name in claim.waits_for)
            found.setdefault(asked, []).append(claim.words)
        yield from (Line(f"- {asked}: {'; '.join(names)}") for asked, names in found.items())

    def _questions(self, claims: Iterable[Claim]) -> dict[str, str]:
        """The questions behind claims, each with what its answer says of another being asked, if no more."""
        found: dict[str, str] = {}
        for ground, asked in (each for claim in claims for each in asked_grounds(claim)):
            for name in ground.questions:
                _note(found, name, asked)
        return found

    def _tested(self, questions: Mapping[str, str]) -> str:
        """Questions by name, those last whose answers only say why another was asked."""
        told = []
        for why in dict.fromkeys(("", *questions.values())):
            names = [self._asked(name) for name in _of(questions, why)]
            of = f" ({why} of {'them' if names[1:] else 'it'})" if why else ""
            told += [f"{', '.join(names)}{of}"] if names else []
        return "; ".join(told)

    def _asked(self, question: str) -> str:
        return f'"{self._view.ask(question)}"' if self._view.plain else question

    def _answers(self) -> Iterator[Line]:
        view = self._view
        claims = self._claims.values()
        grounds = dict.fromkeys(each for claim in claims for each, _ in asked_grounds(claim))
        tested = self._questions(claims)
        said: dict[str, str] = {}
        sums: dict[str, None] = {}
        for ground in grounds:
            told = zip(ground.answers, ground.questions, ground.read_as, ground.behind, strict=True)
            for (_, answer), name, read, behind in told:
                words = f"{answer}, {behind[0]}" if behind else answer
                # The same answer may be read by one test, and taken as it was said by another.
                said[name] = max(said.get(name, ""), f"{words}, read as {read}" if read else words, key=len)
            if ground.working is not None and not view.plain:
                sums[f"{ground.subject}: {'; '.join(each.words for each in ground.working.steps)}"] = None
        alike: dict[str, dict[str, str]] = {}
        for name in view.rulebook.questions:
            if name in said:
                alike.setdefault(said[name], {})[name] = tested[name]
        yield from (Line(f"- {self._tested(names)}: {answer}") for answer, names in alike.items())
        yield from (Line(f"- {each}") for each in sums)


def _note(found: dict[str, str], name: str, asked: str) -> None:
    """What some rule tests for its own sake is no skip condition alone."""
    found[name] = found.get(name, asked) and asked


def _of(found: Mapping[str, str], why: str) -> Iterator[str]:
    return (name for name, asked in found.items() if asked == why)


def _too(standing: Standing | None, claim: Claim, reason: Reason) -> str:
    """The rule that decides, where fewer answers prove the same by another."""
    rules = (each.rules for each in standing.proved if each.conclusion == claim.id) if standing else ()
    first = next((each[0] for each in rules), reason.rule)
    return "" if first == reason.rule else f" (and {first})"
