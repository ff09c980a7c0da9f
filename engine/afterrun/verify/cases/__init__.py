"""Files of whole cases in, cases out, and every way in which a result is not what one expects.

Where a rulebook says something, and which intakes lie around its thresholds, is here too.
"""

from afterrun.verify.cases.boundaries import (
    FINE,
    SIDES,
    Boundary,
    Crossing,
    answers_giving,
    boundaries_of,
    limits_of,
)
from afterrun.verify.cases.cases import CaseError, WrittenCase, check_cases, form_of, read_cases
from afterrun.verify.cases.expectations import differences
from afterrun.verify.cases.outcomes import Outcome, as_check_in, outcome_of, shown
from afterrun.verify.cases.places import OfPlan, OfRule, OfSkip, Owner, Place, Places, owners_in
from afterrun.verify.cases.read import Intake, ReadIntake, read_flat, read_intake
