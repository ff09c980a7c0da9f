"""What follows for a person: answers in, a Result out; a check-in's record in, a CheckIn out.

answers, inference  ->  triage, ledger, plan  ->  result: Result
record  ->  check_ins: CheckIn
answers  ->  relevance (what is open)  ->  interview: NextQuestion
"""

from afterrun.assessment.check_ins import CheckIn, check_in, part_of, triage_again
from afterrun.assessment.interview import NextQuestion, next_question, rules_that_ask
from afterrun.assessment.ledger import Entry, allowed, ledger_of, values_in_order
from afterrun.assessment.plan import plan_of
from afterrun.assessment.relevance import PLAN, open_questions, questions_that_settle
from afterrun.assessment.result import Result, assess, patterns_of
from afterrun.assessment.triage import proposition_of, triage_level
