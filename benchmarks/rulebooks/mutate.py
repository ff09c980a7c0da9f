"""How long it takes to change every rule in every place and try it on every case."""

from __future__ import annotations

import time

from afterrun import load_rulebook
from afterrun.verify.cases import Places, read_cases
from afterrun.verify.mutation import mutate
from benchmarks.machine import print_table
from tests.support.paths import ROOT

FILES = ("tests/data/cases.jsonl", "tests/data/more_cases.jsonl")


def main() -> None:
    """Print the seconds and what became of the mutants, with one job and with two."""
    print("### Every mutant of the shipped rulebook on every case\n")
    rulebook = load_rulebook()
    cases = read_cases((name, (ROOT / name).read_text(encoding="utf-8")) for name in FILES)
    rows = []
    for jobs in (1, 2):
        spent = {"mutants": 0.0, "survivors": 0.0, "proofs": 0.0}
        began = time.monotonic()
        last = began

        def watch(what: str, done: int, total: int, spent: dict[str, float] = spent) -> None:
            nonlocal last
            now = time.monotonic()
            spent[what] += now - last
            last = now

        report = mutate(rulebook, cases, Places(), jobs=jobs, watch=watch)
        counts = report.counts
        killed, equivalent = counts["killed by cases"], counts["equivalent"]
        rows.append(
            (jobs, counts["tried"], killed, equivalent, counts["surviving"], *spent.values(), report.seconds)
        )
    head = (
        "jobs",
        "mutants",
        "killed",
        "equivalent",
        "surviving",
        "cases (s)",
        "search (s)",
        "proofs (s)",
        "all (s)",
    )
    print_table(head, rows)
