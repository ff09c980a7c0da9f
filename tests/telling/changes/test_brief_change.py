"""A change told on few pages: each region with its example, entries that decide, names of all else."""

from __future__ import annotations

import shutil

import pytest

from afterrun import Rulebook, load_rulebook
from afterrun.telling import Page, as_markdown, brief_change_page
from afterrun.telling.changes.flips import flip_words
from afterrun.verify.changes import PartChange, RulebookChange, change_between
from afterrun.verify.changes.change import Reason
from afterrun.verify.prove import Flip
from tests.support.paths import ROOT

MOULD = ROOT / "examples" / "mould"
CHANGES = (
    ("rules/water.yaml", "humidity: {at_least: 60}", "humidity: {at_least: 65}"),
    ("rules/water.yaml", "  because: ", "  because: For once, "),
    ("knowledge/questions.yaml", "    ask: ", "    ask: Please, "),
)


@pytest.fixture(scope="module")
def change(tmp_path_factory: pytest.TempPathFactory) -> RulebookChange:
    folder = tmp_path_factory.mktemp("changed")
    shutil.copytree(MOULD, folder, dirs_exist_ok=True)
    for file, old, new in CHANGES:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return change_between({"": load_rulebook(MOULD)}, {"": load_rulebook(folder)})


@pytest.fixture(scope="module")
def page(change: RulebookChange) -> Page:
    return brief_change_page(change)


def points(page: Page, title: str) -> dict[str, str]:
    """The points of the sections that begin so, each with its steps."""
    return {
        point.name: " ".join((point.text, *point.steps))
        for section in page.sections
        if section.title.startswith(title)
        for point in section.points
    }


def test_each_region_has_its_place_and_an_example_in_answers(change: RulebookChange, page: Page) -> None:
    told = points(page, "Patterns that flip") | points(page, "Interventions that flip")
    whole = [each for each in change.parts[0].flips if not each.partial and each.kind != "finding"]
    assert len(told) == len(whole) > 0
    usual = points(page, "What examples answer").get("Unless an example says otherwise", "")
    for words in told.values():
        assert words.startswith("For everybody of all for whom both rulebooks say")
        assert "humidity: at least 60 and at most 64" in words
        assert "humidity 6" in words.partition("For example: ")[2] + usual


def test_what_decides_is_told_key_by_key_and_a_text_alone_by_name(page: Page) -> None:
    (words,) = points(page, "Written otherwise: rules").values()
    assert "humidity.at_least: 60 → 65" in words
    assert "For once, " not in as_markdown(page)
    assert [*points(page, "Texts only")] == ["rule changed: 1"]


def test_the_words_of_a_question_are_told(page: Page) -> None:
    (words,) = points(page, "Questions and options in other words").values()
    assert "→ Please, " in words


def test_reasons_of_a_level_stand_in_one_line_and_the_foot_names_both(
    change: RulebookChange, page: Page
) -> None:
    names = [point.name for point in page.sections[0].points]
    assert len({*names}) == len(names)
    assert all(each.stamp["digest"][:12] in page.foot for each in change.parts[0][1:3])


def test_no_more_than_a_few_regions_of_one_thing_are_told_and_the_others_counted(
    change: RulebookChange,
) -> None:
    part = change.parts[0]
    flip = next(each for each in part.flips if each.kind == "pattern")
    many = change._replace(parts=(part._replace(flips=(flip,) * 5),))
    told = [
        point.name
        for section in brief_change_page(many).sections
        if section.title == "Patterns that flip"
        for point in section.points
    ]
    assert len(told) == 3
    assert told[-1].endswith(": 3 more")


def test_what_has_the_same_reason_is_told_together(change: RulebookChange) -> None:
    (part,) = change.parts
    seen = "the solver does not see how it is shown"
    names = ("plan value volume", "plan value volume (2)", "quantity rain")
    reasons = (*(Reason("major", f"{name}: {seen}") for name in names), Reason("major", "a result flips"))
    page = brief_change_page(change._replace(parts=(part._replace(reasons=reasons),)))
    assert (
        points(page, "How much")["major"].strip()
        == f"{seen}: plan value volume, quantity rain; a result flips"
    )


def test_questions_in_a_plan_are_told_in_their_words(rulebook: Rulebook) -> None:
    """`ask_again` of the plan holds names of questions, which the solver tells apart as one text."""
    was = '["running_status","volume_before"]'
    flip = Flip("plan", "ask_again", was, "", (), "", False, (), (), True, False, False, 0.0, ({}, {}))
    part = PartChange("", rulebook, rulebook, (), (flip,), (), (), (), (), (), ())
    words = " / ".join(rulebook.questions[each].ask for each in ("running_status", "volume_before"))
    assert flip_words(part, flip).endswith(f": {words} → not in the plan")
