"""Things that wait for each other: an order in which none waits for a later one, and every circle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import chain, pairwise
from typing import NamedTuple

from afterrun.errors import Problem
from afterrun.rulebook.linking.written_files import Item


class Wait(NamedTuple):
    """That something waits for something else, because of what is written somewhere."""

    says: str
    item: Item


class Waits:
    """What waits for what, and why."""

    def __init__(self) -> None:
        # Dictionaries and not sets, so that the order is the same in every process.
        self._waits: dict[str, dict[str, Wait]] = defaultdict(dict)

    def add(self, name: str, others: Iterable[str], wait: Wait) -> None:
        """Something waits for some others; the first reason for it is kept."""
        waits = self._waits[name]
        for other in others:
            waits.setdefault(other, wait)

    def order(self) -> list[str]:
        """Everything so ordered that nothing waits for a later one, without what stands in a circle."""
        circling = set(chain.from_iterable(self.circles()))
        straight = {
            name: [each for each in others if each not in circling]
            for name, others in self._waits.items()
            if name not in circling
        }
        return list(TopologicalSorter(straight).static_order())

    def circles(self) -> list[list[str]]:
        """Those that wait for each other in a circle, each in but one of them."""
        left: Mapping[str, Iterable[str]] = self._waits
        found: list[list[str]] = []
        while True:
            try:
                TopologicalSorter(left).prepare()
            except CycleError as error:
                found.append(list(reversed(error.args[1]))[:-1])
                told = set(found[-1])
                left = {
                    name: [each for each in left[name] if each not in told]
                    for name in left
                    if name not in told
                }
            else:
                return found

    def problems(self, what: str) -> list[Problem]:
        """Every circle, with the place of all that it is made of."""
        return [self._problem(circle, what) for circle in self.circles()]

    def _problem(self, circle: list[str], what: str) -> Problem:
        steps = [(self._waits[name][other], other) for name, other in pairwise([*circle, circle[0]])]
        parts = ", ".join(
            f"{wait.says} ({wait.item.place}) waits for {_plain(other)}" for wait, other in steps
        )
        item = steps[0][0].item
        message = f"{what} wait for each other in a circle: {parts}. Take one of these conditions out"
        return Problem(message, item.file.name, item.line, item.name)


def _plain(name: str) -> str:
    return f"the question '{name.lstrip('?')}'" if name.startswith("?") else f"'{name}'"
