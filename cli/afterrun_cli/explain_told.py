"""What `afterrun explain` found, before it is put into words, a page or JSON."""

from __future__ import annotations

from typing import NamedTuple

import afterrun
from afterrun.explanation import sources_in


class Told(NamedTuple):
    """The answers to what was asked."""

    explanations: tuple[afterrun.Explanation, ...]
    asked: tuple[afterrun.WhyAsked, ...]
    what_if: afterrun.WhatIf | None
    nearest: tuple[afterrun.Nearest, ...]
    hidden: bool
    """Whether something was left out that the runner may not see yet."""

    def sources(self) -> list[str]:
        """Every source behind what is told."""
        proofs = [each.proof for each in self.explanations]
        if self.what_if is not None:
            proofs += [proof for each in self.what_if.conclusions for proof in each.proof]
        rules = [source for why in self.asked for rule in why.rules for source in rule.sources]
        return list(dict.fromkeys([*sources_in(proofs), *rules]))
