"""The diagrams of a file of decision tables: what rests on what, and on which sources.

Two, since viewers show one at a time, and hundreds of sources would hide how the decisions hang together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import TopologicalSorter
from math import ceil, sqrt
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, register_namespace

from afterrun.tables.layout import Layout, Line, Size

_DMNDI = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
_DC = "http://www.omg.org/spec/DMN/20180521/DC/"
_DI = "http://www.omg.org/spec/DMN/20180521/DI/"

_HEIGHTS = {"inputData": 50, "decision": 80, "knowledgeSource": 64}
_LETTER = 7
_WIDE = 1.6
"""How many more boxes stand beside each other than above."""

Rows = Sequence[Sequence[str]]


class _Edge(NamedTuple):
    """A requirement of the file."""

    id: str
    line: Line


def draw(root: Element) -> None:
    """Add the diagrams of all elements and requirements that the definitions hold."""
    for prefix, namespace in (("dmndi", _DMNDI), ("dc", _DC), ("di", _DI)):
        register_namespace(prefix, namespace)
    found = [(each.tag.rpartition("}")[2], each) for each in root]
    kinds = {each.get("id", ""): kind for kind, each in found if kind in _HEIGHTS}
    sizes = {
        each.get("id", ""): _size(kind, each.get("name", "")) for kind, each in found if kind in _HEIGHTS
    }
    rests = list(_edges(root, "informationRequirement"))
    sourced = list(_edges(root, "authorityRequirement"))
    within = SubElement(root, f"{{{_DMNDI}}}DMNDI")
    inputs = [each for each, kind in kinds.items() if kind == "inputData"]
    decisions = [each for each, kind in kinds.items() if kind == "decision"]
    by_need = _rows_by_need(inputs, decisions, [edge.line for edge in rests])
    _diagram(within, "requirements", "What rests on what", by_need, sizes, rests)
    if sourced:
        by_use = _rows_by_use([edge.line for edge in sourced])
        _diagram(within, "sources", "On which sources", by_use, sizes, sourced)


def _size(kind: str, name: str) -> Size:
    """Wide enough for the name in one line."""
    return Size(max(120, _LETTER * len(name) + 30), _HEIGHTS[kind])


def _edges(root: Element, kind: str) -> Iterator[_Edge]:
    """Every requirement of a kind, from what it needs to what needs it."""
    for needs in root:
        for requirement in needs:
            if requirement.tag.endswith(f"}}{kind}"):
                needed = requirement[0].get("href", "")[1:]
                yield _Edge(requirement.get("id", ""), (needed, needs.get("id", "")))


def _rows_by_need(inputs: Sequence[str], decisions: Sequence[str], lines: Iterable[Line]) -> Rows:
    """All inputs at the bottom, and each decision as low as what it needs and the room allow."""
    most = ceil(sqrt(_WIDE * (len(inputs) + len(decisions))))
    needs: dict[str, list[str]] = {each: [] for each in (*inputs, *decisions)}
    for needed, by in lines:
        needs[by].append(needed)
    rows = _in_rows(inputs, most)
    lowest = len(rows)
    at = {each: place for place, row in enumerate(rows) for each in row}
    for each in TopologicalSorter(needs).static_order():
        if each in at:
            continue
        place = max([lowest, *(at[needed] + 1 for needed in needs[each])])
        while place < len(rows) and len(rows[place]) >= most:
            place += 1
        if place == len(rows):
            rows.append([])
        rows[place].append(each)
        at[each] = place
    return rows


def _rows_by_use(lines: Sequence[Line]) -> Rows:
    """Decisions in their order, each row of them above the sources that none before has needed."""
    needs: dict[str, list[str]] = {}
    for source, decision in lines:
        needs.setdefault(decision, []).append(source)
    most = ceil(sqrt(_WIDE * len({each for line in lines for each in line})))
    rows: list[list[str]] = []
    fresh: list[str] = []
    above: list[str] = []
    seen: set[str] = set()
    for decision, sources in needs.items():
        if above and (len(fresh) >= most or len(above) >= most):
            rows += [*_in_rows(fresh, most), above]
            fresh, above = [], []
        above.append(decision)
        fresh += [source for source in sources if source not in seen]
        seen.update(sources)
    return [*rows, *_in_rows(fresh, most), above]


def _in_rows(elements: Sequence[str], most: int) -> list[list[str]]:
    """As few rows as there may be, about equally long."""
    count = ceil(len(elements) / most)
    return [list(elements[place::count]) for place in range(count)]


def _diagram(
    within: Element, identity: str, name: str, rows: Rows, sizes: Mapping[str, Size], edges: Sequence[_Edge]
) -> None:
    layout = Layout(rows, sizes, [edge.line for edge in edges])
    diagram = SubElement(within, f"{{{_DMNDI}}}DMNDiagram", {"id": f"diagram_{identity}", "name": name})
    for element, box in layout.boxes.items():
        described = {"id": f"{identity}_{element}", "dmnElementRef": element}
        shape = SubElement(diagram, f"{{{_DMNDI}}}DMNShape", described)
        bounds = {key: str(number) for key, number in box._asdict().items()}
        SubElement(shape, f"{{{_DC}}}Bounds", bounds)
    for edge in edges:
        described = {"id": f"{identity}_{edge.id}", "dmnElementRef": edge.id}
        drawn = SubElement(diagram, f"{{{_DMNDI}}}DMNEdge", described)
        for x, y in layout.lines[edge.line]:
            SubElement(drawn, f"{{{_DI}}}waypoint", {"x": str(x), "y": str(y)})
