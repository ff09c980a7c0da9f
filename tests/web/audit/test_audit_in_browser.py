"""The audit in a real browser: by keyboard alone, without scripts, and every page of it held against axe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

import afterrun
from afterrun.telling import Inquiry
from tests.support.cli_runs import SAMPLE
from tests.support.web.browsers import SIZES, Look, Screen
from tests.support.web.visits import Served

pytestmark = [pytest.mark.process, pytest.mark.slow]

TEXT = SAMPLE.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [390, 1280])
def test_an_audit_by_keyboard_alone_and_without_scripts(
    site: Served, rulebook: afterrun.Rulebook, browser: Browser, width: int
) -> None:
    with Screen(browser, site.address, width, java_script_enabled=False) as screen:
        page = screen.page
        screen.press("Audit an intake")
        screen.tab_to("intake")
        page.keyboard.insert_text("pain_sight: [a]\n")
        screen.press("Audit what stands here")
        assert screen.focused.startswith("This cannot be audited yet")
        assert "Line 1: pain_sight: no question has this name." in page.inner_text("main")
        screen.tab_to("Mend it below")
        page.keyboard.press("Enter")
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(TEXT)
        screen.press("Audit what stands here")
        assert page.locator("h1").inner_text() == rulebook.triage["self_care"].name
        screen.press("The tendon below the kneecap: likely")
        assert (
            page.get_by_text("Inferior pole").or_(page.get_by_text("pain_site includes")).first.is_visible()
        )
        screen.press("Back to the audit")
        screen.tab_to("How soon to be seen: Emergency")
        page.keyboard.type("How soon to be seen: Same")
        screen.press("Why not?")
        assert "triage.urgent" in page.inner_text("main")
        screen.press("What would change it?")
        assert "Any one of these" in page.inner_text("main")
        screen.press("Back to the audit")
        screen.press("What if")
        ask = rulebook.questions["worst_pain"].ask
        screen.tab_to(ask)
        page.keyboard.press("Enter")
        if page.locator("input[name='answer:worst_pain'][type=text]").count():
            screen.tab_to("answer:worst_pain")
            page.keyboard.press("Control+A")
            page.keyboard.type("8")
            page.keyboard.press("Enter")
            page.wait_for_selector("#differs")
        told = Inquiry(instead={"worst_pain": 8}).findings(
            rulebook, afterrun.read_answers(rulebook, intake())
        )
        assert told.what_if is not None
        before, after = (rulebook.triage[each].name for each in told.what_if.triage)
        assert page.locator("#differs").get_by_text(ask).is_visible()
        assert before == after or page.locator("#differs").get_by_text(after).first.is_visible()
        screen.press("Back to the audit")
        screen.press("One page to print")
        assert page.get_by_text("The story: answers behind what is said here").is_visible()
        assert all(each.startswith(site.address) and "?" not in each for each in screen.asked)
        assert [each for each in screen.complaints if "422" not in each] == []


def intake() -> dict[str, Any]:
    from afterrun.intake import raw_intakes

    with SAMPLE.open("rb") as stream:
        return dict(next(raw_intakes(stream, "sample", "yaml")).data)


def test_a_file_is_chosen_and_audited(
    site: Served, rulebook: afterrun.Rulebook, browser: Browser, tmp_path: Path
) -> None:
    good, bad = tmp_path / "flagged.json", tmp_path / "bad.json"
    good.write_text('{"warning_signs": ["calf_swollen"]}', encoding="utf-8")
    bad.write_text('{"warning_signs": ["calf_swolen"]}', encoding="utf-8")
    with Screen(browser, f"{site.address}/audit", 390) as screen:
        page = screen.page
        for file in (bad, good):
            page.get_by_label("A .json, .yaml or .yml file").set_input_files(file)
            screen.click("Audit this file")
            if file == bad:
                assert "Did you mean 'calf_swollen'?" in page.inner_text("main")
                assert page.get_by_label("The intake").input_value() == bad.read_text(encoding="utf-8")
        assert page.locator("h1").inner_text() == rulebook.triage["urgent"].name
        with page.expect_download() as download:
            screen.click("The whole report")
            page.get_by_role("button", name="Download").click()
        assert download.value.suggested_filename == "audit-report.html"


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_one_page_fills_one_sheet(site: Served, browser: Browser, paper: str) -> None:
    with Screen(browser, f"{site.address}/audit", 1280, "dark") as screen:
        page = screen.page
        page.fill("#intake", TEXT)
        screen.click("Audit what")
        screen.click("One page to print")
        if paper == "letter":
            screen.click("For Letter paper")
        printed = page.pdf(prefer_css_page_size=True)
        assert printed.count(b"/Type /Page\n") == 1
        size = b"/MediaBox [0 0 612 792]" if paper == "letter" else b"/MediaBox [0 0 594.95996 841.91998]"
        assert size in printed
        page.emulate_media(media="print")
        assert not page.get_by_role("button", name="Back to the audit").is_visible()


LOOKS = (Look(320, "light"), Look(1280, "dark"), Look(320, "dark", "active"))


def test_every_page_of_it_is_accessible(site: Served, browser: Browser) -> None:
    faults = {}
    with Screen(browser, f"{site.address}/audit") as screen:
        page = screen.page
        faults["begin"] = screen.faults_in(LOOKS)
        page.fill("#intake", "pain_site: [elbow]")
        screen.click("Audit what")
        faults["wrong"] = screen.faults_in(LOOKS)
        page.fill("#intake", TEXT)
        screen.click("Audit what")
        faults["overview"] = screen.faults_in(LOOKS)
        token = page.locator("input[name=token]").first.get_attribute("value") or ""
        compared = {
            "answer:pain_timing": "during_only",
            "do": "compare",
            "turned": "pattern.strength_gap.likely",
        }
        for kind, path, sent in (
            ("proof", "why", {"conclusion": "pattern.patellar_tendon.likely"}),
            ("asked", "why-asked", {"question": "relapses"}),
            ("nearest", "nearest", {"conclusion": "triage.urgent"}),
            ("what if", "what-if", {}),
            ("compared", "what-if", compared),
            ("no answer", "what-if", {"answer:worst_pain": "x", "do": "compare"}),
            ("summary", "summary", {}),
            ("flagged", "what-if", {"answer:warning_signs": "calf_swollen", "do": "take"}),
        ):
            screen.send(f"/audit/{path}", {"token": token, **sent})
            assert page.locator("h1").count() == 1
            faults[kind] = screen.faults_in(LOOKS)
        # It is long, and as a file it is held against axe elsewhere; here it is no wider than the screen.
        screen.send("/audit/report", {"token": token})
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": SIZES[width]})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert {kind: found for kind, found in faults.items() if found} == {}
