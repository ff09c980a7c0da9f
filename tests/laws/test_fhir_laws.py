"""An intake that is sent as a response gives the same result and the same proof."""

import json
import random
from typing import Any

import pytest
from hypothesis import given

from afterrun import Rulebook, as_intake, assess, read_answers
from afterrun.errors import IntakeError
from afterrun.interchange import (
    Issue,
    ResponseError,
    bundle_of,
    outcome_of,
    read_response,
    response_of,
)
from afterrun.interchange.asked import is_enabled
from afterrun.visible import as_json
from tests.support.fhir.resources import STORY, cases_in
from tests.support.random_input.intakes import CALM, LAW, Intake, random_intake, randoms


def sent(resource: dict[str, Any]) -> dict[str, Any]:
    """A resource as it comes out of a file."""
    read: dict[str, Any] = json.loads(json.dumps(resource))
    return read


def assert_same(rulebook: Rulebook, intake: Intake) -> None:
    heard = read_response(rulebook, sent(response_of(rulebook, intake)))
    assert assess(rulebook, heard.intake).to_dict() == assess(rulebook, intake).to_dict()
    # What a form would not have asked is left out; all else is heard as it was said.
    said = as_intake(rulebook, read_answers(rulebook, intake))
    missing = {name: said[name] for name in said if name not in heard.intake}
    assert dict(heard.intake) == {name: value for name, value in said.items() if name not in missing}
    assert all(is_enabled(rulebook, rulebook.questions[name], said) is False for name in missing)


def test_the_shared_cases_give_the_same_result_and_proof(rulebook: Rulebook) -> None:
    for each in cases_in("cases"):
        assert_same(rulebook, each["answers"])


@pytest.mark.slow
def test_so_do_all_other_cases(rulebook: Rulebook) -> None:
    same = 0
    for each in cases_in("more_cases"):
        try:
            read_answers(rulebook, each["answers"])
        except IntakeError:
            continue  # a case of what no intake may say
        assert_same(rulebook, each["answers"])
        same += 1
    assert same > 300


class TestAnyIntake:
    @pytest.mark.slow
    @LAW
    @given(randoms())
    def test_gives_the_same_result_and_proof_as_its_response(
        self, rulebook: Rulebook, chance: random.Random
    ) -> None:
        intake = random_intake(rulebook, chance, CALM)
        assert_same(rulebook, intake)

    @pytest.mark.slow
    @LAW
    @given(randoms())
    def test_loses_nothing_by_what_is_asked_in_vain(self, rulebook: Rulebook, chance: random.Random) -> None:
        """What the published conditions would have spared changes no result."""
        said = as_intake(rulebook, read_answers(rulebook, random_intake(rulebook, chance, CALM)))
        spared = [
            name
            for name, question in rulebook.questions.items()
            if is_enabled(rulebook, question, said) is False
        ]
        left = {name: value for name, value in said.items() if name not in spared}
        assert assess(rulebook, left).to_dict() == assess(rulebook, said).to_dict()

    @pytest.mark.slow
    @LAW
    @given(randoms())
    def test_keeps_what_was_passed_over_apart_from_what_is_not_known(
        self, rulebook: Rulebook, chance: random.Random
    ) -> None:
        intake = random_intake(rulebook, chance, CALM)
        said = as_intake(rulebook, read_answers(rulebook, intake))
        declined = {name for name in rulebook.questions if name not in said and chance.random() < 0.5}
        heard = read_response(rulebook, sent(response_of(rulebook, intake, declined=declined)))
        assert heard.declined == declined
        unknown = {name for name, value in heard.intake.items() if value == "unknown"}
        assert unknown == {name for name in heard.intake if said[name] == "unknown"}


JUNK: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 7.5, 10**400, float("nan"), "", "x", "#q", "\ud800", "entered-in-error"),
    *([], {}, [None], [[]], [{}], {"item": []}, {"linkId": "age_years"}, {"valueInteger": 3}, {"code": 1}),
    {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": ["unknown"]},
    [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "asked-unknown"}],
)
KEYS = (
    *(
        "id",
        "meta",
        "contained",
        "identifier",
        "subject",
        "authored",
        "modifierExtension",
        "extension",
        "item",
    ),
    *(
        "answer",
        "linkId",
        "valueInteger",
        "valueCoding",
        "_valueInteger",
        "valueQuantity",
        "system",
        "colour",
    ),
)


def spoil(value: Any, chance: random.Random) -> Any:
    """The same JSON with junk somewhere in it."""
    if not isinstance(value, dict | list) or not value or chance.random() < 0.15:
        return chance.choice(JUNK)
    place = chance.choice(list(value) if isinstance(value, dict) else range(len(value)))
    copy: Any = value.copy()
    match chance.random():
        case low if low < 0.15:
            del copy[place]
        case low if low < 0.25 and isinstance(copy, list):
            copy.append(copy[place])
        case low if low < 0.35 and isinstance(copy, dict):
            copy[chance.choice(KEYS)] = chance.choice(JUNK)
        case _:
            copy[place] = spoil(copy[place], chance)
    return copy


@pytest.mark.slow
@LAW
@given(randoms())
def test_whatever_is_sent_is_read_or_refused_with_places(rulebook: Rulebook, chance: random.Random) -> None:
    """Never another error; and what is read is an intake."""
    resource: Any = response_of(
        rulebook, STORY, declined=["equipment"], subject={"display": "A"}, authored="2027-03-01"
    )
    for _ in range(20):
        spoilt = resource
        for _ in range(chance.randint(1, 3)):
            spoilt = spoil(spoilt, chance)
        issues: tuple[Issue, ...] = ()
        try:
            read_answers(rulebook, read_response(rulebook, spoilt).intake)
        except ResponseError as error:
            issues = error.issues
        assert all(each.text for each in issues)
        assert all(
            each.expression.startswith("QuestionnaireResponse") or each.severity == "fatal" for each in issues
        )
        assert as_json(outcome_of(issues)).encode()


class TestAnythingTold:
    @pytest.mark.slow
    @LAW
    @given(randoms())
    def test_has_a_plan_where_assess_has_one_and_the_whole_safety_screen_is_answered(
        self, rulebook: Rulebook, chance: random.Random
    ) -> None:
        intake = random_intake(rulebook, chance, CALM)
        heard = read_response(rulebook, sent(response_of(rulebook, intake, authored="2027-03-01")))
        told = {
            each["resource"]["resourceType"]: each["resource"] for each in bundle_of(rulebook, heard)["entry"]
        }
        result = assess(rulebook, intake)
        triage = told["GuidanceResponse"]["extension"][0]["valueCoding"]["code"]
        assert triage == result.triage
        assert ("CarePlan" in told) == bool(rulebook.triage[triage].shows_plan and result.interventions)
        assert ("RiskAssessment" in told) == bool(result.patterns)
        safety = [
            each.id
            for each in rulebook.questions.values()
            if rulebook.sections[each.section].safety and not each.optional
        ]
        if "CarePlan" in told:
            assert all(name in heard.intake for name in safety)
