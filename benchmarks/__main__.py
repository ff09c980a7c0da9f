"""Run benchmarks and print what was measured, as Markdown: `python -m benchmarks [--full] [NAME…]`."""

from __future__ import annotations

import sys
from collections.abc import Callable

from benchmarks import machine
from benchmarks.assessments import audit, interview, one_assessment, start
from benchmarks.batches import batch, crews, equality
from benchmarks.records import history, log, year
from benchmarks.rulebooks import changes, mutate, prove
from benchmarks.serving import alone, api, fhir, pages

BENCHMARKS: dict[str, Callable[[], None]] = {
    "one-assessment": one_assessment.main,
    "memory": one_assessment.memory,
    "start": start.main,
    "interview": interview.main,
    "audit": audit.main,
    "prove": prove.main,
    "mutate": mutate.main,
    "equality": equality.main,
    "history": history.main,
    "batch": batch.main,
    "crews": crews.main,
    "log": log.main,
    "changes": changes.main,
    "year": year.main,
    "web": api.main,
    "fhir": fhir.main,
    "pages": pages.main,
    "alone": alone.main,
}


FULL: dict[str, Callable[[], None]] = {"crews": crews.full}
"""Those that are smaller unless `--full` is given."""


def main() -> None:
    words = sys.argv[1:]
    full = FULL if "--full" in words else {}
    chosen = [each for each in words if each != "--full"] or list(BENCHMARKS)
    unknown = [name for name in chosen if name not in BENCHMARKS]
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    machine.describe()
    for name in chosen:
        full.get(name, BENCHMARKS[name])()


if __name__ == "__main__":
    main()
