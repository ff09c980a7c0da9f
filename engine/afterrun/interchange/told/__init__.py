"""What is told: a response that was heard in, a Bundle of what the rules make of it out; and the library.

Heard  ->  record: Record  ->  guidance, condition, risk, care_plan, provenance  ->  bundle
Rulebook  ->  library: its plan and its interventions as definitions
"""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.interchange.told.bundle import bundle_of, bundle_of_record
    from afterrun.interchange.told.care_plan import care_plan_of
    from afterrun.interchange.told.library import library_of
    from afterrun.interchange.told.record import Assess, Record
else:
    __getattr__, __dir__ = door(globals())
