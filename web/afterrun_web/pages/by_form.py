"""The pages that follow from the answers in a form, by their addresses; they know no request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from afterrun_web.forms import Form
from afterrun_web.pages import interview, outcome, plan
from afterrun_web.pages.site import Site

if TYPE_CHECKING:
    from starlette.responses import Response

BY_FORM: Mapping[str, Callable[[Site, Form], Response]] = {
    "/question": interview.question,
    "/answers": interview.answers,
    "/result": outcome.result,
    "/why": outcome.why,
    "/plan": plan.weeks,
    "/exercises": plan.exercises,
}
