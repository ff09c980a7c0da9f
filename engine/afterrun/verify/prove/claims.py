"""The claims of `rules/invariants.yaml` over all intakes."""

from __future__ import annotations

from fractions import Fraction

from afterrun.rulebook import KeyPath, LinkedInvariant, condition_of
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
    PlanTest,
    Refuted,
    Shows,
    Triage,
)
from afterrun.verify.prove.encoding.amounts import compared
from afterrun.verify.prove.encoding.plan import PlanKey
from afterrun.verify.prove.encoding.shown import ResultEncoding
from afterrun.verify.prove.encoding.terms import Expression, Pair, Term, conj, disj, neg, number

_SIGNS = {"is_": "==", "at_least": ">=", "at_most": "<=", "over": ">", "under": "<"}
_LISTED = ("recommended", "postponed", "merged")


class Claims:
    """One invariant's claims, as terms over what results show."""

    def __init__(self, invariant: LinkedInvariant, shown: ResultEncoding) -> None:
        self._invariant = invariant
        self._shown = shown

    @property
    def broken(self) -> Term:
        """When the invariant is broken."""
        written = self._invariant.written
        if written.never is not None:
            wrong = self.term(written.never, ("never",))
        else:
            assert written.always is not None
            wrong = neg(self.term(written.always, ("always",)))
        return conj((self.premise, wrong))

    @property
    def premise(self) -> Term:
        """The intakes that the invariant speaks of."""
        when = self._invariant.written.when
        return True if when is None else self.term(when, ("when",))

    @property
    def occasion(self) -> Term:
        """The premise, or the first of what must not come together: if it is never so, nothing is said."""
        never = self._invariant.written.never
        if isinstance(never, AllClaims):
            return conj((self.premise, self.term(never.all[0], ("never", "all", 0))))
        return self.premise

    def term(self, claim: Claim, path: KeyPath) -> Term:
        """When a claim is so."""
        shown = self._shown
        match claim:
            case AllClaims():
                return conj(self.term(each, (*path, "all", place)) for place, each in enumerate(claim.all))
            case AnyClaim():
                return disj(self.term(each, (*path, "any", place)) for place, each in enumerate(claim.any))
            case NotClaim():
                return neg(self.term(claim.not_, (*path, "not")))
            case Triage():
                return shown.at(claim.triage)
            case Shows():
                names = shown.patterns if claim.shows == ANY else claim.shows
                return disj(term for name in names for term in shown.patterns[name].values())
            case Gives():
                given = shown.rulebook.interventions if claim.gives == ANY else claim.gives
                return disj(shown.given(name, status) for name in given for status in _LISTED)
            case GivesNow():
                return disj(shown.given(name, "recommended") for name in claim.gives_now)
            case Blank():
                return self._blank(claim)
            case Planned():
                return self._planned(claim)
            case _:
                return self._of_rules(claim, path)

    def _of_rules(self, claim: Claim, path: KeyPath) -> Term:
        assert condition_of(claim) is not None
        formula, variables = self._invariant.formulas[path], self._invariant.variables
        pair: Pair = self._shown.encoding.pair(formula, variables)
        if isinstance(claim, Refuted):
            return pair.false
        return pair.open if isinstance(claim, Open) else pair.true

    def _blank(self, claim: Blank) -> Term:
        encoding = self._shown.encoding
        questions = [
            question.id
            for question in self._shown.rulebook.questions.values()
            if question.id in claim.blank or question.section in claim.blank
        ]
        return disj(
            conj(
                (
                    neg(encoding.world.asked[name].answered),
                    neg(encoding.skips[name].true) if name in encoding.skips else True,
                )
            )
            for name in questions
        )

    def _planned(self, claim: Planned) -> Term:
        shown = self._shown
        if isinstance(claim.plan, str):
            keys = shown.plan.keys if claim.plan == ANY else [claim.plan]
            return conj((shown.shows_plan, disj(shown.plan.keys[key].present for key in keys)))
        ((key, test),) = claim.plan.items()
        return conj((shown.shows_plan, self._tested(shown.plan.keys[key], test)))

    def _tested(self, standing: PlanKey, test: PlanTest) -> Term:
        bounds: dict[str, Bound] = test.given()
        return conj(
            disj(
                conj((one, other, compared(value, _SIGNS[operator], limit)))
                for one, value in standing.numbers
                for other, limit in self._limits(bound)
            )
            for operator, bound in bounds.items()
        )

    def _limits(self, bound: Bound) -> list[tuple[Term, Expression]]:
        if isinstance(bound, PlanNumber):
            numbers = self._shown.plan.keys[bound.plan].numbers
        elif isinstance(bound, AnswerNumber):
            numbers = self._shown.plan.number(bound.answer)
        else:
            return [(True, Fraction(bound))]
        return [(term, value * _factor(value, bound)) for term, value in numbers]


def _factor(value: Expression, bound: PlanNumber | AnswerNumber) -> Expression:
    times = Fraction(bound.times)
    return times if isinstance(value, Fraction) else number(times)
