"""After its day every result of a rulebook says so, and report and book tell which rules nobody approved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

import afterrun
from afterrun.intake import raw_intakes
from afterrun.rulebook import approval_words, rule_digest
from afterrun.rulebook.schema import Review
from afterrun.telling import (
    Findings,
    View,
    as_markdown,
    book_pages,
    explanation_html,
    fired_rows,
    page_html,
    plan_html,
    plan_page,
    report_html,
    result_page,
)
from afterrun.telling.book.parts import BookPart, claim_rows
from afterrun_cli.terminal.layout.text import as_text
from tests.support.cli_runs import SAMPLE
from tests.support.web.pages import Page

with SAMPLE.open("rb") as stream:
    SHOWN = next(raw_intakes(stream, "sample", None)).data
INTAKE = {"warning_signs": ["calf_swollen"]}
SAID = "It was to be checked again by"


def _result(rulebook: afterrun.Rulebook) -> afterrun.Result:
    return afterrun.assess(rulebook, INTAKE, engine="compiled")


def _explanation(rulebook: afterrun.Rulebook) -> str:
    answers = afterrun.read_answers(rulebook, INTAKE)
    found = Findings(explanations=tuple(afterrun.explain(rulebook, answers, "urgent")))
    return explanation_html(View(rulebook, answers, "urgent", "clinician"), found)


TOLD: dict[str, Callable[[afterrun.Rulebook], str]] = {
    "text": lambda rulebook: as_text(result_page(rulebook, _result(rulebook))).replace("\n", " "),
    "Markdown": lambda rulebook: as_markdown(result_page(rulebook, _result(rulebook))),
    "HTML": lambda rulebook: page_html(result_page(rulebook, _result(rulebook))),
    "an explanation": _explanation,
    "the report": lambda rulebook: report_html(
        rulebook, afterrun.read_answers(rulebook, INTAKE), engine="compiled"
    ),
    "the book": lambda rulebook: book_pages({"": rulebook})["rules.html"],
}


@pytest.mark.slow
@pytest.mark.parametrize("medium", TOLD)
def test_after_its_day_every_result_says_so_and_on_it_none(rulebook: afterrun.Rulebook, medium: str) -> None:
    due = date.fromisoformat(rulebook.identity.review_by)
    assert SAID not in TOLD[medium](rulebook)
    assert SAID not in TOLD[medium](rulebook.on(due))
    assert f"{SAID} {due}" in TOLD[medium](rulebook.on(due + timedelta(days=1)))


def test_json_has_a_key_for_it(rulebook: afterrun.Rulebook) -> None:
    due = date.fromisoformat(rulebook.identity.review_by)
    assert "review_was_due" not in _result(rulebook.on(due)).to_dict()["rulebook"]
    after = _result(rulebook.on(due + timedelta(days=1))).to_dict()
    assert after["rulebook"]["review_was_due"] == due.isoformat()


def test_a_plan_and_a_check_in_say_so_too(
    rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook
) -> None:
    late = date.fromisoformat(rulebook.identity.review_by) + timedelta(days=1)
    week = {"new_warning_signs": ["none"], "weeks_missed": 0, "volume_done": 10, "run_pain": 0}
    ramp = {"programme": "gradual_ramp", "week": 8, "last_tolerated_volume": 10, "volume_unit": "km"}
    said = afterrun.check_in(checkin_part.on(late), {"enrolled": ramp, "checkin": week}, engine="compiled")
    assert said.to_dict()["rulebook"]["review_was_due"] == rulebook.identity.review_by
    result = afterrun.assess(rulebook.on(late), SHOWN, engine="compiled")
    schedule = afterrun.weeks(rulebook.on(late), afterrun.State.of(result), date(2027, 3, 1))
    assert SAID in plan_html(rulebook, schedule, plan_page(rulebook, schedule))


@pytest.mark.slow
def test_report_and_book_tell_how_many_rules_nobody_approved(rulebook: afterrun.Rulebook) -> None:
    words = approval_words(rulebook)
    assert " rules are not approved by a clinician: " in words
    assert words in Page(TOLD["the report"](rulebook)).text
    book = book_pages({"": rulebook})
    assert words in Page(book["index.html"]).text
    rules = [rule for rule in rulebook.rules.values() if rule.written]
    assert Page(book["rules.html"]).text.count("not approved: never reviewed") == len(rules)


def test_each_rule_that_fired_is_told_with_who_answers_for_it(rulebook: afterrun.Rulebook) -> None:
    result = _result(rulebook)
    rows = list(fired_rows(rulebook, result))
    assert [each.rule for each in rows] == [name for name in result.fired if rulebook.rules[name].written]
    assert {each.approval for each in rows} == {"not approved: never reviewed"}
    assert not any(each.approved for each in rows)
    first, *others = fired_rows(_approved(rulebook, rows[0].rule), result)
    assert (first.approved, first.approval) == (True, "approved by Dr A until 2027-11-26")
    assert not any(each.approved for each in others)


def test_each_claim_is_told_with_how_many_rules_on_it_are_approved(rulebook: afterrun.Rulebook) -> None:
    rows = list(claim_rows((BookPart("", _approved(rulebook, "tendon-likely")),)))
    assert any("tendon-likely" in each.rules for each in rows)
    assert all(each.approved == ("tendon-likely" in each.rules) for each in rows)


def _approved(rulebook: afterrun.Rulebook, name: str) -> afterrun.Rulebook:
    """The same rulebook on a day on which a clinician answers for one of its rules."""
    rule = rulebook.rules[name]
    assert rule.written is not None
    review = Review(
        owner="Dr A",
        approved_on="2026-11-26",
        review_by="2027-11-26",
        digest=rule_digest(rulebook, rule),
    )
    approved = rulebook.on(date(2026, 11, 27))
    vars(approved)["rules"] = {
        **rulebook.rules,
        name: rule._replace(written=rule.written.changed(review=review)),
    }
    return approved
