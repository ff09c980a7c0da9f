"""A conversation: its state is the answers and nothing else, and every answer can be taken back."""

from random import Random
from typing import Any

import pytest

from afterrun import Rulebook, assess
from afterrun.assessment import Conversation, Scope
from tests.support.random_input.intakes import CALM, as_many, random_intake


def led(rulebook: Rulebook, chance: Random) -> Conversation:
    """A conversation led to its end by someone whose answers are random."""
    given_answers = random_intake(rulebook, chance, CALM)
    units = {quantity.unit_key: "km" for quantity in rulebook.quantities.values()}
    talk = Conversation(rulebook, {}, engine="compiled")
    while (step := talk.next()) is not None:
        question = step.question
        answer = given_answers.get(question.id) or None
        if answer is None and question.optional:
            talk.pass_over(question)
            continue
        if answer is None:
            answer = "unknown" if question.unknown_reads is not None else _first(question)
        talk.take(
            {
                question.id: answer,
                **({k: given_answers.get(k, u) for k, u in units.items()} if question.quantity else {}),
            }
        )
    return talk


def _first(question: Any) -> Any:
    if question.options:
        return [question.options[0].id] if question.type == "multi" else question.options[0].id
    return int(question.at_least or 0)


@pytest.fixture(scope="module")
def talks(rulebook: Rulebook) -> list[Conversation]:
    """Conversations at their end, the same in every run; nothing below gives one another answer."""
    return [led(rulebook, Random(seed)) for seed in range(as_many(100))]


@pytest.mark.slow
def test_who_holds_the_answers_holds_the_conversation(rulebook: Rulebook, talks: list[Conversation]) -> None:
    units = {each.unit_key for each in rulebook.quantities.values()}
    for talk in talks:
        assert talk.next() is None
        for length in range(len(talk.asked)):
            known = {*talk.asked[:length], *units}
            told = {name: value for name, value in talk.answers.items() if name in known}
            again = Conversation(rulebook, told, engine="compiled")
            assert again.asked == talk.asked[:length]
            step = again.next()
            assert step is None or step.question.id not in again.asked, told
        assert Conversation(rulebook, talk.answers).asked == talk.asked


def test_one_goes_back_through_all_that_was_asked_and_nothing_else(
    rulebook: Rulebook, talks: list[Conversation]
) -> None:
    for talk in talks:
        back, name = [], talk.before(None)
        while name is not None:
            back.append(name)
            name = talk.before(name)
        assert back[::-1] == talk.asked
        assert assess(rulebook, talk.intake).triage == talk.level.id


def test_what_was_passed_over_is_no_answer_and_is_not_asked_again(rulebook: Rulebook) -> None:
    optional = next(each for each in rulebook.questions.values() if each.optional)
    talk = Conversation(rulebook, {})
    talk.pass_over(optional)
    assert talk.asked == [optional.id]
    assert talk.intake == {}
    talk.take({optional.id: 3})
    talk.pass_over(optional)
    assert talk.intake == {optional.id: 3}


def test_an_answer_given_anew_keeps_its_place(rulebook: Rulebook) -> None:
    talk = Conversation(rulebook, {"age_years": 41, "warning_signs": ["none"]})
    talk.take({"age_years": 42})
    assert talk.asked == ["age_years", "warning_signs"]


def test_answers_about_safety_are_never_offered(rulebook: Rulebook) -> None:
    talk = Conversation(rulebook, {}, Scope(offers=CALM | {"volume_last_week": 20, "volume_unit": "mi"}))
    assert talk.offer(rulebook.questions["warning_signs"]) == {}
    assert talk.offer(rulebook.questions["worst_pain"]) == {"worst_pain": 3}
    assert talk.offer(rulebook.questions["volume_last_week"]) == {"volume_last_week": 20, "volume_unit": "mi"}


def test_only_what_is_in_its_scope_is_asked(rulebook: Rulebook) -> None:
    talk = Conversation(rulebook, {}, Scope(only=("worst_pain",)))
    step = talk.next()
    assert step is not None
    assert step.question.id == "worst_pain"
    talk.take({"worst_pain": 3})
    assert talk.next() is None


def test_a_number_that_may_be_a_slip_is_doubted_until_it_is_confirmed(checkin_part: Rulebook) -> None:
    week = {
        "programme": "running_baseline",
        "week": 1,
        "volume_unit": "km",
        "planned_volume": 4,
        "volume_done": 40,
    }
    talk = Conversation(checkin_part, week)
    doubt = talk.doubt()
    assert doubt is not None
    assert doubt.doubt.answer == "volume_done"
    assert Conversation(checkin_part, week | {"volume_done": 4.4}).doubt() is None
    talk.confirm(doubt)
    assert talk.doubt() is None
    assert Conversation(checkin_part, talk.answers).doubt() is None
    talk.take({"volume_done": 6600})
    assert talk.doubt() is not None


def test_whether_one_ran_is_asked_before_how_the_run_hurt(checkin_part: Rulebook) -> None:
    week: dict[str, Any] = {
        "programme": "tendon_loading", "week": 3, "new_warning_signs": ["none"], "weeks_missed": 0,
        "sessions_done": 3, "sessions_planned": 3, "session_pain": 2, "reps_in_reserve": 2,
        "volume_unit": "km",
    }  # fmt: skip
    talk = Conversation(checkin_part, week)
    step = talk.next()
    assert step is not None
    assert step.question.id == "volume_done"
    for amount, asked in ((0, "next_morning"), (4, "run_pain")):
        then = Conversation(checkin_part, week | {"volume_done": amount}).next()
        assert then is not None
        assert then.question.id == asked
