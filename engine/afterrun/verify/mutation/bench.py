"""Every mutant tried on every case: which changes to the rules would go unnoticed.

A mutant is killed by a case whose expectations no longer hold. The rules' own examples are held
against it too, as a second column: they belong to the rule, not to the cases, and count apart.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from afterrun.inference import FactMaker, Facts, Lanes, cell_of_measure, facts_of
from afterrun.intake import Answers, read_answers
from afterrun.rulebook import Rulebook, Truth, engine_of
from afterrun.verify import examples_of
from afterrun.verify.cases import (
    LayOut,
    OfPlan,
    OfRule,
    OfSchedule,
    Owner,
    ReadIntake,
    Refused,
    Waits,
    WholeCases,
    WrittenCase,
    settled_anew,
)
from afterrun.verify.mutation.mutants import Mutant, mutants_of
from afterrun.verify.mutation.relinking import ChangedRulebook, Relinker
from afterrun.workers import map_in_order


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


class Bench:
    """A rulebook, its mutants, and the cases and examples to try them on."""

    def __init__(
        self, rulebook: Rulebook, cases: Sequence[WrittenCase], lay_out: LayOut | None = None
    ) -> None:
        """`lay_out` gives the weeks of a case, where the cases expect any. Raises CaseFailsError."""
        self.lay_out = lay_out
        self.mutants = list(mutants_of(rulebook))
        self.relinker = Relinker(rulebook, self.mutants)
        self.rulebook = self.relinker.rulebook
        self.whole = WholeCases(self.rulebook, cases, lay_out)
        self.whole.refuse_failing()
        self.cases, self.given, self.settled = self.whole.cases, self.whole.given, self.whole.settled
        self.examples = [(rule, each) for rule in rulebook.rules.values() for each in examples_of(rule)]
        # As they stand: what a record reads into a blank is not the rule's own example.
        self._answers_of_examples = [read_answers(self.rulebook, each.intake) for _, each in self.examples]
        self._facts_of_examples = [facts_of(self.rulebook, each) for each in self._answers_of_examples]
        self.settled_examples = settled_anew(self.rulebook, self._facts_of_examples)

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
            may_notice = lanes >> lane & 1 and _may_notice(case, mutant.owner, self.rulebook)
            if may_notice and self.whole.differs_under(relinked.rulebook, lane, given[lane], whole):
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


def with_facts(changed: ChangedRulebook, given: ReadIntake) -> ReadIntake:
    """What was read, as a changed rulebook understands it: only numbers made of answers can differ."""
    return given._replace(facts=_facts(changed, given.answers, given.facts))


def _facts(changed: ChangedRulebook, answers: Answers, before: Facts) -> Facts:
    if not changed.measures:
        return before
    number, facts = engine_of(changed.rulebook, FactMaker).numbers(answers.values), dict(before)
    for name in changed.measures:
        cell = cell_of_measure(changed.rulebook.variables[name], number)
        facts.pop(name, None)
        if cell is not None:
            facts[name] = cell
    return facts


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


def draw(mutants: Sequence[Mutant], count: int | None, seed: int, *, mixed: bool = False) -> list[Mutant]:
    """All of them, or some by chance, in the order in which they stand; or `mixed`, by chance."""
    places = random.Random(seed).sample(range(len(mutants)), min(count or len(mutants), len(mutants)))
    return [mutants[place] for place in (places if mixed else sorted(places))]


def _truth(lanes: Lanes, lane: int) -> Truth:
    return True if lanes.true >> lane & 1 else False if lanes.false >> lane & 1 else None
