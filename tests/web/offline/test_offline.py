"""A phone without a net, in a real browser: what it keeps, what it says, and a check-in that is sent once."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

import afterrun
from afterrun.diary import Diary, NewPlan
from afterrun_web.drawing import version
from tests.support.diaries.weeks import runner
from tests.support.servers.power_cuts import server_process
from tests.support.web.browsers import Scheme
from tests.support.web.diary_visits import Keeper
from tests.support.web.phones import BY_HAND, KEEP, NONE_WAITS, NOTHING_LEFT, REMOVE, SEND, WAITS, WEEK, Phone

pytestmark = [pytest.mark.process, pytest.mark.slow]


def written(keeper: Keeper) -> list[dict[str, Any]]:
    return [dict(each.answers) for each in keeper.histories()[-1].check_ins]


def test_unless_it_is_asked_for_nothing_is_kept(keeper: Keeper, browser: Browser) -> None:
    with Phone(browser, keeper.server.address) as phone:
        for path in ("/", "/diary/plan", "/diary/exercises", "/diary"):
            phone.open(path)
        phone.fill_in()
        with phone.page.expect_navigation(url="**/check-in/last#*"):
            phone.page.get_by_role("button", name=SEND).click()
        assert phone.left == [[], [], []]
        assert phone.complaints == []
    assert written(keeper) == [WEEK]


def test_the_plan_is_read_and_a_check_in_kept_without_a_net_and_it_is_sent_once(
    keeper: Keeper, rulebook: afterrun.Rulebook, browser: Browser
) -> None:
    with Phone(browser, keeper.server.address) as phone:
        page = phone.keep().page
        phone.net(False)
        as_of = f"You are offline. This is as of {keeper.now.day} {keeper.now:%b %Y}, 18:00."
        assert as_of in phone.open("/diary/plan").inner_text("body")
        assert page.get_by_text("Check-in for week 2").first.is_visible()
        assert page.locator("link[rel=stylesheet]").evaluate("each => each.sheet.cssRules.length") > 50
        assert as_of in phone.open("/diary/exercises").inner_text("body")
        cards = page.locator("section.exercise")
        assert cards.count() == page.locator("figure.pose svg").count()
        assert as_of in phone.open("/question").inner_text("body")
        assert page.url.endswith("/diary")
        assert page.get_by_role("button", name="Check in").count() == 0
        phone.open("/diary/check-in/offline").get_by_role("button", name=SEND).click()
        expect(page.get_by_text("Nothing is answered yet")).to_be_visible()
        assert phone.waiting == []
        phone.fill_in()
        page.get_by_role("button", name=SEND).dblclick()
        expect(page.get_by_text(WAITS)).to_be_visible()
        page.evaluate("document.querySelector('#check-in').requestSubmit()")
        assert not page.get_by_role("button", name=SEND).is_visible()
        assert phone.waiting == [False]
        assert written(keeper) == []
        phone.net(True)
        expect(page).to_have_url(f"{keeper.server.address}/diary/check-in/last", timeout=30_000)
        assert "About week 1 of your diary" in page.inner_text("main")
        phone.open()
        expect(page.get_by_role("button", name=REMOVE)).to_be_visible()
        assert phone.waiting == []
        assert written(keeper) == [WEEK]
        # What is kept is what holds now.
        phone.settles()
        phone.net(False)
        assert "About week 1 of your diary" in phone.open("/diary/check-in/last").inner_text("main")
        assert "This check-in looks back on week 2" in phone.open("/diary/check-in/offline").inner_text(
            "main"
        )
    assert [each.week for each in keeper.histories()[-1].check_ins] == [1]


def test_a_warning_sign_has_its_words_at_once_and_stands_before_the_plan_until_it_is_sent(
    keeper: Keeper, rulebook: afterrun.Rulebook, browser: Browser
) -> None:
    urgent, emergency = rulebook.triage["urgent"], rulebook.triage["emergency"]
    with Phone(browser, keeper.server.address, 320) as phone:
        page = phone.keep().page
        phone.net(False)
        phone.open("/diary/check-in/offline")
        assert not page.get_by_role("alert").filter(visible=True).count()
        page.get_by_text("Show the list").click()
        alert = page.get_by_role("alert").filter(visible=True)
        page.locator("[value=hot_red_joint]").check()
        assert urgent.do in alert.inner_text()
        # Together two signs can be more pressing than each of them.
        page.locator("[value=fever_unwell]").check()
        assert emergency.do in alert.inner_text()
        assert alert.count() == 1
        box = alert.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 100
        page.locator("[value=fever_unwell]").uncheck()
        assert urgent.do in alert.inner_text()
        page.locator("[value=fever_unwell]").check()
        page.get_by_role("button", name=SEND).click()
        expect(page.get_by_text(WAITS)).to_be_visible()
        for path in ("/diary", "/diary/plan", "/diary/check-in/offline"):
            phone.open(path)
            expect(page.get_by_text(WAITS)).to_be_visible()
            assert emergency.do in alert.inner_text()
            box = alert.bounding_box()
            assert box is not None
            assert box["y"] < 100
            assert "km" not in page.inner_text("main")
        phone.net(True)
        expect(page).to_have_url(f"{keeper.server.address}/diary/check-in/last", timeout=30_000)
        assert emergency.do in page.inner_text("main")
    (kept,) = keeper.histories()[-1].check_ins
    assert kept.answers["new_warning_signs"] == ["fever_unwell", "hot_red_joint"]
    assert kept.standing.stopped


def test_without_a_script_the_words_of_a_single_sign_stand_there_too(
    keeper: Keeper, rulebook: afterrun.Rulebook, browser: Browser
) -> None:
    with Phone(browser, keeper.server.address, java_script_enabled=False) as phone:
        page = phone.open("/diary/check-in/offline")
        page.select_option("#run_pain", "8")
        assert rulebook.triage["clinician_first"].do in page.get_by_role("alert").inner_text()
        page.get_by_text("Show the list").click()
        page.locator("[value=chest_breath]").check()
        assert rulebook.triage["emergency"].do in page.get_by_role("alert").inner_text()
        phone.click(SEND)
        assert rulebook.triage["emergency"].name in page.inner_text("h1")
    assert keeper.histories()[-1].standing.stopped


def test_a_server_that_is_killed_before_it_answers_has_written_once(
    tmp_path: Path, checkin_part: afterrun.Rulebook, browser: Browser
) -> None:
    file = tmp_path / "diary.sqlite"
    begun = date.today() - timedelta(days=6)
    diary = Diary(str(file), create=True)
    noted = datetime.combine(begun, datetime.min.time())
    result = afterrun.assess(checkin_part.base, runner()) if checkin_part.base else None
    assert result is not None
    diary.enrol(checkin_part, runner(), result, NewPlan("me", begun, noted))

    def kept() -> list[dict[str, Any]]:
        return [dict(each.answers) for each in diary.history("me").check_ins]

    with server_process(file) as port:
        phone = Phone(browser, f"http://127.0.0.1:{port}")
        phone.__enter__()
        phone.keep()
    try:
        page = phone.page
        assert "You are offline." in phone.open("/diary/plan").inner_text("body")
        phone.fill_in()
        page.get_by_role("button", name=SEND).dblclick()
        expect(page.get_by_text(WAITS)).to_be_visible()
        with server_process(file, port, dies=True):
            phone.open()
            # Sent some time after the page is there; what is written is seen in the file alone.
            for _ in range(100):
                if kept():
                    break
                page.wait_for_timeout(100)
            phone.settles()
            assert kept() == [WEEK]
            assert phone.waiting == [False]
        with server_process(file, port):
            phone.open()
            phone.until(NONE_WAITS)
        assert kept() == [WEEK]
    finally:
        phone.__exit__()
        diary.close()


def test_a_warning_sign_that_cannot_be_written_stands_above_every_page(
    keeper: Keeper, checkin_part: afterrun.Rulebook, browser: Browser
) -> None:
    with Phone(browser, keeper.server.address) as phone:
        page = phone.keep().page
        phone.net(False)
        phone.fill_in(new_warning_signs="calf_swollen")
        page.get_by_role("button", name=SEND).click()
        expect(page.get_by_text(WAITS)).to_be_visible()
        keeper.check_in(checkin_part, volume_done=16)
        phone.net(True)
        expect(page.get_by_text(BY_HAND)).to_be_visible(timeout=30_000)
        phone.open("/diary/plan")
        stop = checkin_part.triage["stopped"].do
        expect(page.get_by_role("alert").filter(visible=True)).to_contain_text(stop)
    assert written(keeper) == [WEEK]


def test_where_the_diary_has_gone_on_since_nothing_is_written_and_the_answers_are_offered(
    keeper: Keeper, checkin_part: afterrun.Rulebook, browser: Browser
) -> None:
    with Phone(browser, keeper.server.address) as phone:
        page = phone.keep().page
        phone.net(False)
        phone.fill_in(volume_done=14, run_pain=2)
        page.get_by_role("button", name=SEND).click()
        expect(page.get_by_text(WAITS)).to_be_visible()
        keeper.check_in(checkin_part, volume_done=16)
        keeper.at_end_of(2)
        phone.net(True)
        expect(page.get_by_text(BY_HAND)).to_be_visible(timeout=30_000)
        assert written(keeper) == [WEEK]
        phone.open()
        expect(page.get_by_text(BY_HAND)).to_be_visible()
        phone.look_at_it()
        assert "It has changed since this check-in was begun." in page.inner_text("main")
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="None of these").click()
        expect(page.get_by_text("What you said before is filled in.")).to_be_visible()
        assert page.locator("#answer").input_value() == "14"
        assert written(keeper) == [WEEK]
        phone.open()
        page.get_by_role("button", name="Throw it away").click()
        expect(page.get_by_text(BY_HAND)).to_be_hidden()
        assert phone.waiting == []


def test_what_lacks_an_answer_is_led_to_its_question_and_goes_when_it_is_written(
    keeper: Keeper, browser: Browser
) -> None:
    with Phone(browser, keeper.server.address) as phone:
        page = phone.keep().page
        phone.fill_in(next_morning=None)
        page.get_by_role("button", name=SEND).click()
        expect(page.get_by_text(BY_HAND)).to_be_visible(timeout=30_000)
        assert written(keeper) == []
        phone.look_at_it()
        assert "An answer is needed here." in page.inner_text("main")
        page.get_by_text("The same as before").click()
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Skip").click()
        page.get_by_role("button", name="Write week 1 down").click()
        phone.until(NONE_WAITS)
        phone.open()
        assert not page.get_by_text(BY_HAND).is_visible()
        refused = ("status of 409", "status of 422")
        assert [each for each in phone.complaints if not any(code in each for code in refused)] == []
    assert written(keeper) == [WEEK]


def test_what_is_removed_or_deleted_leaves_nothing_on_the_phone(keeper: Keeper, browser: Browser) -> None:
    with Phone(browser, keeper.server.address) as phone:
        page = phone.keep().page
        assert [len(each) for each in phone.left] == [1, 0, 1]
        page.get_by_role("button", name=REMOVE).click()
        expect(page.get_by_role("button", name=KEEP)).to_be_visible()
        assert phone.left == [[], [], []]
        phone.keep()
        phone.net(False)
        phone.fill_in()
        page.get_by_role("button", name=SEND).click()
        expect(page.get_by_text(WAITS)).to_be_visible()
        # What waits cannot be sent, and the diary is deleted meanwhile.
        page.context.route("**/check-in/offline", lambda route: route.abort())
        phone.net(True)
        # Removing what is not sent yet wants to be meant.
        phone.open("/diary")
        page.get_by_role("button", name=REMOVE).click()
        expect(page.get_by_text("To remove all loses it.")).to_be_visible()
        assert [len(each) for each in phone.left] == [1, 1, 1]
        phone.open("/diary/delete")
        page.get_by_text("Yes, delete all of it").click()
        phone.click("Delete all of it", exact=True)
        assert page.locator("h1").inner_text() == "Deleted"
        phone.until(NOTHING_LEFT)


def test_a_browser_takes_it_as_an_app(keeper: Keeper, rulebook: afterrun.Rulebook, browser: Browser) -> None:
    with Phone(browser, keeper.server.address) as phone:
        devtools = phone.page.context.new_cdp_session(phone.page)
        told = devtools.send("Page.getAppManifest")
        assert told["errors"] == []
        found = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
        # A browser of a test keeps nothing for good, and so installs nothing.
        assert [each["errorId"] for each in found] == ["in-incognito"]
        manifest = json.loads(told["data"])
        assert (manifest["name"], manifest["start_url"]) == (rulebook.identity.title, "/diary")
        assert (manifest["display"], manifest["scope"]) == ("standalone", "/")
        sizes = {
            (each["sizes"], each["purpose"]): phone.page.request.get(f"{keeper.server.address}{each['src']}")
            for each in manifest["icons"]
        }
        assert {size for size, _ in sizes} >= {"192x192", "512x512"}
        assert {purpose for _, purpose in sizes} == {"any", "maskable"}
        assert all(each.ok and version() in each.url for each in sizes.values())


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "dark")])
def test_what_is_shown_of_it_is_accessible(
    keeper: Keeper, browser: Browser, width: int, scheme: Scheme
) -> None:
    with Phone(browser, keeper.server.address, width, scheme=scheme, bypass_csp=True) as phone:
        faults = phone.keep().faults()
        phone.net(False)
        page = phone.open("/diary/check-in/offline")
        faults += phone.faults()
        page.locator("[value=chest_breath]").check()
        faults += phone.faults()
        page.emulate_media(forced_colors="active")
        faults += phone.faults()
        page.get_by_role("button", name=SEND).click()
        expect(page.get_by_text(WAITS)).to_be_visible()
        faults += phone.faults()
        assert faults == []
