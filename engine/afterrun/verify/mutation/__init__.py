"""Rules changed in one place at a time: who notices? And what whole cases exercise.

cases  ->  coverage                                   what the cases make true and false
rulebook  ->  mutants  ->  relinking  ->  lanes  ->  bench  ->  survivors
                       witnesses (intakes, seen, then the solver)  ->  survivors

The rules of the check-in part are tried by the same code: only what a person gives, and the words
in which a case expects something, differ.
"""

from afterrun.verify.mutation.bench import CaseFailsError
from afterrun.verify.mutation.coverage import Atom, CaseCoverage, Exercise, by_line, cover, worst
from afterrun.verify.mutation.survivors import MutationReport, Survivor, Watch, mutate
