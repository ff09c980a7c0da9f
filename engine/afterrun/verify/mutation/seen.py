"""What a person sees of many results at once: for each thing that can be seen, the lanes that see it.

The same as `shown` of an outcome, in all lanes of a field with a few operations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from afterrun.assessment import proposition_of, values_in_order
from afterrun.inference import Lanes
from afterrun.rulebook import STATUSES, Rulebook, parameters_in
from afterrun.verify.mutation.lanes import Field

Seen = dict[str, int]
Look = Callable[[str], Lanes]


def seen(rulebook: Rulebook, field: Field, look: Look) -> Seen:
    """The lanes in which each thing is seen; things never seen may be absent."""
    levels = dict(_triage(rulebook, field, look))
    found = {f"triage {name}": lanes for name, lanes in levels.items()}
    shown = _some(levels[each.id] for each in rulebook.triage.values() if each.shows_patterns)
    for pattern in rulebook.patterns.values():
        stronger = 0
        for level in pattern.levels:
            true = _look(rulebook, field, look, f"pattern.{pattern.id}.{level}").true
            found[f"pattern {pattern.id} {level}"] = shown & true & ~stronger
            stronger |= true
    statuses = {name: _statuses(rulebook, field, look, name) for name in rulebook.interventions}
    for name, by_status in statuses.items():
        given = _some(
            levels[each.id]
            for each in rulebook.triage.values()
            if each.interventions == "all" or name in each.interventions
        )
        for status in STATUSES:
            found[f"intervention {name} {status}"] = by_status[status] & given
    plan_shown = _some(levels[each.id] for each in rulebook.triage.values() if each.shows_plan)
    for key, lanes in _plan(rulebook, field, look, statuses):
        found[key] = found.get(key, 0) | lanes & plan_shown
    return found


def difference(one: Seen, other: Seen) -> int:
    """The lanes in which anything is seen otherwise."""
    return _some(one.get(key, 0) ^ other.get(key, 0) for key in {*one, *other})


def _triage(rulebook: Rulebook, field: Field, look: Look) -> Iterator[tuple[str, int]]:
    some_open = decided = settled = 0
    for level in rulebook.triage.values():
        if level.pending:
            continue
        true, false = _look(rulebook, field, look, proposition_of(level))
        here = true & ~decided & (field.every if level.settles else ~some_open)
        yield level.id, here
        settled |= here
        decided |= true
        some_open |= field.every & ~(true | false)
    pending = next(level for level in rulebook.triage.values() if level.pending)
    yield pending.id, field.every & ~settled


def _statuses(rulebook: Rulebook, field: Field, look: Look, name: str) -> dict[str, int]:
    """An intervention's status by lane; 'open' while it can still change."""
    true, false = _look(rulebook, field, look, f"intervention.{name}.recommended")
    found = {"open": field.every & ~(true | false)}
    left = true
    for status in STATUSES:
        here = _look(rulebook, field, look, f"intervention.{name}.{status}")
        found[status] = left & here.true
        found["open"] |= left & ~(here.true | here.false)
        left &= here.false
    return found


def _plan(
    rulebook: Rulebook, field: Field, look: Look, statuses: dict[str, dict[str, int]]
) -> Iterator[tuple[str, int]]:
    for place, item in enumerate(rulebook.plan):
        if item.for_ is None:
            true, false = field.truth(rulebook.plan_conditions[place], look)
        else:
            true, false = 0, field.every
            for name, wanted in item.for_.items():
                holds = _some(statuses[name][status] for status in wanted)
                true |= holds
                false &= ~(holds | statuses[name]["open"])
        yield f"plan {place}", true
        yield f"plan {place} open", field.every & ~(true | false)
        named = [item.parameter] if item.parameter else list(parameters_in(item.formula or ""))
        for parameter in named:
            for value, lanes in _chosen(rulebook, field, look, parameter):
                yield f"plan {place} {parameter} {value}", lanes & ~false
        if item.formula is not None:
            for question, formula in rulebook.skips.items():
                skipped = field.truth(formula, look)
                yield f"plan {place} {question} skipped", skipped.true & ~false
                yield f"plan {place} {question} not skipped", skipped.false & ~false


def _chosen(rulebook: Rulebook, field: Field, look: Look, parameter: str) -> Iterator[tuple[str, int]]:
    left = field.every
    for value in values_in_order(rulebook.parameters[parameter]):
        true, false = _look(rulebook, field, look, f"parameter.{parameter}.{value}")
        yield str(value), left & true
        yield "open", left & ~(true | false)
        left &= false


def _look(rulebook: Rulebook, field: Field, look: Look, name: str) -> Lanes:
    """A proposition that no rule concludes is false everywhere."""
    return look(name) if name in rulebook.propositions else Lanes(0, field.every)


def _some(lanes: Iterator[int]) -> int:
    found = 0
    for each in lanes:
        found |= each
    return found
