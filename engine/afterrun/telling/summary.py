"""A batch's summary in, a page of counts out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from afterrun.rulebook import versions_words
from afterrun.telling.page import Bar, Chart, Line, Page, Section, page_of

if TYPE_CHECKING:
    from afterrun.batch import Summary

MOST = 8
"""Bars of a long list in a brief summary."""


def summary_page(summary: Summary, *, brief: bool = False) -> Page:
    """The summary as it is read: triage, patterns, what blocks, what was rejected.

    A brief one names things as the rulebook does, and leaves out counts of nothing and the ends
    of long lists.
    """
    whole = page_of("Batch summary", _headline(summary), (), summary.rulebook)
    whole = whole._replace(foot=versions_words(summary.rulebook, summary.schema, summary.engine))
    sections = tuple(_sections(summary))
    if brief:
        # Triage and patterns are told whole; all else comes in the order of its rows, so the first say most.
        sections = tuple(_brief(each, None if at < 2 else MOST) for at, each in enumerate(sections))
    return whole._replace(sections=tuple(each for each in sections if each.chart is not None))


def _headline(summary: Summary) -> str:
    """Rows in, rows out, rejects, blank rows: they add up."""
    tally = summary.tally
    state = "" if summary.finished else " so far (not finished: run the same command again)"
    blank = f" + {tally.blank:,} blank" if tally.blank else ""
    mended = f" ({tally.mended:,} mended)" if tally.mended else ""
    out = f"{tally.rows:,} rows out{mended}"
    return f"{tally.rows_in:,} rows in = {out} + {tally.rejects:,} rejected{blank}{state}"


def _sections(summary: Summary) -> Iterator[Section]:
    from afterrun.batch import HIDDEN

    tally, names = summary.tally, summary.names

    def questions(counts: Mapping[str, int]) -> Iterator[Bar]:
        for name, rows in _most_first(counts):
            yield _bar(names["questions"].get(name, name), name, rows, tally.rows)

    yield _section(
        "Triage",
        f"{names.get('texts', {}).get('triage', 'Triage')}.",
        (
            _bar(name, level, tally.triage.get(level, 0), tally.rows)
            for level, name in names["triage"].items()
        ),
    )
    yield _section(
        "Patterns",
        "Rows with each pattern, at its strongest proved level. The rest is refuted, open, or not shown "
        "at the row's triage level.",
        (
            _bar(f"{names['patterns'][pattern]}: {level}", f"{pattern}.{level}", rows, tally.rows)
            for pattern, levels in tally.patterns.items()
            for level, rows in levels.items()
            if level not in ("none", HIDDEN)
        ),
    )
    yield _section(
        "Open questions that block",
        "Rows whose triage waits for the question, perhaps among others.",
        questions(tally.blocking),
    )
    yield _section(
        "Open questions",
        "Rows in which an answer could still change the result.",
        questions(tally.open_questions),
    )
    if tally.not_asked:
        yield _section(
            "Never asked",
            "Rows from a form that has no column for the question, or for one of its options. "
            "What nobody was asked is open, not 'no'.",
            (
                _bar(_asked(names, name), name, rows, tally.rows)
                for name, rows in _most_first(tally.not_asked)
            ),
        )
    if tally.rejects:
        yield _section(
            "Rejects",
            "Rows that were refused, by what was wrong. Each is kept, to be mended and fed back.",
            (_bar(reason, "", rows, tally.rejects) for reason, rows in _most_first(tally.reasons)),
        )


def _asked(names: Mapping[str, Mapping[str, str]], name: str) -> str:
    """A question in its words, an option by its name behind them."""
    question, _, option = name.partition("___")
    words = names["questions"].get(question, question)
    return f"{words} ({option})" if option else words


def _most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: -each[1])


def _section(title: str, note: str, bars: Iterable[Bar]) -> Section:
    return Section(title, note=note, chart=Chart(("What", "Rows", "Share"), tuple(bars)))


def _bar(name: str, id: str, rows: int, of: int) -> Bar:
    share = rows / of if of else 0.0
    return Bar((name, f"{rows:,}", f"{share:.1%}"), share, id=id)


def _brief(section: Section, most: int | None) -> Section:
    """The bars that are more than nothing, named as the rulebook names them; of a long list the first."""
    assert section.chart is not None
    found = [bar for bar in section.chart.bars if bar.part]
    if not found:
        return Section(section.title)
    bars = tuple(bar._replace(cells=(bar.id or bar.cells[0], *bar.cells[1:])) for bar in found[:most])
    widest = max(len(bar.cells[0]) for bar in bars)
    chart = Chart((), bars, layout=f"  {{:<{widest}}}  {{:>12}}  {{:>6}}  ", longest=30)
    more = len(found) - len(bars)
    return Section(section.title, chart=chart, lines=(Line(f"and {more} more"),) if more else ())
