"""The entries in which something is wrong: what stands on them is not judged until they are mended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from afterrun.errors import Problem
from afterrun.rulebook.documents import KeyPath
from afterrun.rulebook.linking.written_files import WrittenFile
from afterrun.rulebook.reading.remains import entry_of, names_in


class Wrong(NamedTuple):
    """What is written in entries in which something is wrong."""

    ids: frozenset[str] = frozenset()
    """Their own names."""
    words: frozenset[str] = frozenset()
    """Every word in them, names of others too."""

    def joined(self, other: Wrong) -> Wrong:
        """What is wrong in either of two parts."""
        return Wrong(self.ids | other.ids, self.words | other.words)


def wrong_in(files: Iterable[WrittenFile], problems: Iterable[Problem]) -> Wrong:
    """The entries of some files that are damaged, or on whose lines there is a problem."""
    places = {(each.file, each.line) for each in problems}
    ids: set[str] = set()
    data: dict[str, list[Any]] = defaultdict(list)
    for file in files if places else ():
        entries = defaultdict(set)
        for path, line in file.document.lines.items():
            entries[entry_of(path)].add((file.name, line))
        for entry, lines in entries.items():
            name = file.document.named(entry).split(".")[-1]
            # Of two entries with one name, only the second is told, and what the first says is lost.
            data[name].append(_found(file.document.data, entry))
            if entry and (entry in file.damaged or not lines.isdisjoint(places)):
                ids.add(name)
    words = {word for name in ids for each in data[name] for word in names_in(_used(each))}
    return Wrong(frozenset(ids), frozenset(words))


def _used(entry: Any) -> Any:
    """An entry without its examples: what they name is only tried."""
    return (
        {key: each for key, each in entry.items() if key != "examples"} if isinstance(entry, dict) else entry
    )


def _found(node: Any, path: KeyPath) -> Any:
    for step in path:
        if isinstance(node, dict):
            node = next((each for key, each in node.items() if str(key) == step), None)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            return None
    return node
