"""Facts in, firings and proofs out.

answers  ->  facts: Facts  ->  reference (the meaning), compiled, durable  ->  firings: Inference
                                                               \\->  proofs: Proof
"""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.inference.compiled import CompiledLogic, Lanes
    from afterrun.inference.cones import Cones
    from afterrun.inference.durable import Reasoner
    from afterrun.inference.durable_ruleset import core_limits
    from afterrun.inference.engines import Engine, conclude, refuse_disagreement
    from afterrun.inference.facts import (
        FactMaker,
        Facts,
        cell_of_measure,
        facts_of,
        number_read,
        numbers_in,
        questions_of,
    )
    from afterrun.inference.firings import Firing, Inference, TestPremise
    from afterrun.inference.proofs import Leaf, Proof, ProofStep, Prover
    from afterrun.inference.reference import infer, settle
else:
    __getattr__, __dir__ = door(globals())
