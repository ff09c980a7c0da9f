"""A long list below headings: every option below one of them, and the same numbers for everyone."""

from pathlib import Path

import pytest

from afterrun import Rulebook, RulebookError, load_rulebook
from tests.support.rulebooks.copies import copied, spoil

MAIN, CHECKIN = "knowledge/questions.yaml", "knowledge/checkin/questions.yaml"

MISTAKES: dict[str, tuple[str, str, str, str]] = {
    "an option that is none": (
        CHECKIN, "options: [numb_weak, tingling]", "options: [numb_weak, tinglin, tingling]",
        "'new_warning_signs' has no option 'tinglin'. Did you mean 'tingling'?",
    ),
    "an option that is forgotten": (
        CHECKIN, "options: [numb_weak, tingling]", "options: [numb_weak]", "'tingling' stands in no group",
    ),
    "an option below two headings": (
        CHECKIN, "options: [numb_weak, tingling]", "options: [numb_weak, tingling, deformed]",
        "'deformed' stands in two groups",
    ),
    "none of these below a heading": (
        MAIN, "options: [effort_chest_pain_or_faint, heart_or_bp]",
        "options: [effort_chest_pain_or_faint, heart_or_bp, none]",
        "'none' stands in a group, and belongs in none",
    ),
    "an option left out that is none": (
        CHECKIN, "ungrouped: [not_sure]", "ungrouped: [not_sure, unsure]",
        "'new_warning_signs' has no option 'unsure'",
    ),
    "headings that would make the numbers jump": (
        MAIN, "options: [effort_chest_pain_or_faint, heart_or_bp]",
        "options: [heart_or_bp, effort_chest_pain_or_faint]",
        "the groups have the options in another order than the question",
    ),
    "a gate that hides a group": (
        CHECKIN, "        gist: A leg or foot that is weak, drops, goes numb, or has pins and needles.\n", "",
        "'Weak or numb' has no 'gist', which a 'gate' shows in place of the options",
    ),
    "a gate without groups": (
        MAIN, "    ask: Do any of these apply to you?\n",
        "    ask: Do any of these apply to you?\n    gate: Anything?\n",
        "'This knee' has no 'gist'",
    ),
    "a gate with nothing to say no with": (
        MAIN, "    ask: How old are you?\n", "    ask: How old are you?\n    gate: Are you old?\n",
        "a 'gate' takes 'groups', and one option that stands alone, for those with none of these",
    ),
}  # fmt: skip
"""For each: the file, what stands there, what a careless hand makes of it, and what is then told."""


@pytest.mark.slow
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_groups_is_told_with_its_line(tmp_path: Path, mistake: str) -> None:
    file, old, new, said = MISTAKES[mistake]
    copy = copied(tmp_path)
    spoil(copy, file, old, new)
    with pytest.raises(RulebookError) as caught:
        load_rulebook(copy, part="checkin")
    found = [problem for problem in caught.value.problems if said in str(problem)]
    assert found, str(caught.value)
    assert all(problem.file == file and problem.line for problem in found)


def test_every_option_stands_below_one_heading_in_the_order_of_its_number(
    rulebook: Rulebook, checkin_part: Rulebook
) -> None:
    for question in (rulebook.questions["health_conditions"], checkin_part.questions["new_warning_signs"]):
        grouped = [option for group in question.groups for option in group.options]
        ids = [option.id for option in question.options]
        assert ids == [*grouped, "none", "not_sure"]


def test_signs_of_an_emergency_come_first(rulebook: Rulebook, checkin_part: Rulebook) -> None:
    first = checkin_part.questions["new_warning_signs"].groups[0].options
    tested = "".join(
        repr(rule.written.if_)
        for rule in rulebook.rules.values()
        if rule.written and "triage.emergency" in rule.conclusions
    )
    alone = {"hot_red_joint", "fever_unwell"}  # an emergency together only, or after surgery
    signs = {
        option.id
        for name in ("warning_signs", "right_now", "knee_behaviour", "worrying_signs")
        for option in rulebook.questions[name].options
        if f"'{option.id}'" in tested
    }
    assert set(first) == signs - alone
