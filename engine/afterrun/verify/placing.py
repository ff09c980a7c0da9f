"""Where in the files something stands that a check knows by its name alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from afterrun.errors import DocumentError, Problem
from afterrun.rulebook import Document, KeyPath, read_shared_yaml, shipped

_NAMES = ("id", "key")
"""What an entry of a file is known by."""


def placed(problems: Iterable[Problem], folder: Path | str | None = None) -> list[Problem]:
    """The same problems, each with the line of the entry that it speaks of, where its file names one."""
    root = Path(folder) if folder is not None else shipped()
    documents: dict[str, Document | None] = {}
    found = []
    for each in problems:
        if each.line is None and each.file and each.key:
            if each.file not in documents:
                documents[each.file] = _read(root, each.file)
            document = documents[each.file]
            each = each._replace(line=_line_of(document, each.key)) if document is not None else each
        found.append(each)
    return found


def _read(root: Path, file: str) -> Document | None:
    try:
        return read_shared_yaml((root / file).read_text(encoding="utf-8-sig"), file)
    except (OSError, UnicodeDecodeError, DocumentError):
        # It was another file, or it has been told already what is wrong with this one.
        return None


def _line_of(document: Document, key: str) -> int | None:
    """The line of the entry with most of the names in a key: of an option, within its question."""
    words = re.split(r"[ .:,]+", key)
    best, line = 0, None
    for path in document.lines:
        if path and path[-1] in _NAMES:
            entries = (path[: end + 1] for end, step in enumerate(path) if isinstance(step, int))
            names = sum(_name_at(document, entry) in words for entry in entries)
            if names > best and _name_at(document, path[:-1]) in words:
                best, line = names, document.lines[path]
    return line


def _name_at(document: Document, path: KeyPath) -> str | None:
    value = document.data
    for step in path:
        value = value[step]
    named = (value.get(name) for name in _NAMES) if isinstance(value, dict) else ()
    return next((str(name) for name in named if name is not None), None)
