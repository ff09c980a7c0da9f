"""Results on stdout, in the shape asked for."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import Any, Literal

import afterrun
from afterrun.telling import Page, exercise_cards, page_html, result_page
from afterrun.visible import as_json, on_one_line, visible
from afterrun_cli.terminal.layout.lines import as_typed, folded, width_of

Shape = Literal["text", "json", "markdown", "html"]


def show_result(
    rulebook: afterrun.Rulebook, result: afterrun.Result, shape: Shape, *, full: bool = False
) -> None:
    """Show one result: its first screen, or all of it."""
    if shape == "json":
        put_json(result.to_dict())
        return
    page = result_page(rulebook, result)
    if shape == "markdown":
        from afterrun.telling import as_markdown

        whole, cards = page.whole, exercise_cards(rulebook, result)
        put(as_markdown(whole._replace(sections=(*whole.sections, *cards))))
    elif shape == "html":
        put(page_html(page._replace(more=(*page.more, *exercise_cards(rulebook, result)))))
    else:
        show_page(page, full=full)


def show_page(page: Page, *, full: bool = True) -> None:
    """Show a page of words, drawn where the terminal can; its first screen alone, or all of it."""
    page = page.whole if full else page
    if can_draw():
        from afterrun_cli.terminal.layout.drawn import draw

        draw(page)
    else:
        from afterrun_cli.terminal.layout.text import as_text

        put(as_text(page, width_of(sys.stdout)))


def show_rest(page: Page) -> None:
    """Show what follows on the first screen."""
    rest = page._replace(title="", lead="", at_once="", sections=page.more, more=(), foot="")
    if can_draw():
        from afterrun_cli.terminal.layout.drawn import draw

        draw(rest)
    else:
        from afterrun_cli.terminal.layout.text import as_sections

        put("\n" + as_sections(rest.sections, width_of(sys.stdout)))


def put_json(value: Mapping[str, Any], *, compact: bool = False) -> None:
    """Print one JSON object, on one line if compact."""
    layout: dict[str, Any] = {"separators": (",", ":")} if compact else {"indent": 2}
    text = as_json(value, **layout)
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        text = json.dumps(value, **layout)
    print(text)


def put_lines(*lines: str) -> None:
    """Print lines of words, which a terminal gets folded at its width; no name in one makes another."""
    for line in map(on_one_line, lines):
        put(folded(line, width_of(sys.stdout)) if sys.stdout.isatty() else as_typed(line))


def put(text: str, colour: str = "") -> None:
    """Print text, of which nothing steers the terminal; a character that it lacks becomes a question mark."""
    encoding = sys.stdout.encoding or "ascii"
    told = visible(text).encode(encoding, "replace").decode(encoding)
    print(f"\x1b[{colour}m{told}\x1b[0m" if colour else told)


def can_draw() -> bool:
    """Whether stdout is a terminal that can do more than lines, and says it can show the characters."""
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    return sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb" and encoding == "utf8"
