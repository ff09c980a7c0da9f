"""Rules changed in one place at a time: who notices? And what whole cases exercise, and where thresholds lie.

cases  ->  coverage_by_cases                          what the cases make true and false
rulebook  ->  boundaries                              intakes just below, at and above each threshold
rulebook  ->  mutants  ->  relinking  ->  lanes  ->  mutation  ->  survivors
                       witnesses (intakes, seen, then the solver)  ->  survivors

The rules of the check-in part are tried by the same code: only what a person gives, and the words
in which a case expects something, differ.
"""

from afterrun.verify.mutation.boundaries import SIDES, Boundary, Tried, boundaries
from afterrun.verify.mutation.coverage_by_cases import Atom, CaseCoverage, Exercise, by_line, cover, worst
from afterrun.verify.mutation.mutation import CaseFailsError
from afterrun.verify.mutation.survivors import MutationReport, Survivor, Watch, mutate
