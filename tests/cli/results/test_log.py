"""`--log` and `afterrun log`, as somebody uses them who must be able to answer for what was said."""

import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import afterrun
from afterrun.log import Log
from afterrun_cli.commands.options import utc_now
from afterrun_cli.runner.logged import LogOptions, logged
from tests.attacks.full_disks import CAN_MOUNT, fill, small_disk
from tests.support.cli_runs import SAMPLE, run
from tests.support.logs import INTAKES, said_nothing, written
from tests.support.paths import EXAMPLES
from tests.support.rulebooks.copies import copied, spoil
from tests.support.rulebooks.second import INTAKE, MOULD

README = EXAMPLES / "readme.yaml"


def entries(log: Path) -> list[dict[str, object]]:
    return [json.loads(line)["entry"] for line in log.read_text("utf-8").splitlines()]


def test_a_log_is_written_verified_and_run_again(tmp_path: Path) -> None:
    log = tmp_path / "answers.log"
    plain = run("assess", README)
    logged = run("assess", README, "--log", log, "--log-answers")
    assert (logged.code, logged.out, logged.err) == (0, plain.out, plain.err)
    assert run("assess", SAMPLE, "--log", log).code == 0
    head = run("log", "head", log).out.strip()
    ran = run("log", "verify", log, "--head", head)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[1:] == [f"Head: {head}"]
    ran = run("log", "replay", log, "--intakes", SAMPLE)
    assert (ran.code, ran.err) == (0, "")
    assert "The same as written down: 2" in ran.out
    ran = run("log", "replay", log)
    assert ran.code == 1
    assert "1 entry could not be run again: their answers are not in the log." in ran.err


def test_intakes_that_a_replay_cannot_use_are_told(tmp_path: Path) -> None:
    log, intakes = tmp_path / "log", tmp_path / "intakes.jsonl"
    assert run("assess", README, "--log", log).code == 0
    ran = run("log", "replay", log, "--intakes", tmp_path / "gone.jsonl")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: {tmp_path / 'gone.jsonl'}: there is no such file\n"
    intakes.write_text('{"gone": 1}\n')
    ran = run("log", "replay", log, "--intakes", README, "--intakes", intakes)
    assert "The same as written down: 1" in ran.out
    assert f"error: {intakes}:1: gone: no question has this name" in ran.err
    assert ran.code == 1
    intakes.write_text('{"gone": 1}\n' * 23)
    ran = run("log", "replay", log, "--intakes", README, "--intakes", intakes)
    assert ran.err.count("no question has this name") == 20
    assert ran.err.endswith("and 3 more intakes that cannot be used\n")


def test_each_intake_of_a_file_is_an_entry_and_what_is_refused_is_none(tmp_path: Path) -> None:
    log = tmp_path / "log"
    lines = '{"age_years": 34}\n{"gone": 1}\n{"age_years": 35}\n'
    assert run("assess", "-", "--log", log, stdin=lines).code == 1
    assert [each["kind"] for each in entries(log)] == ["assess", "assess"]


def test_an_interview_stands_in_the_log_before_its_result_is_shown(tmp_path: Path) -> None:
    log = tmp_path / "log"
    emergency = "41\n1\n"
    ran = run("ask", "--resume", README, "--log", log, "--log-answers", home=tmp_path, stdin=emergency)
    assert ran.code == 0, ran.err
    (entry,) = entries(log)
    assert entry["kind"] == "ask"
    assert run("log", "replay", log).code == 0


def test_check_ins_stand_in_the_log_from_files_and_from_the_diary(tmp_path: Path) -> None:
    log = tmp_path / "log"
    week = '{"enrolled": {}, "checkin": {"new_warning_signs": ["calf_swollen"]}}'
    assert run("checkin", "-", "--log", log, "--log-answers", stdin=week).code == 0
    pytest.importorskip("sqlalchemy", reason="a diary wants the extra 'diary'")
    assert run("start", README, "--start", "2026-01-05", "--past", home=tmp_path).code == 0
    words = ("checkin", "--answers", EXAMPLES / "flat_week.yaml", "--date", "2026-01-11", "--log", log)
    ran = run(*words, "--log-answers", home=tmp_path)
    assert ran.code == 0, ran.err
    assert [each["kind"] for each in entries(log)] == ["check-in", "check-in"]
    assert "The same as written down: 2" in run("log", "replay", log).out


@contextmanager
def full_log(folder: Path) -> Iterator[Path]:
    """A log on a disk that has no room for another entry."""
    with small_disk(folder, 64) as disk:
        log = disk / "log"
        page = os.statvfs(disk).f_bsize
        while not log.exists() or -log.stat().st_size % page > 400:
            assert run("assess", README, "--log", log).code == 0
        fill(disk, 0)
        yield log


needs_mounts = pytest.mark.skipif(not CAN_MOUNT, reason="only root may mount a disk that is full")


@pytest.mark.slow
@pytest.mark.process
@needs_mounts
def test_a_check_in_that_the_log_cannot_hold_is_not_in_the_diary(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy", reason="a diary wants the extra 'diary'")
    assert run("start", README, "--start", "2026-01-05", "--past", home=tmp_path).code == 0
    week = ("checkin", "--answers", EXAMPLES / "flat_week.yaml")
    with full_log(tmp_path / "disk") as log:
        whole = log.read_bytes()
        for words in ((*week, "--date", "2026-01-11"), (*week, "--correct")):
            before = run("diary", "export", home=tmp_path).out
            ran = run(*words, "--log", log, home=tmp_path)
            assert (ran.code, ran.out) == (3, "")
            assert "What cannot be written down is not told" in ran.err
            assert "is written down." not in ran.err
            assert "is corrected." not in ran.err
            assert run("diary", "export", home=tmp_path).out == before
            assert log.read_bytes() == whole
            assert run(*week, "--date", "2026-01-11", home=tmp_path).code == 0 or "--correct" in words


def test_a_bundle_stands_in_the_log_before_it_is_told(tmp_path: Path) -> None:
    log, intakes = tmp_path / "log", tmp_path / "intakes.jsonl"
    assert run("fhir", "assess", README, "--log", log, "--log-answers").code == 0
    intakes.write_text('{"age_years": 34}\n{"gone": 1}\n{"age_years": 35}\n')
    assert run("fhir", "assess", intakes, "-o", tmp_path / "out.ndjson", "--log", log).code == 1
    assert [each["kind"] for each in entries(log)] == ["assess"] * 3
    ran = run("log", "replay", log, "--intakes", intakes)
    assert "The same as written down: 3" in ran.out, ran.out
    assert run("fhir", "assess", README, "--log-answers").code == 2


@pytest.mark.slow
@pytest.mark.process
@needs_mounts
def test_a_bundle_that_the_log_cannot_hold_is_not_told(tmp_path: Path) -> None:
    with full_log(tmp_path / "disk") as log:
        ran = run("fhir", "assess", README, "--log", log)
        assert (ran.code, ran.out) == (3, "")
        assert "What cannot be written down is not told" in ran.err
        assert run("fhir", "assess", README, "--log", log, "-o", tmp_path / "out.json").code == 3
    assert not (tmp_path / "out.json").exists()


def test_a_batch_is_an_entry_before_and_one_after(tmp_path: Path) -> None:
    log, intakes = tmp_path / "log", tmp_path / "anna.csv"
    intakes.write_text("age_years\n34\n51\n")
    assert run("batch", intakes, tmp_path / "out.csv", "--log", log).code == 0
    ran = run("batch", "-", "-", "--log", log, stdin="age_years\n34\n")
    assert ran.code == 0, ran.err
    found = entries(log)
    assert [each["stage"] for each in found] == ["begun", "finished", "begun", "finished"]
    assert found[2]["inputs"] == [{"from": "stdin"}]
    assert found[3]["outputs"][0]["bytes"] == len(ran.out.encode())  # type: ignore[index]
    assert "anna" not in log.read_text()
    # Of what was not run again nobody knows whether it is the same.
    again = run("log", "replay", log)
    assert again.code == 1
    assert "The same as written down: 0" in again.out
    assert "Not run again, so not known: 4" in again.out
    assert "4 entries of batches could not be run again" in again.err
    assert json.loads(run("log", "replay", log, "--format", "json").out)["not_run"] == 4
    ran = run("batch", tmp_path / "nowhere.csv", tmp_path / "more.csv", "--log", log)
    assert (ran.code, len(entries(log))) == (2, 4)


def test_a_batch_whose_end_cannot_be_written_down_says_that_its_rows_are_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rulebook: afterrun.Rulebook
) -> None:
    log = tmp_path / "log"
    options = LogOptions(log, answers=False, clock=utc_now)
    with logged(options, rulebook) as kept:
        kept.begins(rulebook, lambda: [])
        log.write_bytes(b"something else\n")
        with pytest.raises(SystemExit):
            kept.ends(rulebook, lambda: [], {})
    told = capsys.readouterr().err
    assert "The rows are written" in told
    assert "there is no result" not in told


@pytest.mark.parametrize("content", ["", "notes of mine\n", '{"age_years": 34}\n'])
def test_what_is_no_log_gets_no_entry_and_gives_no_result(tmp_path: Path, content: str) -> None:
    file = tmp_path / "file"
    file.write_text(content)
    ran = run("assess", README, "--log", file)
    assert (ran.code, ran.out) == (3, "")
    assert f"{file} is" in ran.err
    assert file.read_text() == content
    for words in (("verify",), ("head",), ("replay",)):
        ran = run("log", *words, file)
        assert (ran.code, ran.out) == (2, "")
        assert "error: " in ran.err


def test_a_folder_a_device_and_a_place_that_is_not_there_are_told(tmp_path: Path) -> None:
    for place in (tmp_path, Path(os.devnull), tmp_path / "no" / "log"):
        ran = run("assess", README, "--log", place)
        assert (ran.code, ran.out) == (3, "")
        assert ran.err.startswith(f"error: {place}")
        assert run("log", "verify", place).code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_and_the_result_of_a_batch_are_no_log(tmp_path: Path) -> None:
    ran = run("assess", README, "--log", "-", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "a log is a file, and no pipe" in ran.err
    pytest.importorskip("polars", reason="columns want the extra 'batch'")
    out = tmp_path / "out.csv"
    ran = run("batch", README, out, "--log", out)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: {out} cannot be both the log and the result; give another name\n"
    assert not list(tmp_path.iterdir())


def test_another_rulebooks_log_gets_no_entry_and_is_not_run(tmp_path: Path) -> None:
    log = tmp_path / "log"
    run("assess", README, "--log", log, "--log-answers")
    before = log.read_bytes()
    ran = run("assess", INTAKE, "--rulebook", MOULD, "--log", log)
    assert (ran.code, ran.out) == (3, "")
    assert "is the log of the rulebook 'afterrun-knee'" in ran.err
    assert log.read_bytes() == before
    ran = run("log", "replay", log, "--rulebook", MOULD)
    assert (ran.code, ran.out) == (2, "")


def test_a_changed_rule_is_told_by_whom_it_moves(tmp_path: Path) -> None:
    log = tmp_path / "log"
    run("assess", "-", "--log", log, "--log-answers", stdin='{"warning_signs": ["calf_swollen"]}')
    folder = copied(tmp_path / "other")
    spoil(folder, "rules/triage-urgent.yaml", "includes: calf_swollen", "includes: numb_weak")
    ran = run("log", "replay", log, "--rulebook", folder)
    assert ran.code == 1
    assert "Different: 1" in ran.out
    assert "  - triage: urgent → " in ran.out
    pack = tmp_path / "other.rulebook"
    assert run("rules", "pack", folder, "-o", pack).code == 0
    packed = run("log", "replay", log, "--rulebook", pack)
    assert (packed.code, packed.out) == (ran.code, ran.out)
    pack.write_text(pack.read_text("utf-8").replace("numb_weak", "numb_weaK", 1), "utf-8")
    packed = run("log", "replay", log, "--rulebook", pack)
    assert (packed.code, packed.out) == (2, "")
    told = json.loads(run("log", "replay", log, "--rulebook", folder, "--format", "json").out)
    assert told["triage"][0]["was"] == "urgent"
    assert told["differences"][0]["entry"] == 1


def test_tampering_is_told_by_its_line_and_a_log_cut_short_by_its_head(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for _ in range(3):
        run("assess", README, "--log", log)
    head = run("log", "head", log).out.strip()
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:2]))
    assert run("log", "verify", log).code == 0
    ran = run("log", "verify", log, "--head", head)
    assert ran.code == 1
    assert "was cut short" in ran.err
    log.write_bytes(b"".join([lines[0].replace(b"assess", b"assesz"), *lines[1:]]))
    ran = run("log", "verify", log)
    assert (ran.code, ran.out) == (1, "")
    assert f"{log}: line 1: was changed" in ran.err
    assert (run("log", "head", log).code, run("log", "head", log).out) == (1, "")
    told = json.loads(run("log", "verify", log, "--format", "json").out)
    assert (told["whole"], told["head"], told["faults"][0]["line"]) == (False, None, 1)


def test_a_torn_entry_is_told_and_the_next_one_mends_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    run("assess", README, "--log", log)
    run("assess", README, "--log", log)
    log.write_bytes(log.read_bytes()[:-30])
    ran = run("log", "verify", log)
    assert ran.code == 1
    assert "the last entry is torn" in ran.err
    ran = run("assess", README, "--log", log)
    assert ran.code == 0
    assert "What was whole before it stands: 1." in ran.err
    assert run("log", "verify", log).code == 0
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_answers_alone_and_a_head_that_is_none_are_wrong_usage(tmp_path: Path) -> None:
    assert run("assess", README, "--log-answers").code == 2
    run("assess", README, "--log", tmp_path / "log")
    ran = run("log", "verify", tmp_path / "log", "--head", "c1a5")
    assert ran.code == 2
    assert "64 digits" in ran.err


def test_what_differs_beside_the_decision_is_told_as_that(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for answers, told in (
        (True, "decided as written down, but something else that was told differs"),
        (False, "differs; what was decided is not in the log (--log-answers)"),
    ):
        said = json.loads(written(tmp_path / f"whole {answers}", 1, answers=answers))["entry"]
        with Log(log, said_nothing) as opened:
            opened.append({**said, "result": "0" * 64})
        ran = run("log", "replay", log, "--full", "--intakes", _intakes(tmp_path))
        assert ran.code == 1
        assert f"Entry 1, 2027-03-01T08:00:00.000+00:00: {told}" in ran.out
        log.unlink()


def _intakes(folder: Path) -> Path:
    file = folder / "intakes.jsonl"
    file.write_text("".join(f"{json.dumps(each)}\n" for each in INTAKES), encoding="utf-8")
    return file
