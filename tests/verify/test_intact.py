"""A mistake hides nothing elsewhere, and what only follows from it is told nowhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from afterrun.errors import Problem
from afterrun.rulebook import KeyPath, read_every_part
from afterrun.rulebook.linking.link import link
from afterrun.rulebook.linking.unread import Unread
from afterrun.rulebook.linking.written_files import WrittenFile, WrittenRulebook
from afterrun.rulebook.reading.files import ReadRulebook, written_rulebook
from afterrun.rulebook.reading.mistakes import read_as
from afterrun.rulebook.reading.wrong import wrong_in
from afterrun.rulebook.schema import INVARIANTS, RULES
from afterrun.verify import check_parts, placed
from tests.attacks.malformed_input.inputs import malformed_rulebook_files
from tests.support.rulebooks.copies import copied, spoil
from tests.support.rulebooks.mistakes import Shipped, mistakes_at, places_of, shipped_files, with_file
from tests.support.rulebooks.second import MOULD
from tests.support.rulebooks.small import write_small

RULE = """\
- id: rest-when-far
  if: {0}
  then: intervention.rest.recommended
  because: So it is.
  sources: [anyone-2020]
  examples:
    fires: [{{sore: light, distance: {1}}}]
    silent: [{{sore: hard, distance: 3}}]
"""
REST = RULE.format("{distance: {over: 20}}", 12)
WRONG_EXAMPLE = (
    "rules/rules.yaml:20: rest-when-far, example fires[0]: "
    "the rule is refuted, but the example says it is proved"
)
OPEN = (
    "no rule concludes it, so that what waits for it stays open for everybody: give it a rule, or take it out"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small rulebook with an example that does otherwise, and with a few things that nothing uses."""
    write_small(tmp_path)
    rules = tmp_path / "rules/rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8") + REST, encoding="utf-8")
    return tmp_path


def told(folder: Path) -> list[str]:
    return [str(each) for each in placed(check_parts(read_every_part(folder)).problems, folder)]


UNUSED = [
    f"knowledge/triage.yaml:3: triage.fine: {OPEN}",
    "knowledge/measures.yaml:1: twice_as_far: no rule tests it and no number is made of it",
]
NOWHERE = (
    "knowledge/questions.yaml:10: option light of sore: leads nowhere: no rule for a level other than 'fine' "
    "tests it; give it a rule, or say with 'harmless' why it needs none"
)


def test_where_nothing_is_wrong_with_a_file_all_is_looked_at(folder: Path) -> None:
    assert told(folder) == [WRONG_EXAMPLE, *UNUSED, NOWHERE]


def test_a_misspelt_operator_hides_no_example_and_nothing_unused_elsewhere(folder: Path) -> None:
    spoil(folder, "rules/rules.yaml", "{over: 10}", "{ovr: 10}")
    misspelt = (
        "rules/rules.yaml:5: sore-is-far.if.all.distance.ovr: the key 'ovr' is not known here. "
        "Did you mean 'over'?"
    )
    assert told(folder) == [misspelt, WRONG_EXAMPLE, *UNUSED, NOWHERE]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("rules/rules.yaml", "- sore: {is: hard}", "- sore: {is: hurd}"),
        ("rules/rules.yaml", "- sore: {is: hard}", "  sore: {is: hard}"),
        ("rules/rules.yaml", "- distance: {over: 10}", "- triage.soon"),  # a circle
        ("knowledge/findings.yaml", "text: It", "txet: It"),
        ("knowledge/plans.yaml", "value: 12", "valeu: 12"),
        ("knowledge/sources.yaml", "publications:", "publicatoins:"),
    ],
)
def test_a_mistake_hides_no_example_of_a_rule_that_does_not_stand_on_it(
    folder: Path, file: str, old: str, new: str
) -> None:
    spoil(folder, file, old, new)
    assert WRONG_EXAMPLE in told(folder)


@pytest.mark.parametrize(
    ("rule", "file", "old", "new"),
    [
        ("far", "rules/rules.yaml", "{over: 10}", "{ovr: 10}"),
        ("far", "rules/rules.yaml", "  then: far", "  then: fra"),
        ("far", "rules/rules.yaml", "      - distance: {over: 10}", "      - triage.soon"),
        ("{distance: {over: 20}}", "knowledge/questions.yaml", "at_most: 100", "at_most: plenty"),
        ("{distance: {over: 20}}", "knowledge/questions.yaml", "  - id: distance", "  - id: {distance: 1}"),
        (
            "{twice_as_far: {over: 40}}",
            "knowledge/measures.yaml",
            "{sum: [distance, distance]}",
            "{sum: [distance, dist]}",
        ),
    ],
)
def test_an_example_that_stands_on_a_mistake_waits_until_that_is_mended(
    folder: Path, rule: str, file: str, old: str, new: str
) -> None:
    spoil(folder, "rules/rules.yaml", "{distance: {over: 20}}", rule)
    assert WRONG_EXAMPLE in told(folder)
    spoil(folder, file, old, new)
    assert not [each for each in told(folder) if "example" in each]


def test_what_something_wrong_may_use_is_not_called_unused(folder: Path) -> None:
    spoil(folder, "rules/rules.yaml", "  then: intervention.rest.recommended", "  then: triage.fin")
    spoil(folder, "rules/rules.yaml", "distance: {over: 20}", "twice_as_far: {ovr: 20}")
    assert [each.split(": ")[1] for each in told(folder)] == [
        "rest-when-far.if.twice_as_far.ovr", "rest-when-far.then", "intervention.rest.recommended",
        "option light of sore",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def written() -> WrittenRulebook:
    """The second rulebook, in which nothing is wrong."""
    return written_rulebook(MOULD, None, None)[0]


def told_with(
    written: WrittenRulebook, file: Shipped, path: KeyPath, change: Callable[[Any], None]
) -> tuple[list[Problem], list[Problem]]:
    """What is told of a file with a mistake in it, and then of the rulebook as a whole."""
    problems: list[Problem] = []
    read = read_as(file.shape, file.changed(path, change), file.name, problems)
    broken = WrittenFile(file.name, read.document, read.value, read.damaged)
    unread = Unread().joined(read.unread, nameless=read.nameless and file.shape not in (RULES, INVARIANTS))
    spoilt = with_file(written, broken)._replace(unread=unread)
    rulebook, more = link(spoilt)
    wrong = wrong_in(spoilt.files(), [*problems, *more])
    every = check_parts([ReadRulebook(rulebook, (*problems, *more), unread, wrong)]).problems
    return problems, every


@pytest.mark.slow
def test_no_mistake_at_any_place_makes_another_one(written: WrittenRulebook) -> None:
    """Whatever is told beside the mistake is none."""
    tried = 0
    places = {
        owner: (file, place) for file in shipped_files(root=MOULD) for owner, place in places_of(file).items()
    }
    every = [
        (file, place, mistake)
        for file, place in places.values()
        for mistake in mistakes_at(place, file.at(place.path))
        if mistake[0] != "a colon"  # it takes the words away that stood there, which nobody does
    ]
    for file, place, (what, change) in every[::9]:
        problems, found = told_with(written, file, place.path, change)
        assert found == problems, (place.owner, what, [str(each) for each in found])
        tried += 1
    assert tried > 80


@pytest.mark.slow
@pytest.mark.parametrize("what", ["YAML, never closed", "YAML, base 60", "bytes, utf-32"])
def test_questions_that_are_lost_take_what_is_made_of_them_along(tmp_path: Path, what: str) -> None:
    copy = copied(tmp_path)
    path = copy / "knowledge/questions.yaml"
    whole = path.read_text(encoding="utf-8")
    (spoilt,) = (each.content for each in malformed_rulebook_files(whole, 0) if each.name == what)
    path.write_bytes(spoilt)
    assert check_parts(read_every_part(copy)).problems


def test_a_slip_in_what_a_rule_concludes_is_one_mistake(written: WrittenRulebook) -> None:
    tried = 0
    for file in shipped_files(root=MOULD):
        for at, rule in enumerate(file.document.data if file.shape is RULES else ()):
            then = rule["then"]
            for slip in (then[:3] + then[4:], then[:-2] + then[-1]) if isinstance(then, str) else ():
                _, found = told_with(written, file, (at, "then"), concluding(slip))
                assert [(each.key, each.nearest) for each in found] == [(f"{rule['id']}.then", then)], slip
                tried += 1
    assert tried > 40


def concluding(name: str) -> Callable[[Any], None]:
    """The change of a rule by which it concludes something else."""

    def change(rule: Any) -> None:
        rule["then"] = name

    return change
