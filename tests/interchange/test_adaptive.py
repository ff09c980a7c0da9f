"""One question after another: the same result and proof, and what cannot wait said first."""

from __future__ import annotations

import copy
from typing import Any

import pytest

import afterrun
from afterrun.assessment import Conversation
from afterrun.interchange import Heard, ResponseError, next_step, read_response
from tests.support.fhir.conversations import CASES, DECLINED, Resource, begun, newly_asked, talked
from tests.support.fhir.resources import items_of

TOLD = ("triage", "patterns", "interventions", "plan", "plan_choices", "because")
"""What is told, with its proof. What else fired depends on answers that nobody had to give."""


def told(rulebook: afterrun.Rulebook, intake: Any) -> dict[str, Any]:
    result = afterrun.assess(rulebook, intake).to_dict()
    return {key: result[key] for key in TOLD}


def contained(response: Resource) -> list[Resource]:
    items: list[Resource] = response["contained"][0]["item"]
    return items


def answered(link: str, code: str, rulebook: afterrun.Rulebook) -> Resource:
    option = next(each for each in rulebook.questions[link].options if each.id == code)
    system = f"https://fhir.afterrun.invalid/CodeSystem/{link.replace('_', '-')}"
    return {"linkId": link, "answer": [{"valueCoding": {"system": system, "code": option.id}}]}


@pytest.mark.slow
def test_each_shared_case_comes_to_its_result_and_proof_by_questions_alone(
    rulebook: afterrun.Rulebook,
) -> None:
    ended = 0
    sample = set(list(CASES)[::10])
    for name, case in CASES.items():
        talk = talked(rulebook, case["answers"], lambda response: next_step(rulebook, response))
        heard = read_response(rulebook, talk.response)
        ended += talk.whole
        if talk.whole:
            assert told(rulebook, heard.intake) == told(rulebook, case["answers"]), name
        # What was asked is what a terminal would ask: the same session, and no question besides.
        assert name not in sample or list(asked_by_the_session(rulebook, case["answers"])) == [
            each
            for each in dict.fromkeys(each.removesuffix(".unknown") for each in talk.asked)
            if each in rulebook.questions
        ], name
    assert ended > len(CASES) * 0.9


def asked_by_the_session(rulebook: afterrun.Rulebook, intake: dict[str, Any]) -> Any:
    talk = Conversation(rulebook, {})
    while (step := talk.next()) is not None:
        question = step.question
        yield question.id
        if question.id in intake:
            unit = {key: intake[key] for key in ("volume_unit",) if question.quantity and key in intake}
            talk.take({question.id: intake[question.id], **unit})
        elif question.optional:
            talk.pass_over(question)
        else:
            return


def test_a_question_says_why_it_is_asked_and_how_many_are_left(rulebook: afterrun.Rulebook) -> None:
    item = contained(next_step(rulebook, begun(rulebook)))[0]
    said = {each["url"].rpartition("/")[2]: each for each in item["extension"]}
    why = said["why-asked"]["valueString"]
    assert why.startswith("Your answer can still change: how soon to be seen;")
    assert said["left-at-most"]["valueInteger"] == len(rulebook.questions)
    (helps,) = item["item"]
    assert helps["text"].endswith(why)
    assert helps["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] == "help"


def test_the_shape_is_that_of_an_adaptive_form(rulebook: afterrun.Rulebook) -> None:
    subject = {"reference": "Patient/1"}
    came = begun(rulebook, subject=subject, authored="2027-03-03T12:00:00Z", id="r1")
    response = next_step(rulebook, came)
    (form,) = response["contained"]
    assert response["questionnaire"] == f"#{form['id']}"
    assert response["meta"]["profile"][-1].endswith("/sdc-questionnaireresponse-adapt")
    assert form["meta"]["profile"] == [
        "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-adapt"
    ]
    assert "url" not in form
    assert form["derivedFrom"] == [came["questionnaire"]]
    kept = ("subject", "authored", "id", "status")
    assert {key: response[key] for key in kept} == {key: came[key] for key in kept}
    assert "item" not in response


def test_a_red_flag_ends_it_with_what_to_do_now(rulebook: afterrun.Rulebook) -> None:
    intake = CASES["V048"]["answers"]
    talk = talked(rulebook, intake, lambda response: next_step(rulebook, response))
    level = next(iter(rulebook.triage.values()))
    assert afterrun.assess(rulebook, intake).triage == level.id
    assert (talk.response["status"], len(talk.asked) < 8) == ("completed", True)
    first = contained(talk.response)[0]
    assert (first["linkId"], first["type"]) == ("told.now", "display")
    assert level.do in first["text"]


def test_a_level_that_stands_is_told_while_a_stronger_one_is_open(rulebook: afterrun.Rulebook) -> None:
    swollen = [
        {"linkId": "age_years", "answer": [{"valueInteger": 40}]},
        answered("warning_signs", "calf_swollen", rulebook),
    ]
    response = next_step(rulebook, begun(rulebook, item=swollen))
    assert response["status"] == "in-progress"
    assert contained(response)[0]["text"].startswith("From what you said: Same-day care.")


def test_what_cannot_wait_is_told_before_the_next_question(rulebook: afterrun.Rulebook) -> None:
    unsure = [
        {"linkId": "age_years", "answer": [{"valueInteger": 40}]},
        answered("warning_signs", "not_sure", rulebook),
    ]
    response = next_step(rulebook, begun(rulebook, item=unsure))
    assert response["status"] == "in-progress"
    first = contained(response)[0]
    assert first["linkId"] == "told.now"
    assert "call your emergency number now" in first["text"]


def test_what_came_along_of_the_form_is_not_believed(rulebook: afterrun.Rulebook) -> None:
    response = next_step(rulebook, begun(rulebook))
    forged = copy.deepcopy(response)
    forged["contained"][0] |= {"title": "another", "item": [{"linkId": "x", "type": "string", "text": "?"}]}
    assert next_step(rulebook, forged) == response


def test_what_wants_an_answer_is_asked_again_where_it_was_declined(rulebook: afterrun.Rulebook) -> None:
    declined = {"linkId": "age_years", "extension": [{"url": DECLINED, "valueCode": "asked-declined"}]}
    response = next_step(rulebook, begun(rulebook, item=[declined]))
    assert newly_asked(response) == ["age_years"]
    assert response["status"] == "in-progress"


def test_an_optional_question_that_a_form_showed_and_left_empty_is_passed_over(
    rulebook: afterrun.Rulebook,
) -> None:
    name = next(iter(CASES))
    seen: list[str] = []

    def ask(response: Resource) -> Resource:
        # As a form does: an item without an answer is not in what it gives.
        answered = [each for each in response.get("item", []) if "answer" in each]
        found = next_step(rulebook, {**response, "item": answered})
        seen.extend(newly_asked(found))
        return found

    talk = talked(rulebook, CASES[name]["answers"], ask)
    passed = [each["linkId"] for each in talk.response["item"] if "answer" not in each]
    assert talk.whole
    assert passed == ["event_in_weeks"]
    assert seen.count("event_in_weeks") == 1
    heard = read_response(rulebook, talk.response)
    assert heard.declined == {"event_in_weeks"}
    assert told(rulebook, heard.intake) == told(rulebook, CASES[name]["answers"])


def test_what_wants_an_answer_is_not_passed_over_by_being_shown(rulebook: afterrun.Rulebook) -> None:
    shown = next_step(rulebook, begun(rulebook))
    everything = [{"linkId": each, "type": "display", "text": "?"} for each in rulebook.questions]
    shown["contained"][0]["item"] = everything
    again = next_step(rulebook, shown)
    assert newly_asked(again) == ["age_years"]
    optional = {each.id for each in rulebook.questions.values() if each.optional}
    assert {each["linkId"] for each in again["item"]} == optional


def test_a_form_that_says_it_is_done_is_asked_what_is_open(rulebook: afterrun.Rulebook) -> None:
    response = next_step(rulebook, begun(rulebook) | {"status": "completed"})
    assert (response["status"], newly_asked(response)) == ("in-progress", ["age_years"])


def test_answers_in_sections_and_empty_ones_come_back_as_a_form_without_sections(
    rulebook: afterrun.Rulebook,
) -> None:
    section = rulebook.questions["age_years"].section
    items = [
        {
            "linkId": f"section.{section}",
            "item": [
                {"linkId": "age_years", "answer": [{"valueInteger": 40}]},
                {"linkId": "warning_signs", "answer": []},
            ],
        }
    ]
    response = next_step(rulebook, begun(rulebook, item=items))
    assert response["item"] == [{"linkId": "age_years", "answer": [{"valueInteger": 40}]}]
    assert [each["linkId"] for each in contained(response)][:1] == ["age_years"]


def test_the_unit_is_asked_with_the_first_amount_and_never_again(rulebook: afterrun.Rulebook) -> None:
    name = next(name for name, case in CASES.items() if "volume_last_week" in case["answers"])
    talk = talked(rulebook, CASES[name]["answers"], lambda response: next_step(rulebook, response))
    assert talk.asked.count("volume_unit") == 1
    links = [each["linkId"] for each in contained(talk.response)]
    assert len(links) == len(set(links))


def test_no_condition_names_a_question_that_the_form_does_not_hold(rulebook: afterrun.Rulebook) -> None:
    seen = 0
    for name in list(CASES)[:12]:

        def ask(response: Resource) -> Resource:
            nonlocal seen
            found = next_step(rulebook, response)
            here = {each["linkId"] for each in items_of(found["contained"][0])}
            for item in contained(found):
                for when in item.get("enableWhen", ()):
                    seen += 1
                    assert when["question"] in here
            return found

        talked(rulebook, CASES[name]["answers"], ask)
    assert seen


def test_what_is_wrong_is_told_with_its_place(rulebook: afterrun.Rulebook) -> None:
    wrong = [{"linkId": "age_years", "answer": [{"valueString": "forty"}]}]
    with pytest.raises(ResponseError) as error:
        next_step(rulebook, begun(rulebook, item=wrong))
    assert error.value.issues[0].expression == "QuestionnaireResponse.item[0].answer[0].value"


def test_passing_over_keeps_apart_from_not_knowing(rulebook: afterrun.Rulebook) -> None:
    optional = next(each for each in rulebook.questions.values() if each.optional)
    item = {"linkId": optional.id, "extension": [{"url": DECLINED, "valueCode": "asked-declined"}]}
    heard: Heard = read_response(rulebook, begun(rulebook, item=[item]))
    assert (optional.id in heard.declined, optional.id in heard.intake) == (True, False)
