"""One reader of one person's case: what they may see, and in which words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from afterrun.assessment import PLAN
from afterrun.explanation import (
    STATUS_WORDS,
    Explanation,
    Standing,
    answer_in_words,
    conclusion_words,
    subject_of,
    with_unit,
)
from afterrun.intake import Answers, as_intake
from afterrun.rulebook import Proposition, Rulebook, allowed
from afterrun.telling.audit.words import WINS
from afterrun.telling.history.words import BY_FILES, behind_words, file_run_lines, unit_of

Reader = Literal["person", "clinician"]
"""A person reads plain words and only what the triage lets be shown; a clinician reads everything."""


class View:
    """Answers at a triage level, as one reader meets them."""

    def __init__(self, rulebook: Rulebook, answers: Answers, triage: str, reader: Reader) -> None:
        self.rulebook = rulebook
        self.answers = answers
        self.level = rulebook.triage[triage]
        self.plain = reader == "person"
        self.intake = {**answers.units, **as_intake(rulebook, answers)}

    def may_see(self, proposition: str, triage: str | None = None) -> bool:
        """Whether the reader may be told about a conclusion, at this triage level or at another."""
        if not self.plain:
            return True
        rulebook, level = self.rulebook, self.level if triage is None else self.rulebook.triage[triage]
        kind, name, detail = Proposition.parse(proposition)
        if kind == "pattern" and name in rulebook.patterns:
            return level.shows_patterns
        if proposition == PLAN or (kind == "parameter" and name in rulebook.parameters):
            return level.shows_plan
        if kind == "intervention" and name in rulebook.interventions:
            # What was set aside would give the patterns away.
            return allowed(level, name) and (level.shows_patterns or detail != "set_aside")
        return True

    def words(self, proposition: str, value: bool | None = True) -> str:
        """A conclusion in words."""
        return conclusion_words(self.rulebook, proposition, value)

    def value(self, proposition: str) -> str:
        """What a conclusion gives its subject: a level, a status, a number with its unit."""
        kind, name, value = Proposition.parse(proposition)
        if kind == "triage":
            return self.rulebook.triage[name].name
        if kind == "intervention":
            return STATUS_WORDS.get(value, value)
        return with_unit(value, self.rulebook.parameters[name].unit) if kind == "parameter" else value

    def explained(self, found: Explanation, standings: Iterable[Standing] = ()) -> str:
        """A conclusion in words; of several about one thing, whether it is the one that stands, and why."""
        words, subject = self.words(found.conclusion, found.value), subject_of(found.conclusion)
        standing = next((each for each in standings if each.subject == subject), None)
        # A pattern's weaker level follows from the stronger, and is no other choice.
        if (
            standing is None
            or subject.startswith("pattern.")
            or standing.stands is None
            or not standing.lost
            or not found.value
        ):
            return words
        if standing.stands == found.conclusion:
            return f"{words} (this one is used, {WINS[standing.wins]})"
        return f"{words} (not used: {self.value(standing.stands)} is)"

    def ask(self, question: str) -> str:
        """A question as it is asked; its name where it is none."""
        return self.rulebook.questions[question].ask if question in self.rulebook.questions else question

    def answer(self, question: str, value: Any) -> str:
        """An answer as a person says it."""
        return answer_in_words(self.rulebook, question, value, self.intake)

    def behind(self, question: str) -> str:
        """How many runs of which days an answer came from; empty where it came from no files."""
        found = self.answers.from_files.get(question)
        return "" if found is None else f"{BY_FILES}: {behind_words(self.rulebook, question, found)}"

    def runs(self, question: str) -> tuple[str, ...]:
        """These runs one by one, for those who look closely."""
        found = self.answers.from_files.get(question)
        if found is None or self.plain:
            return ()
        return file_run_lines(self.rulebook, question, found, unit_of(self.rulebook, question, self.intake))

    def id(self, name: str) -> str:
        """What the rulebook calls something, for those who read rulebooks."""
        return "" if self.plain else f" ({name})"
