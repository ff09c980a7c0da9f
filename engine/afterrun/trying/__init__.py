"""Trying the rules: what whole cases exercise, where thresholds lie, and which changes none would notice.

cases  ->  coverage_by_cases        which conditions the cases make true and false
rulebook  ->  boundaries            intakes just below, at and above each threshold
rulebook  ->  mutants  ->  relinking  ->  lanes, outcomes  ->  mutation
                                                            what no case notices  ->  witnesses
"""
