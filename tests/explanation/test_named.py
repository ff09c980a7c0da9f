"""What is explained by its name: numbers of the plan, what stands of several, rules, sources, skips."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import pytest

from afterrun import (
    AfterrunError,
    Rulebook,
    UnknownNameError,
    assess,
    load_rulebook,
    nearest_changes,
)
from afterrun.assessment import Case, result_of
from afterrun.explanation import Explained, Skips, explained, measured, plan_number, standing_of
from afterrun.inference import Proof, numbers_in, settle
from afterrun.rulebook import And, CellTest, Not, atoms, engine_of, name_of, shipped
from afterrun.telling import View
from tests.assessment.test_cases import CASES

BY_ID = {case.id: case.answers for case in CASES}
STARTER = BY_ID["V014"]
"""Back after a break, and more than before: an amount, a buffer and a rate are in the plan."""


@pytest.fixture(scope="module")
def cases(rulebook: Rulebook) -> list[Case]:
    """Every shared case."""
    return [Case.of(rulebook, case.answers, "compiled") for case in CASES]


def named(rulebook: Rulebook, answers: Mapping[str, Any], *names: str) -> Explained:
    return explained(Case.of(rulebook, answers, "compiled"), names)


def rounded_down(value: Fraction, step: Fraction) -> float:
    return float(floor(value / step) * step)


class TestNumbers:
    @pytest.mark.slow
    def test_every_number_that_a_plan_shows_can_be_explained(self, cases: list[Case]) -> None:
        """Its value and what one runs are those of the result; its arithmetic gives it, rounded as told."""
        worked = 0
        for case in cases:
            plan, result = case.plan, result_of(case)
            told = explained(case, plan.values).numbers if plan.values else ()
            numbers = [each for each in told if each.kind == "plan"]
            assert [each.key for each in numbers] == list(plan.values)
            for each in numbers:
                assert (each.value, each.display) == (plan.values[each.key], plan.display.get(each.key))
                assert each.state != "absent"
                assert each.item.sources
                json.dumps(each.to_dict(), allow_nan=False)
                if each.working is not None and each.value is not None:
                    worked += 1
                    assert isinstance(each.working.value, Fraction)
                    assert each.value == rounded_down(each.working.value, each.rounded_to[0])
                    last = each.working.steps[-1].value
                    assert Fraction(Decimal(last)) == each.working.value
                    if each.display is not None:
                        assert each.display == rounded_down(Fraction(str(each.value)), each.rounded_to[1])
                for choice in each.choices if each.item.parameter and each.value is not None else ():
                    assert choice.stands == name_of("parameter", str(each.item.parameter), each.value)
                    chosen = next(one for one in choice.proved if one.conclusion == choice.stands)
                    assert chosen.rules[0] == result.plan_choices[each.key]["by"]
                if each.state == "open" and each.gives is not None:
                    # A unit comes with the first amount, and no question of its own asks for it.
                    unit = each.item.answer == "volume_unit"
                    assert each.missing or each.working or unit or each.choices[0].waits_for
        assert worked > 250

    def test_an_amount_is_told_from_its_answers_to_its_rounding(self, rulebook: Rulebook) -> None:
        answers = {**STARTER, "volume_sustainable": 19.99, "volume_last_week": 26, "volume_before": 20}
        (week,) = named(rulebook, answers, "week5_volume").numbers
        assert week.working is not None
        assert [each.words for each in week.working.steps] == [
            "sustainable_above_zero: 19.99, where above zero = 19.99",
            "recent_volume: the largest above zero of 26, 20 = 26",
            "19.99, at most 26 = 19.99",
            "19.99 x (1 - 10 / 100) = 17.991",
            "17.991 x (1 + 20 / 100) = 21.5892",
            "goal_above_zero: 30, where above zero = 30",
            "21.5892, at most 30 = 21.5892",
        ]
        assert (week.value, week.display) == (21.58, 21.5)
        assert week.rounded_to == (Fraction(1, 100), Fraction(1, 10))
        assert week.working.formula.endswith("at most goal_above_zero")
        assert "buffer_pct" in week.working.formula
        assert [each.subject for each in week.choices] == ["parameter.buffer_pct", "parameter.ramp_pct"]
        assert all(each.stands and each.proved[0].rules for each in week.choices)
        assert [(each.question, each.how) for each in week.inputs] == [
            (name, "answered")
            for name in ("volume_sustainable", "volume_last_week", "volume_before", "volume_goal")
        ]

    def test_an_input_says_how_it_was_read(self, rulebook: Rulebook) -> None:
        answers = {**STARTER, "volume_last_week": "unknown"}
        del answers["volume_goal"]
        (base,) = named(rulebook, answers, "baseline_volume").numbers
        how = {each.question: (each.how, each.reads) for each in base.inputs}
        assert how["volume_last_week"] == ("unknown", "nothing")
        assert how["volume_goal"] == ("blank", "nothing")
        assert base.working is not None
        assert any("with no cap" in each.text for each in base.working.steps)

    def test_why_a_key_is_not_in_the_plan_is_told(self, rulebook: Rulebook) -> None:
        week, fifth = named(rulebook, BY_ID["V001"], "week5_volume").numbers
        assert (fifth.kind, fifth.value) == ("week", 0)
        assert (week.state, week.value, week.gives) == ("absent", None, None)
        assert len(week.lines) == 3
        assert all(any(one.holds is False for one in line.waits_for) for line in week.lines)

    def test_a_settled_line_names_what_settles_it_alone(self, cases: list[Case]) -> None:
        """A status says what became of it; of a condition only premises that suffice are named."""
        plan = cases[0].rulebook.plan
        fewer = 0
        for case in cases[::40]:
            for key in dict.fromkeys(item.key for item in plan):
                lines = plan_number(case, key).lines
                places = [place for place, item in enumerate(plan) if item.key == key]
                for place, line in zip(places, lines, strict=True):
                    if plan[place].for_ is not None:
                        assert all(one.status for one in line.waits_for)
                        continue
                    formula = case.rulebook.plan_conditions[place]
                    premises = settle(formula, case.facts, case.truths)[1]
                    if premises:
                        assert len(line.waits_for) == len(premises)
                        fewer += len(premises) < len(set(atoms(formula)))
        assert fewer

    def test_what_the_triage_hides_is_explained_and_said_to_be_hidden(self, rulebook: Rulebook) -> None:
        urgent = {**STARTER, "warning_signs": ["calf_swollen"]}
        (week,) = named(rulebook, urgent, "week5_volume").numbers
        assert week.hidden
        assert week.value is not None
        assert "week5_volume" not in assess(rulebook, urgent, engine="compiled").plan

    def test_a_line_says_what_it_waits_for_only_to_know_whether_a_question_is_asked(
        self, rulebook: Rulebook
    ) -> None:
        (week,) = named(rulebook, BY_ID["V309"], "week5_volume").numbers
        asks = {each.name: each.asks for line in week.lines for each in line.waits_for}
        assert asks["load-changed-before"] == ("volume_sustainable",)
        assert asks["volume_sustainable one of 0, unknown"] == ()
        assert asks["intervention.gradual_ramp.recommended"] == ()

    def test_a_rise_is_told_with_its_arithmetic(self, rulebook: Rulebook) -> None:
        rise = rulebook.measures["weekly_rise_percent"]
        told = measured(rulebook, rise, numbers_in(rulebook, {"volume_last_week": 26, "volume_before": 20}))
        assert [each.words for each in told.steps] == ["(26 - 20) / 20 = 30 %"]
        from_none = {"volume_last_week": 5, "volume_before": 0}
        (step,) = measured(rulebook, rise, numbers_in(rulebook, from_none)).steps
        assert step.words == "from 0 to 5 = without bound"
        unknown = {"volume_last_week": "unknown", "volume_before": 4}
        assert measured(rulebook, rise, numbers_in(rulebook, unknown)).words == "nothing"


class TestStandings:
    def test_what_stands_is_what_the_result_says(self, rulebook: Rulebook, cases: list[Case]) -> None:
        for case in cases:
            triage = standing_of(case, "triage")
            level = None if case.level.pending else name_of("triage", case.level.id)
            assert triage.stands == level
            assert (triage.waits_for is None) is (level is not None)
            for name, status in case.ledger.statuses.items():
                stands = standing_of(case, name_of("intervention", name))
                wanted = name_of("intervention", name, status) if isinstance(status, str) else None
                assert stands.stands == wanted
            for name in rulebook.patterns:
                strength = case.proved_patterns.get(name)
                found = standing_of(case, name_of("pattern", name)).stands
                assert found == (name_of("pattern", name, strength) if strength else None)

    def test_of_two_rates_the_one_that_wins_stands_and_the_other_gives_way(self, rulebook: Rulebook) -> None:
        back = {**STARTER, "running_status": "returning", "weeks_off": 20}
        (rate,) = named(rulebook, back, "parameter.ramp_pct").standings
        assert (rate.wins, rate.stands) == ("smallest", "parameter.ramp_pct.5")
        assert [each.conclusion for each in rate.lost] == ["parameter.ramp_pct.20"]
        assert rate.lost[0].rules == ("ramp-twenty-per-cent",)

    def test_while_a_stronger_one_is_open_nothing_stands(self, rulebook: Rulebook) -> None:
        answers = {key: value for key, value in STARTER.items() if key != "warning_signs"}
        (triage,) = named(rulebook, answers, "triage").standings
        assert (triage.stands, triage.waits_for) == (None, "triage.emergency")

    def test_the_level_acted_on_comes_first(self, rulebook: Rulebook, cases: list[Case]) -> None:
        for case in cases[::9]:
            told = explained(case, ["triage"])
            assert told.standings[0].subject == "triage"
            if not case.level.pending:
                assert told.explanations[0].conclusion == name_of("triage", case.level.id)


class TestRules:
    def test_a_rule_fired_did_not_or_is_open_with_what_it_stands_on(self, cases: list[Case]) -> None:
        for case in cases[::40]:
            fired = set(result_of(case).fired)
            for rule in case.rulebook.rules.values():
                (each,) = explained(case, [rule.id]).rules
                assert (each.value is True) is (rule.id in fired)
                assert (each.step is None) is (each.value is None)
                assert bool(each.settled_by) is (each.value is None)
                if each.step is not None:
                    assert each.step.holds is each.value
                    for premise in each.step.premises:
                        if isinstance(premise, Proof):
                            assert premise == case.prover.proof(premise.conclusion)

    def test_a_rule_that_did_not_fire_names_what_refutes_it(self, rulebook: Rulebook) -> None:
        answers = {**BY_ID["V001"], "pain_timing": "during_only"}
        (rule,) = named(rulebook, answers, "tendon-likely").rules
        assert rule.value is False
        parts = {part.name: part.value for part in rule.parts}
        assert parts["after-run-timing"] is False
        assert parts["pain_site includes below_kneecap"] is True

    def test_an_open_rule_names_the_questions_that_would_settle_it(self, rulebook: Rulebook) -> None:
        (rule,) = named(rulebook, {"pain_site": ["below_kneecap"]}, "tendon-likely").rules
        assert rule.value is None
        assert "pain_timing" in rule.settled_by
        assert "pain_site" not in rule.settled_by

    def test_a_row_names_its_rules_and_what_became_of_them(self, rulebook: Rulebook) -> None:
        (row,) = named(rulebook, BY_ID["V001"], "row:DX01").sources
        assert [(rule.id, fired) for rule, fired in row.rules] == [("tendon-likely", True)]
        (row,) = named(rulebook, STARTER, "row:PL05").sources
        assert ("week5_volume", True) in row.plan_keys

    def test_every_source_can_be_explained(self, rulebook: Rulebook) -> None:
        case = Case.of(rulebook, STARTER, "compiled")
        rows = [f"row:{each.id}" for each in rulebook.sources.rows]
        told = explained(case, [*rows, *(each.id for each in rulebook.sources.publications)])
        assert len(told.sources) == len(rows) + len(rulebook.sources.publications)


class TestSkips:
    def test_only_what_a_skip_adds_is_one(self, rulebook: Rulebook) -> None:
        skips = engine_of(rulebook, Skips)
        timing = ("pain_timing", "one of during_only, not_linked_to_running")
        assert skips.of(rulebook.rules["soreness-likely"]) == {timing: ("pain_duration",)}
        assert skips.of(rulebook.rules["tendon-likely"]) == {}
        # It tests the sessions for their own sake as well.
        gap = skips.of(rulebook.rules["strength-gap-possible-by-short-range"])
        assert gap == {("strength_sessions", "is 0"): ("strength_range",)}

    def test_what_is_tested_for_its_own_sake_is_no_skip_condition(self, rulebook: Rulebook) -> None:
        skips, skip = engine_of(rulebook, Skips), rulebook.skips["morning_stiffness"]
        asked = And((Not(skip), CellTest("morning_stiffness", 1, "is none")))
        assert skips.within(asked) == {("age_years", "under 45"): ("morning_stiffness",)}
        assert skips.within(And((asked, skip))) == {}
        # Somebody wrote this one, beside a test of another question.
        assert skips.within(And((Not(skip), CellTest("worst_pain", 1, "over 5")))) == {}

    def test_premises_say_whether_a_question_is_skipped(self, rulebook: Rulebook) -> None:
        skips = engine_of(rulebook, Skips)
        age = ("age_years", "under 45")
        assert skips.skipped("morning_stiffness", {age: True}) is True
        assert skips.skipped("morning_stiffness", {age: False}) is False
        assert skips.skipped("morning_stiffness", {}) is None


class TestNames:
    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("tendon-likley", "Did you mean 'tendon-likely'?"),
            ("week5_volum", "Did you mean 'week5_volume'? Near it: week"),
            ("week7_volum", "Did you mean 'week7_volume'? Near it: week"),
            ("weekly_rise_precent", "Did you mean 'weekly_rise_percent'?"),
            ("row:DX1", "Did you mean 'row:DX"),
            ("patellar_tendno", "Did you mean 'patellar_tendon'?"),
            ("qqq", "there is no conclusion, number of the plan, measure, rule or source 'qqq'."),
        ],
    )
    def test_a_name_that_is_none_is_told_with_the_nearest(
        self, rulebook: Rulebook, name: str, told: str
    ) -> None:
        with pytest.raises(UnknownNameError) as error:
            named(rulebook, STARTER, name)
        assert told in str(error.value)

    def test_a_question_is_told_how_to_be_asked_about(self, rulebook: Rulebook) -> None:
        with pytest.raises(AfterrunError, match=r"is a question, and no conclusion.*--why-asked pain_site"):
            named(rulebook, STARTER, "pain_site")

    def test_what_is_called_alike_is_explained_for_each(self, rulebook: Rulebook) -> None:
        told = named(rulebook, STARTER, "ramp_pct", "ramp_pct")
        assert told.explanations[0].conclusion == told.standings[0].stands
        assert [each.key for each in told.numbers] == ["ramp_pct"]


def test_what_stands_is_marked_where_it_stands_and_nowhere_else(tmp_path: Path) -> None:
    """An intervention may be called as a parameter is."""
    for part in ("rules", "knowledge"):
        shutil.copytree(shipped() / part, tmp_path / part)
    for file in tmp_path.rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"\bgradual_ramp\b", "ramp_pct", text), encoding="utf-8")
    back = {**STARTER, "running_status": "returning", "weeks_off": 20}
    rulebook = load_rulebook(tmp_path)
    case = Case.of(rulebook, back, "compiled")
    told, view = explained(case, ["ramp_pct"]), View(rulebook, case.answers, case.level.id, "person")
    words = {each.conclusion: view.explained(each, told.standings) for each in told.explanations}
    marked = {name for name, each in words.items() if "used" in each}
    assert marked == {"parameter.ramp_pct.5", "parameter.ramp_pct.20"}
    assert words["parameter.ramp_pct.5"].endswith(": 5 % (this one is used, the smallest)")
    assert words["parameter.ramp_pct.20"].endswith(": 20 % (not used: 5 % is)")
    assert any(each.value and each.conclusion.startswith("intervention.") for each in told.explanations)
    # Of a pattern the weaker level follows from the stronger, and is no other choice.
    likely = explained(Case.of(rulebook, BY_ID["V001"], "compiled"), ["patellar_tendon"])
    assert [each.value for each in likely.explanations] == [True, True]
    assert not any("used" in view.explained(each, likely.standings) for each in likely.explanations)


def test_nearest_changes_name_the_questions_that_they_never_change(rulebook: Rulebook) -> None:
    (nearest,) = nearest_changes(rulebook, BY_ID["V001"], "triage.urgent", at_most=1)
    assert nearest.fixed == ("age_years",)
    assert nearest.to_dict()["fixed"] == ["age_years"]
    (site,) = nearest_changes(rulebook, BY_ID["V001"], "pattern.muscle_soreness.possible", at_most=1)
    assert site.fixed == ()
