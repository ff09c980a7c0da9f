"""What waits for what, drawn in layers: questions at the left, what rests on them further right.

Propositions stand in the layer after the last one that they wait for, so every line runs to the
right. Within a layer each stands near the middle of what it is joined with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import NamedTuple

from afterrun.explanation import conclusion_words
from afterrun.rulebook import CellTest, Proposition, Ref, Rulebook, atoms
from afterrun.visible import visible

Link = Callable[[str, str], str]
"""From a kind (question, conclusion) and an id to an address; empty for none."""

WIDTH, HEIGHT, ROW, COLUMN, MARGIN = 300, 26, 34, 430, 24
LONGEST = 42
SWEEPS = 8


class Edge(NamedTuple):
    """One thing that another is concluded from, by these rules."""

    start: str
    end: str
    rules: tuple[str, ...]


class Graph(NamedTuple):
    """The layers from left to right, and the edges between them."""

    layers: tuple[tuple[str, ...], ...]
    edges: tuple[Edge, ...]


def dependency_graph(rulebook: Rulebook) -> Graph:
    """Questions and propositions in layers; a measure is drawn as the questions behind it."""
    rules: dict[tuple[str, str], dict[str, None]] = {}
    depth: dict[str, int] = {}
    for proposition, concluding in rulebook.propositions.items():
        depth[proposition] = 1
        for rule in concluding:
            for atom in atoms(rule.formula):
                starts: Iterable[str] = (
                    rulebook.variables[atom.variable].questions
                    if isinstance(atom, CellTest)
                    else (atom.proposition,)
                )
                for start in starts:
                    rules.setdefault((start, proposition), {})[rule.id] = None
                if isinstance(atom, Ref):
                    depth[proposition] = max(depth[proposition], depth[atom.proposition] + 1)
    used = {start for start, _ in rules}
    layers = [[name for name in rulebook.questions if name in used]]
    for level in range(1, max(depth.values(), default=0) + 1):
        layers.append([name for name, at in depth.items() if at == level])
    edges = tuple(Edge(start, end, tuple(by)) for (start, end), by in rules.items())
    return Graph(tuple(map(tuple, _in_order(layers, edges))), edges)


def graph_svg(rulebook: Rulebook, link: Link = lambda kind, name: "") -> str:
    """The dependency graph as a picture of its own, every node a link where `link` gives one."""
    graph = dependency_graph(rulebook)
    tallest = max((len(layer) for layer in graph.layers), default=1)
    height = tallest * ROW + 2 * MARGIN
    width = (len(graph.layers) - 1) * COLUMN + WIDTH + 2 * MARGIN
    at: dict[str, tuple[float, float]] = {
        name: (MARGIN + place * COLUMN, MARGIN + (tallest - len(layer)) * ROW / 2 + row * ROW)
        for place, layer in enumerate(graph.layers)
        for row, name in enumerate(layer)
    }
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="group" aria-label="What each conclusion rests on">',
        f"<style>{STYLE}</style>",
        '<g class="edges" aria-hidden="true">',
        *(_edge(edge, at) for edge in graph.edges),
        "</g>",
        *(_node(rulebook, name, *at[name], link) for layer in graph.layers for name in layer),
        "</svg>",
    ]
    return visible("\n".join(lines))


STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1f2a2e; }
rect { fill: #fff; stroke: #8aa3a1; }
.question rect { fill: #eaf2f0; }
.triage rect { fill: #fbf1e6; stroke: #b98a5e; }
.pattern rect { stroke: #14595c; stroke-width: 2; }
.edges path { fill: none; stroke: #14595c; stroke-opacity: .28; }
.edges path.lit { stroke-opacity: .95; stroke-width: 2; }
a:focus rect, a:hover rect { stroke: #14595c; stroke-width: 3; }
a:focus { outline: none; }
"""


def _in_order(layers: list[list[str]], edges: Iterable[Edge]) -> list[list[str]]:
    """Each layer sorted by where its neighbours stand, there and back a few times."""
    joined: dict[str, list[str]] = {}
    for start, end, _ in edges:
        joined.setdefault(start, []).append(end)
        joined.setdefault(end, []).append(start)
    for sweep in range(SWEEPS):
        for layer in layers[1:] if sweep % 2 == 0 else layers[-2:0:-1]:
            place = {name: (row + 0.5) / len(each) for each in layers for row, name in enumerate(each)}
            middle = {
                name: sum(place[other] for other in joined.get(name, [name])) / len(joined.get(name, [name]))
                for name in layer
            }
            layer.sort(key=middle.__getitem__)
    return layers


def _edge(edge: Edge, at: dict[str, tuple[float, float]]) -> str:
    x1, y1 = at[edge.start][0] + WIDTH, at[edge.start][1] + HEIGHT / 2
    x2, y2 = at[edge.end][0], at[edge.end][1] + HEIGHT / 2
    bend = (x2 - x1) / 2
    return (
        f'<path data-from="{edge.start}" data-to="{edge.end}" '
        f'd="M{x1:.0f} {y1:.0f}C{x1 + bend:.0f} {y1:.0f} {x2 - bend:.0f} {y2:.0f} {x2:.0f} {y2:.0f}">'
        f"<title>{escape(', '.join(edge.rules))}</title></path>"
    )


def _node(rulebook: Rulebook, name: str, x: float, y: float, link: Link) -> str:
    if name in rulebook.questions:
        kind, words = "question", rulebook.questions[name].ask
    else:
        kind, words = "conclusion", conclusion_words(rulebook, name)
    group = kind if kind == "question" else Proposition.parse(name).kind
    short = words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
    inner = (
        f"<title>{escape(words)} ({escape(name)})</title>"
        f'<rect x="{x:.0f}" y="{y:.1f}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
        f'<text x="{x + 8:.0f}" y="{y + 17:.1f}">{escape(short[:1].upper() + short[1:])}</text>'
    )
    target = link(kind, name)
    body = f'<a href="{escape(target)}" data-node="{name}">{inner}</a>' if target else inner
    return f'<g class="{group}">{body}</g>'
