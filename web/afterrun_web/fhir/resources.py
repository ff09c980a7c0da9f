"""What there is to read: the questionnaire, the operations and the library, by kind and id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.datastructures import QueryParams

from afterrun import Rulebook
from afterrun.interchange import (
    SEARCHED_BY,
    Issue,
    ResponseError,
    library_of,
    operation_definitions,
    questionnaire_of,
)
from afterrun_web.requests.problems import TOLD

_SHAPING = ("_count", "_elements", "_format", "_pretty", "_sort", "_summary", "_total")
"""What asks for another shape of the same; all but the count are passed by, as FHIR lets a server do."""
_NAMED_ANEW = "_id"


class Shelf:
    """The resources of one rulebook, made once."""

    def __init__(self) -> None:
        self._kept: tuple[Rulebook, dict[str, dict[str, Any]]] | None = None
        """Both at once: several threads ask."""

    def kinds(self, rulebook: Rulebook) -> list[str]:
        """The kinds of resources that there are."""
        return list(self._all(rulebook))

    def read(self, rulebook: Rulebook, kind: str, id: str) -> dict[str, Any]:
        """The resource of an id. Raises Refused."""
        found: dict[str, Any] | None = self._all(rulebook).get(kind, {}).get(id)
        if found is None:
            raise TOLD[404]
        return found

    def search(self, rulebook: Rulebook, kind: str, given: QueryParams, base: str) -> dict[str, Any]:
        """Those that fit all that was asked, as a searchset. Raises Refused, ResponseError."""
        known = self._all(rulebook).get(kind)
        if known is None:
            raise TOLD[404]
        asked = [(name, value) for name, value in given.multi_items() if name not in _SHAPING]
        unknown = [name for name, _ in asked if name not in SEARCHED_BY]
        if unknown:
            text = f"'{unknown[0][:100]}' is not searched by here; there are {', '.join(SEARCHED_BY)}"
            raise ResponseError([Issue("error", "not-supported", "", text)])
        found = [each for each in known.values() if all(_fits(each, *one) for one in asked)]
        shown = found[: _count(given, len(found))]
        query = f"?{given}" if given else ""
        return {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": len(found),
            "link": [{"relation": "self", "url": f"{base}/{kind}{query}"}],
            **({"entry": list(_entries(shown, f"{base}/{kind}"))} if shown else {}),
        }

    def _all(self, rulebook: Rulebook) -> dict[str, dict[str, Any]]:
        held = self._kept
        if held is not None and held[0] is rulebook:
            return held[1]
        kept: dict[str, dict[str, Any]] = {}
        library = [each["resource"] for each in library_of(rulebook).get("entry", ())]
        for each in (questionnaire_of(rulebook), *operation_definitions(rulebook), *library):
            kept.setdefault(each["resourceType"], {})[each["id"]] = each
        self._kept = (rulebook, kept)
        return kept


def _fits(resource: Mapping[str, Any], name: str, value: str) -> bool:
    """Whether it has one of the values, which a comma parts."""
    own = resource.get("id" if name == _NAMED_ANEW else name)
    whole = f"{own}|{resource.get('version')}" if name == "url" else own
    return any(each in (own, whole) for each in value.split(","))


def _count(given: QueryParams, all_of_them: int) -> int:
    asked = given.get("_count", "")
    return int(asked[:9]) if asked.isascii() and asked.isdecimal() else all_of_them


def _entries(found: list[dict[str, Any]], place: str) -> Iterator[dict[str, Any]]:
    for each in found:
        yield {"fullUrl": f"{place}/{each['id']}", "resource": each, "search": {"mode": "match"}}
