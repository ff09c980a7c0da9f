"""A diary of one person for tests: its first day, weeks that go well, and a server to keep it on."""

import json
import subprocess
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import afterrun
from afterrun.diary import Diary, History, NewPlan
from tests.support.paths import DATA

START = date(2027, 3, 1)
GOOD: dict[str, Any] = {
    "new_warning_signs": ["none"], "weeks_missed": 0, "next_morning": "same", "run_pain": 0,
}  # fmt: skip
POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
"""Where a server could be started from."""


def at(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time()).replace(hour=18)


def end_of(week: int) -> date:
    return START + timedelta(days=7 * week - 1)


def runner() -> dict[str, Any]:
    """Someone whose plan begins with flat weeks of 16 km."""
    cases = [json.loads(line) for line in (DATA / "cases.jsonl").read_text("utf-8").splitlines()]
    return next(
        case["answers"]
        for case in cases
        if (case["expect"].get("plan") or {}).get("baseline_volume") == 16.0
        and case["expect"]["plan"].get("ramp_pct") == 20
    )


def enrol(diary: Diary, part: afterrun.Rulebook, person: str = "me", **more: Any) -> History:
    assert part.base is not None
    intake = runner()
    return diary.enrol(
        part, intake, afterrun.assess(part.base, intake), NewPlan(person, START, at(START), **more)
    )


def report(diary: Diary, part: afterrun.Rulebook, week: int, **answers: Any) -> afterrun.CheckIn:
    history = diary.history("me")
    return diary.check_in(part, history, {**GOOD, **answers}, end_of(week), at(end_of(week)))[0]


def own_database(server: str) -> Iterator[str]:
    """The address of a database that nobody else writes to, gone afterwards."""
    import psycopg
    from psycopg.sql import SQL, Identifier

    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def server(folder: Path) -> Iterator[str]:
    """A real server on loopback, of its own user; its address."""
    import pwd
    import shutil
    import socket
    import tempfile

    user = pwd.getpwnam("postgres").pw_name
    home = Path(tempfile.mkdtemp(prefix="afterrun-pg-"))
    shutil.chown(home, user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    binaries = POSTGRES[-1]

    def as_user(*words: str) -> None:
        subprocess.run(
            words, check=True, user=user, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    as_user(str(binaries / "initdb"), "-D", str(home / "data"), "-A", "trust", "-U", "afterrun")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} -c fsync=off"
    control = (str(binaries / "pg_ctl"), "-D", str(home / "data"), "-w")
    as_user(*control, "-o", options, "-l", str(home / "log"), "start")
    try:
        yield f"postgresql://afterrun@127.0.0.1:{port}/postgres"
    finally:
        as_user(*control, "-m", "immediate", "stop")
        shutil.rmtree(home)
