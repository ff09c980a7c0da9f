"""A person's own files on the pages of a check-in: those of the interview, about the very week."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import pytest

import afterrun
from afterrun.diary import CheckInQuestions
from afterrun.intake import FROM_FILES
from afterrun.telling import KeptOffers
from afterrun_web.pages.diary.check_in_form import talk_of
from tests.support.history.activity_files import Recorded
from tests.support.history.exports import plain_of
from tests.support.web.diary_visits import START, Keeper
from tests.support.web.visits import SETTINGS, Visitor, served

pytestmark = pytest.mark.slow

RUNS = {-3: 5000, 0: 5300, 2: 5400, 5: 5000, 8: 4000}


@pytest.fixture
def begun(opened: Keeper, rulebook: afterrun.Rulebook) -> Keeper:
    opened.anew()
    opened.begin(rulebook)
    return opened


def give(visitor: Visitor, metres: Mapping[int, int], name: str = "runs.csv") -> Visitor:
    """Send a table of runs, by the day of the plan, in the form of the page."""
    runs = [
        Recorded(datetime.combine(START + timedelta(day), time(12)), each, each * 36 // 100)
        for day, each in metres.items()
    ]
    sent = [("file", (name, plain_of(runs), "text/csv"))]
    return visitor.post("/diary/check-in/files", data={"token": visitor.token}, files=sent)


def at_amount(keeper: Keeper, week: int) -> Visitor:
    """At the question how much was run in a week."""
    keeper.at_end_of(week)
    keeper.visitor.open("/diary").press("Check in").press("None of these")
    assert keeper.visitor.question == "volume_done", keeper.visitor.text
    return keeper.visitor


def value(visitor: Visitor) -> str:
    found = re.search(r'id="answer" name="answer" type="text"[^>]*value="([^"]*)"', visitor.html)
    assert found
    return found[1]


def test_what_files_say_of_the_week_is_filled_in_and_kept_with_its_runs(
    begun: Keeper, checkin_part: afterrun.Rulebook
) -> None:
    page = at_amount(begun, 1)
    assert "Take it from your watch or app" in page.text
    give(page, RUNS)
    assert page.status == 200
    assert value(page) == "15.7"
    assert "What your files say is filled in." in page.text
    assert "From your files: 3 runs, " in page.text
    begun.visitor.press("Continue")
    begun.answer(checkin_part, {}).press("Write week")
    assert "Your runs, planned and done" in page.text
    (kept,) = begun.histories()[0].check_ins
    assert [each["metres"] for each in kept.answers[FROM_FILES]["volume_done"]["runs"]] == [5300, 5400, 5000]


def test_another_number_has_no_files_and_a_later_import_says_what_differs(
    begun: Keeper, checkin_part: afterrun.Rulebook
) -> None:
    page = give(at_amount(begun, 1), RUNS)
    page.press("Continue", answer="12")
    begun.answer(checkin_part, {}).press("Write week")
    (kept,) = begun.histories()[0].check_ins
    assert kept.answers["volume_done"] == 12
    assert FROM_FILES not in kept.answers
    later = give(at_amount(begun, 2), RUNS)
    assert "Your files now say 15.7 km for week 1, " in later.text
    assert "You confirmed 12 km, and that stays. Your diary lets you correct it." in later.text
    assert value(later) == "4"
    assert begun.histories()[0].check_ins == (kept,)


def test_a_correction_has_what_was_confirmed_filled_in(
    begun: Keeper, checkin_part: afterrun.Rulebook
) -> None:
    give(at_amount(begun, 1), RUNS).press("Continue")
    begun.answer(checkin_part, {}).press("Write week")
    page = begun.visitor.post("/diary/check-in/begin", data={"correct": "1"}).press("None of these")
    assert value(page) == "15.7"
    assert "What you said before is filled in." in page.text
    give(page, RUNS | {3: 2000})
    assert value(page) == "15.7"
    assert "You confirmed 15.7 km. Your files now say 17.7 km." in page.text


def test_files_that_hold_nothing_and_forms_without_one_lose_nothing(begun: Keeper) -> None:
    page = at_amount(begun, 1)
    page.post(
        "/diary/check-in/files",
        data={"token": page.token},
        files=[("file", ("notes.txt", b"nothing here", "text/plain"))],
    )
    assert "Nothing could be read of these files." in page.text
    assert page.question == "volume_done"
    page.post("/diary/check-in/files", data={"token": page.token}, files=[("file", ("", b"", "text/csv"))])
    assert "Choose a file first." in page.text
    forged = page.post(
        "/diary/check-in/files", data={"token": "forged"}, files=[("file", ("a.csv", b"a", ""))]
    )
    assert forged.status == 400
    assert begun.histories()[0].check_ins == ()


def test_what_files_give_reason_to_ask_is_asked_though_the_week_would_not(
    begun: Keeper, checkin_part: afterrun.Rulebook
) -> None:
    (history,) = begun.histories()
    kept = {"rulebook": checkin_part.digest, "day": "2027-03-07", "usual": "km", "units": {}}

    def asked(asks: list[str]) -> list[str]:
        files = KeptOffers(checkin_part, {**kept, "asks": asks}, date(2027, 3, 7))
        talk, _ = talk_of(CheckInQuestions(checkin_part, history), 1, {}, {}, files)
        return [each.id for each in talk.still_asked()]

    assert "session_pain" not in asked([])
    assert "session_pain" in asked(["session_pain"])


def test_files_that_are_too_large_for_a_page_are_led_to_the_command_line() -> None:
    with served(SETTINGS._replace(largest_batch=1000)) as site:
        visitor = Visitor(site.address)
        sent = [("file", ("a.csv", b"1" * 2000, "text/csv"))]
        page = visitor.post("/diary/check-in/files", data={"token": "none"}, files=sent)
        assert page.status == 413
        assert "afterrun checkin --history" in page.text
