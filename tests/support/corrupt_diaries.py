"""Diaries that were damaged or tampered with, in every way that comes to mind: a generator, not files."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import afterrun
from afterrun.diary import Diary
from afterrun.schedule import Preferences
from tests.support.diaries import GOOD, at, end_of, enrol

PEOPLE = {"me": 15.973, "Ottilie": 16.377, "Ruth": 16.421}
"""Who is in it, and an amount that nobody else tells: it is looked for when they are forgotten."""
WEEKS = 5
HEADER = 100
"""Bytes of the first page before its own head."""

NO_JSON: tuple[Any, ...] = (
    "", "{", "null", "7", '"x"', "[1]", '{"x": 1}', "[" * 5000, '{"a": NaN}', b"\x80\xff", 1.5, "{}\x00",
    None,
)  # fmt: skip
NO_NUMBER: tuple[Any, ...] = (-1, 0, 2**62, "x", 1e300, 3.5, b"\x80", "", None)
NO_DAY: tuple[Any, ...] = ("x", "9999-12-31", "0001-01-01", "9999-99-99", 20261115, -1, b"\x80", "", None)
NO_MOMENT: tuple[Any, ...] = (
    "x", "9999-12-31 23:59:59.000000", "2027-03-01 18:00:00+25:00", 1, b"\x80", "2027-03-01", None,
)  # fmt: skip
NO_NAME: tuple[Any, ...] = ("", "a\nb", "a\x00b", b"\x80\xff", 7, "x" * 100_000, "me\u202e", None)
COLUMNS: dict[str, dict[str, tuple[Any, ...]]] = {
    "enrolments": {
        "person": NO_NAME, "number": NO_NUMBER, "start": NO_DAY, "noted_at": NO_MOMENT, "intake": NO_JSON,
        "result": NO_JSON, "rulebook": NO_JSON, "standing": NO_JSON, "seen": NO_NUMBER,
        "preferences": NO_JSON, "settings": NO_JSON,
    },
    "check_ins": {
        "enrolment_id": NO_NUMBER, "number": NO_NUMBER, "week": NO_NUMBER, "day": NO_DAY,
        "noted_at": NO_MOMENT, "answers": NO_JSON, "seen": NO_NUMBER, "said": NO_JSON, "rulebook": NO_JSON,
        "standing": NO_JSON, "corrected": NO_JSON, "seen_on": NO_DAY, "taken_back_on": NO_DAY,
    },
}  # fmt: skip
INNER: tuple[Any, ...] = (None, -1, 10**30, 1e308, "x", [], {}, [[]], {"x": []}, True, "9999-12-31")
"""What stands where something else stood inside a JSON column."""
ADDRESSES = (
    "a\x00b.sqlite", "sqlite:///\x00", "sqlite:///a\x00b", "\x00", "a\ud800b.sqlite", "x" * 5000, "/b" * 3000,
    "/proc/self/mem", "/dev/null", "/dev/full", "/", ".", "sqlite:///.", "sqlite:////dev/zero", "sqlite:///%00",
    "postgresql://", "postgresql://x:notaport/y", "postgresql://u:s3cret@127.0.0.1:1/x?password=s3cret",
    "postgresql://127.0.0.1:1/x?user=u&password=s3cret&sslpassword=s3cret",
    "postgresql://u:s3c%ret@127.0.0.1:1/x", "postgresql://u:s3cret@127.0.0.1:99999/x",
    "postgresql://127.0.0.1:1/x?nonsense=1", "postgresql://u:s3cret@[::1/x", "postgresql://u:s3cret@/\x00",
    "postgresql+nonsense://u:s3cret@h/x", "postgresql://u:s3cret@127.0.0.1:1/x?passfile=/s3cret",
    "postgresql://u:s3cret@127.0.0.1:1/x?connect_timeout=soon",
    "postgresql://u:s3cret@127.0.0.1:1/x?host=a&host=b&port=1",
)  # fmt: skip
"""Addresses that lead to no diary; what must not be told of them is s3cret."""


class Corruption(NamedTuple):
    """One way to damage a diary."""

    name: str
    spoil: Callable[[Path], None]
    """Damages the file of a closed diary, or what lies beside it."""
    persons: tuple[str, ...] | None = None
    """Whom it concerns; None where that cannot be told."""
    told: bool = True
    """Whether it can be found out: what is still a value of its kind cannot."""


def sound_diary(file: Path, part: afterrun.Rulebook) -> None:
    """A diary of three people with all that one can hold, in a closed file."""
    diary = Diary(str(file))
    for person, amount in PEOPLE.items():
        history = enrol(diary, part, person)
        for week in range(1, WEEKS + 1):
            answers = {**GOOD, "volume_done": amount}
            diary.check_in(part, history, answers, end_of(week), at(end_of(week)))
            history = diary.history(person)
        diary.correct(part, history, {**GOOD, "volume_done": 15}, at(end_of(WEEKS)))
        history = diary.history(person)
        diary.settle(part, history, Preferences(runs=3), {}, at(end_of(WEEKS) + timedelta(days=1)))
    diary.close()


def corruptions(seed: int = 0, rounds: int = 1) -> Iterator[Corruption]:
    """Every written case once, and those of chance as often as there are rounds."""
    yield from _columns()
    yield from _tables()
    yield from _files()
    yield from _beside()
    for number in range(rounds):
        chance = random.Random(f"{seed}-{number}")
        yield from _inner(chance, number)
        yield from _pages(chance, number)


def _columns() -> Iterator[Corruption]:
    """A value in each column that nobody wrote there, for the first person only."""
    for table, columns in COLUMNS.items():
        for column, values in columns.items():
            for value in values:
                yield Corruption(
                    f"{table}.{column}={value!r:.30}",
                    partial(_write, table=table, column=column, value=value),
                    ("me",),
                    told=not _is_kind(column, value),
                )


def _is_kind(column: str, value: Any) -> bool:
    """Whether a value may stand there for all that one can know."""
    unsaid = column in ("seen_on", "taken_back_on") and value is None
    return unsaid or column == "person" or (column == "seen" and not value and value is not None)


def _write(file: Path, table: str, column: str, value: Any) -> None:
    of_me = "person = 'me'" if table == "enrolments" else (
        "id = (SELECT max(check_ins.id) FROM check_ins JOIN enrolments e ON e.id = enrolment_id "
        "WHERE e.person = 'me')"
    )  # fmt: skip
    _unbind(file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {of_me}", (value,))


def _unbind(file: Path) -> None:
    """Take the constraint away that would refuse a NULL, as whoever tampers would."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '')")


def _tables() -> Iterator[Corruption]:
    for table in ("enrolments", "check_ins", "alembic_version"):
        yield Corruption(f"no {table}", _sql(f"DROP TABLE {table}"))
        yield Corruption(
            f"{table} is a view", _sql(f"DROP TABLE {table}", f"CREATE VIEW {table} AS SELECT 1")
        )
        yield Corruption(f"{table} is empty", _sql(f"DELETE FROM {table}"), told=table == "alembic_version")
    for table, columns in COLUMNS.items():
        for column in columns:
            yield Corruption(f"no {table}.{column}", partial(_drop, table=table, column=column))
    for version in ("0001", "0002", "0003", "9999", "", "x" * 33, "0004\x00", b"\x80", 7, None):
        yield Corruption(f"version {version!r}", partial(_version, version=version))
    yield Corruption("two versions", _sql("INSERT INTO alembic_version VALUES ('0001')"))
    yield Corruption(
        "no index", partial(_master, statement="DELETE FROM sqlite_master WHERE type = 'index'"), told=False
    )
    yield Corruption("no schema", partial(_master, statement="UPDATE sqlite_master SET sql = 'x'"))
    yield Corruption("roots", partial(_master, statement="UPDATE sqlite_master SET rootpage = 999"))
    yield Corruption("one root", partial(_master, statement="UPDATE sqlite_master SET rootpage = 2"))
    yield Corruption("a trigger", _sql(
        "CREATE TRIGGER t AFTER DELETE ON enrolments BEGIN SELECT RAISE(ABORT, 'no'); END"
    ), told=False)  # fmt: skip
    yield Corruption(
        "whose check-ins",
        _sql("PRAGMA foreign_keys = OFF", "DELETE FROM enrolments WHERE person = 'me'"),
        ("me",),
    )
    yield Corruption("a gap", _sql("DELETE FROM check_ins WHERE number = 3 AND enrolment_id = 1"), ("me",))
    yield Corruption(
        "a week back", _sql("UPDATE check_ins SET week = 40 WHERE number = 1 AND enrolment_id = 1"), ("me",)
    )


def _sql(*statements: str) -> Callable[[Path], None]:
    def spoil(file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    return spoil


def _master(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(statement)


def _drop(file: Path, table: str, column: str) -> None:
    """The table without a column; SQLite itself refuses those of a constraint."""
    with closing(sqlite3.connect(file)) as connection, connection:
        names = [each[1] for each in connection.execute(f"PRAGMA table_info({table})") if each[1] != column]
        connection.execute(f"CREATE TABLE other AS SELECT {', '.join(names)} FROM {table}")
        connection.execute(f"DROP TABLE {table}")
        connection.execute(f"ALTER TABLE other RENAME TO {table}")


def _version(file: Path, version: Any) -> None:
    _unbind(file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))


def _files() -> Iterator[Corruption]:
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


def _beside() -> Iterator[Corruption]:
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


def _inner(chance: random.Random, number: int) -> Iterator[Corruption]:
    """Another value somewhere inside a JSON column, of each in turn."""
    for table, columns in COLUMNS.items():
        for column, values in columns.items():
            if values is NO_JSON:
                seed = chance.random()
                yield Corruption(
                    f"inside {table}.{column} {number}",
                    partial(_inside, table=table, column=column, seed=seed),
                    ("me",),
                    told=False,
                )


def _inside(file: Path, table: str, column: str, seed: float) -> None:
    chance = random.Random(seed)
    where = "person = 'me'" if table == "enrolments" else "number = 5 AND enrolment_id = 1"
    with closing(sqlite3.connect(file)) as connection, connection:
        written = connection.execute(f"SELECT {column} FROM {table} WHERE {where}").fetchone()[0]
        changed = _changed(json.loads(written), chance)
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (json.dumps(changed),))


def _changed(value: Any, chance: random.Random) -> Any:
    """The same with one thing in it lost, added, or of another kind."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        key = chance.choice(sorted(value))
        if chance.random() < 0.15:
            return {name: each for name, each in value.items() if name != key}
        return value | {key: _changed(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        place = chance.randrange(len(value))
        return [*value[:place], _changed(value[place], chance), *value[place + 1 :]]
    return chance.choice(INNER)


def _pages(chance: random.Random, number: int) -> Iterator[Corruption]:
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
