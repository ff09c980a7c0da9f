"""The items of a response by their linkId, in sections or without; what stands elsewhere is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from afterrun.interchange.answered.envelope import RESPONSE
from afterrun.interchange.answered.gathering import LONGEST, Told, kind_of
from afterrun.interchange.asked import TOLD_ITEM, group_item, help_item, unknown_item
from afterrun.rulebook import Rulebook

_KEYS = ("linkId", "definition", "text", "answer", "item", "_linkId", "_definition", "_text")


class Link(NamedTuple):
    """What a linkId stands for."""

    kind: Literal["group", "question", "unknown", "unit", "text"]
    name: str
    """The section, the question, or the quantity."""
    section: str


class Placed(NamedTuple):
    """An item of a response, where it stands, and what of it are answers."""

    item: Mapping[str, Any]
    path: str
    answers: list[tuple[Any, str]]


def links_of(rulebook: Rulebook) -> dict[str, Link]:
    """Every linkId of the questionnaire."""
    links = {group_item(each): Link("group", each, each) for each in rulebook.sections}
    links[TOLD_ITEM] = Link("text", "", "")
    for question in rulebook.questions.values():
        name, section = question.id, question.section
        if question.quantity:
            key = rulebook.quantities[question.quantity].unit_key
            links.setdefault(key, Link("unit", question.quantity, section))
        links[name] = Link("question", name, section)
        links[help_item(name)] = Link("text", name, section)
        if question.unknown_reads is not None and not question.options:
            links[unknown_item(name)] = Link("unknown", name, section)
    return links


def placed_items(links: Mapping[str, Link], resource: Mapping[str, Any], told: Told) -> dict[str, Placed]:
    """The items that may hold answers, by linkId; the first where one stands twice, which is told."""
    placed: dict[str, Placed] = {}
    waiting = [(item, path, "") for item, path in reversed(told.elements(resource, "item", RESPONSE))]
    while waiting:
        item, path, section = waiting.pop()
        if not told.element(item, path, _KEYS):
            continue
        name = item.get("linkId")
        link = links.get(name) if isinstance(name, str) else None
        if link is None:
            _unknown(name, links, path, told)
            continue
        if name in placed:
            told.wrong("duplicate", path, f"stands here again: it was at {placed[name].path} already", name)
            continue
        placed[name] = Placed(item, path, told.elements(item, "answer", path, name))
        if section and (link.section != section or link.kind == "group"):
            told.wrong("structure", path, f"does not stand below {group_item(section)}", name)
        below = told.elements(item, "item", path, name)
        if link.kind == "group":
            waiting += [(each, place, link.name) for each, place in reversed(below)]
        else:
            for _, place in below:
                told.wrong("structure", place, "no item stands below this one", name)
        if link.kind in ("group", "text") and placed[name].answers:
            told.wrong("structure", f"{path}.answer", "is no question, and takes no answer", name)
    return placed


def _unknown(name: Any, links: Mapping[str, Link], path: str, told: Told) -> None:
    if isinstance(name, str):
        message = "no item of the questionnaire has this linkId"
        told.wrong("not-found", f"{path}.linkId", message, name[:LONGEST], told.near(name, links))
    elif name is None:
        told.wrong("required", f"{path}.linkId", "is missing")
    else:
        told.wrong("structure", f"{path}.linkId", f"is {kind_of(name)}, where a text belongs")
