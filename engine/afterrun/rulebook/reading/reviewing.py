"""A review written into the file of its rule; every other byte of the file stays as it is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from afterrun.errors import AfterrunError, UnknownNameError
from afterrun.rulebook.approval import rule_digest, written_rules
from afterrun.rulebook.documents import read_yaml
from afterrun.rulebook.model import Rulebook
from afterrun.rulebook.schema import Review
from afterrun.storage import storage_faults, write_whole

_AFTER = ("strength", "sources")
"""The keys below which a review stands, the first that a rule has."""


class UnplacedReview(AfterrunError):
    """A file is written in a way that leaves a review no place; it was not touched."""


def review_rule(root: Path, rulebook: Rulebook, name: str, review: Mapping[str, str]) -> Path:
    """Write who approved a rule, when and until when, with the rule's digest as it stands; gives the file.

    `rulebook` is what was read from the folder `root`, anew. Raises UnknownNameError, ValueError where the
    review is none, UnplacedReview and StorageFault; then nothing has changed.
    """
    rules = {rule.id: rule for rule in written_rules(rulebook)}
    if name not in rules:
        raise UnknownNameError("rule", name, rules)
    written = Review(digest=rule_digest(rulebook, rules[name]), **review)
    path = (root / rules[name].file).resolve()
    with storage_faults(path):
        before = path.read_bytes().decode()
        path.open("r+b").close()  # a file that may not be written is not replaced either
    after = with_review(before, rules[name].file, name, written).encode()

    def write(partial: Path) -> None:
        partial.write_bytes(after)
        shutil.copymode(path, partial)

    write_whole(path, write)
    return path


def with_review(text: str, file: str, name: str, review: Review) -> str:
    """The text of a file of rules with the review of one of them, in place of the one that it had."""
    lines = text.splitlines(keepends=True)
    keys = _keys_of(text.removeprefix("\ufeff"), name)
    above = next(keys[key] for key in _AFTER if key in keys)
    indent, end = " " * above[0].start_mark.column, "\r\n" if text.count("\r\n") else "\n"
    said = {**review.plain(), "owner": json.dumps(review.owner, ensure_ascii=False)}
    block = [f"{indent}review:{end}", *(f"{indent}  {key}: {value}{end}" for key, value in said.items())]
    if "review" in keys:
        first, last = keys["review"][0].start_mark.line, _last_line(keys["review"][1])
        lines[first : last + 1] = block
    else:
        last = _last_line(above[1])
        lines[last] = lines[last].removesuffix("\n").removesuffix("\r") + end
        lines[last + 1 : last + 1] = block
    after = "".join(lines)
    _refuse_other_changes(text, after, file, name, review)
    return after


def _keys_of(text: str, name: str) -> dict[str, tuple[Any, Any]]:
    """The keys of a rule, each with its value, as they stand in the text."""
    whole: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    for rule in whole.value:
        keys = {key.value: (key, value) for key, value in rule.value}
        if keys["id"][1].value == name:
            return keys
    raise UnplacedReview(f"the rule '{name}' is no longer in its file")


def _last_line(node: Any) -> int:
    """The line on which a value ends; a block ends where its last part does."""
    while not isinstance(node, yaml.ScalarNode) and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return int(node.end_mark.line)


def _refuse_other_changes(before: str, after: str, file: str, name: str, review: Review) -> None:
    """Raise UnplacedReview unless the text says the same as before, and the review."""
    wanted: list[dict[str, Any]] = read_yaml(before.removeprefix("\ufeff"), file).data
    for rule in wanted:
        if rule["id"] == name:
            rule["review"] = review.plain()
    try:
        same = read_yaml(after.removeprefix("\ufeff"), file).data == wanted
    except AfterrunError:
        same = False
    if not same:
        raise UnplacedReview(
            f"{file}: the rule '{name}' is written so that a review has no line of its own; "
            "write each of its keys on a line below the other"
        )
