"""How names, sources and texts are written in every kind of file; and the file that holds little else."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from afterrun.rulebook.schema.written import SOME, Limits, Names, Written

Id = Annotated[
    str,
    Limits(
        pattern=r"^[a-z][a-z0-9_]*$",
        form="a small letter, then small letters, digits and '_', as in first_choice",
    ),
]
KebabId = Annotated[
    str,
    Limits(
        pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        form="small letters and digits, in words joined by '-', as in first-choice",
    ),
]
Source = Annotated[
    str,
    Limits(
        pattern=r"^((row|article|resolution):[A-Z]+[0-9]+[a-z]?|[a-z][a-z0-9-]*)$",
        form="row:AB01, article:A1, resolution:A1, or the id of a publication, as in author-2020",
    ),
    Names("source"),
]
Sources = Annotated[tuple[Source, ...], SOME]
Proposition = Annotated[str, SOME, Names("proposition")]
QuestionId = Annotated[Id, Names("question")]
SectionId = Annotated[Id, Names("section")]
QuantityId = Annotated[Id, Names("quantity")]
LevelId = Annotated[Id, Names("triage")]
PatternId = Annotated[Id, Names("pattern")]
InterventionId = Annotated[Id, Names("intervention")]
NumberId = Annotated[Id, Names("number")]
"""A question that takes a number, or a measure."""
ParameterId = Annotated[Id, Names("parameter")]
OptionId = Annotated[str, Names("option", offered=False)]
"""An option of the question that is named first beside it, or that it stands below."""
PlanKey = Annotated[Id, Names("plan", offered=False)]
"""A key of a plan."""
OwnFindingId = Annotated[KebabId, Names("proposition", offered=False)]
OwnQuestionId = Annotated[Id, Names("question", offered=False)]
"""Of a question or measure: where it is given, or is one of another part."""
OwnSectionId = Annotated[Id, Names("section", offered=False)]
OwnQuantityId = Annotated[Id, Names("quantity", offered=False)]
OwnLevelId = Annotated[Id, Names("triage", offered=False)]
OwnPatternId = Annotated[Id, Names("pattern", offered=False)]
OwnInterventionId = Annotated[Id, Names("intervention", offered=False)]
"""Of an intervention or an action: where it is given, or is one of another part."""
OwnParameterId = Annotated[Id, Names("parameter", offered=False)]
UnitId = Annotated[Id, Names("unit", offered=False)]
StrengthId = Annotated[Id, Names("strength", offered=False)]
"""A level of a pattern."""
ExerciseId = Annotated[Id, Names("exercise", offered=False)]
CourseId = Annotated[Id, Names("course", offered=False)]
SessionId = Annotated[Id, Names("session", offered=False)]
"""A kind of session."""
NoteId = Annotated[Id, Names("note", offered=False)]
"""A key of a record that no rule reads."""
EntryId = Annotated[KebabId, Names("entry", offered=False)]
"""Of a rule, an invariant or another entry by which only people know it."""
Text = Annotated[str, Limits(strip_whitespace=True, min_length=1)]
Filled = Annotated[Text, Names("text", offered=False)]
"""A text in which keys of the plan may stand in {braces}."""
MaybeFilled = Annotated[str, Names("text", offered=False)]
"""The same where it may be left out."""
Day = Annotated[
    str, Limits(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", form="year, month and day, as in 2027-03-01")
]
"""As 2027-03-01, or not given."""
Status = Literal["recommended", "postponed", "merged", "set_aside"]
"""What became of an intervention."""


def day_of(written: str) -> date:
    """The day that was written; raises ValueError where the calendar has none such."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ValueError(f"'{written}' is no day of the calendar") from None


class Identity(Written):
    """The rulebook's name, version and standing: `knowledge/rulebook.yaml`."""

    name: EntryId
    version: str
    title: Text
    purpose: Text
    limits: tuple[Text, ...]
    """What the rulebook is not, shown with every result."""
    triage_text: Text = "Triage"
    """What the levels of triage are about, in the person's words."""
    expert: Text = "an expert"
    """Who knows the subject and approves rules, with an article: 'a clinician'."""
    do_not_wait: str = ""
    """Said where something failed and there is no result: what nobody should wait with."""
    review_by: Day = ""
    """The day by which the whole is to be looked at again; after it every result says so."""

    def __post_init__(self) -> None:
        """The day is one."""
        if self.review_by:
            day_of(self.review_by)
