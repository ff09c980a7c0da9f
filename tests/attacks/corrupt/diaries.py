"""Diaries that were damaged or tampered with, in every way that comes to mind: a generator, not files."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import afterrun
from afterrun.diary import Diary
from afterrun.schedule import Preferences
from tests.attacks.corrupt.files import Corruption, of_files, of_pages, of_what_lies_beside
from tests.support.diaries.weeks import GOOD, at, end_of, enrol

PEOPLE = {"me": 15.973, "Ottilie": 16.377, "Ruth": 16.421}
"""Who is in it, and an amount that nobody else tells: it is looked for when they are forgotten."""
WEEKS = 5
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
    yield from of_files()
    yield from of_what_lies_beside()
    for number in range(rounds):
        chance = random.Random(f"{seed}-{number}")
        yield from _inner(chance, number)
        yield from of_pages(chance, number)


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
