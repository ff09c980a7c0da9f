"""FHIR resources as a clinic's own systems send them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from afterrun.rulebook import Rulebook
from tests.support.paths import DATA
from tests.support.random_input.intakes import CALM

Item = dict[str, Any]


def cases_in(*names: str) -> list[dict[str, Any]]:
    """Whole cases: an id, answers, and what is expected of them."""
    return [
        json.loads(line)
        for name in names
        for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]


STORY: dict[str, Any] = cases_in("cases")[0]["answers"]
"""A whole intake: pain in a tendon after the run."""


def calm_response(rulebook: Rulebook, **more: Any) -> dict[str, Any]:
    """A response without a warning sign, to be spoilt."""
    from afterrun.interchange import response_of

    return response_of(rulebook, {**CALM, **more})


def items_of(resource: Mapping[str, Any]) -> Iterator[Item]:
    """Every item of a questionnaire or a response, however deep."""
    for item in resource.get("item", ()):
        yield item
        yield from items_of(item)


def item_of(resource: Mapping[str, Any], name: str) -> Item:
    """The one item with this linkId."""
    (found,) = (each for each in items_of(resource) if each["linkId"] == name)
    return found
