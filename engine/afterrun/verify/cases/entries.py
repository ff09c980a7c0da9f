"""Files of cases in, what stands where each case should out, with its line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, NamedTuple

from afterrun.errors import Problem
from afterrun.intake import json_fault
from afterrun.rulebook import Document, KeyPath, decoded, read_pieces, words_of


class Entry(NamedTuple):
    """What stands where a case should, and where that is."""

    written: Any
    document: Document
    start: KeyPath = ()

    def line(self, *path: str) -> int:
        """The line of anything in it."""
        return self.document.line((*self.start, *path))


def entries_of(name: str, content: str | bytes, problems: list[Problem], lost: set[str]) -> Iterator[Entry]:
    """Each entry of a file that can be read.

    Each that cannot is a problem more, and its words are `lost`.
    """
    text = decoded(content, name, problems) if isinstance(content, bytes) else content
    if PurePath(name).suffix.lower() in (".yaml", ".yml"):
        return _yaml_entries(name, text, problems, lost)
    return _json_lines(name, text, problems, lost)


def _json_lines(name: str, text: str, problems: list[Problem], lost: set[str]) -> Iterator[Entry]:
    if _is_spread(text):
        message = "is one piece of JSON over several lines: write one case a line, or a list in a .yaml file"
        problems.append(Problem(message, name, 1))
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            twice: list[str] = []
            try:
                written = json.loads(line, object_pairs_hook=lambda pairs: _noting(pairs, twice))  # noqa: B023
            except json.JSONDecodeError as error:
                problems.append(Problem(json_fault(error), name, number))
                lost |= words_of(line)
            except (ValueError, RecursionError):
                problems.append(Problem("nested too deeply, or a number too long to be read", name, number))
            else:
                problems += (Problem("written twice in one object", name, number, key) for key in twice)
                yield Entry(written, Document(line, {(): number}))


def _is_spread(text: str) -> bool:
    """Whether a text is JSON as a whole, and no line of it is by itself."""
    if text.lstrip()[:1] not in ("[", "{") or len(text.split("\n", 1)[0].strip()) > 1:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return "\n" in text.strip()


def _noting(pairs: list[tuple[str, Any]], twice: list[str]) -> dict[str, Any]:
    times = Counter(key for key, _ in pairs)
    twice += (key for key, count in times.items() if count > 1)
    return dict(pairs)


def _yaml_entries(name: str, text: str, problems: list[Problem], lost: set[str]) -> Iterator[Entry]:
    document, cut = read_pieces(text, name, problems)
    lost |= words_of(cut)
    if document is None:
        return
    if document.data is not None and not isinstance(document.data, list):
        problems.append(Problem("a file of cases is a list: begin each case with '- id: …'", name, 1))
        return
    # Names of a mapping are text, as they are in JSON.
    for place, written in enumerate(json.loads(json.dumps(document.data or []))):
        yield Entry(written, document, (place,))
