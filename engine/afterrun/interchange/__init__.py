"""The rulebook and its results as FHIR R4, for a clinic's own systems: what is asked, answered and told.

Rulebook  ->  asked: a Questionnaire, its items and their canonical names
QuestionnaireResponse  ->  answered: Heard (an intake and what came with it), or every issue with its place
Heard  ->  told: a Bundle of what the rules make of it      Rulebook  ->  told: its definitions, as a library

What is exchanged is plain dictionaries, as `json` writes them. Nothing here reads a clock or a network.
"""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.interchange.answered import (
        RESPONSES,
        Heard,
        Issue,
        ResponseError,
        is_resource,
        outcome_of,
        read_response,
        response_of,
    )
    from afterrun.interchange.asked import (
        Enabling,
        canonical,
        enabling_of,
        items_for,
        questionnaire_of,
        stable_id,
    )
    from afterrun.interchange.asking import (
        SEARCHED_BY,
        Call,
        Feedback,
        Links,
        NothingFetched,
        call_in,
        capability_statement,
        cards_of,
        extract,
        feedback_in,
        next_question,
        next_step,
        operation_definitions,
        own_hook,
        service_id,
        services_of,
    )
    from afterrun.interchange.told import Record, bundle_of, bundle_of_record, care_plan_of, library_of
else:
    __getattr__, __dir__ = door(globals())
