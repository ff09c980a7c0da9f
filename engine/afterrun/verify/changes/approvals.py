"""Which approvals a change takes back: a review covers a rule, what it shows and asks, and its sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from afterrun.rulebook import Lack, Rulebook, lack_of, written_rules

_WHY: Mapping[Lack, str] = {
    "never": "its review was taken out",
    "changed": "the rule, a question or text that it shows, or a source of it has changed",
    "past": "its review is past its day",
}


class Approval(NamedTuple):
    """A rule that somebody answered for, and that nobody does any more."""

    rule: str
    owner: str
    approved_on: str
    why: str
    """What became of it: the rule or its review is gone or past its day, or what was approved has changed."""


def approvals_taken_back(old: Rulebook, new: Rulebook) -> tuple[Approval, ...]:
    """The rules of the old rulebook whose approval stood, and does not in the new one."""
    found = []
    for rule in written_rules(old):
        assert rule.written is not None  # it is a written one
        review = rule.written.review
        if review is None or lack_of(old, rule) is not None:
            continue
        later = new.rules.get(rule.id)
        if later is None or later.written is None:
            why = "the rule is gone"
        elif (lack := lack_of(new, later)) is not None:
            why = _WHY[lack]
        else:
            continue
        found.append(Approval(rule.id, review.owner, review.approved_on, why))
    return tuple(found)
