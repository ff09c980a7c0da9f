"""A rulebook proved over all intakes, whole and partial; only this package knows the solver.

    questions  ->  world  ->  encoding (rules)  ->  plan_encoding, shown (results)
                                                          \\->  search  ->  checks  ->  CheckReport
                                                          \\->  equivalence, relevance

    two rulebooks  ->  changes: joint, axes, candidates  ->  regions  ->  flips

Needs the extra `prove` (z3-solver).
"""

from afterrun.verify.prove.changes.axes import Stretch
from afterrun.verify.prove.changes.candidates import NONE
from afterrun.verify.prove.changes.flips import Condition, Flip, Flips, flips
from afterrun.verify.prove.checks import CHECKS, CheckReport, prove
from afterrun.verify.prove.equivalence import equivalent
from afterrun.verify.prove.findings import Check, Example, Finding
from afterrun.verify.prove.relevance import relevant_questions
from afterrun.verify.prove.search import Ground, Undecided
