"""What follows for a person: answers in, a Result out; a check-in's record in, a CheckIn out.

answers  ->  case: Case (triage, ledger, plan, relevance: what is open)  ->  result: Result
                                                                        ->  interview: NextQuestion
                                                                        ->  conversation: Conversation
record  ->  check_ins: CheckIn
"""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.assessment.case import Case
    from afterrun.assessment.check_ins import (
        CheckIn,
        check_in,
        how_soon,
        part_of,
        told_at_once,
        triage_again,
        urgency_of,
    )
    from afterrun.assessment.conversation import WHOLE_RULEBOOK, Conversation, Scope
    from afterrun.assessment.interview import NextQuestion, next_question, rules_that_ask
    from afterrun.assessment.ledger import Choice, Entry
    from afterrun.assessment.plan import Planner, chosen_by
    from afterrun.assessment.relevance import PLAN
    from afterrun.assessment.result import Readout, Result, assess, result_of
else:
    __getattr__, __dir__ = door(globals())
