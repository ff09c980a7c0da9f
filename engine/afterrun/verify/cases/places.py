"""Where in its files a rulebook says something."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from afterrun.rulebook import Document, KeyPath, read_yaml, shipped


class Place(NamedTuple):
    """A line in a file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Places:
    """The files of a loaded rulebook, or of a part of it, read once more for their lines.

    An owner is a rule's id, `question ID` or `plan PLACE`, as in a mutant.
    """

    def __init__(self, folder: Path | str | None = None, part: str | None = None) -> None:
        root = Path(folder) if folder is not None else shipped()
        self.texts: dict[str, list[str]] = {}
        self._owners: dict[str, tuple[str, Document, KeyPath]] = {}
        rules, knowledge = root / "rules" / (part or ""), root / "knowledge" / (part or "")
        for path in [*sorted(rules.glob("*.y*ml")), *sorted(knowledge.glob("*.y*ml"))]:
            name = path.relative_to(root).as_posix()
            text = path.read_text(encoding="utf-8-sig")
            document = read_yaml(text, name)
            self.texts[name] = text.splitlines()
            self._note_owners(name, document)

    def of(self, owner: str, path: KeyPath = ()) -> Place:
        """The line of what an owner says at a path."""
        name, document, start = self._owners[owner]
        return Place(name, document.line((*start, *path)))

    def _note_owners(self, name: str, document: Document) -> None:
        if name.startswith("rules/"):
            for place, rule in enumerate(document.data):
                self._owners[rule["id"]] = (name, document, (place,))
        elif Path(name).stem == "questions":
            for place, question in enumerate(document.data["questions"]):
                self._owners[f"question {question['id']}"] = (name, document, ("questions", place))
        elif Path(name).stem == "plans":
            for place, _ in enumerate(document.data):
                self._owners[f"plan {place}"] = (name, document, (place,))
