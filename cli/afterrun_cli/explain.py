"""`afterrun explain`: proof trees in words, from the conclusion down to the answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import afterrun
from afterrun.intake_files import Format
from afterrun.words import answer_words, conclusion_words
from afterrun_cli.assess import single_intake
from afterrun_cli.exits import UNUSABLE, leave
from afterrun_cli.loading import faults, rulebook_from
from afterrun_cli.render_text import wrapped
from afterrun_cli.show import put, put_json


def explain_file(
    file: str,
    conclusion: str | None,
    shape: Literal["text", "json"],
    format: Format | None,
    rulebook_folder: Path | None,
) -> None:
    """Explain one conclusion of one intake, or all."""
    rulebook = rulebook_from(rulebook_folder)
    answers = single_intake(rulebook, file, format)
    with faults():
        try:
            explanations = afterrun.explain(rulebook, answers, conclusion)
        except afterrun.UnknownNameError as error:
            leave(UNUSABLE, f"error: {error}")
    if shape == "json":
        record = {} if answers.record_id is None else {"record_id": answers.record_id}
        put_json(
            {
                **record,
                "rulebook": rulebook.stamp,
                "explanations": [explanation.to_dict() for explanation in explanations],
            }
        )
        return
    teller = Teller(rulebook, answers)
    put("\n\n".join("\n".join(teller.explanation(each)) for each in explanations))


class Teller:
    """Tells proofs line by line; two blanks deeper is one step closer to the answers."""

    def __init__(self, rulebook: afterrun.Rulebook, answers: afterrun.Answers) -> None:
        self._rulebook = rulebook
        self._answers = answers

    def explanation(self, explanation: afterrun.Explanation) -> list[str]:
        name, value, proof, settled_by = explanation
        state = {True: "true", False: "false", None: "open"}[value]
        lines = [f"{name} is {state}", *self._indented(conclusion_words(self._rulebook, name, value), 1)]
        if proof is not None:
            return lines + self._steps(proof, 1)
        for question in settled_by:
            ask = self._rulebook.questions[question].ask
            lines += self._indented(f"would be settled by: {ask} ({question})", 1)
        return lines

    def _steps(self, proof: afterrun.Proof, depth: int) -> list[str]:
        lines = []
        if not proof.value:
            what = "every rule for it is refuted" if proof.steps else "no rule concludes it"
            lines += self._indented(f"because {what}", depth)
        for step in proof.steps:
            lines += self._step(step, depth)
        return lines

    def _step(self, step: afterrun.ProofStep, depth: int) -> list[str]:
        outcome = "holds" if step.holds else "is refuted"
        lines = self._indented(f"- rule {step.rule} {outcome}", depth)
        reason = "because" if step.holds else "it would say"
        lines += self._indented(f"{reason}: {step.because}", depth + 1)
        if step.sources:
            lines += self._indented(f"sources: {', '.join(step.sources)}", depth + 1)
        for premise in step.premises:
            if isinstance(premise, afterrun.Leaf):
                lines += self._leaf(premise, depth + 1)
            else:
                lines += self._premise(premise, depth + 1)
        return lines

    def _premise(self, proof: afterrun.Proof, depth: int) -> list[str]:
        words = conclusion_words(self._rulebook, proof.conclusion, proof.value)
        state = "true" if proof.value else "false"
        about = "" if words == proof.conclusion else f": {words}"
        return [
            *self._indented(f"- {proof.conclusion} is {state}{about}", depth),
            *self._steps(proof, depth + 1),
        ]

    def _leaf(self, leaf: afterrun.Leaf, depth: int) -> list[str]:
        outcome = "holds" if leaf.holds else "does not hold"
        lines = self._indented(f"- {leaf.subject} {leaf.test}: {outcome}", depth)
        for name, value in leaf.answers.items():
            question = self._rulebook.questions[name]
            lines += self._indented(f'you were asked "{question.ask}"', depth + 1)
            lines += self._indented(f'you answered "{self._answer(question.id, value)}"', depth + 1)
        return lines

    def _answer(self, name: str, value: Any) -> str:
        question = self._rulebook.questions[name]
        unit = ""
        if question.quantity is not None:
            unit = self._answers.units.get(self._rulebook.quantities[question.quantity].unit_key, "")
        return answer_words(self._rulebook, question, value, unit)

    def _indented(self, text: str, depth: int) -> list[str]:
        return wrapped(text, "  " * depth).splitlines()
