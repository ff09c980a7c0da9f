"""Days, times and goal of a plan that goes on: as they are, and changed without a new plan."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from afterrun.errors import IntakeError
from afterrun.intake import Misread
from afterrun.rulebook.schema import Question
from afterrun.schedule import Preferences, PreferencesError
from afterrun.telling import changed_settings_page, settings_page
from afterrun_web.pages.diary.desk import STALE, Desk, stand_of
from afterrun_web.pages.wishes import fields_of, wishes_in, wrong_words
from afterrun_web.requests.forms import Form
from afterrun_web.requests.sent import Sent

AS_IT_IS = "That is how it is already. Nothing was changed."


def add_to(pages: APIRouter, desk: Desk) -> None:
    """The pages of the settings."""

    @pages.get("/settings")
    def settings() -> Response:
        return Settings(desk).page()

    @pages.post("/settings")
    def change(form: Sent) -> Response:
        return Settings(desk).changed(form)


class Settings:
    """What holds for the weeks ahead."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._history = desk.history()

    def page(self, notice: str = "", wrong: list[str] | None = None, form: Form | None = None) -> Response:
        """The fields with what holds in them."""
        from afterrun.diary import goal_question, schedules_of, written_of

        part, history = self._desk.part, self._history
        question = goal_question(part)
        has_goal = question is not None and question.id in written_of(part).may_change
        held = history.standing.facts.get(question.id) if question is not None else None
        schedule = schedules_of(part, history)[-1]
        return self._desk.page(
            "settings.html.j2",
            status=422 if wrong else 200,
            token=self._desk.seal({"stand": stand_of(history)}),
            page=settings_page(part, history, schedule),
            inputs=(),
            wishes=fields_of(self._desk.base, Preferences.of(history.preferences_now), schedule),
            goal_asked=question.ask if question is not None and has_goal else "",
            goal=form.one("goal") if form is not None else held if isinstance(held, int | float) else "",
            unit=self._unit(question),
            notice=notice,
            wrong=wrong or [],
        )

    def _unit(self, question: Question | None) -> str:
        base, facts = self._desk.base, self._history.standing.facts
        if question is None or question.quantity is None:
            return ""
        quantity = base.quantities[question.quantity]
        held = facts.get(quantity.unit_key)
        return next((each.text for each in quantity.units if each.id == held), "")

    def changed(self, form: Form) -> Response:
        """The change is written down, or what is wrong is told."""
        from afterrun.diary import schedules_of

        desk, part = self._desk, self._desk.part
        stand = desk.about_in(form).get("stand")
        wrong = list[str]()
        chosen, facts, note = Preferences(), dict[str, Any](), ""
        try:
            chosen = wishes_in(desk.base, form)
        except PreferencesError as error:
            wrong += wrong_words(error)
        try:
            facts, note = self._goal(form)
        except (Misread, IntakeError) as error:
            wrong.append(f"Goal: {error}")
        if wrong:
            return self.page("", wrong, form)
        with desk.writing() as diary:
            history = self._history = desk.history()
            held = history.standing.facts
            if chosen == Preferences.of(history.preferences_now) and all(
                held.get(name) == value for name, value in facts.items()
            ):
                return self.page(AS_IT_IS)
            if stand != stand_of(history):
                raise STALE
            changed = diary.settle(part, history, chosen, facts, desk.now)
        before, after = (schedules_of(part, each)[-1] for each in (history, changed))
        return desk.page(
            "told.html.j2",
            page=changed_settings_page(part, (history, changed), (before, after)),
            inputs=(),
            notice=f"Written down. What lies behind stays as it was. {note}".strip(),
            stopped=False,
            now=(),
        )

    def _goal(self, form: Form) -> tuple[dict[str, Any], str]:
        """What another goal changes; nothing where it is as it was."""
        from afterrun.diary import goal_question, typed_goal

        question = goal_question(self._desk.part)
        standing, typed = self._history.standing, form.one("goal").strip()
        if question is None or not form.all("goal"):
            return {}, ""
        held = standing.facts.get(question.id)
        if typed == ("" if not isinstance(held, int | float) else str(held)):
            return {}, ""
        return typed_goal(self._desk.part, standing, self._history.intake, typed)
