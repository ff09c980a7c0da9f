"""Packed rulebooks, kept in a user's cache folder for the next process, and for nobody else.

A pack goes by the fingerprint of what it was made from, so one of another file, or of another
program, is never taken. One that somebody else could have written is not looked at, a damaged one is
made anew, and where nothing can be kept all goes on without. The folder can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from afterrun.errors import AfterrunError
from afterrun.rulebook.model import Rulebook
from afterrun.rulebook.packing.pack import PackError, pack_rulebook, unpack_rulebook
from afterrun.rulebook.packing.released import Bundle, Root

MOST_PACKS = 16
"""Those that are kept; the oldest go first."""

_ROOM = Path(__file__).parents[1]
_CODE = [_ROOM, *(_ROOM / folder for folder in ("linking", "packing", "reading", "schema"))]


def fingerprint(root: Root, part: str | None) -> str:
    """sha256 over every byte that a rulebook is made from: its files and this room's code.

    Empty where some file cannot be read; whoever reads them then tells why.
    """
    parts = ("",) if part is None else ("", part)
    inside = [os.path.join(kind, each) for each in parts for kind in ("rules", "knowledge")]
    digest = hashlib.sha256(repr(part).encode())
    try:
        if isinstance(root, Bundle):
            digest.update(repr(sorted(root.digests.items())).encode())
            files = [
                (f"{os.path.basename(folder)}/{name}", data)
                for folder in inside
                for name, data in root.within(folder.rstrip("/"))
            ]
        else:
            files = list(_contents([os.path.join(root, folder) for folder in inside], "ml"))
        for name, data in (*_contents(_CODE, ".py"), *files):
            digest.update(f"{name} {len(data)}\n".encode(errors="surrogateescape"))
            digest.update(data)
    except OSError:
        return ""
    return digest.hexdigest()


def kept(made_from: str, with_code: Path | None, cache: Path | None) -> Rulebook | None:
    """The rulebook with this fingerprint: from a wheel, trusted as its code is, or from the cache."""
    for text in _texts(made_from, with_code, cache):
        with suppress(PackError):
            return unpack_rulebook(text, made_from)
    return None


def keep(rulebook: Rulebook, made_from: str, cache: Path) -> None:
    """Pack a rulebook for the next process, where that can be done."""
    from afterrun.storage import write_text  # this happens once

    with suppress(OSError, AfterrunError):
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_ours(cache.stat()):
            write_text(cache / f"{made_from}.pack", pack_rulebook(rulebook, made_from), private=True)
            for old in sorted(cache.glob("*.pack"), key=lambda path: path.stat().st_mtime)[:-MOST_PACKS]:
                old.unlink()


def _contents(folders: Iterable[str | Path], suffix: str) -> Iterator[tuple[str, bytes]]:
    """The files of some folders, in order."""
    for folder in folders:
        for name in sorted(os.listdir(folder)):
            if name.endswith(suffix):
                path = os.path.join(folder, name)
                if not os.path.isfile(path):
                    raise OSError(f"no file: {path}")  # a pipe or a device may never end
                with open(path, "rb") as file:
                    yield f"{os.path.basename(folder)}/{name}", file.read()


def _texts(made_from: str, with_code: Path | None, cache: Path | None) -> Iterator[str]:
    with suppress(OSError, ValueError):
        if with_code is not None:
            yield with_code.read_text(encoding="ascii")
    with suppress(OSError, ValueError):
        if cache is not None:
            handle = os.open(cache / f"{made_from}.pack", os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            with open(handle, encoding="ascii") as file:
                if _is_ours(cache.stat()) and _is_ours(os.fstat(handle)):
                    yield file.read()


def _is_ours(state: os.stat_result) -> bool:
    """A file or folder that nobody but this user can have written to."""
    if not hasattr(os, "geteuid"):
        return True  # Windows: a user's folders are the user's own
    return state.st_uid == os.geteuid() and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
