"""Trying the rules: what whole cases exercise, where thresholds lie, and which changes none would notice.

cases  ->  given  ->  coverage_by_cases               what the cases make true and false
rulebook  ->  boundaries                              intakes just below, at and above each threshold
rulebook  ->  mutants  ->  relinking  ->  lanes  ->  mutation  ->  survivors
cases  ->  given, expectations               ->  mutation
                               witnesses (intakes, seen, then the solver)  ->  survivors

The rules of the check-in part are tried by the same code: only what a person gives, and the words
in which a case expects something, differ.
"""
