"""What two rulebooks say otherwise: of which answers, from what to what, with an intake that shows it.

Compared is what a result shows (see `shown`), and the findings behind it. What hangs on something else that
is shown is compared where that is the same (see `candidates`): what a level hides or brings goes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, Literal, NamedTuple

from afterrun.assessment import Case
from afterrun.errors import Disagreement
from afterrun.rulebook import OPEN, Rulebook
from afterrun.verify.prove.changes.axes import Answer, axes_of
from afterrun.verify.prove.changes.candidates import NONE, Candidate, Kind, candidates
from afterrun.verify.prove.changes.joint import Joint, Side
from afterrun.verify.prove.changes.regions import Box, Regions
from afterrun.verify.prove.encoding.terms import Term, conj, disj
from afterrun.verify.prove.search import Intake, Undecided, intake_of

MOST_BOXES = 4
MOST_IN_PARTS = 24
"""Regions that are told in parts where they are not exact; of further ones what they have in common."""


class Condition(NamedTuple):
    """What one answer, option or measure is in a region."""

    subject: str
    option: str
    answers: tuple[Answer, ...]
    others: tuple[Answer, ...]
    """The answers that are possible and not among these."""


class Flip(NamedTuple):
    """One thing shown that differs, and where."""

    kind: Kind
    name: str
    was: str
    now: str
    at: tuple[str, ...]
    """It differs only at these triage levels: of both rulebooks, or of one where the level itself flips."""
    of: Literal["", "old", "new"]
    """Which rulebook acts on that level, where the level itself flips: the one that gives the weaker."""
    beside: bool
    """It differs only where both rulebooks show something of this name."""
    only: tuple[Condition, ...]
    """There it differs only here; none said means all that the above leaves."""
    always: tuple[tuple[Condition, ...], ...]
    """It differs everywhere in each of these; the same as `only` where exact; none for partial ones."""
    whole: bool
    """Whether it differs nowhere outside of `always`."""
    partial: bool
    """Only while questions are unanswered that apply."""
    had_none: bool
    """The old rulebook had no result for it: nothing was settled yet."""
    size: float
    intakes: tuple[Intake, Intake]
    """The plainest intake that shows it, as each rulebook reads it; they differ only by what one asks."""

    @property
    def exact(self) -> bool:
        """Whether one region says it all."""
        return self.whole and len(self.always) == 1


class Flips(NamedTuple):
    """All that two rulebooks say otherwise, the smallest region first."""

    flips: tuple[Flip, ...]
    undecided: tuple[str, ...]
    """What the solver gave up on."""
    apart: tuple[str, ...]
    """Questions that take another kind of answer now."""


class _Context(NamedTuple):
    """What a region is told against."""

    at: tuple[str, ...]
    of: Literal["", "old", "new"]
    beside: bool
    term: Term


def flips(old: Rulebook, new: Rulebook, watch: Callable[[str], None] = lambda name: None) -> Flips:
    """Every region of answers whose result flips from one rulebook to another.

    Each witness was assessed by both. Raises Disagreement where one does not flip. Not for several threads.
    """
    joint = Joint(old, new)
    finder = _Finder(joint)
    found: list[Flip] = []
    undecided: list[str] = []
    for (kind, name), group in groupby(candidates(joint), key=lambda each: each[:2]):
        watch(f"{kind} {name}")
        try:
            found += finder.flips(tuple(group))
        except Undecided:
            undecided.append(f"{kind} {name}")
    found.sort(key=lambda each: (each.kind == "finding", each.partial, each.size))
    return Flips(tuple(found), tuple(undecided), joint.apart)


class _Finder:
    def __init__(self, joint: Joint) -> None:
        self._joint = joint
        self._axes = axes_of(joint)
        self._told: dict[tuple[object, ...], Regions] = {}
        self._in_parts = 0

    def flips(self, group: Sequence[Candidate]) -> Iterator[Flip]:
        """Of one thing shown: where whole intakes differ; and of what no whole one shows, a partial one."""
        joint = self._joint
        if not joint.search.possible(disj(each.term for each in group)):
            return
        whole = joint.search.some_of([each.term for each in group], joint.complete)
        for place in sorted(whole):
            yield from self._whole(group[place])
        if group[0].kind == "finding":
            return
        rest = [each for place, each in enumerate(group) if place not in whole]
        # What had a result weighs more than what had none.
        for had_none in (False, True):
            some = [each for each in rest if each.had_none is had_none]
            while found := joint.search.some_of([each.term for each in some], most=1):
                each = some.pop(min(found))
                intakes = self._witness(each, (each.term,))
                if intakes is not None:
                    yield Flip(*each[:4], (), "", False, (), (), False, True, each.had_none, 0.0, intakes)
                    return

    def _whole(self, each: Candidate) -> Iterator[Flip]:
        joint = self._joint
        context = self._context(each)
        regions = self._regions(each, context)
        region = regions.of(each.term, MOST_BOXES if self._in_parts < MOST_IN_PARTS else 0)
        assert region is not None  # it is possible
        self._in_parts += len(region.boxes) > 1
        inside = regions.term(region.boxes[0] if region.boxes else region.hull)
        intakes = self._witness(each, (each.term, inside, joint.complete), (each.term, joint.complete))
        if intakes is None:
            return
        yield Flip(
            *each[:4],
            *context[:3],
            self._conditions(regions, region.hull),
            tuple(self._conditions(regions, box) for box in region.boxes),
            region.whole,
            False,
            each.had_none,
            region.size,
            intakes,
        )

    def _regions(self, each: Candidate, context: _Context) -> Regions:
        """What tells regions in a context; what is possible there is looked up once."""
        key = (context.at, context.of, *((each.kind, each.name) if context.beside else ()))
        if key not in self._told:
            within = conj((self._joint.complete, context.term))
            self._told[key] = Regions(self._joint.search, self._axes, within)
        return self._told[key]

    def _context(self, each: Candidate) -> _Context:
        joint = self._joint
        old, new = (side.shown.levels for side in joint.sides)
        if each.kind == "finding":
            return _Context((), "", False, True)
        if each.kind == "triage":
            order = [*old, *(name for name in new if name not in old)]
            if order.index(each.was) > order.index(each.now):
                return _Context((each.was,), "old", False, old[each.was])
            return _Context((each.now,), "new", False, new[each.now])
        at = tuple(
            level
            for level in old
            if level in new and joint.search.possible(joint.complete, each.term, old[level], new[level])
        )
        term = conj((each.beside, disj(conj((old[level], new[level])) for level in at)))
        return _Context(at, "", each.beside is not True, term)

    def _conditions(self, regions: Regions, box: Box) -> tuple[Condition, ...]:
        found = []
        for axis, inside, possible in regions.told(box):
            others = tuple(axis.answers[place] for place in possible if place not in inside)
            found.append(
                Condition(axis.subject, axis.option, tuple(axis.answers[place] for place in inside), others)
            )
        return tuple(found)

    def _witness(self, each: Candidate, *wanted: tuple[Term, ...]) -> tuple[Intake, Intake] | None:
        """The plainest intake that flips when it is assessed, of the first of the terms that give one.

        None where only numbers would that are finer than an intake can hold.
        """
        joint = self._joint
        worlds = tuple(side.world for side in joint.sides)
        read = False
        for terms in wanted:
            found = joint.search.witnesses(*terms, worlds=worlds)
            if not found:
                continue
            read = True
            one, other = (
                intake_of(side.rulebook, answers) for side, answers in zip(joint.sides, found, strict=True)
            )
            if _said(joint.old, each, one) != _said(joint.new, each, other):
                return one, other
        if not read:
            return None
        raise Disagreement(f"the solver says that {each.kind} {each.name} flips, and the evaluator does not")


def _said(side: Side, each: Candidate, intake: Intake) -> Any:
    """What the evaluator really shows of it."""
    case = Case.of(side.rulebook, intake, "reference")
    match each.kind:
        case "triage":
            return case.level.id
        case "pattern":
            return dict(case.patterns).get(each.name, NONE)
        case "intervention":
            return [entry.status for entry in case.entries if entry.id == each.name]
        case "start":
            listed = (entry for entry in case.entries if entry.id == each.name)
            return [entry.from_week for entry in listed]
        case "plan":
            return case.plan.values.get(each.name, OPEN)
        case "finding":
            return case.truths.get(each.name)
