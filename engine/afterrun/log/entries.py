"""An entry and its line: canonical JSON, sealed by its own hash, which the next entry names.

    {"entry":{"afterrun_log":1,…,"previous":"<hash of the entry before>","sequence":2,…},"hash":"<sha256>"}

The hash is that of the entry's bytes as they stand, so that to verify a line nothing need be written anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from afterrun.canonical import NotCanonical, canonical
from afterrun.log.shape import wrong_with

FORMAT = 1
"""Of the entries; another one would be read otherwise."""
NOTHING_BEFORE = "0" * 64
"""What the first entry names as the one before it."""
SIGNATURE = b'{"entry":{"afterrun_log":%d,' % FORMAT
"""How every line begins."""
_OPEN, _HASH, _CLOSE = b'{"entry":', b',"hash":"', b'"}'
_TAIL = len(_HASH) + 64 + len(_CLOSE)


class Unsealed(ValueError):
    """A line is no entry, or not as it was written."""


class Malformed(Unsealed):
    """A line bears its own hash, and yet no writer of ours wrote it."""


class Link(NamedTuple):
    """A line that is an entry, sealed by its hash, with its place; read no further than it need be."""

    sequence: int
    previous: str
    """The hash of the entry before it."""
    hash: str
    """Its own, which is the head of a log that ends here."""
    body: bytes
    plain: re.Match[bytes] | None
    """Its members, where it is one of the plain ones, of which JSON need not be read."""

    @property
    def entry(self) -> Entry:
        """All that it says."""
        return Entry(self.sequence, json.loads(self.body))


class Entry(NamedTuple):
    """One entry: what was asked of which rulebook, and what came of it, by digest."""

    sequence: int
    said: Mapping[str, Any]
    """All members, as docs/log.md tells them."""

    @property
    def kind(self) -> str:
        """One of `shape.KINDS`."""
        return str(self.said["kind"])

    @property
    def family(self) -> str:
        """The name of the main part of its rulebook: that of a check-in stands beside its own."""
        return str(self.said.get("base", self.said["rulebook"])["name"])


class Decided(NamedTuple):
    """What columns need of an entry that holds its answers, as it stands in its line."""

    answers: bytes
    """Without the id."""
    triage: str
    decision: str
    digest: str
    """That of the rulebook."""
    family: str


def _object_of(value: bytes) -> bytes:
    return rb"\{(?:%b:%b(?:,%b:%b)*+)?+\}" % (_TEXT, value, _TEXT, value)


_TEXT, _HEX = rb'"[ !#-\[\]-~]*+"', rb'"[0-9a-f]{64}"'
_ESCAPE = rb'\\(?:["\\bfnrt]|u00(?:0[0-7be]|1[0-9a-f]))'
_GIVEN = rb'"(?:[ !#-\[\]-~\x80-\xff]++|%b)*+"' % _ESCAPE
"""A text that somebody chose, as an id."""
_NUMBER = rb"(?:0|-?0\.\d{0,14}[1-9]|-?[1-9]\d{0,14}(?:\.\d{0,14}[1-9])?)"
_TEXTS = rb"\[(?:%b(?:,%b)*+)?+\]" % (_TEXT, _TEXT)
_VALUE = rb"(?:%b|%b|%b)" % (_GIVEN, _TEXTS, _NUMBER)
_PLAIN = re.compile(
    rb'\{"afterrun_log":%d,' % FORMAT
    + rb'(?:"answers":(?P<answers>%b),)?' % _object_of(_VALUE)
    + rb'(?:"decided":\{"interventions":%b,"open_questions":%b,' % (_TEXTS, _TEXTS)
    + rb'"patterns":%b,"plan":%b,' % (_object_of(_TEXT), _object_of(_NUMBER))
    + rb'"triage":(?P<triage>%b)\},)?' % _TEXT
    + rb'"decision":(?P<decision>%b),"engine":%b,"intake":%b,' % (_HEX, _TEXT, _HEX)
    + rb'"kind":"(?:assess|ask)","previous":(?P<previous>%b),"result":%b,' % (_HEX, _HEX)
    + rb'"rulebook":\{"digest":(?P<digest>%b),"name":(?P<family>%b),"version":%b\},' % (_TEXT, _TEXT, _TEXT)
    + rb'"schema":%b,"sequence":(?P<sequence>[1-9]\d{0,14}),' % _TEXT
    + rb'"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00"\}'
)
"""Nearly every result: read by this, without JSON, which costs more than to decide."""
_ID = re.compile(rb'"record_id":%b(?:,|(?=\}))' % _GIVEN)


def decided_in(link: Link) -> Decided | None:
    """What columns need, without reading JSON; None where all is to be read."""
    if link.plain is None:
        return None
    answers, triage, *told = link.plain.group("answers", "triage", "decision", "digest", "family")
    if answers is None or triage is None:
        return None
    if b'"record_id":' in answers:
        answers = _ID.sub(b"", answers, count=1)
        if answers.endswith(b",}"):
            answers = answers[:-2] + b"}"
    return Decided(answers, *(each[1:-1].decode() for each in (triage, *told)))


class Sealed(NamedTuple):
    """A line to be written, without its end, and the hash in it."""

    line: bytes
    hash: str


def sealed(said: Mapping[str, Any], sequence: int, previous: str) -> Sealed:
    """The line of the entry that comes after another. Raises NotCanonical."""
    body = canonical({**said, "afterrun_log": FORMAT, "sequence": sequence, "previous": previous})
    digest = sha256(body).hexdigest()
    return Sealed(b"".join((_OPEN, body, _HASH, digest.encode(), _CLOSE)), digest)


def unsealed(line: bytes) -> Link:
    """What seals a line without its end. Raises Unsealed with what is wrong."""
    if not line.startswith(SIGNATURE):
        raise Unsealed("is no entry")
    body, digest = line[len(_OPEN) : -_TAIL], line[-_TAIL + len(_HASH) : -len(_CLOSE)]
    if line[-_TAIL : -_TAIL + len(_HASH)] != _HASH or not line.endswith(_CLOSE):
        raise Unsealed("is no whole entry")
    if sha256(body).hexdigest().encode() != digest:
        raise Unsealed("was changed: its content does not have its hash")
    if (plain := _PLAIN.fullmatch(body)) and _is_utf8(body):
        previous = plain["previous"][1:-1].decode()
        return Link(int(plain["sequence"]), previous, digest.decode(), body, plain)
    said = _read(body)
    return Link(said["sequence"], said["previous"], digest.decode(), body, None)


def _is_utf8(body: bytes) -> bool:
    try:
        return body.isascii() or bool(body.decode())
    except UnicodeDecodeError:
        return False


def _read(body: bytes) -> Mapping[str, Any]:
    """What is no plain entry, in whole. Raises Malformed."""
    try:
        said = json.loads(body)
        written = canonical(said)
    except (ValueError, RecursionError, NotCanonical):
        raise Malformed("is no entry: it is not canonical JSON") from None
    if wrong := wrong_with(said):
        raise Malformed(f"is no entry: {wrong}")
    if written != body:
        raise Malformed("is no entry: it is not canonical JSON")
    return dict(said)
