"""Plain values from a file, each with the line it came from."""

from __future__ import annotations

import codecs
import pickle
from functools import lru_cache
from typing import Any, NamedTuple

from afterrun.errors import Problem

KeyPath = tuple[str | int, ...]

LARGEST_DOCUMENT = 8_000_000
"""Bytes of one document, in JSON or YAML; an intake takes about one thousand."""


class Document(NamedTuple):
    """A file's plain values, and the line of every path in them."""

    data: Any
    lines: dict[KeyPath, int]

    def line(self, path: KeyPath) -> int:
        """The line of the value at `path`, or of its nearest ancestor that the file holds."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def named(self, path: KeyPath) -> str:
        """The way to a value in words: each entry of a list by its id, where it has one.

        >>> Document([{"id": "wait", "if": {"all": ["far"]}}], {}).named((0, "if", "all", 0))
        'wait.if.all'
        """
        words, node = [], self.data
        for step in path:
            if isinstance(step, int):
                node = node[step] if isinstance(node, list) and step < len(node) else None
                name = (
                    next((node[key] for key in ("id", "key") if key in node), "")
                    if isinstance(node, dict)
                    else ""
                )
            else:
                node, name = (node.get(step) if isinstance(node, dict) else None), step
            if isinstance(name, str) and name:
                words.append(name)
        return ".".join(words)


def read_yaml(text: str, file: str) -> Document:
    """Read one YAML document; a broken one raises DocumentError with its line and column.

    Aliases are refused: no rule or intake needs one, and a few lines of them can stand for
    gigabytes.
    """
    from afterrun.rulebook.yaml12.composing import compose  # slow to load, and often there is nothing to read

    return Document(*compose(text, file))


def read_shared_yaml(text: str, file: str) -> Document:
    """The same for files of rulebooks, which one run reads again and again: to load, to check, to say where.

    Nobody's answers may come this way, for what was read is kept.
    """
    return Document(*pickle.loads(_composed(text, file)))


@lru_cache(maxsize=128)
def _composed(text: str, file: str) -> bytes:
    """Bytes, since whoever is given the values may change them."""
    return pickle.dumps(tuple(read_yaml(text, file)))


def decoded(content: bytes, file: str, problems: list[Problem]) -> str:
    """The text of a file; each line that is not in UTF-8 is a problem more, and read without what is not."""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if wide:
        problems.append(Problem("is not in UTF-8 but in UTF-16: save it as UTF-8", file, 1))
    for number, line in enumerate([] if wide else content.split(b"\n"), start=1):
        try:
            line.decode()
        except UnicodeDecodeError as error:
            byte = f"0x{line[error.start]:02X} (byte {error.start + 1} of the line)"
            message = f"is not in UTF-8 here, at {byte}: write it anew, and save the file as UTF-8"
            problems.append(Problem(message, file, number))
    text = content.decode("utf-16" if wide else "utf-8-sig", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")
