"""Files of whole cases in, cases out, and every way in which a result is not what one expects."""

from afterrun.verify.cases.cases import Case, CaseError, check_cases, form_of, read_cases
from afterrun.verify.cases.conditions import as_yaml, parts_with_paths, tests_with_paths
from afterrun.verify.cases.expectations import differences
from afterrun.verify.cases.given import Given, Intake, given, given_flat
from afterrun.verify.cases.outcomes import Outcome, as_check_in, outcome_of, shown
from afterrun.verify.cases.places import Place, Places
