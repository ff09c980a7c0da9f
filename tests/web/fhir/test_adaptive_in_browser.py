"""A whole conversation in Chromium: LHC-Forms shows each question, somebody clicks, the server asks the next.

The page stands elsewhere than the server, as a clinic's would: it asks across origins.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

import afterrun
from afterrun.interchange import read_response, response_of
from tests.support.fhir.conversations import CASES, Resource, begun, newly_asked
from tests.support.fhir.judges import JUDGES, need_judges
from tests.support.fhir.resources import items_of
from tests.support.servers.folders import folder_served
from tests.support.web.visits import SETTINGS, served

pytestmark = [pytest.mark.slow, pytest.mark.process]

LEAD = """async ([start, address]) => {
  const post = async (response) => {
    const answer = await fetch(address + '/fhir/Questionnaire/$next-question', {
      method: 'POST', headers: { 'Content-Type': 'application/fhir+json' }, body: JSON.stringify(response),
    });
    if (!answer.ok) throw new Error(await answer.text());
    window.current = await answer.json();
    await LForms.Util.addFormToPage(window.current.contained[0], 'form', {
      fhirVersion: 'R4', questionnaireResponse: window.current,
    });
  };
  window.next = () => post({
    ...LForms.Util.getFormFHIRData('QuestionnaireResponse', 'R4'),
    meta: window.current.meta, contained: window.current.contained,
    questionnaire: window.current.questionnaire, status: 'in-progress',
  });
  await post(start);
}"""
"""What a page that leads the conversation does: LHC-Forms shows forms, and knows no `$next-question`."""


@pytest.fixture(scope="module")
def forms() -> Iterator[str]:
    """Where the page stands."""
    need_judges()
    with folder_served(JUDGES / "forms") as address:
        yield address


def current(page: Page) -> Resource:
    held: Resource = json.loads(page.evaluate("JSON.stringify(current)"))
    return held


def click(page: Page, item: Resource) -> None:
    """Give the answers of an item, by clicks and keys."""
    for answer in item["answer"]:
        ((kind, value),) = answer.items()
        if kind == "valueCoding":
            page.locator(f'[id="{item["linkId"]}/1|{value["system"]}|{value["code"]}"]').click()
        else:
            field = page.locator(f'[id="{item["linkId"]}/1"]')
            field.fill(str(value))
            field.blur()


@pytest.mark.parametrize(
    ("name", "steps"), [("V001", 20), ("V048", 4)], ids=["a whole story", "an emergency"]
)
def test_somebody_is_led_by_lhc_forms_to_the_result_of_the_command_line(
    rulebook: afterrun.Rulebook, forms: str, browser: Browser, name: str, steps: int
) -> None:
    intake: dict[str, Any] = CASES[name]["answers"]
    written = {each["linkId"]: each for each in items_of(response_of(rulebook, intake)) if "answer" in each}
    asked: list[str] = []
    with served(SETTINGS._replace(origins=frozenset({forms}))) as server:
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.set_default_timeout(20_000)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{forms}/lforms.html")
        page.wait_for_function("window.LForms && LForms.FHIR && LForms.FHIR.R4")
        page.evaluate(LEAD, [begun(rulebook), server.address])
        for _ in range(40):
            response = current(page)
            if response["status"] == "completed":
                break
            for link in newly_asked(response):
                if link in written:
                    click(page, written[link])
            page.evaluate("next()")
        assert response["status"] == "completed", newly_asked(response)
        told = page.locator("#form").inner_text()
        page.close()
    level = rulebook.triage[afterrun.assess(rulebook, intake).triage]
    assert (level.do in " ".join(told.split())) == level.settles
    assert len(response["item"]) >= steps
    heard = read_response(rulebook, response)
    one, other = (afterrun.assess(rulebook, each).to_dict() for each in (heard.intake, intake))
    kept = ("triage", "patterns", "interventions", "plan", "because")
    assert {key: one[key] for key in kept} == {key: other[key] for key in kept}
    elsewhere = [each for each in asked if not each.startswith((forms, server.address, "data:", "blob:"))]
    assert elsewhere == []
