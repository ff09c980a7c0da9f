"""The interview as a Questionnaire: every question and option, in shapes that every form shows alike."""

import json
from typing import Any

import pytest

from afterrun import Rulebook, load_rulebook
from afterrun.assessment import Case
from afterrun.interchange import enabling_of, questionnaire_of
from afterrun.interchange.asked import is_enabled, subjects_of
from tests.support.fhir.resources import STORY, Item, item_of, items_of
from tests.support.rulebooks.second import MOULD, strange_words


@pytest.fixture(scope="module")
def asked(rulebook: Rulebook) -> dict[str, Any]:
    return questionnaire_of(rulebook)


def extensions(item: Item, name: str) -> list[Any]:
    return [
        value
        for each in item.get("extension", ())
        if each["url"].endswith(f"/{name}")
        for key, value in each.items()
        if key != "url"
    ]


def codes(item: Item) -> list[str]:
    return [each["valueCoding"]["code"] for each in item["answerOption"]]


class TestWhatIsAsked:
    def test_it_has_the_rulebooks_name_and_version(self, rulebook: Rulebook, asked: dict[str, Any]) -> None:
        assert asked["url"] == "https://fhir.afterrun.invalid/Questionnaire/afterrun-knee"
        assert asked["version"] == rulebook.identity.version
        assert asked["status"] == "draft", "whoever uses it says that it is active"

    def test_every_question_stands_in_its_section_with_all_of_its_options(
        self, rulebook: Rulebook, asked: dict[str, Any]
    ) -> None:
        for question in rulebook.questions.values():
            item = item_of(asked, question.id)
            assert item in item_of(asked, f"section.{question.section}")["item"]
            if question.options:
                unknown = ["asked-unknown"] if question.unknown_reads is not None else []
                assert codes(item) == [*(each.id for each in question.options), *unknown]
                assert [each["valueCoding"]["display"] for each in item["answerOption"]][
                    : len(question.options)
                ] == [each.text for each in question.options]

    def test_no_two_items_have_the_same_link(self, asked: dict[str, Any]) -> None:
        links = [each["linkId"] for each in items_of(asked)]
        assert len(links) == len(set(links))

    def test_what_everyone_must_know_stands_in_the_text_and_the_rest_in_help(
        self, rulebook: Rulebook, asked: dict[str, Any]
    ) -> None:
        for question in rulebook.questions.values():
            item = item_of(asked, question.id)
            assert item["text"].startswith(f"{question.ask} {question.help}".strip())
            helped = item_of(asked, f"{question.id}.help")
            assert helped["type"] == "display"
            assert question.means in helped["text"]
            assert question.why in helped["text"]
        assert item_of(asked, "worst_pain")["text"].endswith("(0 is no pain; 10 is worst imaginable.)")

    def test_what_excludes_the_others_says_so(self, rulebook: Rulebook, asked: dict[str, Any]) -> None:
        alone = {
            (item["linkId"], option["valueCoding"]["code"])
            for item in items_of(asked)
            for option in item.get("answerOption", ())
            if extensions(option, "questionnaire-optionExclusive") == [True]
        }
        assert alone == {
            (question.id, option.id)
            for question in rulebook.questions.values()
            for option in question.options
            if option.alone
        }
        assert ("warning_signs", "none") in alone

    def test_numbers_have_bounds_and_units(self, asked: dict[str, Any]) -> None:
        names = ("age_years", "weeks_since_onset", "volume_goal")
        age, onset, goal = (item_of(asked, each) for each in names)
        assert (age["type"], onset["type"], goal["type"]) == ("integer", "decimal", "decimal")
        assert (extensions(age, "minValue"), extensions(age, "maxValue")) == ([10], [100])
        assert extensions(goal, "maxValue") == [3000], "the unit is an answer too: the widest of them"
        assert extensions(onset, "questionnaire-unit") == [
            {"system": "http://unitsofmeasure.org", "code": "wk", "display": "weeks"}
        ]

    def test_the_unit_of_running_is_asked_once_before_the_first_amount(self, asked: dict[str, Any]) -> None:
        links = [each["linkId"] for each in item_of(asked, "section.running")["item"]]
        assert links.index("volume_unit") == links.index("volume_last_week") - 1
        assert codes(item_of(asked, "volume_unit")) == ["km", "mi", "min"]

    def test_i_dont_know_has_an_item_of_its_own_beside_a_number(
        self, rulebook: Rulebook, asked: dict[str, Any]
    ) -> None:
        beside = {each["linkId"] for each in items_of(asked) if each["linkId"].endswith(".unknown")}
        assert beside == {
            f"{each.id}.unknown"
            for each in rulebook.questions.values()
            if each.unknown_reads is not None and not each.options
        }
        assert all(codes(item_of(asked, each)) == ["asked-unknown"] for each in beside)
        # With a radio button it could not be taken back in two of three forms.
        assert all(item_of(asked, each)["repeats"] for each in beside)

    def test_only_the_safety_questions_are_required(self, rulebook: Rulebook, asked: dict[str, Any]) -> None:
        required = {each["linkId"] for each in items_of(asked) if each.get("required")}
        assert required == {each.id for each in rulebook.questions.values() if each.section == "safety"}

    def test_how_many_may_be_chosen(self, asked: dict[str, Any]) -> None:
        assert extensions(item_of(asked, "pain_site"), "questionnaire-maxOccurs") == [2]

    def test_options_stand_one_below_the_other(self, asked: dict[str, Any]) -> None:
        choices = [each for each in items_of(asked) if each["type"] == "choice"]
        assert all(extensions(each, "questionnaire-choiceOrientation") == ["vertical"] for each in choices)

    def test_nothing_is_scored_or_hidden(self, asked: dict[str, Any]) -> None:
        text = json.dumps(asked)
        assert not [each for each in ("ordinalValue", "itemWeight", "questionnaire-hidden") if each in text]


class TestInWhatShapes:
    def test_forms_differ_over_none_of_them(self, asked: dict[str, Any]) -> None:
        for item in items_of(asked):
            assert item["type"] in ("group", "display", "choice", "integer", "decimal")
            assert item.get("enableBehavior", "any") == "any"
            assert ("enableBehavior" in item) == (len(item.get("enableWhen", ())) > 1)
            assert {each["operator"] for each in item.get("enableWhen", ())} <= {"=", "<", ">", "<=", ">="}
            assert all("valueCoding" in each for each in item.get("answerOption", ()))

    def test_it_is_the_same_each_time(self, rulebook: Rulebook, asked: dict[str, Any]) -> None:
        assert json.dumps(questionnaire_of(load_rulebook())) == json.dumps(asked)

    def test_another_rulebook_gives_one_too_and_nothing_in_it_is_of_knees(self) -> None:
        other = questionnaire_of(load_rulebook(MOULD))
        assert other.pop("subjectType") == ["Patient"], "FHIR's own word for whoever answers"
        assert item_of(other, "wet_hours")["enableWhen"]
        assert strange_words(json.dumps(other)) == []


class TestWhenAQuestionIsAsked:
    def test_what_has_no_shape_that_all_forms_know_is_left_to_the_rules(self, rulebook: Rulebook) -> None:
        found = {name: enabling_of(rulebook, each) for name, each in rulebook.questions.items()}
        left = {name: each.whens for name, each in found.items() if not each.whole}
        # A measure and a finding decide about the one; of the other it is whether there is any safety sign.
        assert set(left) == {"volume_sustainable", "strength_check"}
        assert not left["volume_sustainable"]
        subjects = [each["question"] for each in left["strength_check"]]
        assert subjects == ["worst_pain", "worst_pain.unknown"]

    @pytest.mark.parametrize(
        ("question", "answers", "enabled"),
        [
            ("pain_duration", {"pain_timing": "during_only"}, False),
            ("pain_duration", {"pain_timing": "during_and_after"}, True),
            ("pain_duration", {}, None),
            ("morning_stiffness", {"age_years": 44}, False),
            ("morning_stiffness", {"age_years": 45}, True),
            ("weeks_off", {"running_status": "new"}, False),
            ("strength_range", {"strength_sessions": 0}, False),
            ("strength_range", {"strength_sessions": 1}, True),
            ("strength_range", {"strength_sessions": "unknown"}, True),
            ("strength_belief", {"strength_sessions": 2}, False),
            ("strength_check", {"worst_pain": 6}, False),
            ("strength_check", {"worst_pain": 5}, True),
            ("volume_sustainable", {"running_status": "regular_same"}, True),
        ],
    )
    def test_the_answers_decide(
        self, rulebook: Rulebook, question: str, answers: dict[str, Any], enabled: bool | None
    ) -> None:
        assert is_enabled(rulebook, rulebook.questions[question], answers) is enabled

    def test_whatever_a_form_does_not_ask_the_rules_skip(self, rulebook: Rulebook) -> None:
        """A form may ask too much, never too little: over every answer to what a question hangs on."""
        spared = set()
        for question in rulebook.questions.values():
            for subject in subjects_of(rulebook, question):
                for cell in rulebook.variables[subject].cells:
                    answer = cell.raw if isinstance(cell.raw, str) else _number(cell.raw)
                    if answer is None:
                        continue
                    intake = {**STORY, subject: answer}
                    if is_enabled(rulebook, question, intake) is False:
                        spared.add(question.id)
                        skipped = Case.of(rulebook, intake).truth(rulebook.skips[question.id])
                        assert skipped, (question.id, answer)
        assert len(spared) == 6


def _number(raw: Any) -> Any:
    if hasattr(raw, "value"):
        return "unknown"
    return int(raw) if raw == int(raw) and raw >= 0 else None
