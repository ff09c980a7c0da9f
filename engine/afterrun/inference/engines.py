"""Which engine draws the conclusions, and the second one that it is held against."""

from __future__ import annotations

from typing import Literal

from afterrun.errors import Disagreement
from afterrun.inference.compiled import CompiledLogic
from afterrun.inference.facts import Facts
from afterrun.inference.firings import Inference
from afterrun.inference.reference import infer
from afterrun.rulebook import Rulebook, engine_of

Engine = Literal["durable", "compiled", "reference"]
"""`durable` runs the forward-chaining engine and holds it against the compiled logic; `compiled` is
that logic alone, for those who embed the library; `reference` is the plain evaluator that defines
what both must say."""


def conclude(rulebook: Rulebook, facts: Facts, engine: Engine = "durable") -> Inference:
    """What follows from the facts; the forward-chaining engine is held against a second one."""
    if engine == "reference":
        return infer(rulebook, facts)
    compiled = engine_of(rulebook, CompiledLogic).infer(facts)
    if engine == "compiled":
        return compiled
    # Only this engine needs the C core, and only once there is something to assess.
    from afterrun.inference.durable import Reasoner

    inference = engine_of(rulebook, Reasoner).infer(facts)
    refuse_disagreement(inference, compiled)
    return inference


def refuse_disagreement(inference: Inference, other: Inference) -> None:
    """Fail closed unless both say the same of every proposition."""
    if inference.truths == other.truths:
        return
    names = sorted(
        name
        for name in {*inference.truths, *other.truths}
        if inference.truths.get(name) is not other.truths.get(name)
    )
    raise Disagreement(f"the engines disagree, so no result is given: {', '.join(names)}")
