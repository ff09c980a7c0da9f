"""What `rules prove` proves of results fails on a broken copy, and names the cause."""

import re
from pathlib import Path

import pytest

from afterrun import assess, load_rulebook
from afterrun.rulebook import shipped
from afterrun.verify.prove import Finding, prove
from tests.support.rulebooks.copies import copied, spoil


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped rulebook, to be broken."""
    return copied(tmp_path)


def drop(folder: Path, file: str, what: str) -> None:
    """Take a rule, or an entry of knowledge, out of its file."""
    path = folder / file
    text, dropped = re.subn(rf"(?ms)^- {what}\n.*?(?=^- |\Z)", "", path.read_text(encoding="utf-8"), count=1)
    assert dropped == 1
    path.write_text(text, encoding="utf-8")


def found(folder: Path, check: str, part: str | None = None) -> dict[str, Finding]:
    rulebook = load_rulebook(folder, part=part)
    (report,) = prove(rulebook, [check])
    for finding in report.findings:
        for intake in finding.intakes:
            assess(rulebook, intake, engine="reference")
    return {finding.name: finding for finding in report.findings}


@pytest.mark.slow
@pytest.mark.parametrize("part", [None, "checkin"])
@pytest.mark.parametrize("check", ["safety", "reasons", "numbers", "entries"])
def test_of_the_shipped_rulebook_it_is_proved(check: str, part: str | None) -> None:
    assert found(shipped(), check, part) == {}


@pytest.mark.slow
class TestTheReasonIsThatOfTheLevelActedOn:
    FILE = "rules/interventions.yaml"

    def test_and_no_weaker_one_where_a_rule_waits_for_another_level(self, copy: Path) -> None:
        spoil(
            copy,
            self.FILE,
            "- id: get-seen-today\n  if: triage.urgent",
            "- id: get-seen-today\n  if: triage.clinician_first",
        )
        finding = found(copy, "reasons")["stop_and_get_assessed"]
        assert "at 'urgent' it is given by no rule that waits for 'triage.urgent'" in finding.message
        assert finding.message.endswith(
            "another level's: call-for-help-now, get-seen-today, see-a-clinician-first"
        )

    def test_nor_where_the_rule_of_a_level_is_gone(self, copy: Path) -> None:
        drop(copy, self.FILE, "id: get-seen-today")
        finding = found(copy, "reasons")["stop_and_get_assessed"]
        assert finding.message.startswith("at 'urgent' it is given by no rule that waits for 'triage.urgent'")


@pytest.mark.slow
class TestEverySignLeadsToBeingSeen:
    FILE = "knowledge/questions.yaml"

    @pytest.mark.slow
    def test_an_option_that_no_rule_tests_is_named(self, copy: Path) -> None:
        spoil(
            copy,
            self.FILE,
            "      - id: hot_red_joint\n",
            "      - {id: sore_ear, text: My ear hurts}\n      - id: hot_red_joint\n",
        )
        finding = found(copy, "safety")["option sore_ear of warning_signs"]
        assert finding.message.startswith("leads to 'self_care': no rule for a stronger level tests it; ")
        assert finding.intakes[0]["warning_signs"] == ["sore_ear"]

    def test_a_red_flag_rule_that_is_gone_is_seen(self, copy: Path) -> None:
        drop(copy, "rules/triage-urgent.yaml", "id: urgent-stuck-knee")
        finding = found(copy, "safety")["option stuck_now of knee_behaviour"]
        assert finding.message.startswith("leads to 'self_care': no rule for a stronger level tests it; ")

    def test_a_rule_that_wants_more_than_the_sign_is_named(self, copy: Path) -> None:
        spoil(
            copy,
            "rules/triage-urgent.yaml",
            "- id: urgent-stuck-knee\n  if:\n    knee_behaviour: {includes: stuck_now}\n",
            "- id: urgent-stuck-knee\n  if:\n    all:\n"
            "      - recent-injury\n      - knee_behaviour: {includes: stuck_now}\n",
        )
        finding = found(copy, "safety")["option stuck_now of knee_behaviour"]
        assert "rule 'urgent-stuck-knee' is its only way, and wants more than it" in finding.message

    def test_what_is_declared_harmless_must_be_so(self, copy: Path) -> None:
        spoil(
            copy,
            self.FILE,
            "        text: The knee is hot and red\n",
            "        text: The knee is hot and red\n        harmless: It is warm out.\n",
        )
        finding = found(copy, "safety")["option hot_red_joint of warning_signs"]
        assert finding.message == "is declared harmless, but never leads to 'self_care'"

    @pytest.mark.slow
    def test_a_safety_question_whose_blank_leaves_a_plan_is_named(self, copy: Path) -> None:
        spoil(
            copy,
            self.FILE,
            "  - id: worst_pain\n    section: pain\n",
            "  - {id: itch, section: safety, ask: Does it itch?, type: integer, at_least: 0, at_most: 9, "
            "sources: [row:RF14]}\n\n  - id: worst_pain\n    section: pain\n",
        )
        assert "may stay blank, and a plan is shown all the same" in found(copy, "safety")["itch"].message


class TestEveryNumberIsThereOnce:
    FILE = "knowledge/plans.yaml"

    @pytest.mark.slow
    def test_a_number_that_a_complete_intake_leaves_null_is_named(self, copy: Path) -> None:
        drop(copy, self.FILE, r"key: baseline_volume\n  text: [^\n]*\n  quantity: volume\n  when:")
        finding = found(copy, "numbers")["plan baseline_volume"]
        assert finding.message.startswith("is null although every question is answered")
        assert finding.intakes[0]["volume_sustainable"] == "unknown"

    @pytest.mark.slow
    def test_an_answer_that_gives_no_number_is_no_excuse_for_another_key(self, copy: Path) -> None:
        spoil(
            copy,
            self.FILE,
            "          percent: {parameter: ramp_pct}\n      by: goal_above_zero",
            "          percent: {parameter: ramp_pct}\n      by: {sum: [goal_above_zero, recent_volume]}",
        )
        spoil(
            copy,
            self.FILE,
            "{reduced: {value: {capped: {value: sustainable_above_zero, by: recent_volume}}, ",
            "{reduced: {value: recent_volume, ",
        )
        assert list(found(copy, "numbers")) == ["plan baseline_volume"]

    @pytest.mark.slow
    def test_two_entries_that_hold_at_once_are_named(self, copy: Path) -> None:
        spoil(
            copy,
            self.FILE,
            "- key: tendon_weeks\n",
            "- {key: tendon_weeks, text: Weeks, when: intervention.tendon_loading.recommended, "
            "value: 12, "
            "sources: [row:PL01]}\n\n- key: tendon_weeks\n",
        )
        finding = found(copy, "entries")["plan tendon_weeks"]
        assert finding.message.startswith(
            "two entries hold at once, 'when: \"intervention.tendon_loading.recommended\"' and"
        )
