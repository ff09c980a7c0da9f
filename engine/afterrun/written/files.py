"""The rule and knowledge files as written: one model for each kind of file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field, RootModel

from afterrun.written.conditions import Condition, Scalar, Written
from afterrun.written.enrolment import Enrolment
from afterrun.written.names import Id, KebabId, Sources, Status, Text
from afterrun.written.schedule import WrittenSchedule

Answers = dict[str, Any]

NOTHING = "nothing"
"""The reading under which every test on the answer is refuted."""


class Examples(Written):
    """Intakes that show what a rule does; each is checked by `rules check`."""

    fires: tuple[Answers, ...] = Field(min_length=1, description="Answers under which the rule is proved.")
    silent: tuple[Answers, ...] = Field(min_length=1, description="Answers under which it is refuted.")
    open: tuple[Answers, ...] = Field((), description="Answers that leave it undecided.")


class Rule(Written):
    """One piece of judgement: what it waits for, what it concludes, why, and from where."""

    id: KebabId
    if_: Condition = Field(alias="if", description="What must hold.")
    then: str | tuple[str, ...] = Field(description="The proposition, or propositions, concluded.")
    because: Text = Field(description="The reason in plain words.")
    sources: Sources
    examples: Examples
    redundant: str = Field(
        "", description="Why the rule stands although it changes no result; `rules prove` asks for it."
    )

    @property
    def conclusions(self) -> tuple[str, ...]:
        """The propositions that the rule concludes."""
        return (self.then,) if isinstance(self.then, str) else self.then


class RuleFile(RootModel[tuple[Rule, ...]]):
    """A file of rules."""


class Identity(Written):
    """The rulebook's name, version and standing: `knowledge/rulebook.yaml`."""

    name: KebabId
    version: str
    title: Text
    purpose: Text
    limits: tuple[Text, ...] = Field(description="What the rulebook is not, shown with every result.")


class Option(Written):
    """One answer that can be chosen."""

    id: Id
    text: Text
    clinician: str = Field("", description="The same for a clinician, where the runner's words are loose.")
    alone: bool = Field(False, description="Excludes the other options of its question: 'none of these'.")


class Question(Written):
    """One question of the interview."""

    id: Id
    section: Id
    ask: Text
    help: str = ""
    type: Literal["single", "multi", "integer", "number"]
    options: tuple[Option, ...] = ()
    options_from: tuple[Id, ...] = Field(
        (), description="Offers the options of these questions of the main part too; its own words win."
    )
    options_but: tuple[Id, ...] = Field((), description="Options of those questions that it leaves out.")
    labels: dict[int, str] = Field({}, description="Words for some values of an integer.")
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    unit: str = ""
    quantity: Id | None = Field(None, description="The quantity whose unit and bounds the number shares.")
    max_choices: int | None = Field(None, ge=1)
    optional: bool = Field(False, description="A blank is read as 'nothing' wherever a number is computed.")
    unknown_reads: Scalar | None = Field(
        None, description="Offers 'I don't know', read as this value; 'nothing' refutes every test."
    )
    skip_when: Condition | None = Field(None, description="The question does not apply while this holds.")
    skipped_reads: Scalar | None = Field(None, description="What the answer is read as while skipped.")
    changeable: bool = Field(
        True, description="False for what no one can act on or is likely to misstate: never proposed."
    )
    sources: Sources


class Section(Written):
    """A part of the interview."""

    id: Id
    title: Text
    safety: bool = Field(False, description="Asked first, and every answer is needed before any plan.")


class Unit(Written):
    """One unit of a quantity and the largest number that makes sense in it."""

    id: Id
    text: Text
    at_most: Decimal


class Quantity(Written):
    """A kind of number whose unit the person chooses once for all questions about it."""

    id: Id
    unit_key: Id = Field(description="The intake key that holds the unit.")
    ask: Text
    units: tuple[Unit, ...] = Field(min_length=1)
    sources: Sources


class Interview(Written):
    """The questionnaire: `knowledge/questions.yaml`."""

    sections: tuple[Section, ...]
    quantities: tuple[Quantity, ...] = ()
    questions: tuple[Question, ...]


class PercentChange(Written):
    """(to - from) / from x 100. From zero to more is infinite, from zero to zero is 0."""

    from_: Operand = Field(alias="from")
    to: Operand


class Difference(Written):
    """of - minus."""

    of: Operand
    minus: Operand


class Capped(Written):
    """`value`, but never more than `by`; a `by` that is nothing caps nothing."""

    value: Operand
    by: Operand


class ChangedByPercent(Written):
    """`value` changed by `percent` of itself."""

    value: Operand
    percent: Operand


class Formula(Written):
    """A number derived from answers; exactly one function."""

    sum: tuple[Operand, ...] | None = Field(None, min_length=1)
    first_known: tuple[Operand, ...] | None = Field(
        None, min_length=1, description="The first operand that is not nothing; an open one leaves it open."
    )
    rounded_down: Operand | None = Field(None, description="To two decimals, never up.")

    percent_change: PercentChange | None = None
    difference: Difference | None = None
    largest_above_zero: tuple[Operand, ...] | None = Field(
        None, min_length=1, description="The largest operand; zero and nothing do not count."
    )
    capped: Capped | None = None
    reduced: ChangedByPercent | None = Field(None, description="value x (1 - percent / 100)")
    raised: ChangedByPercent | None = Field(None, description="value x (1 + percent / 100)")


class ParameterRef(Written):
    """The value that the rules chose for a parameter; only in plans."""

    parameter: Id


Operand = Id | Decimal | ParameterRef | Formula
"""A question or measure by id, a number, a chosen parameter, or a nested formula."""

for _model in (PercentChange, Difference, Capped, ChangedByPercent, Formula):
    _model.model_rebuild()


class Measure(Written):
    """A number that rules can test, derived from answers."""

    id: Id
    text: Text
    unit: str = ""
    formula: Formula
    sources: Sources


class MeasureFile(RootModel[tuple[Measure, ...]]):
    """`knowledge/measures.yaml`."""


class Finding(Written):
    """An intermediate proposition, in words for both outcomes."""

    id: KebabId
    text: Text = Field(description="What it says when proved.")
    refuted: Text = Field(description="What it says when refuted.")


class FindingFile(RootModel[tuple[Finding, ...]]):
    """`knowledge/findings.yaml`."""


class TriageLevel(Written):
    """One level of urgency and what may be shown at it."""

    id: Id
    name: Text
    do: Text = Field(description="What the runner should do now.")
    pending: bool = Field(False, description="Shown while a stronger level is open; no rule concludes it.")
    settles: bool = Field(False, description="Given at once, though a stronger level may still be open.")
    shows_patterns: bool = False
    shows_plan: bool = False
    interventions: Literal["all"] | tuple[Id, ...] = Field(description="Which interventions may be listed.")
    sources: Sources


class TriageFile(RootModel[tuple[TriageLevel, ...]]):
    """`knowledge/triage.yaml`, strongest level first."""


class Pattern(Written):
    """A story that an intake can match."""

    id: Id
    name: Text
    text: Text
    levels: tuple[Id, ...] = Field(min_length=1, description="Strongest first; each implies the next.")
    covered: bool = Field(True, description="False for look-alikes outside the article.")
    clinician: str = ""
    sources: Sources


class PatternFile(RootModel[tuple[Pattern, ...]]):
    """`knowledge/patterns.yaml`, in the order in which patterns are told."""


class Intervention(Written):
    """Something to do, or to know."""

    id: Id
    kind: Literal["treatment", "explanation", "review", "stop"]
    name: Text
    do: Text
    starts: Id | None = Field(None, description="The parameter that holds the week it starts in.")
    merged_into: Id | None = Field(None, description="The intervention that serves for it when merged.")
    conflicts_with: tuple[Id, ...] = Field(
        (), description="Interventions that are never recommended beside it; `rules prove` sees to it."
    )
    sources: Sources


class InterventionFile(RootModel[tuple[Intervention, ...]]):
    """`knowledge/interventions.yaml`, in the order in which they are told."""


class Parameter(Written):
    """A number that rules choose among a few; where several apply, one wins."""

    id: Id
    text: Text
    unit: str = ""
    values: tuple[Decimal, ...] = Field(min_length=1)
    wins: Literal["smallest", "largest"]
    sources: Sources


class ParameterFile(RootModel[tuple[Parameter, ...]]):
    """`knowledge/parameters.yaml`."""


class SchemeEntry(Written):
    """A look-up in a key of the main part's plan that holds an entry for each stretch of weeks."""

    of: Id = Field(description="The key of the plan.")
    week: Operand
    blocks_back: int | None = Field(
        None, ge=0, description="The first week of its stretch, or of the one so many before it."
    )
    gives: Literal["entry", "week"] = "entry"


class PlanItem(Written):
    """One key of the plan: when it stands in the plan, and its value."""

    key: Id
    text: Text
    for_: dict[Id, tuple[Status, ...]] | None = Field(
        None, alias="for", description="Stands when one of these interventions has one of these statuses."
    )
    when: Condition | None = Field(None, description="Stands when this holds.")
    value: Any = Field(None, description="A constant.")
    parameter: Id | None = Field(None, description="The value that the rules chose.")
    formula: Formula | None = None
    scheme: SchemeEntry | None = None
    answer: Id | None = Field(None, description="The answer, or the unit, as given.")
    by_option: dict[Id, dict[str, tuple[str, ...]]] | None = Field(
        None, description="What each ticked option of a multiple choice adds."
    )
    whole: bool = Field(False, description="A formula's number is shown without decimals: a count.")
    asked_later: str = Field("", description="Why the value is not known yet; the key is null.")
    unit: str = ""
    sources: Sources


class PlanFile(RootModel[tuple[PlanItem, ...]]):
    """`knowledge/plans.yaml`, in the order in which the plan is told."""


class Paragraph(Written):
    """One numbered statement of the article, pinned to the paragraph that makes it."""

    id: str
    kind: Text
    text: Text = Field(description="A paraphrase, never the article's own sentence.")
    sha256: str = Field(
        pattern=r"^[0-9a-f]{64}$", description="Of the paragraph, white space folded to one blank."
    )


class Article(Written):
    """The text whose logic the rules encode."""

    title: Text
    words: int
    statements: tuple[Paragraph, ...]


class Row(Written):
    """One row of the agreed rule table."""

    id: str
    text: Text
    pending: str = Field("", description="Why the row is not encoded yet.")


class Resolution(Written):
    """How one ambiguity of the article was settled."""

    id: str
    text: Text
    basis: Literal["literature", "judgement", "convention"]


class Publication(Written):
    """A source other than the article."""

    id: KebabId
    citation: Text
    url: str = ""
    read: Literal["seen", "memory"] = Field(
        description="'seen': an excerpt was read; 'memory': not verified."
    )
    finding: str = Field("", description="What it found, in figures where there are any.")


class SourceFile(Written):
    """`knowledge/sources.yaml`."""

    article: Article
    rows: tuple[Row, ...]
    resolutions: tuple[Resolution, ...]
    publications: tuple[Publication, ...]


class Background(Written):
    """Something the article says that decides nothing."""

    id: KebabId
    text: Text
    sources: Sources


class BackgroundFile(RootModel[tuple[Background, ...]]):
    """`knowledge/background.yaml`."""


class Verdict(Written):
    """How one claim of the article stands against the literature."""

    id: KebabId
    claim: Text
    verdict: Literal["agrees", "partly", "disagrees", "none_found", "not_applicable"]
    literature: Text
    objection: str = ""
    sources: Sources


class VerdictFile(RootModel[tuple[Verdict, ...]]):
    """`knowledge/evidence.yaml`."""


class Code(Written):
    """A classification code suggested for the clinician, never a diagnosis."""

    condition: Text
    pattern: Id | None = None
    icd_10_cm: str
    icd_10_check: str
    icd_11: str
    icd_11_check: str
    confidence: Text
    caution: str = ""


class CodeFile(Written):
    """`knowledge/codes.yaml`."""

    licences: tuple[Text, ...]
    checks: dict[str, str]
    cautions: tuple[Text, ...]
    codes: tuple[Code, ...]


KNOWLEDGE: dict[str, type[Any]] = {
    "rulebook": Identity,
    "questions": Interview,
    "measures": MeasureFile,
    "findings": FindingFile,
    "triage": TriageFile,
    "patterns": PatternFile,
    "interventions": InterventionFile,
    "parameters": ParameterFile,
    "plans": PlanFile,
    "schedule": WrittenSchedule,
    "sources": SourceFile,
    "background": BackgroundFile,
    "evidence": VerdictFile,
    "codes": CodeFile,
    "enrolment": Enrolment,
}
"""The knowledge files by name, and the model of each."""
