"""A check-in that a phone kept, as the server takes it: written once, or led to its questions."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from typing import Any

import pytest

import afterrun
from afterrun.assessment import urgency_of
from afterrun.diary import CheckInQuestions
from tests.support.diaries.weeks import GOOD, runner
from tests.support.web.diary_visits import START, Keeper
from tests.support.web.visits import Visitor

pytestmark = pytest.mark.slow

HERE = "/diary/check-in/offline"
WEEK = {**GOOD, "volume_done": 16}
OVER = START + timedelta(days=6)


def filled(keeper: Keeper, **answers: Any) -> dict[str, Any]:
    """What the page sends once it is filled in."""
    page = Visitor(keeper.server.address).open(HERE)
    told = {name: value for name, value in {**WEEK, **answers}.items() if value is not None}
    return {"token": page.token, "told": keeper.now.date().isoformat(), **told}


def sent(keeper: Keeper, form: dict[str, Any]) -> Visitor:
    return keeper.visitor.post(HERE, data=form)


def written(keeper: Keeper) -> list[dict[str, Any]]:
    return [dict(each.answers) for each in keeper.histories()[-1].check_ins]


def test_it_is_the_same_check_in_as_one_question_after_the_other(
    keeper: Keeper, checkin_part: afterrun.Rulebook
) -> None:
    keeper.check_in(checkin_part, volume_done=16)
    asked = keeper.histories()[-1].check_ins[0].to_dict()
    keeper.anew()
    keeper.begin(checkin_part.base or checkin_part)
    keeper.at_end_of(1)
    assert sent(keeper, filled(keeper)).status == 200
    assert keeper.histories()[-1].check_ins[0].to_dict() == asked


def test_sent_again_it_writes_nothing_whatever_came_after_it(
    keeper: Keeper, checkin_part: afterrun.Rulebook
) -> None:
    form = filled(keeper)
    for _ in range(2):
        sent(keeper, form)
        assert keeper.visitor.status == 200
        assert "About week 1 of your diary" in keeper.visitor.text
    assert "It stands once." in keeper.visitor.text
    keeper.visitor.open("/diary").press("Correct the last check-in")
    keeper.answer(checkin_part, {"volume_done": 15}).press("Write week 1 down")
    assert sent(keeper, form).status == 200
    keeper.at_end_of(2)
    keeper.check_in(checkin_part, volume_done=16)
    assert sent(keeper, form).status == 200
    assert [each["volume_done"] for each in written(keeper)] == [15, 16]


def test_with_other_answers_it_is_no_second_sending(keeper: Keeper) -> None:
    form = filled(keeper)
    sent(keeper, form)
    assert sent(keeper, {**form, "volume_done": "12"}).status == 409
    assert "Nothing was written now." in keeper.visitor.text
    assert sent(keeper, {**form, "new_warning_signs": "calf_swollen"}).status == 409
    # Its week stands, so that what was answered otherwise is a correction, and is agreed to.
    keeper.visitor.press("Go on").press("None of these")
    assert 'value="16"' in keeper.visitor.html
    assert written(keeper) == [WEEK]


def test_it_may_come_days_later_and_tells_of_the_day_on_which_it_was_filled_in(keeper: Keeper) -> None:
    form = filled(keeper)
    keeper.on(OVER + timedelta(days=4))
    assert sent(keeper, form).status == 200
    (kept,) = keeper.histories()[-1].check_ins
    assert (kept.week, kept.day) == (1, OVER)


@pytest.mark.parametrize("told", ["2001-01-01", "2999-01-01", "soon"])
def test_a_clock_that_goes_wrong_does_no_harm(keeper: Keeper, told: str) -> None:
    form = {**filled(keeper), "told": told}
    keeper.on(OVER + timedelta(days=9))
    assert sent(keeper, form).status == 200
    (kept,) = keeper.histories()[-1].check_ins
    assert kept.week == 1
    assert OVER <= kept.day < OVER + timedelta(days=7)


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({"run_pain": None}, "run_pain"),
        ({"volume_done": "much"}, "volume_done"),
        ({"next_morning": "no such"}, "next_morning"),
        ({"new_warning_signs": None}, "new_warning_signs"),
    ],
)
def test_what_lacks_or_cannot_be_read_is_asked_with_the_rest_filled_in(
    keeper: Keeper, checkin_part: afterrun.Rulebook, answers: dict[str, Any], asked: str
) -> None:
    form = filled(keeper, **answers)
    assert sent(keeper, form).status in (409, 422)
    assert keeper.visitor.question == asked
    assert written(keeper) == []
    keeper.visitor.post(HERE, data={**form, "hand": "1"})
    assert keeper.visitor.question == asked
    keeper.answer(checkin_part, WEEK).press("Write week 1 down")
    assert re.search(r"/check-in/last#[0-9a-f]{16}$", keeper.visitor.sent[-1])
    assert written(keeper) == [WEEK]


def test_a_doubt_is_asked_about(keeper: Keeper) -> None:
    assert sent(keeper, filled(keeper, volume_done=90)).status == 409
    assert "Is that right?" in keeper.visitor.text
    assert written(keeper) == []


def test_by_hand_nothing_is_written_unseen(keeper: Keeper) -> None:
    keeper.visitor.post(HERE, data={**filled(keeper), "hand": "1"})
    assert written(keeper) == []
    keeper.visitor.press("Write week 1 down")
    assert written(keeper) == [WEEK]


def test_a_week_that_is_not_over_waits_and_a_sign_does_not(keeper: Keeper) -> None:
    keeper.on(START + timedelta(days=3))
    form = filled(keeper)
    assert sent(keeper, form).status == 409
    assert "week 1 is not over" in keeper.visitor.text
    keeper.on(OVER)
    keeper.visitor.post(HERE, data={**form, "hand": "1"})
    # Since it was told a sign may be new.
    assert "anything worrying new" in keeper.visitor.text
    assert written(keeper) == []
    keeper.on(START + timedelta(days=3))
    assert sent(keeper, filled(keeper, new_warning_signs="calf_swollen")).status == 200
    assert keeper.histories()[-1].standing.stopped


def test_a_stop_is_written_whatever_else_is_blank(keeper: Keeper, rulebook: afterrun.Rulebook) -> None:
    blank = dict.fromkeys(WEEK)
    assert sent(keeper, filled(keeper, **{**blank, "new_warning_signs": "dark_urine"})).status == 200
    assert rulebook.triage["emergency"].name in keeper.visitor.text
    page = Visitor(keeper.server.address).open(HERE)
    assert "volume_done" not in page.html
    # What was told before and is not seen to yet counts with what is new.
    assert sent(keeper, filled(keeper, **{**blank, "new_warning_signs": "night_pain"})).status == 200
    last = keeper.histories()[-1].check_ins[-1]
    assert set(last.answers["new_warning_signs"]) == {"dark_urine", "night_pain"}
    assert sent(keeper, filled(keeper, **{**blank, "new_warning_signs": "none"})).status == 200
    assert len(written(keeper)) == 2


@pytest.mark.parametrize("token", ["", "x", "other page"])
def test_what_was_made_elsewhere_writes_nothing(keeper: Keeper, token: str) -> None:
    if token == "other page":
        token = keeper.visitor.open("/diary/settings").token
    assert sent(keeper, {**filled(keeper), "token": token}).status == 400
    assert "Nothing was written." in keeper.visitor.text
    assert written(keeper) == []


def test_where_no_diary_is_there_is_nothing_to_keep(opened: Keeper, rulebook: afterrun.Rulebook) -> None:
    opened.anew()
    assert opened.visitor.open("/diary/offline").status == 409
    opened.begin(rulebook)
    told = Visitor(opened.server.address).open("/diary/offline")
    assert b'"/diary/plan"' in told.content
    opened.visitor.open("/diary/delete").press("Delete", sure="1")
    assert opened.visitor.headers["clear-site-data"] == '"cache", "storage"'
    assert b'"pages":[]' in told.open("/diary/offline").content


def test_what_is_told_ahead_is_never_weaker_than_what_is_told_then(
    keeper: Keeper, checkin_part: afterrun.Rulebook
) -> None:
    page = Visitor(keeper.server.address).open(HERE)
    places = {value: int(place) for value, place in re.findall(r'value="(\w+)" data-stop="(\d)"', page.html)}
    told = re.search(r'data-together="([^"]*)"', page.html)
    assert told is not None
    together = {frozenset(each[2:].split("+")): int(each[0]) for each in told[1].split()}
    names = re.findall(r'stop-\d" role="alert" tabindex="0"><p><strong>([^<]+)', page.html)
    triage = (checkin_part.base or checkin_part).triage
    order = [each.name for each in triage.values()]
    signs = CheckInQuestions(checkin_part, keeper.histories()[-1])
    options = [each.id for each in checkin_part.questions[signs.sign].options if not each.alone]
    assert set(options) <= set(places)
    draw = random.Random(3)
    for ticked in [draw.sample(options, draw.choice((2, 3, 4, 6))) for _ in range(200)]:
        pairs = [place for pair, place in together.items() if pair <= set(ticked)]
        shown = names[min([places[each] for each in ticked] + pairs) - 1]
        then = triage[urgency_of(checkin_part, runner(), ticked)].name
        assert order.index(shown) <= order.index(then), ticked
