"""What was measured as Markdown: one table, then the ratios that were promised."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from benchmarks.machine import print_table

COLUMNS = (
    # What each does beyond the peers, which are given cells and give propositions.
    (
        "afterrun, columns: logic alone, from cells",
        "the work of the peers, with three values and the fired rules, as packed bits",
    ),
    ("afterrun, columns: logic alone, from cells, unpacked", "the same, every bit made a numpy bool"),
    (
        "afterrun, columns: propositions and fired rules, from answers",
        "also places numbers, computes measures and writes each row's mask of fired rules",
    ),
    (
        "afterrun, columns: the whole result, from answers",
        "also triage, patterns, interventions, plan numbers and open questions",
    ),
)
COMPILED = "afterrun, compiled"
FORWARD_GOAL = 100
COMPILED_GOAL_US = 60


class Entry(NamedTuple):
    """A peer with what was measured, or why it was not."""

    name: str
    kind: str
    explains: str
    missing: str
    measured: dict[str, Any] | None
    trouble: str = ""

    @property
    def row_us(self) -> float:
        """CPU microseconds for one row; endless if it did not run."""
        return self.measured["row_us"] if self.measured else float("inf")

    @property
    def ours(self) -> bool:
        """Whether it is afterrun."""
        return self.name.startswith("afterrun")

    @property
    def right(self) -> bool:
        """Whether it ran and said what the reference says."""
        return bool(self.measured and not self.measured["differs"] and not self.measured["partial_differs"])


def show(entries: list[Entry], what: str) -> None:
    """Print all."""
    print(f"### {what}\n")
    rows = [_row(each) for each in sorted(entries, key=lambda each: each.row_us)]
    head = (
        "engine",
        "version",
        "how it works",
        "assessments per CPU s",
        "µs each",
        "median call, µs",
        "load, CPU s",
        "peak MB",
        "same answers",
        "explains",
        "a missing answer is",
    )
    print_table(head, rows)
    _ratios(entries)


def _row(entry: Entry) -> tuple[object, ...]:
    found = entry.measured
    if found is None:
        return entry.name, "", entry.kind, *[""] * 5, entry.trouble, entry.explains, entry.missing
    return (
        entry.name,
        found["version"],
        entry.kind,
        f"{_rounded(1e6 / entry.row_us):,}",
        f"{entry.row_us:.3g}" if entry.row_us < 1000 else f"{_rounded(entry.row_us):,}",
        "" if found["median_us"] is None else f"{found['median_us']:.3g}",
        f"{found['load_s']:.3f}",
        f"{found['peak_mb']:.0f}",
        _same(found),
        entry.explains,
        entry.missing,
    )


def _same(found: dict[str, Any]) -> str:
    words = [_agreement(found["differs"], found["checked"], "complete")]
    if found["partial_differs"] is not None:
        words.append(_agreement(found["partial_differs"], found["checked"], "with answers missing"))
    return "; ".join(words)


def _agreement(differing: int, checked: int, kind: str) -> str:
    return f"**differs: {differing:,} of {checked:,} {kind}**" if differing else f"{checked:,} {kind}"


def _ratios(entries: list[Entry]) -> None:
    named = {each.name: each for each in entries if each.right}
    peers = [each for each in named.values() if not each.ours]
    groups = {
        "the fastest forward-chaining engine": [e for e in peers if e.kind.startswith("forward chaining (")],
        "OpenFisca, vectorised": [e for e in peers if e.name.startswith("OpenFisca")],
        "the fastest Python written by hand": [e for e in peers if e.kind == "plain code"],
    }
    for ours, work in COLUMNS:
        print(f"- {ours} ({work}):")
        for what, group in groups.items():
            best = min(group, key=lambda each: each.row_us, default=None)
            if best is None or ours not in named:
                print(f"  - against {what}: not measured")
                continue
            ratio = best.row_us / named[ours].row_us
            goal = FORWARD_GOAL if "forward" in what else 1
            print(
                f"  - {ratio:,.3g} times {what} ({best.name}); "
                f"goal {'at least 100' if goal > 1 else 'ahead'}: {_verdict(ratio >= goal)}"
            )
    if COMPILED in named:
        _place_of_compiled(named[COMPILED], peers)


def _place_of_compiled(compiled: Entry, peers: list[Entry]) -> None:
    assert compiled.measured is not None
    median = compiled.measured["median_us"]
    print(
        f"- {COMPILED}, one at a time: {median:.3g} µs median from facts; goal at most {COMPILED_GOAL_US}: "
        f"{_verdict(median <= COMPILED_GOAL_US)}"
    )
    explaining = [
        each
        for each in peers
        if not each.explains.startswith("no ")
        and each.explains != "no"
        and not each.kind.startswith("columns")
    ]
    faster = sorted((e for e in explaining if e.row_us < compiled.row_us), key=lambda each: each.row_us)
    slower = sorted((e for e in explaining if e.row_us >= compiled.row_us), key=lambda each: each.row_us)
    print(
        f"- among engines that explain in some way, one at a time ({compiled.row_us:.3g} µs mean): "
        f"ahead of {_list(slower)}; behind {_list(faster)}"
    )


def _list(entries: list[Entry]) -> str:
    return ", ".join(f"{each.name} ({each.row_us:.3g})" for each in entries) or "none"


def _verdict(reached: bool) -> str:
    return "met" if reached else "**not met**"


def _rounded(number: float) -> int:
    """To three figures."""
    return int(float(f"{number:.3g}"))


def load_average() -> str:
    """How busy the machine is, since a busy one shows in every figure."""
    return f"load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
