"""The diary: what it keeps, what it refuses, and what a kill, a crowd or a newer program cannot do to it."""

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.diary import Diary, DiaryError, History, NewPlan, StorageError
from afterrun.diary.history import replay
from tests.support.paths import DATA, ROOT

START = date(2027, 3, 1)
GOOD: dict[str, Any] = {
    "new_warning_signs": ["none"], "weeks_missed": 0, "next_morning": "same", "run_pain": 0,
}  # fmt: skip
POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


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


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not POSTGRES or os.getuid() != 0:
        pytest.skip("no PostgreSQL here that could be started (apt-get install postgresql; run as root)")
    yield from server(tmp_path_factory.mktemp("pg"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.process)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'own' / 'diary.sqlite'}"
    found = str(request.getfixturevalue("postgres"))
    import psycopg

    with psycopg.connect(found, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS check_ins, enrolments, alembic_version")
    return found


@pytest.fixture
def diary(address: str) -> Iterator[Diary]:
    opened = Diary(address)
    yield opened
    opened.close()


class TestWeeks:
    def test_flat_weeks_become_a_ramp_and_a_step_back(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        for week in (1, 2, 3):
            assert report(diary, checkin_part, week, volume_done=16).actions == ("hold",)
        assert report(diary, checkin_part, 4, volume_done=16).plan["next_volume"] == 19.2
        assert diary.history("me").standing.programme == "gradual_ramp"
        report(diary, checkin_part, 5, volume_done=19)
        assert report(diary, checkin_part, 6, volume_done=24, run_pain=7).plan["next_volume"] == 19
        standing = diary.history("me").standing
        assert (standing.week, standing.facts["step_backs_in_a_row"]) == (7, 1)
        assert report(diary, checkin_part, 7, volume_done=24, run_pain=7).actions[0] == "routine_review"

    def test_every_standing_follows_from_intake_and_answers(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        for week, (done, pain) in enumerate([(16, 0), (16, 2), (12, 0), (13, 0), (13, 0), (13, 0)], 1):
            report(diary, checkin_part, week, volume_done=done, run_pain=pain)
        report(diary, checkin_part, 12, volume_done=0, weeks_missed=5, volume_sustainable="unknown")
        report(diary, checkin_part, 13, volume_done=8, volume_sustainable=10)
        history = diary.history("me")
        assert replay(checkin_part, history) == [
            history.first,
            *(each.standing for each in history.check_ins),
        ]
        # 10 are claimed, and 13 went well before the gap.
        assert history.standing.facts["baseline_volume"] == 8

    def test_a_sign_stops_the_plan_until_the_person_was_seen(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        assert report(diary, checkin_part, 1, new_warning_signs=["calf_swollen"]).triage == "urgent"
        with pytest.raises(DiaryError, match="--seen"):
            report(diary, checkin_part, 2, volume_done=16)
        week = {**GOOD, "volume_done": 16, "weeks_missed": 1}
        said, _ = diary.check_in(checkin_part, diary.history("me"), week, end_of(2), at(end_of(2)), seen=True)
        assert said.actions == ("repeat_week",)
        assert not diary.history("me").standing.stopped


class TestSigns:
    SIGN: dict[str, Any] = {"new_warning_signs": ["calf_swollen"]}  # noqa: RUF012

    @pytest.mark.parametrize("day", [0, 2, 8, 30])
    def test_a_sign_stops_the_plan_on_any_day_and_whatever_else_is_blank(
        self, diary: Diary, checkin_part: afterrun.Rulebook, day: int
    ) -> None:
        enrol(diary, checkin_part)
        when = START + timedelta(days=day)
        said, kept = diary.check_in(checkin_part, diary.history("me"), self.SIGN, when, at(when))
        assert (said.triage, kept.standing.stopped) == ("urgent", True)
        # It takes no week: what was run until then can still be reported.
        assert (kept.week, diary.history("me").next_week) == (0, 1)

    def test_a_sign_on_the_day_of_a_check_in_takes_no_week(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, volume_done=16)
        _, kept = diary.check_in(checkin_part, diary.history("me"), self.SIGN, end_of(1), at(end_of(1)))
        assert kept.week == 1
        assert diary.history("me").changed_from == end_of(1)

    def test_a_day_that_has_not_come_or_lies_too_far_back_brings_no_sign(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        for day, words in ((end_of(2), "has not come"), (date.min, "before the plan was begun")):
            with pytest.raises(DiaryError, match=words):
                diary.check_in(checkin_part, diary.history("me"), self.SIGN, day, at(end_of(1)))
        report(diary, checkin_part, 1, volume_done=16)
        with pytest.raises(DiaryError, match="before the last check-in"):
            diary.check_in(checkin_part, diary.history("me"), self.SIGN, START, at(end_of(1)))

    def test_a_worse_sign_is_taken_while_the_plan_is_stopped_and_the_first_is_not_forgotten(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        for sign, triage in (
            ("gives_way", "clinician_first"), ("chest_breath", "emergency"), ("many_joints", "emergency"),
        ):  # fmt: skip
            answers = {"new_warning_signs": [sign]}
            said, kept = diary.check_in(checkin_part, diary.history("me"), answers, START, at(START))
            assert (said.triage, kept.standing.stopped) == (triage, True)
        history = diary.history("me")
        assert [each.week for each in history.check_ins] == [0, 0, 0]
        assert replay(checkin_part, history)[-1] == history.check_ins[-1].standing

    def test_whoever_was_seen_goes_on_before_a_week_is_over(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, volume_done=16)
        stopped, seen = START + timedelta(days=9), START + timedelta(days=11)
        with pytest.raises(DiaryError, match="not stopped"):
            diary.resume(diary.history("me"), seen, at(seen))
        diary.check_in(checkin_part, diary.history("me"), self.SIGN, stopped, at(stopped))
        for day in (START, end_of(3)):
            with pytest.raises(DiaryError, match="not a day since"):
                diary.resume(diary.history("me"), day, at(seen))
        history = diary.resume(diary.history("me"), seen, at(seen))
        assert history == diary.history("me")
        assert not history.standing.stopped
        assert history.check_ins[-1].seen_on == seen
        with pytest.raises(DiaryError, match="not taken back"):
            diary.correct(checkin_part, history, {**GOOD, "volume_done": 16}, at(seen))
        assert report(diary, checkin_part, 2, volume_done=9).actions == ("hold",)

    def test_weeks_lost_around_a_stop_count_as_missed(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, volume_done=16)
        diary.check_in(checkin_part, diary.history("me"), self.SIGN, end_of(9), at(end_of(9)))
        diary.resume(diary.history("me"), end_of(9), at(end_of(9)))
        answers: dict[str, Any] = {"volume_done": 0, "volume_sustainable": "unknown"}
        with pytest.raises(DiaryError, match="weeks 2 to 9"):
            report(diary, checkin_part, 10, **answers, weeks_missed=1)
        assert report(diary, checkin_part, 10, **answers, weeks_missed=8).actions == ("restart_baseline",)

    def test_after_more_weeks_than_can_be_counted_the_most_will_do(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, volume_done=16)
        answers: dict[str, Any] = {"volume_done": 0, "volume_sustainable": "unknown", "weeks_missed": 52}
        assert report(diary, checkin_part, 61, **answers).actions == ("restart_baseline",)

    def test_a_stop_is_neither_corrected_nor_left_behind_unseen(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, **self.SIGN)
        with pytest.raises(DiaryError, match="not taken back"):
            diary.correct(checkin_part, diary.history("me"), {**GOOD, "volume_done": 16}, at(end_of(1)))
        with pytest.raises(DiaryError, match="--again --seen"):
            enrol(diary, checkin_part, again=True)
        assert [each.number for each in diary.all_of("me")] == [1]
        assert enrol(diary, checkin_part, again=True, seen=True).seen
        assert [(each.number, each.seen) for each in diary.all_of("me")] == [(1, False), (2, True)]


class TestCorrections:
    def test_what_was_mistyped_is_answered_anew_and_kept_beside_it(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        for week in (1, 2, 3, 4):
            report(diary, checkin_part, week, volume_done=16)
        report(diary, checkin_part, 5, volume_done=192)
        wrong = diary.history("me")
        for done in (19, 19.2):
            answers = {**GOOD, "volume_done": done}
            said, _ = diary.correct(checkin_part, diary.history("me"), answers, at(end_of(6)))
        assert said.plan["next_volume"] == 23.04
        history = diary.history("me")
        assert [each.week for each in history.check_ins] == [1, 2, 3, 4, 5]
        assert history.check_ins[:4] == wrong.check_ins[:4]
        last = history.check_ins[-1]
        assert (last.day, last.noted_at) == (end_of(5), at(end_of(6)))
        assert [each.answers["volume_done"] for each in last.corrected] == [192, 19]
        assert last.corrected[0] == wrong.check_ins[-1]
        assert replay(checkin_part, history)[-1] == history.standing
        report(diary, checkin_part, 6, volume_done=23)

    def test_what_cannot_be_corrected_stays_as_it_is(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        good = {**GOOD, "volume_done": 16}
        with pytest.raises(DiaryError, match="no check-in yet"):
            diary.correct(checkin_part, enrol(diary, checkin_part), good, at(end_of(1)))
        report(diary, checkin_part, 1, volume_done=16)
        stale = diary.history("me")
        with pytest.raises(afterrun.IntakeError, match="volume_done"):
            diary.correct(checkin_part, stale, {**good, "volume_done": -1}, at(end_of(1)))
        with pytest.raises(DiaryError, match="lacks answers"):
            diary.correct(checkin_part, stale, {"volume_done": 5}, at(end_of(1)))
        diary.correct(checkin_part, stale, {**good, "volume_done": 15}, at(end_of(1)))
        with pytest.raises(DiaryError, match="meanwhile"):
            diary.correct(checkin_part, stale, {**good, "volume_done": 14}, at(end_of(1)))
        assert [each.answers["volume_done"] for each in diary.history("me").check_ins] == [15]


class TestRefusals:
    @pytest.mark.parametrize(
        ("answers", "words"),
        [
            ({"volume_done": -1}, "volume_done"),
            ({"volume_done": 1e9}, "volume_done"),
            ({"volume_done": float("nan")}, "volume_done"),
            ({"volume_done": 16, "volume_unit": "mi"}, "two units"),
            ({"volume_done": 16, "weeks_missed": 9}, "only 1 went by"),
            ({"run_pain": 99}, "run_pain"),
            ({"nonsense": 1}, "nonsense"),
            ({"baseline_volume": 50}, "the diary holds 16"),
            ({"volume_done": float("inf")}, "volume_done"),
            ({"volume_done": 16, "weeks_lost_to_pain": 9}, "knows that itself"),
            ({"volume_done": 16, "running_status": "new"}, "knows that itself"),
            ({"volume_done": None}, "lacks answers: volume_done"),
            ({"new_warning_signs": None}, "new_warning_signs"),
            ({"volume_sustainable": -1}, "volume_sustainable"),
            ({"volume_sustainable": 1e9}, "volume_sustainable"),
        ],
    )
    def test_a_bad_check_in_is_told_and_nothing_is_written(
        self, diary: Diary, checkin_part: afterrun.Rulebook, answers: dict[str, Any], words: str
    ) -> None:
        enrol(diary, checkin_part)
        with pytest.raises(afterrun.AfterrunError, match=words):
            report(diary, checkin_part, 1, **answers)
        assert diary.history("me").check_ins == ()
        report(diary, checkin_part, 1, volume_done=16)

    def test_days(self, diary: Diary, checkin_part: afterrun.Rulebook) -> None:
        history = enrol(diary, checkin_part)
        for day, today, words in (
            (START - timedelta(days=1), START, "before the plan"),
            (START + timedelta(days=5), START + timedelta(days=5), "not over"),
            (end_of(1), START, "has not come"),
        ):
            with pytest.raises(DiaryError, match=words):
                history.week_of(day, today)
        report(diary, checkin_part, 1, volume_done=16)
        with pytest.raises(DiaryError, match="has its check-in already"):
            report(diary, checkin_part, 1, volume_done=16)

    def test_no_week_is_passed_over_in_silence(self, diary: Diary, checkin_part: afterrun.Rulebook) -> None:
        enrol(diary, checkin_part)
        for missed, words in ((0, "weeks 1 to 3 have no check-in"), (2, "count 3 as missed"), (5, "only 4")):
            with pytest.raises(DiaryError, match=words):
                report(diary, checkin_part, 4, volume_done=16, weeks_missed=missed)
        report(diary, checkin_part, 1, volume_done=16)
        with pytest.raises(DiaryError, match=f"--date {end_of(2)}"):
            report(diary, checkin_part, 3, volume_done=16)
        report(diary, checkin_part, 4, volume_done=16, weeks_missed=2)
        assert [each.week for each in diary.history("me").check_ins] == [1, 4]

    def test_one_plan_a_person(self, diary: Diary, checkin_part: afterrun.Rulebook) -> None:
        enrol(diary, checkin_part)
        with pytest.raises(DiaryError, match="--again"):
            enrol(diary, checkin_part)
        enrol(diary, checkin_part, "you")
        enrol(diary, checkin_part, again=True)
        report(diary, checkin_part, 1, volume_done=16)
        assert [(each.person, each.number) for each in diary.all_of()] == [("me", 1), ("me", 2), ("you", 1)]

    def test_no_plan_no_diary(self, diary: Diary, checkin_part: afterrun.Rulebook) -> None:
        assert checkin_part.base is not None
        urgent = {"warning_signs": ["calf_swollen"]}
        result = afterrun.assess(checkin_part.base, urgent)
        with pytest.raises(DiaryError, match="no plan follows"):
            diary.enrol(checkin_part, urgent, result, NewPlan("me", START, at(START)))
        assert diary.all_of() == []

    def test_a_diary_that_went_on_meanwhile_is_not_written_over(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        stale = enrol(diary, checkin_part)
        report(diary, checkin_part, 1, volume_done=16)
        with pytest.raises(DiaryError, match="meanwhile"):
            diary.check_in(checkin_part, stale, {**GOOD, "volume_done": 9}, end_of(1), at(end_of(1)))
        assert len(diary.history("me").check_ins) == 1


WRITER = """
import sys
from datetime import timedelta
import afterrun
from afterrun.diary.keeping import Diary
from tests.diary.test_keeping import GOOD, at, end_of
part = afterrun.load_rulebook(part="checkin")
diary = Diary(sys.argv[1])
print("ready", flush=True)
for week in range(1, int(sys.argv[2]) + 1):
    try:
        diary.check_in(part, diary.history("me"), {**GOOD, "volume_done": 16}, end_of(week), at(end_of(week)))
        print(week, flush=True)
    except afterrun.AfterrunError:
        pass
"""


def writer(address: str, weeks: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, address, str(weeks)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


@pytest.mark.process
@pytest.mark.slow
class TestCrowdsAndKills:
    def test_two_at_once_neither_lose_nor_double(
        self, diary: Diary, address: str, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        both = [writer(address, 12), writer(address, 12)]
        confirmed = [line for each in both for line in each.communicate(timeout=100)[0].split()]
        weeks = sorted(int(line) for line in confirmed if line != "ready")
        history = diary.history("me")
        assert weeks == [each.week for each in history.check_ins]
        assert replay(checkin_part, history)[-1] == history.standing

    def test_a_kill_loses_nothing_that_was_confirmed(
        self, diary: Diary, address: str, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        confirmed: set[int] = set()
        for pause in (0.0, 0.03, 0.07):
            running = writer(address, 400)
            assert running.stdout is not None
            assert running.stdout.readline() == "ready\n"
            time.sleep(pause + 0.2)
            running.send_signal(signal.SIGKILL)
            confirmed |= {int(line) for line in running.communicate()[0].split() if line.isdigit()}
            kept = [each.week for each in diary.history("me").check_ins]
            assert confirmed <= set(kept)
            assert kept == sorted(set(kept))
        assert confirmed
        history = diary.history("me")
        assert replay(checkin_part, history)[-1] == history.standing


@pytest.mark.slow
def test_a_stop_that_is_being_written_is_not_overtaken_by_a_new_plan(
    diary: Diary, address: str, checkin_part: afterrun.Rulebook
) -> None:
    """Found by a review on a server: whoever began anew did not wait for the stop."""
    import threading

    enrol(diary, checkin_part)
    held, other, outcome = threading.Event(), Diary(address), list[str]()

    def begin_anew() -> None:
        try:
            held.wait(20)
            enrol(other, checkin_part, again=True)
            outcome.append("begun")
        except DiaryError as error:
            outcome.append(str(error))

    waiting = threading.Thread(target=begin_anew)
    waiting.start()
    from afterrun.diary import keeping

    columns = keeping._columns

    def slowly(kept: Any) -> dict[str, Any]:
        held.set()
        time.sleep(1)
        return columns(kept)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keeping, "_columns", slowly)
        diary.check_in(checkin_part, diary.history("me"), TestSigns.SIGN, START, at(START))
    waiting.join(60)
    other.close()
    assert outcome
    assert "--again --seen" in outcome[0]


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

    def test_one_of_the_first_version_is_brought_up_to_date_and_keeps_all(
        self, address: str, checkin_part: afterrun.Rulebook
    ) -> None:
        from alembic import command
        from alembic.config import Config
        from sqlalchemy import create_engine, text

        from afterrun.diary.database import MIGRATIONS

        diary = Diary(address)
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, volume_done=16)
        before = diary.history("me")
        diary.close()
        engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE enrolments DROP COLUMN seen"))
            connection.execute(text("ALTER TABLE check_ins DROP COLUMN corrected"))
            connection.execute(text("ALTER TABLE check_ins DROP COLUMN seen_on"))
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(MIGRATIONS))
            command.stamp(config, "0001")
        engine.dispose()
        again = Diary(address)
        assert again.history("me") == before
        report(again, checkin_part, 2, volume_done=16)
        again.close()

    @pytest.mark.parametrize(
        ("table", "column", "value"),
        [
            ("enrolments", "start", "x"), ("enrolments", "standing", "{"), ("enrolments", "standing", "{}"),
            ("enrolments", "standing", "[]"), ("check_ins", "answers", "{"), ("check_ins", "day", 20261115),
            ("check_ins", "corrected", "[1]"),
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

    def test_the_migrations_make_the_tables_that_the_program_means(self, diary: Diary) -> None:
        from alembic.autogenerate import compare_metadata
        from alembic.migration import MigrationContext

        from afterrun.diary.tables import Base

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
