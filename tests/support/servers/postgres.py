"""PostgreSQL on this machine: a server for all tests, and a database for each."""

import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
"""Where a server could be started from."""


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
