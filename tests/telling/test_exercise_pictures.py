"""The figure that draws every exercise: limbs of one length, feet on the ground, all of it in sight."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from math import dist
from xml.etree import ElementTree

import pytest

import afterrun
from afterrun.rulebook.schema import Exercise, Leg, Pose
from afterrun.telling.exercises import body
from afterrun.telling.exercises.body import Body, Limb, body_of
from afterrun.telling.exercises.picture import exercise_svg, on_paper
from tests.support.paths import ROOT

CARDS = list(afterrun.load_rulebook().exercises.values())
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=CARDS, ids=lambda card: card.id)
def card(request: pytest.FixtureRequest) -> Exercise:
    """Each exercise in turn."""
    found: Exercise = request.param
    return found


def poses(card: Exercise) -> Iterator[tuple[Pose, Body]]:
    for pose in (card.start, card.end):
        yield pose, body_of(pose)


def legs(pose: Pose, shape: Body) -> Iterator[tuple[Leg, Limb]]:
    yield pose.leg, shape.leg
    yield pose.other or pose.leg, shape.other_leg


def test_a_limb_keeps_its_length_in_every_pose(card: Exercise) -> None:
    for _, shape in poses(card):
        for limb in (shape.leg, shape.other_leg):
            lengths = [dist(one, other) for one, other in pairwise(limb.joints)]
            assert lengths == pytest.approx([body.THIGH, body.SHANK, body.FOOT])
        for limb in (shape.arm, shape.other_arm):
            lengths = [dist(one, other) for one, other in pairwise(limb.joints)]
            assert lengths == pytest.approx([body.UPPER_ARM, body.FOREARM])


def test_whoever_stands_has_the_feet_on_the_ground(card: Exercise) -> None:
    for pose, shape in poses(card):
        for leg, limb in legs(pose, shape):
            if leg.on != "air" and not pose.lift:
                *_, ankle, toes = limb.joints
                gap = min(ankle.y, toes.y) - body.ANKLE - body.height(leg)
                assert abs(gap) < 2, (leg, gap)


def test_nothing_lies_below_the_floor(card: Exercise) -> None:
    for _, shape in poses(card):
        assert min(joint.y for joint in shape.joints) > 0


def test_a_foot_that_stands_in_both_positions_stays_where_it_is(card: Exercise) -> None:
    start, end = (shape for _, shape in poses(card))
    pairs = zip(legs(card.start, start), legs(card.end, end), strict=True)
    for (before, here), (after, there) in pairs:
        moves = "hop" if card.end.lift else "step" if "step" in card.id else ""
        if before.on == after.on != "air" and not moves:
            assert dist(here.joints[-1], there.joints[-1]) < 3


def test_the_two_positions_differ(card: Exercise) -> None:
    start, end = (shape for _, shape in poses(card))
    assert max(dist(one, other) for one, other in zip(start.joints, end.joints, strict=True)) > 5


def test_a_drawing_has_words_and_asks_for_nothing(card: Exercise) -> None:
    drawn = exercise_svg(card)
    root = ElementTree.fromstring(drawn)
    title, words = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert words is not None
    assert title.text == card.name
    assert (words.text or "").startswith(f"Start: {card.set_up} End: ")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    assert not any(each in drawn for each in ("href", "url(", "<style"))


def test_a_drawing_takes_the_colour_of_its_page(card: Exercise) -> None:
    colours = {
        value
        for each in ElementTree.fromstring(exercise_svg(card)).iter()
        for key, value in each.attrib.items()
        if key in ("fill", "stroke")
    }
    assert colours <= {"currentColor", "none"}


def test_everything_lies_in_its_picture(card: Exercise) -> None:
    root = ElementTree.fromstring(exercise_svg(card))
    left, top, width, height = map(float, (root.get("viewBox") or "").split())
    lines = [line.get("points") or "" for line in root.iter(f"{SVG}polyline")]
    arrow = [pair for way in ways(root) for pair in re.findall(r"(-?[0-9.]+) (-?[0-9.]+)", way)]
    points = [*(pair.split(",") for line in lines for pair in line.split()), *arrow]
    assert len(arrow) == 5
    for x, y in ((float(x), float(y)) for x, y in points):
        assert left <= x <= left + width
        assert top <= y <= top + height


def ways(root: ElementTree.Element) -> list[str]:
    """The paths of the arrow: all but the floor."""
    return [path for each in root.iter(f"{SVG}path") if "H" not in (path := each.get("d") or "")]


def test_the_small_squat_keeps_to_the_bend_of_the_first_weeks() -> None:
    known = {card.id: card for card in CARDS}
    assert max(known[name].end.leg.knee for name in ("small_squat", "wall_sit")) <= 60


def test_the_picture_in_the_readme_is_the_one_drawn_today() -> None:
    (card,) = (card for card in CARDS if card.id == "split_squat")
    # afterrun exercises split_squat -o docs/split_squat.svg
    assert (ROOT / "docs" / "split_squat.svg").read_text() == on_paper(exercise_svg(card))
