"""Which of several rules for one conclusion gives its reason: that of the strongest triage level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from afterrun.rulebook.logic import And, Formula, Or, Ref
from afterrun.rulebook.model import LinkedRule
from afterrun.rulebook.proposition import Proposition


def levels_behind(formula: Formula) -> frozenset[str]:
    """The triage levels of which one is proved whenever the formula is; none where it needs none.

    >>> sorted(levels_behind(And((Ref("detrained"), Or((Ref("triage.urgent"), Ref("triage.emergency")))))))
    ['emergency', 'urgent']
    >>> sorted(levels_behind(Or((Ref("detrained"), Ref("triage.urgent")))))
    []
    """
    match formula:
        case Ref(name):
            proposition = Proposition.parse(name)
            return frozenset({proposition.subject} if proposition.kind == "triage" else ())
        case And(parts):
            found = [levels for part in parts if (levels := levels_behind(part))]
            return min(found, key=len, default=frozenset())
        case Or(parts):
            each = [levels_behind(part) for part in parts]
            return frozenset().union(*each) if all(each) else frozenset()
    return frozenset()


def in_order_of_reasons(rules: Iterable[LinkedRule], levels: Sequence[str]) -> tuple[LinkedRule, ...]:
    """The rules for one conclusion so ordered that the first that fires gives the reason.

    `levels` are the triage levels, strongest first. Whoever must be seen today hears why today, and
    not the reason of a weaker level that is proved as well; rules that need no level keep their places.
    """
    places = {level: place for place, level in enumerate(levels)}

    def strength(rule: LinkedRule) -> int:
        behind = levels_behind(rule.formula)
        return min((places[level] for level in behind if level in places), default=len(places))

    return tuple(sorted(rules, key=strength))
