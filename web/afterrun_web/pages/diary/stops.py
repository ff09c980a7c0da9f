"""A stop that was ticked by mistake: taken back by whoever means it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from afterrun.schedule import day_words
from afterrun_web.pages.diary.desk import STALE, Desk, stand_of
from afterrun_web.pages.diary.standing import standing_page
from afterrun_web.requests.sent import Sent

STANDS = "The stop stands. Nothing was changed."


def add_to(pages: APIRouter, desk: Desk) -> None:
    """The pages of a stop."""

    @pages.get("/stop")
    def stop() -> Response:
        from afterrun.diary import stop_cause

        history = desk.history()
        last = history.holding
        if last is None or not history.standing.stopped:
            return desk.to()
        return desk.page(
            "stop.html.j2",
            token=desk.seal({"stand": stand_of(history)}),
            day=day_words(last.day, year=True),
            cause=stop_cause(desk.part, history, last),
        )

    @pages.post("/stop")
    def take_back(form: Sent) -> Response:
        from afterrun.diary import stop_cause

        stand = desk.about_in(form).get("stand")
        if not form.one("mistake"):
            return standing_page(desk, STANDS)
        with desk.writing() as diary:
            history = desk.history()
            if stand != stand_of(history):
                raise STALE
            on = diary.take_back(history, desk.now)
        if on.standing.stopped and on.holding is not None:
            still = stop_cause(desk.part, on, on.holding)
            return standing_page(
                desk,
                "Written down: it was a mistake. The plan stays stopped by what you reported before: "
                f"{still}.",
            )
        return desk.to()
