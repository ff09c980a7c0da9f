"""What an entry holds: which rulebook, which engine, what was asked and what came of it, by digest."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.log import Log, Recorder, files_as_told
from afterrun.log.entries import decided_in, unsealed
from afterrun.log.recording import result_digest
from afterrun.versions import ENGINE, SCHEMA
from tests.support.logs import WHEN, results, said_nothing, written


def test_an_entry_holds_what_the_document_says(tmp_path: Path, rulebook: afterrun.Rulebook) -> None:
    line, again = map(json.loads, written(tmp_path / "log", 2, results=results()[:1]).splitlines())
    entry = line["entry"]
    assert list(entry) == [
        "afterrun_log", "decision", "engine", "intake", "kind", "previous", "result", "rulebook", "schema",
        "sequence", "time",
    ]  # fmt: skip
    assert entry["rulebook"] == rulebook.stamp
    assert (entry["schema"], entry["engine"]) == (SCHEMA, ENGINE)
    assert (entry["kind"], entry["sequence"], entry["previous"]) == ("assess", 1, "0" * 64)
    assert entry["time"] == "2027-03-01T08:00:00.000+00:00"
    assert again["entry"]["previous"] == line["hash"]
    same = ("intake", "decision", "result")
    assert [again["entry"][each] for each in same] == [entry[each] for each in same]


def test_digests_are_of_canonical_json(tmp_path: Path) -> None:
    line = json.loads(written(tmp_path / "log", 1, answers=True))
    entry = line["entry"]
    for digest, member in (("intake", "answers"), ("decision", "decided")):
        text = json.dumps(entry[member], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert sha256(text.encode()).hexdigest() == entry[digest]
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert sha256(text.encode()).hexdigest() == line["hash"]


def test_another_result_has_another_digest(tmp_path: Path) -> None:
    lines = [json.loads(each)["entry"] for each in written(tmp_path / "log").splitlines()]
    for member in ("intake", "decision", "result"):
        assert len({each[member] for each in lines}) == 3


def test_the_same_told_by_another_program_has_the_same_digest() -> None:
    result = results()[0]
    assert result_digest(replace(result, schema="9.0.0", engine="9.0.0")) == result_digest(result)
    assert result_digest(replace(result, open_questions=())) != result_digest(result)


def test_a_batch_is_two_entries_and_names_no_file(tmp_path: Path, rulebook: afterrun.Rulebook) -> None:
    (tmp_path / "anna.csv").write_bytes(b"age_years\n34\n")
    with Log(tmp_path / "log", said_nothing) as log:
        recorder = Recorder(log, lambda: WHEN)
        recorder.batch_begins(rulebook, files_as_told([tmp_path / "anna.csv"]))
        recorder.batch_ends(rulebook, [], {"rows_in": 1, "rows": 1})
    begun, finished = [json.loads(each)["entry"] for each in (tmp_path / "log").read_bytes().splitlines()]
    digest = sha256(b"age_years\n34\n").hexdigest()
    assert begun["inputs"] == [{"bytes": 13, "sha256": digest}]
    assert (begun["stage"], finished["stage"], finished["rows"]) == ("begun", "finished", 1)
    assert b"anna" not in (tmp_path / "log").read_bytes()


def test_a_check_in_names_the_part_and_the_rulebook_it_stands_on(
    tmp_path: Path, rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook
) -> None:
    record = {"enrolled": {}, "checkin": {"new_warning_signs": ["calf_swollen"]}}
    said = afterrun.check_in(checkin_part, record)
    with Log(tmp_path / "log", said_nothing, "afterrun-knee") as log:
        Recorder(log, lambda: WHEN).check_in(said, None)
        Recorder(log, lambda: WHEN).result("ask", results()[0])
    entry = json.loads((tmp_path / "log").read_bytes().splitlines()[0])["entry"]
    assert entry["rulebook"]["name"] == "afterrun-knee-checkin"
    assert entry["base"]["digest"] == rulebook.digest


@pytest.mark.parametrize(
    "id", ["P-1", '","decided":{"interventions":[', 'a\\","record_id":"b', "},é\nb", "z" * 90]
)
@pytest.mark.parametrize("more", [{}, {"worst_pain": 3}, {"age_years": 34}])
def test_what_columns_need_is_read_from_the_line_as_json_has_it(
    tmp_path: Path, rulebook: afterrun.Rulebook, id: str, more: dict[str, Any]
) -> None:
    result = afterrun.assess(rulebook, {"record_id": id, **more})
    line = written(tmp_path / "log", 1, answers=True, results=[result]).removesuffix(b"\n")
    link = unsealed(line)
    quick, said = decided_in(link), link.entry.said
    assert quick is not None
    assert said["answers"] == {"record_id": id, **more}
    assert json.loads(quick.answers) == more
    assert (quick.decision, quick.triage) == (said["decision"], said["decided"]["triage"])
    assert (quick.digest, quick.family) == (rulebook.digest, rulebook.identity.name)
