"""One answer asked again through `afterrun change`, and what stands in the files then."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import afterrun
from tests.support.cli_runs import run
from tests.support.paths import EXAMPLES


@pytest.fixture(autouse=True)
def _drafts_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def me(tmp_path: Path) -> Path:
    """The README's answers, as an interview keeps them."""
    file = tmp_path / "me.json"
    # What it leaves open is passed over.
    ran = run("ask", "--resume", EXAMPLES / "readme.yaml", "--save", file, stdin="\n", home=tmp_path)
    assert ran.code == 0, ran.err
    return file


def answers(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def said(text: str) -> str:
    return " ".join(text.split())


def place_of(rulebook: afterrun.Rulebook, question: str, option: str) -> str:
    """What to type for an option."""
    return str([each.id for each in rulebook.questions[question].options].index(option) + 1)


def test_the_new_answer_is_written_down_and_the_old_ones_stay_beside(me: Path) -> None:
    before = me.read_bytes()
    ran = run("change", me, "volume_sustainable", stdin="12\n")
    assert ran.code == 0, ran.err
    assert answers(me) == {**json.loads(before), "volume_sustainable": 12}
    old = me.with_name("me.json.bak")
    assert old.read_bytes() == before
    assert {each.stat().st_mode & 0o777 for each in (me, old)} == {0o600}
    assert "10 km → 12 km" in ran.out
    assert "What that changes" in ran.out
    assert "Running in each of the four weeks of the same amount: 8 km → 9.6 km" in said(ran.out)
    assert f"The answers before this:  {old}" in ran.err
    assert f"rm {me} {old}" in ran.err


def test_what_is_told_is_what_assess_says_of_the_file(me: Path) -> None:
    told = json.loads(run("change", me, "volume_sustainable", "--format", "json", stdin="12\n").out)[
        "what_if"
    ]
    now = json.loads(run("assess", me, "--format", "json").out)
    for key, pair in told["plan"].items():
        assert now["plan"].get(key) == pair["after"]
    assert told["triage"]["after"] == now["triage"]


@pytest.mark.parametrize("line", ["", "3"])
def test_the_same_answer_changes_nothing(me: Path, line: str) -> None:
    before = me.read_bytes()
    ran = run("change", me, "worst_pain", stdin=f"{line}\n")
    assert (ran.code, ran.out) == (0, "")
    assert "Enter takes what you said before: 3" in ran.err
    assert "The answer is the same as before" in ran.err
    assert me.read_bytes() == before
    assert not me.with_name("me.json.bak").exists()


def test_a_file_with_comments_stays_and_the_new_answers_go_beside_it(tmp_path: Path) -> None:
    mine = tmp_path / "me.yaml"
    mine.write_text(f"# mine\n{(EXAMPLES / 'readme.yaml').read_text()}")
    before = mine.read_bytes()
    for name in ("me.json", "me-2.json"):
        ran = run("change", mine, "worst_pain", stdin="5\n")
        assert f"Your answers are saved in {tmp_path / name}" in ran.err
        assert ran.err.endswith(f"{mine} is as it was.\n")
        assert answers(tmp_path / name)["worst_pain"] == 5
    assert mine.read_bytes() == before


def test_what_the_new_answer_opens_is_asked(me: Path, rulebook: afterrun.Rulebook) -> None:
    weak, chair = place_of(rulebook, "strength_check", "both_fail"), place_of(rulebook, "equipment", "none")
    ran = run("change", me, "strength_check", stdin=f"{weak}\n{chair}\n")
    assert ran.code == 0, ran.err
    assert "With this answer there is more to ask." in ran.err
    assert rulebook.questions["equipment"].ask in said(ran.err)
    assert (answers(me)["strength_check"], answers(me)["equipment"]) == ("both_fail", ["none"])


def test_who_leaves_among_what_is_opened_has_changed_nothing(me: Path, rulebook: afterrun.Rulebook) -> None:
    before = me.read_bytes()
    weak = place_of(rulebook, "strength_check", "both_fail")
    for stdin, code in {f"{weak}\nq\n": 0, f"{weak}\n": 2, "q\n": 0, "": 2}.items():
        ran = run("change", me, "strength_check", stdin=stdin)
        assert (ran.code, ran.out) == (code, "")
        assert f"Nothing was changed: {me} is as it was." in ran.err
        for draft in (me.parent / "state").rglob("checkin-*"):
            draft.unlink()
    assert me.read_bytes() == before


def test_what_is_opened_is_taken_up_where_it_was_left(me: Path, rulebook: afterrun.Rulebook) -> None:
    weak, chair = place_of(rulebook, "strength_check", "both_fail"), place_of(rulebook, "equipment", "none")
    left = run("change", me, "strength_check", stdin=f"{weak}\nq\n")
    assert left.err.count("At every question") == 1
    assert f"Go on with:  afterrun change {me} strength_check\n" in left.err
    drafts = me.parent / "state" / "afterrun"
    assert len(list(drafts.glob("checkin-*"))) == 1
    ran = run("change", me, "strength_check", stdin=f"{chair}\n")
    assert ran.code == 0, ran.err
    assert "your answers are taken up" in ran.err
    assert (answers(me)["strength_check"], answers(me)["equipment"]) == ("both_fail", ["none"])
    assert list(drafts.glob("checkin-*")) == []


def test_a_red_flag_taken_back_keeps_all_that_it_opens(me: Path, rulebook: afterrun.Rulebook) -> None:
    me.write_text(json.dumps({"age_years": 41, "warning_signs": ["chest_breath"]}))
    none = place_of(rulebook, "warning_signs", "none")
    left = run("change", me, "warning_signs", stdin=f"{none}\nq\n")
    assert f"Nothing was changed: {me} is as it was." in left.err
    ran = run("change", me, "warning_signs", stdin="q\n")
    assert "your answers are taken up" in ran.err
    assert rulebook.questions["warning_signs"].ask not in ran.err
    assert "Go on with:  afterrun change" in ran.err


def test_an_answer_that_no_longer_applies_stays_and_is_told_not_to_count(
    me: Path, rulebook: afterrun.Rulebook
) -> None:
    ran = run("change", me, "running_status", stdin=f"{place_of(rulebook, 'running_status', 'new')}\n")
    told = said(ran.out.partition("No longer counted")[2])
    assert said(rulebook.questions["weeks_off"].ask) in told
    assert "8 weeks" in told
    assert answers(me)["weeks_off"] == 8


def test_a_sign_is_answered_anew_and_ends_the_plan(me: Path, rulebook: afterrun.Rulebook) -> None:
    ran = run(
        "change", me, "warning_signs", stdin=f"\n{place_of(rulebook, 'warning_signs', 'chest_breath')}\n"
    )
    assert "Your answer so far: None of these" in ran.err
    assert "An answer is needed here." in ran.err
    assert "Emergency. Call your emergency number now." in said(ran.out)
    assert "Your plan: given → none for now" in said(ran.out)
    assert "not in the plan" not in ran.out
    assert "afterrun plan" not in ran.err


def test_where_other_answers_settle_it_the_question_is_not_asked(
    me: Path, rulebook: afterrun.Rulebook
) -> None:
    run("change", me, "warning_signs", stdin=f"{place_of(rulebook, 'warning_signs', 'chest_breath')}\n")
    before = me.read_bytes()
    ran = run("change", me, "worst_pain", stdin="5\n")
    assert "Whatever you answer here, your other answers say: Emergency. Change those first." in said(ran.err)
    assert me.read_bytes() == before


def test_without_a_question_the_answers_are_listed_and_one_is_chosen(
    me: Path, rulebook: afterrun.Rulebook
) -> None:
    listed = [each for each in rulebook.questions.values() if each.id in answers(me)]
    number = [each.id for each in listed].index("worst_pain") + 1
    ran = run("change", me, stdin=f"0\nworst\n{number}\n5\n")
    assert ran.code == 0
    assert ran.err.count(f"Type a number from 1 to {len(listed)}.") == 2
    list_ = said(ran.err.partition("Which answer")[0])
    for place, question in enumerate(listed, 1):
        assert f"{place}. {said(question.ask)} ({question.id})" in list_
    assert re.findall(r"^(.+)\n-+$", ran.err, re.MULTILINE)[:2] == ["Safety", "The pain"]
    assert answers(me)["worst_pain"] == 5
    for stdin, code in {"q\n": 0, "": 2}.items():
        ran = run("change", me, stdin=stdin)
        assert (ran.code, ran.out) == (code, "")
        assert "Nothing was changed" in ran.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["me.json", "wors_pain"], "there is no question 'wors_pain'. Did you mean 'worst_pain'?"),
        (["me.json", "bogus"], "Each with its name:  afterrun change me.json"),
        (["none.json"], "there is no such file"),
        (["-"], "what comes through a pipe cannot be changed; name a file"),
        (["empty.json"], "there are no answers yet: begin with  afterrun ask"),
        (["broken.json"], "not JSON"),
    ],
)
def test_what_cannot_be_changed_is_told(me: Path, words: list[str], told: str) -> None:
    (me.parent / "empty.json").write_text("{}")
    (me.parent / "broken.json").write_text("{")
    ran = run("change", *words, stdin="5\n", cwd=me.parent)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_a_link_stays_one(me: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(me)
    run("change", link, "worst_pain", stdin="5\n")
    assert link.is_symlink()
    assert answers(me)["worst_pain"] == 5
