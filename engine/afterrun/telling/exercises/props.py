"""What stands beside, under and in the hands of a body, placed by its poses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from afterrun.rulebook.schema import Exercise, Pose
from afterrun.telling.exercises.body import ANKLE, FOOT, STEP, THICK, TRUNK, Body, Point, height


class Stroke(NamedTuple):
    """A line through some places of the room."""

    kind: str
    places: tuple[Point, ...]


class Disc(NamedTuple):
    """A weight seen from its end."""

    middle: Point
    radius: float


Thing = Stroke | Disc


class Scene(NamedTuple):
    """The two bodies of an exercise, and which one is to be drawn."""

    exercise: Exercise
    bodies: tuple[Body, Body]
    place: int

    @property
    def body(self) -> Body:
        """The one to be drawn."""
        return self.bodies[self.place]

    @property
    def poses(self) -> tuple[Pose, Pose]:
        """Both poses."""
        return self.exercise.start, self.exercise.end


def things_behind(scene: Scene) -> Iterator[Thing]:
    """What the body stands in front of or on."""
    yield from _steps(scene)
    for prop in scene.exercise.props:
        if prop in _BEHIND:
            yield from _BEHIND[prop](scene)


def things_held(scene: Scene) -> Iterator[Thing]:
    """What the body carries or pulls at."""
    for prop in scene.exercise.props:
        if prop in _HELD:
            yield from _HELD[prop](scene)


def _steps(scene: Scene) -> Iterator[Thing]:
    """The step under a foot, away from where the other foot goes; from the front, under that foot."""
    for pose, body in zip(scene.poses, scene.bodies, strict=True):
        other = pose.other or pose.leg
        for leg, limb, free in ((pose.leg, body.leg, body.other_leg), (other, body.other_leg, body.leg)):
            if height(leg):
                yield from _step(scene, limb.joints[2], free.joints[2])
                return


def _step(scene: Scene, ankle: Point, free: Point) -> Iterator[Thing]:
    if scene.exercise.view == "front":
        low, high = ankle.z - 8, ankle.z + 34
        edges = [Point(ankle.x, y, z) for z, y in ((low, 0), (low, STEP), (high, STEP), (high, 0))]
    else:
        ahead = any(body.other_leg.joints[2].x > ankle.x + 8 for body in scene.bodies) or free.x > ankle.x + 8
        low, high = (ankle.x - 46, ankle.x + FOOT - 2) if ahead else (ankle.x - 12, ankle.x + FOOT + 34)
        edges = [Point(x, y, 0) for x, y in ((low, 0), (low, STEP), (high, STEP), (high, 0))]
    yield Stroke("solid", tuple(edges))


def _lower(scene: Scene) -> Body:
    return min(scene.bodies, key=lambda each: each.hips.y)


def _chair(scene: Scene) -> Iterator[Thing]:
    """Below and behind the hips where they are lowest."""
    hips = _lower(scene).hips
    seat, front, back = hips.y - THICK - 1.5, hips.x + 14, hips.x - 22
    yield Stroke("prop", (Point(back, 0, 0), Point(back, seat + 46, 0)))
    yield Stroke("prop", (Point(back, seat, 0), Point(front, seat, 0), Point(front, 0, 0)))


def _wall(scene: Scene) -> Iterator[Thing]:
    """Behind the back."""
    back = min(min(body.hips.x, body.chest.x) for body in scene.bodies) - THICK - 4
    yield Stroke("wall", (Point(back, 0, 0), Point(back, 182, 0)))


def _leg_press(scene: Scene) -> Iterator[Thing]:
    """The back rest and seat under the body, the plate under the soles, and the rail that it slides on."""
    hips, chest = scene.body.hips, scene.body.chest
    behind = Point((hips.x - chest.x) / TRUNK, (hips.y - chest.y) / TRUNK, 0)
    under = Point(behind.y, -behind.x, 0)
    rest = [each.on(under, THICK + 4) for each in (chest.on(behind, -22), hips.on(behind, 6))]
    yield Stroke("prop", (*rest, rest[1].on(Point(1, 0.25, 0), 24)))
    yield Stroke("prop", (rest[1], Point(rest[1].x, 0, 0)))
    _, _, ankle, toes = scene.body.leg.joints
    along = Point((toes.x - ankle.x) / FOOT, (toes.y - ankle.y) / FOOT, 0)
    away = Point(along.y, -along.x, 0)
    sole = ankle.on(away, ANKLE + 2)
    yield Stroke("solid", (sole.on(along, -16), sole.on(along, 30)))
    ends = [body.leg.joints[2].on(away, ANKLE + 2).on(along, -16) for body in scene.bodies]
    far = max(ends, key=lambda each: each.x)
    yield Stroke("prop", (min(ends, key=lambda each: each.x), far.on(away, 18)))
    yield Stroke("prop", (far.on(away, 18), Point(far.on(away, 18).x, 0, 0)))


def _band_on_legs(scene: Scene) -> Iterator[Thing]:
    """Around both legs, just above the ankles."""
    ends = [limb.joints[1].on(_between(limb.joints[1], limb.joints[2]), 0.8) for limb in scene.body.limbs[:2]]
    yield Stroke("band", tuple(ends))


def _band_underfoot(scene: Scene) -> Iterator[Thing]:
    """From under the working foot up to both hands."""
    _, _, ankle, toes = scene.body.leg.joints
    foot = Point((ankle.x + toes.x) / 2, ankle.y - ANKLE, ankle.z)
    yield Stroke("band", (foot, scene.body.arm.joints[2]))


def _dumbbells(scene: Scene) -> Iterator[Thing]:
    for arm in (scene.body.arm, scene.body.other_arm):
        hand = arm.joints[2]
        yield Stroke("prop", (hand.on(Point(-11, 0, 0)), hand.on(Point(11, 0, 0))))
        for end in (-11, 11):
            yield Stroke("weight", (hand.on(Point(end, -6, 0)), hand.on(Point(end, 6, 0))))


def _dumbbell_at_chest(scene: Scene) -> Iterator[Thing]:
    hand = scene.body.arm.joints[2]
    yield Stroke("prop", (hand.on(Point(4, -9, 0)), hand.on(Point(4, 11, 0))))
    for end in (-9, 11):
        yield Stroke("weight", (hand.on(Point(-1, end, 0)), hand.on(Point(9, end, 0))))


def _barbell_on_back(scene: Scene) -> Iterator[Thing]:
    yield from _barbell(scene, -11)


def _barbell_in_front(scene: Scene) -> Iterator[Thing]:
    yield from _barbell(scene, 13)


def _barbell(scene: Scene, ahead: float) -> Iterator[Thing]:
    """Across the shoulders, so far in front of the trunk or behind it; seen from its end."""
    hips, chest = scene.body.hips, scene.body.chest
    up = Point((chest.x - hips.x) / TRUNK, (chest.y - hips.y) / TRUNK, 0)
    yield Disc(chest.on(Point(up.y, -up.x, 0), ahead).on(up, 3), 19)


def _between(one: Point, other: Point) -> Point:
    return Point(other.x - one.x, other.y - one.y, other.z - one.z)


_BEHIND: dict[str, Callable[[Scene], Iterator[Thing]]] = {
    "chair": _chair,
    "wall": _wall,
    "leg_press": _leg_press,
    "barbell_on_back": _barbell_on_back,
}
_HELD: dict[str, Callable[[Scene], Iterator[Thing]]] = {
    "band_on_legs": _band_on_legs,
    "band_underfoot": _band_underfoot,
    "dumbbells": _dumbbells,
    "dumbbell_at_chest": _dumbbell_at_chest,
    "barbell_in_front": _barbell_in_front,
}
