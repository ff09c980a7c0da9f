"""What keeps a text from being JSON, in words of ours, with the way out."""

from __future__ import annotations

import json

_WORDS = {
    "Expecting value": "a value is missing here: a text in double quotes, a number, true, false or null",
    "Expecting property name enclosed in double quotes": "a key in double quotes belongs here",
    "Expecting ':' delimiter": "a colon is missing here, between a key and its value",
    "Expecting ',' delimiter": "a comma is missing before this, or a bracket or brace is not closed",
    "Unterminated string starting at": "a quote that is opened here is never closed",
    "Invalid control character at": "a tab or another control character stands in a text: write it as \\t",
    "Invalid \\escape": "a backslash stands in a text: write it twice",
    "Invalid \\uXXXX escape": "four digits belong behind \\u",
    "Extra data": "more stands behind the end",
}


def json_fault(error: json.JSONDecodeError) -> str:
    """What is wrong, and in which column.

    >>> try:
    ...     json.loads('{"age": }')
    ... except json.JSONDecodeError as error:
    ...     json_fault(error)[:34]
    'not JSON: a value is missing here:'
    """
    found = next((words for said, words in _WORDS.items() if error.msg.startswith(said)), "")
    if "trailing comma" in error.msg:  # from Python 3.13 on
        found = "a comma stands before a closing bracket or brace: take it out"
    found = found or "look for a quote, a comma or a bracket that is missing"
    return f"not JSON: {found} (column {error.colno})"
