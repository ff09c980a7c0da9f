"""Issues gathered while a response is read, so that all are told at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from afterrun.errors import Problem, nearest
from afterrun.interchange.answered.issues import Issue

ELEMENT = frozenset({"id", "extension"})
"""What each element may hold."""
LONGEST = 200
"""Characters of a name that are told."""
MOST_SOUGHT = 100
"""Names for which one that was meant is sought."""


class Told:
    """What is wrong so far."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.names: set[str] = set()
        """The questions of which something was told."""
        self._sought = 0

    def wrong(self, code: str, path: str, message: str, name: str = "", near: str = "") -> None:
        """Something is wrong at a place; `name` is the linkId, where one is meant."""
        self.names.add(name)
        self.issues.append(Issue("error", code, path, str(Problem(message, key=name, nearest=near))))

    def near(self, name: str, known: Iterable[str]) -> str:
        """The known name that looks most like this; none once many were sought, since each takes a while."""
        self._sought += 1
        return nearest(name[:LONGEST], known) if self._sought <= MOST_SOUGHT else ""

    def element(self, value: Any, path: str, keys: Collection[str], name: str = "") -> bool:
        """Whether a value is an object; keys that R4 does not have there are told, and so is each null."""
        if not isinstance(value, dict):
            self.wrong("structure", path, f"is {kind_of(value)}, where an object belongs", name)
            return False
        known = {*keys, *ELEMENT}
        for key in value:
            if key == "modifierExtension":
                message = "may turn the meaning around, and is not known here"
                self.wrong("extension", f"{path}.{key}", message, name)
            elif key not in known:
                message = "is no field of FHIR R4 there"
                self.wrong("structure", f"{path}.{key[:LONGEST]}", message, name, self.near(key, known))
            elif value[key] is None:
                self.wrong("structure", f"{path}.{key}", "is null: leave it out", name)
        return True

    def elements(
        self, holder: Mapping[str, Any], key: str, path: str, name: str = ""
    ) -> list[tuple[Any, str]]:
        """What a list of an element holds, each with its path; not being a list is told."""
        values = holder.get(key)
        if values is None:
            return []
        if not isinstance(values, list):
            self.wrong("structure", f"{path}.{key}", f"is {kind_of(values)}, where a list belongs", name)
            return []
        return [(each, f"{path}.{key}[{place}]") for place, each in enumerate(values)]


def kind_of(value: Any) -> str:
    """What JSON calls a value, with an article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    for kind, words in ((str, "a text"), (list, "a list"), (dict, "an object")):
        if isinstance(value, kind):
            return words
    return "a number"
