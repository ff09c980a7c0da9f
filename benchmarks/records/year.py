"""10,000 simulated runners live through a year of check-ins: where they end, and the laws that must hold."""

from __future__ import annotations

import os
import statistics
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from afterrun import load_rulebook
from afterrun.rulebook import Rulebook
from benchmarks.machine import print_table
from tests.support.diaries.simulation import LAWS, PLANNED, faults, lives_on, plan_faults, replay, year_of

RUNNERS = int(os.environ.get("AFTERRUN_RUNNERS", "10000"))
PROCESSES = 2
CHUNK = 100
REPLAYED = 20
"""One in so many is lived again by the durable engine, and told again from its answers."""
ENDED = (
    "whoever keeps to the plan after that year comes to the goal, a review, a stop or a hold with its reason"
)
REPLAY = "the same seed and the same answers give the same year, by both engines"

_part: list[Rulebook] = []


class Lives(NamedTuple):
    """What became of some runners."""

    weeks: dict[str, list[int]]
    """Weeks until the end, by outcome."""
    actions: Counter[str]
    faults: list[str]
    check_ins: int
    later: Counter[str]
    """What became of those without an end, once they kept to the plan."""
    longest_stay: int
    """The most check-ins in a row that left programme and week as they were, each with an action and why."""


def main() -> None:
    """Print where all end, how often each action came, and the violations of each law."""
    began = time.perf_counter()
    chunks = [range(first, min(first + CHUNK, RUNNERS)) for first in range(0, RUNNERS, CHUNK)]
    with ProcessPoolExecutor(PROCESSES) as pool:
        lives = list(pool.map(live, chunks))
    weeks: dict[str, list[int]] = {}
    for each in lives:
        for outcome, found in each.weeks.items():
            weeks.setdefault(outcome, []).extend(found)
    actions = sum((each.actions for each in lives), Counter[str]())
    broken = [fault for each in lives for fault in each.faults]
    count = sum(each.check_ins for each in lives)
    print(
        f"### A year of check-ins: {RUNNERS:,} runners, {count:,} check-ins, {PROCESSES} processes, ", end=""
    )
    print(f"{time.perf_counter() - began:.0f} s\n")
    rows = sorted(weeks.items(), key=lambda row: -len(row[1]))
    print_table(
        ("outcome", "runners", "%", "median weeks"),
        [
            (name, len(found), f"{100 * len(found) / RUNNERS:.1f}", f"{statistics.median(found):.0f}")
            for name, found in rows
        ],
    )
    later = sum((each.later for each in lives), Counter[str]())
    print("Those whose year brought no end, once they keep to the plan:\n")
    print_table(("outcome", "runners"), later.most_common())
    print_table(("action", "times"), actions.most_common())
    print_table(
        ("law", "violations"),
        [(law, sum(fault.startswith(law) for fault in broken)) for law in (*LAWS, ENDED, REPLAY, PLANNED)],
    )
    print(f"Longest stay in one week of a programme: {max(each.longest_stay for each in lives)} check-ins.\n")
    for fault in broken[:10]:
        print(f"- {fault}")


def live(seeds: range) -> Lives:
    """The years of some runners."""
    if not _part:
        _part.append(load_rulebook(part="checkin"))
    part = _part[0]
    weeks: dict[str, list[int]] = {}
    actions: Counter[str] = Counter()
    broken: list[str] = []
    later: Counter[str] = Counter()
    check_ins = longest = 0
    for seed in seeds:
        year = year_of(part, seed)
        weeks.setdefault(year.outcome, []).append(year.weeks)
        actions.update(action for each in year.lived for action in each.said.actions)
        broken += faults(year)
        check_ins += len(year.lived)
        longest = max(longest, year.longest_stay)
        if seed % REPLAYED == 0:
            told = replay(part, year, engine="durable")
            if told != [year.first, *(each.after for each in year.lived)]:
                broken.append(f"{REPLAY}: seed {seed}")
            broken += plan_faults(part, year)
        if not year.ended:
            on = lives_on(part, year)
            later[on.outcome] += 1
            broken += [*faults(on), *([] if on.ended or on.held else [f"{ENDED}: seed {seed}"])]
    return Lives(weeks, actions, broken, check_ins, later, longest)
