"""Text that somebody else wrote, as it may be shown: nothing in it steers what shows it, or hides in it.

Ids, names, file names and texts of a rulebook come from anywhere. A character that is not seen (control
codes, marks that turn the direction of reading, halves of characters, what Unicode has not assigned) is
spelled out as in `\\x1b` or `\\u202e`. Letters of every script, their marks, spaces and emoji stay.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

_JOINERS = "\u200c\u200d"
"""Letters of some scripts, and emoji, are put together with these."""
_UNSEEN = re.compile(r"[^\x00-\x7f]|\x7f")
_HALF = re.compile("[\ud800-\udfff]")
_Path = tuple[str | int, ...]


def visible(text: str) -> str:
    """Text of several lines with each character that is not seen spelled out.

    >>> print(visible("a\\x1b[31mb\\u202e"))
    a\\x1b[31mb\\u202e
    """
    return text if text.isprintable() else "\n".join(map(on_one_line, text.split("\n")))


def on_one_line(text: str) -> str:
    """The same for text that is one line, such as the name of a file: it makes no other.

    >>> print(on_one_line("a.json\\nerror: b"))
    a.json\\nerror: b
    """
    if text.isprintable():
        return text
    return "".join(each if _stays(text, at) else ascii(each)[1:-1] for at, each in enumerate(text))


def as_json(value: Any, **layout: Any) -> str:
    """JSON that reads back as what it was, each character that is not seen written as an escape.

    `layout` is that of `json.dumps`.

    >>> as_json({"é": "\\u202e"})
    '{"é": "\\\\u202e"}'
    """
    text = json.dumps(value, ensure_ascii=False, **layout)
    if text.isascii() and "\x7f" not in text:
        return text
    # Outside of its strings JSON holds none of these.
    return _UNSEEN.sub(
        lambda found: found[0] if _stays(text, found.start()) else _escaped(found[0]),
        text,
    )


def is_text(text: str) -> bool:
    """Whether it is made of whole characters, as all text in a file is; JSON can spell out a half one.

    >>> is_text("é"), is_text("\\ud800")
    (True, False)
    """
    return text.isascii() or _HALF.search(text) is None


def half_characters(value: Any) -> Iterator[_Path]:
    """Where in plain values, their keys included, a text holds half a character."""
    if _is_whole(value):
        return
    waiting: list[tuple[_Path, Any]] = [((), value)]
    while waiting:
        path, each = waiting.pop()
        if isinstance(each, str):
            if not is_text(each):
                yield path
        elif isinstance(each, dict):
            waiting += [((*path, str(key)), inner) for key, inner in reversed(each.items())]
            yield from ((*path, key) for key in each if isinstance(key, str) and not is_text(key))
        elif isinstance(each, list | tuple):
            waiting += [((*path, place), inner) for place, inner in reversed([*enumerate(each)])]


def _is_whole(value: Any) -> bool:
    """Whether no text in plain values holds half a character: nearly always, and known without any path."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            if not is_text(each):
                return False
        elif isinstance(each, dict):
            waiting += each
            waiting += each.values()
        elif isinstance(each, list | tuple):
            waiting += each
    return True


def _stays(text: str, at: int) -> bool:
    """Whether a character is shown as it is, where it stands."""
    each = text[at]
    if each.isprintable() or unicodedata.category(each) == "Zs":
        return True
    # Between ASCII letters a joiner joins nothing: it would only make two names look like one.
    return (
        each in _JOINERS and 0 < at < len(text) - 1 and all(_is_joined(text[at + step]) for step in (-1, 1))
    )


def _is_joined(character: str) -> bool:
    return not character.isascii() and character.isprintable()


def _escaped(character: str) -> str:
    return json.dumps(character)[1:-1] if character != "\x7f" else "\\u007f"
