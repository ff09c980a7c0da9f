"""A diary kept on pages, on a real server and a real file: the same as the command line keeps."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from ical.calendar_stream import IcsCalendarStream

import afterrun
from afterrun.diary import schedules_of
from afterrun.diary.database import faults
from tests.cli.interview.test_checkin import number_of
from tests.support.cli_runs import run
from tests.support.diaries.weeks import GOOD, runner
from tests.support.web.diary_visits import START, Keeper, exported, keeping
from tests.support.web.pages import Page
from tests.support.web.visits import SETTINGS, Visitor, served

pytestmark = pytest.mark.slow

SIGN = ("new_warning_signs", "calf_swollen")


@pytest.fixture
def keeper(opened: Keeper) -> Keeper:
    opened.anew()
    return opened


@pytest.fixture
def begun(keeper: Keeper, rulebook: afterrun.Rulebook) -> Keeper:
    keeper.begin(rulebook)
    assert keeper.visitor.status == 200, keeper.visitor.text
    return keeper


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "PATIENCE_SECONDS", 1)


def stop(keeper: Keeper) -> Visitor:
    """Tell of a new sign on the day that it is, and mean it."""
    visitor = keeper.visitor.open("/diary")
    words = [each.words for each in visitor.buttons]
    visitor.press(next(each for each in words if "new warning sign" in each or each == "Check in"))
    visitor.press("Show the list").press("Continue", answer=SIGN[1])
    return visitor.press("Yes, write that down")


def test_the_history_equals_the_one_that_the_command_line_makes(
    begun: Keeper, checkin_part: afterrun.Rulebook, tmp_path: Path
) -> None:
    weeks = [{"volume_done": 16}, {"volume_done": 14, "run_pain": 2}]
    typed: list[tuple[tuple[str, ...], list[str]]] = []
    for number, week in enumerate(weeks, 1):
        begun.at_end_of(number)
        begun.check_in(checkin_part, **week)
        typed.append((("--date", str(begun.now.date())), begun.typed))
    begun.visitor.open("/diary").press("Correct the last check-in")
    assert "What you said before is filled in." not in begun.visitor.text  # about safety nothing is
    begun.answer(checkin_part, {"volume_done": 15, "run_pain": 1}).press("Write week 2 down")
    typed.append((("--correct",), begun.typed))
    begun.on(START + timedelta(days=16))
    stop(begun)
    typed.append((("--date", str(begun.now.date())), [number_of(checkin_part, *SIGN)]))
    on_pages = begun.visitor.open("/diary/export")
    assert on_pages.headers["content-disposition"] == 'attachment; filename="diary.json"'

    intake, db = tmp_path / "intake.json", ("--db", tmp_path / "cli.sqlite")
    intake.write_text(json.dumps(runner()), encoding="utf-8")
    ran = [run("start", intake, "--start", str(START), "--past", *db, home=tmp_path)]
    for which, lines in typed:
        given = "".join(f"{line}\n" for line in lines)
        ran.append(run("checkin", *which, *db, stdin=given, home=tmp_path))
    assert [each.code for each in ran] == [0] * 5, [each.err for each in ran]
    in_terminal = run("diary", "export", *db, home=tmp_path).out
    assert exported(on_pages.content) == exported(in_terminal)
    kept = begun.histories()[0].check_ins
    assert [(each.week, each.day) for each in kept] == [
        (1, START + timedelta(days=6)),
        (2, START + timedelta(days=13)),
        (2, START + timedelta(days=16)),
    ]


def test_days_and_times_of_a_plan_are_those_of_the_command_line(
    keeper: Keeper, rulebook: afterrun.Rulebook, tmp_path: Path
) -> None:
    end = START + timedelta(days=3)
    keeper.begin(
        rulebook,
        **{
            "days-all": ["mon", "wed", "fri", "sun"],
            "at-all": "07:30",
            "at-run": "18:15",
            "not": ["fri"],
            "runs": "2",
            "long-run": "sun",
            "away-from": START.isoformat(),
            "away-to": end.isoformat(),
        },
    )
    intake, db = tmp_path / "intake.json", ("--db", tmp_path / "cli.sqlite")
    intake.write_text(json.dumps(runner()), encoding="utf-8")
    days = ("--days", "mon,wed,fri,sun", "--at", "07:30", "--at", "run=18:15", "--not", "fri", "--runs", "2")
    more = ("--long-run", "sun", "--away", f"{START}..{end}")
    ran = run("start", intake, "--start", str(START), "--past", *days, *more, *db, home=tmp_path)
    assert ran.code == 0, ran.err
    kept = exported(run("diary", "export", *db, home=tmp_path).out)
    assert exported(keeper.visitor.open("/diary/export").content) == kept
    assert kept["enrolments"][0]["preferences"]["runs"] == 2


def test_the_first_card_says_what_the_week_holds_and_the_session_that_comes(
    begun: Keeper, checkin_part: afterrun.Rulebook
) -> None:
    week = schedules_of(checkin_part, begun.histories()[0])[-1].weeks[0]
    runs = [each for each in week.doings if each.kind == "run"]
    assert week.amount is not None
    card = begun.visitor.open("/diary").text
    assert "Now: week 1," in card
    assert f"It holds {week.amount.value:g} km" in card
    coming = next(each for each in week.doings if each.at >= begun.now.replace(tzinfo=None))
    assert f"Next session: {coming.title}, {coming.at:%a} {coming.at.day} {coming.at:%b}" in card
    begun.on(runs[-1].at.date() + timedelta(days=1))
    assert f"Next session: {runs[-1].title}, {runs[-1].at:%a}" not in begun.visitor.open("/diary").text
    begun.on(START - timedelta(days=1))
    assert "Next: week 1," in begun.visitor.open("/diary").text
    begun.on(START + timedelta(days=8))
    assert "It holds" not in begun.visitor.open("/diary").text


def test_wishes_are_asked_for_the_kinds_of_session_that_the_plan_has(
    begun: Keeper, checkin_part: afterrun.Rulebook, rulebook: afterrun.Rulebook
) -> None:
    assert rulebook.schedule is not None
    history = begun.histories()[0]
    there = {each.kind for each in schedules_of(checkin_part, history)[-1].sessions}
    kinds = {each.id for each in rulebook.schedule.sessions}
    assert kinds & there
    assert kinds - there
    token = begun.server.seal(rulebook, runner())
    for visitor in (
        begun.visitor.open("/diary/settings"),
        begun.visitor.post("/plan", data={"token": token}),
        begun.visitor.post("/diary/start", data={"token": token}),
    ):
        assert set(re.findall(r'name="at-(\w+)"', visitor.html)) == {"all", *there}
        assert 'name="runs"' in visitor.html
    gone = next(iter(kinds - there))
    chosen = begun.visitor.post("/plan", data={"token": token, f"at-{gone}": "07:00"})
    assert f'name="at-{gone}" value="07:00"' in chosen.html


class TestBeginning:
    def test_without_a_diary_its_page_says_how_to_begin(self, keeper: Keeper) -> None:
        assert "You keep no diary yet." in keeper.visitor.open("/diary").text
        assert not keeper.file.exists()
        for path in ("/diary/plan", "/diary/settings", "/diary/check-in/last", "/diary/calendar"):
            assert keeper.visitor.open(path).status == 409
            assert "You keep no diary yet" in keeper.visitor.text
        assert not keeper.file.exists()

    def test_answers_that_bring_no_plan_begin_none(self, keeper: Keeper, rulebook: afterrun.Rulebook) -> None:
        token = keeper.server.seal(rulebook, {**runner(), "warning_signs": ["calf_swollen"]})
        keeper.visitor.post("/diary/start", data={"token": token})
        assert keeper.visitor.status == 409
        assert "No plan follows from these answers" in keeper.visitor.text

    def test_what_is_wrong_is_told_at_once_and_nothing_is_begun(
        self, keeper: Keeper, rulebook: afterrun.Rulebook
    ) -> None:
        keeper.begin(rulebook, **{"at-all": "half past", "runs": "x", "not": list("abc")})
        assert keeper.visitor.status == 422
        assert "Time of day: 'half past' is no time of day" in keeper.visitor.text
        assert "Times a week: 'x' is no number" in keeper.visitor.text
        days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        keeper.begin(rulebook, **{"not": days})
        assert "no day of the week is left" in keeper.visitor.text
        keeper.visitor.press("Begin the plan", start="2001-01-01")
        assert "is over" in keeper.visitor.text
        assert not keeper.file.exists() or keeper.histories() == []

    def test_a_form_that_is_sent_twice_begins_one_plan(
        self, keeper: Keeper, rulebook: afterrun.Rulebook
    ) -> None:
        keeper.visitor.post("/diary/start", data={"token": keeper.server.seal(rulebook, runner())})
        form = keeper.visitor.buttons[0]
        sent = {**dict(form.fields), "start": START.isoformat()}
        keeper.visitor.post(form.action, data=sent)
        keeper.visitor.post(form.action, data=sent)
        assert "It stands once." in keeper.visitor.text
        assert len(keeper.histories()) == 1

    def test_another_plan_takes_the_place_of_one_only_when_that_is_said_and_once(
        self, begun: Keeper, rulebook: afterrun.Rulebook
    ) -> None:
        begun.on(START + timedelta(days=1))
        token = begun.server.seal(rulebook, runner())
        visitor = begun.visitor.post("/diary/start", data={"token": token})
        assert "You have a plan already" in visitor.text
        form = visitor.buttons[0]
        sent = {**dict(form.fields), "start": str(START + timedelta(days=2))}
        visitor.post(form.action, data=sent)
        assert (visitor.status, len(begun.histories())) == (422, 1)
        for _ in range(2):
            visitor.post(form.action, data={**sent, "again": "1"})
            assert visitor.status == 200
            assert len(begun.histories()) == 2
        begun.on(START + timedelta(days=3))
        visitor.post(form.action, data={**sent, "again": "1", "start": str(START + timedelta(days=5))})
        assert (visitor.status, len(begun.histories())) == (409, 2)


class TestCheckIns:
    def test_a_week_says_its_days_and_is_written_when_it_is_agreed_to(
        self, begun: Keeper, checkin_part: afterrun.Rulebook
    ) -> None:
        begun.at_end_of(1)
        begun.visitor.open("/diary").press("Check in")
        assert "This check-in looks back on week 1, " in begun.visitor.text
        begun.visitor.press("None of these")
        assert "That is week 1, " in begun.visitor.text
        begun.answer(checkin_part, {"volume_done": 16})
        assert begun.histories()[0].check_ins == ()
        begun.visitor.press("Write week 1 down")
        assert "About week 1 of your diary" in begun.visitor.text
        assert "Next check-in: from" in begun.visitor.text
        # A page that can be loaded again, for it is reached by an address and no form.
        assert begun.visitor.sent[-1].endswith("/diary/check-in/last")

    @pytest.mark.parametrize("correct", [False, True])
    def test_a_form_that_is_sent_twice_writes_once_and_a_week_that_is_written_is_told(
        self, begun: Keeper, checkin_part: afterrun.Rulebook, correct: bool
    ) -> None:
        begun.at_end_of(1)
        begun.visitor.open("/diary").press("Check in")
        begun.answer(checkin_part, {"volume_done": 16})
        if correct:
            begun.visitor.press("Write week 1 down").open("/diary").press("Correct the last check-in")
            begun.answer(checkin_part, {"volume_done": 12})
        token, page = begun.visitor.token, begun.visitor.html
        begun.visitor.press("Write week 1 down")
        written = begun.histories()
        for path in ("/write", "", "/end", "/answers"):
            begun.visitor.post(f"/diary/check-in{path}", data={"token": token})
            assert begun.visitor.status == 200
            assert "This check-in was written down already. It stands once." in begun.visitor.text
            assert "About week 1 of your diary" in begun.visitor.text
        assert begun.histories() == written
        assert len(written[0].check_ins) == 1
        assert "Write week 1 down" in page

    def test_two_posts_at_the_same_moment_write_once(
        self, begun: Keeper, checkin_part: afterrun.Rulebook
    ) -> None:
        begun.at_end_of(1)
        begun.visitor.open("/diary").press("Check in")
        token = begun.answer(checkin_part, {"volume_done": 16}).token
        visitors = [Visitor(begun.server.address) for _ in range(4)]
        sent = [
            threading.Thread(
                target=each.post, args=("/diary/check-in/write",), kwargs={"data": {"token": token}}
            )
            for each in visitors
        ]
        for each in sent:
            each.start()
        for each in sent:
            each.join(60)
        assert [each.status for each in visitors] == [200] * 4
        assert sum("It stands once." in each.text for each in visitors) == 3
        assert len(begun.histories()[0].check_ins) == 1

    def test_another_answer_in_another_tab_is_not_written_over_and_its_answers_are_offered(
        self, begun: Keeper, checkin_part: afterrun.Rulebook
    ) -> None:
        begun.at_end_of(2)
        tabs = []
        for done in (16, 10):
            begun.visitor.open("/diary").press("Check in", day=str(START + timedelta(days=6)))
            tabs.append(begun.answer(checkin_part, {"volume_done": done}).token)
        begun.visitor.post("/diary/check-in/write", data={"token": tabs[0]})
        begun.visitor.post("/diary/check-in/write", data={"token": tabs[1]})
        assert begun.visitor.status == 409
        assert "what you answered is filled in" in begun.visitor.text
        assert [each.answers["volume_done"] for each in begun.histories()[0].check_ins] == [16]
        begun.visitor.press("Go on")
        # The week is taken, so what is left to ask is whether a sign is new.
        assert "week 1 has its check-in already" in begun.visitor.text
        begun.visitor.press("None of these")
        assert "No new warning sign, so the plan goes on as it is." in begun.visitor.text

    @pytest.mark.parametrize("named", [False, True], ids=["no day named", "a day whose week is taken"])
    def test_a_sign_that_is_told_on_a_page_of_days_ago_is_of_the_day_on_which_it_is_told(
        self, begun: Keeper, checkin_part: afterrun.Rulebook, named: bool
    ) -> None:
        begun.on(START + timedelta(days=2))
        begun.visitor.post("/diary/check-in/begin", data={"day": ""})
        if named:
            begun.at_end_of(1)
            begun.check_in(checkin_part, volume_done=16)
            begun.on(START + timedelta(days=7))
            day = str(START + timedelta(days=6))
            begun.visitor.post("/diary/check-in/begin", data={"day": day})
            assert "week 1 has its check-in already" in begun.visitor.text
        begun.on(START + timedelta(days=9 if named else 5))
        begun.visitor.press("Show the list")
        if "Please answer once more" in begun.visitor.text:
            begun.visitor.press("Go on").press("Show the list")
        begun.visitor.press("Continue", answer="chest_breath").press("Yes, write that down")
        assert begun.histories()[0].check_ins[-1].day == begun.now.date()

    def test_not_sure_of_a_new_sign_is_told_what_to_do_before_it_is_written_and_first_when_it_is(
        self, begun: Keeper, rulebook: afterrun.Rulebook
    ) -> None:
        words = rulebook.rules["clinician-unsure-about-an-emergency-sign"].because
        begun.visitor.post("/diary/check-in/begin", data={"day": ""}).press("Show the list")
        begun.visitor.press("Continue", answer="not_sure")
        assert words in begun.visitor.text
        begun.visitor.press("That was a slip")
        assert 'name="question" value="new_warning_signs"' in begun.visitor.html
        begun.visitor.press("Continue", answer="not_sure").press("Yes, write that down")
        assert begun.visitor.text.count(words) == 1
        begun.visitor.open("/diary/check-in/offline")
        assert f'at-once" role="alert"><p><strong>{words[:40]}' in begun.visitor.html
        assert begun.visitor.html.count(" data-at-once>") == 1

    def test_settings_changed_meanwhile_cost_no_answer(
        self, begun: Keeper, checkin_part: afterrun.Rulebook
    ) -> None:
        begun.at_end_of(1)
        begun.visitor.open("/diary").press("Check in")
        token = begun.answer(checkin_part, {"volume_done": 16, "run_pain": 1}).token
        begun.visitor.open("/diary/settings").press("Change the settings", runs="2")
        begun.visitor.post("/diary/check-in/write", data={"token": token})
        assert begun.visitor.status == 409
        begun.visitor.press("Go on").press("None of these")
        assert "What you said before is filled in." in begun.visitor.text
        begun.answer(checkin_part, {"volume_done": 16, "run_pain": 1}).press("Write week 1 down")
        assert begun.histories()[0].check_ins[0].answers["volume_done"] == 16

    def test_weeks_without_a_check_in_are_reported_one_by_one_or_counted_as_missed(
        self, begun: Keeper, checkin_part: afterrun.Rulebook
    ) -> None:
        begun.at_end_of(3)
        begun.visitor.open("/diary")
        assert "Which week do you report?" in begun.visitor.text
        begun.visitor.press("Check in")
        assert "Weeks 1 to 2 have no check-in" in begun.visitor.text
        assert "afterrun checkin" not in begun.visitor.text
        begun.visitor.open("/diary").press("Check in", day=str(START + timedelta(days=6)))
        begun.answer(checkin_part, {"volume_done": 16}).press("Write week 1 down")
        begun.visitor.open("/diary").press("Check in").press("None of these")
        while not re.search('name="question" value="weeks_missed"', begun.visitor.html):
            found = re.search(r'name="question" value="(\w+)"', begun.visitor.html)
            assert found
            begun.visitor.answer(checkin_part.questions[found[1]], {**GOOD, "volume_done": 16})
        begun.visitor.press("Continue", answer="0")
        assert begun.visitor.status == 422
        assert "count 1 as missed" in begun.visitor.text
        begun.visitor.press("Continue", answer="1")
        begun.answer(checkin_part, {"volume_done": 8, "weeks_missed": 1}).press("Write week 3 down")
        assert [each.week for each in begun.histories()[0].check_ins] == [1, 3]
        begun.visitor.open("/diary")
        assert "missed" in begun.visitor.text

    def test_a_number_that_may_be_a_slip_is_asked_about(
        self, begun: Keeper, checkin_part: afterrun.Rulebook
    ) -> None:
        begun.at_end_of(1)
        begun.visitor.open("/diary").press("Check in").press("None of these")
        while not re.search('name="question" value="volume_done"', begun.visitor.html):
            found = re.search(r'name="question" value="(\w+)"', begun.visitor.html)
            assert found
            begun.visitor.answer(checkin_part.questions[found[1]], GOOD)
        begun.visitor.press("Continue", answer="160")
        assert "Is that right?" in begun.visitor.text
        begun.visitor.press("No, change it").press("Continue", answer="16")
        assert "Is that right?" not in begun.visitor.text

    def test_a_day_that_is_none_or_has_not_come_is_told(self, begun: Keeper) -> None:
        for day, words in (("soon", "is no date"), (str(START + timedelta(days=90)), "has not come")):
            begun.visitor.post("/diary/check-in/begin", data={"day": day})
            assert begun.visitor.status in (400, 409)
            assert words in begun.visitor.text

    def test_what_is_no_form_of_ours_writes_nothing(self, begun: Keeper, rulebook: afterrun.Rulebook) -> None:
        before = begun.histories()
        intake = begun.server.seal(rulebook, runner())
        settings = begun.visitor.open("/diary/settings").token
        for path in ("check-in", "check-in/write", "check-in/end", "settings", "stop", "delete", "begin"):
            for token in ("", "forged", intake):
                sent = {"token": token, "stand": token, "sure": "1", "mistake": "1", "again": "1"}
                begun.visitor.post(f"/diary/{path}", data={**sent, "start": str(START)})
                assert begun.visitor.status in (400, 409), (path, token, begun.visitor.text)
        begun.visitor.post("/diary/check-in/write", data={"token": settings})
        assert begun.visitor.status == 400
        assert begun.histories() == before


class TestStops:
    def test_a_red_flag_is_meant_before_it_is_written_and_stops_the_plan(
        self, begun: Keeper, checkin_part: afterrun.Rulebook
    ) -> None:
        begun.on(START + timedelta(days=2))
        visitor = begun.visitor.open("/diary").press("Tell of a new warning sign")
        assert "No week to report: week 1 is not over" in visitor.text
        visitor.press("Show the list").press("Continue", answer="calf_swollen")
        assert "That stops the plan." in visitor.text
        assert begun.histories()[0].check_ins == ()
        visitor.press("That was a slip").press("Continue", answer="none")
        assert "No new warning sign, so the plan goes on as it is." in visitor.text
        assert begun.histories()[0].check_ins == ()
        stop(begun)
        assert begun.histories()[0].standing.stopped
        assert 'class="stopped"' in visitor.html
        assert "See a doctor" in visitor.text or "doctor" in visitor.text
        visitor.open("/diary")
        assert "Stopped, to be seen first." in visitor.text
        assert "not seen yet" in visitor.text
        for path in ("/diary/plan", "/diary/exercises"):
            assert "There is no plan by the week." in visitor.open(path).text
        # A calendar takes back what it begun.
        assert visitor.open("/diary/calendar").content.count(b"CANCELLED") > 3

    def test_a_stop_is_seen_and_the_plan_goes_on_once_it_is_said(
        self, begun: Keeper, checkin_part: afterrun.Rulebook
    ) -> None:
        begun.on(START + timedelta(days=2))
        stop(begun)
        begun.visitor.open("/diary").press("I have a new warning sign").press("None of these")
        assert "The plan is stopped, since you reported" in begun.visitor.text
        assert "afterrun" not in begun.visitor.text.replace("after running", "")
        begun.on(START + timedelta(days=4))
        begun.visitor.open("/diary").press("I have been seen").press("None of these")
        assert begun.histories()[0].standing.stopped
        token = begun.visitor.token
        begun.visitor.press("Yes, the plan goes on")
        kept = begun.histories()[0]
        assert (kept.standing.stopped, kept.check_ins[0].seen_on) == (False, START + timedelta(days=4))
        begun.visitor.post("/diary/check-in/write", data={"token": token})
        assert "written down already: you have been seen" in begun.visitor.text
        assert begun.histories()[0] == kept

    def test_to_be_seen_for_one_stop_is_not_to_be_seen_for_a_later_one(
        self, begun: Keeper, checkin_part: afterrun.Rulebook
    ) -> None:
        begun.on(START + timedelta(days=2))
        stop(begun)
        shown, asked, answered = Visitor(begun.server.address), Visitor(begun.server.address), begun.visitor
        shown.open("/diary")
        asked.open("/diary").press("I have been seen")
        answered.open("/diary").press("I have been seen").press("None of these")
        later = Visitor(begun.server.address)
        later.open("/diary").press("I have a new warning sign").press("Show the list")
        later.press("Continue", answer="chest_breath").press("Yes, write that down")
        assert [each.seen_on for each in begun.histories()[0].check_ins] == [None, None]
        assert shown.press("I have been seen").status == 409
        for visitor in (asked.press("None of these"), answered.press("Yes, the plan goes on")):
            assert visitor.status == 409
            visitor.press("Go on").press("None of these")
            assert "The plan is stopped, since you reported" in visitor.text
        assert begun.histories()[0].standing.stopped

    def test_an_address_that_cannot_be_read_leads_nowhere(self, begun: Keeper) -> None:
        assert begun.visitor.open("/diary/plan?week=x").status == 404
        assert "There is no such page" in begun.visitor.text

    def test_whoever_was_seen_and_has_a_new_sign_stays_stopped(
        self, begun: Keeper, checkin_part: afterrun.Rulebook
    ) -> None:
        begun.on(START + timedelta(days=2))
        stop(begun)
        visitor = begun.visitor.open("/diary").press("I have been seen")
        visitor.press("Show the list").press("Continue", answer="chest_breath")
        visitor.press("Yes, write that down")
        history = begun.histories()[0]
        assert history.standing.stopped
        # The first sign was not seen apart from the second.
        assert history.check_ins[1].answers["new_warning_signs"] == ["calf_swollen", "chest_breath"]

    def test_a_mistake_is_taken_back_only_by_whoever_means_it(
        self, begun: Keeper, checkin_part: afterrun.Rulebook
    ) -> None:
        begun.on(START + timedelta(days=2))
        stop(begun)
        visitor = begun.visitor.open("/diary")
        assert "/diary/stop" in Page(visitor.html).links
        visitor.open("/diary/stop").press("Take it back")
        assert "The stop stands. Nothing was changed." in visitor.text
        visitor.open("/diary/stop")
        token = visitor.token
        visitor.press("Take it back", mistake="1")
        assert begun.histories()[0].check_ins[0].taken_back_on == START + timedelta(days=2)
        visitor.post("/diary/stop", data={"token": token, "mistake": "1"})
        assert visitor.status == 409
        assert not begun.histories()[0].standing.stopped

    def test_a_plan_that_was_stopped_is_followed_by_another_only_once_it_was_seen(
        self, begun: Keeper, checkin_part: afterrun.Rulebook, rulebook: afterrun.Rulebook
    ) -> None:
        stop(begun)
        token = begun.server.seal(rulebook, runner())
        visitor = begun.visitor.post("/diary/start", data={"token": token})
        visitor.press("Begin the plan", again="1")
        assert (visitor.status, len(begun.histories())) == (422, 1)
        visitor.press("Begin the plan", again="1", seen="1")
        assert [each.seen for each in begun.histories()] == [False, True]


class TestSettings:
    def test_they_are_changed_and_told_and_a_second_time_change_nothing(
        self, begun: Keeper, checkin_part: afterrun.Rulebook
    ) -> None:
        begun.at_end_of(1)
        begun.check_in(checkin_part, volume_done=16)
        visitor = begun.visitor.open("/diary/settings")
        assert "What changed" not in visitor.text
        form = next(each for each in visitor.buttons if each.words.startswith("Change"))
        sent = {**dict(form.fields), "not": "tue", "goal": "40", "at-run": "06:45"}
        visitor.post(form.action, data=sent)
        assert visitor.status == 200, visitor.text
        assert "Your weeks, before and after" in visitor.text
        visitor.post(form.action, data=sent)
        assert "That is how it is already. Nothing was changed." in visitor.text
        kept = begun.histories()[0].settings
        assert len(kept) == 1
        assert kept[0].preferences == {"at": {"run": "06:45"}, "not": ["tue"]}
        assert kept[0].facts["volume_goal"] == 40 if "volume_goal" in kept[0].facts else kept[0].facts
        visitor.open("/diary/settings")
        assert 'value="06:45"' in visitor.html
        assert "40 km a week" in visitor.text

    def test_what_is_wrong_is_told_and_nothing_is_changed(self, begun: Keeper) -> None:
        visitor = begun.visitor.open("/diary/settings")
        visitor.press("Change the settings", goal="lots", runs="77", **{"away-from": "2027-13-40"})
        assert visitor.status == 422
        for words in ("Goal: ", "Away: "):
            assert words in visitor.text
        assert begun.histories()[0].settings == ()


class TestTakingAlong:
    def test_the_page_has_the_weeks_the_picture_and_what_was_said(
        self, begun: Keeper, checkin_part: afterrun.Rulebook
    ) -> None:
        for week in (1, 2):
            begun.at_end_of(week)
            begun.check_in(checkin_part, volume_done=15)
        visitor = begun.visitor.open("/diary")
        assert "<svg" in visitor.html
        assert "<style" not in visitor.html
        for words in ("What each check-in said", "planned", "Done", "Week 2", "Next check-in: from"):
            assert words in visitor.text
        assert len(visitor.content) < 60_000
        assert "The weeks" in visitor.open("/diary/plan").text
        assert len(visitor.content) < 60_000
        events = IcsCalendarStream.calendar_from_ics(visitor.open("/diary/calendar").content.decode()).events
        assert min(str(each.dtstart) for each in events if each.status != "CANCELLED") > str(START)

    @pytest.mark.parametrize(
        "path", ["", "/plan", "/settings", "/delete", "/check-in/last", "/exercises", "/stop"]
    )
    def test_no_page_names_a_command_or_lacks_its_order(
        self, begun: Keeper, checkin_part: afterrun.Rulebook, path: str
    ) -> None:
        begun.at_end_of(1)
        begun.check_in(checkin_part, volume_done=15)
        if path == "/stop":
            stop(begun)
        page = Page(begun.visitor.open(f"/diary{path}").html)
        assert begun.visitor.status == 200
        assert "  afterrun" not in begun.visitor.html
        assert len(page.ids) == len(set(page.ids))
        assert page.skipped_headings() == []

    def test_all_of_it_is_deleted_once_that_is_meant(
        self, begun: Keeper, checkin_part: afterrun.Rulebook
    ) -> None:
        begun.at_end_of(1)
        begun.check_in(checkin_part, volume_done=15)
        visitor = begun.visitor.open("/diary/delete").press("Delete all of it")
        assert (visitor.status, len(begun.histories())) == (422, 1)
        token = visitor.token
        visitor.press("Delete all of it", sure="1")
        assert "1 plan, with each check-in." in visitor.text
        assert begun.histories() == []
        visitor.post("/diary/delete", data={"token": token, "sure": "1"})
        assert "There was nothing left to delete" in visitor.text
        assert "there is nothing to delete" in visitor.open("/diary/delete").text
        assert "You keep no diary yet." in visitor.open("/diary").text

    def test_that_forgetting_is_not_finished_is_said(self, begun: Keeper, impatient: None) -> None:
        reader = sqlite3.connect(begun.file, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM enrolments").fetchone()
        visitor = begun.visitor.open("/diary/delete").press("Delete all of it", sure="1")
        assert visitor.status == 503
        assert "This is not finished" in visitor.text
        assert "Deleted" not in visitor.text
        reader.close()
        visitor.open("/diary/delete").press("Delete all of it", sure="1")
        assert "What was left of your diary." in visitor.text


class TestTrouble:
    def test_a_diary_that_another_program_holds_is_told_and_the_check_in_is_not_lost(
        self, begun: Keeper, checkin_part: afterrun.Rulebook, impatient: None
    ) -> None:
        begun.at_end_of(1)
        begun.visitor.open("/diary").press("Check in")
        token = begun.answer(checkin_part, {"volume_done": 16}).token
        writer = sqlite3.connect(begun.file, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        begun.visitor.post("/diary/check-in/write", data={"token": token})
        assert begun.visitor.status == 503
        assert "Another program holds" in begun.visitor.text
        writer.close()
        begun.visitor.post("/diary/check-in/write", data={"token": token})
        assert "About week 1 of your diary" in begun.visitor.text

    def test_where_the_server_keeps_a_diary_is_no_visitors(
        self, begun: Keeper, caplog: pytest.LogCaptureFixture
    ) -> None:
        def told() -> str:
            pages = [begun.visitor.open(each) for each in ("/diary", "/diary/export", "/diary/settings")]
            return "".join(f"{page.status} {page.text}" for page in pages)

        begun.file.write_bytes(begun.file.read_bytes()[:1_000])
        damaged = told()
        begun.file.write_text("no database")
        other = told()
        assert "The diary is damaged" in damaged
        assert "The diary is not a database" in other
        for text in (damaged, other):
            assert begun.file.name not in text
            assert str(begun.file.parent) not in text
        assert f"DamagedError: {begun.file}" in caplog.text
        assert f"StorageError: {begun.file}" in caplog.text

    def test_a_damaged_diary_is_told_and_exported_as_far_as_it_can_be_read(
        self, begun: Keeper, checkin_part: afterrun.Rulebook
    ) -> None:
        for week in (1, 2):
            begun.at_end_of(week)
            begun.check_in(checkin_part, volume_done=16)
        with sqlite3.connect(begun.file) as file:
            file.execute("UPDATE check_ins SET answers = '{}' WHERE number = 2")
        file.close()
        visitor = begun.visitor.open("/diary")
        assert visitor.status == 503
        assert "The diary is damaged: check-in 2 is not as it was written." in visitor.text
        assert "/diary/export" in Page(visitor.html).links
        told = json.loads(visitor.open("/diary/export").content)
        assert [each["number"] for each in told["enrolments"][0]["check_ins"]] == [1]
        assert [each["what"] for each in told["damaged"]] == ["check-in 2 of plan 1"]
        # Rows are deleted unread.
        visitor.open("/diary/delete").press("Delete all of it", sure="1")
        assert "1 plan, with" in visitor.text

    def test_a_file_that_is_no_diary_is_not_touched(self, keeper: Keeper) -> None:
        keeper.file.write_text("a shopping list", encoding="utf-8")
        assert keeper.visitor.open("/diary").status == 503
        assert "is not a database" in keeper.visitor.text
        assert keeper.file.read_text("utf-8") == "a shopping list"

    def test_where_no_diary_is_kept_there_are_no_pages_of_one(self, rulebook: afterrun.Rulebook) -> None:
        with served(SETTINGS) as server:
            visitor = Visitor(server.address)
            assert "/diary" not in visitor.html
            assert visitor.open("/diary").status == 404

    def test_without_the_extra_the_diary_says_what_it_lacks_and_the_interview_works(
        self, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in [each for each in sys.modules if each.partition(".")[0] in ("sqlalchemy", "alembic")]:
            monkeypatch.delitem(sys.modules, name)
        for name in [each for each in sys.modules if each.startswith("afterrun.diary")]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, "sqlalchemy", None)
        keeper.file.touch()
        assert keeper.visitor.open("/diary").status == 503
        assert "pip install 'afterrun[diary]'" in keeper.visitor.text
        assert keeper.visitor.open("/").press("Begin").question == "age_years"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.example"},
    ],
)
def test_another_site_sends_nothing_in_somebodys_name(begun: Keeper, headers: dict[str, str]) -> None:
    token = begun.visitor.open("/diary/delete").token
    begun.visitor.post("/diary/delete", data={"token": token, "sure": "1"}, headers=headers)
    assert begun.visitor.status == 403
    assert len(begun.histories()) == 1


def test_our_own_pages_may_send(begun: Keeper) -> None:
    token = begun.visitor.open("/diary/delete").token
    own = {"Origin": begun.server.address, "Sec-Fetch-Site": "same-origin"}
    begun.visitor.post("/diary/delete", data={"token": token, "sure": "1"}, headers=own)
    assert begun.histories() == []


def test_no_address_and_no_log_tells_of_a_person(
    begun: Keeper, checkin_part: afterrun.Rulebook, caplog: pytest.LogCaptureFixture
) -> None:
    begun.at_end_of(1)
    begun.check_in(checkin_part, volume_done=16)
    stop(begun)
    begun.visitor.open("/diary/export").open("/diary/calendar")
    for address in begun.visitor.sent:
        assert re.fullmatch(rf"{re.escape(begun.server.address)}/[a-z/-]*", address)
    assert "calf" not in caplog.text


@pytest.mark.process
def test_a_diary_on_a_database_server_is_kept_as_one_in_a_file(
    postgres: str, rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook, tmp_path: Path
) -> None:
    exports, pages = [], []
    for address in ("", postgres):
        with keeping(tmp_path, address) as keeper:
            keeper.anew()
            assert "You keep no diary yet." in keeper.visitor.open("/diary").text
            keeper.begin(rulebook)
            keeper.at_end_of(1)
            keeper.check_in(checkin_part, volume_done=16)
            keeper.visitor.open("/diary").press("Correct the last check-in")
            keeper.answer(checkin_part, {"volume_done": 15}).press("Write week 1 down")
            keeper.visitor.open("/diary/settings").press("Change the settings", **{"not": "tue"})
            keeper.on(START + timedelta(days=9))
            stop(keeper)
            pages.append(keeper.visitor.open("/diary").text)
            exports.append(exported(keeper.visitor.open("/diary/export").content))
            assert len(keeper.histories()[0].check_ins) == 2
            keeper.visitor.open("/diary/delete")
            deleted = keeper.visitor.press("Delete", sure="1")
            assert deleted.status == 200
            assert "You keep no diary yet." in keeper.visitor.open("/diary").text
    assert exports[0] == exports[1]
    assert pages[0] == pages[1]
