"""What was answered: a QuestionnaireResponse in, an intake out, or every issue with its place.

resource  ->  envelope, moments, places, values: what stands where  ->  read: Heard
intake  ->  write: a response that reads back as the same
"""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.interchange.answered.envelope import contained_form, is_id
    from afterrun.interchange.answered.heard import Heard
    from afterrun.interchange.answered.issues import Issue, ResponseError, outcome_of
    from afterrun.interchange.answered.lines import RESPONSES, is_resource
    from afterrun.interchange.answered.moments import day_of, earliest_of, instant_of
    from afterrun.interchange.answered.read import read_response
    from afterrun.interchange.answered.values import DECLINED
    from afterrun.interchange.answered.write import response_of
else:
    __getattr__, __dir__ = door(globals())
