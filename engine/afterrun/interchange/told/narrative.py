"""Sections of words in, the readable part of a resource out: plain XHTML, as FHIR allows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from afterrun.telling import Page, Point, Section
from afterrun.visible import visible


def narrative(title: str, *texts: str, sections: Iterable[Section] = ()) -> dict[str, Any]:
    """The Narrative of a title, paragraphs and sections, empty ones left out.

    >>> narrative("Knee", "It hurts.")["div"]
    '<div xmlns="http://www.w3.org/1999/xhtml"><h2>Knee</h2><p>It hurts.</p></div>'
    """
    parts = [_tag("h2", title), *(_tag("p", each) for each in texts if each)]
    for section in sections:
        parts += _section(section)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{"".join(parts)}</div>'}


def page_narrative(page: Page) -> dict[str, Any]:
    """The same of a whole page, what comes before all else on top."""
    whole = page.whole
    return narrative(
        whole.title, whole.at_once, whole.lead, sections=(*whole.sections, Section("", note=whole.foot))
    )


def _section(section: Section) -> Iterator[str]:
    days = [Point(f"{each.day}, {each.time}", " ".join((each.title, *each.asks))) for each in section.days]
    points = [*section.points, *days]
    if not (points or section.note or section.lines):
        return
    if section.title:
        yield _tag("h3", section.title)
    if section.note:
        yield _tag("p", section.note)
    if section.table and points:
        rows = (f"<tr>{_tag('th', each.name)}{_tag('td', each.text)}</tr>" for each in points)
        yield f"<table><tbody>{''.join(rows)}</tbody></table>"
    elif points:
        yield f"<ul>{''.join(map(_point, points))}</ul>"
    if section.lines:
        yield f"<ul>{''.join(_tag('li', each.text) for each in section.lines)}</ul>"


def _point(point: Point) -> str:
    if not (point.text or point.steps or point.more):
        return _tag("li", point.name)
    steps = f"<ul>{''.join(_tag('li', each) for each in point.steps)}</ul>" if point.steps else ""
    texts = "".join(_tag("p", each) for each in (point.text, point.more) if each)
    return f"<li>{_tag('b', point.name)}{texts}{steps}</li>"


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(visible(text), quote=False)}</{name}>"
