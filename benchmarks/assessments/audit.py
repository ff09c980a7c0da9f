"""How long the clinician waits: why, why not, why asked, what if, nearest changes, the report, the book."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from afterrun import explain, load_rulebook, nearest_changes, read_answers, what_if, why_asked
from afterrun.rulebook import Proposition, Rulebook
from afterrun.telling import book_pages, report_html
from benchmarks.machine import median_cpu_ms, print_table
from tests.support.paths import DATA

CASES = DATA / "cases.jsonl"


def main() -> None:
    """Print the medians over the worked cases, and the longest search for nearest changes."""
    rulebook = load_rulebook()
    inputs = [json.loads(line)["answers"] for line in CASES.read_text(encoding="utf-8").splitlines()]
    print(f"### Audit of one intake, over {len(inputs)} cases (ms of CPU)\n")
    calls: dict[str, Callable[[dict[str, Any]], object]] = {
        "why (a pattern)": lambda each: explain(rulebook, each, "patellar_tendon"),
        "why not (urgent)": lambda each: explain(rulebook, each, "triage.urgent"),
        "why, all conclusions": lambda each: explain(rulebook, each),
        "why asked": lambda each: why_asked(rulebook, each, "pain_site"),
        "what if": lambda each: what_if(rulebook, each, {"pain_timing": "during_only"}),
        "report as HTML": lambda each: report_html(rulebook, read_answers(rulebook, each)),
    }
    for call in calls.values():
        call(inputs[0])
    print_table(("what", "median"), [(name, median_cpu_ms(call, inputs, 3)) for name, call in calls.items()])
    print("### Nearest changes, up to 3 answers, each proposition of each fifth case and of a blank intake\n")
    rows = nearest_times(rulebook, [{}, *inputs[::5]])
    rows.sort()
    print_table(
        ("searches", "median s", "longest s", "sets found there"),
        [(len(rows), rows[len(rows) // 2][0], rows[-1][0], rows[-1][1])],
    )
    began = time.process_time()
    book_pages({"": rulebook, "checkin": load_rulebook(part="checkin")})
    print(f"The book: {time.process_time() - began:.2f} s of CPU.\n")


def nearest_times(rulebook: Rulebook, inputs: list[dict[str, Any]]) -> list[tuple[float, int]]:
    """CPU seconds and sets found, for every triage level and pattern."""
    names = [name for name in rulebook.propositions if Proposition.parse(name).kind in ("triage", "pattern")]
    rows = []
    for intake in inputs:
        for name in names:
            began = time.process_time()
            found = nearest_changes(rulebook, intake, name)
            rows.append((time.process_time() - began, sum(len(each.sets) for each in found)))
    return rows
