"""The figure that draws every exercise: limbs of one length, feet on the ground, all of it in sight."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from math import dist
from xml.etree import ElementTree

import pytest

from afterrun.rulebook.schema import Exercise, Leg, Pose
from afterrun.telling.exercises import body
from afterrun.telling.exercises.body import Body, Limb, body_of
from afterrun.telling.exercises.picture import exercise_svg, on_paper
from afterrun.telling.exercises.props import Disc, Scene, Stroke, things_behind, things_held
from tests.support.paths import ROOT
from tests.support.rulebooks.shipped import shipped

CARDS = list(shipped().exercises.values())
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
    plan = {item.key: item.value for item in shipped().plan}
    bends = [known(name).end.leg.knee for name in ("small_squat", "wall_sit")]
    assert max(bends) <= plan.get("kneecap_max_bend_deg", 60)


def test_whoever_hops_leaves_the_floor() -> None:
    assert min(body_of(known("hop").end).leg.joints[-2:], key=lambda at: at.y).y > body.ANKLE + 10


def test_a_chair_stands_still_and_below_whoever_sits() -> None:
    card = known("single_leg_squat_chair")
    shapes = body_of(card.start), body_of(card.end)
    one, other = ([*things_behind(Scene(card, shapes, place))] for place in (0, 1))
    assert one == other
    seats = [each.places for each in one if isinstance(each, Stroke) and len(each.places) == 3]
    ((back, front, _),) = seats
    hips = shapes[1].hips
    assert back.x < hips.x < front.x
    assert 0 < hips.y - body.THICK - back.y < 3


def test_a_bar_lies_across_the_shoulders_behind_or_in_front() -> None:
    for name, side in (("back_squat", -1), ("front_squat", 1)):
        card = known(name)
        shapes = body_of(card.start), body_of(card.end)
        for place in (0, 1):
            scene = Scene(card, shapes, place)
            things = [*things_behind(scene), *things_held(scene)]
            (bar,) = [each for each in things if isinstance(each, Disc)]
            assert dist(bar.middle, scene.body.chest) < 20
            assert (bar.middle.x - scene.body.chest.x) * side > 0


@pytest.mark.parametrize(
    ("name", "right", "down"),
    [
        ("split_squat", 0, 1),
        ("single_leg_sit_to_stand", 0, -1),
        ("bridge", 0, -1),
        ("band_side_steps", 1, 0),
        ("hip_hike", 0, -1),
        ("leg_press", -1, 1),
    ],
)
def test_the_arrow_shows_the_way(name: str, right: int, down: int) -> None:
    line, _ = ways(ElementTree.fromstring(exercise_svg(known(name))))
    x0, y0, x1, y1 = map(float, re.findall(r"-?[0-9.]+", line))
    assert (sign(x1 - x0), sign(y1 - y0)) == (right, down)


def sign(way: float) -> int:
    return 0 if abs(way) < 5 else 1 if way > 0 else -1


def known(name: str) -> Exercise:
    return next(card for card in CARDS if card.id == name)


def test_the_picture_in_the_readme_is_the_one_drawn_today() -> None:
    # afterrun exercises split_squat -o docs/split_squat.svg
    assert (ROOT / "docs" / "split_squat.svg").read_text() == on_paper(exercise_svg(known("split_squat")))
