"""What can be done to the bytes of a diary: its file, its pages, its log; whatever stands in them."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

HEADER = 100
"""Bytes of the first page before its own head."""


class Corruption(NamedTuple):
    """One way to damage a diary."""

    name: str
    spoil: Callable[[Path], None]
    """Damages the file of a closed diary, or what lies beside it."""
    persons: tuple[str, ...] | None = None
    """Whom it concerns; None where that cannot be told."""
    told: bool = True
    """Whether it can be found out: what is still a value of its kind cannot."""


def of_files() -> Iterator[Corruption]:
    """Files that are cut, filled with something else, or wrong in their head."""
    for size in (0, 1, 15, 16, 17, 99, 100, 512, 4095, 4096, 4097, 8192):
        yield Corruption(f"{size} bytes", partial(_cut, size=size))
    yield Corruption("half", lambda file: _cut(file, file.stat().st_size // 2))
    yield Corruption("a byte less", lambda file: _cut(file, file.stat().st_size - 1), told=False)
    yield Corruption("a page less", lambda file: _cut(file, file.stat().st_size - 4096))
    yield Corruption("more behind", partial(_fill, before=True, content=b"x" * 5000), told=False)
    yield Corruption("text", partial(_fill, content=b"dear diary " * 500))
    yield Corruption("zeros", partial(_fill, content=bytes(300_000)))
    for place in (*range(0, 28, 2), 31, 35, 43, 47, 59, 63, 67, 95, 99):
        yield Corruption(f"head {place}", partial(_flip, place=place), told=False)


def _cut(file: Path, size: int) -> None:
    with file.open("r+b") as opened:
        opened.truncate(size)


def _fill(file: Path, content: bytes, before: bool = False) -> None:
    file.write_bytes((file.read_bytes() if before else b"") + content)


def _flip(file: Path, place: int) -> None:
    data = bytearray(file.read_bytes())
    data[place] ^= 0xFF
    file.write_bytes(data)


def of_what_lies_beside() -> Iterator[Corruption]:
    """What a killed writer leaves beside the file, made wrong."""
    for suffix in ("-wal", "-journal", "-shm"):
        for name, content in (("garbage", b"\x5a" * 9000), ("zeros", bytes(9000)), ("empty", b"")):
            yield Corruption(f"{suffix} of {name}", partial(_lay, suffix=suffix, content=content), told=False)
        yield Corruption(f"{suffix} is a folder", partial(_folder, suffix=suffix))
    for place in (0, 10, 16, 30, 40, 3000, 5000):
        yield Corruption(f"log {place}", partial(_in_log, place=place))
    yield Corruption("log -1", partial(_in_log, place=-1), told=False)
    yield Corruption("log cut", partial(_in_log, place=None), told=False)
    yield Corruption("log of another", _foreign_log, told=False)


def _folder(file: Path, suffix: str) -> None:
    Path(f"{file}{suffix}").mkdir()


def _lay(file: Path, suffix: str, content: bytes) -> None:
    Path(f"{file}{suffix}").write_bytes(content)


def _logged(file: Path) -> bytes:
    """Let the last weeks of somebody stand in the log alone, as after a kill; gives what is in it."""
    copy = file.with_name("copied")
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        last = "FROM check_ins WHERE enrolment_id = (SELECT max(id) FROM enrolments) AND number > 2"
        weeks = connection.execute(f"SELECT * {last} ORDER BY number").fetchall()
        connection.execute(f"DELETE {last}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(file, copy)
        for week in weeks:
            connection.execute(f"INSERT INTO check_ins VALUES ({', '.join('?' * len(week))})", week)
        log = Path(f"{file}-wal").read_bytes()
    copy.replace(file)
    return log


def _in_log(file: Path, place: int | None) -> None:
    log = bytearray(_logged(file))
    if place is None:
        del log[len(log) // 2 :]
    else:
        log[place] ^= 0x55
    _lay(file, "-wal", bytes(log))


def _foreign_log(file: Path) -> None:
    other = file.with_name("other")
    shutil.copy(file, other)
    log = _logged(other)
    other.unlink()
    _lay(file, "-wal", log)


def of_pages(chance: random.Random, number: int) -> Iterator[Corruption]:
    """Pages of each kind with a bit turned, without content, or with that of another."""
    for kind in (2, 5, 10, 13, None):
        for name, spoil in _DAMAGES.items():
            seed = chance.random()
            yield Corruption(
                f"page {kind} {name} {number}",
                partial(spoil, kind=kind, seed=seed),
                told=False,
            )


Pages = list[bytearray]


def _in_pages(act: Callable[[Pages, int, int, random.Random], None]) -> Callable[..., None]:
    def spoil(file: Path, kind: int | None, seed: float) -> None:
        chance = random.Random(seed)
        data = file.read_bytes()
        pages = [bytearray(data[start : start + 4096]) for start in range(0, len(data), 4096)]
        kinds = [page[HEADER if place == 0 else 0] for place, page in enumerate(pages)]
        found = [
            place for place, each in enumerate(kinds) if (each if each in (2, 5, 10, 13) else None) == kind
        ]
        place = chance.choice(found or range(len(pages)))
        act(pages, place, HEADER if place == 0 else 0, chance)
        file.write_bytes(b"".join(pages))

    return spoil


@_in_pages
def _turn(pages: Pages, place: int, _: int, chance: random.Random) -> None:
    pages[place][chance.randrange(4096)] ^= 1 << chance.randrange(8)


@_in_pages
def _turn_head(pages: Pages, place: int, head: int, chance: random.Random) -> None:
    pages[place][head + chance.randrange(24)] ^= 1 << chance.randrange(8)


@_in_pages
def _zero(pages: Pages, place: int, head: int, _: random.Random) -> None:
    pages[place][head:] = bytes(4096 - head)


@_in_pages
def _chance(pages: Pages, place: int, head: int, chance: random.Random) -> None:
    pages[place][head:] = chance.randbytes(4096 - head)


@_in_pages
def _swap(pages: Pages, place: int, _: int, chance: random.Random) -> None:
    other = chance.randrange(len(pages))
    pages[place], pages[other] = pages[other], pages[place]


_DAMAGES = {
    "bit": _turn,
    "bit at its head": _turn_head,
    "zeros": _zero,
    "chance": _chance,
    "swapped": _swap,
}
