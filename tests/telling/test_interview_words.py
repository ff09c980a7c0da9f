"""What is said while questions are asked: what cannot wait, and which answer ended them."""

import pytest

import afterrun
from afterrun.assessment import Conversation
from afterrun.telling import LastWords, Point, alarm_of, check_in_page, last_words, result_page
from afterrun_cli.terminal.layout.text import as_text
from tests.support.random_input.intakes import CALM

UNSURE = "clinician-unsure-about-an-emergency-sign"
SIGNS = {name: answer for name, answer in CALM.items() if name in ("age_years", "warning_signs", "right_now")}


def words_of(rulebook: afterrun.Rulebook) -> str:
    """What is said to someone who is not sure, as the rule has it."""
    told = rulebook.rules[UNSURE].because
    assert "call your emergency number now" in told
    return told


def unsure_at(rulebook: afterrun.Rulebook, name: str) -> str:
    (option,) = [each for each in rulebook.questions[name].options if each.unsure]
    return option.text


def talk_of(rulebook: afterrun.Rulebook, **answers: object) -> Conversation:
    talk = Conversation(rulebook, {}, engine="compiled")
    for name, answer in answers.items():
        talk.take({name: answer})
    return talk


@pytest.mark.parametrize("name", ["warning_signs", "right_now"])
def test_not_sure_of_an_emergency_sign_is_answered_at_once_at_the_end_and_first_in_the_result(
    rulebook: afterrun.Rulebook, name: str
) -> None:
    words = words_of(rulebook)
    talk = talk_of(rulebook, age_years=41)
    step = talk.next()
    assert step is not None
    assert alarm_of(rulebook, step) is None
    talk.take({name: ["not_sure"]})
    while (step := talk.next()) is not None:
        alarm = alarm_of(rulebook, step)
        assert alarm is not None
        assert (alarm.at_once, alarm.level) == (words, None)
        talk.take({step.question.id: CALM[step.question.id]})
    last = last_words(talk)
    told = f'"{rulebook.questions[name].ask}": {unsure_at(rulebook, name)}.'
    assert last.words[0] == words
    assert (
        last.words[1] == f"You just answered: None of these. What ends the questions is your answer to {told}"
    )
    assert last.words[2].startswith("See a clinician first: ")
    result = afterrun.assess(rulebook, talk.intake, engine="compiled")
    page = result_page(rulebook, result)
    assert page.at_once == words
    first = " ".join(as_text(page).split())
    assert first.index(words) < first.index(page.lead)
    assert " ".join(as_text(page.whole).split()).count(words) == 1
    # The reason stands on top, so that what it rests on says why.
    (why,) = [each for each in page.sections if each.title == "Why"]
    ask = rulebook.questions[name].ask
    assert why.points == (Point(f'To "{ask}" you answered: {unsure_at(rulebook, name)}.'),)


def test_it_is_said_beside_another_reason_and_a_stronger_level_but_not_once_help_is_called(
    rulebook: afterrun.Rulebook,
) -> None:
    for signs, level, told in (
        ([], "clinician_first", True),
        (["calf_swollen"], "urgent", True),
        (["chest_breath"], "emergency", False),
    ):
        answers = {**CALM, "warning_signs": [*signs, "not_sure"], "worrying_signs": ["night_pain"]}
        result = afterrun.assess(rulebook, answers, engine="compiled")
        assert result.triage == level
        assert result.at_once == ((words_of(rulebook),) if told else ())


def test_not_sure_of_another_sign_names_no_emergency(rulebook: afterrun.Rulebook) -> None:
    result = afterrun.assess(rulebook, {**CALM, "knee_behaviour": ["not_sure"]}, engine="compiled")
    assert (result.triage, result.at_once) == ("clinician_first", ())
    assert result_page(rulebook, result).at_once == ""


def test_not_sure_of_a_new_sign_is_answered_first_in_a_check_in(
    rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook
) -> None:
    for signs, told in ((["not_sure"], True), (["gives_way"], False), (["chest_breath", "not_sure"], False)):
        week = {"enrolled": {"programme": "gradual_ramp", "week": 6}, "checkin": {"new_warning_signs": signs}}
        said = afterrun.check_in(checkin_part, week, engine="compiled")
        assert check_in_page(checkin_part, said).at_once == (words_of(rulebook) if told else "")


def test_the_answer_that_settles_the_level_is_named_and_can_be_taken_back(
    rulebook: afterrun.Rulebook,
) -> None:
    talk = talk_of(rulebook, age_years=41, warning_signs=["calf_swollen"])
    while (step := talk.next()) is not None:
        talk.take({step.question.id: CALM[step.question.id]})
    last = last_words(talk)
    assert last.early == rulebook.triage["urgent"]
    assert last.question == "warning_signs" != talk.asked[-1]
    assert "None of these" in last.said
    ask = rulebook.questions["warning_signs"].ask
    assert last.end.startswith(
        f'What ends the questions is your answer to "{ask}": One calf or leg is clearly'
    )


def told_after(rulebook: afterrun.Rulebook, **changed: object) -> LastWords:
    """What is said after an answer to questions that are answered already."""
    talk = Conversation(rulebook, {**SIGNS, "injury_onset": "no"}, engine="compiled")
    for name, answer in changed.items():
        talk.take({name: answer})
    return last_words(talk)


def test_the_answer_just_changed_is_named_and_not_the_last_in_the_list(rulebook: afterrun.Rulebook) -> None:
    last = told_after(rulebook, warning_signs=["saddle_bladder"])
    assert last.question == "warning_signs"
    assert "I am numb between the legs" in last.said
    assert last.end == "That ends the questions."
    last = told_after(rulebook, age_years=52)
    assert (last.said, last.end, last.question) == (
        "Your answer: 52 years.", "There is nothing more to ask.", "age_years",
    )  # fmt: skip
    assert told_after(rulebook, injury_onset="older").end == "That was the last question."
    assert told_after(rulebook).question == "injury_onset"


def test_answers_that_settle_it_together_are_named_together(rulebook: afterrun.Rulebook) -> None:
    last = told_after(rulebook, warning_signs=["hot_red_joint"], health_conditions=["diabetes"])
    assert last.early == rulebook.triage["emergency"]
    assert last.said.startswith("Your answers: The knee is hot and red; I have diabetes.")
    assert last.question == "health_conditions"
