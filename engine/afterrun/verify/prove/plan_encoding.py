"""The plan over all intakes: when each key stands in it, and with which value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from afterrun.rulebook import NOTHING, OPEN, Mark
from afterrun.rulebook.schema import PlanItem, SchemeEntry
from afterrun.verify.prove.amounts import Amount, Cases, as_expression, compared, compute
from afterrun.verify.prove.encoding import Outcome, number_read
from afterrun.verify.prove.terms import Pair, Term, conj, disj, neg


class Standing(NamedTuple):
    """One key of the plan, before any triage level hides it."""

    present: Term
    null: Term
    numbers: tuple[tuple[Term, Any], ...]
    """Fractions or numbers of the solver, each with its condition; no two hold together."""
    words: Mapping[str, Term]
    """Anything else that the value can be, or hold, each with its condition."""


class _Value(NamedTuple):
    numbers: list[tuple[Term, Any]]
    words: dict[str, Term]


class PlanEncoding:
    """Every key of a plan."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._encoding = outcome.encoding
        self._rulebook = outcome.rulebook
        self._world = self._encoding.world
        self._forks = self._encoding.forks
        self._amounts: dict[str, Cases] = {}
        items: dict[str, list[tuple[int, PlanItem]]] = {}
        for place, item in enumerate(self._rulebook.plan):
            items.setdefault(item.key, []).append((place, item))
        self.keys = {key: self._key(these) for key, these in items.items()}

    def number(self, name: str) -> tuple[tuple[Term, Any], ...]:
        """A question's or measure's number, as the plan reads it, with the condition of each case."""
        return tuple(
            (self._forks.term(case), as_expression(case.value))
            for case in self._amount(name)
            if not isinstance(case.value, Mark | float)
        )

    def _key(self, items: list[tuple[int, PlanItem]]) -> Standing:
        """The first item that applies gives the value; before one does, an open one leaves null."""
        numbers: list[tuple[Term, Any]] = []
        words: dict[str, Term] = {}
        some: list[Term] = []
        opened: list[Term] = []
        for place, item in items:
            applies = self._applies(place, item)
            first = conj((applies.true, neg(disj(some))))
            value = self._value(item)
            numbers += [(conj((first, condition)), each) for condition, each in value.numbers]
            for word, condition in value.words.items():
                words[word] = disj((words.get(word, False), conj((first, condition))))
            some.append(applies.true)
            opened.append(applies.open)
        present = disj((*some, *opened))
        null = conj((present, neg(disj((*(condition for condition, _ in numbers), *words.values())))))
        return Standing(present, null, tuple(each for each in numbers if each[0] is not False), words)

    def _applies(self, place: int, item: PlanItem) -> Pair:
        if item.for_ is None:
            return self._encoding.pair(self._rulebook.plan_conditions[place])
        true = []
        false = []
        for name, wanted in item.for_.items():
            status = self._outcome.status[name]
            hit = disj(status[each] for each in wanted)
            true.append(hit)
            false.append(neg(disj((hit, status[None]))))
        return Pair(disj(true), conj(false))

    def _value(self, item: PlanItem) -> _Value:
        if item.parameter is not None:
            chosen = self._outcome.choice[item.parameter]
            return _Value([(term, Fraction(each)) for each, term in chosen.items() if each is not None], {})
        if item.formula is not None:
            cases = compute(self._forks, item.formula, self._amount, self._parameter)
            numbers = [
                (self._forks.term(case), case.value) for case in cases if not isinstance(case.value, Mark)
            ]
            words = disj(condition for condition, value in numbers if isinstance(value, float))
            finite = [(term, as_expression(value)) for term, value in numbers if not isinstance(value, float)]
            return _Value(finite, {} if words is False else {"inf": words})
        if item.scheme is not None:
            return self._from_scheme(item.scheme)
        if item.answer is not None:
            return self._answer(item.answer)
        if item.by_option is not None:
            return self._by_option(item.by_option)
        if isinstance(item.value, int | float) and not isinstance(item.value, bool):
            return _Value([(True, Fraction(str(item.value)))], {})
        if item.value is None:
            return _Value([], {})
        return _Value([], {json.dumps(item.value, sort_keys=True, default=str): True})

    def _from_scheme(self, entry: SchemeEntry) -> _Value:
        scheme = self._rulebook.schemes[entry.of]
        value = _Value([], {})
        for case in compute(self._forks, entry.week, self._amount, self._parameter):
            if isinstance(case.value, Mark):
                continue
            for place in range(len(scheme)):
                # Before its first stretch and after its last a scheme goes on as there.
                begun = place == 0 or compared(case.value, ">=", Fraction(scheme[place][0]))
                last = place + 1 == len(scheme)
                over = not last and compared(case.value, ">=", Fraction(scheme[place + 1][0]))
                within = conj((self._forks.term(case), begun, neg(over)))
                chosen = scheme[place if entry.blocks_back is None else max(place - entry.blocks_back, 0)]
                if entry.gives == "week":
                    value.numbers.append((within, Fraction(chosen[0])))
                else:
                    word = json.dumps(chosen[2])
                    value.words[word] = disj((value.words.get(word, False), within))
        return value

    def _answer(self, name: str) -> _Value:
        for key, quantity in self._rulebook.quantities.items():
            if quantity.unit_key == name:
                return _Value([], dict(self._world.units[key]))
        asked = self._world.asked[name]
        numbers = [] if asked.number is None else [(asked.is_number, asked.number)]
        return _Value(numbers, {**asked.options, "unknown": asked.unknown})

    def _by_option(self, by_option: Mapping[str, Mapping[str, tuple[str, ...]]]) -> _Value:
        answered = conj(self._world.asked[question].answered for question in by_option)
        words: dict[str, Term] = {"[]": answered}
        for question, options in by_option.items():
            for option, adds in options.items():
                ticked = conj((answered, self._world.asked[question].options[option]))
                for each in adds:
                    words[each] = disj((words.get(each, False), ticked))
        return _Value([], words)

    def _amount(self, name: str) -> Cases:
        """A question or measure as a plan reads it: skipped, unknown and optional answers included."""
        if name not in self._amounts:
            measure = self._rulebook.measures.get(name)
            self._amounts[name] = (
                compute(self._forks, measure.formula, self._amount) if measure else self._asked(name)
            )
        return self._amounts[name]

    def _asked(self, name: str) -> Cases:
        asked = self._world.asked[name]
        question = self._rulebook.questions[name]
        cases: list[tuple[Term, Amount]] = [
            (asked.is_number, asked.number),
            (asked.unknown, number_read(question.unknown_reads)),
            (neg(asked.answered), NOTHING if question.optional else OPEN),
        ]
        if name not in self._rulebook.skips:
            return self._forks.cases(f"planned {name}", cases)
        skip = self._encoding.skips[name]
        return self._forks.cases(
            f"planned {name} unless {_id(skip.true)} {_id(skip.false)}",
            [
                (skip.true, number_read(question.skipped_reads)),
                (conj((skip.open, asked.answered)), OPEN),
                *((conj((skip.false, condition)), value) for condition, value in cases[:-1]),
                (conj((neg(skip.true), cases[-1][0])), cases[-1][1]),
            ],
        )

    def _parameter(self, name: str) -> Cases:
        chosen = self._outcome.choice[name]
        values = [(term, Fraction(each)) for each, term in chosen.items() if each is not None]
        none = neg(disj(term for term, _ in values))
        ids = " ".join(str(_id(term)) for term, _ in values)
        return self._forks.cases(f"chosen {name} {ids}", [*values, (none, OPEN)])


def _id(term: Term) -> object:
    return term if isinstance(term, bool) else term.get_id()
