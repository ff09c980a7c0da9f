"""All of it deleted, for good; what is said of it is no more than what is true."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from afterrun.errors import UnusableError
from afterrun_web.drawing import LEAVES_NOTHING
from afterrun_web.pages.diary.desk import Desk, stand_of
from afterrun_web.pages.diary.troubles import trouble
from afterrun_web.requests.sent import Sent

UNSURE = "Tick the box first. Nothing was deleted."
WHOLE_FILE = "It cannot be deleted person by person. To delete all of it, of everyone, remove the file."


def add_to(pages: APIRouter, desk: Desk) -> None:
    """The pages that forget."""

    @pages.get("/delete")
    def ask() -> Response:
        return asking(desk)

    @pages.post("/delete")
    def delete(form: Sent) -> Response:
        # Only a page of ours has one: nobody deletes in somebody's name.
        desk.about_in(form)
        if not form.one("sure"):
            return asking(desk, UNSURE)
        return deleted(desk)


def asking(desk: Desk, wrong: str = "") -> Response:
    """What would be deleted, before it is."""
    with desk.diary() as diary:
        kept = diary is not None and diary.is_kept(desk.person)
    return desk.page(
        "delete.html.j2",
        status=422 if wrong else 200,
        token=desk.seal({"stand": stand_of(None)}),
        person=desk.person,
        kept=kept,
        wrong=wrong,
    )


def deleted(desk: Desk) -> Response:
    """Delete, and say what is gone; what is not finished is said to be so."""
    from afterrun.diary import DamagedError, DiaryError, NotForgottenError

    try:
        with desk.writing() as diary:
            kept = diary.is_kept(desk.person)
            count = diary.forget(desk.person) if kept else 0
    except NotForgottenError:
        raise
    except DamagedError as error:
        # Rows are deleted unread, so it is the file itself that is damaged.
        return trouble(error, WHOLE_FILE)
    except DiaryError as error:
        if not isinstance(error, UnusableError):
            raise
        return trouble(error, f"No week of {desk.person} was deleted.")
    server = "://" in desk.address and not desk.address.startswith("sqlite")
    told = desk.page("deleted.html.j2", person=desk.person, count=count, kept=kept, server=server)
    told.headers.update(LEAVES_NOTHING)
    return told
