"""The plan over all intakes: when each key stands in it, and with which value."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from afterrun.inference import number_read
from afterrun.rulebook import HUNDREDTH, NOTHING, OPEN, Mark, PlanLine
from afterrun.rulebook.schema import Formula, PlanItem, SchemeEntry
from afterrun.verify.prove.encoding.amounts import as_expression, compared, compute
from afterrun.verify.prove.encoding.branches import AmountTerm, Branches
from afterrun.verify.prove.encoding.rulebook import Encoding
from afterrun.verify.prove.encoding.terms import Term, conj, disj, neg

Possible = tuple[Term, Any]
"""A word or a number that a value can be or hold, under a condition."""


class PlanKey(NamedTuple):
    """One key of the plan, before any triage level hides it."""

    present: Term
    null: Term
    numbers: tuple[tuple[Term, Any], ...]
    """Fractions or numbers of the solver, each with its condition; no two hold together."""
    words: Mapping[str, Term]
    """Anything else that the value can be, or hold, each with its condition."""
    nothing: Term = False
    """An amount comes to less than there is, so that it is none."""


class PlanEncoding:
    """Every key of a plan."""

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding
        self._rulebook = encoding.rulebook
        self._world = self._encoding.world
        self._forks = self._encoding.forks
        self._amounts: dict[str, Branches] = {}
        lines: dict[str, list[tuple[PlanItem, PlanLine]]] = defaultdict(list)
        for item, line in zip(self._rulebook.plan, encoding.decisions.plan, strict=True):
            lines[item.key].append((item, line))
        self.keys = {key: self._key(these) for key, these in lines.items()}

    def number(self, name: str) -> tuple[tuple[Term, Any], ...]:
        """A question's or measure's number, as the plan reads it, with the condition of each case."""
        return tuple(
            (self._forks.term(case), as_expression(case.value))
            for case in self._amount(name)
            if not isinstance(case.value, Mark | float)
        )

    def _key(self, lines: list[tuple[PlanItem, PlanLine]]) -> PlanKey:
        """The first line that applies gives the value; before one does, an open one leaves null."""
        numbers: list[Possible] = []
        words: dict[str, Term] = {}
        nothing: Term = False
        for item, line in lines:
            gives = self._encoding.where(line.gives)
            for condition, value in self._values(item):
                here = conj((gives, condition))
                if isinstance(value, str):
                    words[value] = disj((words.get(value, False), here))
                elif here is not False:
                    # An amount of nothing is none.
                    some = item.quantity is None or compared(value, ">=", HUNDREDTH)
                    numbers.append((conj((here, some)), value))
                    nothing = disj((nothing, conj((here, neg(some)))))
        present = disj(self._encoding.where(line.may_give) for _, line in lines)
        null = conj((present, neg(disj((*(condition for condition, _ in numbers), *words.values())))))
        return PlanKey(present, null, tuple(numbers), words, nothing)

    def _values(self, item: PlanItem) -> Iterable[Possible]:
        """All that the value can be or hold, a word or a number, each with its condition."""
        if item.parameter is not None:
            return self._chosen(item.parameter)
        if item.formula is not None:
            return self._computed(item.formula)
        if item.scheme is not None:
            return self._from_scheme(item.scheme)
        if item.answer is not None:
            return self._answer(item.answer)
        if item.by_option is not None:
            return self._by_option(item, item.by_option)
        if isinstance(item.value, int | float) and not isinstance(item.value, bool):
            return [(True, Fraction(str(item.value)))]
        if item.value is None:
            return []
        return [(True, json.dumps(item.value, sort_keys=True, default=str))]

    def _computed(self, formula: Formula) -> Iterator[Possible]:
        cases = compute(self._forks, formula, self._amount, self._parameter)
        for case in self._forks.merged(cases):
            if isinstance(case.value, float):
                yield self._forks.term(case), "inf"
            elif not isinstance(case.value, Mark):
                yield self._forks.term(case), as_expression(case.value)

    def _from_scheme(self, entry: SchemeEntry) -> Iterator[Possible]:
        scheme = self._rulebook.schemes[entry.of]
        for case in compute(self._forks, entry.week, self._amount, self._parameter):
            if isinstance(case.value, Mark):
                continue
            for place in range(len(scheme)):
                # Before its first stretch and after its last a scheme goes on as there.
                begun = place == 0 or compared(case.value, ">=", Fraction(scheme[place][0]))
                last = place + 1 == len(scheme)
                over = not last and compared(case.value, ">=", Fraction(scheme[place + 1][0]))
                chosen = scheme[place if entry.blocks_back is None else max(place - entry.blocks_back, 0)]
                value = Fraction(chosen[0]) if entry.gives == "week" else json.dumps(chosen[2])
                yield conj((self._forks.term(case), begun, neg(over))), value

    def _answer(self, name: str) -> Iterator[Possible]:
        for key, quantity in self._rulebook.quantities.items():
            if quantity.unit_key == name:
                yield from ((term, unit) for unit, term in self._world.units[key].items())
                return
        asked = self._world.asked[name]
        if asked.number is not None:
            yield asked.is_number, asked.number
        yield from ((term, option) for option, term in asked.options.items())
        yield asked.unknown, "unknown"

    def _by_option(
        self, item: PlanItem, by_option: Mapping[str, Mapping[str, tuple[str, ...]]]
    ) -> Iterator[Possible]:
        answered = conj(self._world.asked[question].answered for question in by_option)
        yield answered, "[]"
        some: list[Term] = []
        for question, options in by_option.items():
            for option, adds in options.items():
                ticked = conj((answered, self._world.asked[question].options[option]))
                some.append(ticked)
                yield from ((ticked, each) for each in adds)
        nothing = conj((answered, *map(neg, some)))
        yield from ((nothing, each) for each in item.otherwise)

    def _amount(self, name: str) -> Branches:
        """A question or measure as a plan reads it: skipped, unknown and optional answers included."""
        if name not in self._amounts:
            measure = self._rulebook.measures.get(name)
            if measure is None:
                self._amounts[name] = self._asked(name)
            else:
                cases = compute(self._forks, measure.formula, self._amount)
                self._amounts[name] = self._forks.merged(cases)
        return self._amounts[name]

    def _asked(self, name: str) -> Branches:
        asked = self._world.asked[name]
        question = self._rulebook.questions[name]
        cases: list[tuple[Term, AmountTerm]] = [
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

    def _parameter(self, name: str) -> Branches:
        values = self._chosen(name)
        none = neg(disj(term for term, _ in values))
        ids = " ".join(str(_id(term)) for term, _ in values)
        return self._forks.cases(f"chosen {name} {ids}", [*values, (none, OPEN)])

    def _chosen(self, name: str) -> list[tuple[Term, Fraction]]:
        """When each value of a parameter is chosen."""
        chosen = self._encoding.decisions.choices[name]
        return [(self._encoding.where(formula), Fraction(value)) for value, formula in chosen.items()]


def _id(term: Term) -> object:
    return term if isinstance(term, bool) else term.get_id()
