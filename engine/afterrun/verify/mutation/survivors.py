"""The whole way from a rulebook and its cases to the changes that no case notices.

What survives the cases is looked for in many intakes, then the solver is asked. It ends as noticed
by an intake that is shown, as provably equivalent, or undecided for want of time or of a solver.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from afterrun.rulebook import Rulebook
from afterrun.verify.cases import Case, Place, Places, shown
from afterrun.verify.mutation.diffs import diff_of
from afterrun.verify.mutation.mutants import Mutant
from afterrun.verify.mutation.mutation import Bench, Tried, sampled
from afterrun.verify.mutation.witnesses import (
    MANY,
    NotDecided,
    Search,
    Solver,
    Witness,
    asked,
    solver_at_hand,
)

Fate = Literal["survives", "equivalent", "undecided"]
Watch = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and how much there is."""


class Survivor(NamedTuple):
    """A mutant that no case notices."""

    mutant: Mutant
    place: Place
    diff: tuple[str, ...]
    by_examples: tuple[str, ...]
    fate: Fate
    witness: Witness | None
    """An intake that would notice it; None unless it survives."""

    def to_dict(self) -> dict[str, Any]:
        """The survivor as plain JSON values."""
        found: dict[str, Any] = {
            "place": str(self.place),
            "of": self.mutant.owner,
            "kind": self.mutant.kind,
            "change": self.mutant.said,
            "diff": list(self.diff),
            "noticed_by_examples_of": list(self.by_examples),
            "fate": self.fate,
        }
        if self.witness is not None:
            before, after = shown(self.witness.before), shown(self.witness.after)
            found["intake"] = dict(self.witness.intake)
            found["differs"] = {
                key: {"before": before[key], "after": after[key]} for key in self.witness.differing
            }
        return found


class MutationReport(NamedTuple):
    """What became of every mutant."""

    rulebook: Rulebook
    cases: int
    all_mutants: int
    tried: tuple[Tried, ...]
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
    cases: Sequence[Case],
    places: Places,
    *,
    sample: int | None = None,
    seed: int = 0,
    jobs: int = 1,
    time_box: float | None = None,
    watch: Watch = lambda what, done, total: None,
) -> MutationReport:
    """Try every mutant, or a sample, on the cases; find out about those that none notices.

    Raises CaseFailsError when a case does not hold under the rules as they are. Several jobs are
    forked from this process, which should then have no other threads.
    """
    began = time.monotonic()
    until = None if time_box is None else began + time_box
    bench = Bench(rulebook, cases)
    wanted = sampled(bench.mutants, sample, seed)
    tried: list[Tried] = []
    for each in bench.try_all(wanted, jobs=jobs, until=until):
        tried.append(each)
        watch("mutants", len(tried), len(wanted))
    left = [each for each in tried if not each.by_cases and not each.stillborn]
    found = _looked_for(bench, left, seed, watch)
    solver = solver_at_hand()
    unseen = [place for place, witness in enumerate(found) if witness is None]
    fates: dict[int, tuple[Fate, Witness | None]] = {
        place: ("survives", witness) for place, witness in enumerate(found) if witness is not None
    }
    if solver is not None:
        answers = _solved(bench, solver, [left[place].mutant for place in unseen], jobs, until)
        for done, (place, answer) in enumerate(zip(unseen, answers, strict=False), start=1):
            fates[place] = answer
            watch("proofs", done, len(unseen))
    survivors = []
    for place, each in enumerate(left):
        fate, witness = fates.get(place, ("undecided", None))
        mutant = each.mutant
        where = places.of(mutant.owner, mutant.path)
        diff = tuple(diff_of(rulebook, mutant))
        survivors.append(Survivor(mutant, where, diff, each.by_examples, fate, witness))
    return MutationReport(
        rulebook,
        len(cases),
        len(bench.mutants),
        tuple(tried),
        tuple(survivors),
        time.monotonic() - began,
        solver is not None,
    )


def _looked_for(bench: Bench, left: Sequence[Tried], seed: int, watch: Watch) -> list[Witness | None]:
    if not left:
        return []
    search = Search(bench, count=MANY, seed=seed)
    found = []
    for each in left:
        found.append(search.witness(each.mutant))
        watch("survivors", len(found), len(left))
    return found


_at_work: tuple[Bench, Solver, float | None] | None = None
"""What a worker inherits when it is forked."""


def _solved(
    bench: Bench, solver: Solver, mutants: Sequence[Mutant], jobs: int, until: float | None
) -> Iterator[tuple[Fate, Witness | None]]:
    """What the solver says of each mutant, in order."""
    global _at_work
    _at_work = (bench, solver, until)
    try:
        if jobs > 1 and len(mutants) > jobs and "fork" in multiprocessing.get_all_start_methods():
            # A rulebook is made ready for the solver once in each process, so few are better than many.
            with multiprocessing.get_context("fork").Pool(jobs) as pool:
                yield from pool.imap(_ask, mutants)
        else:
            yield from map(_ask, mutants)
    finally:
        _at_work = None


def _ask(mutant: Mutant) -> tuple[Fate, Witness | None]:
    assert _at_work is not None
    bench, solver, until = _at_work
    if until is not None and time.monotonic() > until:
        return "undecided", None
    try:
        witness = asked(bench, mutant, solver)
    except NotDecided:
        return "undecided", None
    return ("survives", witness) if witness is not None else ("equivalent", None)
