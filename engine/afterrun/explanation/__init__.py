"""A result in, reasons out: why and why not, why asked, what if, and the nearest changes.

    conclusions: Explanation     questions: WhyAsked     comparison: WhatIf     counterfactual: Nearest
    standing: Standing     rules: RuleStanding     numbers: PlanNumber     targets: all of them by name

`words` has the words for what a rulebook names, `citations` what stands behind a source key.
"""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.explanation.citations import (
        CERTAINTIES,
        Citation,
        Citations,
        sources_in,
        verdict_alone,
        verdict_words,
    )
    from afterrun.explanation.comparison import WhatIf, what_if
    from afterrun.explanation.conclusions import Explanation, explain, explanations_of
    from afterrun.explanation.counterfactual.nearest import (
        AnswerChange,
        Nearest,
        NearestChange,
        nearest_changes,
    )
    from afterrun.explanation.counterfactual.number_ranges import NumberRange
    from afterrun.explanation.numbers.arithmetic import Step, Working, measured
    from afterrun.explanation.numbers.phrases import PHRASES
    from afterrun.explanation.numbers.plan_keys import Input, KeyLine, PlanNumber, plan_number
    from afterrun.explanation.questions import WhyAsked, why_asked
    from afterrun.explanation.rules import RuleStanding, SourceStanding
    from afterrun.explanation.skips import Skips
    from afterrun.explanation.standing import Candidate, Standing, also_giving, standing_of, subject_of
    from afterrun.explanation.targets import Explained, Names, explained
    from afterrun.explanation.words import (
        STATUS_WORDS,
        TRUTH_WORDS,
        amount_words,
        answer_in_words,
        answer_words,
        conclusion_words,
        plan_entry,
        plan_uses,
        plan_words,
        with_unit,
    )
else:
    __getattr__, __dir__ = door(globals())
