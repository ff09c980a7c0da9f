"""Files of whole cases in, cases out; what a result is not, what cases exercise, what lies around thresholds.

files of cases  ->  cases  ->  read  ->  whole (lanes, outcomes, expectations)      what is not as expected
                                     ->  coverage                                what they make true and false
rulebook        ->  boundaries                                                   intakes around each threshold
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
from afterrun.verify.cases.cases import (
    NAMES_IN_CASES,
    CaseError,
    CasesOfParts,
    WrittenCase,
    check_cases,
    form_of,
    read_cases,
    read_cases_of_parts,
)
from afterrun.verify.cases.coverage import Atom, CaseCoverage, Exercise, by_line, cover, worst
from afterrun.verify.cases.expectations import differences
from afterrun.verify.cases.lanes import FactLanes, SettledLanes, Waits
from afterrun.verify.cases.outcomes import LayOut, Outcome, Refused, as_check_in, outcome_of, shown
from afterrun.verify.cases.places import (
    OfMeasure,
    OfParameter,
    OfPlan,
    OfQuestion,
    OfRule,
    OfSchedule,
    Owner,
    Places,
    SourceLine,
    condition_held,
    owners_in,
)
from afterrun.verify.cases.read import Intake, ReadIntake, read_flat, read_intake
from afterrun.verify.cases.whole import CaseFailsError, WholeCases, settled_anew, truths_in
