"""What is longer than the screen, in pages; no cursor is moved, so a screen reader reads it as it comes."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from afterrun_cli.terminal.layout.lines import folded, width_of
from afterrun_cli.terminal.typing import screen_rows

KEPT_FREE = 3
"""Rows for what is said below a page, and for what is typed."""


def pages_of(blocks: Iterable[str]) -> list[list[str]]:
    """Blocks of lines that are never torn, so many to a page as the screen has rows for."""
    rows, width = screen_rows(), width_of(sys.stderr)
    pages: list[list[str]] = [[]]
    used = 0
    for block in blocks:
        tall = folded(block, width).count("\n") + 1
        if rows is not None and pages[-1] and used + tall > max(rows - KEPT_FREE, 1):
            pages.append([])
            used = 0
        pages[-1].append(block)
        used += tall
    return pages
