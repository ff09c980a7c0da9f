"""Ids replaced by keyed hashes, everywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.batches.forms import CLINIC, written
from tests.support.batches.runs import batch


def test_with_a_key_no_id_is_left_anywhere(tmp_path: Path) -> None:
    ids = [f"CANARY-{each}" for each in range(6)]
    path = written(
        tmp_path / "in.csv",
        "record_id,age_years,note",
        f"{ids[0]},34,about {ids[0]}",
        f"{ids[1]},340,about {ids[1]}",
        f"{ids[0]},35,",
        f'"{ids[2]},34,',
        f"{ids[3]}{'x' * 300},34,",
        f"{ids[4]},34,",
    )
    odd = written(
        tmp_path / "odd.jsonl", json.dumps({"recordid": ids[5], "age_years": 34}), '{"age_years": 3}'
    )
    key, out = tmp_path / "key", tmp_path / "out"
    ran = batch(path, odd, out, "--pseudonymise", key)
    assert ran.code == 1
    assert key.stat().st_mode & 0o777 == 0o600
    for file in out.rglob("*"):
        assert not file.is_file() or b"CANARY" not in file.read_bytes(), file
    assert "CANARY" not in ran.out + ran.err
    assert "was refused" in batch("view", out, ids[1], "--pseudonymise", key).err
    found = batch("view", out, ids[0], "--pseudonymise", key)
    assert found.code == 0
    assert "another row of 'CANARY-0' was refused" in found.out
    assert "ids were replaced by pseudonyms" in batch("view", out, ids[0]).err
    other = tmp_path / "other"
    other.write_bytes(b"k" * 40)
    other.chmod(0o600)
    assert "give the key that made them" in batch("view", out, ids[0], "--pseudonymise", other).err
    assert "--pseudonyms was" in batch(path, odd, out, "--pseudonymise", other).err
    # What is fed back keeps its pseudonyms.
    rejects = (out / "_rejects.csv").read_text(encoding="utf-8").replace(",340,", ",34,")
    mended = written(tmp_path / "mended.csv", *rejects.splitlines()[:2])
    assert batch(mended, tmp_path / "more.csv", "--pseudonymise", key).code == 0
    assert rejects.splitlines()[1].split("pid-")[1][:32] in (tmp_path / "more.csv").read_text(
        encoding="utf-8"
    )


def test_an_id_in_another_place_is_withheld(tmp_path: Path) -> None:
    shifted = written(
        tmp_path / "shifted.csv",
        "record_id,age_years,pain_site,activity_level",
        ",CANARY-1,muscle,",
        "a,34,CANARY-2,",
        "b,340,N/A,",
        "c,CANARY;3,muscle;CANARY-4,",
    )
    odd = written(
        tmp_path / "odd.jsonl",
        json.dumps({"record_id": "d", "age_years": 34}),
        json.dumps({"CANARY-5": 1, "age_years": "CANARY-6"}),
        json.dumps({"RECORD_ID": "CANARY-7", "age_years": 340}),
        '{"CANARY-8": 1, "CANARY-8": 2}',
    )
    key, out = tmp_path / "key", tmp_path / "out"
    ran = batch(shifted, odd, out, "--pseudonymise", key)
    assert ran.code == 1
    told = (
        ran.out
        + ran.err
        + "".join(each.read_bytes().decode(errors="replace") for each in out.rglob("*") if each.is_file())
    )
    assert "CANARY" not in told
    rejects = (out / "_rejects.csv").read_text(encoding="utf-8")
    assert "340 is too large" in rejects
    assert "if 'N/A' means" in rejects
    assert "a name that no question has: cannot be used" in rejects
    assert "age_years: cannot be used (withheld" in rejects


def test_no_copy_of_an_input_stays_where_a_run_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("record_id,age_years\nCANARY-é,34\nCANARY-2,340\n".encode("cp1252"))
    out = tmp_path / "out"
    stopped = (path, out, "--max-rejects", 0, "--pseudonymise", tmp_path / "key")
    for _ in range(2):
        assert batch(*stopped).code == 2
        assert out.is_dir()
        assert not any(b"CANARY" in each.read_bytes() for each in out.rglob("*") if each.is_file())
    assert batch(path, out, "--max-rejects", 1, "--pseudonymise", tmp_path / "key").code == 1


def test_a_note_on_the_encoding_quotes_no_id(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("record_id,event,age_years\nMüller-1,Müller-2,34\n".encode("cp1252"))
    told = batch(path, tmp_path / "plain.csv").err
    assert "line 2: record_id is read as 'Müller-1'" in told
    told = batch(path, tmp_path / "out.csv", "--pseudonymise", tmp_path / "key").err
    assert "line 2: record_id is read as (withheld" in told
    assert "ller" not in told


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [(b"short", 0o600, "holds 5 bytes"), (b"k" * 40, 0o644, "others may read this key")],
)
def test_a_key_that_keeps_no_secret_is_refused(tmp_path: Path, content: bytes, mode: int, said: str) -> None:
    key = tmp_path / "key"
    key.write_bytes(content)
    key.chmod(mode)
    ran = batch(CLINIC / "d06_numeric_ids.csv", tmp_path / "out", "--pseudonymise", key)
    assert ran.code == 2
    assert said in ran.err
