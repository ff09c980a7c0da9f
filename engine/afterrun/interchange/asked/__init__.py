"""What is asked: the rulebook's questions as a Questionnaire, under canonical names."""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.interchange.asked.naming import canonical, fhir_id, stable_id
else:
    __getattr__, __dir__ = door(globals())
