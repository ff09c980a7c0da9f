"""`afterrun explain`: why, why not, why asked, what if, and what it would take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import afterrun
from afterrun.explanation import Citations
from afterrun.intake import Format
from afterrun.rulebook import name_of
from afterrun.telling import Reader, may_see
from afterrun_cli.explain_told import Told
from afterrun_cli.explain_words import Teller
from afterrun_cli.runner.assess import single_intake
from afterrun_cli.terminal.exits import UNUSABLE, leave, told
from afterrun_cli.terminal.loading import faults, rulebook_from
from afterrun_cli.terminal.show import put, put_json

Shape = Literal["text", "json", "html"]


class Asked(NamedTuple):
    """What is asked of one intake; nothing at all asks for every conclusion."""

    conclusions: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    at_most: int = 3


def explain_file(
    file: str, asked: Asked, shape: Shape, reader: Reader, format: Format | None, rulebook_folder: Path | None
) -> None:
    """Answer what was asked of one intake."""
    rulebook = rulebook_from(rulebook_folder)
    answers = single_intake(rulebook, file, format)
    with faults():
        try:
            triage = afterrun.assess(rulebook, answers).triage
            found = _answers(rulebook, answers, asked, reader, triage)
        except afterrun.IntakeError as error:
            leave(UNUSABLE, *told(error.problems))
        except afterrun.UnknownNameError as error:
            leave(UNUSABLE, f"error: {error}")
    if shape == "json":
        put_json(_as_json(rulebook, answers, found, reader))
    elif shape == "html":
        from afterrun_cli.audit.report import explanation_page

        put(explanation_page(rulebook, answers, found, reader, triage))
    else:
        put("\n\n".join("\n".join(part) for part in _as_text(rulebook, answers, found, reader, triage)))


def _answers(
    rulebook: afterrun.Rulebook, answers: afterrun.Answers, asked: Asked, reader: Reader, triage: str
) -> Told:
    explanations: list[afterrun.Explanation] = []
    for name in asked.conclusions:
        explanations += afterrun.explain(rulebook, answers, name)
    if not any(asked[:4]):
        explanations += afterrun.explain(rulebook, answers)
    why = tuple(afterrun.why_asked(rulebook, answers, name) for name in asked.questions)
    compared = (
        afterrun.what_if(rulebook, answers, _instead(rulebook, asked.instead)) if asked.instead else None
    )
    nearest: list[afterrun.Nearest] = []
    for name in asked.nearest:
        nearest += afterrun.nearest_changes(rulebook, answers, name, at_most=asked.at_most)

    def seen(conclusion: str) -> bool:
        return reader == "clinician" or may_see(rulebook, triage, conclusion)

    shown = tuple(each for each in explanations if seen(each.conclusion))
    near = tuple(each for each in nearest if seen(each.conclusion))
    hidden = len(shown) + len(near) < len(explanations) + len(nearest)
    return Told(shown, why, compared, near, hidden)


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


def _as_text(
    rulebook: afterrun.Rulebook, answers: afterrun.Answers, found: Told, reader: Reader, triage: str
) -> Iterable[list[str]]:
    teller = Teller(rulebook, answers, triage, reader)
    parts = [teller.explanation(each) for each in found.explanations]
    parts += [teller.asked(each) for each in found.asked]
    parts += [teller.difference(found.what_if)] if found.what_if is not None else []
    parts += [teller.nearest(each) for each in found.nearest]
    parts += [teller.hidden()] if found.hidden else []
    return [part for part in (*parts, teller.sources(found.sources())) if part]


def _as_json(
    rulebook: afterrun.Rulebook, answers: afterrun.Answers, found: Told, reader: Reader
) -> dict[str, Any]:
    record = {} if answers.record_id is None else {"record_id": answers.record_id}
    page: dict[str, Any] = {**record, "rulebook": rulebook.stamp}
    if found.explanations or not any(found[1:4]):
        page["explanations"] = [each.to_dict() for each in found.explanations]
    if found.asked:
        page["why_asked"] = [each.to_dict() for each in found.asked]
    if found.what_if is not None:
        page["what_if"] = found.what_if.to_dict()
    if found.nearest:
        page["nearest"] = [each.to_dict() for each in found.nearest]
    if reader == "runner":
        return _in_plain_words(rulebook, page, found)
    cited = rulebook.compiled(Citations)
    keys = found.sources()
    page["sources"] = {each.key: each._asdict() for each in cited.of(keys)}
    page["evidence"] = [vars(each) for each in cited.verdicts(keys)]
    return page


def _in_plain_words(rulebook: afterrun.Rulebook, page: dict[str, Any], found: Told) -> dict[str, Any]:
    """The same without rule ids and sources, and without what the triage hides."""
    if found.what_if is not None:
        page["what_if"].pop("conclusions")
        sides = found.what_if.triage
        page["what_if"]["interventions"] = {
            name: pair
            for name, pair in page["what_if"]["interventions"].items()
            if all(
                status is None or may_see(rulebook, at, name_of("intervention", name, status))
                for status, at in zip(pair.values(), sides, strict=True)
            )
        }
    for why in page.get("why_asked", ()):
        why["changes"] = why["plan_keys"] = ()
    plain = _without_ids(page)
    return {**plain, "hidden": found.hidden} if isinstance(plain, dict) else page


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_ids(each) for key, each in value.items() if key not in ("rule", "sources")}
    return [_without_ids(each) for each in value] if isinstance(value, list | tuple) else value
