"""The pages that follow from the answers in a form, by their addresses; they know no request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from afterrun_web.pages import outcome, plan
from afterrun_web.pages.interview import questions
from afterrun_web.pages.site import Site
from afterrun_web.requests.forms import Form

if TYPE_CHECKING:
    from starlette.responses import Response

BY_FORM: Mapping[str, Callable[[Site, Form], Response]] = {
    "/question": questions.question,
    "/answers": questions.answers,
    "/result": outcome.result,
    "/why": outcome.why,
    "/plan": plan.weeks,
    "/exercises": plan.exercises,
}
