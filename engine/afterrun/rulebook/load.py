"""A rulebook by its folder: unpacked where it was packed before, and else read from its files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from afterrun.errors import Problem, RulebookError
from afterrun.rulebook.model import Rulebook
from afterrun.rulebook.packing.cache import fingerprint, keep, kept
from afterrun.rulebook.packing.pack import origin_of, pack_rulebook, unpack_rulebook
from afterrun.rulebook.packing.released import Bundle, Root, bundle_of, packed, read_pack

if TYPE_CHECKING:
    from afterrun.rulebook.reading.files import ReadRulebook

_PACKAGE = Path(__file__).parents[1]
_IN_WHEEL = _PACKAGE / "shipped"


def load_rulebook(
    folder: Path | str | Bundle | None = None,
    part: str | None = None,
    *,
    cache: Path | None = None,
    anew: bool = False,
    day: date | None = None,
) -> Rulebook:
    """Load a rulebook: the folder that holds `rules/` and `knowledge/`, a packed one, or the one shipped.

    A part is a rulebook of its own in the sub-folders `rules/PART` and `knowledge/PART`; it takes
    its sources from the main part, which is loaded too, as its `base`.

    With a folder for a `cache`, what was read is packed there, and files that have not changed by a
    byte are not read again; see `packing`. A wheel brings its own rulebook packed. With `anew`
    every file is read, whatever is packed. With the `day` on which it is used, every result says when
    the rulebook should have been looked at again before it.

    Raises RulebookError with every mistake in every file, each with file and line, and NotPacked where a
    file is no packed rulebook or was changed since.

    >>> load_rulebook().identity.name
    'afterrun-knee'
    """
    rulebook = _loaded(root_of(folder), part, cache, anew)
    return rulebook.on(day) if day else rulebook


def _loaded(root: Root, part: str | None, cache: Path | None, anew: bool) -> Rulebook:
    with_code = _IN_WHEEL / f"{part or 'main'}.pack" if root == _IN_WHEEL else None
    if anew or not (with_code or cache):
        return _read(root, part)
    made_from = fingerprint(root, part)
    rulebook = kept(made_from, with_code, cache)
    if rulebook is None:
        rulebook = _read(root, part)
        if cache and made_from and made_from == fingerprint(root, part):
            keep(rulebook, made_from, cache)
    return rulebook


def root_of(folder: Path | str | Bundle | None) -> Root:
    """Where the files are: a folder, or what a packed file holds. Raises NotPacked."""
    if isinstance(folder, Bundle):
        return folder
    path = Path(folder) if folder is not None else shipped()
    return read_pack(path) if path.is_file() else path


def released_pack(folder: Path | str | None = None) -> str:
    """A rulebook with all its parts as the text of one file, which loads wherever a folder does.

    What is wrong in it is raised as by `load_every_part`: only what loads is packed.
    """
    root = root_of(folder)
    bundle = root if isinstance(root, Bundle) else bundle_of(root)
    parts = dict(zip(("", *bundle.parts), load_every_part(bundle), strict=True))
    identity = parts[""].identity
    told = {"name": identity.name, "version": identity.version}
    return packed(bundle._replace(digests={name: part.digest for name, part in parts.items()}), told)


def load_every_part(
    folder: Path | str | Bundle | None = None, *, day: date | None = None
) -> tuple[Rulebook, ...]:
    """The rulebook and after it each other part of it, all read anew.

    Raises RulebookError with every mistake in every file of every part.
    """
    return tuple(read.rulebook for read in _sound(read_every_part(folder, day=day)))


def read_every_part(
    folder: Path | str | Bundle | None = None, *, day: date | None = None
) -> tuple[ReadRulebook, ...]:
    """The same as far as it can be read, each part with every mistake in its files."""
    root = root_of(folder)
    found = _read_parts(root, rulebook_parts(root))
    return tuple(read._replace(rulebook=read.rulebook.on(day)) if day else read for read in found)


def packed_rulebook(folder: Path | str | None = None, part: str | None = None) -> str:
    """A rulebook as one text that only the files that it was read from unpack again."""
    root = Path(folder) if folder is not None else shipped()
    return pack_rulebook(_read(root, part), fingerprint(root, part))


def unpacked_rulebook(text: str) -> Rulebook:
    """The rulebook that `packed_rulebook` made a text of, without its files. Raises PackError."""
    return unpack_rulebook(text, origin_of(text))


def _read(root: Root, part: str | None) -> Rulebook:
    return _sound(_read_parts(root, [part] if part is not None else [])[-1:])[0].rulebook


def _sound(found: Sequence[ReadRulebook]) -> Sequence[ReadRulebook]:
    """What was read, or all that is wrong with any of it is raised, each mistake once."""
    if problems := tuple(dict.fromkeys(each for read in found for each in read.problems)):
        raise RulebookError(problems)
    return found


def _read_parts(root: Root, parts: Iterable[str]) -> list[ReadRulebook]:
    """The main part, and then others, with the mistakes of all."""
    from afterrun.rulebook.reading.files import read_rulebook  # with YAML, and with what checks it

    names = [None, *parts]
    main = read_rulebook(root, None, None)
    found = [main, *(read_rulebook(root, part, main) for part in names[1:])]
    if isinstance(root, Bundle):
        found = [_as_packed(root, name or "", each) for name, each in zip(names, found, strict=True)]
    return found


def _as_packed(bundle: Bundle, part: str, read: ReadRulebook) -> ReadRulebook:
    """What was read, with one mistake more where it is not what was packed: sums can be made to fit."""
    was = bundle.digests.get(part) if bundle.digests else None
    if read.problems or not bundle.digests or was == read.rulebook.digest:
        return read
    said = f"its digest is {read.rulebook.digest[:12]}, and the pack says {(was or 'none')[:12]}"
    changed = Problem(f"was changed after it was packed: {said}", bundle.name, key=part)
    return read._replace(problems=(changed,))


def rulebook_schemas(folder: Path | str | None = None, part: str | None = None) -> dict[str, dict[str, Any]]:
    """The schemas of a rulebook's files, by stem, that offer its own names and flag every other.

    Only the knowledge files need be readable, for a part those of the main one too. Raises RulebookError.
    """
    from afterrun.rulebook.reading.files import nameable_in, read_rulebook
    from afterrun.rulebook.reading.json_schema import file_schemas

    root = root_of(folder)
    found = nameable_in(root, None, None)
    if part is not None:
        found = nameable_in(root, part, read_rulebook(root, None, None))
    return file_schemas(found)


def rulebook_parts(folder: Path | str | Bundle | None = None) -> list[str]:
    """The parts that a rulebook has besides its main one."""
    root = root_of(folder)
    if isinstance(root, Bundle):
        return root.parts
    rules = root / "rules"
    return sorted(path.name for path in rules.glob("*/") if any(path.glob("*.y*ml")))


def shipped() -> Path:
    """Where the shipped rulebook lies: beside the code in a checkout, inside the package in a wheel."""
    return _IN_WHEEL if (_IN_WHEEL / "rules").is_dir() else _PACKAGE.parents[1]
