"""The diary's file and tables: whose they are, what is not touched, and what is told of damage."""

import os
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.diary import Diary, StorageError
from tests.support.diaries.weeks import enrol, report

ADDED = {
    "0002": (("enrolments", "seen"), ("check_ins", "corrected"), ("check_ins", "seen_on")),
    "0003": (("enrolments", "preferences"), ("enrolments", "settings")),
    "0004": (("check_ins", "taken_back_on"),),
    "0005": (("enrolments", "seal"), ("check_ins", "seal")),
}
"""The columns that each version brought."""


class TestFile:
    def test_only_its_owner_can_read_it(self, tmp_path: Path) -> None:
        file = tmp_path / "own" / "diary.sqlite"
        Diary(str(file)).close()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700

    def test_a_newer_one_is_refused_and_not_touched(self, tmp_path: Path) -> None:
        file = tmp_path / "diary.sqlite"
        Diary(str(file)).close()
        connection = sqlite3.connect(file)
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
        connection.close()
        before = file.read_bytes()
        with pytest.raises(StorageError, match="newer afterrun"):
            Diary(str(file))
        assert file.read_bytes() == before

    @pytest.mark.slow
    @pytest.mark.parametrize("version", ["0001", "0002", "0003", "0004"])
    def test_one_of_an_earlier_version_is_brought_up_to_date_and_keeps_all(
        self, address: str, checkin_part: afterrun.Rulebook, version: str
    ) -> None:
        from alembic import command
        from alembic.config import Config
        from sqlalchemy import create_engine, text

        from afterrun.diary.database.opening import MIGRATIONS

        diary = Diary(address)
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, volume_done=16)
        before = diary.history("me")
        diary.close()
        engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            for table, column in (each for later in ADDED if later > version for each in ADDED[later]):
                connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
            connection.execute(text("DROP TABLE forgettings"))
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(MIGRATIONS))
            command.stamp(config, version)
        engine.dispose()
        again = Diary(address)
        assert again.history("me") == before
        report(again, checkin_part, 2, volume_done=16)
        again.close()

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("table", "column", "value"),
        [
            ("enrolments", "start", "x"), ("enrolments", "standing", "{"), ("enrolments", "standing", "{}"),
            ("enrolments", "standing", "[]"), ("check_ins", "answers", "{"), ("check_ins", "day", 20261115),
            ("check_ins", "corrected", "[1]"), ("enrolments", "settings", "[1]"),
            ("enrolments", "preferences", "[1]"), ("enrolments", "preferences", '{"away": [["x", "y"]]}'),
            ("enrolments", "settings", '[{"noted_at": "2027-03-01", "after": 0, "preferences": 7}]'),
        ],
    )  # fmt: skip
    def test_a_damaged_one_is_told(
        self, tmp_path: Path, checkin_part: afterrun.Rulebook, table: str, column: str, value: Any
    ) -> None:
        file = tmp_path / "diary.sqlite"
        diary = Diary(str(file))
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, volume_done=16)
        with sqlite3.connect(file) as connection:
            connection.execute(f"UPDATE {table} SET {column} = ?", (value,))
        with pytest.raises(StorageError, match="damaged"):
            diary.history("me")
        diary.close()

    def test_what_is_not_ours_is_not_touched(self, tmp_path: Path) -> None:
        notes, other, folder = tmp_path / "notes.txt", tmp_path / "other.db", tmp_path / "typo" / "d.sqlite"
        notes.write_text("dear diary", encoding="utf-8")
        with sqlite3.connect(other) as connection:
            connection.execute("CREATE TABLE mine (a)")
        for file in (notes, other):
            file.chmod(0o644)
            before = file.read_bytes()
            with pytest.raises(StorageError, match=r"not a database|another program"):
                Diary(str(file))
            assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (before, 0o644)
        with pytest.raises(StorageError, match="there is no diary"):
            Diary(str(folder), create=False)
        assert not folder.parent.exists()
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        with pytest.raises(StorageError, match="is no file"):
            Diary(str(pipe))

    def test_an_empty_one_is_brought_up_to_date(self, tmp_path: Path) -> None:
        file = tmp_path / "diary.sqlite"
        sqlite3.connect(file).close()
        diary = Diary(str(file))
        assert diary.all_of() == []
        diary.close()

    @pytest.mark.slow
    def test_the_migrations_make_the_tables_that_the_program_means(self, diary: Diary) -> None:
        from alembic.autogenerate import compare_metadata
        from alembic.migration import MigrationContext

        from afterrun.diary.database.tables import Base

        with diary._engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []

    @pytest.mark.parametrize(
        "address",
        [
            "mysql://x/y",
            "sqlite://",
            "x://",
            "postgresql://me:s3cret@127.0.0.1:1/x",
            ":memory:",
            "sqlite:///:memory:",
            "sqlite:///file::memory:?uri=true",
            "sqlite:///y.db?nolock=1",
            "sqlite://host/x.db",
            "sqlite:///x.db?timeout=abc",
            "sqlite+nonsense:///x",
        ],
    )
    def test_what_is_no_diary_is_told_without_a_password(self, address: str) -> None:
        with pytest.raises(StorageError) as told:
            Diary(address)
        assert "s3cret" not in str(told.value)

    def test_what_is_no_database_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "notes.txt"
        file.write_text("dear diary " * 500, encoding="utf-8")
        with pytest.raises(StorageError, match="not a database"):
            Diary(str(file))
        assert file.read_text(encoding="utf-8").startswith("dear diary")

    def test_what_is_forgotten_is_not_in_the_file(
        self, tmp_path: Path, checkin_part: afterrun.Rulebook
    ) -> None:
        diary = Diary(str(tmp_path / "diary.sqlite"))
        enrol(diary, checkin_part, "Ottilie")
        assert diary.forget("Ottilie") == 1
        diary.close()
        assert all(b"Ottilie" not in each.read_bytes() for each in tmp_path.iterdir())
