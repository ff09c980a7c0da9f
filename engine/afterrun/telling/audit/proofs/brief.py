"""A proof in short: the conclusion, the rules it needs, the answers that matter, each proof once."""

from __future__ import annotations

from collections.abc import Iterator

from afterrun.telling.audit.proofs.tree import Claim, Ground, Reason, premise_words
from afterrun.telling.audit.view import View
from afterrun.telling.page import Line

MOST_NAMED = 4
"""Rules that are refuted and named one by one; more are counted."""


class Brief:
    """Tells claims one after the other, each proof once: what proves a conclusion above does so below."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._told: set[str] = set()

    def has_told(self, claim: Claim) -> bool:
        """Whether what proves a claim stands above."""
        return bool(claim.reasons) and claim.id in self._told

    def lines(self, claim: Claim, depth: int = 1) -> Iterator[Line]:
        """What a claim rests on, line by line."""
        if self.has_told(claim):
            yield Line("as above", depth)
            return
        self._told.add(claim.id)
        if claim.value is False:
            yield from self._refuted(claim, depth)
            return
        for reason in claim.reasons:
            yield from self.reason(reason, depth)

    def reason(self, reason: Reason, depth: int = 1) -> Iterator[Line]:
        """One rule with what it stands on."""
        rows = [key for key in reason.sources if key.startswith("row:")]
        cited = f" ({', '.join(rows)})" if rows else ""
        named = "" if self._view.plain else f"rule {reason.rule}{cited}: "
        yield Line(f"- {named}{reason.because}", depth)
        said: set[str] = set()
        for premise, asked in reason.told:
            lead = f"{asked}: " if asked else ""
            if isinstance(premise, Claim):
                yield Line(f"- {lead}{premise_words(premise, self._view.plain)}", depth + 1)
                yield from self.lines(premise, depth + 2)
                continue
            if lead:
                test = "" if self._view.plain else test_words(premise)
                yield Line(f"- {lead}{test}".rstrip(), depth + 1)
            for line in ground_lines(self._view, premise, depth + 1 + bool(lead)):
                # What several tests of one answer have in common is told once, but for a skip.
                if lead or line.text not in said:
                    said.add(line.text)
                    yield line

    def _refuted(self, claim: Claim, depth: int) -> Iterator[Line]:
        """The answers that refute every rule for a claim, each told once with how many it refutes."""
        rules = [reason.rule for reason in claim.reasons]
        if not rules:
            yield Line("nothing speaks for it" if self._view.plain else "no rule concludes it", depth)
            return
        if self._view.plain:
            yield Line("your answers rule out every reason for it:", depth)
        elif len(rules) <= MOST_NAMED:
            yield Line(f"refuted: {', '.join(rules)}", depth)
        else:
            yield Line(f"each of its {len(rules)} rules is refuted", depth)
        found: dict[str, str] = {}
        for ground, asked in dict.fromkeys(asked_grounds(claim)):
            for line in ground_lines(self._view, ground, depth):
                # What some rule tests for its own sake is no skip condition alone.
                found[line.text] = found.get(line.text, asked) and asked
        for text, asked in found.items():
            yield Line(f"- {asked}: {text.removeprefix('- ')}" if asked else text, depth)


def test_words(ground: Ground) -> str:
    """A test, and whether it holds."""
    return f"{ground.test} {'holds' if ground.holds else 'does not hold'}"


def ground_lines(view: View, ground: Ground, depth: int) -> Iterator[Line]:
    """The answers behind a test, and the number that is tested, where it is computed."""
    if ground.working is not None and not view.plain:
        sums = "; ".join(each.words for each in ground.working.steps)
        yield Line(f"- {test_words(ground)}: {sums}", depth)
    told = zip(ground.answers, ground.questions, ground.read_as, ground.behind, strict=True)
    for (ask, answer), name, read_as, behind in told:
        read = f", read as {read_as}" if read_as else f", {behind[0]}" if behind else ""
        yield Line(f'- {ask} "{answer}"{read}{view.id(name)}', depth)


def asked_grounds(claim: Claim, within: str = "") -> Iterator[tuple[Ground, str]]:
    """Every premise read off answers, in the order of reading; some may come twice.

    Each comes with what it says of a question being asked, where only a skip wants it.
    """
    for reason in claim.reasons:
        for premise, asked in reason.told:
            if isinstance(premise, Ground):
                yield premise, within or asked
            else:
                yield from asked_grounds(premise, within or asked)
