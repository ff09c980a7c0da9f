"""A rulebook over all intakes: tests and propositions as conditions of the solver, and all made of them.

It says about all intakes at once what the engine says about one; tests hold the two against each
other.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from afterrun.inference import number_read
from afterrun.rulebook import (
    OPEN,
    UNKNOWN,
    CellTest,
    Decisions,
    Evaluation,
    Formula,
    LinkedRule,
    Ref,
    Rulebook,
    Truth,
    Variable,
    atoms,
    concluded,
    engine_of,
)
from afterrun.verify.prove.encoding.amounts import compute, in_cells
from afterrun.verify.prove.encoding.branches import Branches, Forks
from afterrun.verify.prove.encoding.terms import TERMS, UNSETTLED, Pair, Term, conj, disj, neg, same_term
from afterrun.verify.prove.encoding.world import World


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
        self._measures: dict[str, Branches] = {}
        self.decisions = engine_of(rulebook, Decisions)
        self._evaluation = self._evaluation_over(rulebook.variables)
        self.pairs: dict[str, Pair] = {}
        self.rules: dict[str, Pair] = {}
        switches = switches or {}
        reuse = _Reuse(like, rulebook) if like else None
        for name, rules in rulebook.propositions.items():
            for rule in rules:
                if rule.id not in self.rules:
                    found = reuse.rule(rule, self.pairs) if reuse else None
                    self.rules[rule.id] = found or self.pair(rule.formula)
            on = [_switched(self.rules[rule.id], switches.get(rule.id, True)) for rule in rules]
            self.pairs[name] = Pair(*concluded(TERMS, on))
        self.skips = {name: self.pair(formula) for name, formula in rulebook.skips.items()}

    def proposition(self, name: str) -> Pair:
        """A proposition's pair; one that no rule concludes is never settled."""
        return self.pairs.get(name, UNSETTLED)

    def where(self, formula: Formula, truth: Truth = True) -> Term:
        """When a formula is proved, or when it is refuted, or open."""
        return self._evaluation.where(formula, truth)

    def pair(self, formula: Formula, variables: Mapping[str, Variable] | None = None) -> Pair:
        """When a formula is proved, and when it is refuted."""
        evaluation = self._evaluation if variables is None else self._evaluation_over(variables)
        return Pair(*evaluation.pair(formula))

    def _evaluation_over(self, variables: Mapping[str, Variable]) -> Evaluation[Term]:
        def atom(atom: CellTest | Ref) -> Pair:
            if isinstance(atom, Ref):
                return self.proposition(atom.proposition)
            return self._leaf(variables[atom.variable], atom.mask)

        return Evaluation(TERMS, atom)

    def _leaf(self, variable: Variable, mask: int) -> Pair:
        key = (variable.name, variable.thresholds, mask)
        if key not in self._leaves:
            self._leaves[key] = self._made(variable, mask)
        return self._leaves[key]

    def _made(self, variable: Variable, mask: int) -> Pair:
        if variable.option is not None:
            asked = self.world.asked[variable.subject]
            ticked = asked.options[variable.option]
            return Pair(ticked, conj((asked.answered, neg(ticked))))
        every = (1 << len(variable.cells)) - 1
        return Pair(self.within(variable, mask), self.within(variable, every ^ mask))

    def within(self, variable: Variable, cells: int) -> Term:
        """The variable is known, and lies in these cells."""
        asked = self.world.asked.get(variable.subject)
        if asked is None:
            known = (case for case in self.measure(variable.subject) if case.value is not OPEN)
            return disj(
                conj((self.forks.term(case), in_cells(variable, cells, case.value))) for case in known
            )
        if asked.number is None:
            ways = (
                asked.unknown if cell.raw is UNKNOWN else asked.options[str(cell.raw)]
                for place, cell in enumerate(variable.cells)
                if cells >> place & 1
            )
            return disj(ways)
        number = conj((asked.is_number, in_cells(variable, cells, asked.number)))
        return disj((number, conj((asked.unknown, bool(cells >> len(variable.cells) - 1)))))

    def measure(self, name: str) -> Branches:
        """A measure as rules read it: skips are the business of rules, not of numbers."""
        if name not in self._measures:
            formula = self.rulebook.measures[name].formula
            cases = compute(self.forks, formula, self._number)
            self._measures[name] = self.forks.merged(cases)
        return self._measures[name]

    def _number(self, name: str) -> Branches:
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


class _Reuse:
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
        same = all(
            same_pair(self._like.pairs.get(atom.proposition), pairs[atom.proposition])
            if isinstance(atom, Ref)
            else atom.variable in self._same
            for atom in atoms(rule.formula)
        )
        return self._like.rules.get(rule.id) if same else None


def same_numbers(one: Rulebook, other: Rulebook) -> bool:
    """Are measures and the readings of answers the same in two rulebooks?"""
    return one.measures == other.measures and all(
        question.unknown_reads == other.questions[name].unknown_reads
        for name, question in one.questions.items()
    )


def same_pair(one: Pair | None, other: Pair) -> bool:
    """Are two pairs the same terms?"""
    return one is other or (
        one is not None and same_term(one.true, other.true) and same_term(one.false, other.false)
    )


def _switched(rule: Pair, on: Term) -> Pair:
    """A rule that is switched off concludes nothing: the rest decide."""
    return Pair(conj((rule.true, on)), disj((rule.false, neg(on))))
