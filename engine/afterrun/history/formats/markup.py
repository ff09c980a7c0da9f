"""XML from anywhere, as a stream: no document type, no entities, nothing fetched, constant memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import random
from typing import Protocol
from xml.parsers import expat

from afterrun.history.formats.activity import Unreadable


class Readable(Protocol):
    """What bytes come from, forward only."""

    def read(self, size: int, /) -> bytes: ...


_CHUNK = 1 << 16
_LONGEST = 1 << 20
"""Bytes of one element's beginning, or of one comment: the parser begins it anew with each chunk."""
_MOST_OPEN = 100_000
"""Elements within each other, or what is taken for them; a recording has a dozen."""
_ONE_IN = 8
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[\s>/]")
_SKIPPED = re.compile(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)


def root_of(head: bytes) -> str:
    """The name of the first element that a file's first bytes hold, without its prefix; empty if none.

    >>> root_of(b"<?xml version='1.0'?><!-- <gpx> --><x:kml >")
    'kml'
    """
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = head.decode(encoding, "ignore").lstrip("\ufeff \t\r\n")
    if not text.startswith("<"):
        return ""
    # What is not closed within these bytes has the root behind it.
    found = _ROOT.match(_SKIPPED.sub("", text).lstrip())
    return found[1] if found else ""


def parser() -> expat.XMLParserType:
    """A parser whose handlers are the caller's to set, with names as they stand, their prefix before a ':'.

    A document type is refused, and so whatever it could declare.
    """
    made = expat.ParserCreate()
    made.buffer_text = True

    def refuse(*_: object) -> None:
        raise Unreadable("it has a document type, as no recording needs one, and was not read for safety")

    made.StartDoctypeDeclHandler = refuse
    return made


def chunks(
    stream: Readable, made: expat.XMLParserType, ended: Callable[[], int] | None = None
) -> Iterator[None]:
    """Parse the stream bit by bit, with a pause after each, and before a fault, for what was gathered.

    `ended` tells how many elements have ended so far, where the caller hears of that. In some bits, chosen by
    chance, what begins is held against it: the parser keeps each open element, and a small file can hold
    millions.

    Unreadable where it is no XML or ends too early, without a word of what it holds.
    """
    reason, given, left_open = "", 0, 0
    while chunk := stream.read(_CHUNK):
        given += len(chunk)
        # To count in all of them would cost a quarter of the time.
        counted = random() * _ONE_IN < 1
        ends: list[str] = []
        if counted and ended is None:
            made.EndElementHandler = ends.append
        before = ended() if ended is not None else 0
        if reason := _fault(made, chunk):
            break
        if counted and ended is None:
            made.EndElementHandler = None
        if counted:
            came = len(ends) if ended is None else ended() - before
            left_open += _ONE_IN * (_begun_in(chunk) - came)
        if left_open > _MOST_OPEN:
            reason = "it nests more elements than any recording, and was not read for safety"
            break
        if given - made.CurrentByteIndex > _LONGEST:
            reason = "a piece of it is longer than any of a recording, and it was not read for safety"
            break
        yield
    if reason := reason or _fault(made, b""):
        yield
        raise Unreadable(reason)
    yield


def _begun_in(chunk: bytes) -> int:
    """How many elements begin in these bytes, or a few more: what looks so in a comment counts, too."""
    plain = chunk.replace(b"\0", b"")  # UTF-16
    return plain.count(b"<") - plain.count(b"</") - plain.count(b"<!") - plain.count(b"<?")


def _fault(made: expat.XMLParserType, chunk: bytes) -> str:
    """Parse a chunk, no bytes at the end, and say what is wrong with it."""
    try:
        made.Parse(chunk, not chunk)
    except expat.ExpatError as error:
        return f"it is no whole XML: line {error.lineno} cannot be read"
    except (LookupError, ValueError):
        return "it is XML in letters that are not known here"
    return ""
