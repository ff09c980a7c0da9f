"""`afterrun rules list|show|graph|docs`: the rulebook to be read, by a person or by a program."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Literal

import afterrun
from afterrun.rulebook import rulebook_parts
from afterrun.rulebook.schema import as_written
from afterrun.telling import (
    RuleEntry,
    as_lines,
    book_html,
    book_pages,
    graph_svg,
    rule_entries,
    rule_lines,
)
from afterrun_cli.terminal.exits import say
from afterrun_cli.terminal.files import make_output_folder, write_file
from afterrun_cli.terminal.layout.lines import width_of
from afterrun_cli.terminal.layout.text import as_tree
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.pdf import PageOptions
from afterrun_cli.terminal.show import put, put_json

MANY = 100
"""Rules from which on a book takes a while to be drawn on paper."""
Shape = Literal["text", "json"]


def list_rules(shape: Shape, part: str | None, folder: Path | None) -> None:
    """Every rule of a part on a line: its id, and what it concludes."""
    rulebook = rulebook_from(folder, part)
    entries = rule_entries(rulebook)
    if shape == "json":
        put_json({"rulebook": rulebook.stamp, "rules": [_plain(each) for each in entries.values()]})
        return
    widest = max(map(len, entries), default=0)
    for name, entry in entries.items():
        put(f"{name:{widest}}  {', '.join(entry.rule.conclusions)}")


def show_rule(name: str, shape: Shape, part: str | None, folder: Path | None) -> None:
    """One rule of a part: what it waits for, what it concludes, why, and from where."""
    rulebook = rulebook_from(folder, part)
    entries = rule_entries(rulebook)
    if name not in entries:
        raise afterrun.UnknownNameError("rule", name, entries)
    entry = entries[name]
    if shape == "json":
        put_json({"rulebook": rulebook.stamp, **_plain(entry)})
        return
    put(as_tree(rule_lines(rulebook, entry), width_of(sys.stdout)))


def draw_graph(output: Path | None, part: str | None, folder: Path | None) -> None:
    """What rests on what in a part, as an SVG picture."""
    svg = graph_svg(rulebook_from(folder, part))
    if output is None:
        put(svg)
    else:
        write_file(output, svg)


def write_docs(page: PageOptions, folder: Path | None) -> None:
    """The rulebook as a static site; or in one piece, to be printed, where a file is named."""
    page.refuse_terminal()
    parts = {name or "": rulebook_from(folder, name) for name in (None, *rulebook_parts(folder))}
    output = page.output
    if page.shape is not None or (output is not None and output.suffix.lower() in (".html", ".pdf")):
        if page.pdf and sum(len(part.rules) for part in parts.values()) > MANY:
            say("drawing some hundreds of pages; that takes a minute or two")
        page.write(book_html(parts, page.paper))
        if output is not None:
            say(f"wrote {output}")
        return
    site = output or Path("site")
    files = book_pages(parts)
    for each in sorted({(site / name).parent for name in files}):
        make_output_folder(each)
    for name, text in files.items():
        write_file(site / name, text)
    say(f"wrote {site / 'index.html'}")


def _plain(entry: RuleEntry) -> dict[str, Any]:
    written = entry.rule.written
    assert written is not None
    return {
        **json.loads(json.dumps(as_written(written), default=str)),
        "then": list(entry.rule.conclusions),
        "when": list(as_lines(entry.condition)),
        "waits_for": list(entry.waits_for),
        "waited_for_by": list(entry.waited_for_by),
        "evidence": {each.id: each.verdict for each in entry.verdicts},
        "file": entry.rule.file,
        "line": entry.rule.line,
    }
