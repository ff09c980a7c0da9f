"""Tables of databases in and out: the same rows as from files, whole chunks or none, and no secret told."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import polars as pl
import pytest

import afterrun
from afterrun.batch import AddressError, read_address
from afterrun.batch.foreign.databases import DatabaseFault, database_faults, open_database
from tests.support.batches.runs import batch, random_intakes, write_csv
from tests.support.cli_runs import Ran

for module in ("sqlalchemy", "duckdb_engine", "psycopg"):
    pytest.importorskip(module, reason="the extra 'db' is not installed")

Address = Callable[[str], str]
"""The address of a table by its name."""


@pytest.fixture(params=["sqlite", "duckdb", pytest.param("postgresql", marks=pytest.mark.process)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Address:
    """Tables of each kind of database, none of which is there yet."""
    if request.param == "postgresql":
        server = str(request.getfixturevalue("postgres"))
        return lambda name: f"{server}?table={name}"
    return lambda name: f"{request.param}:///{tmp_path}/a.db?table={name}"


def run_sql(address: Address, *statements: str) -> list[Any]:
    """Run statements with the database's own driver; the rows of the last."""
    where = address("")
    if where.startswith("postgresql"):
        import psycopg

        with psycopg.connect(where.partition("?")[0], autocommit=True) as connection:
            for each in statements:
                cursor = connection.execute(each)
            return cursor.fetchall() if cursor.description else []
    path = where.partition("?")[0].split(":///")[1]
    if where.startswith("sqlite"):
        with sqlite3.connect(path) as opened:
            for each in statements:
                found = opened.execute(each).fetchall()
        opened.close()
        return found
    import duckdb

    with duckdb.connect(path) as held:
        for each in statements:
            answer = held.execute(each)
        return [*answer.fetchall()]


@pytest.fixture(scope="module")
def given(rulebook: afterrun.Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Intakes with some mistakes, and an id that comes twice."""
    intakes = random_intakes(rulebook, 60)
    intakes[7]["age_years"], intakes[31]["age_years"] = 340, "=1+1"
    intakes[40]["record_id"] = intakes[2]["record_id"]
    return write_csv(tmp_path_factory.mktemp("given") / "in.csv", rulebook, intakes)


@pytest.fixture(scope="module")
def as_file(given: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result as a file, which tests of every kind of database read."""
    out = tmp_path_factory.mktemp("file") / "o.csv"
    run = batch(given, out, "--chunk-rows", 7)
    assert (run.code, run.out.split("\n")[0]) == (1, "60 rows in = 57 rows out + 3 rejected")
    return out


@pytest.fixture(scope="module")
def second(rulebook: afterrun.Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another file for the same batch."""
    path = tmp_path_factory.mktemp("second") / "b.csv"
    return write_csv(path, rulebook, random_intakes(rulebook, 20, seed=2))


class Shown(NamedTuple):
    """A batch in a folder, and what is shown of it."""

    summary: Ran
    as_json: Ran
    views: dict[tuple[str, ...], Ran]


@pytest.fixture(scope="module")
def shown(given: Path, second: Path, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """What a batch in a folder shows; tests of every kind of database hold theirs against it."""
    out = tmp_path_factory.mktemp("shown") / "out"
    assert batch(given, second, out, "--chunk-rows", 7).code == 1
    return Shown(
        batch("summary", out),
        batch("summary", out, "--format", "json"),
        {words: batch("view", out, *words, "--format", "json") for words in asked_of(given, second)},
    )


def asked_of(given: Path, second: Path) -> list[tuple[str, ...]]:
    """Rows by id and by line, some of which are refused, doubtful or not there."""
    ids = ("P1-0", "P1-59", "P2-19", "P1-2", "P1-7")
    lines = (("9", given), ("9", second), ("10", second))
    in_no_file = ("10", "9", "33", "999", "nobody")
    return [
        *((each,) for each in ids),
        *((line, "--file", str(file)) for line, file in lines),
        *((each,) for each in in_no_file),
    ]


def test_a_table_holds_what_a_file_holds(given: Path, as_file: Path, address: Address) -> None:
    run = batch(given, address("resu%22lts%20a"), "--chunk-rows", 7)
    assert (run.code, run.out.split("\n")[0]) == (1, "60 rows in = 57 rows out + 3 rejected")
    table = pl.read_csv(as_file, infer_schema_length=None, schema_overrides={"record_id": pl.String})
    names = ", ".join(f'"{name}"' for name in table.columns)
    rows = run_sql(address, f'SELECT {names} FROM "resu""lts a" ORDER BY line')
    assert [[value or None for value in row] for row in rows] == [
        [value or None for value in row] for row in table.rows()
    ]
    rejects = pl.read_csv(as_file.with_name("o.csv.rejects.csv"), infer_schema=False)
    told = run_sql(address, 'SELECT * FROM "resu""lts a_rejects"')
    assert sorted([text or None for text in row] for row in told) == sorted(map(list, rejects.rows()))
    before = run_sql(address, 'SELECT * FROM "resu""lts a_job"')
    assert batch(given, address("resu%22lts%20a"), "--chunk-rows", 7).code == 1
    assert run_sql(address, 'SELECT * FROM "resu""lts a_job"') == before
    run = batch(given, address("resu%22lts%20a"), "--chunk-rows", 8)
    assert (run.code, "--chunk-rows was 7 and is 8" in run.err) == (2, True)


def test_rejects_of_a_table_are_mended_there_and_fed_back(
    given: Path, tmp_path: Path, address: Address
) -> None:
    assert batch(given, address("r")).code == 1
    run_sql(address, """UPDATE r_rejects SET age_years = '34', record_id = record_id || '!'""")
    assert batch(address("r_rejects"), tmp_path / "o.csv").code == 0
    assert pl.read_csv(tmp_path / "o.csv").height == 3


def test_rows_of_a_table_are_those_of_the_file(
    given: Path, as_file: Path, tmp_path: Path, address: Address
) -> None:
    table = pl.read_csv(given, infer_schema=False)
    columns = ", ".join(f'"{name}" {"INTEGER" if name == "age_years" else "TEXT"}' for name in table.columns)
    values = []
    for row in table.iter_rows(named=True):
        row["age_years"] = None if row["age_years"] == "=1+1" else row["age_years"]
        values.append("(" + ", ".join("NULL" if each is None else f"'{each}'" for each in row.values()) + ")")
    run_sql(address, f'CREATE TABLE "in" ({columns})', f'INSERT INTO "in" VALUES {", ".join(values)}')
    assert batch(address("in"), tmp_path / "t.csv", "--chunk-rows", 9).code == 1
    found, wanted = (
        pl.read_csv(path, infer_schema=False).drop("source", "line").sort("record_id")
        for path in (tmp_path / "t.csv", as_file)
    )
    # Of two with the same id the first stays, and in a table another is the first.
    alike = pl.col("record_id").is_in(["P1-2", "P1-31"])
    assert found.filter(~alike).equals(wanted.filter(~alike))
    assert batch("view", tmp_path / "t.csv", "P1-31").code == 0
    run_sql(address, """UPDATE "in" SET age_years = 35 WHERE record_id = 'P1-3'""")
    run = batch("view", tmp_path / "t.csv", "P1-31")
    assert (run.code, "has changed since" in run.err) == (2, True)
    assert batch(address("in"), tmp_path / "t.csv", "--chunk-rows", 9).code == 2
    assert batch(address("in"), address("out"), "--columns", "triage").code == 1
    assert len(run_sql(address, "SELECT record_id, triage FROM out")) == 58


def test_values_of_every_kind_are_read_as_a_cell_would_be(tmp_path: Path) -> None:
    import duckdb

    with duckdb.connect(str(tmp_path / "a.db")) as held:
        held.execute(
            "CREATE TABLE i AS SELECT 1001 AS record_id, 34.0::DECIMAL(5,2) AS age_years, "
            "['none'] AS warning_signs, DATE '2027-03-01' AS visit, '\\xAA'::BLOB AS picture UNION ALL "
            "SELECT 1002, 34.5, NULL, NULL, NULL UNION ALL SELECT 1003, NULL, ['none', 'no_such'], NULL, NULL"
        )
    run = batch(f"duckdb:///{tmp_path}/a.db?table=i", tmp_path / "o.csv")
    assert run.code == 1
    assert "passed over 'visit', 'picture'" in run.err
    assert pl.read_csv(tmp_path / "o.csv")["record_id"].to_list() == [1001]
    rejects = pl.read_csv(tmp_path / "o.csv.rejects.csv", infer_schema=False)
    assert rejects["record_id"].to_list() == ["1002", "1003"]


def test_what_is_not_ours_is_not_touched(given: Path, address: Address) -> None:
    run_sql(
        address, "CREATE TABLE r (a INTEGER)", "CREATE TABLE q_job (a INTEGER)", "INSERT INTO r VALUES (1)"
    )
    for name, said in (("r", "a table 'r' is there already"), ("q", "the table 'q_job' is no batch's")):
        run = batch(given, address(name))
        assert run.code == 2
        assert said in run.err
    assert run_sql(address, "SELECT * FROM r") == [(1,)]
    run = batch(address("nothing"), address("z"))
    assert run.code == 2
    assert "nothing" in run.err
    assert "Traceback" not in run.err


@pytest.mark.process
@pytest.mark.slow
def test_killed_at_any_moment_no_row_is_lost_or_doubled(
    rulebook: afterrun.Rulebook, given: Path, tmp_path: Path, address: Address
) -> None:
    whole = batch(given, address("whole"), "--chunk-rows", 3)
    assert whole.code == 1
    script = (
        "import os, sys\nimport afterrun_cli.batch.run, afterrun.batch.runs.tabled as t\n"
        "real, left = t.insert_rows, int(sys.argv[1])\n"
        "def insert(*given):\n global left\n real(*given)\n left -= 1\n"
        " if not left:\n  os.kill(os.getpid(), 9)\n"
        "t.insert_rows = insert\nsys.argv[1:] = sys.argv[2:]\nfrom afterrun_cli.main import run\nrun()\n"
    )
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            script,
            "4",
            "batch",
            given,
            address("killed"),
            "--chunk-rows",
            "3",
        ],
        capture_output=True,
        check=False,
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    assert len(run_sql(address, "SELECT * FROM killed_job WHERE number >= 0")) == 3
    assert batch(given, address("killed"), "--chunk-rows", 3).code == 1
    for name in ("", "_rejects", "_job"):
        pair = [
            sorted(map(repr, run_sql(address, f"SELECT * FROM {each}{name}"))) for each in ("whole", "killed")
        ]
        assert pair[0] == pair[1]


@pytest.mark.process
def test_no_secret_is_told(given: Path, tmp_path: Path) -> None:
    for address in (
        "postgresql://u:s3cret@127.0.0.1:1/x?table=t",
        "postgresql://u:s3c%72et@127.0.0.1:1/x?table=t&password=s3cret&sslpassword=s3cret",
        "postgresql://u:s3cret@127.0.0.1:99999/x?table=t",
        "postgresql://u:s3cret@127.0.0.1:notaport/x?table=t",
        "postgresql://u:s3cret@[::1/x?table=t",
        "postgresql://u:s3cret@127.0.0.1:1/x?table=t&connect_timeout=s3cret",
        "postgresql://u:s3cret@127.0.0.1:1/x",
        "postgresql://u:s3cret@127.0.0.1:1/?table=t",
        "mysql://u:s3cret@h/x?table=t",
        "postgresql:/u:s3cret@h/x?table=t",
        "PostgreSQL//u:s3cret@h/x?table=t",
        "postgres:u:s3cret@h/x?table=t",
        "postgresql+psycopg2:/u:s3cret@h/x?table=t",
        "postgresq:/u:s3cret@h/x?table=t",
        "duckdb://u:s3cret@h/x?table=t",
    ):
        for words in (
            (address, tmp_path / "o.csv"),
            (given, address),
            ("summary", address),
            ("view", address, "1"),
        ):
            run = batch(*words)
            assert (run.code in (2, 3), "Traceback" in run.err) == (True, False), run.err
            assert "s3cret" not in run.err + run.out


@pytest.mark.process
def test_a_password_is_in_no_file_that_is_written(
    rulebook: afterrun.Rulebook, given: Path, tmp_path: Path, postgres: str
) -> None:
    import psycopg

    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE TABLE i (record_id TEXT, age_years INTEGER)")
        connection.execute("INSERT INTO i VALUES ('a', 34), ('b', 340)")
    address = f"{postgres.replace('afterrun@', 'afterrun:s3cret@')}?table=i&sslpassword=s3cret"
    assert batch(address, tmp_path / "out").code == 1
    for each in (tmp_path / "out").rglob("*"):
        assert not each.is_file() or b"s3cret" not in each.read_bytes()
    assert batch("view", tmp_path / "out", "a").code == 0


def test_a_new_database_is_its_owners_alone(given: Path, tmp_path: Path) -> None:
    os.umask(os.umask(0o022))
    for kind in ("sqlite", "duckdb"):
        assert batch(given, f"{kind}:///{tmp_path}/{kind}.db?table=r").code == 1
        assert (tmp_path / f"{kind}.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_an_input_is_opened_for_reading_alone(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"a?b #%41.{kind}"
    address = f"{kind}:///{quote(str(file))}?table="
    made = read_address(f"{address}i")
    assert made is not None
    written = open_database(made, create=True)
    with written.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE i AS SELECT 'a' AS record_id, 34 AS age_years")
    written.dispose()
    read = open_database(made)
    with database_faults(made), read.connect() as connection:
        assert connection.exec_driver_sql("SELECT age_years FROM i").scalar() == 34
        with pytest.raises(DatabaseFault), database_faults(made):
            connection.exec_driver_sql("CREATE TABLE other (number INTEGER)")
    read.dispose()
    # The table of the result may be in the same file.
    assert batch(f"{address}i", f"{address}o").code == 0


@pytest.mark.process
def test_a_database_is_read_while_another_program_reads_it(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    file = tmp_path / "a.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE TABLE i AS SELECT 'a' AS record_id, 34 AS age_years")
    reads = f"import duckdb; c = duckdb.connect({str(file)!r}, read_only=True); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", reads], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as reader:
        assert reader.stdout is not None
        reader.stdout.readline()
        ran = batch(f"duckdb:///{file}?table=i", tmp_path / "o.csv")
        reader.communicate(b"\n")
    assert ran.code == 0, ran.err


def test_addresses_and_names_of_files_are_told_apart() -> None:
    for text in ("a.csv", "postgresql", "postgresql/a.csv", "C:\\a.csv", "C:/a@b", "a:b", "-", "./duckdb:a"):
        assert read_address(text) is None
    for text in ("./password=a.csv", "/a/pwd=a.csv", "passwords.csv"):
        assert read_address(text) is None
    for text in (
        *("s3://a/b.csv", "http://a/b.csv", "duckdb:///?table=a", "sqlite:///:memory:?table=a"),
        *(
            "sqlite:///a?table=a&where=sesame",
            "duckdb:///a?table=a&table=sesame",
            "jdbc:postgresql://a:sesame@b/c",
        ),
        *("postgresql://a:b@/sesame@c/d?table=e", "postgresql://a@b/c?table=d&sslpassword=#sesame"),
        *("host=a user=b password=sesame", "Server=a;Uid=b;Pwd=sesame;", "jdbc:duckdb:sesame"),
    ):
        with pytest.raises(AddressError) as caught:
            read_address(text)
        assert "sesame" not in str(caught.value)


def test_a_batch_is_looked_at_where_it_is(given: Path, second: Path, shown: Shown, address: Address) -> None:
    assert batch(given, second, address("r"), "--chunk-rows", 7).code == 1
    tables = ("r", "r_rejects", "r_job")
    before = [sorted(map(repr, run_sql(address, f"SELECT * FROM {each}"))) for each in tables]
    told = batch("summary", address("r"), "--format", "json")
    assert [told.code, shown.as_json.code] == [0, 0]
    assert told.out == shown.as_json.out
    assert batch("summary", address("r")).out == shown.summary.out
    for words, of_files in shown.views.items():
        of_table = batch("view", address("r"), *words, "--format", "json")
        assert (of_table.code, of_table.out) == (of_files.code, of_files.out), words
        # The ways to mend them differ, and so do their places.
        assert [each for each in of_table.err.split("\n") if ", line " in each] == [
            each for each in of_files.err.split("\n") if ", line " in each
        ], words
    assert [sorted(map(repr, run_sql(address, f"SELECT * FROM {each}"))) for each in tables] == before
    run_sql(address, "UPDATE r SET triage = 'urgent'")
    wrong = batch("view", address("r"), "P1-0")
    assert (wrong.code, "triage: stored 'urgent'" in wrong.err) == (1, True)
    run_sql(address, "DELETE FROM r_job WHERE number = -2")
    assert '"finished": false' in batch("summary", address("r"), "--format", "json").out


def test_a_table_that_no_batch_wrote_is_told(given: Path, address: Address) -> None:
    run_sql(address, "CREATE TABLE q (a INTEGER)", "CREATE TABLE p_job (number INTEGER, other INTEGER)")
    for name in ("q", "nothing", "p"):
        for words in (("summary", address(name)), ("view", address(name), "1")):
            run = batch(*words)
            assert run.code == 2
            assert ("no batch was written there" in run.err) or ("is no batch's" in run.err)


def test_a_view_is_not_written_over_and_capitals_are_one_table_where_they_are(
    given: Path, address: Address
) -> None:
    kinds = ["VIEW"] if not address("").startswith("postgresql") else ["VIEW", "MATERIALIZED VIEW"]
    for name, kind in enumerate(kinds):
        run_sql(address, f"CREATE {kind} o{name} AS SELECT 1 AS a")
        run = batch(given, address(f"o{name}"))
        assert (run.code, f"a table 'o{name}' is there already" in run.err) == (2, True), run.err
    assert batch(given, address("r")).code == 1
    again = batch(given, address("R" if "MATERIALIZED VIEW" not in kinds else "r"))
    assert (again.code, again.out.split("\n")[0]) == (1, "60 rows in = 57 rows out + 3 rejected"), again.err
    assert len(run_sql(address, "SELECT * FROM r")) == 57


def test_nothing_is_fetched_to_open_a_file_of_another_database(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as opened:
        opened.execute("CREATE TABLE a (record_id TEXT, age_years INTEGER)")
    opened.close()
    address = f"duckdb:///{tmp_path}/a.db?table=a"
    run = batch(address, tmp_path / "o.csv")
    assert (run.code, "kind: write sqlite:///FILE?table=NAME" in run.err) == (2, True), run.err
    made = read_address(f"duckdb:///{tmp_path}/b.db?table=a")
    assert made is not None
    engine = open_database(made, create=True)
    with engine.connect() as connection:
        settings = "SELECT value FROM duckdb_settings() WHERE name LIKE 'auto%_known_extensions'"
        assert [each for (each,) in connection.exec_driver_sql(settings)] == ["false", "false"]
    engine.dispose()
    assert batch(f"sqlite:///{tmp_path}/b.db?table=a", tmp_path / "o.csv").code == 2


@pytest.mark.process
def test_dates_that_python_lacks_stop_no_batch(postgres: str, tmp_path: Path) -> None:
    def address(name: str) -> str:
        return f"{postgres}?table={name}"

    days = "date 'infinity' AS until, timestamp '0044-03-15 BC' AS born, timestamptz '-infinity' AS seen"
    run_sql(
        address,
        f"CREATE TABLE a AS SELECT 'a' AS record_id, 34 AS age_years, {days}, date '2027-03-01' AS visit",
    )
    run = batch(address("a"), tmp_path / "o.csv", "--key", "visit,until", "--columns", "occasion")
    assert run.code == 0, run.err
    assert (tmp_path / "o.csv").read_text().split("\n")[1] == "infinity/2027-03-01"


def test_text_of_sqlite_in_another_encoding_refuses_its_row_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as opened:
        opened.execute("CREATE TABLE a (record_id TEXT, age_years INTEGER)")
        opened.execute("INSERT INTO a VALUES ('Zoë', 34), (CAST(x'5a6feb' AS TEXT), 34)")
    opened.close()
    run = batch(f"sqlite:///{tmp_path}/a.db?table=a", tmp_path / "o.csv")
    assert (run.code, run.out.split("\n")[0]) == (1, "2 rows in = 1 rows out + 1 rejected"), run.err
    assert pl.read_csv(tmp_path / "o.csv")["record_id"].to_list() == ["Zoë"]
    (reason,) = pl.read_csv(tmp_path / "o.csv.rejects.csv")["reject_reason"]
    assert reason == "record_id: is not text in UTF-8"
