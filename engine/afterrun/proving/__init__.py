"""A rulebook proved over all intakes, whole and partial; only this package knows the solver.

    questions  ->  world  ->  encoding (rules)  ->  plan_encoding, shown (results)
                                                          \\->  ground  ->  checks  ->  Report
                                                          \\->  equivalence, relevance

Needs the extra `prove` (z3-solver).
"""

from afterrun.proving.checks import CHECKS, prove
from afterrun.proving.equivalence import equivalent
from afterrun.proving.findings import Example, Finding, Report
from afterrun.proving.relevance import relevant_questions
from afterrun.proving.search import Undecided

__all__ = ["CHECKS", "Example", "Finding", "Report", "Undecided", "equivalent", "prove", "relevant_questions"]
