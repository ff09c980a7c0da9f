"""Which approvals a change takes back: a review covers a rule, what it shows and asks, and its sources."""

from __future__ import annotations

from typing import NamedTuple

from afterrun.rulebook import Rulebook, lack_of, written_rules


class Approval(NamedTuple):
    """A rule that somebody answered for, and that nobody does any more."""

    rule: str
    owner: str
    approved_on: str
    why: str
    """What became of it: the rule is gone, its review is gone, or what was approved has changed."""


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
        elif later.written.review is None:
            why = "its review was taken out"
        elif lack_of(new, later) == "changed":
            why = "the rule, a question or text that it shows, or a source of it has changed"
        else:
            continue
        found.append(Approval(rule.id, review.owner, review.approved_on, why))
    return tuple(found)
