"""What a person sees of a result: everything but the reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from afterrun.assessment import Case
from afterrun.inference import Firing, Inference
from afterrun.rulebook import DISPLAY, Rulebook
from afterrun.verify.cases.read import ReadIntake

Outcome = Mapping[str, Any]
"""The keys of a result that cases speak of, in the same shape."""


def outcome_of(rulebook: Rulebook, read: ReadIntake, truths: Mapping[str, bool]) -> Outcome:
    """What the result shows, given the settled propositions.

    Proofs are left out, and so is which of several rules decided: of the ledger only status counts.
    """
    fired = (rule for name, value in truths.items() if value for rule in rulebook.propositions[name])
    inference = Inference(truths, tuple(Firing(rule.id, True, ()) for rule in fired))
    case = Case(rulebook, read.answers, read.facts, inference)
    return {
        "triage": case.level.id,
        "patterns": case.patterns,
        "interventions": list(case.interventions),
        "ledger": [
            {"id": entry.id, "status": entry.status, "from_week": entry.from_week} for entry in case.entries
        ],
        "plan": {**case.plan.values, **({DISPLAY: dict(case.plan.display)} if case.plan.display else {})},
        "open_questions": list(case.open_questions),
    }


def as_check_in(outcome: Outcome, triage: str | None) -> Outcome:
    """The outcome of a check-in in the words of `afterrun checkin`; `triage` is the main part's, if any."""
    return {**outcome, "status": outcome["triage"], "triage": triage, "actions": outcome["interventions"]}


def shown(outcome: Outcome) -> Outcome:
    """What of an outcome tells two rulebooks apart.

    Not what the triage withheld, and not which questions are open: as in `verify.prove`.
    """
    ledger = [entry for entry in outcome["ledger"] if entry["id"] in outcome["interventions"]]
    return {**{key: outcome[key] for key in ("triage", "patterns", "plan")}, "ledger": ledger}
