"""What is asked: the rulebook's questions as a Questionnaire, under canonical names.

Question  ->  items (its `skip_when` as `enabling`)  ->  questionnaire
"""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.interchange.asked.codes import (
        ABSENT_REASONS,
        ASKED_UNKNOWN,
        CORE,
        DATA_ABSENT_REASON,
        SDC,
        UCUM,
        absent,
        control,
        extension,
        option_coding,
        unit_coding,
        unknown_coding,
    )
    from afterrun.interchange.asked.enabling import (
        Enabling,
        enabling_of,
        is_enabled,
        subjects_of,
        unknown_item,
    )
    from afterrun.interchange.asked.items import INSTEAD, TOLD_ITEM, help_item, items_for, unit_item
    from afterrun.interchange.asked.naming import canonical, fhir_id, stable_id
    from afterrun.interchange.asked.questionnaire import computer_name, group_item, questionnaire_of
else:
    __getattr__, __dir__ = door(globals())
