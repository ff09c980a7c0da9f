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

from afterrun.canonical import canonical

FORMAT = 1
"""Of the entries; another one would be read otherwise."""
KINDS = ("assess", "ask", "check-in", "batch")
NOTHING_BEFORE = "0" * 64
"""What the first entry names as the one before it."""
SIGNATURE = b'{"entry":{"afterrun_log":%d,' % FORMAT
"""How every line begins."""
_OPEN, _HASH, _CLOSE = b'{"entry":', b',"hash":"', b'"}'
_PREVIOUS, _SEQUENCE = b',"previous":"', b',"sequence":'
_DIGITS = 18
"""Of a place at most: more entries than any disk holds."""
_TAIL = len(_HASH) + 64 + len(_CLOSE)
_NEEDED = {
    "time": str,
    "kind": str,
    "engine": str,
    "schema": str,
    "rulebook": dict,
}
_DIGESTS = {
    "assess": ("intake", "result", "decision"),
    "ask": ("intake", "result", "decision"),
    "check-in": ("intake", "result"),
    "batch": (),
}


class Unsealed(ValueError):
    """A line is no entry, or not as it was written."""


class Link(NamedTuple):
    """A line as the chain needs it: sealed by its hash, with its place, and not read any further."""

    sequence: int
    previous: str
    """The hash of the entry before it."""
    hash: str
    """Its own, which is the head of a log that ends here."""
    body: bytes

    @property
    def entry(self) -> Entry:
        """All that it says. Raises Unsealed where that is no entry."""
        try:
            said = json.loads(self.body)
        except (ValueError, RecursionError):
            raise Unsealed("is no entry: it is not JSON") from None
        for key, kind in _NEEDED.items():
            if type(said.get(key)) is not kind:
                raise Unsealed(f"is no entry: '{key}' is missing or is none")
        for rulebook in (said["rulebook"], said.get("base", said["rulebook"])):
            if not all(isinstance(rulebook.get(key), str) for key in ("name", "version", "digest")):
                raise Unsealed("is no entry: 'rulebook' has no name, version or digest")
        if said["kind"] not in KINDS:
            raise Unsealed(f"is no entry: there is no kind '{said['kind'][:40]}'")
        for key in _DIGESTS[said["kind"]]:
            if not isinstance(said.get(key), str):
                raise Unsealed(f"is no entry: '{key}' is missing or is none")
        for key in ("answers", "decided"):
            if not isinstance(said.get(key, {}), dict):
                raise Unsealed(f"is no entry: '{key}' is no object")
        return Entry(self.sequence, said)


class Entry(NamedTuple):
    """One entry: what was asked of which rulebook, and what came of it, by digest."""

    sequence: int
    said: Mapping[str, Any]
    """All members, as docs/log.md tells them."""

    @property
    def kind(self) -> str:
        """One of KINDS."""
        return str(self.said["kind"])

    @property
    def family(self) -> str:
        """The name of the main part of its rulebook: that of a check-in stands beside its own."""
        return str(self.said.get("base", self.said["rulebook"])["name"])


class Decided(NamedTuple):
    """What columns need of an entry that holds its answers, as it stands in its line."""

    answers: bytes
    """Without the id."""
    decision: str
    triage: str
    digest: str
    """That of the rulebook."""
    family: str


_ANSWERS, _SHOWN = b'{"afterrun_log":%d,"answers":' % FORMAT, b',"decided":{"interventions":['
_TRIAGE, _DECISION = b'"triage":"', b'},"decision":"'
_REST = re.compile(
    rb'([0-9a-f]{64})","engine":"[^"\\]*","intake":"[0-9a-f]{64}","kind":"(?:ask|assess)",'
    rb'"previous":"[0-9a-f]{64}","result":"[0-9a-f]{64}",'
    rb'"rulebook":\{"digest":"([0-9a-f]+)","name":"([^"\\]*)","version":"[^"\\]*"\},'
    rb'"schema":"[^"\\]*","sequence":\d+,"time":"[^"\\]*"\}'
)
"""What follows a decision, to the end."""
_ID = re.compile(rb'"record_id":"(?:[^"\\]|\\.)*"(?:,|(?=\}))')


def decided_in(link: Link) -> Decided | None:
    """The same without reading JSON, which would cost more than to decide; None where all is to be read.

    In a text that somebody gave each quote has a stroke before it, so that no name of a member stands there.
    """
    body = link.body
    shown = body.find(_SHOWN)
    decision = body.find(_DECISION, shown)
    triage = body.rfind(_TRIAGE, shown, decision)
    rest = _REST.fullmatch(body, decision + len(_DECISION))
    if rest is None or not body.startswith(_ANSWERS) or min(shown, decision, triage) < 0:
        return None
    bare = body[len(_ANSWERS) : shown]
    if b'"record_id":' in bare:
        bare = _ID.sub(b"", bare, count=1)
        if bare.endswith(b",}"):
            bare = bare[:-2] + b"}"
    told, digest, family = rest.groups()
    level = body[triage + len(_TRIAGE) : decision - 1]
    return Decided(bare, told.decode(), level.decode(), digest.decode(), family.decode())


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
    # The last of these names is the entry's own: what comes after it in canonical order holds none of them.
    place, at = body.rfind(_PREVIOUS), body.rfind(_SEQUENCE)
    number = body[at + len(_SEQUENCE) :].partition(b",")[0]
    if place < 0 or at < 0 or not number.isdigit() or len(number) > _DIGITS:
        raise Unsealed("is no entry: it has no place")
    previous = body[place + len(_PREVIOUS) :][:64].decode(errors="replace")
    return Link(int(number), previous, digest.decode(), body)
