"""`afterrun explain`: why, why not, why asked, what if, and what it would take."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import afterrun
from afterrun.assessment import Case
from afterrun.intake import Format
from afterrun.telling import (
    Findings,
    Reader,
    View,
    explanation_html,
    explanation_sections,
)
from afterrun_cli.terminal.exits import UNUSABLE, leave
from afterrun_cli.terminal.intakes import single_intake
from afterrun_cli.terminal.lines import width_of
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.show import put, put_json
from afterrun_cli.terminal.text import as_block

Shape = Literal["text", "json", "html"]


class Inquiry(NamedTuple):
    """What is asked of one intake; nothing at all asks for every conclusion."""

    conclusions: Sequence[str] = ()
    questions: Sequence[str] = ()
    instead: Sequence[str] = ()
    nearest: Sequence[str] = ()
    at_most: int = 3


def explain_file(
    file: str,
    inquiry: Inquiry,
    shape: Shape,
    reader: Reader,
    input_format: Format | None,
    rulebook_folder: Path | None,
) -> None:
    """Answer what was asked of one intake."""
    rulebook = rulebook_from(rulebook_folder)
    answers = single_intake(rulebook, file, input_format)
    view = View(rulebook, answers, Case.of(rulebook, answers).level.id, reader)
    found = _answers(rulebook, answers, inquiry).seen_by(view)
    if shape == "json":
        put_json(found.to_dict(view))
    elif shape == "html":
        put(explanation_html(view, found))
    else:
        width = width_of(sys.stdout)
        put("\n\n".join(as_block(each, width) for each in explanation_sections(view, found)))


def _answers(rulebook: afterrun.Rulebook, answers: afterrun.Answers, inquiry: Inquiry) -> Findings:
    explanations: list[afterrun.Explanation] = []
    for name in inquiry.conclusions:
        explanations += afterrun.explain(rulebook, answers, name)
    if not any(inquiry[:4]):
        explanations += afterrun.explain(rulebook, answers)
    why = tuple(afterrun.why_asked(rulebook, answers, name) for name in inquiry.questions)
    compared = (
        afterrun.what_if(rulebook, answers, _instead(rulebook, inquiry.instead)) if inquiry.instead else None
    )
    nearest: list[afterrun.Nearest] = []
    for name in inquiry.nearest:
        nearest += afterrun.nearest_changes(rulebook, answers, name, at_most=inquiry.at_most)
    return Findings(tuple(explanations), why, compared, tuple(nearest))


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
