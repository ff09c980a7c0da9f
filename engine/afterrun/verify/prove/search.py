"""Asking the solver for an intake: whether there is one, and the plainest if there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

import z3

from afterrun.intake import MILLION, Answers, Value, as_intake
from afterrun.rulebook import UNKNOWN, Rulebook
from afterrun.rulebook.schema import Scalar
from afterrun.verify.prove.encoding.rulebook import Encoding
from afterrun.verify.prove.encoding.shown import ResultEncoding
from afterrun.verify.prove.encoding.terms import Pair, Term, boolean, conj, disj, implies, neg, number
from afterrun.verify.prove.encoding.world import AskedQuestion, World

EFFORT = 500_000_000
"""How much the solver may do for one question, in its own count: some minutes.

The hardest question of the shipped rulebook takes a sixth. Steps are counted, not time, so that what is
proved on an idle machine is proved on a busy one.
"""

Intake = dict[str, Any]
Key = TypeVar("Key")


class Undecided(Exception):
    """The solver gave up; nothing is proved, and nothing is shown to fail."""


class Search:
    """One world, and the solver that looks for intakes in it."""

    def __init__(self, world: World) -> None:
        self._solver = z3.Solver()
        # Looks for models with as little answered as can be.
        self._solver.set("phase_selection", 0, "random_seed", 1, "rlimit", EFFORT)
        self._solver.add(*[rule for rule in world.rules if rule is not True])

    def require(self, *terms: Term) -> None:
        """From now on everything looked for fulfils the terms."""
        self._add(terms)

    @contextmanager
    def assuming(self, *terms: Term) -> Iterator[None]:
        """Within, everything looked for fulfils the terms."""
        self._solver.push()
        try:
            self._add(terms)
            yield
        finally:
            self._solver.pop()

    def possible(self, *terms: Term) -> bool:
        """Is there an intake that fulfils all terms?"""
        if any(term is False for term in terms):
            return False
        with self.assuming(*terms):
            return self._check()

    def possible_among(self, *terms: Term) -> bool:
        """The same, where the terms are unknowns or their denials: what the solver has learned it keeps.

        For the next such question, among the same.
        """
        return self._decided(self._solver.check(*terms))

    def some_of(self, terms: Sequence[Term], *others: Term, most: int | None = None) -> set[int]:
        """The places of the terms that are possible, each with the others; as many as `most` at least.

        One question finds all that hold of one intake, so that what is not possible costs one together.
        """
        found: set[int] = set()
        while most is None or len(found) < most:
            left = [place for place in range(len(terms)) if place not in found]
            some = disj(terms[place] for place in left)
            if some is False:
                break
            with self.assuming(*others, some):
                read = self.reading()
            if read is None:
                break
            found |= {place for place in left if read(terms[place])}
        return found

    def reading(self) -> Callable[[Any], Any] | None:
        """How terms read in one intake that fulfils what is assumed: a bool, or a Fraction."""
        if not self._check():
            return None
        return partial(_read, self._solver.model())

    def needed(self, named: Sequence[tuple[Key, Term]], *terms: Term) -> set[Key]:
        """Of terms that cannot all be fulfilled with the others, some that already cannot."""
        with self.assuming(*terms):
            marks = {}
            for place, (key, term) in enumerate(named):
                mark = boolean(f"needed {place}")
                marks[str(mark)] = key
                self._add([implies(mark, term)])
            if self._solver.check(*map(boolean, marks)) != z3.unsat:
                return {key for key, _ in named}
            return {marks[str(mark)] for mark in self._solver.unsat_core()}

    def witnesses(self, *terms: Term, worlds: Iterable[World]) -> tuple[Answers, ...]:
        """Intakes that fulfil all terms, one of each world, with as little answered as can be; or none."""
        if any(term is False for term in terms):
            return ()
        worlds = tuple(worlds)
        with self.assuming(*terms):
            if not self._check():
                return ()
            # Left behind also where the solver gives up: its wishes would bind all that is looked for later.
            with self.assuming():
                # A new scope forgets the model that was found.
                self._check()
                model = self._on_grid(worlds, self._plainest(worlds))
            if model is None:
                # Leaving answers out may have left only numbers finer than an intake can hold.
                model = self._anywhere_on_grid(worlds)
            if model is None:
                return ()
            return tuple(_answers(world, partial(_read, model)) for world in worlds)

    def _add(self, terms: Iterable[Term]) -> None:
        for term in terms:
            if term is not True:
                self._solver.add(z3.BoolVal(False) if term is False else term)

    def _check(self) -> bool:
        return self._decided(self._solver.check())

    def _decided(self, outcome: Any) -> bool:
        if outcome == z3.unknown:
            raise Undecided(self._solver.reason_unknown())
        return bool(outcome == z3.sat)

    def _plainest(self, worlds: tuple[World, ...]) -> Any:
        """A model that has settled for ever less: without answers, then ticks, then what is unknown."""
        wishes: dict[int, Term] = {}
        for world in worlds:
            for wish in _wishes(world):
                # Worlds share most of their unknowns.
                wishes.setdefault(wish.get_id(), wish)
        model = self._solver.model()
        for wish in wishes.values():
            if not z3.is_true(model.eval(wish, model_completion=True)):
                if self._solver.check(wish) == z3.sat:
                    model = self._solver.model()
                else:
                    wish = neg(wish)
            self._solver.add(wish)
        return model

    def _on_grid(self, worlds: tuple[World, ...], model: Any) -> Any:
        """A model in numbers that an intake can hold: whole, else hundredths, else to six decimals."""
        given = [
            asked
            for world in worlds
            for asked in world.asked.values()
            if asked.number is not None and z3.is_true(model.eval(asked.is_number, model_completion=True))
        ]
        for scale in (1, 100, MILLION):
            with self.assuming(*(_counted(asked, scale) for asked in given)):
                outcome = self._solver.check()
                if outcome == z3.sat:
                    return self._solver.model()
            if outcome == z3.unknown and scale == MILLION:
                raise Undecided(self._solver.reason_unknown())
        return None

    def _anywhere_on_grid(self, worlds: tuple[World, ...]) -> Any:
        """Some model in numbers of six decimals, whatever is answered; None when there is none at all."""
        asked = (each for world in worlds for each in world.asked.values() if each.number is not None)
        with self.assuming(*(z3.Implies(each.is_number, _counted(each, MILLION)) for each in asked)):
            return self._solver.model() if self._check() else None


def _wishes(world: World) -> Iterator[Term]:
    """What would make an intake plainer, the most first."""
    for asked in reversed(world.asked.values()):
        yield neg(asked.answered)
    for asked in world.asked.values():
        if asked.question.type == "multi":
            yield from map(neg, asked.options.values())
    for units in world.units.values():
        yield from map(neg, reversed(units.values()))


class Ground:
    """A rulebook over all intakes, and the solver that searches them: what every check stands on."""

    def __init__(self, rulebook: Rulebook, *, examples: bool = False) -> None:
        self.rulebook = rulebook
        self.world = World.of(rulebook)
        self.encoding = Encoding(rulebook, self.world)
        self.shown = ResultEncoding(self.encoding)
        self.search = Search(self.world)
        self.complete = completed(self.world, rulebook, self.encoding.skips)
        """No question is blank that applies, but for the optional ones."""
        self.everything = completed(self.world, rulebook, self.encoding.skips, optional=True)
        self.wants_examples = examples
        self.written = [rule for rule in rulebook.rules.values() if rule.written is not None]

    def intakes(self, *terms: Term, beside: World | None = None) -> tuple[Intake, ...]:
        """The plainest intake that fulfils the terms, and one beside it; none if there is none."""
        worlds = (self.world,) if beside is None else (self.world, beside)
        found = self.search.witnesses(*terms, worlds=worlds)
        return tuple(intake_of(self.rulebook, answers) for answers in found)


def completed(world: World, rulebook: Rulebook, skips: Mapping[str, Pair], *, optional: bool = False) -> Term:
    """Every question is answered that applies; the optional ones too only if that is asked for."""
    terms = []
    for name, asked in world.asked.items():
        if optional or not rulebook.questions[name].optional:
            skip = skips[name].true if name in skips else False
            terms.append(disj((asked.answered, skip)))
    return conj(terms)


def filled(world: World, rulebook: Rulebook) -> Term:
    """What the record of a check-in never leaves blank is not, and no amount is less than one can do.

    Of another part nothing is asked.
    """
    enrolment = rulebook.enrolment
    if enrolment is None:
        return True
    terms = [world.asked[name].answered for name in enrolment.unsaid]
    for each in enrolment.unasked:
        where = [
            disj(world.asked[name].equals(_as_answer(value)) for value in values)
            for name, values in each.where.items()
        ]
        terms += [implies(conj(where), world.asked[name].answered) for name in each.facts]
    for name in enrolment.ran:
        done, quantity = world.asked[name], rulebook.quantities[rulebook.questions[name].quantity or ""]
        least = disj(
            conj((world.units[quantity.id][unit.id], done.number >= number(Fraction(unit.step))))
            for unit in quantity.units
        )
        terms.append(implies(done.is_number, disj((done.number == number(Fraction(0)), least))))
    return conj(terms)


def _as_answer(written: Scalar) -> Value:
    return written if isinstance(written, str) else Fraction(written)


def intake_of(rulebook: Rulebook, answers: Answers) -> Intake:
    """The plain object of answers, as an intake file holds it."""
    intake = as_intake(rulebook, answers)
    # A unit is kept although no number needs it, where the plan shows it.
    return {**{key: unit for key, unit in answers.units.items() if key not in intake}, **intake}


def _counted(asked: AskedQuestion, scale: int) -> Term:
    """The number answered is a whole number of such parts."""
    return asked.number * scale == z3.ToReal(z3.Int(f"{asked.number} x {scale}"))


def _read(model: Any, term: Any) -> Any:
    """A term's value in a model: a bool, or a Fraction."""
    if isinstance(term, bool):
        return term
    value = model.eval(term, model_completion=True)
    if z3.is_bool(value):
        return z3.is_true(value)
    return Fraction(value.numerator_as_long(), value.denominator_as_long())


def _answers(world: World, read: Callable[[Any], Any]) -> Answers:
    values = {name: _value(asked, read) for name, asked in world.asked.items()}
    units = {
        world.quantities[key].unit_key: unit
        for key, choices in world.units.items()
        for unit, term in choices.items()
        if read(term)
    }
    return Answers({name: value for name, value in values.items() if value is not None}, units)


def _value(asked: AskedQuestion, read: Callable[[Any], Any]) -> Value | None:
    if read(asked.unknown):
        return UNKNOWN
    if asked.number is not None:
        return read(asked.number) if read(asked.is_number) else None
    ticked = [name for name, term in asked.options.items() if read(term)]
    if not ticked:
        return None
    return frozenset(ticked) if asked.question.type == "multi" else ticked[0]
