"""Classification codes for the clinician: `knowledge/codes.yaml`."""

from __future__ import annotations

from afterrun.written.conditions import Written
from afterrun.written.names import Id, Text


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
