"""What of a rulebook decides anything, and where in its files it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from afterrun.rulebook import Bundle, Document, KeyPath, Rulebook, bundle_of, read_shared_yaml, root_of
from afterrun.rulebook.schema import Condition


@dataclass(frozen=True)
class OfRule:
    """A rule, by its id."""

    id: str
    field: ClassVar = "if_"
    """Where the written item holds its condition."""
    excerpt: ClassVar = ("id", "if_", "then")
    """What of the item a reader needs to see."""

    def __str__(self) -> str:
        return self.id

    def written(self, rulebook: Rulebook) -> Any:
        """The item as written."""
        return rulebook.rules[self.id].written


@dataclass(frozen=True)
class OfQuestion:
    """A question, by its id: when it is skipped, and what an answer that gives no value is read as."""

    question: str
    field: ClassVar = "skip_when"
    excerpt: ClassVar = ("id", "unknown_reads", "skip_when", "skipped_reads")

    def __str__(self) -> str:
        return f"question {self.question}"

    def written(self, rulebook: Rulebook) -> Any:
        """The item as written."""
        return rulebook.questions[self.question]


@dataclass(frozen=True)
class OfPlan:
    """An entry of the plan, by its place."""

    place: int
    field: ClassVar = "when"
    excerpt: ClassVar = (
        "key",
        "for_",
        "when",
        "value",
        "parameter",
        "formula",
        "scheme",
        "answer",
        "by_option",
    )

    def __str__(self) -> str:
        return f"plan {self.place}"

    def written(self, rulebook: Rulebook) -> Any:
        """The item as written."""
        return rulebook.plan[self.place]


@dataclass(frozen=True)
class OfMeasure:
    """A measure, by its id."""

    id: str
    field: ClassVar = ""
    excerpt: ClassVar = ("id", "formula")

    def __str__(self) -> str:
        return f"measure {self.id}"

    def written(self, rulebook: Rulebook) -> Any:
        """The item as written."""
        return rulebook.measures[self.id]


@dataclass(frozen=True)
class OfParameter:
    """A parameter, by its id."""

    id: str
    field: ClassVar = ""
    excerpt: ClassVar = ("id", "values", "wins")

    def __str__(self) -> str:
        return f"parameter {self.id}"

    def written(self, rulebook: Rulebook) -> Any:
        """The item as written."""
        return rulebook.parameters[self.id]


@dataclass(frozen=True)
class OfSchedule:
    """A part of the schedule: its length, its check-in, or a session or course by its place."""

    part: str
    place: int | None = None
    field: ClassVar = ""
    excerpt: ClassVar = ()

    def __str__(self) -> str:
        return f"schedule {self.part}" if self.place is None else f"schedule {self.part} {self.place}"

    def written(self, rulebook: Rulebook) -> Any:
        """The item as written."""
        part = getattr(rulebook.schedule, self.part)
        return part if self.place is None else part[self.place]


Owner = OfRule | OfQuestion | OfPlan | OfMeasure | OfParameter | OfSchedule


WHOLE = ("length", "check_in")
"""The parts of a schedule that stand once."""


def owners_in(rulebook: Rulebook) -> Iterator[Owner]:
    """Everything written that decides what a person is told."""
    yield from (OfRule(each.id) for each in rulebook.rules.values() if each.written is not None)
    yield from map(OfQuestion, rulebook.questions)
    yield from (OfPlan(place) for place, _ in enumerate(rulebook.plan))
    yield from map(OfMeasure, rulebook.measures)
    yield from map(OfParameter, rulebook.parameters)
    if rulebook.schedule is not None:
        yield from (OfSchedule(part) for part in WHOLE if getattr(rulebook.schedule, part) is not None)
        for part in ("sessions", "courses"):
            yield from (OfSchedule(part, place) for place, _ in enumerate(getattr(rulebook.schedule, part)))


def condition_held(owner: Owner, item: Any) -> Condition | None:
    """What an owner, as written in `item`, waits for; None where it waits for nothing."""
    condition: Condition | None = getattr(item, owner.field) if owner.field else None
    return condition


class SourceLine(NamedTuple):
    """A line in a file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Places:
    """The files of a loaded rulebook, or of a part of it, read once more for their lines."""

    def __init__(self, folder: Path | str | None = None, part: str | None = None) -> None:
        root = root_of(folder)
        bundle = root if isinstance(root, Bundle) else bundle_of(root)
        self.texts: dict[str, list[str]] = {}
        self._owners: dict[Owner, tuple[str, Document, KeyPath]] = {}
        folders = [f"{kind}/{part}" if part else kind for kind in ("rules", "knowledge")]
        for name, data in (
            (f"{folder}/{own}", data) for folder in folders for own, data in bundle.within(folder)
        ):
            text = data.decode("utf-8-sig")
            document = read_shared_yaml(text, name)
            self.texts[name] = text.splitlines()
            for owner, start in _owners_of(name, document):
                self._owners[owner] = (name, document, start)

    def of(self, owner: Owner, path: KeyPath = ()) -> SourceLine:
        """The line of what an owner says at a path."""
        name, document, start = self._owners[owner]
        return SourceLine(name, document.line((*start, *path)))


def _owners_of(name: str, document: Document) -> Iterator[tuple[Owner, KeyPath]]:
    data, stem = document.data, Path(name).stem
    if name.startswith("rules/"):
        for place, rule in enumerate(data):
            yield OfRule(rule["id"]), (place,)
    elif stem == "questions":
        for place, question in enumerate(data["questions"]):
            yield OfQuestion(question["id"]), ("questions", place)
    elif stem == "plans":
        # An entry that stands under other keys too is there once for each.
        under = [start for start, item in enumerate(data) for _ in ("", *item.get("also", ()))]
        for place, start in enumerate(under):
            yield OfPlan(place), (start,)
    elif stem in ("measures", "parameters"):
        of = OfMeasure if stem == "measures" else OfParameter
        for place, item in enumerate(data):
            yield of(item["id"]), (place,)
    elif stem == "schedule":
        yield from ((OfSchedule(part), (part,)) for part in WHOLE if part in data)
        for part in ("sessions", "courses"):
            yield from ((OfSchedule(part, place), (part, place)) for place, _ in enumerate(data[part]))
