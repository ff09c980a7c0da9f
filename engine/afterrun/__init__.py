"""afterrun: rules that say what they know about a knee that hurts after running, and why.

    rules/ knowledge/  ->  rulebook: Rulebook
    intake  ->  answers  ->  inference: facts, firings  ->  assessment: Result  ->  schedule: Schedule
    intake  ->  explanation: why, why not, why asked, what if, what it would take
    record  ->  assessment: CheckIn

>>> import afterrun
>>> rulebook = afterrun.load_rulebook()
>>> result = afterrun.assess(rulebook, {"warning_signs": ["calf_swollen"]})
>>> result.triage
'urgent'
>>> afterrun.next_question(rulebook, {}).question.id
'age_years'
"""

from typing import TYPE_CHECKING

from afterrun.doors import door
from afterrun.notebooks import draws

if TYPE_CHECKING:
    from afterrun.assessment import CheckIn, Entry, NextQuestion, Result, assess, check_in, next_question
    from afterrun.batch import assess_frame
    from afterrun.errors import (
        AfterrunError,
        Disagreement,
        EngineFault,
        IntakeError,
        Problem,
        RulebookError,
        UnknownNameError,
    )
    from afterrun.explanation import (
        AnswerChange,
        Explanation,
        Nearest,
        NearestChange,
        WhatIf,
        WhyAsked,
        explain,
        nearest_changes,
        what_if,
        why_asked,
    )
    from afterrun.inference import Engine, Leaf, Proof, ProofStep
    from afterrun.intake import Answers, as_intake, read_answers
    from afterrun.rulebook import Rulebook, load_rulebook
    from afterrun.schedule import (
        NoScheduleError,
        Preferences,
        PreferencesError,
        Schedule,
        Session,
        State,
        Week,
        weeks,
    )
else:
    __getattr__, __dir__ = door(globals())


@draws
def _told(value: object) -> str:
    # Whoever tells stands above whoever is told of, and only notebooks want it from below.
    from afterrun.telling import notebook_html

    return notebook_html(value)
