"""What a modeler draws of the exported tables: all of it, one way, and nothing over anything else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

import afterrun
from afterrun.tables import as_dmn
from afterrun.tables.layout import Box, Layout, Line, Point, Size
from tests.support.paths import EXAMPLES
from tests.support.readers.dmn import shown

DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
DMNDI = "{https://www.omg.org/spec/DMN/20191111/DMNDI/}"
DC = "{http://www.omg.org/spec/DMN/20180521/DC/}"
DI = "{http://www.omg.org/spec/DMN/20180521/DI/}"
ELEMENTS = ("inputData", "decision", "knowledgeSource")
REQUIREMENTS = ("informationRequirement", "authorityRequirement")


class Drawing(NamedTuple):
    """Boxes by element, and lines from what is needed to what needs it."""

    boxes: dict[str, Box]
    lines: Mapping[Line, Sequence[Point]]


@pytest.fixture(
    scope="module",
    params=[
        *(pytest.param(part, marks=pytest.mark.slow) for part in ("the main part", "the check-ins")),
        "mould",
    ],
)
def exported(
    request: pytest.FixtureRequest, rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook
) -> str:
    if request.param == "mould":
        return as_dmn(afterrun.load_rulebook(EXAMPLES / "mould"))
    return as_dmn(rulebook if request.param == "the main part" else checkin_part)


def needs_of(root: Element) -> dict[str, Line]:
    """What each requirement joins, by its id."""
    return {
        each.get("id", ""): (each[0].get("href", "")[1:], decision.get("id", ""))
        for decision in root.iter(f"{DMN}decision")
        for kind in REQUIREMENTS
        for each in decision.findall(DMN + kind)
    }


def drawings(root: Element) -> Iterator[Drawing]:
    needs = needs_of(root)
    for diagram in root.iter(f"{DMNDI}DMNDiagram"):
        bounds = ((each.get("dmnElementRef", ""), each[0]) for each in diagram.iter(f"{DMNDI}DMNShape"))
        boxes = {
            name: Box(*(int(each.get(side, "")) for side in ("x", "y", "width", "height")))
            for name, each in bounds
        }
        lines = {
            needs[each.get("dmnElementRef", "")]: [
                (int(point.get("x", "")), int(point.get("y", ""))) for point in each.iter(f"{DI}waypoint")
            ]
            for each in diagram.iter(f"{DMNDI}DMNEdge")
        }
        yield Drawing(boxes, lines)


def check(drawing: Drawing) -> None:
    """Nothing lies on anything else, and every line leads up from what is needed."""
    for one, other in combinations(drawing.boxes.values(), 2):
        assert apart(one, other), (one, other)
    lying: dict[tuple[str, int], list[tuple[int, int, str]]] = defaultdict(list)
    for (needed, needs), points in drawing.lines.items():
        below, above = drawing.boxes[needed], drawing.boxes[needs]
        (first_x, first_y), (last_x, last_y) = points[0], points[-1]
        assert first_y == below.y
        assert below.x < first_x < below.x + below.width
        assert last_y == above.y + above.height
        assert above.x < last_x < above.x + above.width
        for (x, y), (next_x, next_y) in pairwise(points):
            assert next_y <= y, "a line leads down again"
            assert (x == next_x) != (y == next_y), "a line is slanted, or stands still"
            left, right = sorted((x, next_x))
            for box in drawing.boxes.values():
                beside = right <= box.x or box.x + box.width <= left
                assert beside or y <= box.y or box.y + box.height <= next_y, "through a box"
            upright = ("x", x, next_y, y) if x == next_x else ("y", y, left, right)
            lying[upright[0], upright[1]].append((*upright[2:], needed))
    for stretches in lying.values():
        end, of = -1, ""
        for first, last, needed in sorted(stretches):
            assert first > end or needed == of, f"{needed} and {of} cannot be told apart"
            end, of = max(end, last), needed


def apart(one: Box, other: Box) -> bool:
    """Whether there is room between two boxes."""
    return (
        one.x + one.width < other.x
        or other.x + other.width < one.x
        or one.y + one.height < other.y
        or other.y + other.height < one.y
    )


def test_all_that_rests_on_anything_is_drawn_once_and_can_be_told_apart(exported: str) -> None:
    root = fromstring(exported)
    rests, sources = drawings(root)
    check(rests)
    check(sources)
    kinds = {each.get("id", ""): each.tag.removeprefix(DMN) for each in root if each.tag != f"{DMNDI}DMNDI"}
    assert set(rests.boxes) == {name for name, kind in kinds.items() if kind in ("inputData", "decision")}
    assert {name for name, kind in kinds.items() if kind == "knowledgeSource"} <= set(sources.boxes)
    drawn = Counter([*rests.lines, *sources.lines])
    assert drawn == Counter(needs_of(root).values())
    lowest = max(box.y for box in rests.boxes.values())
    answers = [box.y for name, box in rests.boxes.items() if kinds[name] == "inputData"]
    assert lowest in answers
    assert min(answers) > max(box.y for name, box in rests.boxes.items() if kinds[name] == "decision")


@pytest.mark.process
def test_a_foreign_reader_finds_every_element_and_requirement_in_a_diagram(
    exported: str, tmp_path: Path
) -> None:
    file = tmp_path / "rules.dmn"
    file.write_text(exported, encoding="utf-8")
    found = [each for diagram in shown(file) for each in diagram]
    root = fromstring(exported)
    shapes = {identity for drawn, _, identity in found if drawn == "dmndi:DMNShape"}
    assert shapes == {each.get("id") for kind in ELEMENTS for each in root.findall(DMN + kind)}
    edges = [identity for drawn, _, identity in found if drawn == "dmndi:DMNEdge"]
    assert sorted(edges) == sorted(needs_of(root))
    kinds = {kind.removeprefix("dmn:").lower() for _, kind, _ in found}
    assert kinds == {each.lower() for each in (*ELEMENTS, *REQUIREMENTS)}


@given(
    st.lists(st.integers(1, 5), min_size=2, max_size=5),
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=40),
)
def test_whatever_rests_on_whatever_can_be_told_apart(
    counts: list[int], pairs: list[tuple[int, int]]
) -> None:
    rows = [[f"{row}.{place}" for place in range(count)] for row, count in enumerate(counts)]
    boxes = [(box, row) for row, names in enumerate(rows) for box in names]
    joined = ((boxes[one % len(boxes)], boxes[other % len(boxes)]) for one, other in pairs)
    lines = [(below[0], above[0]) for below, above in joined if below[1] < above[1]]
    sizes = {box: Size(20 + 7 * len(boxes) * (place % 2), 30 + place) for place, (box, _) in enumerate(boxes)}
    layout = Layout(rows, sizes, lines)
    check(Drawing(layout.boxes, dict(layout.lines)))
    assert set(layout.lines) == set(lines)
