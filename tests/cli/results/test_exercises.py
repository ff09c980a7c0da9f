"""`afterrun exercises`: the cards listed and shown, and the plan that names them."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.cli_runs import SAMPLE, run
from tests.support.rulebooks.copies import copy_without_cards
from tests.support.rulebooks.shipped import shipped
from tests.support.web.pages import Page

WITHOUT = ("single_leg_sit_to_stand", "split_squat", "single_leg_squat_chair")


@pytest.fixture(params=["", "equipment: [none]", "equipment: []"], ids=["no answer", "none", "blank"])
def without(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An intake of somebody who has nothing to train with, or has not said so."""
    text = re.sub(r"^equipment: .*$", request.param, SAMPLE.read_text(), flags=re.MULTILINE)
    file = tmp_path / "intake.yaml"
    file.write_text(text)
    return file


def test_without_a_name_all_are_listed_with_what_they_need() -> None:
    ran = run("exercises")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert [line.split()[0] for line in lines] == list(shipped().exercises)
    assert re.search(r"^leg_press +Leg press \(a leg press machine\)$", ran.out, re.MULTILINE)
    assert re.search(r"^split_squat +Split squat$", ran.out, re.MULTILINE)


def test_a_card_tells_how_it_is_done_and_how_much() -> None:
    said = " ".join(run("exercises", "split_squat").out.split())
    for words in (
        "Let your back knee sink straight down.",
        "Which leg The front leg works.",
        "3x15 in week 1, 3x12 in week 2-3",
        "Take 3 seconds down and 3 seconds up.",
        "Stop each set when you could just do 2 to 3 more.",
        "Harder - One-leg squat to a chair.",
    ):
        assert words in said


def test_an_exercise_that_is_held_brings_its_own_dose() -> None:
    said = run("exercises", "wall_sit").out
    assert "Hold for 20 to 40 seconds." in said
    assert "seconds down" not in said


def test_a_name_that_is_not_there_is_told_with_the_nearest() -> None:
    ran = run("exercises", "split_sqat")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no exercise 'split_sqat'. Did you mean 'split_squat'?" in ran.err


def test_json_is_what_is_written() -> None:
    (card,) = json.loads(run("exercises", "wall_sit", "--format", "json").out)["exercises"]
    assert (card["id"], card["end"]["leg"]) == ("wall_sit", {"hip": 60, "knee": 60})


def test_the_suffix_says_the_shape(tmp_path: Path) -> None:
    made = {}
    for suffix in ("html", "md", "svg", "json", "txt"):
        file = tmp_path / f"card.{suffix}"
        assert run("exercises", "hop", "-o", file).code == 0
        made[suffix] = file.read_text()
    assert Page(made["html"]).tags.count("svg") == 1
    assert ElementTree.fromstring(made["svg"]).tag.endswith("svg")
    assert json.loads(made["json"])["exercises"][0]["id"] == "hop"
    assert made["txt"].startswith("How the exercises are done\n==")
    (data,) = re.findall(r"^\[hop\]: data:image/svg\+xml;base64,(\S+)$", made["md"], re.MULTILINE)
    assert base64.b64decode(data).decode() == made["svg"]
    assert "![Hop on one leg][hop]" in made["md"]


def test_one_picture_shows_one_exercise() -> None:
    ran = run("exercises", "--format", "svg")
    assert ran.code == 2
    assert "a picture is of one exercise" in ran.err


@pytest.mark.slow
def test_a_rulebook_without_cards_says_so(tmp_path: Path) -> None:
    copy_without_cards(tmp_path)
    ran = run("exercises", "--rulebook", tmp_path)
    assert ran.code == 2
    assert "has no cards of exercises" in ran.err


def spoken(text: str) -> str:
    """Text without its ends of lines, those within a command among them."""
    return " ".join(text.replace("\\\n", " ").split())


class TestThePlanOfARunnerWithoutEquipment:
    @pytest.mark.slow
    def test_shows_what_needs_nothing_on_its_page(self, without: Path) -> None:
        html = run("plan", without, "--start", "2027-03-01", "--past", "--format", "html").out
        page = Page(html)
        names = [shipped().exercises[each].name for each in WITHOUT]
        assert re.findall(r'<section class="exercise" id="(\w+)">', html) == list(WITHOUT)
        assert re.findall(r"<title id=\"card-\w+-title\">([^<]*)</title>", html) == names
        assert len(page.ids) == len(set(page.ids))
        assert page.loads == []

    def test_names_them_in_the_terminal_and_says_where_they_are(self, without: Path) -> None:
        said = spoken(run("plan", without, "--full", "--start", "2027-03-01", "--past").out)
        assert "Choose one: Stand up on one leg, Split squat, One-leg squat to a chair." in said
        assert f"How each is done: afterrun exercises {' '.join(WITHOUT)}" in said
        assert "How each is done: afterrun exercises single" in " ".join(
            run("assess", without, "--full").out.split()
        )

    def test_names_them_on_the_first_screen_too(self, without: Path) -> None:
        said = spoken(run("plan", without, "--start", "2027-03-01", "--past").out)
        names = "Stand up on one leg, Split squat, One-leg squat to a chair."
        assert f"{names} How each is done: afterrun exercises {' '.join(WITHOUT)}" in said

    def test_holds_ids_in_json(self, without: Path) -> None:
        told = json.loads(run("plan", without, "--start", "2027-03-01", "--past", "--format", "json").out)
        assert told["weeks"][0]["sessions"][0]["exercises"] == list(WITHOUT)

    def test_shows_them_in_markdown(self, without: Path) -> None:
        for words in (("plan", without, "--start", "2027-03-01", "--past"), ("assess", without)):
            told = run(*words, "--format", "markdown").out
            assert re.findall(r"^!\[[^]]*\]\[([a-z-]+)\]$", told, re.MULTILINE) == [
                each.replace("_", "-") for each in WITHOUT
            ]
            assert len(re.findall(r"^\[[a-z-]+\]: data:image/svg", told, re.MULTILINE)) == len(WITHOUT)


def test_the_plan_of_somebody_with_dumbbells_and_bands_shows_those() -> None:
    html = run("plan", SAMPLE, "--start", "2027-03-01", "--past", "--format", "html").out
    assert re.findall(r'<section class="exercise" id="(\w+)">', html) == [
        "goblet_squat",
        "split_squat_dumbbells",
        "band_squat",
        "split_squat_band",
    ]


@pytest.mark.process
@pytest.mark.slow
def test_a_plan_on_paper_is_a_pdf(tmp_path: Path) -> None:
    pytest.importorskip("weasyprint", reason="the extra 'pdf' is not installed", exc_type=ImportError)
    ran = run("plan", SAMPLE, "--start", "2027-03-01", "--past", "-o", tmp_path / "plan.pdf")
    if "needs pango" in ran.err:
        pytest.skip("no pango here: no PDF was made")
    assert (ran.code, ran.err) == (0, "")
    assert (tmp_path / "plan.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_long_names_leave_room_to_tick(tmp_path: Path) -> None:
    weasyprint = pytest.importorskip(
        "weasyprint", reason="the extra 'pdf' is not installed", exc_type=ImportError
    )
    text = SAMPLE.read_text(encoding="utf-8")
    for key, value in {
        "pain_site": "[around_behind_kneecap]",
        "provoked_by": "[stairs, long_sitting]",
        "running_status": "regular_same",
        "load_change": "[none]",
        "volume_last_week": "10",
    }.items():
        text = re.sub(f"^{key}: .*$", f"{key}: {value}", text, flags=re.MULTILINE)
    intake = tmp_path / "kneecap.yaml"
    intake.write_text(text, encoding="utf-8")
    html = run("plan", intake, "--start", "2027-03-01", "--past", "--format", "html").out
    assert "Run within a pain limit (beyond the article)" in html
    # 26 weeks and seven or so cards; a column too narrow for its words took 70 pages.
    assert len(weasyprint.HTML(string=html).render().pages) <= 14
