"""A rulebook over all intakes: each proposition as a pair of conditions, and what follows from them.

Each function here says again, about all intakes at once, what a function of the engine says about
one: `settle` of the reference evaluator, `triage_level`, `status_of`, `choice_of`. Tests hold the
two against each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from afterrun.assessment import proposition_of, values_in_order
from afterrun.rulebook import (
    NOTHING,
    OPEN,
    STATUSES,
    UNKNOWN,
    And,
    AtLeast,
    Formula,
    Leaf,
    LinkedRule,
    Not,
    Or,
    Ref,
    Rulebook,
    Variable,
    atoms,
)
from afterrun.rulebook.schema import Parameter, Scalar
from afterrun.verify.prove.amounts import Amount, Cases, Forks, compute, in_cells
from afterrun.verify.prove.terms import NEVER, UNSETTLED, Pair, Term, conj, disj, enough, neg, same_term
from afterrun.verify.prove.world import World


class Encoding:
    """Rules and what follows from them, over a world.

    `like` is an encoding of nearly the same rulebook over the same world: what its rules share with
    this one is taken from there. `switches` says under which condition each rule is in the rulebook.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        world: World,
        like: Encoding | None = None,
        switches: Mapping[str, Term] | None = None,
    ) -> None:
        self.rulebook = rulebook
        self.world = world
        self.forks: Forks = like.forks if like else Forks()
        # A leaf is known by its variable's thresholds, as long as what lies behind is the same.
        self._leaves: dict[tuple[str, tuple[Fraction, ...], int], Pair] = (
            like._leaves if like and same_numbers(like.rulebook, rulebook) else {}
        )
        self._measures: dict[str, Cases] = {}
        self.pairs: dict[str, Pair] = {}
        self.rules: dict[str, Pair] = {}
        switches = switches or {}
        kept = _Kept(like, rulebook) if like else None
        for name, rules in rulebook.propositions.items():
            for rule in rules:
                if rule.id not in self.rules:
                    found = kept.rule(rule, self.pairs) if kept else None
                    self.rules[rule.id] = found or self.pair(rule.formula)
            self.pairs[name] = _any(
                [_switched(self.rules[rule.id], switches.get(rule.id, True)) for rule in rules]
            )
        self.skips = {name: self.pair(formula) for name, formula in rulebook.skips.items()}

    def proposition(self, name: str) -> Pair:
        """A proposition's pair; one that no rule concludes is never settled."""
        return self.pairs.get(name, UNSETTLED)

    def pair(self, formula: Formula, variables: Mapping[str, Variable] | None = None) -> Pair:
        """When a formula is proved, and when it is refuted."""
        match formula:
            case Leaf(variable, mask):
                return self._leaf((variables or self.rulebook.variables)[variable], mask)
            case Ref(name):
                return self.proposition(name)
            case Not(part):
                true, false = self.pair(part, variables)
                return Pair(false, true)
            case And(parts):
                return _all([self.pair(part, variables) for part in parts])
            case Or(parts):
                return _any([self.pair(part, variables) for part in parts])
            case AtLeast(needed, parts):
                pairs = [self.pair(part, variables) for part in parts]
                return Pair(
                    enough(needed, [each.true for each in pairs]),
                    enough(len(pairs) - needed + 1, [each.false for each in pairs]),
                )

    def _leaf(self, variable: Variable, mask: int) -> Pair:
        key = (variable.name, variable.thresholds, mask)
        if key not in self._leaves:
            self._leaves[key] = self._made(variable, mask)
        return self._leaves[key]

    def _made(self, variable: Variable, mask: int) -> Pair:
        asked = self.world.asked.get(variable.subject)
        if asked is None:
            return self._measured(variable, mask)
        if variable.option is not None:
            ticked = asked.options[variable.option]
            return Pair(ticked, conj((asked.answered, neg(ticked))))
        if asked.number is None:
            ways = [
                asked.unknown if cell.raw is UNKNOWN else asked.options[str(cell.raw)]
                for cell in variable.cells
            ]
            inside = [mask >> place & 1 for place in range(len(ways))]
            return Pair(
                disj(way for way, holds in zip(ways, inside, strict=True) if holds),
                disj(way for way, holds in zip(ways, inside, strict=True) if not holds),
            )
        every = (1 << len(variable.cells)) - 1
        unknown = bool(mask >> len(variable.cells) - 1) if asked.unknown is not False else False
        return Pair(
            disj(
                (
                    conj((asked.is_number, in_cells(variable, mask, asked.number))),
                    conj((asked.unknown, unknown)),
                )
            ),
            disj(
                (
                    conj((asked.is_number, in_cells(variable, every ^ mask, asked.number))),
                    conj((asked.unknown, not unknown)),
                )
            ),
        )

    def _measured(self, variable: Variable, mask: int) -> Pair:
        every = (1 << len(variable.cells)) - 1
        known = [case for case in self.measure(variable.subject) if case.value is not OPEN]
        return Pair(
            *(
                disj(conj((self.forks.term(case), in_cells(variable, cells, case.value))) for case in known)
                for cells in (mask, every ^ mask)
            )
        )

    def measure(self, name: str) -> Cases:
        """A measure as rules read it: skips are the business of rules, not of numbers."""
        if name not in self._measures:
            formula = self.rulebook.measures[name].formula
            self._measures[name] = compute(self.forks, formula, self._number)
        return self._measures[name]

    def _number(self, name: str) -> Cases:
        if name in self.rulebook.measures:
            return self.measure(name)
        asked = self.world.asked[name]
        return self.forks.cases(
            f"answer {name}",
            [
                (asked.is_number, asked.number),
                (asked.unknown, number_read(self.rulebook.questions[name].unknown_reads)),
                (neg(asked.answered), OPEN),
            ],
        )


class Outcome:
    """Triage, statuses and choices, on top of an encoding."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.rulebook = encoding.rulebook
        self.level = self._levels()
        self.status = {name: self._status(name) for name in self.rulebook.interventions}
        self.choice = {name: self._choice(each) for name, each in self.rulebook.parameters.items()}

    def at(self, ids: Iterable[str]) -> Term:
        """The level acted on is one of these."""
        return disj(self.level[each] for each in ids)

    def given(self, intervention: str, status: str) -> Term:
        """An intervention is listed with a status."""
        levels = [
            level.id
            for level in self.rulebook.triage.values()
            if level.interventions == "all" or intervention in level.interventions
        ]
        return conj((self.at(levels), self.status[intervention][status]))

    def _levels(self) -> dict[str, Term]:
        found: dict[str, Term] = {}
        pending = ""
        stronger_open: list[Term] = []
        stronger: list[Term] = []
        for level in self.rulebook.triage.values():
            if level.pending:
                pending = level.id
                continue
            pair = self.encoding.proposition(proposition_of(level))
            settled = True if level.settles else neg(disj(stronger_open))
            found[level.id] = conj((pair.true, settled, neg(disj(stronger))))
            stronger_open.append(pair.open)
            stronger.append(pair.true)
        found[pending] = neg(disj(found.values()))
        return found

    def _status(self, intervention: str) -> dict[str | None, Term]:
        """The condition of each status; None for an intervention that is open."""
        has = {
            status: self.encoding.pairs[f"intervention.{intervention}.{status}"]
            for status in STATUSES
            if f"intervention.{intervention}.{status}" in self.rulebook.propositions
        }
        conditions: dict[str | None, Term] = dict.fromkeys((*STATUSES, None), False)
        if "recommended" not in has:
            return conditions
        recommended = has["recommended"]
        opened = [recommended.open]
        so_far: Term = recommended.true
        for status in STATUSES:
            if status in has:
                conditions[status] = conj((so_far, has[status].true))
                opened.append(conj((so_far, has[status].open)))
                so_far = conj((so_far, has[status].false))
        conditions[None] = disj(opened)
        return conditions

    def _choice(self, parameter: Parameter) -> dict[Decimal | None, Term]:
        """The condition of each value; None while it is open."""
        conditions: dict[Decimal | None, Term] = {}
        so_far: Term = True
        opened = []
        for value in values_in_order(parameter):
            pair = self.encoding.proposition(f"parameter.{parameter.id}.{value}")
            conditions[value] = conj((so_far, pair.true))
            opened.append(conj((so_far, pair.open)))
            so_far = conj((so_far, pair.false))
        conditions[None] = disj(opened)
        return conditions


def number_read(reads: Scalar | None) -> Amount:
    """What a number that is unknown or skipped is read as."""
    return NOTHING if reads is None or isinstance(reads, str) else Fraction(reads)


class _Kept:
    """What an encoding of another rulebook already says of this one's rules."""

    def __init__(self, like: Encoding, rulebook: Rulebook) -> None:
        self._like = like
        old, new = like.rulebook, rulebook
        self._same = (
            {name for name, variable in new.variables.items() if old.variables.get(name) == variable}
            if same_numbers(old, new)
            else set()
        )

    def rule(self, rule: LinkedRule, pairs: Mapping[str, Pair]) -> Pair | None:
        old = self._like.rulebook.rules.get(rule.id)
        if old is None or (old.formula is not rule.formula and old.formula != rule.formula):
            return None
        for atom in atoms(rule.formula):
            if isinstance(atom, Ref):
                old_pair = self._like.pairs.get(atom.proposition)
                if old_pair is None or not same_pair(old_pair, pairs[atom.proposition]):
                    return None
            elif atom.variable not in self._same:
                return None
        return self._like.rules.get(rule.id)


def same_numbers(one: Rulebook, other: Rulebook) -> bool:
    """Are measures and the readings of answers the same in two rulebooks?"""
    return one.measures == other.measures and all(
        question.unknown_reads == other.questions[name].unknown_reads
        for name, question in one.questions.items()
    )


def same_pair(one: Pair, other: Pair) -> bool:
    """Are two pairs the same terms?"""
    return one is other or (same_term(one.true, other.true) and same_term(one.false, other.false))


def _switched(rule: Pair, on: Term) -> Pair:
    """A rule that is switched off concludes nothing: the rest decide."""
    return Pair(conj((rule.true, on)), disj((rule.false, neg(on))))


def _all(pairs: list[Pair]) -> Pair:
    return Pair(conj(each.true for each in pairs), disj(each.false for each in pairs))


def _any(pairs: list[Pair]) -> Pair:
    if not pairs:
        return NEVER
    return Pair(disj(each.true for each in pairs), conj(each.false for each in pairs))
