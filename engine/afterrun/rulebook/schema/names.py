"""How names, sources and texts are written in every kind of file; and the files that hold little else."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from afterrun.rulebook.schema.conditions import Written

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
KebabId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Source = Annotated[
    str, StringConstraints(pattern=r"^((row|article|resolution):[A-Z]+[0-9]+[a-z]?|[a-z][a-z0-9-]*)$")
]
Sources = Annotated[tuple[Source, ...], Field(min_length=1)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Status = Literal["recommended", "postponed", "merged", "set_aside"]
"""What became of an intervention."""


class Identity(Written):
    """The rulebook's name, version and standing: `knowledge/rulebook.yaml`."""

    name: KebabId
    version: str
    title: Text
    purpose: Text
    limits: tuple[Text, ...] = Field(description="What the rulebook is not, shown with every result.")


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
