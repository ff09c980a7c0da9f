"""What is said of an intake of the earlier questionnaire that was rewritten for today's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from afterrun.intake import Migration


def migration_lines(migration: Migration, waiting: Sequence[str], place: str = "") -> Iterator[str]:
    """What is to be answered again and why, and what else waits for an answer; each behind its place."""
    for each in migration.again:
        yield f"{place}{each.question}: answer it again: {'; '.join(each.reasons).rstrip('.')}"
        if each.ticked:
            yield f"    ticked before, and still meant so: {', '.join(each.ticked)}"
    others = [name for name in waiting if name not in {each.question for each in migration.again}]
    if others:
        yield f"{place}not answered yet: {', '.join(others)}"
    elif not migration.again:
        yield f"{place}nothing is to be answered again"
