"""Rules changed in one place at a time: who notices?

    rulebook  ->  mutants  ->  relinking  ->  bench (cases)  ->  survivors
                           witnesses (intakes, seen, then the solver)  ->  survivors

The rules of the check-in part are tried by the same code: only what a person gives, and the words
in which a case expects something, differ.
"""

from afterrun.verify.mutation.survivors import MutationReport, Survivor, Watch, mutate
