"""What became of a card, as the client reports it."""

from __future__ import annotations

from typing import Any, NamedTuple

from afterrun.interchange.answered import Issue, ResponseError, instant_of

ACCEPTED, OVERRIDDEN = "accepted", "overridden"
MOST = 100
"""Reports in one request."""
LONGEST = 2000
"""Characters of any text in one."""


class Feedback(NamedTuple):
    """One report."""

    card: str
    outcome: str
    at: str
    suggestions: tuple[str, ...] = ()
    """Those accepted."""
    reason: str = ""
    """The code of why it was overridden, behind its system."""
    comment: str = ""
    """What the clinician wrote."""


def feedback_in(body: object) -> list[Feedback]:
    """The reports in a request's body. Raises ResponseError with all that is wrong; then none is taken."""
    given = body.get("feedback") if isinstance(body, dict) else None
    if not isinstance(given, list) or not 0 < len(given) <= MOST:
        text = f"is to be a list of 1 to {MOST} reports"
        raise ResponseError([Issue("error", "structure", "feedback", text)])
    issues: list[Issue] = []
    told = [_one(each, f"feedback[{place}]", issues) for place, each in enumerate(given)]
    if issues:
        raise ResponseError(issues)
    return told


def _one(given: Any, where: str, issues: list[Issue]) -> Feedback:
    def text(holder: Any, key: str, place: str, needed: bool = True) -> str:
        value = holder.get(key) if isinstance(holder, dict) else None
        if value is None and not needed:
            return ""
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
            words = f"is to be a text of 1 to {LONGEST} characters"
            issues.append(Issue("error", "structure", f"{place}.{key}", words))
            return ""
        return value

    card, outcome, at = (text(given, key, where) for key in ("card", "outcome", "outcomeTimestamp"))
    if outcome and outcome not in (ACCEPTED, OVERRIDDEN):
        issues.append(Issue("error", "value", f"{where}.outcome", f"is to be '{ACCEPTED}' or '{OVERRIDDEN}'"))
    if at and instant_of(at) is None:
        words = "is to be an instant of RFC 3339, as in 2027-03-01T08:30:00Z"
        issues.append(Issue("error", "value", f"{where}.outcomeTimestamp", words))
    held = given if isinstance(given, dict) else {}
    accepted, why = held.get("acceptedSuggestions"), held.get("overrideReason")
    if outcome == ACCEPTED and (not isinstance(accepted, list) or not accepted):
        words = "is to name the suggestions that were accepted"
        issues.append(Issue("error", "required", f"{where}.acceptedSuggestions", words))
    suggestions = [
        text(each, "id", f"{where}.acceptedSuggestions[{place}]")
        for place, each in enumerate(accepted if isinstance(accepted, list) else ())
    ]
    reason = why.get("reason") if isinstance(why, dict) else None
    code = ""
    if reason is not None:
        place = f"{where}.overrideReason.reason"
        code = "|".join(text(reason, key, place, key == "code") for key in ("system", "code"))
    comment = text(why, "userComment", f"{where}.overrideReason", needed=False)
    return Feedback(card, outcome, at, tuple(suggestions), code, comment)
