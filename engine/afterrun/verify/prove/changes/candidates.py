"""All that could differ between what two rulebooks show: from what to what, and the condition of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

from afterrun.verify.prove.changes.joint import Joint, Side
from afterrun.verify.prove.encoding.shown import Display, ResultEncoding, ShownAmount
from afterrun.verify.prove.encoding.terms import Term, conj, differ, disj, neg, number
from afterrun.verify.prove.equivalence import ROUNDED

Kind = Literal["triage", "pattern", "intervention", "start", "plan", "finding"]
NONE = ""
"""A pattern or intervention that is not shown, a key that does not stand in the plan."""
COMPUTED, LATER = "an amount", "not known yet"


States = Mapping[str, Term]
"""What something can be, each with its condition; no two hold together."""


class Candidate(NamedTuple):
    """One thing that is shown otherwise wherever a term holds."""

    kind: Kind
    name: str
    was: str
    now: str
    term: Term
    had_none: bool = False
    beside: Term = True
    """Both rulebooks show something of it."""


def candidates(joint: Joint) -> Iterator[Candidate]:
    """Each that is not plainly the same; whether one can be is for the solver to say.

    What hangs on what comes after it, and is compared where that is the same: patterns at the same triage
    level, interventions with the same patterns, the plan with the same interventions.
    """
    old, new = (each.shown for each in joint.sides)
    yield from _pairs("triage", "triage", old.levels, new.levels, joint)
    same = disj(conj((term, new.levels[name])) for name, term in old.levels.items() if name in new.levels)
    found: list[tuple[Kind, str, States, States]] = []
    for name in {**old.patterns, **new.patterns}:
        levels = [_or_none(each.patterns.get(name, {})) for each in (old, new)]
        found.append(("pattern", name, levels[0], levels[1]))
    yield from _all_pairs(found, joint, same)
    same = conj((same, *_alike(found)))
    found = []
    for name in {**old.rulebook.interventions, **new.rulebook.interventions}:
        found.append(("intervention", name, _statuses(old, name), _statuses(new, name)))
        found.append(("start", name, _weeks(old, name), _weeks(new, name)))
    yield from _all_pairs(found, joint, same)
    yield from _of_plan(joint, conj((same, *_alike(found))))
    for name in old.rulebook.findings:
        if name in new.rulebook.findings:
            yield from _pairs("finding", name, _truths(joint.old, name), _truths(joint.new, name), joint)


def _all_pairs(
    found: Iterable[tuple[Kind, str, States, States]], joint: Joint, same: Term
) -> Iterator[Candidate]:
    for kind, name, old, new in found:
        yield from _pairs(kind, name, old, new, joint, same)


def _alike(found: Iterable[tuple[Kind, str, States, States]]) -> Iterator[Term]:
    """That each is in the same state in both; a pattern or intervention of one alone is not there."""
    for _, _, old, new in found:
        for state, term in old.items():
            yield neg(differ(term, new.get(state, False)))


def _statuses(shown: ResultEncoding, name: str) -> States:
    given = shown.encoding.decisions.given.get(name, {})
    return _or_none({status: shown.encoding.where(formula) for status, formula in given.items()})


def _weeks(shown: ResultEncoding, name: str) -> dict[str, Term]:
    """The week from which an intervention is told to begin."""
    intervention = shown.rulebook.interventions.get(name)
    if intervention is None or intervention.starts is None:
        return {NONE: True}
    decisions, where = shown.encoding.decisions, shown.encoding.where
    listed = disj(map(where, decisions.given[name].values()))
    chosen = decisions.choices[intervention.starts].items()
    return _or_none({f"week {week}": conj((listed, where(formula))) for week, formula in chosen})


def _of_plan(joint: Joint, same: Term) -> Iterator[Candidate]:
    old, new = (each.shown for each in joint.sides)
    for key in {**old.plan.keys, **new.plan.keys}:
        one, other = (_states_of_key(each, key) for each in (old, new))
        facts = [
            {name: term for name, term in each.display.facts.items() if _is_of(name, key)}
            for each in (old, new)
        ]
        apart = [
            differ(facts[0].get(name, False), facts[1].get(name, False)) for name in {**facts[0], **facts[1]}
        ]
        amounts = [
            Display({}, {name: amount for name, amount in each.display.amounts.items() if _is_of(name, key)})
            for each in (old, new)
        ]
        apart += amounts[0].differences(amounts[1], ROUNDED).values()
        whole = conj((same, disj(apart)))
        if whole is False:
            continue
        for was, before in one.items():
            for now, after in other.items():
                beside = conj((neg(one[NONE]), neg(other[NONE]))) if NONE not in (was, now) else True
                term = conj((whole, before, after, _unequal(old, new, key, was, now)))
                yield Candidate("plan", key, was, now, term, False, beside)


def _unequal(old: ResultEncoding, new: ResultEncoding, key: str, was: str, now: str) -> Term:
    """That an amount is not the number itself that the other rulebook has there as it is written."""
    if (was == COMPUTED) == (now == COMPUTED):
        return True
    side, other, value = (old, new, now) if was == COMPUTED else (new, old, was)
    numbers = other.plan.keys[key].numbers if key in other.plan.keys else ()
    written = {_number_words(each): each for _, each in numbers if isinstance(each, Fraction)}
    if value not in written:
        return True
    amount = side.display.amounts[f"plan {key}"].value
    one, two = (Display({}, {key: ShownAmount(True, each)}) for each in (amount, number(written[value])))
    return disj(one.differences(two, ROUNDED).values())


def _is_of(name: str, key: str) -> bool:
    return name == f"plan {key}" or name.startswith(f"plan {key} ")


def _states_of_key(shown: ResultEncoding, key: str) -> Mapping[str, Term]:
    """What stands under a key: a fixed value each, a computed amount, nothing yet, or not there."""
    standing = shown.plan.keys.get(key)
    if standing is None:
        return {NONE: True}
    states: dict[str, Term] = {LATER: standing.null}
    for term, value in standing.numbers:
        name = _number_words(value) if isinstance(value, Fraction) else COMPUTED
        states[name] = disj((states.get(name, False), term))
    words = disj(standing.words.values())
    single = len(standing.words) < _FEW
    states |= standing.words if single else {"other": words}
    there = {name: conj((shown.shows_plan, standing.present, term)) for name, term in states.items()}
    return {**there, NONE: neg(conj((shown.shows_plan, standing.present)))}


_FEW = 2
"""Words that a value can hold, of which more than one may be there at a time."""


def _number_words(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else str(float(value))


def _pairs(
    kind: Kind,
    name: str,
    old: Mapping[str, Term],
    new: Mapping[str, Term],
    joint: Joint,
    same: Term = True,
) -> Iterator[Candidate]:
    """Each way from one to another."""
    pending = (
        {level.id for level in joint.old.rulebook.triage.values() if level.pending}
        if kind == "triage"
        else {"open"}
        if kind == "finding"
        else set()
    )
    for was, before in old.items():
        if was in new and before is not True and _same(before, new[was]):
            continue
        for now, after in new.items():
            if was != now:
                both = kind in ("pattern", "intervention") and NONE not in (was, now)
                beside = conj((neg(old[NONE]), neg(new[NONE]))) if both else True
                yield Candidate(kind, name, was, now, conj((same, before, after)), was in pending, beside)


def _same(one: Term, other: Term) -> bool:
    return differ(one, other) is False


def _or_none(states: Mapping[str, Term]) -> dict[str, Term]:
    return {**states, NONE: neg(disj(states.values()))}


def _truths(side: Side, name: str) -> dict[str, Term]:
    pair = side.encoding.proposition(name)
    return {"true": pair.true, "false": pair.false, "open": pair.open}
