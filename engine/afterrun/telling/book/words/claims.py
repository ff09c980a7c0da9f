"""A claim of an invariant as a tree of plain words."""

from __future__ import annotations

from afterrun.rulebook import Rulebook, number_words
from afterrun.rulebook.schema import (
    ANY,
    AllClaims,
    AnswerNumber,
    AnyClaim,
    Blank,
    Bound,
    Claim,
    Gives,
    GivesNow,
    NotClaim,
    Open,
    Planned,
    PlanNumber,
    Refuted,
    Shows,
    TestOn,
    Triage,
)
from afterrun.telling.book.words.conditions import condition_words
from afterrun.telling.book.words.tree import Place, WordTree


def claim_words(rulebook: Rulebook, claim: Claim, place: Place = str) -> WordTree:
    """A claim as it is read aloud."""

    def several(title: str, claims: tuple[Claim, ...]) -> WordTree:
        return WordTree(title, parts=tuple(claim_words(rulebook, each, place) for each in claims))

    def named(title: str, names: tuple[str, ...], shelf: str, before: str) -> WordTree:
        return WordTree(
            f"{title}:",
            parts=tuple(_named(rulebook, each, shelf, f"{before}{each}", place) for each in names),
        )

    match claim:
        case str() | TestOn():
            return condition_words(rulebook, claim, place)
        case AllClaims():
            return several("All of these:", claim.all)
        case AnyClaim():
            return several("Any of these:", claim.any)
        case NotClaim():
            return several("This is not so:", (claim.not_,))
        case Refuted():
            return several("This is ruled out:", (claim.refuted,))
        case Open():
            return several("This is open:", (claim.open,))
        case Triage():
            return named(f"{rulebook.identity.triage_text} is", claim.triage, "care", "triage-")
        case Shows():
            if claim.shows == ANY:
                return WordTree("Any pattern is shown")
            return named("One of these patterns is shown", tuple(claim.shows), "care", "pattern-")
        case Gives():
            if claim.gives == ANY:
                return WordTree("Anything to do is listed")
            return named(
                "One of these is listed, for now or later", tuple(claim.gives), "care", "intervention-"
            )
        case GivesNow():
            return named("One of these is to be done now", claim.gives_now, "care", "intervention-")
        case Blank():
            return WordTree(
                "One of these is not answered:",
                parts=tuple(_asked(rulebook, each, place) for each in claim.blank),
            )
        case Planned():
            return _planned(rulebook, claim, place)
    raise TypeError(f"no claim: {claim!r}")


def _named(rulebook: Rulebook, name: str, shelf: str, key: str, place: Place) -> WordTree:
    for group in (rulebook.triage, rulebook.patterns, rulebook.interventions):
        if name in group and key.endswith(f"-{name}"):
            return WordTree(group[name].name, shelf, place(key))
    return WordTree(name)


def _asked(rulebook: Rulebook, name: str, place: Place) -> WordTree:
    if name in rulebook.questions:
        return WordTree(rulebook.questions[name].ask, "questions", place(name))
    return WordTree(f"Any question of: {rulebook.sections[name].title}")


def _planned(rulebook: Rulebook, claim: Planned, place: Place) -> WordTree:
    if claim.plan == ANY:
        return WordTree("Any plan is given")
    if isinstance(claim.plan, str):
        return WordTree(f"The plan says: {_key(rulebook, claim.plan)}", "plan", place(claim.plan))
    ((key, test),) = claim.plan.items()
    bounds = {
        "equal to": test.is_,
        "at least": test.at_least,
        "at most": test.at_most,
        "more than": test.over,
        "less than": test.under,
    }
    said = ", ".join(
        f"{words} {_bound(rulebook, each)}" for words, each in bounds.items() if each is not None
    )
    return WordTree(f"{_key(rulebook, key)}: {said}", "plan", place(key))


def _bound(rulebook: Rulebook, bound: Bound) -> str:
    if not isinstance(bound, PlanNumber | AnswerNumber):
        return number_words(float(bound))
    if isinstance(bound, PlanNumber):
        of = _key(rulebook, bound.plan)
    elif bound.answer in rulebook.measures:
        of = rulebook.measures[bound.answer].text
    else:
        of = rulebook.questions[bound.answer].ask
    return f"“{of}”" if bound.times == 1 else f"{number_words(float(bound.times))} times “{of}”"


def _key(rulebook: Rulebook, key: str) -> str:
    return next((item.text for item in rulebook.plan if item.key == key), key)
