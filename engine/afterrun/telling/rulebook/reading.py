"""A rulebook in, every text out that a runner reads of it; and how easily these are read.

Grades want the extra `words`: syllables of English are counted by textstat.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import BEYOND, PLACEHOLDER, Written

HIGHEST_GRADE = 6
LONGEST_SENTENCE = 25
"""Words."""
FEWEST_WORDS = 5
"""A name or a word or two has no grade."""

JARGON = re.compile(
    r"triage|baseline|flat weeks?|\bramps?\b|sustainable|capped claim|\bbuffer|\brpe\b|in reserve"
    r"|eccentric|concentric|\bdepth\b|full[- ]range|60 degrees|load-related|self-check|routine appointment"
    r"|patellofemoral|iliotibial|osteoarthritis|inflammatory|fluoroquinolone|bony bump"
    r"|postponed|merged|set aside",
    re.IGNORECASE,
)
"""What no runner should have to look up."""

_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
_FOR_CLINICIANS = (
    "id",
    "key",
    "sources",
    "clinician",
    "unit_key",
    "kind",
    "type",
    "levels",
    "examples",
    "props",
)


class RunnerText(NamedTuple):
    """One text that a runner reads."""

    place: str
    text: str

    @property
    def longest_sentence(self) -> int:
        """Words of its longest sentence."""
        return max(len(each.split()) for each in _SENTENCE_ENDS.split(self.text))

    @property
    def grade(self) -> float | None:
        """School years that it takes to read it with ease (Flesch and Kincaid); None for a name.

        A name is judged without the mark of what goes beyond the article, which all such names bear.
        """
        from textstat import textstat

        text = self.text.removesuffix(f" ({BEYOND})")
        return float(textstat.flesch_kincaid_grade(text)) if len(text.split()) >= FEWEST_WORDS else None

    def offences(self) -> Iterator[str]:
        """What makes it hard to read."""
        if self.grade is not None and self.grade > HIGHEST_GRADE:
            yield f"grade {self.grade:.1f}"
        if self.longest_sentence > LONGEST_SENTENCE:
            yield f"a sentence of {self.longest_sentence} words"
        yield from (f"'{each}'" for each in dict.fromkeys(JARGON.findall(self.text)))


class Reading(NamedTuple):
    """How easily some texts are read."""

    texts: int
    hardest: float
    mean: float
    longest_sentence: int

    @property
    def words(self) -> str:
        """All of it in one line."""
        return (
            f"{self.texts} texts that a person reads: grade {self.hardest:.1f} at most, "
            f"{self.mean:.1f} in the mean; longest sentence {self.longest_sentence} words"
        )


def reading_of(texts: Iterable[RunnerText]) -> Reading:
    """How easily texts are read; raises ImportError without the extra `words`."""
    found = list(texts)
    grades = [grade for each in found if (grade := each.grade) is not None]
    return Reading(
        len(found),
        max(grades, default=0.0),
        sum(grades) / max(len(grades), 1),
        max((each.longest_sentence for each in found), default=0),
    )


def runner_texts(rulebook: Rulebook) -> Iterator[RunnerText]:
    """Every text of a rulebook that is told to runners, each with its place."""
    kinds: dict[str, Iterable[Any]] = {
        "section": rulebook.sections.values(),
        "quantity": rulebook.quantities.values(),
        "question": rulebook.questions.values(),
        "finding": rulebook.findings.values(),
        "triage": rulebook.triage.values(),
        "pattern": rulebook.patterns.values(),
        "intervention": rulebook.interventions.values(),
        "parameter": rulebook.parameters.values(),
        "exercise": rulebook.exercises.values(),
    }
    for kind, items in kinds.items():
        for item in items:
            yield from _texts(f"{kind} {item.id}", item)
    for rule in rulebook.rules.values():
        if rule.written is not None:
            yield RunnerText(f"rule {rule.id} because", _plain(rule.because))
    for item in rulebook.plan:
        for name in ("text", "asked_later", "otherwise"):
            yield from _texts(f"plan {item.key} {name}", getattr(item, name))
    if rulebook.schedule is not None:
        yield from _texts("schedule", rulebook.schedule)
    if rulebook.enrolment is not None:
        yield from _texts("enrolment", rulebook.enrolment.signs.without_answers_says)
    for place, limit in enumerate(rulebook.identity.limits, 1):
        yield RunnerText(f"limit {place}", _plain(limit))


def _texts(place: str, value: Any) -> Iterator[RunnerText]:
    """Every text within a value: what has more than one word, or begins with a capital."""
    if isinstance(value, str):
        if " " in value.strip() or value[:1].isupper():
            yield RunnerText(place, _plain(value))
    elif isinstance(value, Written):
        for name, each in vars(value).items():
            if name.rstrip("_") not in _FOR_CLINICIANS:
                named = getattr(each, "id", "") if isinstance(each, Written) else ""
                yield from _texts(" ".join(filter(None, (place, name.rstrip("_"), named))), each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(f"{place} {key}", each)
    elif isinstance(value, list | tuple):
        for at, each in enumerate(value, 1):
            yield from _texts(f"{place} {getattr(each, 'id', at)}", each)


def _plain(text: str) -> str:
    """A text as it is read, a number in place of what is filled in."""
    return PLACEHOLDER.sub("3", " ".join(text.split()))
