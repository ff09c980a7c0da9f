"""A batch's summary in, a page of counts out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from afterrun.telling.page import Bar, Chart, Line, Page, Section, page_of

if TYPE_CHECKING:
    from afterrun.batch import Summary

MOST = 8
"""Counts of a long list in a brief summary."""


class Count(NamedTuple):
    """Rows of one kind, and of how many."""

    name: str
    id: str
    rows: int
    of: int

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return self.rows / self.of if self.of else 0.0


class Counts(NamedTuple):
    """Counts that belong together."""

    title: str
    note: str
    counts: tuple[Count, ...]
    by_rows: bool = False
    """They come in the order of their rows, so the first say most."""


def summary_page(summary: Summary, *, brief: bool = False) -> Page:
    """The summary as it is read: triage, patterns, what blocks, what was rejected.

    A brief one names things as the rulebook does, and leaves out counts of nothing and the ends
    of long lists.
    """
    draw = _brief_section if brief else _section
    whole = page_of("Batch summary", _headline(summary), (), summary.rulebook)
    sections = tuple(draw(each) for each in _counts(summary))
    return whole._replace(sections=tuple(each for each in sections if each.chart is not None))


def _headline(summary: Summary) -> str:
    """Rows in, rows out, rejects: they add up."""
    tally = summary.tally
    state = "" if summary.finished else " so far (not finished: run the same command again)"
    return f"{tally.rows_in:,} rows in = {tally.rows:,} rows out + {tally.rejects:,} rejected{state}"


def _counts(summary: Summary) -> Iterator[Counts]:
    from afterrun.batch import HIDDEN

    tally, names = summary.tally, summary.names

    def questions(counts: Mapping[str, int]) -> Iterable[Count]:
        asked = names["questions"]
        return (Count(asked.get(name, name), name, rows, tally.rows) for name, rows in _most_first(counts))

    yield Counts(
        "Triage",
        "How soon to be seen.",
        tuple(
            Count(name, level, tally.triage.get(level, 0), tally.rows)
            for level, name in names["triage"].items()
        ),
    )
    yield Counts(
        "Patterns",
        "Rows with each pattern, at its strongest proved level. The rest is refuted, open, or not shown "
        "at the row's triage level.",
        tuple(
            Count(f"{names['patterns'][pattern]}: {level}", f"{pattern}.{level}", rows, tally.rows)
            for pattern, levels in tally.patterns.items()
            for level, rows in levels.items()
            if level not in ("none", HIDDEN)
        ),
    )
    yield Counts(
        "Open questions that block",
        "Rows whose triage waits for the question, perhaps among others.",
        tuple(questions(tally.blocking)),
        by_rows=True,
    )
    yield Counts(
        "Open questions",
        "Rows in which an answer could still change the result.",
        tuple(questions(tally.open_questions)),
        by_rows=True,
    )
    if tally.rejects:
        yield Counts(
            "Rejects",
            "Rows that were refused, by what was wrong. Each is in rejects.csv, to be mended and fed back.",
            tuple(Count(reason, "", rows, tally.rejects) for reason, rows in _most_first(tally.reasons)),
            by_rows=True,
        )


def _most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: -each[1])


def _section(found: Counts) -> Section:
    bars = tuple(_bar(each, each.name, each.id) for each in found.counts)
    return Section(found.title, note=found.note, chart=Chart(("What", "Rows", "Share"), bars))


def _brief_section(found: Counts) -> Section:
    counts = [each for each in found.counts if each.rows]
    if not counts:
        return Section(found.title)
    shown = counts[:MOST] if found.by_rows else counts
    more = len(counts) - len(shown)
    bars = tuple(_bar(each, each.id or each.name) for each in shown)
    widest = max(len(bar.cells[0]) for bar in bars)
    return Section(
        found.title,
        chart=Chart((), bars, layout=f"  {{:<{widest}}}  {{:>12}}  {{:>6}}  ", longest=30),
        lines=(Line(f"and {more} more"),) if more else (),
    )


def _bar(count: Count, name: str, id: str = "") -> Bar:
    return Bar((name, f"{count.rows:,}", f"{count.share:.1%}"), count.share, id=id)
