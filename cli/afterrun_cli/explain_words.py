"""Explanations line by line, for a runner or a clinician; each step in is one step closer to the answers."""

from __future__ import annotations

from collections.abc import Iterable

import afterrun
from afterrun.assessment import PLAN
from afterrun.explanation import TRUTH_WORDS, VERDICTS, Citations, conclusion_words
from afterrun.rulebook import name_of
from afterrun.telling import Reader, answer_in_words, change_words, may_see, plan_value_words, status_words
from afterrun_cli.terminal.text import wrapped

MOST_SETS = 20
"""Sets of changes told on a page; JSON has all."""


class Teller:
    """Puts proofs, reasons to ask, differences and changes into lines."""

    def __init__(
        self, rulebook: afterrun.Rulebook, answers: afterrun.Answers, triage: str, reader: Reader
    ) -> None:
        self._rulebook = rulebook
        self._intake = {**answers.units, **afterrun.as_intake(rulebook, answers)}
        self._triage = triage
        self._plain = reader == "runner"
        self._words = Words(rulebook, triage, reader)

    def explanation(self, explanation: afterrun.Explanation) -> list[str]:
        """One proposition with its proof, or with what would settle it."""
        name, value, proof, settled_by = explanation
        lines = self._headed(name, value)
        if proof is not None:
            return lines + self._steps(proof, 1)
        for question in settled_by:
            ask = self._rulebook.questions[question].ask
            lines += _indented(f"would be settled by: {ask}{self._id(question)}", 1)
        return lines

    def asked(self, why: afterrun.WhyAsked) -> list[str]:
        """Why a question is asked."""
        question = self._rulebook.questions[why.question]
        lines = [*_indented(f"{question.ask}{self._id(question.id)}", 0)]
        about = {
            "open": "It is asked because the answer can still change:",
            "answered": f'You answered "{self._answer(question.id, why.answer)}". Without this answer these '
            "would be open:",
            "skipped": "It is skipped: by your other answers it does not apply to you.",
            "idle": "It need not be asked: your other answers have settled all that it could change.",
        }[why.state]
        changes = [each for each in why.changes if each != PLAN and self._words.seen(each)]
        keys = why.plan_keys if self._words.seen(PLAN) else ()
        if why.state == "answered" and not changes and not keys:
            about = (
                f'You answered "{self._answer(question.id, why.answer)}". Nothing hangs on this answer now.'
            )
        lines += _indented(about, 1)
        for words in dict.fromkeys(self._named(each) for each in changes):
            lines += _indented(f"- {words}", 1)
        for key in keys:
            item = next(each for each in self._rulebook.plan if each.key == key)
            lines += _indented(f"- in the plan: {item.text}{self._id(key)}", 1)
        rules = [rule for rule in why.rules if any(map(self._words.seen, rule.conclusions))]
        if rules:
            lines += _indented("because:", 1)
        for words in dict.fromkeys(f"- {rule.because}{self._id(rule.id)}" for rule in rules):
            lines += _indented(words, 1)
        return lines

    def difference(self, told: afterrun.WhatIf) -> list[str]:
        """Two results side by side, and the proofs that changed."""
        lines = ["What if"]
        for name, pair in told.answers.items():
            ask = self._rulebook.questions[name].ask if name in self._rulebook.questions else name
            lines += self._pair(
                f"{ask}{self._id(name)}",
                answer_in_words(self._rulebook, name, pair.before, told.before.answers),
                answer_in_words(self._rulebook, name, pair.after, told.after.answers),
            )
        lines += ["", "What then"]
        rows = list(self._words.rows(told))
        for name, before, after in rows:
            lines += self._pair(name, before, after)
        if not rows:
            lines += _indented("Nothing changes.", 1)
        for each in () if self._plain else told.conclusions:
            if "." in each.conclusion:
                lines += ["", each.conclusion]
                for side, value, proof in zip(("now", "then"), each.value, each.proof, strict=True):
                    lines += _indented(f"{side}: {TRUTH_WORDS[value]}", 1)
                    lines += self._steps(proof, 2) if proof else []
        return lines

    def nearest(self, told: afterrun.Nearest) -> list[str]:
        """The sets of changes that would prove or refute one proposition."""
        lines = self._headed(told.conclusion, told.value)
        aim = "hold" if told.wanted else "be ruled out"
        most = f"{told.at_most} answer{'s' if told.at_most > 1 else ''}"
        if not told.sets:
            return [*lines, *_indented(f"No change of up to {most} would make it {aim}.", 1)]
        lines += _indented(f"It would {aim} with any one of these {len(told.sets)} changes of answers:", 1)
        for place, each in enumerate(told.sets[:MOST_SETS], 1):
            for at, change in enumerate(each.changes):
                ask = self._rulebook.questions[change.question].ask
                lead = f"{place}. " if at == 0 else "   and "
                lines += _indented(f"{lead}{ask}{self._id(change.question)}", 1)
                now = self._answer(change.question, change.now)
                words = change_words(self._rulebook, change, each.intake)
                lines += _indented(f"{words} (now: {now})", 4)
        if len(told.sets) > MOST_SETS:
            lines += _indented(f"… and {len(told.sets) - MOST_SETS} more; --format json has all.", 1)
        return lines

    def sources(self, keys: Iterable[str]) -> list[str]:
        """What the source keys stand for, and how the article's statements fare in the literature."""
        cited = self._rulebook.compiled(Citations)
        keys = list(dict.fromkeys(keys))
        if self._plain or not keys:
            return []
        lines = ["Sources"]
        for each in cited.of(keys):
            note = f" ({each.note})" if each.note else ""
            lines += _indented(f"{each.key}: {each.text}{note} {each.url}".rstrip(), 1)
        for verdict in cited.verdicts(keys):
            lines += _indented(f"evidence {verdict.id}: {VERDICTS[verdict.verdict]}. {verdict.literature}", 1)
        return lines

    def hidden(self) -> list[str]:
        """What a runner reads in place of what the triage hides."""
        level = self._rulebook.triage[self._triage].name
        return _indented(
            f"Not shown at this point ({level}). A clinician can read it with --for clinician.", 0
        )

    def _headed(self, name: str, value: bool | None) -> list[str]:
        words = conclusion_words(self._rulebook, name, value)
        if self._plain:
            state = {True: "yes", False: "ruled out", None: "still open"}[value]
            return _indented(f"{words[:1].upper()}{words[1:]}: {state}", 0)
        return [f"{name} is {TRUTH_WORDS[value]}", *_indented(words, 1)]

    def _steps(self, proof: afterrun.Proof, depth: int) -> list[str]:
        lines = []
        if not proof.value:
            what = "every rule for it is refuted" if proof.steps else "no rule concludes it"
            if self._plain:
                what = "your answers rule out every reason for it" if proof.steps else "nothing speaks for it"
            lines += _indented(f"because {what}", depth)
        for step in proof.steps:
            lines += self._step(step, depth)
        return lines

    def _step(self, step: afterrun.ProofStep, depth: int) -> list[str]:
        if self._plain:
            reason = "- because" if step.holds else "- ruled out"
            lines = _indented(f"{reason}: {step.because}", depth)
        else:
            lines = _indented(f"- rule {step.rule} {'holds' if step.holds else 'is refuted'}", depth)
            reason = "because" if step.holds else "it would say"
            lines += _indented(f"{reason}: {step.because}", depth + 1)
            if step.sources:
                lines += _indented(f"sources: {', '.join(step.sources)}", depth + 1)
        for premise in step.premises:
            if isinstance(premise, afterrun.Leaf):
                lines += self._leaf(premise, depth + 1)
            elif self._words.seen(premise.conclusion):
                lines += self._premise(premise, depth + 1)
        return lines

    def _premise(self, proof: afterrun.Proof, depth: int) -> list[str]:
        words = conclusion_words(self._rulebook, proof.conclusion, proof.value)
        if self._plain:
            finding = proof.conclusion in self._rulebook.findings
            state = "" if finding else ": yes" if proof.value else ": ruled out"
            return [*_indented(f"- {words}{state}", depth), *self._steps(proof, depth + 1)]
        about = "" if words == proof.conclusion else f": {words}"
        return [
            *_indented(f"- {proof.conclusion} is {TRUTH_WORDS[proof.value]}{about}", depth),
            *self._steps(proof, depth + 1),
        ]

    def _leaf(self, leaf: afterrun.Leaf, depth: int) -> list[str]:
        lines = []
        if not self._plain:
            outcome = "holds" if leaf.holds else "does not hold"
            lines += _indented(f"- {leaf.subject} {leaf.test}: {outcome}", depth)
        for name, value in leaf.answers.items():
            asked = f'you were asked "{self._rulebook.questions[name].ask}"'
            lines += _indented(f"- {asked}" if self._plain else asked, depth + (not self._plain))
            lines += _indented(f'you answered "{self._answer(name, value)}"', depth + 1)
        return lines

    def _pair(self, name: str, before: str, after: str) -> list[str]:
        return [*_indented(name, 1), *_indented(f"now:  {before}", 2), *_indented(f"then: {after}", 2)]

    def _named(self, proposition: str) -> str:
        words = conclusion_words(self._rulebook, proposition)
        return words if self._plain else f"{words}{self._id(proposition)}" if words != proposition else words

    def _answer(self, name: str, value: object) -> str:
        return answer_in_words(self._rulebook, name, value, self._intake)

    def _id(self, name: str) -> str:
        return "" if self._plain else f" ({name})"


class Words:
    """What a reader may see, and the rows of a comparison."""

    def __init__(self, rulebook: afterrun.Rulebook, triage: str, reader: Reader) -> None:
        self._rulebook = rulebook
        self._triage = triage
        self._reader = reader

    def seen(self, proposition: str) -> bool:
        """Whether the reader may be told of a conclusion."""
        return self._reader == "clinician" or may_see(self._rulebook, self._triage, proposition)

    def rows(self, told: afterrun.WhatIf) -> Iterable[tuple[str, str, str]]:
        """Name, now and then, of each part of the result that differs."""
        rulebook = self._rulebook
        before, after = told.triage
        if before != after:
            yield "How soon to be seen", rulebook.triage[before].name, rulebook.triage[after].name
        for name, pair in told.patterns.items():
            yield rulebook.patterns[name].name, pair.before or "not shown", pair.after or "not shown"
        for name, pair in told.interventions.items():
            # What was set aside would give a runner the patterns away that the triage hides.
            seen = [
                each
                if self._reader == "clinician" or may_see(rulebook, at, name_of("intervention", name, each))
                else None
                for each, at in zip(pair, told.triage, strict=True)
            ]
            if seen[0] != seen[1]:
                yield rulebook.interventions[name].name, status_words(seen[0]), status_words(seen[1])
        for key, pair in told.plan.items():
            item = next(each for each in rulebook.plan if each.key == key)
            yield (
                item.text,
                plan_value_words(rulebook, key, pair.before, told.before),
                plan_value_words(rulebook, key, pair.after, told.after),
            )
        for name in told.opened:
            yield f"Question: {rulebook.questions[name].ask}", "settled", "open"
        for name in told.closed:
            yield f"Question: {rulebook.questions[name].ask}", "open", "settled"


def _indented(text: str, depth: int) -> list[str]:
    return wrapped(text, "  " * depth).splitlines()
