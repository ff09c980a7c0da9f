"""`afterrun explain`: why, why not, why asked, what if, and what it would take."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import afterrun
from afterrun.assessment import Case
from afterrun.intake import Format
from afterrun.telling import (
    Inquiry,
    Reader,
    View,
    explanation_html,
    explanation_sections,
)
from afterrun_cli.terminal.exits import UNUSABLE, leave
from afterrun_cli.terminal.intakes import single_intake
from afterrun_cli.terminal.layout.lines import width_of
from afterrun_cli.terminal.layout.text import as_block
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.show import put, put_json

Shape = Literal["text", "json", "html"]


def explain_file(
    file: str,
    inquiry: Inquiry,
    instead: Sequence[str],
    shape: Shape,
    reader: Reader,
    input_format: Format | None,
    rulebook_folder: Path | None,
    *,
    full: bool = False,
) -> None:
    """Answer what was asked of one intake, in short or in full; `instead` are words as `question=value`."""
    rulebook = rulebook_from(rulebook_folder)
    answers = single_intake(rulebook, file, input_format)
    view = View(rulebook, answers, Case.of(rulebook, answers).level.id, reader)
    inquiry = inquiry._replace(instead=_instead(rulebook, instead))
    found = inquiry.findings(rulebook, answers).seen_by(view)
    if shape == "json":
        put_json(found.to_dict(view))
    elif shape == "html":
        put(explanation_html(view, found))
    else:
        width = width_of(sys.stdout)
        put("\n\n".join(as_block(each, width) for each in explanation_sections(view, found, full=full)))


def _instead(rulebook: afterrun.Rulebook, words: Sequence[str]) -> dict[str, Any]:
    """`question=value` words as answers; what is no answer is told by the reading of it."""
    instead: dict[str, Any] = {}
    for word in words:
        name, sign, text = (part.strip() for part in word.partition("="))
        if not sign:
            leave(UNUSABLE, f"error: --what-if takes question=value, not '{word}'")
        question = rulebook.questions.get(name)
        if question is not None and question.type == "multi":
            instead[name] = [each.strip() for each in text.split(",") if each.strip()]
        else:
            instead[name] = _number(text) if question is not None and question.type != "single" else text
    return instead


def _number(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
