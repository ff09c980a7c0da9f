"""The files of a rulebook as they were read one by one, and whatever stands in them, with its place."""

from __future__ import annotations

from typing import Any, NamedTuple

from afterrun.rulebook.documents import Document, KeyPath
from afterrun.rulebook.linking.unread import Unread
from afterrun.rulebook.model import Rulebook


class WrittenFile(NamedTuple):
    """One file as written: its name, its text's lines, and its validated model."""

    name: str
    document: Document
    model: Any
    damaged: frozenset[KeyPath] = frozenset()
    """The entries of which something could not be read."""

    def is_damaged(self, path: KeyPath) -> bool:
        """Whether something at a place, or around it, could not be read."""
        return any(each[: len(path)] == path[: len(each)] for each in self.damaged)


class WrittenRulebook(NamedTuple):
    """Every file of a rulebook, validated one by one and not yet together."""

    rules: list[WrittenFile]
    knowledge: dict[str, WrittenFile]
    digest: str
    base: Rulebook | None = None
    """The main part, which lends its sources and quantities."""
    invariants: WrittenFile | None = None
    unread: Unread = Unread()

    def files(self) -> list[WrittenFile]:
        """All of them."""
        return [*self.knowledge.values(), *filter(None, [self.invariants]), *self.rules]


class Item(NamedTuple):
    """Something written: its value, its file and its place there."""

    value: Any
    file: WrittenFile
    path: KeyPath

    def at(self, *keys: str | int) -> Item:
        """The same value, and the place of something in it."""
        return self._replace(path=(*self.path, *keys))

    @property
    def line(self) -> int:
        """The line that it starts on."""
        return self.file.document.line(self.path)

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file.name}:{self.line}"

    @property
    def name(self) -> str:
        """The way to it in its file, each entry of a list by its id."""
        return self.file.document.named(self.path)
