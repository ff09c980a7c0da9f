"""The interview on pages without a script: the same questions, words and results as everywhere else."""

from __future__ import annotations

import re
from typing import Any

import pytest

import afterrun
from afterrun.telling import result_page
from afterrun.verify.cases import WrittenCase, read_cases
from afterrun_web.sealing import Seal
from tests.support.paths import DATA
from tests.support.web.visits import Served, Visitor

CASES = read_cases([("cases.jsonl", (DATA / "cases.jsonl").read_text(encoding="utf-8"))])
CALM = {
    "age_years": "41",
    "warning_signs": "none",
    "injury_onset": "no",
    "right_now": "none",
    "knee_behaviour": "none",
    "worrying_signs": "none",
    "health_conditions": "none",
}


def begun(site: Served) -> Visitor:
    return Visitor(site.address).press("Begin")


def past_safety(site: Served, upto: str = "") -> Visitor:
    """At the first question after those about safety, or at one of them."""
    visitor = begun(site)
    while visitor.question in CALM and visitor.question != upto:
        visitor.press("Continue", answer=CALM[visitor.question])
    return visitor


def kept(site: Served, rulebook: afterrun.Rulebook, visitor: Visitor) -> dict[str, Any]:
    return dict(Seal(site.settings).open(rulebook, visitor.token).answers)


def test_the_first_page_says_what_this_is_and_how_long_it_takes(
    site: Served, rulebook: afterrun.Rulebook
) -> None:
    text = Visitor(site.address).text
    for words in (rulebook.identity.title, rulebook.identity.purpose, *rulebook.identity.limits):
        assert words in text
    assert "At most 29 questions" in text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "answer", "told"),
    [
        ("age_years", "thirty", "Type a number, with digits only."),
        ("age_years", "12.5", "Takes a whole number"),
        ("age_years", "7", "7 is too small: from 10 to 100 years."),
        ("age_years", "", "An answer is needed here."),
        ("warning_signs", "", "An answer is needed here."),
        ("injury_onset", ("no", "older"), "Only one answer fits here."),
        ("injury_onset", "perhaps", "An answer is needed here."),
        ("pain_site", ("below_kneecap", "inner_side", "outer_side"), "Choose at most 2."),
    ],
)
def test_a_wrong_answer_is_told_beside_its_field_in_the_words_of_the_terminal(
    site: Served, question: str, answer: str | tuple[str, ...], told: str
) -> None:
    visitor = past_safety(site, question)
    assert visitor.question == question
    before = visitor.token
    visitor.press("Continue", answer=answer)
    assert (visitor.status, visitor.question) == (422, question)
    assert re.search(rf'<p id="wrong"[^>]*>.*{re.escape(told)}', visitor.html)
    assert re.search(rf'<a href="#answer">{re.escape(told)}', visitor.html)
    assert 'id="answer"' in visitor.html
    assert re.search(r'aria-describedby="[^"]*\bwrong\b', visitor.html)
    lock = Seal(site.settings)._lock
    assert lock.open(visitor.token)[0] == lock.open(before)[0]


def test_what_was_typed_and_is_no_answer_stays_in_its_field(site: Served) -> None:
    assert 'value="thirty"' in begun(site).press("Continue", answer="thirty").html
    visitor = past_safety(site, "pain_site")
    visitor.press("Continue", answer=("below_kneecap", "inner_side", "outer_side"))
    assert len(re.findall(" checked>", visitor.html)) == 3


def test_markup_in_an_answer_is_text(site: Served) -> None:
    html = begun(site).press("Continue", answer='"><script>alert(1)</script>').html
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_back_keeps_the_answer_and_leads_to_the_first_question(site: Served) -> None:
    visitor = begun(site).press("Continue", answer="41").press("Continue", answer="none")
    visitor.press("Back")
    assert visitor.question == "warning_signs"
    assert re.search(r'value="none" [^>]*checked', visitor.html)
    visitor.press("Back")
    assert visitor.question == "age_years"
    assert 'value="41"' in visitor.html
    assert "Back" not in [each.words for each in visitor.buttons]
    assert "asked before" in visitor.text


def test_any_answer_is_changed_from_the_list(site: Served, rulebook: afterrun.Rulebook) -> None:
    visitor = past_safety(site).press("Your answers so far")
    assert "41 years" in visitor.text
    visitor.press("Change")
    assert visitor.question == "age_years"
    visitor.press("Continue", answer="52")
    assert visitor.question == "pain_site"
    assert list(kept(site, rulebook, visitor)) == list(CALM)
    assert kept(site, rulebook, visitor)["age_years"] == 52


def test_fewer_and_fewer_questions_are_left_and_each_says_why_it_is_asked(site: Served) -> None:
    visitor = begun(site)
    left = []
    while visitor.question in CALM:
        found = re.search(r"at most (\d+) left", visitor.text)
        assert found
        left.append(int(found[1]))
        assert "Your answer can still change" in visitor.text
        visitor.press("Continue", answer=CALM[visitor.question])
    assert left[0] == 29
    assert left == sorted(left, reverse=True)


def test_a_red_flag_has_its_page_at_once_and_a_slip_is_taken_back(
    site: Served, rulebook: afterrun.Rulebook
) -> None:
    visitor = begun(site).press("Continue", answer="41").press("Continue", answer="saddle_bladder")
    level = rulebook.triage["emergency"]
    assert level.do in visitor.text
    assert level.name in visitor.text
    assert "That ends the questions." in visitor.text
    assert "plan" not in visitor.text.lower()
    visitor.press("That was a slip")
    assert visitor.question == "warning_signs"
    visitor.press("Continue", answer="none")
    assert visitor.question == "injury_onset"


def test_not_sure_of_an_emergency_sign_is_told_after_the_answer_at_the_end_and_first_in_the_result(
    site: Served, rulebook: afterrun.Rulebook
) -> None:
    words = rulebook.rules["clinician-unsure-about-an-emergency-sign"].because
    visitor = begun(site).press("Continue", answer="41").press("Continue", answer="not_sure")
    while visitor.question:
        assert words in visitor.text
        assert "Stop here" not in visitor.text
        visitor.press("Continue", answer=CALM[visitor.question])
    assert visitor.text.index(words) < visitor.text.index(rulebook.triage["clinician_first"].do)
    assert ": I am not sure about one of these." in visitor.text
    visitor.press("Show the result")
    assert "you answered: I am not sure about one of these." in visitor.text
    assert re.search(
        r'<main[^>]*>\s*<div class="stopped">\s*<p class="card lead stop"><strong>You were', visitor.html
    )
    assert visitor.text.count(words) == 1


def test_the_answer_that_ended_the_questions_is_taken_back_and_not_the_last(site: Served) -> None:
    visitor = begun(site).press("Continue", answer="41").press("Continue", answer="calf_swollen")
    while visitor.question:
        visitor.press("Continue", answer=CALM[visitor.question])
    assert "What ends the questions is your answer to" in visitor.text
    assert visitor.press("That was a slip").question == "warning_signs"


def test_an_answer_changed_at_the_end_is_the_one_that_is_named(site: Served) -> None:
    visitor = begun(site).press("Continue", answer="41").press("Continue", answer="calf_swollen")
    while visitor.question:
        visitor.press("Continue", answer=CALM[visitor.question])
    visitor.press("Your answers so far").press("Change")
    visitor.press("Continue", answer="52")
    assert "You just answered: 52 years. What ends the questions is your answer to" in visitor.text


def test_a_red_flag_gives_a_result_without_pattern_or_plan(site: Served, rulebook: afterrun.Rulebook) -> None:
    visitor = begun(site).press("Continue", answer="41").press("Continue", answer="saddle_bladder")
    visitor.press("Show the result")
    assert visitor.text.count("Emergency") >= 1
    assert not any(each.called in visitor.text for each in rulebook.patterns.values())
    assert "Show the weeks of the plan" not in [each.words for each in visitor.buttons]
    for path in ("/plan", "/calendar", "/exercises"):
        visitor.post(path, data={"token": visitor.token})
        assert "There is no plan by the week." in visitor.text


def test_of_two_values_for_one_number_it_is_said_which_is_used(
    site: Served, rulebook: afterrun.Rulebook
) -> None:
    intake = next(each for each in CASES if each.id == "V018").answers
    result = afterrun.assess(rulebook, intake)
    assert (result.plan["ramp_pct"], result.plan_choices["ramp_pct"]["lost"][0]["value"]) == (10, 20)
    page = Visitor(site.address)
    page.post("/why", data={"token": site.seal(rulebook, intake)})
    text = rulebook.parameters["ramp_pct"].text
    for told in (f"{text}: 10 % (this one is used, the smallest)", f"{text}: 20 % (not used: 10 % is)"):
        assert told in page.text
        page.press(told)
        assert told in page.text
        page.press("All conclusions")
    page.post("/audit", data={"token": site.seal(rulebook, intake)})
    assert f"{text}: 20 % true gives way to another" in page.text
    assert f"{text}: 10 % true gives way" not in page.text


def test_a_red_flag_is_told_while_another_could_be_more_urgent(
    site: Served, rulebook: afterrun.Rulebook
) -> None:
    visitor = begun(site).press("Continue", answer="41").press("Continue", answer="calf_swollen")
    assert "From what you said: Same-day care. Be seen today." in visitor.text
    assert re.search(r"\d+ more questions? could make it more urgent", visitor.text)
    visitor.post("/result", data={"token": visitor.token})
    assert rulebook.triage["urgent"].do in visitor.text


def test_a_result_waits_for_its_answers(site: Served) -> None:
    visitor = past_safety(site)
    visitor.post("/result", data={"token": visitor.token})
    assert visitor.question == "pain_site"


def test_a_sign_ticked_together_with_none_counts(site: Served) -> None:
    visitor = begun(site).press("Continue", answer="41").press("Continue", answer=("calf_swollen", "none"))
    assert "The something else counts." in visitor.text
    assert "Same-day care." in visitor.text


def asked_for(site: Served, rulebook: afterrun.Rulebook, name: str) -> Visitor:
    """At a question that comes late, with the answers of a case before it."""
    intake = dict(CASES[0].answers)
    visitor = begun(site)
    while visitor.question != name:
        visitor.answer(rulebook.questions[visitor.question], intake)
    return visitor


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fields", "kept_as", "told"),
    [
        ({"answer": "20", "unit": "km"}, (20, "km"), ""),
        ({"answer": "20 kilometers", "unit": ""}, (20, "km"), ""),
        ({"answer": "1h30", "unit": "km"}, (90, "min"), "1h30 counts as 90 min."),
        ({"answer": "0"}, (0, "km"), ""),
        ({"answer": "1 h 30 min", "unit": "min"}, (90, "min"), "1 h 30 min counts as 90 min."),
        ({"answer": "20 per week", "unit": "mi"}, (20, "mi"), ""),
        ({"answer": "15 km", "unit": "mi"}, None, "You typed 15 km, but 'miles' is chosen."),
        ({"answer": "20"}, None, "In which unit? Choose one below the number."),
        ({"answer": "1,000", "unit": "min"}, None, "1,000 can be read in two ways."),
        ({"answer": "20", "unit": "leagues"}, None, "is no unit"),
    ],
)
def test_an_amount_is_read_with_the_unit_beside_it(
    site: Served,
    rulebook: afterrun.Rulebook,
    fields: dict[str, str],
    kept_as: tuple[float, str] | None,
    told: str,
) -> None:
    visitor = asked_for(site, rulebook, "volume_last_week").press("Continue", **fields)
    assert told in visitor.text
    if kept_as is None:
        assert visitor.status == 422
    else:
        answers = kept(site, rulebook, visitor)
        assert (answers["volume_last_week"], answers["volume_unit"]) == kept_as


def test_what_is_wrong_with_a_unit_stands_with_the_units_and_keeps_what_was_chosen(
    site: Served, rulebook: afterrun.Rulebook
) -> None:
    at = asked_for(site, rulebook, "volume_last_week")
    for fields, told in (
        ({"answer": "20"}, "In which unit?"),
        ({"answer": "15 km", "unit": "mi"}, "You typed"),
    ):
        html = at.press("Continue", **fields).html
        assert "Type it too" not in html
        before, units = html.split('<fieldset class="units" aria-describedby="wrong">')
        assert 'id="wrong"' not in before
        assert re.search(rf'<p id="wrong"[^>]*>.*{told}', units.partition("</fieldset>")[0])
        assert '<a href="#unit-1">' in before
        assert 'id="unit-1"' in units
        assert ('id="unit-2" value="mi" checked' in units) is ("unit" in fields)
    at.press("Continue", answer="15 km", unit="km")
    assert at.question == "volume_before"


def test_not_knowing_and_skipping_are_answers_where_they_are_offered(
    site: Served, rulebook: afterrun.Rulebook
) -> None:
    visitor = asked_for(site, rulebook, "worst_pain").press("I don't know")
    assert kept(site, rulebook, visitor)["worst_pain"] == "unknown"
    visitor = begun(site)
    for do in ("unknown", "pass", "none"):
        visitor.press("Continue", do=do, answer="")
        assert (visitor.status, visitor.question) == (422, "age_years")


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_whole_interview_ends_in_what_assess_says(
    site: Served, rulebook: afterrun.Rulebook, case: WrittenCase
) -> None:
    visitor = begun(site)
    largest = 0
    while name := visitor.question:
        question = rulebook.questions[name]
        if case.answers.get(name) in (None, [], "") and not question.optional:
            return  # the case leaves it open, and a page lets nobody do that
        visitor.answer(question, case.answers)
        largest = max(largest, len(visitor.content))
        assert visitor.status == 200, visitor.text
    expected = afterrun.assess(rulebook, case.answers)
    found = afterrun.assess(
        rulebook, {key: value for key, value in kept(site, rulebook, visitor).items() if value is not None}
    )
    for part in ("triage", "patterns", "interventions", "plan"):
        assert getattr(found, part) == getattr(expected, part)
    visitor.press("Show the result")
    page = result_page(rulebook, expected, commands=False)
    for words in (page.title, page.lead, *(point.name for each in page.sections for point in each.points)):
        assert words in visitor.text
    token = visitor.token
    for path in ("/result", "/answers", "/why", "/plan", "/exercises"):
        visitor.post(path, data={"token": token})
        assert visitor.status == 200
        largest = max(largest, len(visitor.content))
    assert largest < 60_000
