"""What a person sees of many results at once: for each thing that can be seen, the lanes that see it.

The same as `shown` of an outcome, in all lanes with a few operations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from afterrun.inference import Lanes
from afterrun.rulebook import And, Decisions, Formula, Is, Rulebook, engine_of, parameters_in
from afterrun.verify.cases import FactLanes

Seen = dict[str, int]


def seen(rulebook: Rulebook, facts: FactLanes, look: Callable[[str], Lanes]) -> Seen:
    """The lanes in which each thing is seen; things never seen may be absent."""
    decisions = engine_of(rulebook, Decisions)
    where = facts.evaluation(look).where
    found = {name: where(formula) for name, formula in decisions.shown().items()}
    plan_shown = where(decisions.shows_plan)
    return found | {name: plan_shown & where(each) for name, each in _planned(rulebook, decisions)}


def difference(one: Seen, other: Seen) -> int:
    """The lanes in which anything is seen otherwise."""
    found = 0
    for key in {*one, *other}:
        found |= one.get(key, 0) ^ other.get(key, 0)
    return found


def _planned(rulebook: Rulebook, decisions: Decisions) -> Iterator[tuple[str, Formula]]:
    """Which line gives each key of the plan, and all that its value rests on but the answers."""
    for place, (item, line) in enumerate(zip(rulebook.plan, decisions.plan, strict=True)):
        # What is written otherwise may be seen otherwise wherever it stands.
        yield f"plan {place} {item!r}", line.gives
        yield f"plan {place} open", line.may_give
        for parameter in [item.parameter] if item.parameter else parameters_in(item.formula or ""):
            for value, chosen in decisions.choices[parameter].items():
                yield f"plan {place} {parameter} {value}", And((line.gives, chosen))
        if item.formula is not None:
            for question, skip in rulebook.skips.items():
                yield f"plan {place} {question} skipped", And((line.gives, Is(skip)))
                yield f"plan {place} {question} not skipped", And((line.gives, Is(skip, False)))
