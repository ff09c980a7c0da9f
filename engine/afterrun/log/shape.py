"""What an entry must hold: an entry in, what is wrong with it out, in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

_HEX = re.compile(r"[0-9a-f]{64}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00")


class _Kind(NamedTuple):
    """What a member is, and whether a value is that."""

    words: str
    fits: Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    # A whole number may be written as 2.0; infinity is none.
    return _is_number(value) and value >= 0 and float(value).is_integer()


def _is_digest(value: Any) -> bool:
    return _is_text(value) and _HEX.fullmatch(value) is not None


def _is_time(value: Any) -> bool:
    return _is_text(value) and _TIME.fullmatch(value) is not None


def _is_file(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    named = "from" in value and _is_text(value["from"])
    return named or (_is_count(value.get("bytes")) and _is_digest(value.get("sha256")))


def _object_of(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, Mapping) and all(map(fits, value.values()))


def _list_of(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(fits, value))


_TEXT = _Kind("a text", _is_text)
_DIGEST = _Kind("a SHA-256 in 64 digits", _is_digest)
_COUNT = _Kind("a whole number", _is_count)
_NAMES = _Kind("a list of names", _list_of(_is_text))
_FILES = _Kind("a list of files, each by bytes and SHA-256", _list_of(_is_file))

_Shape = Mapping[str, Any]
"""Members by name, each of a kind or of a shape of its own."""

_RULEBOOK: _Shape = {"name": _TEXT, "version": _TEXT, "digest": _TEXT}
_DECIDED: _Shape = {
    "triage": _TEXT,
    "patterns": _Kind("an object of levels by pattern", _object_of(_is_text)),
    "interventions": _NAMES,
    "plan": _Kind("an object of numbers by key", _object_of(_is_number)),
    "open_questions": _NAMES,
}
_ALWAYS: _Shape = {
    "sequence": _COUNT,
    "previous": _DIGEST,
    "time": _Kind("a time in UTC, as 2027-03-01T08:00:00.000+00:00", _is_time),
    "engine": _TEXT,
    "schema": _TEXT,
    "rulebook": _RULEBOOK,
}
_MAYBE: _Shape = {
    "base": _RULEBOOK,
    "answers": _Kind("an object", lambda value: isinstance(value, Mapping)),
    "decided": _DECIDED,
}
_RESULT: _Shape = {"intake": _DIGEST, "result": _DIGEST, "decision": _DIGEST}
_OF_KIND: Mapping[str, _Shape] = {
    "assess": _RESULT,
    "ask": _RESULT,
    "check-in": {"intake": _DIGEST, "result": _DIGEST},
    "batch": {},
}
_OF_STAGE: Mapping[str, _Shape] = {
    "begun": {"inputs": _FILES},
    "finished": {
        "outputs": _FILES,
        **dict.fromkeys(("rows_in", "rows", "rejects", "blank"), _COUNT),
    },
}

KINDS = tuple(_OF_KIND)


def wrong_with(said: Any) -> str:
    """The first thing that makes of these members no entry; empty where nothing does."""
    if not isinstance(said, Mapping):
        return "it is no object"
    kind = said.get("kind")
    if kind not in KINDS:
        return f"'kind' is none of {', '.join(KINDS)}"
    if kind == "batch" and said.get("stage") not in tuple(_OF_STAGE):
        return f"'stage' is none of {', '.join(_OF_STAGE)}"
    needed = {**_ALWAYS, **_OF_KIND[kind], **(_OF_STAGE[said["stage"]] if kind == "batch" else {})}
    given = {name: shape for name, shape in _MAYBE.items() if name in said}
    return next(_misfits(said, {**needed, **given}, ""), "")


def _misfits(said: Mapping[str, Any], shape: _Shape, within: str) -> Iterator[str]:
    for name, wanted in shape.items():
        if name not in said:
            yield f"'{within}{name}' is missing"
        elif isinstance(wanted, _Kind):
            if not wanted.fits(said[name]):
                yield f"'{within}{name}' is not {wanted.words}"
        elif not isinstance(said[name], Mapping):
            yield f"'{within}{name}' is not an object"
        else:
            yield from _misfits(said[name], wanted, f"{within}{name}.")
