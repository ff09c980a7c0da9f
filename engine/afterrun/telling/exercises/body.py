"""Joint angles in, a body in space out: limbs of fixed length, put where it stands or lies."""

from __future__ import annotations

from math import cos, radians, sin
from typing import NamedTuple

from afterrun.rulebook.schema import Arm, Leg, Pose

SHANK = THIGH = 44.0
TRUNK = 52.0
NECK = 20.0
"""From between the shoulders to the middle of the head."""
UPPER_ARM, FOREARM = 29.0, 29.0
FOOT = 18.0
ANKLE = 7.0
"""From the sole to the middle of the ankle."""
HIP, SHOULDER = 10.0, 13.0
"""From the middle of the body."""
STEP = 18.0
THICK = 8.0
"""From the middle of the trunk to the skin."""


class Point(NamedTuple):
    """A place: forward, up, and to the side of the working leg."""

    x: float
    y: float
    z: float

    def on(self, way: Point, length: float = 1.0) -> Point:
        """So far on from here, in a direction."""
        return Point(self.x + length * way.x, self.y + length * way.y, self.z + length * way.z)


class Limb(NamedTuple):
    """A leg or an arm: hip, knee, ankle, toes; shoulder, elbow, hand."""

    joints: tuple[Point, ...]

    def moved(self, by: Point) -> Limb:
        """The same elsewhere."""
        return Limb(tuple(each.on(by) for each in self.joints))


class Body(NamedTuple):
    """Where everything is; `leg` and `arm` are on the side that works."""

    hips: Point
    chest: Point
    """Between the shoulders."""
    head: Point
    leg: Limb
    other_leg: Limb
    arm: Limb
    other_arm: Limb

    def moved(self, by: Point) -> Body:
        """The same body elsewhere."""
        hips, chest, head = (each.on(by) for each in (self.hips, self.chest, self.head))
        leg, other_leg, arm, other_arm = (each.moved(by) for each in self.limbs)
        return Body(hips, chest, head, leg, other_leg, arm, other_arm)

    @property
    def limbs(self) -> tuple[Limb, ...]:
        """Both legs and both arms."""
        return self.leg, self.other_leg, self.arm, self.other_arm

    @property
    def joints(self) -> tuple[Point, ...]:
        """Every place that the body reaches."""
        return (self.hips, self.chest, self.head, *(each for limb in self.limbs for each in limb.joints))


class _Frame(NamedTuple):
    """Which way is forward, up and to the working side, as the trunk sees it."""

    forward: Point
    up: Point
    side: Point


def body_of(pose: Pose) -> Body:
    """The body in a pose: a standing ankle lies over 0, and its foot on the floor or the step."""
    frame = _frame(pose)
    hips = Point(0, 0, 0)
    chest = hips.on(frame.up, TRUNK)
    across = _mixed(frame.side, cos(radians(pose.hips)), frame.up, -sin(radians(pose.hips)))
    other = pose.other or pose.leg
    other_arm = pose.other_arm or pose.arm
    body = Body(
        hips,
        chest,
        chest.on(_mixed(frame.up, cos(radians(pose.head)), frame.forward, sin(radians(pose.head))), NECK),
        _leg(hips.on(across, HIP), pose.leg, frame, 1),
        _leg(hips.on(across, -HIP), other, frame, -1),
        _arm(chest.on(frame.side, SHOULDER), pose.arm, frame, 1),
        _arm(chest.on(frame.side, -SHOULDER), other_arm, frame, -1),
    )
    return body.moved(_place(body, pose, other))


def _place(body: Body, pose: Pose, other: Leg) -> Point:
    """How far the body has to be moved to stand, or to lie, where it should."""
    lift = pose.lift * (THIGH + SHANK) / 100
    for limb, leg in ((body.leg, pose.leg), (body.other_leg, other)):
        if leg.on != "air":
            *_, ankle, toes = limb.joints
            low = min(ankle.y, toes.y) - ANKLE
            return Point(-ankle.x, height(leg) - low + lift, 0)
    lowest = min(joint.y for joint in body.joints) - THICK
    return Point(0, lift - lowest, 0)


def height(leg: Leg) -> float:
    """How high what a foot stands on is."""
    return STEP if leg.on == "step" else 0.0


def _frame(pose: Pose) -> _Frame:
    lean, aside = radians(pose.trunk), radians(pose.side)
    forward = Point(cos(lean), -sin(lean), 0)
    up, side = Point(sin(lean), cos(lean), 0), Point(0, 0, 1)
    return _Frame(
        forward, _mixed(up, cos(aside), side, sin(aside)), _mixed(side, cos(aside), up, -sin(aside))
    )


def _leg(hip: Point, leg: Leg, frame: _Frame, side: int) -> Limb:
    knee = hip.on(_way(frame, leg.hip, leg.out * side), THIGH)
    shank = _way(frame, leg.hip - leg.knee, leg.out * side)
    ankle = knee.on(shank, SHANK)
    if leg.on == "air":
        foot = _way(frame, leg.hip - leg.knee + 90 - leg.foot, leg.out * side)
    else:
        foot = Point(cos(radians(leg.foot)), -sin(radians(leg.foot)), 0)
    return Limb((hip, knee, ankle, ankle.on(foot, FOOT)))


def _arm(shoulder: Point, arm: Arm, frame: _Frame, side: int) -> Limb:
    elbow = shoulder.on(_way(frame, arm.shoulder, arm.out * side), UPPER_ARM)
    return Limb((shoulder, elbow, elbow.on(_way(frame, arm.shoulder + arm.elbow, arm.out * side), FOREARM)))


def _way(frame: _Frame, bend: float, out: float) -> Point:
    """The direction of a limb: down along the trunk, bent forward, and moved out to the working side."""
    straight = _mixed(frame.up, -cos(radians(bend)), frame.forward, sin(radians(bend)))
    return _mixed(straight, cos(radians(out)), frame.side, sin(radians(out)))


def _mixed(one: Point, much: float, other: Point, more: float) -> Point:
    return Point(*(much * a + more * b for a, b in zip(one, other, strict=True)))
