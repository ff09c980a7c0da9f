"""Where the person stands: what now, the weeks so far, those ahead, and all of it to take along."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.responses import Response

from afterrun.telling import (
    asked_again_words,
    conflicts_section,
    diary_of,
    diary_svg,
    page_of,
    plan_page,
    plan_parts,
    stopped_words,
    told_so_far,
    what_it_holds,
    what_now,
    where_words,
    why_no_weeks,
)
from afterrun.visible import as_json
from afterrun_web.pages.diary.desk import Desk, stand_of
from afterrun_web.pages.plan import A_PAGE, calendar_file, weeks_from

if TYPE_CHECKING:
    from afterrun.diary import History


def add_to(pages: APIRouter, desk: Desk) -> None:
    """The pages that only show."""

    @pages.get("")
    def diary() -> Response:
        return standing_page(desk)

    @pages.get("/plan")
    def plan(week: int = 1) -> Response:
        return Ahead(desk).page("weeks.html.j2", week)

    @pages.get("/exercises")
    def exercises() -> Response:
        return Ahead(desk).page("cards.html.j2", 1)

    @pages.get("/calendar")
    def calendar() -> Response:
        return Ahead(desk).calendar()

    @pages.get("/export")
    def export() -> Response:
        return _export(desk)


def standing_page(desk: Desk, notice: str = "", status: int = 200) -> Response:
    """Where the person stands."""
    found = desk.enrolments()
    if not found:
        return desk.page("none.html.j2", notice=notice)
    from afterrun.diary import is_answered_anew, schedules_of

    part, history, today = desk.part, found[-1], desk.now.date()
    schedule = schedules_of(part, history)[-1]
    holding, last = history.holding, history.check_ins[-1] if history.check_ins else None
    why, again = asked_again_words(part, history)
    stop = holding if holding is not None and holding.left.stopped else None
    anew = last is not None and is_answered_anew(part, history, last) and stop in (None, last)
    diary = diary_of(part, history)
    return desk.page(
        "standing.html.j2",
        status=status,
        notice=notice,
        history=history,
        diary=diary,
        where=list(where_words(part, history, diary, today)),
        now=[*what_it_holds(schedule, desk.now), *what_now(history, schedule, commands=False)],
        svg=diary_svg(part, history, styled=False) if history.check_ins else "",
        said=list(told_so_far(part, history)),
        stopped=stop is not None,
        token="" if stop is None else desk.seal({"stand": stand_of(history)}),
        goes_by_weeks=bool(schedule.weeks),
        conflicts=conflicts_section(schedule),
        can_correct=anew,
        can_take_back=stop is not None and not anew,
        has_last=last is not None,
        days=days_to_report(history, today),
        why_again=why,
        again=again,
    )


def days_to_report(history: History, today: date) -> list[tuple[int, str]]:
    """Each week that is over and has no check-in, with the day on which it could be reported."""
    weeks = (today - history.start + timedelta(days=1)).days // 7
    return [(week, history.last_day(week).isoformat()) for week in range(history.next_week, weeks + 1)]


class Ahead:
    """The weeks ahead, as the last check-in left them."""

    def __init__(self, desk: Desk) -> None:
        from afterrun.diary import weeks_ahead

        self._desk = desk
        enrolments = desk.enrolments() or [desk.history()]
        self._history, self._schedule, self._earlier = weeks_ahead(desk.part, enrolments)

    def page(self, template: str, first: int) -> Response:
        """The weeks from one on; or what to do where nothing goes by the week."""
        if not self._schedule.weeks:
            return self._instead()
        base = self._desk.base
        whole = plan_page(base, self._schedule)
        shown, others = weeks_from(whole, str(first))
        parts = {**plan_parts(base, self._schedule, whole, styled=False), "plan": shown}
        is_first = shown.weeks[0] is whole.weeks[0]
        return self._desk.page(template, cards=whole.exercises, others=others, is_first=is_first, **parts)

    def pages(self) -> list[str]:
        """Where all of the weeks stand."""
        later = [each.number for each in self._schedule.weeks[A_PAGE::A_PAGE]]
        return ["/diary/plan", *(f"/diary/plan?week={each}" for each in later)]

    def calendar(self) -> Response:
        """The weeks ahead as events, which take back what an earlier export held."""
        if not self._schedule.weeks and not self._earlier:
            return self._instead()
        return calendar_file(self._schedule, self._desk.site.settings.now(), self._earlier)

    def _instead(self) -> Response:
        base, schedule = self._desk.base, self._schedule
        level = base.triage[schedule.triage]
        lead = f"{level.do} {stopped_words(self._history)}".strip()
        told = page_of(level.name, f"{lead} {why_no_weeks(base, schedule)}", (), schedule.rulebook)
        return self._desk.page("told.html.j2", page=told, inputs=(), notice="", stopped=True)


def _export(desk: Desk) -> Response:
    """Every plan of the person with all that belongs to it; of a damaged diary what can be read."""
    from afterrun.diary import DamagedError, salvage

    told: dict[str, Any] = {"person": desk.person}
    try:
        told["enrolments"] = [each.to_dict() for each in desk.enrolments()]
    except DamagedError:
        with desk.without_place():
            read = salvage(desk.address, desk.person)
        if not read.enrolments and not read.damaged:
            raise
        told["enrolments"] = list(read.enrolments)
        told["damaged"] = [each.to_dict() for each in read.damaged]
    return Response(
        f"{as_json(told, indent=2)}\n",
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="diary.json"'},
    )
