"""The conversation that docs/fhir.md shows is the one that the server leads."""

from __future__ import annotations

import afterrun
from afterrun.interchange import next_step
from tests.support.fhir.conversations import CASES, Resource, begun, newly_asked, talked
from tests.support.paths import ROOT


def test_the_conversation_in_the_docs_is_real(rulebook: afterrun.Rulebook) -> None:
    text = " ".join((ROOT / "docs/fhir.md").read_text(encoding="utf-8").split())
    told: list[Resource] = []

    def ask(response: Resource) -> Resource:
        told.append(next_step(rulebook, response))
        return told[-1]

    talk = talked(rulebook, CASES["V048"]["answers"], ask)
    assert begun(rulebook)["questionnaire"] in text
    why = told[0]["contained"][0]["item"][0]["extension"][-2]["valueString"]
    assert why in text
    for response in told[:-1]:
        (link,) = newly_asked(response)
        items = {each["linkId"]: each for each in response["contained"][0]["item"]}
        left = items[link]["extension"][-1]["valueInteger"]
        assert f"{rulebook.questions[link].ask} | {left} |" in text
    for item in talk.response["item"]:
        ((_, value),) = item["answer"][0].items()
        assert f"`{item['linkId']}` {value['code'] if isinstance(value, dict) else value} |" in text
    end = talk.response["contained"][0]["item"][0]["text"]
    assert "That ends the questions. Emergency: Call your emergency number now." in end
    assert "That ends the questions. Emergency: Call your emergency number now." in text
