"""Rule and knowledge files in, a checked rulebook out; nothing else here reads YAML."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from afterrun.errors import DocumentError, Problem, RulebookError, nearest
from afterrun.rulebook.documents import LARGEST_DOCUMENT, read_yaml
from afterrun.rulebook.linking.index import WrittenFile, WrittenRulebook
from afterrun.rulebook.linking.link import link
from afterrun.rulebook.model import Rulebook
from afterrun.rulebook.reading.nameable import Nameable, nameable
from afterrun.rulebook.reading.validation import validated
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


def read_rulebook(root: Path, part: str | None, base: Rulebook | None) -> Rulebook:
    """The rulebook in a folder, or a part of the one that is its `base`.

    Raises RulebookError with every mistake in every file, each with file and line.
    """
    problems: list[Problem] = []
    rule_files = _read_folder(root, Path("rules", part or ""), problems)
    knowledge_files = _read_folder(root, Path("knowledge", part or ""), problems)
    rules = [file for file in rule_files if Path(file.name).stem != INVARIANT_STEM]
    invariants = [file for file in rule_files if file not in rules]
    written_rules = list(_written(RULES, rules, problems))
    needed = (PART_NEEDS if base else NEEDED) | set(_concluded_in(written_rules))
    knowledge = _knowledge(knowledge_files, needed, problems)
    written = WrittenRulebook(
        written_rules,
        knowledge,
        "",
        base,
        next(_written(INVARIANTS, invariants, problems), None),
    )
    if problems:
        raise RulebookError(problems)
    return link(written._replace(digest=_digest(written)))


def names_in(root: Path, part: str | None, base: Rulebook | None) -> Nameable:
    """What the files of a rulebook, or of a part of its `base`, may name. Rules are not looked at.

    Raises RulebookError with every mistake in the knowledge files.
    """
    problems: list[Problem] = []
    files = _read_folder(root, Path("knowledge", part or ""), problems)
    knowledge = _knowledge(files, PART_NEEDS if base else NEEDED, problems)
    if problems:
        raise RulebookError(problems)
    return nameable(knowledge, base)


def _read_folder(root: Path, inside: Path, problems: list[Problem]) -> list[_File]:
    folder, name = root / inside, inside.as_posix()
    if not folder.is_dir():
        problems.append(Problem(f"there is no folder '{name}' in '{root}'", str(folder)))
        return []
    files = []
    for path in sorted(folder.glob("*.y*ml")):
        if not path.name.isprintable():
            problems.append(Problem("the name of this file is no plain text", f"{name}/{path.name}"))
            continue
        if not path.is_file() or path.stat().st_size > LARGEST_DOCUMENT:
            limit = f"of at most {LARGEST_DOCUMENT // 1_000_000} MB"
            problems.append(Problem(f"is no file {limit}", f"{name}/{path.name}"))
            continue
        try:
            files.append(_File(f"{name}/{path.name}", path.read_text(encoding="utf-8-sig")))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(f"cannot be read: {error}", f"{name}/{path.name}"))
    if not files:
        problems.append(Problem("holds no YAML file", f"{name}/"))
    return files


def _concluded_in(rules: Iterable[WrittenFile]) -> Iterator[str]:
    """The knowledge files that name what some rules conclude."""
    for file in rules:
        for rule in file.model:
            for conclusion in rule.conclusions:
                kind = conclusion.partition(".")[0] if "." in conclusion else "finding"
                if kind in NAMED_IN:
                    yield NAMED_IN[kind]


def _knowledge(files: list[_File], needed: set[str], problems: list[Problem]) -> dict[str, WrittenFile]:
    found: dict[str, WrittenFile] = {}
    for file in files:
        stem = Path(file.name).stem
        if stem not in KNOWLEDGE:
            near = nearest(stem, KNOWLEDGE)
            problems.append(
                Problem("no knowledge file has this name", file.name, nearest=f"{near}.yaml" if near else "")
            )
            continue
        for written in _written(KNOWLEDGE[stem], [file], problems):
            found[stem] = written
    stems = {Path(file.name).stem for file in files}
    problems += [
        Problem("is missing", f"{Path(files[0].name).parent.as_posix()}/{stem}.yaml")
        for stem in KNOWLEDGE
        if files and stem not in stems and stem in needed
    ]
    return found


def _written(shape: Any, files: Iterable[_File], problems: list[Problem]) -> Iterator[WrittenFile]:
    for file in files:
        try:
            document = read_yaml(file.text, file.name)
        except DocumentError as error:
            problems += error.problems
            continue
        model = validated(shape, document, file.name, problems)
        if model is not None:
            yield WrittenFile(file.name, document, model)


def _digest(written: WrittenRulebook) -> str:
    """sha256 over every file's content, comments and layout aside, and over what a part stands on.

    Who approved a rule is left out: no result changes with it, and a digest must outlive what approves it.
    """
    files = [*written.knowledge.values(), *filter(None, [written.invariants])]
    content = {file.name: file.document.data for file in files}
    for file in written.rules:
        content[file.name] = [
            {key: value for key, value in rule.items() if key != "review"} for rule in file.document.data
        ]
    if written.base is not None:
        content["base"] = written.base.digest
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
