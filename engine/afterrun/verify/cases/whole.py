"""Whole cases held against a rulebook, all settled at once: where is a result not as its case expects?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from afterrun.assessment import how_soon, triage_again
from afterrun.errors import Problem, ProblemsError
from afterrun.inference import Facts, Lanes
from afterrun.rulebook import Rulebook
from afterrun.verify.cases.cases import WrittenCase, check_cases
from afterrun.verify.cases.expectations import differences
from afterrun.verify.cases.lanes import FactLanes, SettledLanes
from afterrun.verify.cases.outcomes import LayOut, Outcome, Refused, as_check_in, outcome_of
from afterrun.verify.cases.read import ReadIntake


class CaseFailsError(ProblemsError):
    """A case that does not hold under the rules as they are says nothing of what the cases see."""


class WholeCases:
    """Cases of one part of a rulebook, read and settled."""

    def __init__(
        self, rulebook: Rulebook, cases: Sequence[WrittenCase], lay_out: LayOut | None = None
    ) -> None:
        """`lay_out` gives the weeks of a case, where the cases expect any.

        Raises CaseError when a case speaks of what the rulebook does not have.
        """
        self.rulebook = rulebook
        self.cases = list(cases)
        self.given = check_cases(rulebook, cases)
        self.settled = settled_anew(rulebook, [each.facts for each in self.given])
        self._lay_out = lay_out
        self._how_soon = [_how_soon(rulebook, each) for each in self.given]

    def outcome(self, lane: int) -> Outcome:
        """What a case shows under the rules as they are."""
        return self._outcome(self.rulebook, lane, self.given[lane], self.settled.propositions)

    def differences(self, lane: int) -> list[str]:
        """Every way in which a case comes out otherwise than it expects."""
        try:
            return list(self._differing(self.outcome(lane), lane))
        except Refused as reason:
            return [f"the weeks of its plan cannot be laid out: {reason}"]

    def differs_under(
        self, rulebook: Rulebook, lane: int, given: ReadIntake, propositions: Mapping[str, Lanes]
    ) -> bool:
        """Whether a case notices a changed rulebook: what it reads of the answers, and what it settles."""
        return any(True for _ in self._differing(self._outcome(rulebook, lane, given, propositions), lane))

    def problems(self) -> list[Problem]:
        """Every difference of every case, with the case's place."""
        return [
            Problem(difference, case.file, case.line, case.id)
            for lane, case in enumerate(self.cases)
            for difference in self.differences(lane)
        ]

    def refuse_failing(self) -> None:
        """Raise CaseFailsError unless every case holds."""
        if found := self.problems():
            raise CaseFailsError(found)

    def _outcome(
        self, rulebook: Rulebook, lane: int, given: ReadIntake, propositions: Mapping[str, Lanes]
    ) -> Outcome:
        expect = self.cases[lane].expect
        lay_out = self._lay_out if "weeks" in expect else None
        asks = "open_questions" in expect
        return outcome_of(rulebook, given, truths_in(propositions, lane), lay_out, asks=asks)

    def _differing(self, outcome: Outcome, lane: int) -> Iterator[str]:
        """Where an outcome is not as the case expects, in the words in which cases speak."""
        if self.rulebook.enrolment is not None:
            outcome = as_check_in(outcome, self._how_soon[lane](outcome["triage"]))
        return differences(outcome, self.cases[lane].expect)


def settled_anew(rulebook: Rulebook, facts: Sequence[Facts]) -> SettledLanes:
    """A rulebook settled under facts that only it makes of the answers."""
    return SettledLanes(rulebook, FactLanes(facts, list(rulebook.variables)))


def truths_in(propositions: Mapping[str, Lanes], lane: int) -> dict[str, bool]:
    """What is settled in one lane."""
    return {
        name: bool(lanes.true >> lane & 1)
        for name, lanes in propositions.items()
        if (lanes.true | lanes.false) >> lane & 1
    }


def _how_soon(rulebook: Rulebook, read: ReadIntake) -> Callable[[str], str | None]:
    """How soon to be seen, by whether the plan goes on; the main part's say in it is asked only once."""
    given = read.check_in
    if given is None:
        return lambda status: None
    again = triage_again(rulebook, given, engine="compiled")
    return lambda status: how_soon(rulebook, status, given, again)
