"""A rulebook proved over all intakes, whole and partial; only this package knows the solver.

    questions  ->  world  ->  encoding (rules)  ->  plan_encoding, shown (results)
                                                          \\->  ground  ->  checks  ->  Report
                                                          \\->  equivalence, relevance

Needs the extra `prove` (z3-solver).
"""

from afterrun.verify.prove.checks import CHECKS, prove
from afterrun.verify.prove.equivalence import equivalent
from afterrun.verify.prove.findings import Example, Finding, Report
from afterrun.verify.prove.relevance import relevant_questions
from afterrun.verify.prove.search import Undecided

__all__ = ["CHECKS", "Example", "Finding", "Report", "Undecided", "equivalent", "prove", "relevant_questions"]
