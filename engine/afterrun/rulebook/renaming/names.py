"""The names of a rulebook that can be changed: what one stands for, and what another one may not be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Literal, NamedTuple, get_args

from pydantic_core import ValidationError

from afterrun.errors import AfterrunError, Problem, UnknownNameError
from afterrun.rulebook.model import DISPLAY, Rulebook
from afterrun.rulebook.proposition import Proposition
from afterrun.rulebook.reading.own_words import own_words
from afterrun.rulebook.reading.shape_words import branches_of
from afterrun.rulebook.reading.validation import made_of
from afterrun.rulebook.renaming.spots import QUESTION, Spot
from afterrun.rulebook.schema import OF_THE_WEEK, Claim, Condition, Id, KebabId, TestOn
from afterrun.rulebook.variables import Mark

Kind = Literal["question", "measure", "option", "finding", "pattern", "intervention", "parameter", "plan"]

_NAMES: Mapping[str, Callable[[Rulebook], Collection[str]]] = {
    "question": lambda part: part.questions,
    "measure": lambda part: part.measures,
    "finding": lambda part: part.findings,
    "pattern": lambda part: part.patterns,
    "intervention": lambda part: part.interventions,
    "parameter": lambda part: part.parameters,
    "plan": lambda part: [item.key for item in part.plan],
}
"""What there is of each kind but options."""
_CALLED = {"plan": "key of the plan"}


class NotRenamed(AfterrunError):
    """A name that cannot be changed, or not to that; no file was touched."""


class Named(NamedTuple):
    """What a name stands for, in all parts of a rulebook."""

    kind: Kind
    name: str
    questions: frozenset[str] = frozenset()
    """The questions that offer an option: each takes it over from another, or lends it."""
    needed: bool = False
    """Whether cards of exercises may need the option."""
    too: tuple[Named, ...] = ()
    """What is called alike because it is the same: it goes by the new name, too."""

    @property
    def words(self) -> str:
        """What it is."""
        return f"{_CALLED.get(self.kind, self.kind)} '{self.name}'"

    @property
    def whole(self) -> tuple[Named, ...]:
        """It, and what goes with it."""
        return (self, *self.too)

    def renamed(self, spot: Spot, new: str) -> str | None:
        """What stands at a place after the change; None where nothing changes."""
        return next((now for each in self.whole if (now := each._renamed(spot, new)) is not None), None)

    def _renamed(self, spot: Spot, new: str) -> str | None:
        if spot.kind == "proposition":
            said = Proposition.parse(spot.name)
            here = (said.kind, said.subject) == (self.kind, self.name)
            return said._replace(subject=new).name if here else None
        if self.kind == "option":
            lent = spot.kind == "equipment" and self.needed
            here = lent or (spot.kind == "option" and spot.question in self.questions)
        elif self.kind in ("question", "measure"):
            here = spot.kind in QUESTION
        else:
            here = spot.kind == self.kind
        return new if here and spot.name == self.name else None


def named(old: str, parts: Collection[Rulebook]) -> Named:
    """What a name stands for; QUESTION.OPTION or KIND.NAME where several things are called alike."""
    first, dot, name = old.partition(".")
    offers = _offers(parts)
    if dot and first in offers:
        if name not in offers[first]:
            raise UnknownNameError("option", old, (f"{each}.{name}" for each, name in _every_option(parts)))
        return _with_others(_option(name, _linked(first, name, parts), parts), parts)
    if dot:
        found = [each for each in things_called(name, parts) if any(one.kind == first for one in each.whole)]
    else:
        found = things_called(old, parts)
    if not found and first in _NAMES and dot:
        of_kind = (name for part in parts for name in _NAMES[first](part))
        raise UnknownNameError(_CALLED.get(first, first), old, {f"{first}.{name}" for name in of_kind})
    if not found:
        known = {one for part in parts for names in _NAMES.values() for one in names(part)}
        raise UnknownNameError(
            "question, measure, option, finding, pattern, intervention, parameter or key of the plan",
            old,
            [*known, *(option for _, option in _every_option(parts))],
        )
    if len(found) > 1:
        which = ", ".join(
            f"{min(each.questions) if each.kind == 'option' else each.kind}.{each.name}" for each in found
        )
        raise NotRenamed(f"'{old}' stands for {len(found)} things: say which: {which}")
    return found[0]


def things_called(name: str, parts: Collection[Rulebook]) -> list[Named]:
    """Everything of one name, each once with what goes with it."""
    found: list[Named] = []
    for kind in get_args(Kind):
        if kind in _NAMES and any(name in _NAMES[kind](part) for part in parts):
            found.append(_with_others(Named(kind, name), parts))
    owners = {question for question, options in _offers(parts).items() if name in options}
    while owners:
        linked = _linked(min(owners), name, parts)
        owners -= linked
        found.append(_with_others(_option(name, linked, parts), parts))
    kept: list[Named] = []
    for each in found:
        if not any((each.kind, each.questions) == (one.kind, one.questions) for k in kept for one in k.too):
            kept.append(each)
    return kept


def refuse_new_name(what: Named, new: str, parts: Collection[Rulebook]) -> None:
    """Raise NotRenamed where a name has not the form that it takes, or is in use."""
    shape = KebabId if what.kind == "finding" else Id
    try:
        made_of(shape, new)
    except ValidationError as error:
        message, near = own_words(shape, new, error.errors(include_url=False)[0])
        raise NotRenamed(str(Problem(message, nearest=near))) from None
    for each in what.whole:
        for kind, names in _taken(each, parts):
            if new in names:
                raise NotRenamed(f"'{new}' is taken: it is {kind}. Choose another name")
    units = {each.unit_key for part in parts for each in part.quantities.values()}
    if what.questions & units or (what.kind == "question" and what.name in units):
        raise NotRenamed(f"'{what.name}' keeps its name: answers with a unit are read by it")


def _taken(what: Named, parts: Collection[Rulebook]) -> Iterator[tuple[str, Collection[str]]]:
    if what.kind == "option":
        yield "a word with a meaning of its own", [mark.value for mark in Mark] + ["skipped"]
        for question, options in _offers(parts).items():
            if question in what.questions:
                yield f"an option of '{question}'", options
        return
    for part in parts:
        yield f"a {_CALLED.get(what.kind, what.kind)}", _NAMES[what.kind](part)
    if what.kind == "plan":
        yield "what a sentence of a week may say in braces", OF_THE_WEEK
        yield "where the plan's amounts are shown", [DISPLAY]
        return
    if what.kind not in ("question", "measure"):
        return
    yield "a word that begins a condition or a claim", _first_keys(Condition) | _first_keys(Claim)
    for part in parts:
        yield "a question", part.questions
        yield "a measure", part.measures
        yield "a section", part.sections
        yield "the key of a unit", [each.unit_key for each in part.quantities.values()]
        yield "a key of the plan", _NAMES["plan"](part)


def _first_keys(shape: Any) -> set[str]:
    """The keys that tell conditions apart; a question of such a name could not be tested."""
    kinds = branches_of(get_args(shape)[0])
    return {next(iter(kind.fields().values())) for kind in kinds[1:] if kind is not TestOn}


def _with_others(what: Named, parts: Collection[Rulebook]) -> Named:
    """With what is the same by name: a fact that a plan gives, a programme that a check-in asks about."""
    too: list[Named] = []
    for part in parts:
        diary = part.enrolment.diary if part.enrolment else None
        if diary is None:
            continue
        if what.kind in ("question", "plan") and what.name in diary.from_plan:
            too.append(Named("plan" if what.kind == "question" else "question", what.name))
        if what.kind == "intervention" and what.name in _offers(parts).get(diary.programme, ()):
            too.append(_option(what.name, _linked(diary.programme, what.name, parts), parts))
        if diary.programme in what.questions and what.name in diary.programmes:
            too.append(Named("intervention", what.name))
    return what._replace(too=tuple(too))


def _offers(parts: Collection[Rulebook]) -> dict[str, set[str]]:
    """The options of each question; one name in two parts is one question."""
    found: dict[str, set[str]] = {}
    for part in parts:
        for name, question in part.questions.items():
            found.setdefault(name, set()).update(option.id for option in question.options)
            found[name].update(question.options_but)
    return found


def _every_option(parts: Collection[Rulebook]) -> Iterator[tuple[str, str]]:
    return ((question, option) for question, options in _offers(parts).items() for option in sorted(options))


def _linked(question: str, option: str, parts: Collection[Rulebook]) -> set[str]:
    """All questions that have an option from this one, or lend it to this one."""
    offers = _offers(parts)
    pairs = [
        (name, other)
        for part in parts
        for name, each in part.questions.items()
        for other in each.options_from
    ]
    found = {question}
    while more := {
        one
        for pair in pairs
        for one in pair
        if found & set(pair) and one not in found and option in offers.get(one, ())
    }:
        found |= more
    return found


def _option(name: str, questions: set[str], parts: Collection[Rulebook]) -> Named:
    with_cards = {
        question
        for part in parts
        for item in part.plan
        if item.exercises
        for question in item.by_option or {}
    }
    return Named("option", name, frozenset(questions), bool(with_cards & questions))
