"""A check-in that cannot be: every mistake is told, with its key and the way out."""

from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.errors import AfterrunError, IntakeError, RulebookError
from tests.support.rulebooks.copies import copied, spoil

ENROLLED: dict[str, Any] = {
    "programme": "gradual_ramp", "week": 7, "baseline_volume": 18, "ramp_pct": 20, "volume_unit": "km",
}  # fmt: skip
WEEK: dict[str, Any] = {
    "volume_done": 20, "run_pain": 0, "next_morning": "same",
    "new_warning_signs": ["none"], "weeks_missed": 0,
}  # fmt: skip


def told(part: afterrun.Rulebook, record: dict[str, Any]) -> str:
    with pytest.raises(IntakeError) as caught:
        afterrun.check_in(part, record)
    return str(caught.value)


def test_the_record_itself_is_fine(checkin_part: afterrun.Rulebook) -> None:
    assert afterrun.check_in(checkin_part, {"enrolled": ENROLLED, "checkin": WEEK}).actions == ("progress",)


@pytest.mark.parametrize(("change", "message"), [
    ({"run_pain": -1}, "checkin.run_pain: -1 is too small: from 0 to 10"),
    ({"run_pain": 11}, "checkin.run_pain: 11 is too large"),
    ({"run_pain": 2.5}, "checkin.run_pain: takes a whole number"),
    ({"run_pain": "3"}, "checkin.run_pain: takes a whole number, not the text '3'"),
    ({"run_pain": True}, "checkin.run_pain: takes a whole number, not true"),
    ({"volume_done": -0.1}, "checkin.volume_done: -0.1 is too small"),
    ({"volume_done": 301}, "checkin.volume_done: 301 is too large: from 0 to 300 km"),
    ({"volume_done": float("nan")}, "checkin.volume_done: takes a number, not nan"),
    ({"volume_done": float("inf")}, "checkin.volume_done: takes a number, not inf"),
    ({"volume_done": "12 mi"}, "checkin.volume_done: two units: '12 mi', but volume_unit is 'km'"),
    ({"volume_unit": "mi"}, "checkin.volume_unit: two units: 'mi', but the programme counts in 'km'"),
    ({"volume_wanted": 10**9}, "checkin.volume_wanted: 1000000000 is too large"),
    ({"weeks_missed": 53}, "checkin.weeks_missed: 53 is too large: from 0 to 52"),
    ({"weeks_missed": -1}, "checkin.weeks_missed: -1 is too small"),
    ({"sessions_done": 15}, "checkin.sessions_done: 15 is too large: from 0 to 14"),
    ({"sessions_planned": 0}, "checkin.sessions_planned: 0 is too small: from 1 to 14"),
    ({"next_morning": "worse"}, "checkin.next_morning: has no option 'worse'"),
    ({"next_morning": ["same"]}, "checkin.next_morning: takes one word, not a list"),
    ({"new_warning_signs": "none"}, "checkin.new_warning_signs: takes a list of words"),
    ({"new_warning_signs": ["calf_swolen"]}, "Did you mean 'calf_swollen'?"),
    ({"new_warning_signs": ["no"]}, "checkin.new_warning_signs: has no option 'no'"),
    ({"session_pian": 3}, "checkin.session_pian: no question has this name. Did you mean 'session_pain'?"),
    ({"ramp_pct": 20}, "checkin.ramp_pct: belongs under 'enrolled'"),
    ({"answers": {}}, ""),
    ({"answers": {"age_years": 34}}, "checkin.answers: belongs under 'enrolled'"),
    ({"muscle_soreness": {"days": 2}}, "checkin.muscle_soreness: takes a text"),
    ({"muscle_soreness": "x" * 1001}, "checkin.muscle_soreness: takes a text of up to 1000"),
], ids=str)  # fmt: skip
def test_of_the_week(checkin_part: afterrun.Rulebook, change: dict[str, Any], message: str) -> None:
    assert message in told(checkin_part, {"enrolled": ENROLLED, "checkin": {**WEEK, **change}})


@pytest.mark.parametrize(("change", "message"), [
    ({"week": 0}, "enrolled.week: 0 is too small: from 1 to 520"),
    ({"week": -3}, "enrolled.week: -3 is too small"),
    ({"week": 2.5}, "enrolled.week: takes a whole number"),
    ({"week": 10**6}, "enrolled.week: 1000000 is too large"),
    ({"programme": "ramp"}, "enrolled.programme: has no option 'ramp'"),
    ({"programme": "gradual-ramp"}, "Did you mean 'gradual_ramp'?"),
    ({"ramp_pct": 31}, "enrolled.ramp_pct: 31 is too large: from 0 to 30"),
    ({"ramp_pct": "20 %"}, "enrolled.ramp_pct: takes a number"),
    ({"volume_unit": "miles"}, "enrolled.volume_unit: 'miles' is no unit; use one of km, mi, min"),
    ({"volume_unit": None}, "enrolled.volume_unit: is missing: volume_done, baseline_volume needs"),
    ({"baseline_volume": -1}, "enrolled.baseline_volume: -1 is too small"),
    ({"block_repeated": "twice"}, "enrolled.block_repeated: has no option 'twice'"),
    ({"block_repeated": 1}, "enrolled.block_repeated: takes one word, not the number 1"),
    ({"step_backs_in_a_row": -1}, "enrolled.step_backs_in_a_row: -1 is too small"),
    ({"run_pain": 3}, "enrolled.run_pain: belongs under 'checkin'"),
    ({"last_tolerated_vol": 3}, "Did you mean 'last_tolerated_volume'?"),
    ({"answers": []}, ""),
    ({"answers": [1]}, "enrolled.answers: is no object of answers"),
    ({"answers": {"age_years": 500}}, "enrolled.answers.age_years: 500 is too large"),
    ({"answers": {"age_yaers": 30}}, "enrolled.answers.age_yaers: no question has this name"),
], ids=str)  # fmt: skip
def test_of_the_programme(checkin_part: afterrun.Rulebook, change: dict[str, Any], message: str) -> None:
    record = {"enrolled": {**ENROLLED, **change}, "checkin": WEEK}
    if message:
        assert message in told(checkin_part, record)
    else:
        assert afterrun.check_in(checkin_part, record).actions == ("progress",)


@pytest.mark.parametrize(("record", "message"), [
    ({}, "enrolled: is missing; a check-in is"),
    ({"enrolled": ENROLLED}, "checkin: is missing"),
    ({"enrolled": ENROLLED, "checkin": None}, "checkin: is missing"),
    ({"enrolled": ENROLLED, "checkin": [WEEK]}, "checkin: is no object of answers"),
    ({"enrolled": "ramp", "checkin": WEEK}, "enrolled: is no object of answers"),
    ({"enroled": ENROLLED, "checkin": WEEK}, "into a check-in. Did you mean 'enrolled'?"),
    ({"enrolled": ENROLLED, "checkin": WEEK, "record_id": []}, ""),
    ({"enrolled": ENROLLED, "checkin": WEEK, "record_id": 1.5}, "record_id: takes a word or a whole number"),
], ids=str)  # fmt: skip
def test_of_the_whole(checkin_part: afterrun.Rulebook, record: dict[str, Any], message: str) -> None:
    if message:
        assert message in told(checkin_part, record)
    else:
        afterrun.check_in(checkin_part, record)


def test_all_mistakes_are_told_at_once(checkin_part: afterrun.Rulebook) -> None:
    record = {
        "enrolled": {"week": 0, "answers": {"age_years": 5}, "sessions_done": 3},
        "checkin": {"weeks_missed": 99, "x": 1, "muscle_soreness": 3},
        "plan": {},
    }
    lines = told(checkin_part, record).splitlines()
    assert sorted(line.split(":")[0] for line in lines) == [
        "checkin.muscle_soreness",
        "checkin.weeks_missed",
        "checkin.x",
        "enrolled.answers.age_years",
        "enrolled.sessions_done",
        "enrolled.week",
        "plan",
    ]


def test_a_yes_or_no_may_be_true_or_false(checkin_part: afterrun.Rulebook) -> None:
    week = {**WEEK, "session_pain": 3, "sessions_done": 3, "sessions_planned": 3}
    enrolled = {"programme": "tendon_loading", "week": 12, "pain_at_start": 6}
    for repeated, action in ((True, "routine_review"), (False, "repeat_week"), ("yes", "routine_review")):
        record = {"enrolled": {**enrolled, "block_repeated": repeated}, "checkin": week}
        assert afterrun.check_in(checkin_part, record).actions == (action,)


def test_amounts_of_a_week_alone_need_no_unit(checkin_part: afterrun.Rulebook) -> None:
    """Where the programme counts no running, or in a unit of its own, there is nothing to mix up."""
    enrolled = {"programme": "gradual_ramp", "week": 7, "ramp_pct": 20}
    said = afterrun.check_in(checkin_part, {"enrolled": enrolled, "checkin": WEEK})
    assert (said.plan["next_volume"], said.plan["volume_unit"]) == (24.0, None)


def test_the_unit_may_come_from_the_intake(checkin_part: afterrun.Rulebook) -> None:
    enrolled = {**ENROLLED, "volume_unit": None, "answers": {"volume_last_week": 20, "volume_unit": "mi"}}
    said = afterrun.check_in(checkin_part, {"enrolled": enrolled, "checkin": WEEK})
    assert said.plan["volume_unit"] == "mi"


def test_a_free_text_changes_nothing(checkin_part: afterrun.Rulebook) -> None:
    plain = afterrun.check_in(checkin_part, {"enrolled": ENROLLED, "checkin": WEEK})
    sore = {**WEEK, "muscle_soreness": "thighs, two days, 9 of 10"}
    assert afterrun.check_in(checkin_part, {"enrolled": ENROLLED, "checkin": sore}) == plain


def test_the_main_part_answers_no_check_in(rulebook: afterrun.Rulebook) -> None:
    with pytest.raises(AfterrunError, match="part='checkin'"):
        afterrun.check_in(rulebook, {"enrolled": ENROLLED, "checkin": WEEK})


class TestThePartOfTheRulebook:
    def test_it_offers_every_sign_of_the_intake_in_the_same_words(
        self, rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook
    ) -> None:
        offered = {option.id: option for option in checkin_part.questions["new_warning_signs"].options}
        for name in ("warning_signs", "right_now", "knee_behaviour", "worrying_signs"):
            for option in rulebook.questions[name].options:
                assert offered[option.id].text == option.text
        onsets = {option.id for option in rulebook.questions["injury_onset"].options} - {"no"}
        assert onsets <= set(offered)

    def test_it_says_the_same_of_doses_and_patterns_as_the_main_part(
        self, rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook
    ) -> None:
        for key in ("pain_ceiling", "when_over_ceiling", "weekly_cap_pct", "baseline_weeks", "running_rule"):
            values = [
                [item.value for item in each.plan if item.key == key] for each in (rulebook, checkin_part)
            ]
            assert values[0] == values[1], key
        for name, pattern in checkin_part.patterns.items():
            assert (pattern.name, pattern.levels) == (
                rulebook.patterns[name].name,
                rulebook.patterns[name].levels,
            )
        for question in ("programme",):
            ids = {option.id for option in checkin_part.questions[question].options}
            assert ids <= set(rulebook.interventions)

    def test_its_scheme_is_that_of_the_main_part(
        self, rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook
    ) -> None:
        assert checkin_part.schemes["sets_x_reps"] == rulebook.schemes["sets_x_reps"]
        assert [first for first, _, _ in rulebook.schemes["sets_x_reps"]] == [1, 2, 4, 6, 9]

    @pytest.mark.slow
    def test_its_digest_covers_what_it_stands_on(
        self, checkin_part: afterrun.Rulebook, tmp_path: Path
    ) -> None:
        folder = copied(tmp_path)
        assert afterrun.load_rulebook(folder, "checkin").digest == checkin_part.digest
        plans = folder / "knowledge" / "plans.yaml"
        plans.write_text(plans.read_text(encoding="utf-8").replace("3x15", "3x14"), encoding="utf-8")
        other = afterrun.load_rulebook(folder, "checkin")
        assert other.digest != checkin_part.digest
        assert other.schemes["sets_x_reps"][0] == (1, 1, "3x14")

    @pytest.mark.slow
    @pytest.mark.parametrize(("file", "old", "new", "message"), [
        ("questions", "options_from: [running_status]", "options_from: [runing_status]",
         "the main part has no question 'runing_status'. Did you mean 'running_status'?"),
        ("plans", "scheme: {of: sets_x_reps, week: 1}", "scheme: {of: sets_x_rep, week: 1}",
         "no key 'sets_x_rep' of the plan holds an entry for each week. Did you mean 'sets_x_reps'?"),
        ("plans", "scheme: {of: sets_x_reps, week: 1}", "scheme: {of: sets_x_reps, week: weak}",
         "'weak' is no number question and no measure. Did you mean 'week'?"),
        ("enrolment", "least: clinician_first", "least: clinician",
         "there is no triage level of the intake 'clinician'"),
        ("enrolment", "  volume_goal: unknown", "  volume_gaol: unknown",
         "there is no question 'volume_gaol'. Did you mean 'volume_goal'?"),
        ("enrolment", "checkin: [safety, week]", "checkin: [safety, weeks]",
         "there is no section 'weeks'. Did you mean 'week'?"),
    ])  # fmt: skip
    def test_a_name_that_stands_for_nothing_is_told(
        self, tmp_path: Path, file: str, old: str, new: str, message: str
    ) -> None:
        spoil(copied(tmp_path), f"knowledge/checkin/{file}.yaml", old, new)
        with pytest.raises(RulebookError) as caught:
            afterrun.load_rulebook(tmp_path, "checkin")
        assert message in str(caught.value)
        assert f"knowledge/checkin/{file}.yaml:" in str(caught.value)

    @pytest.mark.slow
    @pytest.mark.parametrize(("old", "new", "message"), [
        ("facts: {run_pain: 0}", "facts: {run_pian: 0}", "there is no question 'run_pian'"),
        ("ran: [volume_done]", "ran: [run_pain]", "there is no amount 'run_pain'"),
        ("over: planned_volume", "over: planed_volume", "there is no question 'planed_volume'"),
        ("running_baseline: {planned_volume:", "running_baseline: {planned_volumen:",
         "there is no question 'planned_volumen'"),
    ])  # fmt: skip
    def test_what_is_read_and_doubted_is_named_rightly(
        self, tmp_path: Path, old: str, new: str, message: str
    ) -> None:
        spoil(copied(tmp_path), "knowledge/checkin/enrolment.yaml", old, new)
        with pytest.raises(RulebookError) as caught:
            afterrun.load_rulebook(tmp_path, "checkin")
        assert message in str(caught.value)

    @pytest.mark.slow
    def test_a_part_that_is_not_there_is_told(self) -> None:
        with pytest.raises(RulebookError, match="there is no folder 'rules/shoes'"):
            afterrun.load_rulebook(part="shoes")
