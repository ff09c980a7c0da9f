"""An old and a new rulebook in, what changed out: as written, in what it does, and what that means.

    structure (what is written otherwise)  \
    verify.prove: flips (what comes out otherwise)  ->  change: RulebookChange  ->  level: patch, minor, major
    approvals (which reviews fall)  /
"""

from afterrun.verify.changes.approvals import Approval, approvals_taken_back
from afterrun.verify.changes.change import AnotherRulebook, PartChange, RulebookChange, change_between
from afterrun.verify.changes.structure import Edit, Sort, edits_between
from afterrun.verify.changes.versions import (
    LEVELS,
    Level,
    NoVersion,
    follows,
    next_version,
    refuse_uncountable,
)
