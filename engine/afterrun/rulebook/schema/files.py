"""The knowledge files: which there are, and the shape of each."""

from __future__ import annotations

from typing import Any

from afterrun.rulebook.schema.conclusions import (
    FindingFile,
    InterventionFile,
    ParameterFile,
    PatternFile,
    TriageFile,
)
from afterrun.rulebook.schema.enrolment import Enrolment
from afterrun.rulebook.schema.formulas import MeasureFile
from afterrun.rulebook.schema.names import CodeFile, Identity
from afterrun.rulebook.schema.plans import PlanFile
from afterrun.rulebook.schema.questions import Interview
from afterrun.rulebook.schema.schedule import WrittenSchedule
from afterrun.rulebook.schema.sources import BackgroundFile, SourceFile, VerdictFile

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
