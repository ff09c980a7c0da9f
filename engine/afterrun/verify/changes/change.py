"""All that changed between two rulebooks, part by part, and the level of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from afterrun.errors import AfterrunError
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Question
from afterrun.verify.changes.approvals import Approval, approvals_taken_back
from afterrun.verify.changes.structure import Edit, edits_between
from afterrun.verify.changes.versions import LEVELS, Level, follows, next_version
from afterrun.workers import map_in_order

if TYPE_CHECKING:
    from afterrun.verify.prove import Flip, Flips


_UNSEEN = {
    ("plan value", "whole"),
    ("plan value", "quantity"),
    ("plan value", "unit"),
    ("parameter", "unit"),
    ("measure", "unit"),
    ("question", "unit"),
    ("intervention", "kind"),
    ("intervention", "order"),
    ("pattern", "order"),
}
"""What shapes a result, as it is shown, and is none of what the solver compares."""


class AnotherRulebook(AfterrunError):
    """Two rulebooks are not two versions of one."""


class Reason(NamedTuple):
    """Why a change has at least some level."""

    level: Level
    words: str
    unknown: bool = False
    """Whether it may be no reason: the solver gave up."""


class PartChange(NamedTuple):
    """What changed in one part of a rulebook."""

    part: str
    """Empty for the main one."""
    old: Rulebook
    new: Rulebook
    edits: tuple[Edit, ...]
    flips: tuple[Flip, ...]
    undecided: tuple[str, ...]
    apart: tuple[str, ...]
    only_old: tuple[str, ...]
    """Questions that only the old rulebook asks."""
    only_new: tuple[str, ...]
    approvals: tuple[Approval, ...]
    reasons: tuple[Reason, ...]

    @property
    def level(self) -> Level:
        """The highest that any reason demands."""
        return max((each.level for each in self.reasons), key=LEVELS.index, default="none")


class RulebookChange(NamedTuple):
    """What changed in a rulebook with all its parts."""

    parts: tuple[PartChange, ...]
    gone: tuple[str, ...]
    """Parts that only the old rulebook has."""
    came: tuple[str, ...]

    @property
    def level(self) -> Level:
        """The highest of any part; a part that is gone had results."""
        of_parts: list[Level] = [each.level for each in self.parts]
        if self.gone:
            of_parts.append("major")
        if self.came:
            of_parts.append("minor")
        return max(of_parts, key=LEVELS.index)

    @property
    def versions(self) -> tuple[str, str]:
        """Of the main part, before and after."""
        main = self.parts[0]
        return main.old.identity.version, main.new.identity.version

    @property
    def least_version(self) -> str:
        """The least version that the new rulebook may have. Raises NoVersion where the old has none."""
        return next_version(self.versions[0], self.level)

    @property
    def version_followed(self) -> bool:
        """Whether the new rulebook's version is high enough."""
        return follows(*self.versions, self.level)


Watch = Callable[[str], None]


def change_between(
    old: Mapping[str, Rulebook],
    new: Mapping[str, Rulebook],
    watch: Watch = lambda _: None,
    *,
    jobs: int = 1,
) -> RulebookChange:
    """What changed between two rulebooks, each with every part by its name, the main one by an empty one.

    Wants the extra `prove`. Takes some seconds to a minute for each part; with `jobs` above 1 the solver goes
    over the parts in forked processes, and the caller should have no other threads. Raises AnotherRulebook.
    """
    names = [parts[""].identity.name for parts in (old, new) if "" in parts]
    if len({*names}) > 1:
        raise AnotherRulebook(f"{names[0]} and {names[1]} are two rulebooks, and not two versions of one")
    both = [name for name in old if name in new]
    # A part rests on the main one, too.
    edits = {name: edits_between(old[name], new[name]) for name in both}
    changed = {name for name in both if any(each.sort == "meaning" for each in edits[name])}
    # What is written alike does alike: then there is nothing to ask the solver.
    asked = [name for name in both if changed & {"", name}]

    def flips_of(name: str) -> Flips:
        from afterrun.verify.prove import flips  # with the solver

        return flips(old[name], new[name], watch)

    found = dict(zip(asked, map_in_order(flips_of, asked, jobs, chunk=1), strict=True))
    return RulebookChange(
        tuple(_part_change(name, old[name], new[name], edits[name], found.get(name)) for name in both),
        tuple(name for name in old if name not in new),
        tuple(name for name in new if name not in old),
    )


def _part_change(
    part: str, old: Rulebook, new: Rulebook, edits: tuple[Edit, ...], found: Flips | None
) -> PartChange:
    return PartChange(
        part,
        old,
        new,
        edits,
        found.flips if found else (),
        found.undecided if found else (),
        found.apart if found else (),
        tuple(name for name in old.questions if name not in new.questions),
        tuple(name for name in new.questions if name not in old.questions),
        approvals_taken_back(old, new),
        tuple(_reasons(old, new, edits, found)),
    )


def _reasons(old: Rulebook, new: Rulebook, edits: Sequence[Edit], found: Flips | None) -> Iterator[Reason]:
    if edits:
        yield Reason("patch", "something is written otherwise")
    if any(each.sort == "weeks" for each in edits):
        yield Reason(
            "major", "the weeks of a plan are laid out by other rules, which the solver does not see"
        )
    for each in edits:
        if (each.kind, each.path) in _UNSEEN or (each.kind == "quantity" and each.sort == "meaning"):
            yield Reason("major", f"{each.kind} {each.name}: the solver does not see how it is shown")
    for each in edits:
        if each.kind == "rule" and _tells_at_once(old, new, each):
            yield Reason("major", f"rule {each.name}: the solver does not see what is told at once")
    shown = [each for each in found.flips if each.kind != "finding"] if found else []
    if any(not each.had_none for each in shown):
        yield Reason("major", "a result flips")
    elif shown:
        yield Reason("minor", "answers that had no result have one")
    for name in found.undecided if found else ():
        yield Reason("major", f"the solver gave up on {name}, which may flip", True)
    for name in found.apart if found else ():
        yield Reason("major", f"{name} takes another kind of answer")
    yield from _asked_reasons(old, new)


def _tells_at_once(old: Rulebook, new: Rulebook, edit: Edit) -> bool:
    """Whether an edit is of when a rule, in either rulebook, tells something before all else."""
    rules = [book.rules[edit.name] for book in (old, new) if edit.name in book.rules]
    at_once = any(rule.written is not None and rule.written.at_once for rule in rules)
    return at_once and edit.sort == "meaning"


def _asked_reasons(old: Rulebook, new: Rulebook) -> Iterator[Reason]:
    """What can be answered that could not, and the other way round."""
    ways: Sequence[tuple[Rulebook, Rulebook, Level, str]] = (
        (old, new, "major", "no longer"),
        (new, old, "minor", "newly"),
    )
    for one, other, level, words in ways:
        for name, question in one.questions.items():
            if name not in other.questions:
                yield Reason(level, f"{name} is {words} asked")
                continue
            gone = _answers(question) - _answers(other.questions[name])
            for each in sorted(gone):
                yield Reason(level, f"{name}: {each} can {words} be answered")
            if _is_of_screen(one, question) and not _is_of_screen(other, other.questions[name]):
                # Where the screen is not answered whole there is no plan.
                yield Reason("major", f"{name} is {words} asked as a warning sign")
    for name, question in old.questions.items():
        if name in new.questions:
            yield from _bound_reasons(name, question, new.questions[name])


def _is_of_screen(book: Rulebook, question: Question) -> bool:
    return book.sections[question.section].safety and not question.optional


def _answers(question: Question) -> set[str]:
    unknown = {"I don't know"} if question.unknown_reads is not None else set()
    return {option.id for option in question.options} | unknown


def _bound_reasons(name: str, old: Question, new: Question) -> Iterator[Reason]:
    for bound, sign in (("at_least", 1), ("at_most", -1), ("max_choices", -1)):
        was, now = getattr(old, bound), getattr(new, bound)
        if was != now:
            wider = now is None or (was is not None and (now - was) * sign < 0)
            words = "more" if wider else "fewer"
            yield Reason("minor" if wider else "major", f"{name} takes {words} answers")
