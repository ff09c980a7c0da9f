"""An exercise in, one drawing out: where it starts and where it ends, side by side, in one manner for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import hypot
from operator import add, sub
from typing import NamedTuple

from afterrun.rulebook.schema import Exercise
from afterrun.schedule import framed, text
from afterrun.telling.exercises.body import Body, Limb, Point, body_of
from afterrun.telling.exercises.props import Disc, Scene, Thing, things_behind, things_held

WIDTH = 460
BELOW = 26
"""The floor and the words below it."""
PANEL = WIDTH / 2
FLOOR = 0
HEAD = 10.5
ABOVE = 26
"""Room for a head and what rises above it."""
SHORT = 8
"""A way too short to be shown by an arrow."""
ASIDE = 22
"""From the body to the arrow beside it."""
LONG = 44
"""Of every arrow."""
STANDS = 12
"""As low as an ankle that stands."""

_LOOKS = {
    "limb": 'stroke-width="9.5"',
    "trunk": 'stroke-width="11" fill="currentColor" opacity=".62"',
    "prop": 'stroke-width="3"',
    "solid": 'stroke-width="3.5"',
    "wall": 'stroke-width="6" opacity=".55"',
    "floor": 'stroke-width="2" opacity=".55"',
    "weight": 'stroke-width="7"',
    "band": 'stroke-width="3.5" stroke-dasharray="3 6"',
    "disc": 'stroke-width="6"',
    "way": 'stroke-width="4"',
}
"""How each kind of line looks; in attributes, since a style would reach every other picture of a page."""


_LABEL = ' font-family="system-ui,sans-serif" font-size="15" font-weight="600" fill="currentColor"'
"""For a drawing that stands alone; a page's style says the same, and no other picture outdoes it."""


def exercise_svg(exercise: Exercise, prefix: str = "card") -> str:
    """The drawing of an exercise, with words for those who do not see it."""
    bodies = body_of(exercise.start), body_of(exercise.end)
    front = exercise.view == "front"
    scenes = [Scene(exercise, bodies, place) for place in (0, 1)]
    seen = [_Eye(front, 0, 0).at(joint) for body in bodies for joint in body.joints]
    middle = (min(x for x, _ in seen) + max(x for x, _ in seen)) / 2
    drawn: list[str] = []
    # Every drawing has one scale; one of somebody who lies is only less high.
    top = min(y for _, y in seen) - ABOVE
    for place, scene in enumerate(scenes):
        eye = _Eye(front, PANEL * (place + 0.5) - middle, FLOOR)
        drawn.append('<g fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round">')
        drawn += _panel(scene, eye)
        if place == 1:
            arrow = _way(bodies, eye)
            drawn.append(arrow.drawn)
            top = min(top, arrow.top)
        drawn.append("</g>")
        label = ("Start", "End")[place]
        drawn.append(text(PANEL * (place + 0.5), FLOOR + BELOW - 6, label, anchor="middle", more=_LABEL))
    words = f"Start: {exercise.set_up} End: {exercise.movement} {exercise.side}"
    box = (0, top, WIDTH, FLOOR + BELOW - top)
    return framed(f"{prefix}-{exercise.id}", (exercise.name, words), box, drawn)


def on_paper(svg: str) -> str:
    """The same on white, for where nobody knows the colour of the page."""
    ground = f'<rect x="0" y="-400" width="{WIDTH}" height="500" fill="#fff"/>'
    return svg.replace("</desc>", f"</desc>\n{ground}", 1)


class _Arrow(NamedTuple):
    """One of the one length, its middle at a place, in some direction across and down."""

    x: float
    y: float
    right: float
    down: float

    @property
    def top(self) -> float:
        """The highest that it reaches."""
        return self.y - LONG / 2

    @property
    def drawn(self) -> str:
        """A line with a tip."""
        far = LONG / 2
        x0, y0, x1, y1 = (
            f(at, way * far) for f in (sub, add) for at, way in ((self.x, self.right), (self.y, self.down))
        )
        tip = "".join(
            f"L{x1 - 13 * self.right + s * 7 * self.down:.1f} {y1 - 13 * self.down - s * 7 * self.right:.1f}"
            for s in (1, -1)
        )
        line = f"M{x0:.1f} {y0:.1f}L{x1 - 8 * self.right:.1f} {y1 - 8 * self.down:.1f}"
        return (
            f'<path d="{line}" {_LOOKS["way"]}/>'
            f'<path fill="currentColor" stroke="none" d="M{x1:.1f} {y1:.1f}{tip}Z"/>'
        )


class _Eye:
    """Where a place of the room lies in the picture: from the front, or from the side and a little above."""

    def __init__(self, front: bool, right: float, floor: float) -> None:
        self._front, self._right, self._floor = front, right, floor

    def at(self, place: Point) -> tuple[float, float]:
        """Across and down."""
        if self._front:
            return self._right + place.z, self._floor - place.y + 0.3 * place.x
        return self._right + place.x - 0.25 * place.z, self._floor - place.y + 0.15 * place.z

    def path(self, kind: str, places: Iterable[Point]) -> str:
        """A line through some places."""
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(self.at, places))
        return f'<polyline points="{points}" {_LOOKS[kind]}/>'


def _panel(scene: Scene, eye: _Eye) -> Iterator[str]:
    place = scene.place * PANEL
    yield f'<path d="M{place + 12:.0f} {FLOOR + 1}H{place + PANEL - 12:.0f}" {_LOOKS["floor"]}/>'
    yield from (_thing(each, eye) for each in things_behind(scene))
    body = scene.body
    both = scene.poses[scene.place].other is None
    tone = ".6" if both else ".32"
    yield f'<g opacity="{tone}">{_limb(body.other_leg, eye)}{_limb(body.other_arm, eye)}</g>'
    yield eye.path("trunk", _trunk(body))
    yield _limb(body.leg, eye)
    x, y = eye.at(body.head)
    yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{HEAD}" fill="currentColor"/>'
    yield _limb(body.arm, eye)
    yield from (_thing(each, eye) for each in things_held(scene))


def _limb(limb: Limb, eye: _Eye) -> str:
    return eye.path("limb", limb.joints)


def _thing(thing: Thing, eye: _Eye) -> str:
    if isinstance(thing, Disc):
        x, y = eye.at(thing.middle)
        rings = (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" {_LOOKS["disc"]}/>' for r in (thing.radius, 5)
        )
        return "".join(rings)
    return eye.path(thing.kind, thing.places)


def _trunk(body: Body) -> tuple[Point, ...]:
    """From shoulder to shoulder to hip to hip, and back; the limbs reach out of it."""
    corners = (body.arm.joints[0], body.other_arm.joints[0], body.other_leg.joints[0], body.leg.joints[0])
    return (*corners, corners[0])


def _way(bodies: tuple[Body, Body], eye: _Eye) -> _Arrow:
    """An arrow beside the body, the way that the hips move; beside a foot where the hips stay."""
    first, last = bodies
    start, end = eye.at(first.hips), eye.at(last.hips)
    if hypot(end[0] - start[0], end[1] - start[1]) > SHORT:
        right = max(eye.at(each)[0] for each in last.joints)
        middle = min((start[1] + end[1]) / 2, FLOOR - LONG / 2 - 6)
        return _Arrow(right + ASIDE, middle, 0, 1 if end[1] > start[1] else -1)
    feet = [(eye.at(a), eye.at(b)) for a, b in zip(_feet(first), _feet(last), strict=True)]
    (x0, y0), (x1, y1) = max(feet, key=lambda way: hypot(way[1][0] - way[0][0], way[1][1] - way[0][1]))
    length = hypot(x1 - x0, y1 - y0)
    way = ((x1 - x0) / length, (y1 - y0) / length)
    outward = 1 if x1 > end[0] else -1
    if abs(way[1]) > abs(way[0]):
        return _Arrow(x1 + outward * ASIDE, (y0 + y1) / 2, *way)
    if y1 > FLOOR - STANDS:
        return _Arrow(x1 + outward * (ASIDE + LONG) / 2, y1, *way)
    return _Arrow((x0 + x1) / 2, min(y0, y1) - 2 * ASIDE, *way)


def _feet(body: Body) -> tuple[Point, Point]:
    return body.leg.joints[2], body.other_leg.joints[2]
