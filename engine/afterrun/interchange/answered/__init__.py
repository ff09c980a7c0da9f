"""What was answered: a QuestionnaireResponse in, an intake out, or every issue with its place."""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.interchange.answered.heard import Heard
    from afterrun.interchange.answered.issues import Issue, ResponseError
else:
    __getattr__, __dir__ = door(globals())
