"""Rule and knowledge files in, written models out; and the whole way to a checked rulebook."""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from afterrun.errors import DocumentError, Problem, RulebookError, nearest
from afterrun.rulebook.linking.index import WrittenFile, WrittenRulebook
from afterrun.rulebook.linking.link import link
from afterrun.rulebook.model import Rulebook
from afterrun.rulebook.schema import INVARIANTS, KNOWLEDGE, RULES
from afterrun.rulebook.validation import validated
from afterrun.rulebook.yaml12 import Document, read_yaml

OPTIONAL = {
    "background",
    "evidence",
    "codes",
    "findings",
    "measures",
    "parameters",
    "plans",
    "schedule",
    "enrolment",
}
"""Knowledge files that a rulebook may do without."""

NEEDED = set(KNOWLEDGE) - OPTIONAL
PART_NEEDS = NEEDED - {"sources"}

INVARIANT_STEM = "invariants"
"""The one file beside the rules that holds none."""


class _File(NamedTuple):
    name: str
    text: str


def load_rulebook(folder: Path | str | None = None, part: str | None = None) -> Rulebook:
    """Load a rulebook: the folder that holds `rules/` and `knowledge/`, or the one shipped.

    A part is a rulebook of its own in the sub-folders `rules/PART` and `knowledge/PART`; it takes
    its sources from the main part, which is loaded too, as its `base`.

    Raises RulebookError with every mistake in every file, each with file and line.

    >>> load_rulebook().identity.name
    'afterrun-knee'
    """
    root = Path(folder) if folder is not None else shipped()
    base = load_rulebook(root) if part is not None else None
    problems: list[Problem] = []
    rule_files = _read_folder(root, Path("rules", part or ""), problems)
    knowledge_files = _read_folder(root, Path("knowledge", part or ""), problems)
    knowledge = _knowledge(knowledge_files, PART_NEEDS if base else NEEDED, problems)
    rules = [
        WrittenFile(file.name, document, model)
        for file in rule_files
        if Path(file.name).stem != INVARIANT_STEM
        and (document := _document(file, problems)) is not None
        and (model := validated(RULES, document, file.name, problems)) is not None
    ]
    invariants = _invariants(rule_files, problems)
    if problems:
        raise RulebookError(problems)
    digest = _digest([*rule_files, *knowledge_files], base)
    return link(WrittenRulebook(rules, knowledge, digest, base, invariants))


def rulebook_parts(folder: Path | str | None = None) -> list[str]:
    """The parts that a rulebook has besides its main one."""
    rules = (Path(folder) if folder is not None else shipped()) / "rules"
    return sorted(path.name for path in rules.glob("*/") if any(path.glob("*.y*ml")))


def shipped() -> Path:
    """Where the shipped rulebook lies: beside the code in a checkout, inside the package in a wheel."""
    package = Path(str(resources.files("afterrun")))
    packed = package / "shipped"
    return packed if (packed / "rules").is_dir() else package.parents[1]


def _read_folder(root: Path, inside: Path, problems: list[Problem]) -> list[_File]:
    folder, name = root / inside, inside.as_posix()
    if not folder.is_dir():
        problems.append(Problem(f"there is no folder '{name}' in '{root}'", str(folder)))
        return []
    files = []
    for path in sorted(folder.glob("*.y*ml")):
        try:
            files.append(_File(f"{name}/{path.name}", path.read_text(encoding="utf-8-sig")))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(f"cannot be read: {error}", f"{name}/{path.name}"))
    if not files:
        problems.append(Problem("holds no YAML file", f"{name}/"))
    return files


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
        document = _document(file, problems)
        model = validated(KNOWLEDGE[stem], document, file.name, problems) if document else None
        if document is not None and model is not None:
            found[stem] = WrittenFile(file.name, document, model)
    stems = {Path(file.name).stem for file in files}
    problems += [
        Problem("is missing", f"{Path(files[0].name).parent.as_posix()}/{stem}.yaml")
        for stem in KNOWLEDGE
        if files and stem not in stems and stem in needed
    ]
    return found


def _invariants(files: list[_File], problems: list[Problem]) -> WrittenFile | None:
    for file in files:
        if Path(file.name).stem == INVARIANT_STEM and (document := _document(file, problems)) is not None:
            model = validated(INVARIANTS, document, file.name, problems)
            return None if model is None else WrittenFile(file.name, document, model)
    return None


def _document(file: _File, problems: list[Problem]) -> Document | None:
    try:
        return read_yaml(file.text, file.name)
    except DocumentError as error:
        problems += error.problems
        return None


def _digest(files: list[_File], base: Rulebook | None) -> str:
    """sha256 over every file's content, comments and layout aside, and over what a part stands on."""
    content = {file.name: read_yaml(file.text, file.name).data for file in files}
    if base is not None:
        content["base"] = base.digest
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
