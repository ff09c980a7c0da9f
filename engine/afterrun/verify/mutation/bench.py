"""Every mutant tried on every case: which changes to the rules would go unnoticed.

A mutant is killed by a case whose expectations no longer hold. The rules' own examples are held
against it too, as a second column: they belong to the rule, not to the cases, and count apart.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from afterrun.assessment import how_soon, part_of, triage_again
from afterrun.errors import AfterrunError
from afterrun.inference import FactMaker, Facts, Lanes, facts_of
from afterrun.intake import Answers, read_answers, read_check_in
from afterrun.rulebook import Rulebook, Truth, engine_of
from afterrun.verify import examples_of
from afterrun.verify.cases import (
    FactLanes,
    LayOut,
    OfPlan,
    OfRule,
    OfSchedule,
    Outcome,
    Owner,
    ReadIntake,
    Refused,
    SettledLanes,
    Waits,
    WrittenCase,
    as_check_in,
    check_cases,
    differences,
    outcome_of,
    read_intake,
)
from afterrun.verify.mutation.mutants import Mutant, mutants_of
from afterrun.verify.mutation.relinking import ChangedRulebook, Relinker
from afterrun.verify.mutation.workers import map_in_order


class Trial(NamedTuple):
    """One mutant and what noticed it."""

    mutant: Mutant
    by_cases: tuple[str, ...]
    """The ids of cases whose expectations no longer hold; the first alone, unless all were asked for."""
    by_examples: tuple[str, ...]
    """The ids of rules with an example that does otherwise; the first alone, unless all were asked for."""
    stillborn: bool = False
    """A rule would wait for its own conclusion, or a week has no days: loading refuses such a rulebook."""

    @property
    def survives(self) -> bool:
        """Whether no case notices it."""
        return not self.by_cases and not self.stillborn


class CaseFailsError(AfterrunError):
    """A case that does not hold under the rules as they are cannot notice a change of them."""

    def __init__(self, failing: Mapping[str, Sequence[str]]) -> None:
        self.failing = failing
        super().__init__(*(f"{name}: {'; '.join(each)}" for name, each in failing.items()))


class Bench:
    """A rulebook, its mutants, and the cases and examples to try them on."""

    def __init__(
        self, rulebook: Rulebook, cases: Sequence[WrittenCase], lay_out: LayOut | None = None
    ) -> None:
        """`lay_out` gives the weeks of a case, where the cases expect any."""
        check_cases(rulebook, cases)
        self.lay_out = lay_out
        self.mutants = list(mutants_of(rulebook))
        self.relinker = Relinker(rulebook, self.mutants)
        self.rulebook = self.relinker.rulebook
        self.cases = list(cases)
        self.given = [read_intake(self.rulebook, case.answers) for case in cases]
        self._how_soon = [_how_soon(self.rulebook, case) for case in cases]
        self.settled = self._settle([each.facts for each in self.given])
        self.examples = [(rule, each) for rule in rulebook.rules.values() for each in examples_of(rule)]
        # As they stand: what a record reads into a blank is not the rule's own example.
        self._answers_of_examples = [read_answers(self.rulebook, each.intake) for _, each in self.examples]
        self._facts_of_examples = [facts_of(self.rulebook, each) for each in self._answers_of_examples]
        self.settled_examples = self._settle(self._facts_of_examples)
        self._refuse_failing_cases()

    def try_all(
        self,
        mutants: Sequence[Mutant],
        *,
        jobs: int = 1,
        until: float | None = None,
        every_killer: bool = False,
    ) -> Iterator[Trial]:
        """Each mutant in turn, but none once the clock (`time.monotonic`) has passed `until`."""

        def try_in_time(mutant: Mutant) -> Trial | None:
            late = until is not None and time.monotonic() > until
            return None if late else self.try_one(mutant, every_killer)

        tried = map_in_order(try_in_time, mutants, jobs, chunk=50)
        return (each for each in tried if each is not None)

    def try_one(self, mutant: Mutant, every_killer: bool = False) -> Trial:
        """What notices one mutant."""
        try:
            relinked = self.relinker.apply(mutant)
            by_cases = self._killing_cases(relinked, mutant)
            by_examples = self._killing_examples(relinked, mutant)
            if not every_killer:
                return Trial(mutant, tuple(islice(by_cases, 1)), tuple(islice(by_examples, 1)))
            return Trial(mutant, tuple(by_cases), tuple(dict.fromkeys(by_examples)))
        except (Waits, Refused):
            return Trial(mutant, (), (), stillborn=True)

    def outcome(self, lane: int) -> Outcome:
        """What a case shows under the rules as they are."""
        return self._outcome(self.rulebook, lane, self.given[lane], self.settled.propositions)

    def _killing_cases(self, relinked: ChangedRulebook, mutant: Mutant) -> Iterator[str]:
        given: Sequence[ReadIntake] = self.given
        if relinked.same_facts:
            changed, _ = self.settled.changed(relinked.rulebook, relinked.rules)
        else:
            given = [with_facts(relinked, each) for each in given]
            changed = settled_anew(relinked.rulebook, [each.facts for each in given]).propositions
        settled_otherwise = 0
        for name, now in changed.items():
            before = self.settled.propositions.get(name, Lanes(0, self.settled.facts.everywhere))
            settled_otherwise |= (before.true ^ now.true) | (before.false ^ now.false)
        whole = {**self.settled.propositions, **changed}
        lanes = settled_otherwise if relinked.only_rules else self.settled.facts.everywhere
        # Where something is settled otherwise a case most likely notices.
        for lane in sorted(range(len(self.cases)), key=lambda lane: not settled_otherwise >> lane & 1):
            case = self.cases[lane]
            if lanes >> lane & 1 and _may_notice(case, mutant.owner, self.rulebook):
                outcome = self._outcome(relinked.rulebook, lane, given[lane], whole)
                if any(True for _ in differences(self._said(outcome, lane), case.expect)):
                    yield case.id

    def _killing_examples(self, relinked: ChangedRulebook, mutant: Mutant) -> Iterator[str]:
        if relinked.same_facts:
            _, rules = self.settled_examples.changed(relinked.rulebook, relinked.rules)
        else:
            known = zip(self._answers_of_examples, self._facts_of_examples, strict=True)
            facts = [_facts(relinked, answers, before) for answers, before in known]
            rules = settled_anew(relinked.rulebook, facts).rules
        for lane, (rule, example) in enumerate(self.examples):
            # Whoever drops a rule drops its examples with it.
            dropped = mutant.now is None and mutant.owner == OfRule(rule.id)
            if rule.id in rules and not dropped and _truth(rules[rule.id], lane) is not example.wanted:
                yield rule.id

    def _outcome(
        self, rulebook: Rulebook, lane: int, given: ReadIntake, propositions: Mapping[str, Lanes]
    ) -> Outcome:
        """What a case shows, with the weeks where it expects some."""
        expect = self.cases[lane].expect
        lay_out = self.lay_out if "weeks" in expect else None
        asks = "open_questions" in expect
        return outcome_of(rulebook, given, truths_in(propositions, lane), lay_out, asks=asks)

    def _refuse_failing_cases(self) -> None:
        failing = {}
        for lane, case in enumerate(self.cases):
            found = list(differences(self._said(self.outcome(lane), lane), case.expect))
            if found:
                failing[case.id] = found
        if failing:
            raise CaseFailsError(failing)

    def _said(self, outcome: Outcome, lane: int) -> Outcome:
        """The outcome of a case in the words in which the case speaks of it."""
        if self.rulebook.enrolment is None:
            return outcome
        return as_check_in(outcome, self._how_soon[lane](outcome["triage"]))

    def _settle(self, facts: Sequence[Facts]) -> SettledLanes:
        return settled_anew(self.rulebook, facts)


def with_facts(changed: ChangedRulebook, given: ReadIntake) -> ReadIntake:
    """What was read, as a changed rulebook understands it: only numbers made of answers can differ."""
    return given._replace(facts=_facts(changed, given.answers, given.facts))


def _facts(changed: ChangedRulebook, answers: Answers, before: Facts) -> Facts:
    if not changed.measures:
        return before
    maker, facts = engine_of(changed.rulebook, FactMaker), dict(before)
    for name in changed.measures:
        cell = maker.measured(changed.rulebook.variables[name], answers.values)
        facts.pop(name, None)
        if cell is not None:
            facts[name] = cell
    return facts


def settled_anew(rulebook: Rulebook, facts: Sequence[Facts]) -> SettledLanes:
    """A rulebook settled under facts that only it makes of the answers."""
    return SettledLanes(rulebook, FactLanes(facts, list(rulebook.variables)))


def _may_notice(case: WrittenCase, owner: Owner, rulebook: Rulebook) -> bool:
    """Whether a case speaks of what a change can touch."""
    expect = case.expect
    if isinstance(owner, OfSchedule):
        return "weeks" in expect
    if isinstance(owner, OfPlan):
        named = (*expect.get("plan", ()), *expect.get("not_plan", ()))
        whole = {"whole_plan", "open_questions", "weeks"} & expect.keys()
        return rulebook.plan[owner.place].key in named or bool(whole)
    return True


def draw(mutants: Sequence[Mutant], count: int | None, seed: int) -> list[Mutant]:
    """All of them, or some by chance in the order in which they stand."""
    if count is None or count >= len(mutants):
        return list(mutants)
    places = sorted(random.Random(seed).sample(range(len(mutants)), count))
    return [mutants[place] for place in places]


def _how_soon(rulebook: Rulebook, case: WrittenCase) -> Callable[[str], str | None]:
    """How soon to be seen, by whether the plan goes on; the main part's say in it is asked only once."""
    if rulebook.enrolment is None:
        return lambda status: None
    given = read_check_in(rulebook, *part_of(rulebook), case.answers)
    again = triage_again(rulebook, given, engine="compiled")
    return lambda status: how_soon(rulebook, status, given, again)


def truths_in(propositions: Mapping[str, Lanes], lane: int) -> dict[str, bool]:
    """What is settled in one lane."""
    return {
        name: bool(lanes.true >> lane & 1)
        for name, lanes in propositions.items()
        if (lanes.true | lanes.false) >> lane & 1
    }


def _truth(lanes: Lanes, lane: int) -> Truth:
    return True if lanes.true >> lane & 1 else False if lanes.false >> lane & 1 else None
