"""A batch's summary in words, and as a page that needs nothing but a browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import NamedTuple

from afterrun.batch import HIDDEN, Summary

BAR = 30
"""Characters of the longest bar in text."""
MOST = 8
"""Lines of a long list that are shown in text; the page shows all."""


class Line(NamedTuple):
    """One count: its name, its rows, and of how many rows."""

    name: str
    id: str
    rows: int
    of: int

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return self.rows / self.of if self.of else 0.0


class Section(NamedTuple):
    """Counts that belong together."""

    title: str
    note: str
    lines: tuple[Line, ...]
    by_rows: bool = False
    """The lines come in the order of their rows, so the first say most."""


def sections(summary: Summary) -> Iterator[Section]:
    """The summary as it is read: triage, patterns, what blocks, what was rejected."""
    tally, names = summary.tally, summary.names
    yield Section(
        "Triage",
        "How soon to be seen.",
        tuple(
            Line(name, level, tally.triage.get(level, 0), tally.rows)
            for level, name in names["triage"].items()
        ),
    )
    yield Section(
        "Patterns",
        "Rows with each pattern, at its strongest proved level. The rest is refuted, open, or not shown "
        "at the row's triage level.",
        tuple(
            Line(f"{names['patterns'][pattern]}: {level}", f"{pattern}.{level}", rows, tally.rows)
            for pattern, levels in tally.patterns.items()
            for level, rows in levels.items()
            if level not in ("none", HIDDEN)
        ),
    )
    yield Section(
        "Open questions that block",
        "Rows whose triage waits for the question, perhaps among others.",
        tuple(_questions(tally.blocking, names, tally.rows)),
        by_rows=True,
    )
    yield Section(
        "Open questions",
        "Rows in which an answer could still change the result.",
        tuple(_questions(tally.open_questions, names, tally.rows)),
        by_rows=True,
    )
    if tally.rejects:
        yield Section(
            "Rejects",
            "Rows that were refused, by what was wrong. Each is in rejects.csv, to be mended and fed back.",
            tuple(Line(reason, "", rows, tally.rejects) for reason, rows in _most(tally.reasons)),
            by_rows=True,
        )


def headline(summary: Summary) -> str:
    """Rows in, rows out, rejects: they add up."""
    tally = summary.tally
    state = "" if summary.finished else " so far (not finished: run the same command again)"
    return f"{tally.rows_in:,} rows in = {tally.rows:,} rows out + {tally.rejects:,} rejected{state}"


def as_text(summary: Summary) -> str:
    """The summary in plain lines."""
    blocks = [headline(summary)]
    for section in sections(summary):
        lines = [line for line in section.lines if line.rows]
        more = len(lines) - MOST if section.by_rows else 0
        if lines:
            lines = lines[:MOST] if section.by_rows else lines
            width = max(len(_label(line)) for line in lines)
            tail = [f"  and {more} more"] if more > 0 else []
            blocks.append("\n".join([section.title, *(_text_line(line, width) for line in lines), *tail]))
    return "\n\n".join(blocks)


def as_html(summary: Summary) -> str:
    """The summary as one HTML page: tables whose bars repeat the number beside them."""
    stamp = summary.rulebook
    tables = "\n".join(_table(section) for section in sections(summary))
    inputs = "".join(f"<li>{escape(name)}</li>" for name in summary.inputs)
    return _PAGE.format(
        headline=escape(headline(summary)),
        rulebook=escape(f"{stamp['name']} {stamp['version']} ({stamp['digest'][:12]})"),
        inputs=inputs,
        tables=tables,
    )


def _questions(
    counts: Mapping[str, int], names: Mapping[str, Mapping[str, str]], rows: int
) -> Iterator[Line]:
    for question, count in _most(counts):
        yield Line(names["questions"].get(question, question), question, count, rows)


def _most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: -each[1])


def _label(line: Line) -> str:
    return line.id or line.name


def _text_line(line: Line, width: int) -> str:
    bar = "#" * round(line.share * BAR)
    return f"  {_label(line):<{width}}  {line.rows:>12,}  {line.share:>6.1%}  {bar}".rstrip()


def _table(section: Section) -> str:
    rows = "\n".join(
        f'<tr><th scope="row">{escape(line.name)}{_code(line)}</th>'
        f"<td>{line.rows:,}</td><td>{line.share:.1%}</td>"
        f'<td class="bar" aria-hidden="true"><div style="width:{line.share:.4%}"></div></td></tr>'
        for line in section.lines
    )
    if not rows:
        rows = '<tr><td colspan="4">None.</td></tr>'
    return (
        f"<section><h2>{escape(section.title)}</h2><table><caption>{escape(section.note)}</caption>"
        '<thead><tr><th scope="col">What</th><th scope="col">Rows</th><th scope="col">Share</th>'
        f'<th class="bar" aria-hidden="true"></th></tr></thead><tbody>\n{rows}\n</tbody></table></section>'
    )


def _code(line: Line) -> str:
    return f" <code>{escape(line.id)}</code>" if line.id else ""


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Batch summary</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; }}
caption {{ text-align: left; padding-bottom: .5rem; }}
th, td {{ padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid #8886; font-weight: normal; }}
thead th {{ font-weight: bold; }}
td:nth-child(2), td:nth-child(3), th:nth-child(2), th:nth-child(3) {{ text-align: right;
  font-variant-numeric: tabular-nums; white-space: nowrap; }}
td.bar, th.bar {{ width: 30%; }}
td.bar div {{ background: currentColor; opacity: .6; height: 1em; margin-top: .25em; min-width: 1px;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
</style>
</head>
<body>
<main>
<h1>Batch summary</h1>
<p><strong>{headline}</strong></p>
<p>Rulebook: {rulebook}</p>
<details><summary>Inputs</summary><ul>{inputs}</ul></details>
{tables}
</main>
</body>
</html>
"""
