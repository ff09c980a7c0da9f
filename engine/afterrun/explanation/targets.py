"""A name in, all that it stands for out: conclusions, what stands of several, numbers, rules, sources."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from afterrun.assessment import Case
from afterrun.errors import AfterrunError, UnknownNameError
from afterrun.explanation.citations import Citations
from afterrun.explanation.conclusions import Explanation, explanations_of
from afterrun.explanation.numbers.measures import measure_number
from afterrun.explanation.numbers.plan_keys import PlanNumber, plan_number
from afterrun.explanation.numbers.weeks import Weeks, names_a_week
from afterrun.explanation.rules import RuleStanding, SourceStanding, rule_standing, source_standing
from afterrun.explanation.standing import Standing, standing_of, subject_of
from afterrun.rulebook import Proposition, Rulebook, engine_of


class Explained(NamedTuple):
    """All that names stand for, each explained for one person."""

    explanations: tuple[Explanation, ...] = ()
    standings: tuple[Standing, ...] = ()
    """What stands of several, for everything that is explained of which several may be proved."""
    numbers: tuple[PlanNumber, ...] = ()
    rules: tuple[RuleStanding, ...] = ()
    sources: tuple[SourceStanding, ...] = ()


class Names:
    """Everything of a rulebook that can be explained by its name."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.plan_keys = {item.key for item in rulebook.plan}
        self.measures = rulebook.measures
        self.rules = rulebook.rules
        self.sources = {each.key for each in engine_of(rulebook, Citations)}
        self.propositions = rulebook.propositions
        self.conclusions = {*rulebook.propositions}
        for each in map(Proposition.parse, rulebook.propositions):
            self.conclusions |= {*each.parts, *itertools.accumulate(each.parts, "{}.{}".format)}
        self.questions = rulebook.questions

    def whole(self, name: str) -> bool:
        """Whether a name is all of one, and no short one that stands for many."""
        known = {*self.propositions, *self.plan_keys, *self.measures, *self.rules, *self.sources}
        return name in known or names_a_week(self.rulebook, name)

    def refuse(self, name: str, weeks: Iterable[str] = ()) -> None:
        """Say that there is nothing of that name, and what is near it, or how to ask about it.

        `weeks` are the amounts of one person's weeks, by their names.
        """
        if name in self.questions:
            raise AfterrunError(
                f"'{name}' is a question, and no conclusion. What hangs on it:  --why-asked {name}"
            )
        numbers = {*self.plan_keys, *weeks, *self.measures}
        known: Iterable[str] = {*self.conclusions, *numbers, *self.rules, *self.sources}
        raise UnknownNameError("conclusion, number of the plan, measure, rule or source", name, known)


def explained(case: Case, names: Iterable[str] = ()) -> Explained:
    """All that some names stand for, each once; without a name every conclusion that can be shown.

    A name is that of a conclusion, in full or short as `explain` takes it, of a key of the plan
    (`week5_volume`) or the amount of any week (`week9_volume`), of a measure (`weekly_rise_percent`), of
    a rule (`tendon-likely`) or of a source (`row:DX01`). What several things are
    called alike is explained for each of them. Raises UnknownNameError with the nearest names.
    """
    known = engine_of(case.rulebook, Names)
    names = list(dict.fromkeys(names))
    if not names:
        return _concluded(case, explanations_of(case))
    found, weeks = Explained(), Weeks(case)
    for name in names:
        found = _joined(found, _named(case, known, weeks, name))
    return found


def _named(case: Case, known: Names, weeks: Weeks, name: str) -> Explained:
    others = Explained(
        numbers=tuple(_numbers(case, known, weeks, name)),
        rules=(rule_standing(case, known.rules[name]),) if name in known.rules else (),
        sources=(source_standing(case, name),) if name in known.sources else (),
    )
    if name in known.conclusions:
        return _joined(_concluded(case, explanations_of(case, name), name), others)
    if not any(others):
        known.refuse(name, weeks.amounts)
    return others


def _numbers(case: Case, known: Names, weeks: Weeks, name: str) -> Iterator[PlanNumber]:
    """A key of the plan may be called as a week is whose amount comes from elsewhere."""
    planned = plan_number(case, name) if name in known.plan_keys else None
    if planned is not None:
        yield planned
    if names_a_week(case.rulebook, name) and (
        planned is None or (planned.value is None and name in weeks.amounts)
    ):
        yield weeks.number(name)
    if name in known.measures:
        yield measure_number(case, name)


def _concluded(case: Case, explanations: tuple[Explanation, ...], name: str = "") -> Explained:
    """Conclusions, and what stands of those that several prove, or that were asked for."""
    standings = []
    for subject in dict.fromkeys(filter(None, (subject_of(each.conclusion) for each in explanations))):
        each = standing_of(case, subject)
        whole = name in (subject, subject.partition(".")[2])
        # One sign must not stand behind another that gives the same level.
        signs = subject == "triage" and any(len(one.rules) > 1 for one in each.proved)
        several = len(each.proved) > 1 or (each.waits_for and each.proved) or signs
        if several or (name and whole and (each.proved or each.waits_for)):
            standings.append(each)
    # What stands of several says which is used, and nothing says it twice.
    told = {each.subject for each in standings}
    once = (
        each._replace(chosen="") if subject_of(each.conclusion) in told else each for each in explanations
    )
    return Explained(tuple(once), tuple(standings))


def _joined(first: Explained, second: Explained) -> Explained:
    return Explained(
        tuple({each.conclusion: each for each in (*first.explanations, *second.explanations)}.values()),
        tuple({each.subject: each for each in (*first.standings, *second.standings)}.values()),
        tuple({(each.kind, each.key): each for each in (*first.numbers, *second.numbers)}.values()),
        tuple({each.rule.id: each for each in (*first.rules, *second.rules)}.values()),
        tuple({each.citation.key: each for each in (*first.sources, *second.sources)}.values()),
    )
