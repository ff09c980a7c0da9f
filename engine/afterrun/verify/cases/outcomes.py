"""What a person sees of a result: everything but the reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from afterrun.assessment import Case
from afterrun.inference import Firing, Inference
from afterrun.rulebook import DISPLAY, Rulebook
from afterrun.verify.cases.read import ReadIntake

Outcome = Mapping[str, Any]
"""The keys of a result that cases speak of, in the same shape."""

LayOut = Callable[[Case], Mapping[str, str]]
"""Gives the weeks that a case's plan is laid out in, short enough to be written down. Raises Refused.

Laying out is the business of another room, so that whoever tries the schedule brings it along."""


class Refused(Exception):
    """A schedule that loading would refuse: it names no days for so many sessions."""


def outcome_of(
    rulebook: Rulebook,
    read: ReadIntake,
    truths: Mapping[str, bool],
    lay_out: LayOut | None = None,
    *,
    asks: bool = False,
) -> Outcome:
    """What the result shows, given the settled propositions; with `lay_out` the weeks of its plan too.

    The open questions take as long to find as all the rest, so only whoever `asks` for them has them.

    Proofs are left out, and so is which of several rules decided: of the ledger only status counts.
    """
    fired = (rule for name, value in truths.items() if value for rule in rulebook.propositions[name])
    inference = Inference(truths, tuple(Firing(rule.id, True, ()) for rule in fired))
    case = Case(rulebook, read.answers, read.facts, inference)
    weeks = {} if lay_out is None else {"weeks": _laid_out(lay_out, case)}
    return {
        **weeks,
        **({"open_questions": list(case.lacking)} if asks else {}),
        "triage": case.level.id,
        "patterns": case.patterns,
        "interventions": list(case.interventions),
        "ledger": [
            {"id": entry.id, "status": entry.status, "from_week": entry.from_week} for entry in case.entries
        ],
        "plan": {**case.plan.values, **({DISPLAY: dict(case.plan.display)} if case.plan.display else {})},
    }


def as_check_in(outcome: Outcome, triage: str | None) -> Outcome:
    """The outcome of a check-in in the words of `afterrun checkin`; `triage` is the main part's, if any."""
    return {**outcome, "status": outcome["triage"], "triage": triage, "actions": outcome["interventions"]}


def shown(outcome: Outcome) -> Outcome:
    """What of an outcome tells two rulebooks apart.

    Not what the triage withheld, and not which questions are open: as in `verify.prove`.
    """
    ledger = [entry for entry in outcome["ledger"] if entry["id"] in outcome["interventions"]]
    keys = [key for key in ("triage", "patterns", "plan", "weeks") if key in outcome]
    return {**{key: outcome[key] for key in keys}, "ledger": ledger}


def _laid_out(lay_out: LayOut, case: Case) -> Mapping[str, str]:
    try:
        return lay_out(case)
    except (ValueError, KeyError, TypeError) as error:
        # So many sessions have no days, or the schedule takes for a number what is none.
        raise Refused(str(error)) from error
