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
from afterrun.explanation.words import plan_uses
from afterrun.rulebook import Proposition, Rulebook, engine_of, names_in
from afterrun.rulebook.schema import PlanItem


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


def refuse_what_is_no_conclusion(case: Case, name: str) -> None:
    """Say of a name that no answers prove or refute what it is, and with what changes can be tried."""
    known = engine_of(case.rulebook, Names)
    if name in known.conclusions:
        return
    weeks = Weeks(case)
    # What a key of the plan and a week that is called alike hang on is the same.
    if number := next(_numbers(case, known, weeks, name), None):
        kind = "measure" if number.kind == "measure" else "number of the plan"
        what = f"'{name}' is a {kind}, and no conclusion: nothing proves or refutes it."
        raise AfterrunError(what, *_ways_to(case, number, weeks))
    if name in known.rules:
        ways = "".join(f"  --nearest {each}" for each in known.rules[name].conclusions)
        raise AfterrunError(f"'{name}' is a rule, and no conclusion. What it concludes:{ways}")
    if name in known.sources:
        raise AfterrunError(f"'{name}' is a source, and no conclusion. What rests on it:  --why {name}")
    if name in known.questions:
        known.refuse(name)


def _ways_to(case: Case, number: PlanNumber, weeks: Weeks) -> Iterator[str]:
    """What a number hangs on: answers, the values that rules chose, and whether it is in the plan."""
    week = number.kind == "week"
    names = set(weeks.made_from(number.key)) if week else {number.key}
    items = [each for each in case.rulebook.plan if each.key in names]
    used = (name for item in items for name in _asked(case.rulebook, item))
    # A week is made from the one before, and so on back to keys of the plan.
    read = [] if week else [each.question for each in number.inputs]
    first, *others = dict.fromkeys(read or used) or [""]
    if first:
        more = f"; or {', '.join(others)}" if others else ""
        yield f"It is made from answers. To try another:  --what-if {first}=VALUE{more}"
    waits_for = (each.name for line in number.lines for each in line.waits_for)
    stands = (subject_of(name) or name for name in waits_for if name in case.rulebook.propositions)
    ways = {
        "What rules chose for it can change": (each.subject for each in number.choices),
        "Whether it is in the plan can change": stands,
    }
    for what, subjects in ways.items():
        if told := "".join(f"  --nearest {name}" for name in dict.fromkeys(subjects)):
            yield f"{what}:{told}"


def _asked(rulebook: Rulebook, item: PlanItem) -> Iterator[str]:
    """The questions that a line of the plan is made from, those behind its measures among them."""
    yield from (name for name in rulebook.questions if plan_uses(item, name))
    formulas = [item.formula] if item.formula is not None else []
    for formula in formulas:
        measures = [rulebook.measures[name] for name in names_in(formula) if name in rulebook.measures]
        formulas += [each.formula for each in measures]
        for each in measures:
            yield from (name for name in names_in(each.formula) if name in rulebook.questions)


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
        known.refuse(name, weeks.told)
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
        # Of everything, the level acted on is told first, whatever there is of it.
        asked_for = whole and (each.proved or each.waits_for) if name else subject == "triage"
        if several or asked_for:
            standings.append(each)
    return Explained(explanations, tuple(standings))


def _joined(first: Explained, second: Explained) -> Explained:
    return Explained(
        tuple({each.conclusion: each for each in (*first.explanations, *second.explanations)}.values()),
        tuple({each.subject: each for each in (*first.standings, *second.standings)}.values()),
        tuple({(each.kind, each.key): each for each in (*first.numbers, *second.numbers)}.values()),
        tuple({each.rule.id: each for each in (*first.rules, *second.rules)}.values()),
        tuple({each.citation.key: each for each in (*first.sources, *second.sources)}.values()),
    )
