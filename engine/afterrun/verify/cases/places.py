"""What of a rulebook holds a condition, and where in its files it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from afterrun.rulebook import Document, KeyPath, Rulebook, read_yaml, shipped


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
class OfSkip:
    """A question that can be skipped, by its id."""

    question: str
    field: ClassVar = "skip_when"
    excerpt: ClassVar = ("id", "skip_when")

    def __str__(self) -> str:
        return f"question {self.question}"

    def written(self, rulebook: Rulebook) -> Any:
        """The item as written."""
        return rulebook.questions[self.question]


@dataclass(frozen=True)
class OfPlan:
    """A line of the plan, by its place."""

    place: int
    field: ClassVar = "when"
    excerpt: ClassVar = ("key", "when")

    def __str__(self) -> str:
        return f"plan {self.place}"

    def written(self, rulebook: Rulebook) -> Any:
        """The item as written."""
        return rulebook.plan[self.place]


Owner = OfRule | OfSkip | OfPlan


def owners_in(rulebook: Rulebook) -> Iterator[Owner]:
    """Everything written that holds a condition."""
    yield from (OfRule(each.id) for each in rulebook.rules.values() if each.written is not None)
    yield from (OfSkip(each.id) for each in rulebook.questions.values() if each.skip_when is not None)
    yield from (OfPlan(place) for place, each in enumerate(rulebook.plan) if each.when is not None)


class SourceLine(NamedTuple):
    """A line in a file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Places:
    """The files of a loaded rulebook, or of a part of it, read once more for their lines."""

    def __init__(self, folder: Path | str | None = None, part: str | None = None) -> None:
        root = Path(folder) if folder is not None else shipped()
        self.texts: dict[str, list[str]] = {}
        self._owners: dict[Owner, tuple[str, Document, KeyPath]] = {}
        rules, knowledge = root / "rules" / (part or ""), root / "knowledge" / (part or "")
        for path in [*sorted(rules.glob("*.y*ml")), *sorted(knowledge.glob("*.y*ml"))]:
            name = path.relative_to(root).as_posix()
            text = path.read_text(encoding="utf-8-sig")
            document = read_yaml(text, name)
            self.texts[name] = text.splitlines()
            for owner, start in _owners_of(name, document):
                self._owners[owner] = (name, document, start)

    def of(self, owner: Owner, path: KeyPath = ()) -> SourceLine:
        """The line of what an owner says at a path."""
        name, document, start = self._owners[owner]
        return SourceLine(name, document.line((*start, *path)))


def _owners_of(name: str, document: Document) -> Iterator[tuple[Owner, KeyPath]]:
    if name.startswith("rules/"):
        for place, rule in enumerate(document.data):
            yield OfRule(rule["id"]), (place,)
    elif Path(name).stem == "questions":
        for place, question in enumerate(document.data["questions"]):
            yield OfSkip(question["id"]), ("questions", place)
    elif Path(name).stem == "plans":
        for place, _ in enumerate(document.data):
            yield OfPlan(place), (place,)
