"""The whole way from a rulebook and its cases to the changes that no case notices.

What survives the cases is looked for in many intakes, then the solver is asked. It ends as noticed
by an intake that is shown, as provably equivalent, or undecided for want of time or of a solver.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Literal, NamedTuple

from afterrun.rulebook import Rulebook
from afterrun.verify.cases import LayOut, Places, SourceLine, WrittenCase
from afterrun.verify.mutation.bench import Bench, Trial, draw
from afterrun.verify.mutation.diffs import diff_of
from afterrun.verify.mutation.mutants import Mutant
from afterrun.verify.mutation.witnesses import (
    ManyIntakes,
    NotDecided,
    Solver,
    Witness,
    ask_solver,
    find_solver,
)
from afterrun.workers import Made, map_in_order

Fate = Literal["survives", "equivalent", "undecided"]
Ending = tuple[Fate, Witness | None]
"""What became of a mutant that no case notices, and the intake that would have noticed it."""
Watch = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and how much there is."""


class Survivor(NamedTuple):
    """A mutant that no case notices."""

    mutant: Mutant
    place: SourceLine
    diff: tuple[str, ...]
    by_examples: tuple[str, ...]
    fate: Fate
    witness: Witness | None
    """An intake that would notice it; None unless it survives."""

    def to_dict(self) -> dict[str, Any]:
        """The survivor as plain JSON values."""
        found: dict[str, Any] = {
            "place": str(self.place),
            "of": str(self.mutant.owner),
            "kind": self.mutant.kind,
            "change": self.mutant.said,
            "diff": list(self.diff),
            "noticed_by_examples_of": list(self.by_examples),
            "fate": self.fate,
        }
        if self.witness is not None:
            found["intake"] = dict(self.witness.intake)
            found["differs"] = {
                key: {"before": before, "after": after}
                for key, (before, after) in self.witness.differing.items()
            }
        return found


class MutationReport(NamedTuple):
    """What became of every mutant."""

    rulebook: Rulebook
    cases: int
    all_mutants: int
    tried: tuple[Trial, ...]
    """Those there was time for, of those that were to be tried."""
    survivors: tuple[Survivor, ...]
    seconds: float
    solver: bool
    """Whether a solver was at hand."""

    def fates(self, fate: Fate) -> list[Survivor]:
        """The survivors that ended so."""
        return [each for each in self.survivors if each.fate == fate]

    @property
    def counts(self) -> dict[str, int]:
        """How many mutants ended how."""
        return {
            "mutants": self.all_mutants,
            "tried": len(self.tried),
            "refused by loading": sum(each.stillborn for each in self.tried),
            "killed by cases": sum(bool(each.by_cases) for each in self.tried),
            "killed by examples": sum(bool(each.by_examples) for each in self.tried),
            "equivalent": len(self.fates("equivalent")),
            "undecided": len(self.fates("undecided")),
            "surviving": len(self.fates("survives")),
        }

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "rulebook": self.rulebook.stamp,
            "cases": self.cases,
            "counts": self.counts,
            "seconds": round(self.seconds, 1),
            "solver": self.solver,
            "survivors": [each.to_dict() for each in self.survivors],
        }


def mutate(
    rulebook: Rulebook,
    cases: Sequence[WrittenCase],
    places: Places,
    *,
    sample: int | None = None,
    seed: int = 0,
    jobs: int = 1,
    time_box: float | None = None,
    lay_out: LayOut | None = None,
    watch: Watch = lambda what, done, total: None,
) -> MutationReport:
    """Try every mutant, or a sample, on the cases; find out about those that none notices.

    Raises CaseFailsError when a case does not hold under the rules as they are. With a `time_box` (in
    seconds) they are tried in an order by chance, so that some of each kind are. Several jobs are
    forked from this process, which should then have no other threads. `lay_out` gives the weeks of a
    case, so that the schedule is tried too.
    """
    began = time.monotonic()
    until = None if time_box is None else began + time_box
    bench = Bench(rulebook, cases, lay_out)
    # Else a time box would leave out the same kinds each time: what stands first is rules.
    wanted = draw(bench.mutants, sample, seed, mixed=until is not None)

    def watched(what: str, made: Iterable[Made], total: int) -> Iterator[Made]:
        for done, each in enumerate(made, start=1):
            watch(what, done, total)
            yield each

    trials = list(watched("mutants", bench.try_all(wanted, jobs=jobs, until=until), len(wanted)))
    left = [each for each in trials if each.survives]
    found = list(watched("survivors", _look(bench, left, seed), len(left)))
    fates = [_fate(witness, "undecided") for witness in found]
    solver = find_solver()
    if solver is not None:
        ask = partial(_ask, bench, solver, until)
        unseen = [place for place, witness in enumerate(found) if witness is None]
        # A rulebook is made ready for the solver once in each process, so few are better than many.
        answers = map_in_order(ask, [left[place].mutant for place in unseen], jobs, chunk=1)
        for place, answer in zip(unseen, watched("proofs", answers, len(unseen)), strict=True):
            fates[place] = answer
    survivors = []
    for trial, (fate, witness) in zip(left, fates, strict=True):
        mutant = trial.mutant
        where = places.of(mutant.owner, mutant.path)
        diff = tuple(diff_of(rulebook, mutant))
        survivors.append(Survivor(mutant, where, diff, trial.by_examples, fate, witness))
    return MutationReport(
        rulebook,
        len(cases),
        len(bench.mutants),
        tuple(trials),
        tuple(sorted(survivors, key=lambda each: each.place)),
        time.monotonic() - began,
        solver is not None,
    )


def _look(bench: Bench, left: Sequence[Trial], seed: int) -> Iterator[Witness | None]:
    """For each mutant one of many intakes that notices it, if any does."""
    if left:
        many = ManyIntakes(bench, seed=seed)
        yield from (many.witness(each.mutant) for each in left)


def _ask(bench: Bench, solver: Solver, until: float | None, mutant: Mutant) -> Ending:
    """What the solver says of a mutant, while there is time."""
    if until is not None and time.monotonic() > until:
        return "undecided", None
    try:
        return _fate(ask_solver(bench, mutant, solver), "equivalent")
    except NotDecided:
        return "undecided", None


def _fate(witness: Witness | None, otherwise: Fate) -> Ending:
    return (otherwise, None) if witness is None else ("survives", witness)
