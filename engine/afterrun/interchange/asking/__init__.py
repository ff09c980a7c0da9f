"""What leads through: the next question of a response, the card of a call, what a server can do.

response so far  ->  adaptive: the same with the next question    operations: bodies in, bodies out
call of a hook  ->  calls: Call  ->  fetched: its responses  ->  cards: cards    feedback: what became of them
Rulebook  ->  conformance: CapabilityStatement, OperationDefinitions
"""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.interchange.asking.adaptive import next_step
    from afterrun.interchange.asking.calls import (
        Call,
        call_in,
        own_hook,
        service_id,
        services_of,
    )
    from afterrun.interchange.asking.cards import Links, cards_of
    from afterrun.interchange.asking.conformance import (
        SEARCHED_BY,
        capability_statement,
        operation_definitions,
    )
    from afterrun.interchange.asking.feedback import Feedback, feedback_in
    from afterrun.interchange.asking.fetched import NothingFetched
    from afterrun.interchange.asking.operations import extract, next_question
else:
    __getattr__, __dir__ = door(globals())
