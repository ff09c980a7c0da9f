"""What `afterrun ask` keeps: unfinished interviews to go on with, and the answers of finished ones."""

import json
import os
import re
from pathlib import Path

import afterrun
from tests.cli.interview.test_ask import NO_SAFETY_SIGN, TO_THE_END, answers, drafts, typed
from tests.support.cli_runs import Ran, run
from tests.support.paths import EXAMPLES

WHOLE = typed(*NO_SAFETY_SIGN, *TO_THE_END)
EMERGENCY = typed("41", "7")


def finished(home: Path, lines: str = WHOLE) -> tuple[Ran, Path]:
    """An interview to its end, and where its answers are said to be."""
    ran = run("ask", stdin=lines, home=home)
    place = re.search(r"^Your answers are saved in (.+)$", ran.err, re.MULTILINE)
    assert place, ran.err
    return ran, Path(place[1])


def test_the_answers_of_a_finished_interview_stay_and_give_its_result(tmp_path: Path) -> None:
    ran, place = finished(tmp_path)
    assert drafts(tmp_path) == [place]
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700
    assert run("assess", place).out == ran.out
    told = re.findall(r"^.+:  (afterrun .+|rm .+)$", ran.err, re.MULTILINE)
    words = ("plan", "start", "change", "report")
    assert [each.split()[1] for each in told[:4]] == list(words)
    assert told[4] == f"rm {place}"
    for each in told[:2]:
        assert run(*each.split()[1:], home=tmp_path).code == 0


def test_each_interview_keeps_its_own(tmp_path: Path) -> None:
    _, first = finished(tmp_path)
    before = first.read_bytes()
    _, second = finished(tmp_path, EMERGENCY)
    assert first != second
    assert first.read_bytes() == before
    assert answers(second)["warning_signs"] == ["saddle_bladder"]


def test_whoever_is_to_be_seen_first_is_told_of_no_plan(tmp_path: Path) -> None:
    ran, place = finished(tmp_path, EMERGENCY)
    assert ran.out.startswith("Emergency")
    assert "afterrun plan" not in ran.err
    assert "afterrun start" not in ran.err
    assert f"afterrun change {place}" in ran.err


def test_answers_that_are_all_there_stay_in_the_file_that_holds_them(tmp_path: Path) -> None:
    _, place = finished(tmp_path)
    before = place.read_bytes()
    ran = run("ask", "--resume", place, home=tmp_path)
    assert f"Your answers are saved in {place}" in ran.err
    assert (place.read_bytes(), drafts(tmp_path)) == (before, [place])


def test_a_file_that_was_named_holds_them_and_nothing_else_stays(tmp_path: Path) -> None:
    run("ask", stdin=typed("41", "q"), home=tmp_path)
    (draft,) = drafts(tmp_path)
    me = tmp_path / "me.json"
    ran = run("ask", "--resume", draft, "--save", me, stdin=typed("7"), home=tmp_path)
    assert f"Your answers are saved in {me}" in ran.err
    assert answers(me) == {"age_years": 41, "warning_signs": ["saddle_bladder"]}
    assert drafts(tmp_path) == []


def test_only_an_unfinished_interview_of_these_questions_is_mentioned(
    tmp_path: Path, rulebook: afterrun.Rulebook
) -> None:
    run("ask", stdin=typed("41", "q"), home=tmp_path)
    (draft,) = drafts(tmp_path)
    version = rulebook.identity.version
    assert version in draft.name
    others = {
        draft.name.replace(version, "0.1.9"): draft.read_text(),
        draft.name.replace(version, f"{version}.1"): draft.read_text(),
        f"{draft.stem}1.json": "{",
        f"{draft.stem}2.json": "{}",
        f"{draft.stem}3.json": json.dumps({"age_years": "old"}),
        f"{draft.stem}4.json": json.dumps({"age_years": 41, "warning_signs": ["chest_breath"]}),
    }
    for place, (name, text) in enumerate(others.items()):
        (draft.parent / name).write_text(text)
        os.utime(draft.parent / name, (4e9 + place, 4e9 + place))
    said = run("ask", stdin=typed("q"), home=tmp_path).err
    assert f"\n  afterrun ask --resume {draft}\n" in said
    assert said.count("--resume") == 1
    draft.unlink()
    assert "--resume" not in run("ask", stdin=typed("q"), home=tmp_path).err


def test_the_fullest_of_several_unfinished_interviews_comes_first(tmp_path: Path) -> None:
    run("ask", stdin=typed(*NO_SAFETY_SIGN[:4], "q"), home=tmp_path)
    (full,) = drafts(tmp_path)
    for place in range(3):
        newer = full.with_name(f"{full.stem}{place}.json")
        newer.write_text('{"age_years": 41}')
        os.utime(newer, (4e9 + place, 4e9 + place))
    said = run("ask", stdin=typed("q"), home=tmp_path).err
    told = re.findall(r"^With (\d+) answers?:\n  afterrun ask --resume (.+)$", said, re.MULTILINE)
    assert [count for count, _ in told] == [str(len(answers(full))), "1", "1"]
    assert told[0][1] == str(full)
    assert told[1][1].endswith("2.json")


def test_where_nothing_can_be_kept_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    ran = run("ask", stdin=EMERGENCY, home=tmp_path)
    assert ran.code == 0
    assert "Your answers are kept nowhere before the end." in ran.err
    assert ran.err.endswith("Your answers were not kept.\n")


def test_who_deletes_a_diary_is_told_of_the_answers_that_stay(tmp_path: Path) -> None:
    _, place = finished(tmp_path)
    run("start", EXAMPLES / "readme.yaml", "--person", "anna", home=tmp_path)
    ran = run("diary", "--person", "anna", "delete", "--yes", home=tmp_path)
    assert ran.code == 0
    assert f"\n  rm {place}\n" in ran.err
    assert place.exists()
