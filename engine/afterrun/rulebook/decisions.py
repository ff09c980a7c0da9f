"""What follows once rules have concluded: every decision as a formula over propositions.

Said once for all who decide about many intakes: lanes of bits, columns, and terms of a solver
evaluate these formulas. What they mean is the plain code of `afterrun.assessment` for one intake;
a law holds the two against each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from afterrun.rulebook.logic import And, Formula, Is, Not, Or, Ref, Unsettled, atoms
from afterrun.rulebook.model import STATUSES, Rulebook
from afterrun.rulebook.proposition import Kind, name_of
from afterrun.rulebook.schema import Parameter, PlanItem, TriageLevel

_ALWAYS, _REFUTED, _UNSETTLED = And(()), Or(()), Unsettled()


class PlanLine(NamedTuple):
    """When one line of the plan stands in it."""

    applies: Formula
    """Open while it may yet."""
    gives: Formula
    """It is the first of its key that applies, and so gives the value."""
    may_give: Formula
    """It applies or may yet, and none before it does."""


class Decisions:
    """Everything that is decided about an intake.

    A formula here is true or false and never open, but for whether a line of the plan applies.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._unions: dict[tuple[int, ...], Formula] = {}
        self.levels: dict[str, Formula] = {}
        """The triage level to act on."""
        self.reachable: dict[str, Formula] = {}
        """The levels that may still become the one to act on."""
        self._decide_triage()
        self.shows_patterns = self._at(self.levels, lambda level: level.shows_patterns)
        self.shows_plan = self._at(self.levels, lambda level: level.shows_plan)
        self.may_show_patterns = self._at(self.reachable, lambda level: level.shows_patterns)
        self.may_show_plan = self._at(self.reachable, lambda level: level.shows_plan)
        self.patterns: dict[str, dict[str, Formula]] = {}
        """The level of each pattern that is shown: the strongest proved."""
        self.pattern_refuted: dict[str, Formula] = {}
        """A pattern would be shown, and is refuted."""
        self.statuses: dict[str, dict[str, Formula]] = {}
        """The status of each intervention, before a triage level sets it aside."""
        self.status_open: dict[str, Formula] = {}
        self.given: dict[str, dict[str, Formula]] = {}
        """The status of each intervention that the triage level allows."""
        self.choices: dict[str, dict[Decimal, Formula]] = {}
        """The value chosen for each parameter."""
        self.choice_open: dict[str, Formula] = {}
        self._decide_patterns()
        self._decide_statuses()
        self._decide_choices()
        self.plan = tuple(self._lines())
        self.goals = self._goals()
        """Propositions that are open and that a result could still show, strongest level first."""

    def shown(self) -> dict[str, Formula]:
        """Whatever a result either shows or does not, the plan aside, by a name that says what."""
        found = {f"triage {name}": formula for name, formula in self.levels.items()}
        for pattern, levels in self.patterns.items():
            found |= {f"pattern {pattern} {level}": formula for level, formula in levels.items()}
        for intervention in self._rulebook.interventions.values():
            given = self.given[intervention.id]
            found |= {f"{intervention.id} {status}": formula for status, formula in given.items()}
            if intervention.starts is not None:
                listed = Or(tuple(given.values()))
                for week, chosen in self.choices[intervention.starts].items():
                    found[f"{intervention.id} from week {week}"] = And((listed, chosen))
        return found

    def _decide_triage(self) -> None:
        levels = [level for level in self._rulebook.triage.values() if not level.pending]
        concluded = [self._concluded("triage", level.id) for level in levels]
        none_proved = _none_before(Is(each) for each in concluded)
        none_open = _none_before(Is(each, None) for each in concluded)
        for level, each, unproved, closed in zip(levels, concluded, none_proved, none_open, strict=True):
            # While a stronger level is open a proved one waits, unless it settles the matter.
            self.levels[level.id] = And((Is(each), *(() if level.settles else (closed,)), unproved))
            self.reachable[level.id] = And((unproved, Not(Is(each, False))))
        pending = Not(Or(tuple(self.levels.values())))
        self.levels = {name: self.levels.get(name, pending) for name in self._rulebook.triage}

    def _decide_patterns(self) -> None:
        for pattern in self._rulebook.patterns.values():
            concluded = [self._concluded("pattern", pattern.id, level) for level in pattern.levels]
            firsts = _firsts((Is(each) for each in concluded), self.shows_patterns)
            self.patterns[pattern.id] = dict(zip(pattern.levels, firsts, strict=True))
            proved = Or(tuple(self.patterns[pattern.id].values()))
            self.pattern_refuted[pattern.id] = And(
                (self.shows_patterns, Is(concluded[-1], False), Not(proved))
            )

    def _decide_statuses(self) -> None:
        for name in self._rulebook.interventions:
            # A status overrules the weaker ones, so one that is open leaves the whole open.
            concluded = {status: self._concluded("intervention", name, status) for status in STATUSES}
            some = {status: each for status, each in concluded.items() if each is not _UNSETTLED}
            recommended = some.get("recommended", _REFUTED)
            firsts = (Is(each) for each in _firsts(some.values(), recommended))
            decided = dict(zip(some, firsts, strict=True))
            self.statuses[name] = {status: decided.get(status, _REFUTED) for status in STATUSES}
            self.status_open[name] = And((Not(Is(recommended, False)), Not(Or(tuple(decided.values())))))
            allows = self._allowing(self.levels, name)
            given = {status: And((allows, each)) for status, each in decided.items()}
            self.given[name] = {status: given.get(status, _REFUTED) for status in STATUSES}

    def _decide_choices(self) -> None:
        for parameter in self._rulebook.parameters.values():
            # A value wins once all that would win over it are refuted.
            values = values_in_order(parameter)
            concluded = [self._concluded("parameter", parameter.id, value) for value in values]
            firsts = (Is(each) for each in _firsts(concluded))
            self.choices[parameter.id] = dict(zip(values, firsts, strict=True))
            none = Is(Or(tuple(concluded)), False)
            self.choice_open[parameter.id] = Not(Or((none, *self.choices[parameter.id].values())))

    def _lines(self) -> Iterator[PlanLine]:
        unsettled: dict[str, Formula] = {}
        for place, item in enumerate(self._rulebook.plan):
            applies = self._applies(place, item)
            left = unsettled.get(item.key, _ALWAYS)
            yield PlanLine(applies, And((left, Is(applies))), And((left, Not(Is(applies, False)))))
            unsettled[item.key] = And((left, Not(Is(applies))))

    def _applies(self, place: int, item: PlanItem) -> Formula:
        if item.for_ is None:
            return self._rulebook.plan_conditions[place]
        parts: list[Formula] = []
        for name, wanted in item.for_.items():
            parts += [self.statuses[name][status] for status in wanted]
            parts.append(And((self.status_open[name], _UNSETTLED)))
        return Or(tuple(parts))

    def _goals(self) -> dict[str, Formula]:
        wanted: dict[str, list[Formula]] = defaultdict(list)
        for level, reachable in self.reachable.items():
            wanted[name_of("triage", level)].append(reachable)
        for pattern in self._rulebook.patterns.values():
            for strength in pattern.levels:
                wanted[name_of("pattern", pattern.id, strength)].append(self.may_show_patterns)
        for name, is_open in self.status_open.items():
            may_change = And((self._allowing(self.reachable, name), is_open))
            for status in reversed(STATUSES):
                wanted[name_of("intervention", name, status)].append(may_change)
        for parameter in self._rulebook.parameters.values():
            values = values_in_order(parameter)
            proved = (Is(self._concluded("parameter", parameter.id, value)) for value in values)
            for value, left in zip(values, _none_before(proved, self.may_show_plan), strict=True):
                wanted[name_of("parameter", parameter.id, value)].append(left)
        waits = [atom for each in self._rulebook.plan_conditions.values() for atom in atoms(each)]
        for name in dict.fromkeys(atom.proposition for atom in waits if isinstance(atom, Ref)):
            wanted[name].append(self.may_show_plan)
        return {
            name: And((Is(Ref(name), None), Or(tuple(parts))))
            for name, parts in wanted.items()
            if name in self._rulebook.propositions
        }

    def _allowing(self, levels: Mapping[str, Formula], intervention: str) -> Formula:
        return self._at(levels, lambda level: allowed(level, intervention))

    def _at(self, levels: Mapping[str, Formula], fits: Callable[[TriageLevel], bool]) -> Formula:
        """One of the levels that fit; the same levels are one and the same formula."""
        these = tuple(each for name, each in levels.items() if fits(self._rulebook.triage[name]))
        return self._unions.setdefault(tuple(map(id, these)), Or(these))

    def _concluded(self, kind: Kind, subject: str, value: object = "") -> Formula:
        """A proposition; one that no rule concludes is never settled."""
        name = name_of(kind, subject, value)
        return Ref(name) if name in self._rulebook.propositions else _UNSETTLED


def values_in_order(parameter: Parameter) -> list[Decimal]:
    """The values of a parameter, the one that wins over all others first."""
    return sorted(parameter.values, reverse=parameter.wins == "largest")


def allowed(level: TriageLevel, intervention: str) -> bool:
    """Whether a triage level lets an intervention be given."""
    return level.interventions == "all" or intervention in level.interventions


def _none_before(parts: Iterable[Formula], left: Formula = _ALWAYS) -> Iterator[Formula]:
    """For each part that all parts before it are refuted, on top of what is `left` to begin with."""
    for part in parts:
        yield left
        left = And((left, Not(part)))


def _firsts(parts: Iterable[Formula], left: Formula = _ALWAYS) -> Iterator[Formula]:
    """For each part that it is the first that is not refuted, and proved."""
    known = list(parts)
    return (And((part, none)) for none, part in zip(_none_before(known, left), known, strict=True))


def number_items(rulebook: Rulebook) -> dict[str, bool]:
    """The keys whose value is a chosen or computed number; True where it is always whole."""
    keys: dict[str, bool] = {}
    for item in rulebook.plan:
        if item.parameter is not None:
            whole = all(value == int(value) for value in rulebook.parameters[item.parameter].values)
            keys[item.key] = keys.get(item.key, True) and whole
        elif item.formula is not None:
            keys[item.key] = False
    return keys
