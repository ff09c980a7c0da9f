"""A rulebook by its folder: unpacked where it was packed before, and else read from its files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from afterrun.errors import RulebookError
from afterrun.rulebook.model import Rulebook
from afterrun.rulebook.packing.cache import fingerprint, keep, kept
from afterrun.rulebook.packing.pack import origin_of, pack_rulebook, unpack_rulebook

if TYPE_CHECKING:
    from afterrun.rulebook.reading.files import ReadRulebook

_PACKAGE = Path(__file__).parents[1]
_IN_WHEEL = _PACKAGE / "shipped"


def load_rulebook(
    folder: Path | str | None = None,
    part: str | None = None,
    *,
    cache: Path | None = None,
    anew: bool = False,
    day: date | None = None,
) -> Rulebook:
    """Load a rulebook: the folder that holds `rules/` and `knowledge/`, or the one shipped.

    A part is a rulebook of its own in the sub-folders `rules/PART` and `knowledge/PART`; it takes
    its sources from the main part, which is loaded too, as its `base`.

    With a folder for a `cache`, what was read is packed there, and files that have not changed by a
    byte are not read again; see `packing`. A wheel brings its own rulebook packed. With `anew`
    every file is read, whatever is packed. With the `day` on which it is used, every result says when
    the rulebook should have been looked at again before it.

    Raises RulebookError with every mistake in every file, each with file and line.

    >>> load_rulebook().identity.name
    'afterrun-knee'
    """
    rulebook = _loaded(Path(folder) if folder is not None else shipped(), part, cache, anew)
    return rulebook.on(day) if day else rulebook


def _loaded(root: Path, part: str | None, cache: Path | None, anew: bool) -> Rulebook:
    with_code = root / f"{part or 'main'}.pack" if root == _IN_WHEEL else None
    if anew or not (with_code or cache):
        return _read(root, part)
    made_from = fingerprint(root, part)
    rulebook = kept(made_from, with_code, cache)
    if rulebook is None:
        rulebook = _read(root, part)
        if cache and made_from and made_from == fingerprint(root, part):
            keep(rulebook, made_from, cache)
    return rulebook


def load_every_part(folder: Path | str | None = None, *, day: date | None = None) -> tuple[Rulebook, ...]:
    """The rulebook and after it each other part of it, all read anew.

    Raises RulebookError with every mistake in every file of every part.
    """
    return tuple(read.rulebook for read in _sound(read_every_part(folder, day=day)))


def read_every_part(folder: Path | str | None = None, *, day: date | None = None) -> tuple[ReadRulebook, ...]:
    """The same as far as it can be read, each part with every mistake in its files."""
    root = Path(folder) if folder is not None else shipped()
    found = _read_parts(root, rulebook_parts(root))
    return tuple(read._replace(rulebook=read.rulebook.on(day)) if day else read for read in found)


def packed_rulebook(folder: Path | str | None = None, part: str | None = None) -> str:
    """A rulebook as one text that only the files that it was read from unpack again."""
    root = Path(folder) if folder is not None else shipped()
    return pack_rulebook(_read(root, part), fingerprint(root, part))


def unpacked_rulebook(text: str) -> Rulebook:
    """The rulebook that `packed_rulebook` made a text of, without its files. Raises PackError."""
    return unpack_rulebook(text, origin_of(text))


def _read(root: Path, part: str | None) -> Rulebook:
    return _sound(_read_parts(root, [part] if part is not None else [])[-1:])[0].rulebook


def _sound(found: Sequence[ReadRulebook]) -> Sequence[ReadRulebook]:
    """What was read, or all that is wrong with any of it is raised, each mistake once."""
    if problems := tuple(dict.fromkeys(each for read in found for each in read.problems)):
        raise RulebookError(problems)
    return found


def _read_parts(root: Path, parts: Iterable[str]) -> list[ReadRulebook]:
    """The main part, and then others, with the mistakes of all."""
    from afterrun.rulebook.reading.files import read_rulebook  # with YAML, and with what checks it

    main = read_rulebook(root, None, None)
    return [main, *(read_rulebook(root, part, main) for part in parts)]


def rulebook_schemas(folder: Path | str | None = None, part: str | None = None) -> dict[str, dict[str, Any]]:
    """The schemas of a rulebook's files, by stem, that offer its own names and flag every other.

    Only the knowledge files need be readable, for a part those of the main one too. Raises RulebookError.
    """
    from afterrun.rulebook.reading.files import nameable_in, read_rulebook
    from afterrun.rulebook.reading.json_schema import file_schemas

    root = Path(folder) if folder is not None else shipped()
    found = nameable_in(root, None, None)
    if part is not None:
        found = nameable_in(root, part, read_rulebook(root, None, None))
    return file_schemas(found)


def rulebook_parts(folder: Path | str | None = None) -> list[str]:
    """The parts that a rulebook has besides its main one."""
    rules = (Path(folder) if folder is not None else shipped()) / "rules"
    return sorted(path.name for path in rules.glob("*/") if any(path.glob("*.y*ml")))


def shipped() -> Path:
    """Where the shipped rulebook lies: beside the code in a checkout, inside the package in a wheel."""
    return _IN_WHEEL if (_IN_WHEEL / "rules").is_dir() else _PACKAGE.parents[1]
