"""Forms of others show our questions in a browser, are filled by clicks, and lead to the same result."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from afterrun import Rulebook, assess
from afterrun.interchange import questionnaire_of, read_response, response_of
from tests.support.fhir.judges import JUDGES, need_judges
from tests.support.fhir.resources import STORY, Item, items_of
from tests.support.servers.folders import folder_served

pytestmark = [pytest.mark.slow, pytest.mark.process]

SIGNS: dict[str, Any] = {
    **STORY,
    "worst_pain": "unknown",
    "relapses": "unknown",
    "knee_behaviour": ["swollen_now", "gives_way"],
    "strength_sessions": 1,
    "strength_range": "partial",
    "strength_belief": "no_time",
    "weeks_since_onset": 6.5,
}
"""Signs, what is not known, and questions that hang on others."""


class Form:
    """A form in a page: how its answers are found by somebody who clicks and types."""

    name = ""

    def __init__(self, page: Page, questionnaire: Item) -> None:
        self.page = page
        page.wait_for_function("() => Boolean(window.show)")
        page.evaluate("questionnaire => { show(questionnaire) }", questionnaire)
        page.wait_for_selector("#form input")
        self.options = {
            item["linkId"]: [each["valueCoding"]["code"] for each in item.get("answerOption", ())]
            for item in items_of(questionnaire)
        }

    def by_id(self, name: str) -> Locator:
        return self.page.locator(f'[id="{name}"]')

    def option(self, link: str, coding: Mapping[str, str]) -> Locator:
        raise NotImplementedError

    def field(self, link: str, kind: str) -> Locator:
        raise NotImplementedError

    def response(self) -> Any:
        # As text: a field that is not there would come as a null.
        return json.loads(self.page.evaluate("JSON.stringify(response())"))

    def fill(self, response: Item) -> None:
        """Click and type the answers of a response."""
        for item in items_of(response):
            for answer in item.get("answer", ()):
                ((kind, value),) = answer.items()
                if kind == "valueCoding":
                    self.option(item["linkId"], value).click()
                else:
                    field = self.field(item["linkId"], "integer" if kind == "valueInteger" else "decimal")
                    field.fill(str(value))
                    field.blur()
                self.wait_until_taken(item["linkId"], answer)

    def wait_until_taken(self, link: str, answer: Item) -> None:
        """Until the form holds an answer that was given; most do before a click or key is done with."""


class LhcForms(Form):
    name = "lforms"

    def __init__(self, page: Page, questionnaire: Item) -> None:
        page.wait_for_function("window.LForms && LForms.FHIR && LForms.FHIR.R4")
        super().__init__(page, questionnaire)

    def option(self, link: str, coding: Mapping[str, str]) -> Locator:
        return self.by_id(f"{link}/1/1|{coding['system']}|{coding['code']}")

    def field(self, link: str, kind: str) -> Locator:
        return self.by_id(f"{link}/1/1")


class SmartForms(Form):
    name = "smart_forms"

    def option(self, link: str, coding: Mapping[str, str]) -> Locator:
        return self.page.locator(f'[data-linkid="{link}"] input[value="{coding["code"]}"]')

    def field(self, link: str, kind: str) -> Locator:
        return self.by_id(f"{kind}-{link}")

    def wait_until_taken(self, link: str, answer: Item) -> None:
        # It takes a number when nothing was typed for a moment, and then writes the whole form as it stood
        # at the last key: whatever was clicked in between would be gone.
        ((kind, value),) = answer.items()
        self.page.wait_for_function(
            """([link, kind, value]) => {
                const found = item =>
                    item.linkId === link ? item.answer ?? [] : (item.item ?? []).flatMap(found);
                return found(response()).some(({ [kind]: held }) => (held?.code ?? held) === value);
            }""",
            arg=[link, kind, value["code"] if kind == "valueCoding" else value],
        )


class MedplumForm(Form):
    name = "medplum"

    def option(self, link: str, coding: Mapping[str, str]) -> Locator:
        return self.by_id(f"{link}-option-{self.options[link].index(coding['code'])}")

    def field(self, link: str, kind: str) -> Locator:
        return self.by_id(link)

    def response(self) -> Any:
        self.page.get_by_role("button", name="Submit").click()
        self.page.wait_for_function("response()")
        return super().response()


FORMS = (LhcForms, SmartForms, MedplumForm)


@pytest.fixture(scope="module")
def forms() -> Iterator[str]:
    """Where the forms are served."""
    need_judges()
    with folder_served(JUDGES / "forms") as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    page.set_default_timeout(30_000)
    yield page
    page.close()


@pytest.mark.parametrize("intake", [STORY, SIGNS], ids=["a whole story", "signs and what is not known"])
@pytest.mark.parametrize("kind", FORMS, ids=lambda kind: kind.name)
def test_a_form_that_is_filled_by_clicks_gives_the_result_of_the_command_line(
    rulebook: Rulebook, forms: str, page: Page, kind: type[Form], intake: dict[str, Any]
) -> None:
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{forms}/{kind.name}.html")
    form = kind(page, questionnaire_of(rulebook))
    form.fill(response_of(rulebook, intake))
    heard = read_response(rulebook, form.response())
    told = assess(rulebook, {name: value for name, value in heard.intake.items() if name != "record_id"})
    assert told.to_dict() == assess(rulebook, intake).to_dict()
    assert wrong == []
    assert [each for each in asked if not each.startswith((forms, "data:", "blob:"))] == []


@pytest.mark.parametrize("kind", FORMS, ids=lambda kind: kind.name)
def test_a_form_asks_what_hangs_on_an_answer_only_then(
    rulebook: Rulebook, forms: str, page: Page, kind: type[Form]
) -> None:
    page.goto(f"{forms}/{kind.name}.html")
    questionnaire = questionnaire_of(rulebook)
    form = kind(page, questionnaire)
    coding = {"system": "https://fhir.afterrun.invalid/CodeSystem/pain-timing", "code": "during_only"}
    hung = {"system": "https://fhir.afterrun.invalid/CodeSystem/pain-duration", "code": "under_a_day"}
    assert not form.option("pain_duration", hung).is_visible()
    form.option("pain_timing", {**coding, "code": "during_and_after"}).click()
    form.option("pain_duration", hung).wait_for(state="visible")
    form.option("pain_timing", coding).click()
    form.option("pain_duration", hung).wait_for(state="hidden")
