"""What would have to be otherwise: every smallest set of answers that would prove or refute something."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from afterrun.assessment import Case
from afterrun.errors import AfterrunError, EngineFault
from afterrun.explanation.conclusions import propositions_named
from afterrun.explanation.counterfactual.answer_changes import ChangeMaker
from afterrun.explanation.counterfactual.number_ranges import NumberRange, nearest_by_run, ranges_of
from afterrun.explanation.counterfactual.search import ChangeSearch, ChangeSet
from afterrun.explanation.targets import refuse_what_is_no_conclusion
from afterrun.explanation.words import TRUTH_WORDS
from afterrun.intake import Answers, Value, as_intake, plain
from afterrun.rulebook import UNKNOWN, Rulebook, Truth

AT_MOST = 3
"""Answers changed at once, unless the caller asks for more."""


class AnswerChange(NamedTuple):
    """One question answered otherwise."""

    question: str
    now: Any
    """The answer as given, None when there is none."""
    instead: Any
    ticked: tuple[str, ...] = ()
    unticked: tuple[str, ...] = ()
    range: NumberRange | None = None
    """For a number: all that would do, of which `instead` is one; None if it hangs on another change."""

    def to_dict(self) -> dict[str, Any]:
        """The change as JSON."""
        more = {
            "ticked": list(self.ticked),
            "unticked": list(self.unticked),
            "range": self.range.to_dict() if self.range else None,
        }
        return {
            "question": self.question,
            "now": self.now,
            "instead": self.instead,
            **{key: value for key, value in more.items() if value},
        }


class NearestChange(NamedTuple):
    """A set of changes that suffices, and no part of which does."""

    changes: tuple[AnswerChange, ...]
    size: int
    """Answers and ticks changed."""
    intake: Mapping[str, Any]
    """The changed intake, to be run."""

    def to_dict(self) -> dict[str, Any]:
        """The set as JSON."""
        return {
            "size": self.size,
            "changes": [change.to_dict() for change in self.changes],
            "intake": dict(self.intake),
        }


class Nearest(NamedTuple):
    """All that would make one proposition true, or false."""

    conclusion: str
    value: Truth
    """What it is now."""
    wanted: bool
    at_most: int
    sets: tuple[NearestChange, ...]
    fixed: tuple[str, ...] = ()
    """The questions behind it that are held fixed, for nobody can act on their answers."""

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON."""
        return {
            "conclusion": self.conclusion,
            "value": TRUTH_WORDS[self.value],
            "wanted": TRUTH_WORDS[self.wanted],
            "at_most": self.at_most,
            "fixed": list(self.fixed),
            "sets": [each.to_dict() for each in self.sets],
        }


def nearest_changes(
    rulebook: Rulebook,
    intake: Mapping[str, Any] | Answers,
    conclusion: str,
    wanted: bool | None = None,
    *,
    at_most: int = AT_MOST,
) -> tuple[Nearest, ...]:
    """Every smallest set of answer changes that would prove or refute a conclusion, smallest first.

    `conclusion` is a proposition or a shorter name, as in `explain`. Without `wanted`: what is true is
    refuted, what is false is proved, and what is open both. A change is an option ticked or unticked,
    another choice, or a number moved up or down; questions that the rulebook declares unchangeable are
    left alone. A set is smallest when no part of it, with whatever numbers, suffices. Each is replayed
    before it is given: EngineFault when a replay disagrees with the search.
    """
    if at_most < 1:
        raise AfterrunError(f"at most {at_most} changes are none at all; ask for 1 or more")
    case = Case.of(rulebook, intake, "compiled")
    refuse_what_is_no_conclusion(case, conclusion)
    case = replace(case, answers=case.answers._replace(units=_with_units(rulebook, case.answers)))
    return tuple(
        Nearest(
            name,
            case.truths.get(name),
            aim,
            at_most,
            _sets(case, name, aim, at_most),
            ChangeMaker(case, name).fixed(),
        )
        for name in propositions_named(rulebook, conclusion)
        for aim in ((True, False) if wanted is None else (wanted,))
        if case.truths.get(name) is not aim
    )


def _sets(case: Case, proposition: str, wanted: bool, at_most: int) -> tuple[NearestChange, ...]:
    rulebook = case.rulebook
    maker = ChangeMaker(case, proposition)
    search = ChangeSearch(rulebook, case.facts, maker.changes(at_most))

    def allowed(chosen: ChangeSet) -> bool:
        return maker.answered(chosen) is not None

    order = {name: place for place, name in enumerate(rulebook.questions)}
    replay = _Replay(rulebook, maker, proposition)
    sets = []
    for alternatives in search.smallest(proposition, wanted, at_most, allowed):
        for chosen, run in nearest_by_run(rulebook, alternatives):
            values = maker.answered(chosen)
            assert values is not None
            values = {name: values[name] for name in order if name in values}
            each = _as_set(case, chosen, values, ranges_of(case, run))
            replay.check(each, chosen, wanted)
            sets.append(each)
    return tuple(sorted(sets, key=lambda each: _plausibility(rulebook, order, each)))


def _plausibility(rulebook: Rulebook, order: Mapping[str, int], each: NearestChange) -> tuple[Any, ...]:
    """Smallest first; among equals, answers of the safety screen last, and "I don't know" after answers."""
    questions = [rulebook.questions[change.question] for change in each.changes]
    safety = sum(rulebook.sections[question.section].safety for question in questions)
    unsure = sum(change.instead == UNKNOWN.value for change in each.changes)
    return each.size, safety, unsure, [order[question.id] for question in questions]


def _with_units(rulebook: Rulebook, answers: Answers) -> dict[str, str]:
    """The units as named, and the first on offer where none was, so that a number can be proposed."""
    first = {each.unit_key: each.units[0].id for each in rulebook.quantities.values()}
    return {**first, **answers.units}


def _as_set(
    case: Case, chosen: ChangeSet, values: Mapping[str, Value], ranges: Mapping[str, NumberRange]
) -> NearestChange:
    rulebook, answers = case.rulebook, case.answers
    changes = []
    for name, value in values.items():
        now = answers.values.get(name)
        if now == value:
            continue
        question = rulebook.questions[name]
        old = now if isinstance(now, frozenset) else frozenset()
        new = value if isinstance(value, frozenset) else frozenset()
        options = [option.id for option in question.options]
        changes.append(
            AnswerChange(
                name,
                None if now is None else plain(question, now),
                plain(question, value),
                tuple(option for option in options if option in new - old),
                tuple(option for option in options if option in old - new),
                ranges.get(name),
            )
        )
    changed = as_intake(rulebook, Answers(values, answers.units, answers.record_id))
    return NearestChange(tuple(changes), sum(len(change.keys) for change in chosen), changed)


class _Replay:
    """Runs changed intakes again, the way they would be run by hand; what was run once is remembered."""

    def __init__(self, rulebook: Rulebook, maker: ChangeMaker, proposition: str) -> None:
        self._rulebook = rulebook
        self._maker = maker
        self._proposition = proposition
        self._parts: dict[frozenset[int], Truth] = {}

    def check(self, each: NearestChange, chosen: ChangeSet, wanted: bool) -> None:
        """Fail closed unless the changed intake gives what is wanted, and no part of the changes does."""
        if self._truth(each.intake) is not wanted:
            raise EngineFault(
                f"replayed, a change does not settle {self._proposition} as the search found it to"
            )
        for count in range(1, len(chosen)):
            for part in itertools.combinations(chosen, count):
                if self._part(part) is wanted:
                    raise EngineFault(f"a part of a change that was found settles {self._proposition}")

    def _part(self, part: ChangeSet) -> Truth:
        key = frozenset(map(id, part))
        if key not in self._parts:
            values = self._maker.answered(part)
            self._parts[key] = None if values is None else self._truth(Answers(values, {}))
        return self._parts[key]

    def _truth(self, intake: Mapping[str, Any] | Answers) -> Truth:
        return Case.of(self._rulebook, intake, "compiled").truths.get(self._proposition)
