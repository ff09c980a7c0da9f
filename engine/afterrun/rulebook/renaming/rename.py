"""Something of a rulebook gets another name, in all files at once or in none."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from afterrun.errors import Problem, RulebookError
from afterrun.rulebook.documents import decoded
from afterrun.rulebook.load import load_every_part, shipped
from afterrun.rulebook.renaming.names import Named, NotRenamed, named, refuse_new_name, things_called
from afterrun.rulebook.renaming.spots import Spot, spots_in
from afterrun.rulebook.schema import INVARIANTS, KNOWLEDGE, RULES
from afterrun.rulebook.yaml12.faults import syntax_problem
from afterrun.storage import storage_faults, write_whole

_BOM = "\ufeff"
_NOT_YAML = re.compile(
    r"\\u[dD][89a-fA-F]..|\\/"  # half a character, and an escape that only JSON has
    r"|[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""What JSON may hold and YAML may not, or reads as the end of a line; no name has any of it."""
_LONG, _MARGIN = 110, 30
"""Characters of a line that is shown as a whole, and of what is shown around a name in a longer one."""


class Change(NamedTuple):
    """A file before and after."""

    file: Path
    before: str
    after: str
    places: int

    @property
    def diff(self) -> Iterator[str]:
        """Each line that differs, as it was and as it is; of a long one what is around the names."""
        pairs = zip(self.before.split("\n"), self.after.split("\n"), strict=True)
        for number, (was, now) in enumerate(pairs, start=1):
            if was != now:
                yield f"{self.file}:{number}"
                yield from (f"{sign} {text}" for sign, text in zip("-+", _around(was, now), strict=True))


class Renaming(NamedTuple):
    """What would change; nothing has until it is written."""

    what: Named
    new: str
    changes: tuple[Change, ...]
    left: tuple[str, ...]
    """Lines that still hold the old name, in a comment or a text, with their places; a name that something
    else has, too, is not looked for."""

    def write(self) -> None:
        """Write every file, or leave all as they were. Raises StorageFault."""
        written: list[Change] = []
        try:
            for change in self.changes:
                _write(change.file, change.after)
                written.append(change)
        except BaseException:
            for change in written:
                _write(change.file, change.before)
            raise


def rename(
    folder: Path | None,
    old: str,
    new: str,
    cases: Sequence[Path] = (),
    shape: Any = None,
) -> Renaming:
    """What another name would change in a rulebook's folder, and in files of cases, each case of a `shape`.

    Raises RulebookError where something is wrong in the rulebook already, UnknownNameError, and NotRenamed
    where the new name cannot be had, where a name is written with escapes, where a file of cases cannot be
    read and where the rulebook could not be loaded under the new name. Cases are not run.
    """
    root = folder or shipped()
    parts = load_every_part(root)
    what = named(old, parts)
    refuse_new_name(what, new, parts)
    changes = [
        _changed(path, _spots(path, _shape(path.relative_to(root))), what, new)
        for path in _rulebook_files(root)
    ]
    each_once = {path.resolve(): path for path in cases}.values()
    changes += [_changed(path, _spots_of_cases(path, shape), what, new) for path in each_once]
    _refuse_if_broken(root, changes)
    there = tuple(change for change in changes if change.places)
    others = len(things_called(what.name, parts)) > 1
    return Renaming(what, new, there, () if others else tuple(_left(changes, what.name)))


def _around(was: str, now: str) -> tuple[str, str]:
    """Two lines, each without most of what they begin and end with alike, where they are long."""
    same = _alike(was, now)
    end = _alike(was[:same:-1], now[:same:-1])
    first = max(0, same - _MARGIN) if len(was) > _LONG else 0

    def cut(line: str) -> str:
        last = min(len(line), len(line) - end + _MARGIN, first + _LONG) if len(line) > _LONG else len(line)
        return f"{'…' if first else ''}{line[first:last].strip()}{'…' if last < len(line) else ''}"

    return cut(was), cut(now)


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _rulebook_files(root: Path) -> list[Path]:
    return [path for folder in ("rules", "knowledge") for path in sorted((root / folder).rglob("*.y*ml"))]


def _shape(inside: Path) -> Any:
    """What a file may hold, by its place in the rulebook's folder."""
    if inside.parts[0] == "rules":
        return INVARIANTS if inside.stem == "invariants" else RULES
    return KNOWLEDGE[inside.stem]


def _text(path: Path) -> str:
    with storage_faults(path):
        content = path.read_bytes()
    problems: list[Problem] = []
    decoded(content, str(path), problems)
    if problems:
        raise NotRenamed(*map(str, problems))
    return content.decode()  # with the ends of its lines as they are


def _spots(path: Path, shape: Any) -> Iterator[tuple[int, Spot]]:
    """What a file of the rulebook names, each with the place from which its own place is counted."""
    text = _text(path)
    start = len(text) - len(text.removeprefix(_BOM))
    return ((start, spot) for spot in spots_in(shape, text[start:]))


def _spots_of_cases(path: Path, shape: Any) -> Iterator[tuple[int, Spot]]:
    """The same in a file of cases: each line one, or a list of them."""
    text = _text(path)
    start = len(text) - len(text.removeprefix(_BOM))
    is_list = path.suffix.lower() in (".yaml", ".yml")
    pieces = [text[start:]] if is_list else _lines_of_json(text[start:])
    for above, piece in enumerate(pieces):
        try:
            for spot in spots_in(tuple[shape, ...] if is_list else shape, piece):
                yield start, spot
        except yaml.YAMLError as error:
            fault = syntax_problem(error, piece, str(path))
            reason = fault.message.removeprefix("not YAML: ")
            message = f"cannot be read, so that nothing was renamed: {reason}"
            raise NotRenamed(str(Problem(message, fault.file, above + (fault.line or 1)))) from error
        start += len(piece) + 1


def _lines_of_json(text: str) -> list[str]:
    """Lines that are read as YAML, with every name at its place."""
    ended = re.sub(r"\r(?!\n)", "\n", text)
    return _NOT_YAML.sub(lambda found: " " * len(found[0]), ended).split("\n")


def _changed(path: Path, spots: Iterable[tuple[int, Spot]], what: Named, new: str) -> Change:
    """A file with the new name wherever the old one is meant; quotes stay."""
    before = _text(path)
    edits = {}
    for start, spot in spots:
        now = what.renamed(spot, new)
        if now is not None:
            edits[start + spot.start, start + spot.end] = (spot.name, now)
    pieces, behind = [], 0
    for (first, last), (was, now) in sorted(edits.items()):
        written = before[first:last]
        if written.strip("'\"") != was:
            line = before.count("\n", 0, first) + 1
            raise NotRenamed(f"{path}:{line}: '{was}' is written with escapes: write it plainly first")
        pieces += [before[behind:first], written.replace(was, now)]
        behind = last
    return Change(path, before, "".join([*pieces, before[behind:]]), len(edits))


def _refuse_if_broken(root: Path, changes: Iterable[Change]) -> None:
    """Raise NotRenamed unless what would be written is a rulebook."""
    with tempfile.TemporaryDirectory() as temporary:
        for change in changes:
            if change.file.is_relative_to(root):
                copy = Path(temporary, change.file.relative_to(root))
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(change.after.encode())
        try:
            load_every_part(temporary)
        except RulebookError as error:
            lines = [f"  {each}" for each in error.problems]
            raise NotRenamed("under the new name the rulebook would not hold together:", *lines) from error


def _left(changes: Iterable[Change], name: str) -> Iterator[str]:
    """Where the old name still stands, as a word of its own."""
    word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
    for change in changes:
        for number, line in enumerate(change.after.split("\n"), start=1):
            if found := word.search(line):
                around = line[max(0, found.start() - _MARGIN) : found.end() + _MARGIN].strip()
                yield f"{change.file}:{number}: {around}"


def _write(path: Path, text: str) -> None:
    path = path.resolve()  # a link stays one
    with storage_faults(path):
        path.open("r+b").close()  # a file that may not be written is not replaced either

    def write(partial: Path) -> None:
        partial.write_bytes(text.encode())
        shutil.copymode(path, partial)

    write_whole(path, write)
