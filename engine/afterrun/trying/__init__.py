"""Trying the rules: what whole cases exercise, where thresholds lie, and which changes none would notice.

cases  ->  coverage_by_cases                          what the cases make true and false
rulebook  ->  boundaries                              intakes just below, at and above each threshold
rulebook  ->  mutants  ->  relinking  ->  lanes  ->  mutation  ->  survivors
                               witnesses (intakes, seen, then the solver)  ->  survivors
"""
