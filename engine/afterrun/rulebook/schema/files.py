"""The files of a rulebook: which there are, and the shape of each."""

from __future__ import annotations

from typing import Any

from afterrun.rulebook.schema.codes import CodeFile
from afterrun.rulebook.schema.conclusions import Finding, Intervention, Parameter, Pattern, TriageLevel
from afterrun.rulebook.schema.enrolment import Enrolment
from afterrun.rulebook.schema.exercises import ExerciseFile
from afterrun.rulebook.schema.formulas import Measure
from afterrun.rulebook.schema.history import WrittenHistory
from afterrun.rulebook.schema.invariants import Invariant
from afterrun.rulebook.schema.names import Identity
from afterrun.rulebook.schema.plans import PlanItem
from afterrun.rulebook.schema.questions import Interview
from afterrun.rulebook.schema.rules import Rule
from afterrun.rulebook.schema.schedule import WrittenSchedule
from afterrun.rulebook.schema.sources import Background, Hazard, SourceFile, Verdict

RULES: Any = tuple[Rule, ...]
"""The shape of a file of rules."""
INVARIANTS: Any = tuple[Invariant, ...]
"""The shape of `rules/invariants.yaml`."""
KNOWLEDGE: dict[str, Any] = {
    "rulebook": Identity,
    "questions": Interview,
    "measures": tuple[Measure, ...],
    "findings": tuple[Finding, ...],
    "triage": tuple[TriageLevel, ...],
    "patterns": tuple[Pattern, ...],
    "interventions": tuple[Intervention, ...],
    "parameters": tuple[Parameter, ...],
    "plans": tuple[PlanItem, ...],
    "schedule": WrittenSchedule,
    "exercises": ExerciseFile,
    "sources": SourceFile,
    "background": tuple[Background, ...],
    "evidence": tuple[Verdict, ...],
    "hazards": tuple[Hazard, ...],
    "codes": CodeFile,
    "enrolment": Enrolment,
    "history": WrittenHistory,
}
"""The knowledge files by name, and the shape of each; where order counts, the list's own does."""
