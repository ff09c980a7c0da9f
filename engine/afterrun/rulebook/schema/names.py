"""How names, sources and texts are written in every kind of file; and the files that hold little else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from afterrun.rulebook.schema.written import SOME, Limits, Written

Id = Annotated[str, Limits(pattern=r"^[a-z][a-z0-9_]*$")]
KebabId = Annotated[str, Limits(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Source = Annotated[str, Limits(pattern=r"^((row|article|resolution):[A-Z]+[0-9]+[a-z]?|[a-z][a-z0-9-]*)$")]
Sources = Annotated[tuple[Source, ...], SOME]
Text = Annotated[str, Limits(strip_whitespace=True, min_length=1)]
Status = Literal["recommended", "postponed", "merged", "set_aside"]
"""What became of an intervention."""


class Identity(Written):
    """The rulebook's name, version and standing: `knowledge/rulebook.yaml`."""

    name: KebabId
    version: str
    title: Text
    purpose: Text
    limits: tuple[Text, ...]
    """What the rulebook is not, shown with every result."""


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
    checks: Mapping[str, str]
    cautions: tuple[Text, ...]
    codes: tuple[Code, ...]
