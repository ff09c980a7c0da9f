"""Rule and knowledge files in, a checked rulebook out; nothing else here reads YAML."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from afterrun.errors import Problem, RulebookError, nearest
from afterrun.rulebook.documents import LARGEST_DOCUMENT, Document, decoded
from afterrun.rulebook.linking.link import link
from afterrun.rulebook.linking.unread import Unread
from afterrun.rulebook.linking.written_files import WrittenFile, WrittenRulebook
from afterrun.rulebook.model import Rulebook
from afterrun.rulebook.packing.released import Bundle, Root
from afterrun.rulebook.reading.mistakes import read_as
from afterrun.rulebook.reading.nameable import Nameable, nameable
from afterrun.rulebook.reading.pieces import read_pieces
from afterrun.rulebook.reading.remains import blank, names_in
from afterrun.rulebook.reading.wrong import Wrong, wrong_in
from afterrun.rulebook.schema import INVARIANTS, KNOWLEDGE, RULES

OPTIONAL_FILES = {
    "background",
    "evidence",
    "hazards",
    "codes",
    "findings",
    "patterns",
    "interventions",
    "measures",
    "parameters",
    "plans",
    "schedule",
    "exercises",
    "enrolment",
    "history",
}
"""Knowledge files that a rulebook may do without."""

NAMED_IN = {
    "finding": "findings",
    "pattern": "patterns",
    "intervention": "interventions",
    "parameter": "parameters",
}
"""The knowledge file that names what rules of a kind conclude: it is needed as soon as one does."""
NEEDED = set(KNOWLEDGE) - OPTIONAL_FILES
PART_NEEDS = NEEDED - {"sources"}

INVARIANT_STEM = "invariants"
"""The one file beside the rules that holds none."""


class _File(NamedTuple):
    name: str
    text: str


class ReadRulebook(NamedTuple):
    """A rulebook as far as its files can be read, and every mistake in them."""

    rulebook: Rulebook
    """None to work with where there are problems: whatever is wrong is left out of it."""
    problems: tuple[Problem, ...] = ()
    """Those of its base too."""
    unread: Unread = Unread()
    wrong: Wrong = Wrong()


def read_rulebook(root: Root, part: str | None, base: ReadRulebook | None) -> ReadRulebook:
    """The rulebook in a folder, or a part of the one that is its `base`; with the mistakes of both."""
    written, problems = written_rulebook(root, part, base)
    rulebook, more = link(written)
    found = sorted(dict.fromkeys((*problems, *more)), key=lambda each: (each.file, each.line or 0))
    wrong = wrong_in(written.files(), found)
    before = base or ReadRulebook(rulebook)
    return ReadRulebook(rulebook, (*before.problems, *found), written.unread, before.wrong.joined(wrong))


def written_rulebook(
    root: Root, part: str | None, base: ReadRulebook | None
) -> tuple[WrittenRulebook, list[Problem]]:
    """Every file of a rulebook as far as it can be read by itself, and every mistake in one."""
    reader = _Reader(base.unread if base else Unread())
    rule_files = reader.folder(root, Path("rules", part or ""))
    knowledge_files = reader.folder(root, Path("knowledge", part or ""))
    rules = [file for file in rule_files if Path(file.name).stem != INVARIANT_STEM]
    invariants = [file for file in rule_files if file not in rules]
    written_rules = [reader.written(RULES, file) for file in rules]
    needed = (PART_NEEDS if base else NEEDED) | set(_concluded_in(written_rules))
    written = WrittenRulebook(
        written_rules,
        reader.knowledge(knowledge_files, Path("knowledge", part or ""), needed),
        "",
        base.rulebook if base else None,
        next((reader.written(INVARIANTS, file) for file in invariants), None),
    )._replace(unread=reader.unread)
    return written if reader.problems else written._replace(digest=_digest(written)), reader.problems


def nameable_in(root: Root, part: str | None, base: ReadRulebook | None) -> Nameable:
    """What the files of a rulebook, or of a part of its `base`, may name. Rules are not looked at.

    Raises RulebookError with every mistake in reading the knowledge files.
    """
    reader, folder = _Reader(base.unread if base else Unread()), Path("knowledge", part or "")
    knowledge = reader.knowledge(reader.folder(root, folder), folder, PART_NEEDS if base else NEEDED)
    if reader.problems:
        raise RulebookError(reader.problems)
    return nameable(knowledge, base.rulebook if base else None)


def _concluded_in(rules: Iterable[WrittenFile]) -> Iterator[str]:
    """The knowledge files that name what some rules conclude."""
    for file in rules:
        for rule in file.model:
            for conclusion in rule.conclusions:
                kind = conclusion.partition(".")[0] if "." in conclusion else "finding"
                if kind in NAMED_IN:
                    yield NAMED_IN[kind]


class _Reader:
    """Reads files one by one; what goes wrong is gathered in `problems`, and what is lost in `unread`."""

    def __init__(self, unread: Unread) -> None:
        self.problems: list[Problem] = []
        self.unread = unread

    def _tell(self, message: str, file: str, line: int | None = None, near: str = "") -> None:
        self.problems.append(Problem(message, file, line, nearest=near))

    def folder(self, root: Root, inside: Path) -> list[_File]:
        """The YAML files of a folder."""
        name = inside.as_posix()
        if isinstance(root, Bundle):
            return self._bundled(root, name)
        folder = root / inside
        if not any(folder.glob("*.y*ml")):
            self.unread = self.unread.joined((), [inside.parts[0]])
        if not folder.is_dir():
            self._tell(f"there is no folder '{name}' in '{root}'", str(folder))
            return []
        files = []
        for path in sorted(folder.glob("*.y*ml")):
            file = f"{name}/{path.name}"
            if not path.name.isprintable():
                self._tell("the name of this file is no plain text", file)
            elif not path.is_file() or path.stat().st_size > LARGEST_DOCUMENT:
                self._tell(f"is no file of at most {LARGEST_DOCUMENT // 1_000_000} MB", file)
                self.unread = self.unread.joined((), [path.stem])
            else:
                try:
                    files.append(_File(file, decoded(path.read_bytes(), file, self.problems)))
                except OSError as error:
                    self._tell(f"cannot be read: {error.strerror}", file)
                    self.unread = self.unread.joined((), [path.stem])
        if not files:
            self._tell("holds no YAML file", f"{name}/")
        return files

    def _bundled(self, bundle: Bundle, name: str) -> list[_File]:
        """The same of a rulebook that stands in no folder."""
        files = [
            _File(f"{name}/{own}", decoded(data, f"{name}/{own}", self.problems))
            for own, data in bundle.within(name)
        ]
        if not files:
            self.unread = self.unread.joined((), [name.partition("/")[0]])
            self._tell(f"there is no folder '{name}' in {bundle.name}", bundle.name)
        return files

    def knowledge(self, files: list[_File], folder: Path, needed: set[str]) -> dict[str, WrittenFile]:
        """The knowledge files by their stems; an empty one for each that is needed and not there."""
        found: dict[str, WrittenFile] = {}
        for file in files:
            stem = Path(file.name).stem
            if stem in KNOWLEDGE:
                found[stem] = self.written(KNOWLEDGE[stem], file)
                continue
            near = nearest(stem, KNOWLEDGE)
            there = "" if near else f"; there are {', '.join(KNOWLEDGE)}"
            self._tell(
                f"no knowledge file has this name{there}", file.name, near=f"{near}.yaml" if near else ""
            )
            self.unread = self.unread.joined(names_in(file.text))
        for stem in KNOWLEDGE:
            if stem in needed and stem not in found:
                name = f"{folder.as_posix()}/{stem}.yaml"
                if files and stem not in self.unread.missing:
                    self._tell("is missing", name)
                self.unread = self.unread.joined((), [stem])
                found[stem] = WrittenFile(name, Document(None, {}), blank(KNOWLEDGE[stem], whole=True))
        return found

    def written(self, shape: Any, file: _File) -> WrittenFile:
        """What a file says, as far as it can be read."""
        pieces = read_pieces(file.text, file.name, self.problems)
        self.unread = self.unread.joined(names_in(pieces.cut))
        nothing_left = pieces.cut and (pieces.document is None or pieces.document.data is None)
        if pieces.document is None or nothing_left:
            return WrittenFile(file.name, Document(None, {}), blank(shape, whole=True))
        read = read_as(shape, pieces.document, file.name, self.problems)
        named_elsewhere = read.nameless and shape not in (RULES, INVARIANTS)
        self.unread = self.unread.joined(read.unread, nameless=named_elsewhere)
        return WrittenFile(file.name, read.document, read.value, read.damaged)


def _digest(written: WrittenRulebook) -> str:
    """sha256 over every file's content, comments and layout aside, and over what a part stands on.

    Who approved a rule is left out: no result changes with it, and a digest must outlive what approves it.
    """
    content = {file.name: file.document.data for file in written.files()}
    for file in written.rules:
        content[file.name] = [
            {key: value for key, value in rule.items() if key != "review"} for rule in file.document.data
        ]
    if written.base is not None:
        content["base"] = written.base.digest
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
