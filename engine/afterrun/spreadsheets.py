"""Text for a spreadsheet, which takes what begins like a formula for one; and back again, exactly.

A mark goes in front of such a text, and of one that already begins with marks and then like a formula: so
no two texts become the same, and whatever else begins with the mark is left alone.
"""

from __future__ import annotations

import re

MARK = "'"
# Spreadsheets of East Asia read the wide signs as the narrow ones.
_WIDE = (
    "\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
UNSAFE = rf"^{MARK}*(?:[\t\r\n]| *[=+\-@{_WIDE}])"
"""Finds what is to be marked, in Python and in polars alike."""
MARKED = UNSAFE.replace("^", f"^{MARK}")
"""Finds what was marked."""

_unsafe, _marked = re.compile(UNSAFE), re.compile(MARKED)


def neutral(text: str) -> str:
    """The text as one that no spreadsheet runs.

    >>> [neutral(each) for each in ("=1+1", "'=1+1", "'tis", "P-7")]
    ["'=1+1", "''=1+1", "'tis", 'P-7']
    """
    return MARK + text if _unsafe.match(text) else text


def restored(text: str) -> str:
    """What `neutral` was given.

    >>> [restored(neutral(each)) for each in ("=1+1", "'=1+1", "'tis")]
    ['=1+1', "'=1+1", "'tis"]
    """
    return text.removeprefix(MARK) if _marked.match(text) else text
