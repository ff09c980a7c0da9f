"""The names of a rulebook that can be changed: what one stands for, and what another one may not be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any, Literal, NamedTuple, get_args

from pydantic_core import ValidationError

from afterrun.errors import AfterrunError, Problem, UnknownNameError
from afterrun.rulebook.model import Rulebook
from afterrun.rulebook.proposition import Proposition
from afterrun.rulebook.reading.own_words import own_words
from afterrun.rulebook.reading.shape_words import branches_of
from afterrun.rulebook.reading.validation import made_of
from afterrun.rulebook.renaming.roles import NEEDS, OPTION, PATTERN, PROPOSITION, QUESTION
from afterrun.rulebook.renaming.spots import Spot
from afterrun.rulebook.schema import Claim, Condition, Id, KebabId, TestOn
from afterrun.rulebook.variables import Mark

Kind = Literal["question", "measure", "option", "finding", "pattern"]


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

    def renamed(self, spot: Spot, new: str) -> str | None:
        """What stands at a place after the change; None where nothing changes."""
        if self.kind == "option":
            here = (
                spot.question in self.questions if spot.role == OPTION else spot.role == NEEDS and self.needed
            )
            return new if here and spot.name == self.name else None
        if self.kind in ("question", "measure"):
            return new if spot.role == QUESTION and spot.name == self.name else None
        if spot.role == PROPOSITION:
            said = Proposition.parse(spot.name)
            return (
                said._replace(subject=new).name
                if (said.kind, said.subject) == (self.kind, self.name)
                else None
            )
        return new if (spot.role, spot.name, self.kind) == (PATTERN, self.name, PATTERN) else None


def named(old: str, parts: Collection[Rulebook]) -> Named:
    """What a name stands for; QUESTION.OPTION for an option that other questions offer, too."""
    question, dot, option = old.partition(".")
    if dot:
        owners = {name for name, options in _offers(parts).items() if option in options}
        if question not in owners:
            raise UnknownNameError("option", old, (f"{each}.{name}" for each, name in _every_option(parts)))
        return _option(option, _linked(question, option, parts), parts)
    kinds: dict[Kind, Callable[[Rulebook], Collection[str]]] = {
        "question": lambda part: part.questions,
        "measure": lambda part: part.measures,
        "finding": lambda part: part.findings,
        "pattern": lambda part: part.patterns,
    }
    found = [Named(kind, old) for kind, names in kinds.items() if any(old in names(part) for part in parts)]
    owners = {name for name, options in _offers(parts).items() if old in options}
    while owners:
        linked = _linked(min(owners), old, parts)
        owners -= linked
        found.append(_option(old, linked, parts))
    if not found:
        known = [name for part in parts for names in kinds.values() for name in names(part)]
        raise UnknownNameError(
            "question, measure, option, finding or pattern",
            old,
            [*known, *(name for _, name in _every_option(parts))],
        )
    if len(found) > 1:
        options = [f"{min(each.questions)}.{old}" for each in found if each.questions]
        others = [each.kind for each in found if not each.questions]
        say = (
            f"say which option: {', '.join(sorted(options))}"
            if options
            else "rename one of them by hand first"
        )
        also = f" It is a {' and a '.join(others)}, too." if others and options else ""
        raise NotRenamed(f"'{old}' stands for {len(found)} things: {say}.{also}")
    return found[0]


def refuse_new_name(what: Named, new: str, parts: Collection[Rulebook]) -> None:
    """Raise NotRenamed where a name has not the form that it takes, or is in use."""
    shape = KebabId if what.kind == "finding" else Id
    try:
        made_of(shape, new)
    except ValidationError as error:
        message, near = own_words(shape, new, error.errors(include_url=False)[0])
        raise NotRenamed(str(Problem(message, nearest=near))) from None
    for kind, names in _taken(what, parts):
        if new in names:
            raise NotRenamed(f"'{new}' is taken: it is {kind}. Choose another name")
    if what.kind == "question" and any(_is_planned(what.name, part) for part in parts):
        raise NotRenamed(
            f"'{what.name}' keeps its name: an enrolment reads the plan's key of that name as its answer"
        )
    programmes = {part.enrolment.diary.programme for part in parts if part.enrolment and part.enrolment.diary}
    if what.questions & programmes:
        raise NotRenamed(f"'{what.name}' keeps its name: check-ins follow the intervention of that name")


def _taken(what: Named, parts: Collection[Rulebook]) -> Iterator[tuple[str, Collection[str]]]:
    if what.kind == "option":
        yield "a word with a meaning of its own", [mark.value for mark in Mark] + ["skipped"]
        for question, options in _offers(parts).items():
            if question in what.questions:
                yield f"an option of '{question}'", options
        return
    yield "a word that begins a condition or a claim", _first_keys(Condition) | _first_keys(Claim)
    for part in parts:
        yield "a question", part.questions
        yield "a measure", part.measures
        yield "a section", part.sections
        yield "the key of a unit", [each.unit_key for each in part.quantities.values()]
        yield "a finding", part.findings
        yield "a pattern", part.patterns
        yield "a key of the plan", [item.key for item in part.plan]


def _first_keys(shape: Any) -> set[str]:
    """The keys that tell conditions apart; a question of such a name could not be tested."""
    kinds = branches_of(get_args(shape)[0])
    return {next(iter(kind.fields().values())) for kind in kinds[1:] if kind is not TestOn}


def _is_planned(question: str, part: Rulebook) -> bool:
    return bool(part.enrolment and part.enrolment.diary and question in part.enrolment.diary.from_plan)


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
