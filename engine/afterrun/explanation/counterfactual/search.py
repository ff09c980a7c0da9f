"""Changes in, every smallest set of them under which a proposition is settled as wanted.

All sets of one size are tried at once: each is a lane, one bit of the integers that the compiled
logic works on, so that the search is exhaustive and still quick.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from afterrun.explanation.counterfactual.answer_changes import Edit, Key
from afterrun.inference import CompiledLogic
from afterrun.rulebook import Rulebook, engine_of

Keys = frozenset[Key]
ChangeSet = tuple[Edit, ...]
Allowed = Callable[[ChangeSet], bool]


class ChangeSearch:
    """A search from one person's facts; `evaluate` is the rulebook's compiled logic."""

    def __init__(self, rulebook: Rulebook, facts: Mapping[str, int], changes: Iterable[Edit]) -> None:
        logic = engine_of(rulebook, CompiledLogic)
        self._evaluate = engine_of(rulebook, _evaluator)
        self._tests = logic.tests
        self._place = {name: 2 * place for place, name in enumerate(logic.propositions)}
        self._facts = facts
        self._changes = tuple(changes)
        self._alone = self._with_alone(rulebook)

    def smallest(
        self, proposition: str, wanted: bool, at_most: int, allowed: Allowed
    ) -> Iterator[list[ChangeSet]]:
        """For each set of keys that suffices, and of which no part does: all change sets with these keys.

        Smallest sets first.
        """
        place = self._place[proposition] + (not wanted)
        singles = [change for change in self._changes if len(change.keys) == 1]
        joint = [change for change in self._changes if len(change.keys) > 1]
        solved: list[Keys] = []
        for size in range(1, at_most + 1):
            found: dict[Keys, list[ChangeSet]] = {}
            for prefix, pool, count in _blocks(singles, joint, size):
                for chosen in self._settled(place, prefix, pool, count, solved):
                    keys = frozenset[Key]().union(*(change.keys for change in chosen))
                    if len(keys) == size and allowed(chosen):
                        found.setdefault(keys, []).append(chosen)
            yield from found.values()
            solved += found
            done = {key for keys in solved if len(keys) == 1 for key in keys}
            singles = [change for change in singles if change.keys.isdisjoint(done)]
            joint = [change for change in joint if change.keys.isdisjoint(done)]

    def _settled(
        self, place: int, prefix: ChangeSet, pool: Sequence[Edit], count: int, solved: list[Keys]
    ) -> Iterator[ChangeSet]:
        """The sets of the prefix and `count` more changes from the pool that settle a proposition."""
        already = frozenset[Key]().union(*(change.keys for change in prefix))
        if any(keys <= already for keys in solved):
            return
        if count == 2:
            lanes, every = _pairs(len(pool)), (1 << (len(pool) * (len(pool) - 1) // 2)) - 1
        else:
            lanes, every = [1 << at for at in range(len(pool))], (1 << max(count and len(pool), 1)) - 1
        placed = [*((change, every) for change in prefix), *zip(pool, lanes, strict=False)]
        usable = every & ~self._excluded(placed, already, solved)
        if not usable:
            return
        propositions, _, _ = self._evaluate(self._outcomes(placed, every), _no_demand)
        answer = propositions[place] & usable
        while answer:
            lane = (answer & -answer).bit_length() - 1
            answer &= answer - 1
            if count == 2:
                first, second = _pair_at(lane)
                yield (*prefix, pool[second], pool[first])
            else:
                yield (*prefix, pool[lane]) if count else prefix

    @staticmethod
    def _excluded(placed: Sequence[tuple[Edit, int]], already: frozenset[Key], solved: list[Keys]) -> int:
        """Lanes with two changes of one group, or with a set that is known to suffice."""
        excluded = 0
        seen: dict[str, int] = {}
        by_key: dict[Key, int] = {}
        for change, lanes in placed:
            if change.group:
                excluded |= seen.get(change.group, 0) & lanes
                seen[change.group] = seen.get(change.group, 0) | lanes
            for key in change.keys:
                by_key[key] = by_key.get(key, 0) | lanes
        for keys in solved:
            together = -1
            for key in keys:
                together &= by_key.get(key, 0)
                if not together:
                    break
            excluded |= together
        return excluded

    def _outcomes(self, placed: Sequence[tuple[Edit, int]], every: int) -> list[int]:
        """In which lanes each test of the rulebook holds, and in which it does not."""
        moved: dict[str, dict[int, int]] = {}
        for change, lanes in placed:
            for variable, cell in change.cells:
                cells = moved.setdefault(variable, {})
                cells[cell] = cells.get(cell, 0) | lanes
        self._settle_ticks(placed, every, moved)
        known: dict[str, tuple[dict[int, int], int]] = {}
        for variable, cells in moved.items():
            rest = every
            for lanes in cells.values():
                rest &= ~lanes
            now = self._facts.get(variable)
            if now is not None and rest:
                cells[now] = cells.get(now, 0) | rest
            missing = cells.pop(-1, 0)
            known[variable] = cells, (every if now is not None else every & ~rest) & ~missing
        outcomes = []
        for variable, mask in self._tests:
            if variable in known:
                cells, lanes = known[variable]
                true = 0
                for cell, where in cells.items():
                    if mask >> cell & 1:
                        true |= where
                outcomes += [true & lanes, lanes & ~true]
            else:
                cell_now = self._facts.get(variable)
                if cell_now is None:
                    outcomes += [0, 0]
                else:
                    outcomes += [every, 0] if mask >> cell_now & 1 else [0, every]
        return outcomes

    def _settle_ticks(
        self, placed: Sequence[tuple[Edit, int]], every: int, moved: dict[str, dict[int, int]]
    ) -> None:
        """What a tick brings along: the first tick answers the rest, and an excluding option gives way."""
        touched: dict[str, int] = {}
        for change, lanes in placed:
            if change.toggles is not None:
                question = change.toggles[0]
                touched[question] = touched.get(question, 0) | lanes
        for question, where in touched.items():
            alone, others = self._alone[question]
            some = 0
            for variable in others:
                ticked = self._facts.get(variable, 0)
                flipped = moved.get(variable, {}).get(1 - ticked, 0)
                some |= flipped if not ticked else every & ~flipped
                if variable not in self._facts:
                    cells = moved.setdefault(variable, {})
                    cells[0] = where & ~flipped
            for place, variable in enumerate(alone):
                left = where & ~some if place == 0 else 0
                moved[variable] = {1: left, 0: where & ~left}

    def _with_alone(self, rulebook: Rulebook) -> dict[str, tuple[list[str], list[str]]]:
        """For each multiple choice its variables: of the options that exclude the others, and of those."""
        return {
            question.id: (
                [f"{question.id}:{option.id}" for option in question.options if option.alone],
                [f"{question.id}:{option.id}" for option in question.options if not option.alone],
            )
            for question in rulebook.questions.values()
            if question.type == "multi"
        }


def _blocks(singles: list[Edit], joint: list[Edit], size: int) -> Iterator[tuple[ChangeSet, list[Edit], int]]:
    """All sets of changes with `size` keys: a prefix, a pool, and how many to add from the pool."""
    for count in range(size // 2 + 1):
        for chosen in itertools.combinations(joint, count):
            left = size - sum(len(change.keys) for change in chosen)
            groups = [change.group for change in chosen]
            if left < 0 or len(set(groups)) < len(groups):
                continue
            if left == 0:
                yield chosen, [], 0
            elif left == 1:
                yield chosen, singles, 1
            else:
                for more in itertools.combinations(range(len(singles)), left - 2):
                    # The pool lies before the prefix, so that every set comes once.
                    pool = singles[: more[0]] if more else singles
                    if len(pool) > 1:
                        yield (*chosen, *(singles[at] for at in more)), pool, 2


_PAIRS: dict[int, list[int]] = {}


def _pairs(count: int) -> list[int]:
    """For each of `count` things the lanes in which it stands, every pair having one lane.

    Pairs are numbered by their larger member, so that fewer things have the first of the lanes.

    >>> [bin(each) for each in _pairs(3)]      # pairs in order: 0 with 1, 0 with 2, 1 with 2
    ['0b11', '0b101', '0b110']
    """
    if count not in _PAIRS:
        if len(_PAIRS) > 1000:
            _PAIRS.clear()
        lanes = []
        for each in range(count):
            as_larger = ((1 << each) - 1) << each * (each - 1) // 2
            as_smaller = sum(1 << other * (other - 1) // 2 + each for other in range(each + 1, count))
            lanes.append(as_larger | as_smaller)
        _PAIRS[count] = lanes
    return _PAIRS[count]


def _pair_at(lane: int) -> tuple[int, int]:
    """The smaller and the larger member of the pair with this lane.

    >>> [_pair_at(lane) for lane in range(4)]
    [(0, 1), (0, 2), (1, 2), (0, 3)]
    """
    larger = (1 + math.isqrt(1 + 8 * lane)) // 2
    return lane - larger * (larger - 1) // 2, larger


def _evaluator(rulebook: Rulebook) -> Callable[[Sequence[int], Any], Any]:
    evaluate: Callable[[Sequence[int], Any], Any] = engine_of(rulebook, CompiledLogic).evaluator()
    return evaluate


def _no_demand(_: object) -> None:
    return None
