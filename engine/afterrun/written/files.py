"""The knowledge files: which there are, and the shape of each."""

from __future__ import annotations

from typing import Any

from afterrun.written.codes import CodeFile
from afterrun.written.conclusions import FindingFile, InterventionFile, ParameterFile, PatternFile, TriageFile
from afterrun.written.enrolment import Enrolment
from afterrun.written.formulas import MeasureFile
from afterrun.written.identity import Identity
from afterrun.written.plans import PlanFile
from afterrun.written.questions import Interview
from afterrun.written.schedule import WrittenSchedule
from afterrun.written.sources import BackgroundFile, SourceFile, VerdictFile

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
