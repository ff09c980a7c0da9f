"""Files of cases: what they may hold, and what is told when they hold something else."""

from __future__ import annotations

import json
from typing import Any

import pytest

import afterrun
from afterrun.verify.cases import CaseError, check_cases, differences, read_cases

CASE: dict[str, Any] = {
    "id": "A1",
    "title": "One",
    "answers": {"age_years": 30},
    "expect": {"triage": "incomplete"},
}


def text_of(*cases: Any) -> list[tuple[str, str]]:
    return [("cases.jsonl", "\n".join(each if isinstance(each, str) else json.dumps(each) for each in cases))]


def test_a_case_takes_over_the_answers_of_another() -> None:
    like = {**CASE, "id": "A2", "like": "A1", "answers": {"worst_pain": 3}}
    without = {**CASE, "id": "A3", "like": "A2", "answers": {"age_years": None}}
    _, second, third = read_cases(text_of(CASE, like, without))
    assert second.answers == {"age_years": 30, "worst_pain": 3}
    assert third.answers == {"worst_pain": 3}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("{",), "cases.jsonl:1: not JSON"),
        (("[]",), "a case is an object"),
        (({**CASE, "titel": "x"},), "the key 'titel' is not known here. Did you mean 'title'?"),
        (({"id": "A1", "title": "One"},), "a case needs answers, expect"),
        (({**CASE, "expect": {"patern": {}}},), "cannot be expected"),
        (({**CASE, "expect": {"triage": []}},), "cases.jsonl:1: expect.triage: takes a text"),
        (({**CASE, "like": "A9"},), "there is no case 'A9' before this one"),
        ((CASE, CASE), "cases.jsonl:2: the case id 'A1' is taken"),
        (("",), "cases.jsonl: there is no case in this file"),
        (
            ('{"id": "A1", "title": One}',),
            "cases.jsonl:1: not JSON: a value is missing here: a text in double quotes, a number, true, "
            "false or null (column 23)",
        ),
        (
            ('{"id": "A1"',),
            "cases.jsonl:1: not JSON: a comma is missing before this, or a bracket or brace is",
        ),
        (
            (json.dumps(CASE)[:-1] + ', "id": "A2"}',),
            "cases.jsonl:1: id: written twice in one object",
        ),
        (
            (json.dumps([CASE], indent=2),),
            "cases.jsonl:1: is one piece of JSON over several lines: write one case a line, or",
        ),
        (("[" * 100_000,), "cases.jsonl:1: nested too deeply"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(lines: tuple[Any, ...], told: str) -> None:
    with pytest.raises(CaseError) as caught:
        read_cases(text_of(*lines))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("key", "slip"), [("expect", "expct"), ("answers", "anwsers"), ("title", "titel"), ("id", "idd")]
)
def test_a_misspelt_key_is_one_mistake(key: str, slip: str) -> None:
    with pytest.raises(CaseError) as caught:
        read_cases(text_of({slip if each == key else each: value for each, value in CASE.items()}))
    assert [each.nearest for each in caught.value.problems] == [key]


def test_the_line_is_that_of_the_file_whatever_a_text_holds() -> None:
    odd = json.dumps({**CASE, "title": "One\u2028line\x85"}, ensure_ascii=False)
    with pytest.raises(CaseError) as caught:
        read_cases(text_of(odd, '{"id": ,}'))
    assert str(caught.value).startswith("cases.jsonl:2: not JSON: a value is missing here")
    assert "char" not in str(caught.value)


def test_what_is_wrong_in_any_file_is_told_in_one_round(rulebook: afterrun.Rulebook) -> None:
    lines = [
        {**CASE, "answers": {"age_yeers": 30}},
        {key: value for key, value in CASE.items() if key != "title"}
        | {"id": "A2", "expect": {"triag": "x"}},
        {**CASE, "id": "A3", "like": "A2", "expect": {"triage": "self_car"}},
        '{"id": "A4", "title": "Four" "answers": {}}',
        {**CASE, "id": "A5", "like": "A4", "answers": {"weekly_volume_now": 3}},
        {**CASE, "id": "A6", "like": "A9", "answers": {"weekly_volume_now": 3}},
        ["A7"],
    ]
    ((name, text),) = text_of(*lines)
    spoilt = YAML.replace("age_years: 30", "age_years: 300").replace("title: Two", "title: [Two")
    spoilt = spoilt.replace("A1", "B1").replace("A2", "B2")
    latin = YAML.replace("Not all", "Déjà not all").replace("A2", "C2").encode("latin-1")
    files: list[tuple[str, str | bytes]] = [
        (name, text.encode()),
        ("more.yaml", spoilt),
        ("latin.yaml", latin),
    ]
    with pytest.raises(CaseError) as caught:
        read_cases(files, rulebook=rulebook)
    assert [str(each).rpartition(". Did")[0] or str(each) for each in caught.value.problems] == [
        "cases.jsonl:1: A1: age_yeers: no question has this name",
        "cases.jsonl:2: a case needs title",
        "cases.jsonl:2: expect.triag: cannot be expected",
        "cases.jsonl:3: A3: expect.triage: 'self_car' is not known",
        "cases.jsonl:4: not JSON: a comma is missing before this, or a bracket or brace is not closed "
        "(column 30)",
        "cases.jsonl:6: like: there is no case 'A9' before this one",
        "cases.jsonl:7: a case is an object with id, title, answers (or enrolled and checkin) and expect",
        "more.yaml:2: B1: age_years: 300 is too large: from 10 to 100 years",
        "more.yaml:10: B2: not YAML: a comma or a ']' is missing before this: the '[' of line 9 is still "
        "open (column 7)",
        "latin.yaml:2: the case id 'A1' is taken",
        "latin.yaml:6: is not in UTF-8 here, at 0xE9 (byte 9 of the line): write it anew, and save the file "
        "as UTF-8",
    ]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"answers": {"age": 3}}, "A1: age: no question has this name"),
        (
            {"expect": {"triage": "self_car"}},
            "expect.triage: 'self_car' is not known. Did you mean 'self_care'?",
        ),
        ({"expect": {"patterns": {"patellar_tendn": "likely"}}}, "Did you mean 'patellar_tendon'?"),
        ({"expect": {"patterns": {"patellar_tendon": "likly"}}}, "Did you mean 'likely'?"),
        ({"expect": {"given": {"tendon_loading": "recomended"}}}, "Did you mean 'recommended'?"),
        ({"expect": {"plan": {"ramp_pc": 5}}}, "Did you mean 'ramp_pct'?"),
        ({"expect": {"open_questions": ["pain_sit"]}}, "Did you mean 'pain_site'?"),
    ],
)
def test_names_are_those_of_the_rulebook(
    rulebook: afterrun.Rulebook, changed: dict[str, Any], told: str
) -> None:
    with pytest.raises(CaseError) as caught:
        check_cases(rulebook, read_cases(text_of({**CASE, **changed})))
    assert told in str(caught.value)


YAML = """\
# The answers are these.
- id: A1
  title: One
  answers: {age_years: 30, injury_onset: no}
  expect: {triage: incomplete, plan: {sets_x_reps: {1: 3x15}}}
  why: Not all is answered.

- id: A2
  title: Two
  like: A1
  answers: {injury_onset: null}
  expect:
    triage: incomplete
"""


def test_cases_may_be_a_list_in_yaml() -> None:
    first, second = read_cases([("cases.yaml", YAML)])
    assert first.answers == {"age_years": 30, "injury_onset": "no"}
    assert first.expect == {"triage": "incomplete", "plan": {"sets_x_reps": {"1": "3x15"}}}
    assert (first.why, first.line, second.line) == ("Not all is answered.", 2, 8)
    assert second.answers == {"age_years": 30}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "    triage: inc",
            "    triag: inc",
            "cases.yaml:13: expect.triag: cannot be expected. Did you mean",
        ),
        ("  like: A1", "  like: A3", "cases.yaml:10: like: there is no case 'A3' before this one"),
        ("  why: Not", "  wy: Not", "cases.yaml:6: the key 'wy' is not known here. Did you mean 'why'?"),
        ("- id: A1", "- id: {A1", "cases.yaml:3: not YAML: "),
        (YAML, "id: A1", "cases.yaml:1: a file of cases is a list: begin each case with '- id: …'"),
        (YAML, "- A1", "cases.yaml:1: a case is an object with id, title, answers"),
        (YAML, "", "there is no case"),
    ],
)
def test_what_is_wrong_in_yaml_is_told_with_its_line(old: str, new: str, told: str) -> None:
    with pytest.raises(CaseError) as caught:
        read_cases([("cases.yaml", YAML.replace(old, new))])
    assert told in str(caught.value)


RESULT: dict[str, Any] = {
    "triage": "self_care",
    "patterns": {"patellar_tendon": "likely"},
    "interventions": ["tendon_loading"],
    "ledger": [
        {"id": "tendon_loading", "status": "recommended"},
        {"id": "routine_review", "status": "set_aside"},
    ],
    "plan": {"ramp_pct": 10, "baseline_volume": 7.996},
    "open_questions": [],
}


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ({"triage": "self_care", "plan": {"baseline_volume": 8}}, []),
        ({"given": {"tendon_loading": "recommended"}}, []),
        ({"triage": "urgent"}, ["triage is 'self_care', not 'urgent'"]),
        ({"patterns": {}}, ["patterns is {'patellar_tendon': 'likely'}, not {}"]),
        ({"open_questions": ["pain_site"]}, ["open_questions is [], not ['pain_site']"]),
        ({"given": {}}, ["tendon_loading is recommended, not absent"]),
        ({"given": {"tendon_loading": "merged"}}, ["tendon_loading is recommended, not merged"]),
        ({"interventions": ["routine_review"]}, ["routine_review is not among the interventions"]),
        ({"not_interventions": ["tendon_loading"]}, ["tendon_loading is among the interventions"]),
        ({"not_patterns": ["patellar_tendon"]}, ["patellar_tendon is among the patterns"]),
        ({"plan": {"ramp_pct": 20}}, ["ramp_pct is 10 in the plan, not 20"]),
        ({"plan": {"buffer_pct": 20}}, ["the plan has no buffer_pct"]),
        ({"plan": {"buffer_pct": None}}, []),
        ({"whole_plan": {"ramp_pct": 10, "baseline_volume": 8}}, []),
        ({"whole_plan": {"ramp_pct": 10}}, ["the plan has baseline_volume"]),
        (
            {"whole_plan": {"ramp_pct": 10, "baseline_volume": 8, "buffer_pct": None}},
            ["the plan has no buffer_pct"],
        ),
        ({"plan": {"baseline_volume": 8.02}}, ["baseline_volume is 7.996 in the plan, not 8.02"]),
    ],
)
def test_every_difference_is_told(expect: dict[str, Any], told: list[str]) -> None:
    assert list(differences(RESULT, expect)) == told
