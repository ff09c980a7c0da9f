"""A diary in a real browser: two check-ins by keyboard alone, and every page of it held against axe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

import afterrun
from tests.support.diaries.weeks import GOOD, runner
from tests.support.web.browsers import Look, Screen
from tests.support.web.diary_visits import Keeper, keeping

pytestmark = [pytest.mark.process, pytest.mark.slow]

WEEK = {**GOOD, "volume_done": 16}


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeper]:
    with keeping(tmp_path_factory.mktemp("diary")) as found:
        found.anew()
        yield found


def check_in(screen: Screen, part: afterrun.Rulebook) -> None:
    """Answer with keys alone that all went well, up to the page before anything is written."""
    screen.press("None of these")
    for _ in range(20):
        found = screen.page.locator("input[name=question]")
        if not found.count():
            return
        question = part.questions[found.first.get_attribute("value") or ""]
        if question.optional:
            screen.press("Skip")
            continue
        if screen.page.locator("input#answer[type=text]").count():
            screen.tab_to("answer")
            screen.page.keyboard.type(str(WEEK[question.id]))
        else:
            # The first choice of each question of such a week is the best one.
            screen.tab_to(screen.page.locator("label.choice").first.inner_text().strip())
            screen.page.keyboard.press("Space")
        screen.press("Continue")
    raise AssertionError(screen.page.inner_text("main"))


def test_a_diary_with_two_check_ins_by_keyboard_alone_and_without_scripts(
    keeper: Keeper, rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook, browser: Browser
) -> None:
    keeper.anew()
    keeper.begin(rulebook)
    with Screen(browser, f"{keeper.server.address}/diary", java_script_enabled=False) as screen:
        for week in (1, 2):
            keeper.at_end_of(week)
            screen.page.goto(f"{keeper.server.address}/diary")
            screen.press("Check in")
            check_in(screen, checkin_part)
            screen.press(f"Write week {week} down")
            assert f"About week {week} of your diary" in screen.page.inner_text("main")
        # Loading it again sends no form.
        screen.page.reload()
        screen.page.goto(f"{keeper.server.address}/diary")
        assert screen.page.locator("figure svg").is_visible()
        assert all(each.startswith(keeper.server.address) for each in screen.asked)
        assert screen.complaints == []
    assert [each.week for each in keeper.histories()[0].check_ins] == [1, 2]


LOOKS = (Look(320, "light"), Look(1280, "dark"))


def test_every_page_of_it_is_accessible(
    keeper: Keeper,
    rulebook: afterrun.Rulebook,
    checkin_part: afterrun.Rulebook,
    browser: Browser,
) -> None:
    keeper.anew()
    with Screen(browser, f"{keeper.server.address}/diary", bypass_csp=True) as screen:
        faults = screen.faults_in(LOOKS)
        screen.send("/diary/start", {"token": keeper.server.seal(rulebook, runner())})
        faults += screen.faults_in(LOOKS)
        screen.page.fill("#runs", "77")
        screen.click("Begin the plan")
        faults += screen.faults_in(LOOKS)
        keeper.begin(rulebook)
        keeper.at_end_of(1)
        keeper.check_in(checkin_part, volume_done=16)
        for path in ("", "/settings", "/delete", "/check-in/last", "/plan", "/exercises"):
            screen.page.goto(f"{keeper.server.address}/diary{path}")
            faults += screen.faults_in(LOOKS)
        screen.page.goto(f"{keeper.server.address}/diary")
        screen.click("Tell of a new")
        screen.click("Show the list")
        screen.page.locator("label.choice").first.click()
        screen.click("Continue")
        faults += screen.faults_in(LOOKS)
        screen.click("Yes, write that down")
        faults += screen.faults_in(LOOKS)
        for path in ("", "/stop", "/plan"):
            screen.page.goto(f"{keeper.server.address}/diary{path}")
            faults += screen.faults_in(LOOKS)
        screen.click("Your diary", "link")
        assert faults == []
