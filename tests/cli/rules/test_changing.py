"""`afterrun rules pack`, `rules diff` and `rules check --released`, as people run them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from afterrun_cli.rulebook.diff import version_problems
from tests.support.cli_runs import run
from tests.support.paths import ROOT
from tests.support.rulebooks.changed import changed_copy

pytestmark = pytest.mark.slow
MOULD = ROOT / "examples" / "mould"
CHANGE = ("rules/water.yaml", "humidity: {at_least: 60}", "humidity: {at_least: 65}")


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The small rulebook with another threshold."""
    folder = tmp_path / "changed"
    shutil.copytree(MOULD, folder)
    file, old, new = CHANGE
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The small rulebook as it was, packed."""
    path = tmp_path / "mould.rulebook"
    ran = run("rules", "pack", MOULD, "-o", path)
    assert (ran.code, ran.err.split(":")[0]) == (0, f"wrote {path}")
    return path


def regions(pack: Path, changed: Path) -> list[dict[str, Any]]:
    """What flips of results for whole intakes."""
    data = json.loads(run("rules", "diff", pack, changed, "--format", "json").out)
    (part,) = data["parts"]
    return [each for each in part["flips"] if not each["partial"] and each["kind"] != "finding"]


def test_a_pack_is_taken_where_a_folder_is(pack: Path) -> None:
    intake = MOULD / "intake.yaml"
    by_pack, by_folder = (run("assess", intake, "--rulebook", each) for each in (pack, MOULD))
    assert (by_pack.code, by_pack.out) == (0, by_folder.out)
    assert run("rules", "check", pack).code == 0


def test_what_flips_is_told_with_its_region_and_both_proofs(pack: Path, changed: Path) -> None:
    ran = run("rules", "diff", pack, changed)
    assert ran.code == 0
    assert "Results flip" in ran.out
    assert "(humidity): at least 60 and at most 64" in ran.out
    for word in ("- Before: the proof", "- Now: the proof", "if.", "at least 0.2.0 is due"):
        assert word in ran.out
    data = json.loads(run("rules", "diff", pack, changed, "--format", "json").out)
    (part,) = data["parts"]
    assert (data["level"], data["version_followed"]) == ("major", False)
    assert part["edits"][0]["was"] == 60
    whole = regions(pack, changed)
    assert whole
    for flip in whole:
        assert 60 <= flip["intakes"][0]["humidity"] < 65


def test_a_page_has_a_line_to_sign_for_each_region(pack: Path, changed: Path, tmp_path: Path) -> None:
    page = tmp_path / "change.html"
    assert run("rules", "diff", pack, changed, "-o", page).code == 0
    told, count = page.read_text(encoding="utf-8"), len(regions(pack, changed))
    assert count > 0
    assert told.count("<dt>Initials</dt>") == count
    # The whole is signed by whoever made the change and by whoever approves it.
    assert told.count("<dt>Signature</dt>") == 2
    assert told.count("Not agreed") == count + 2


def test_which_of_some_intakes_flip(pack: Path, changed: Path, tmp_path: Path) -> None:
    flip = regions(pack, changed)[0]
    flips, stays = flip["intakes"][0], {**flip["intakes"][0], "humidity": 70}
    rows = [{"record_id": "a", **flips}, {"record_id": "b", **stays}, {"record_id": "c", "humidity": "wet"}]
    intakes = tmp_path / "intakes.jsonl"
    intakes.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    on = json.loads(run("rules", "diff", pack, changed, "--on", intakes, "--format", "json").out)["on"]
    assert (on["rows"], on["flipped"], on["only_old"], on["only_new"], on["refused"]) == (2, 1, 0, 0, 1)
    assert [each["record_id"] for each in on["first"]] == ["a"]
    for table in on["tables"].values():
        assert sum(each["rows"] for each in table) == 2
    told = run("rules", "diff", pack, changed, "--on", intakes).out
    assert "Intakes that both rulebooks read: 2" in told
    assert "Of these flip: 1" in told
    assert "Refused by both, and not compared: 1" in told
    assert "Refused: answer: humidity: 1" in told


def test_what_one_rulebook_alone_says_of_the_files_bears_its_name(
    pack: Path, changed: Path, tmp_path: Path
) -> None:
    questions = changed / "knowledge" / "questions.yaml"
    text = questions.read_text(encoding="utf-8")
    at = text.index("  - id: humidity")
    extra = (
        "  - {id: draught, section: place, ask: How many fans?, type: integer, at_least: 0, at_most: 9, "
        "sources: [epa-mold-guide]}\n"
    )
    questions.write_text(f"{text[:at]}{extra}{text[at:]}", encoding="utf-8")
    intakes = tmp_path / "intakes.csv"
    intakes.write_text("record_id,humidity,draught\na,62,2\n", encoding="utf-8")
    ran = run("rules", "diff", pack, changed, "--on", intakes)
    assert f"under the old rulebook: {intakes}: passed over 'draught'" in ran.err, ran.err
    assert ran.err.count("passed over") == 1


def test_a_row_that_one_rulebook_refuses_is_counted(pack: Path, changed: Path, tmp_path: Path) -> None:
    questions = changed / "knowledge" / "questions.yaml"
    text = questions.read_text(encoding="utf-8")
    bounds = "at_least: 1\n    at_most: 100"
    assert bounds in text
    questions.write_text(text.replace(bounds, "at_least: 1\n    at_most: 90", 1), encoding="utf-8")
    intakes = tmp_path / "intakes.jsonl"
    intakes.write_text('{"humidity": 95}\n{"humidity": 80}\n{"humidity": 101}\n', encoding="utf-8")
    ways = ((pack, changed, "only_old"), (changed, pack, "only_new"))
    for old, new, counted in ways:
        on = json.loads(run("rules", "diff", old, new, "--on", intakes, "--format", "json").out)["on"]
        assert (on["rows"], on[counted], on["refused"]) == (1, 1, 1)


def test_another_rulebook_is_told_and_nothing_is_written(pack: Path, tmp_path: Path) -> None:
    page = tmp_path / "change.html"
    ran = run("rules", "diff", pack, ROOT, "-o", page)
    assert (ran.code, page.exists()) == (2, False)
    assert "are two rulebooks, and not two versions of one" in " ".join(ran.err.split())
    ran = run("rules", "check", "--released", pack)
    assert ran.code == 2


def test_what_the_solver_gives_up_on_is_told_as_not_known(
    pack: Path, changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts as a flip: a version that did not follow is refused."""
    monkeypatch.setattr("afterrun.verify.prove.search.EFFORT", 1)
    ran = run("rules", "diff", pack, changed)
    assert ran.code == 0
    told = " ".join(ran.out.split())
    assert "Not all is known: the solver gave up on" in told
    assert "may flip: neither shown nor refuted" in told
    assert "No result changes" not in told
    assert run("rules", "check", changed, "--released", pack).code == 1


def test_a_version_that_did_not_follow_is_refused(pack: Path, changed: Path) -> None:
    assert run("rules", "check", MOULD, "--released", pack).code == 0
    ran = run("rules", "check", changed, "--released", pack)
    assert ran.code == 1
    assert "the version 0.1.0 does not follow" in ran.out
    assert "at least 0.2.0 is due" in ran.out
    book = changed / "knowledge" / "rulebook.yaml"
    book.write_text(book.read_text(encoding="utf-8").replace("0.1.0", "0.2.0"), encoding="utf-8")
    assert "does not follow" not in run("rules", "check", changed, "--released", pack).out


def test_a_version_that_nothing_can_follow_is_told_with_its_place(
    pack: Path, changed: Path, tmp_path: Path
) -> None:
    book = changed / "knowledge" / "rulebook.yaml"
    book.write_text(book.read_text(encoding="utf-8").replace("0.1.0", "two"), encoding="utf-8")
    said = f"{book}:5: 'two' is no version that can follow another: write three numbers, as in 1.4.0"
    out = tmp_path / "two.rulebook"
    for words in (("diff", pack, changed), ("diff", changed, pack), ("pack", changed, "-o", out)):
        ran = run("rules", *words)
        assert (ran.code, ran.out, " ".join(ran.err.split())) == (2, "", f"error: {said}")
    assert not out.exists()
    assert said in run("rules", "check", changed, "--released", pack).out
    assert said not in run("rules", "check", changed).out


@pytest.mark.slow
def test_a_released_pack_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    gone = tmp_path / "gone.rulebook"
    ran = run("rules", "check", "--rulebook", MOULD, "--released", gone)
    assert ran.err.startswith(f"error: {gone}: there is no such pack; ")
    assert ran.code == 2


def test_the_version_of_a_part_follows_what_changed_in_it(tmp_path: Path) -> None:
    before, folder = tmp_path / "before.rulebook", tmp_path / "after"
    assert run("rules", "pack", "-o", before).code == 0
    changed_copy(
        folder,
        ("knowledge/rulebook.yaml", "version: 0.2.0", "version: 0.2.1"),
        ("knowledge/checkin/rulebook.yaml", "\ntitle: ", "\ntitle: Well, "),
    )
    (problem,) = version_problems(before, folder)
    assert problem.message.startswith(
        "the version 0.2.0 of checkin does not follow 0.2.0: the change of it is patch, "
        "so that at least 0.2.1 is due. See: afterrun rules diff"
    )
    book = folder / "knowledge" / "checkin" / "rulebook.yaml"
    book.write_text(book.read_text(encoding="utf-8").replace("0.2.0", "0.2.1"), encoding="utf-8")
    assert version_problems(before, folder) == []


def test_an_approval_that_stands_no_longer_is_told_by_check_and_by_diff(
    changed: Path, tmp_path: Path
) -> None:
    approved = tmp_path / "approved"
    shutil.copytree(MOULD, approved)
    for rule in ("humid-air", "leak-named"):
        words = (rule, "--owner", "Dr A", "--until", "2099-11-26", "--rulebook", approved)
        assert run("rules", "review", *words).code == 0
    stands = run("rules", "check", approved).out
    assert "approved by Dr A" not in stands
    later = tmp_path / "later"
    shutil.copytree(approved, later)
    questions = later / "knowledge" / "questions.yaml"
    text = questions.read_text(encoding="utf-8")
    questions.write_text(re.sub(r"(- id: humidity\n(?: .*\n)*? +ask: )", r"\1Well, ", text), encoding="utf-8")
    told = run("rules", "check", later)
    assert told.code == 0
    (line,) = (each for each in told.out.splitlines() if "approved by Dr A" in each)
    assert line.startswith("rules/water.yaml:")
    assert "humid-air: approved by Dr A on " in line
    assert line.endswith(f", changed since: afterrun rules review --rulebook {later} humid-air")
    data = json.loads(run("rules", "check", later, "--format", "json").out)
    assert data["not_approved"]["changed"] == ["humid-air"]
    assert "Approvals that this takes back: 1" in run("rules", "diff", approved, later).out
    (part,) = json.loads(run("rules", "diff", approved, later, "--format", "json").out)["parts"]
    assert [each["rule"] for each in part["approvals_taken_back"]] == ["humid-air"]


@pytest.mark.process
def test_a_revision_is_one_of_the_folder_that_it_is_held_against(changed: Path) -> None:
    file, old, new = CHANGE
    text = (changed / file).read_text(encoding="utf-8")
    (changed / file).write_text(text.replace(new, old, 1), encoding="utf-8")
    who = ("git", "-c", "user.name=A", "-c", "user.email=a@example.org")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "first")):
        subprocess.run([*who, *words], cwd=changed, check=True, capture_output=True)
    (changed / file).write_text(text, encoding="utf-8")
    told = [
        json.loads(run("rules", "diff", *each, "--format", "json").out)["parts"][0]["edits"][0]
        for each in (("HEAD", changed), (changed, "HEAD"))
    ]
    assert [(each["was"], each["now"]) for each in told] == [(60, 65), (65, 60)]


@pytest.mark.process
@pytest.mark.parametrize("old", ["nowhere-at-all", "-x", "v9.9"])
def test_a_revision_that_does_not_exist_is_told_and_nothing_is_written(old: str, tmp_path: Path) -> None:
    page = tmp_path / "change.html"
    ran = run("rules", "diff", "-o", page, "--", old, MOULD)
    assert ran.code == 2
    assert "is no folder and no packed rulebook" in ran.err
    assert not page.exists()


def test_a_pack_that_was_altered_is_refused_and_nothing_is_written(pack: Path, tmp_path: Path) -> None:
    pack.write_text(
        pack.read_text(encoding="utf-8").replace("at_least: 60", "at_least: 61"), encoding="utf-8"
    )
    page = tmp_path / "change.html"
    ran = run("rules", "diff", pack, MOULD, "-o", page)
    assert (ran.code, page.exists()) == (2, False)
    assert "was changed after it was packed" in ran.err


def test_a_rulebook_that_does_not_load_is_told_with_its_place(
    pack: Path, changed: Path, tmp_path: Path
) -> None:
    (changed / "rules" / "water.yaml").write_text("- id: [\n", encoding="utf-8")
    page = tmp_path / "change.html"
    ran = run("rules", "diff", pack, changed, "-o", page)
    assert (ran.code, page.exists()) == (3, False)
    assert f"error: {changed}/rules/water.yaml:" in ran.err
    assert run("rules", "pack", changed, "-o", tmp_path / "x.rulebook").code == 3
    assert not (tmp_path / "x.rulebook").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("rules", "review", "no-mould-seen", "--owner", "A", "--until", "2999-01-01"),
        ("rules", "rename", "humidity", "damp"),
        ("rules", "schema"),
    ],
)
def test_a_pack_is_never_written_into(pack: Path, words: tuple[str, ...]) -> None:
    before = pack.read_bytes()
    ran = run(*words, "--rulebook", pack)
    assert ran.code == 2
    assert "is one file" in ran.err
    assert pack.read_bytes() == before


def test_the_shipped_rulebook_follows_the_pack_that_stands_in_the_project() -> None:
    """What changes in it from now on needs a version; see docs/changes.md."""
    (released,) = sorted((ROOT / "released").glob("*.rulebook"))[-1:]
    ran = run("rules", "check", "--released", released)
    assert (ran.code, "does not follow" in ran.out) == (0, False), ran.out
