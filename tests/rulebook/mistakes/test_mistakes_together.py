"""The mistakes that authors make, told in one round: each with its line, its entry and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from afterrun import RulebookError
from afterrun.rulebook import OPTIONAL_FILES, load_every_part, load_rulebook
from tests.support.rulebooks.copies import copied, spoil
from tests.support.rulebooks.mistakes import PYDANTIC
from tests.support.rulebooks.small import FILES, RULES, write_small


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small rulebook in which nothing is wrong."""
    return write_small(tmp_path)


def told(folder: Path) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        load_rulebook(folder)
    lines = [str(each) for each in caught.value.problems]
    assert not [each for each in lines if any(words in each for words in PYDANTIC)]
    return lines


def test_the_small_rulebook_is_right(folder: Path) -> None:
    assert len(load_rulebook(folder).rules) == 2


IF = "rules/rules.yaml:4: sore-is-far.if.all.sore"
DASH = "begin each entry with a dash ('- ')"

ONE: dict[str, tuple[str, str, str, str]] = {
    "a blank operand": (
        "rules/rules.yaml", "{over: 10}", "{over: 10, at_most: }",
        "rules/rules.yaml:5: sore-is-far.if.all.distance.at_most: "
        "is left blank: write a number, or leave the key out",
    ),
    "an operand that is null": (
        "rules/rules.yaml", "{is: hard}", "{is: null}",
        f"{IF}.is: is left blank: write a number or a text, or leave the key out",
    ),
    "an operator without its braces": (
        "rules/rules.yaml", "sore: {is: hard}", "sore: hard",
        f"{IF}: a test names an operator: {{is: hard}}, or one of 'one_of', 'includes', 'includes_any', "
        "'at_least', 'at_most', 'over' and 'under'",
    ),
    "no dash at all": (
        "rules/rules.yaml", "      - sore: {is: hard}\n      - distance",
        "      sore: {is: hard}\n      distance",
        f"rules/rules.yaml:3: sore-is-far.if.all: keys with values stand where a list belongs: {DASH}",
    ),
    "no dash before the first": (
        "rules/rules.yaml", "      - sore:", "      sore:",
        "rules/rules.yaml:4: sore-is-far: not YAML: a dash ('- ') is missing before this line: a list begins "
        "here, with its next dash on line 5",
    ),
    "no dash before a later one": (
        "rules/rules.yaml", "      - distance:", "      distance:",
        "rules/rules.yaml:5: sore-is-far: not YAML: a dash ('- ') is missing before this line, where the "
        "list of line 4 has them: write one, or indent the line as what it belongs to (column 7)",
    ),
    "no dash before a finding that comes first": (
        "rules/rules.yaml", "      - sore: {is: hard}", "      far",
        "rules/rules.yaml:4: sore-is-far: not YAML: a dash ('- ') is missing before this line: a list begins "
        "here, with its next dash on line 5",
    ),
    "no dash before the first rule": (
        "rules/rules.yaml", "- id: sore-is-far", "  id: sore-is-far",
        "rules/rules.yaml:1: sore-is-far: not YAML: a dash ('- ') is missing before this line: a list begins "
        "here, with its next dash on line 12",
    ),
    "no dash before a later rule": (
        "rules/rules.yaml", "- id: far-is-soon", "  id: far-is-soon",
        "rules/rules.yaml:12: far-is-soon: a dash ('- ') is missing before this line: another entry of the "
        "list begins here",
    ),
    "no dash before the first option": (
        "knowledge/questions.yaml", "      - {id: hard, text: Hard}", "      id: hard\n      text: Hard",
        "knowledge/questions.yaml:9: hard: not YAML: a dash ('- ') is missing before this line: a list "
        "begins here, with its next dash on line 11",
    ),
    "no dash before a later option": (
        "knowledge/questions.yaml", "      - {id: hard, text: Hard}\n      - {id: light, text: Light}",
        "      - id: hard\n        text: Hard\n        id: light\n        text: Light",
        "knowledge/questions.yaml:11: light: a dash ('- ') is missing before this line: another entry of "
        "the list begins here",
    ),
    "no dash before the first section": (
        "knowledge/questions.yaml", "  - {id: all, title: All, safety: true}",
        "    id: all\n    title: All\n  - {id: other, title: Other, safety: true}",
        "knowledge/questions.yaml:2: all: not YAML: a dash ('- ') is missing before this line: a list begins "
        "here, with its next dash on line 4",
    ),
    "no dash before a finding": (
        "rules/rules.yaml", "      - distance: {over: 10}\n", "      - distance: {over: 10}\n      far\n",
        "rules/rules.yaml:6: sore-is-far: not YAML: this line begins neither with a dash ('- '), as in a "
        "list, nor with a key and a colon (': ')",
    ),
    "two tests after one dash": (
        "rules/rules.yaml", "      - distance: {over", "        distance: {over",
        "rules/rules.yaml:4: sore-is-far.if.all: 'sore' and 'distance' stand in one condition: "
        "begin each with a dash ('- '), below 'all' or 'any'",
    ),
    "two findings after one dash": (
        "rules/rules.yaml", "  if: far\n", "  if: {any: [far far]}\n",
        "rules/rules.yaml:13: far-is-soon.if.any: waits for 'far far', which is more than one finding: "
        "begin each with a dash ('- ')",
    ),
    "a text where a list belongs": (
        "rules/rules.yaml", "sources: [anyone-2020]", "sources: anyone-2020",
        "rules/rules.yaml:8: sore-is-far.sources: the text 'anyone-2020' stands where a list belongs: "
        f"write [anyone-2020], or {DASH} on a line of its own",
    ),
    "a misspelt connective": (
        "rules/rules.yaml", "    all:", "    al:",
        "rules/rules.yaml:3: sore-is-far.if.al: the key 'al' is not known here. Did you mean 'all'?",
    ),
    "a tab": (
        "rules/rules.yaml", "      - distance", "\t- distance",
        "rules/rules.yaml:5: sore-is-far: not YAML: a tab, which YAML does not take for an indent: "
        "put blanks in its place (column 1)",
    ),
    "a second colon": (
        "rules/rules.yaml", "because: So it is.", "because: Note: so it is.",
        "rules/rules.yaml:7: sore-is-far: not YAML: a second colon (': ') in one line: "
        "put the text that holds it into quotes (column 16)",
    ),
    "a circle of rules": (
        "rules/rules.yaml", "      - distance: {over: 10}", "      - triage.soon",
        "rules/rules.yaml:1: sore-is-far: conclusions wait for each other in a circle: "
        "the rule 'sore-is-far' for 'far' (rules/rules.yaml:1) waits for 'triage.soon', "
        "the rule 'far-is-soon' for 'triage.soon' (rules/rules.yaml:12) waits for 'far'. "
        "Take one of these conditions out",
    ),
    "a circle of measures": (
        "knowledge/measures.yaml", "{sum: [distance, distance]}", "{sum: [distance, twice_as_far]}",
        "knowledge/measures.yaml:1: twice_as_far: measures wait for each other in a circle: the measure "
        "'twice_as_far' (knowledge/measures.yaml:1) waits for 'twice_as_far'. "
        "Take one of these conditions out",
    ),
    "an option twice": (
        "knowledge/questions.yaml", "{id: light, text: Light}", "{id: hard, text: Light}",
        "knowledge/questions.yaml:10: questions.sore.options.hard: 'hard' stands twice in this list, "
        "first on line 9: take one out",
    ),
    "an id of a wrong form": (
        "knowledge/questions.yaml", "id: distance", "id: Total-Distance",
        "knowledge/questions.yaml:12: questions.Total-Distance.id: 'Total-Distance' is not written as it "
        "should be here: a small letter, then small letters, digits and '_', as in first_choice. "
        "Did you mean 'total_distance'?",
    ),
    "a rule's id of a wrong form": (
        "rules/rules.yaml", "id: sore-is-far", "id: Sore_is_far",
        "rules/rules.yaml:1: Sore_is_far.id: 'Sore_is_far' is not written as it should be here: "
        "small letters and digits, in words joined by '-', as in first-choice. Did you mean 'sore-is-far'?",
    ),
    "true for a number": (
        "knowledge/questions.yaml", "at_least: 0", "at_least: true",
        "knowledge/questions.yaml:16: questions.distance.at_least: true stands where a number belongs: "
        "write it in digits, without a unit",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", ONE)
def test_a_mistake_is_told_with_line_entry_and_way_out(folder: Path, mistake: str) -> None:
    file, old, new, message = ONE[mistake]
    spoil(folder, file, old, new)
    found = told(folder)
    assert message in found
    # What follows from it is none: but a name that is written otherwise, or an option fewer, is missed.
    missed = [each for each in found if "distance" in each or "'light'" in each]
    assert found == [message] or (mistake in ("an id of a wrong form", "an option twice") and missed)


def test_a_key_of_the_plan_with_two_values_for_one_status_is_refused(folder: Path) -> None:
    plans = folder / "knowledge/plans.yaml"
    text = plans.read_text()
    plans.write_text(text + text.replace("12", "6"))
    assert told(folder) == [
        "knowledge/plans.yaml:6: days: 'days' has a value for 'rest' when recommended already, on line 1, "
        "and the first wins: keep one of them"
    ]
    plans.write_text(text + text.replace("12", "6").replace("[recommended]", "[postponed]"))
    assert len(load_rulebook(folder).plan) == 2
    when = text.replace("for: {rest: [recommended]}", "when: far")
    plans.write_text(when + when.replace("12", "6"))
    assert "'days' has a value when far already, on line 1" in told(folder)[0]


def test_what_is_no_utf_8_is_told_with_its_lines_and_the_rest_is_read(folder: Path) -> None:
    path = folder / "rules/rules.yaml"
    text = RULES.replace("So it is.", "So it is. Café.").replace("{is: hard}", "{is: hurd}")
    path.write_bytes(text.encode("latin-1"))
    byte = "at 0xE9 (byte 25 of the line): write it anew, and save the file as UTF-8"
    assert told(folder) == [
        f"{IF}: 'sore' has no option 'hurd'. Did you mean 'hard'?",
        f"rules/rules.yaml:7: is not in UTF-8 here, {byte}",
        f"rules/rules.yaml:15: is not in UTF-8 here, {byte}",
    ]
    path.write_bytes(RULES.encode("utf-16"))
    assert told(folder) == ["rules/rules.yaml:1: is not in UTF-8 but in UTF-16: save it as UTF-8"]
    path.write_text(RULES.replace("So it is.", "So it is.\a"), encoding="utf-8")
    message = "not YAML: the character U+0007 is none that a text may hold: take it out"
    assert told(folder) == [f"rules/rules.yaml:{line}: {name}: {message}" for line, name in (
        (7, "sore-is-far"), (15, "far-is-soon"),
    )]  # fmt: skip


def test_a_misspelt_operator_hides_no_mistake_beside_it_or_in_another_file(folder: Path) -> None:
    spoil(folder, "rules/rules.yaml", "{over: 10}", "{ovr: 10}")
    spoil(folder, "rules/rules.yaml", "{is: hard}", "{is: hurd}")
    spoil(folder, "rules/rules.yaml", "if: far", "if: fare")
    spoil(folder, "knowledge/questions.yaml", "section: all", "section: al")
    spoil(folder, "knowledge/interventions.yaml", "kind: treatment", "kind: treat")
    spoil(folder, "knowledge/plans.yaml", "for: {rest:", "for: {rst:")
    assert told(folder) == [
        "knowledge/interventions.yaml:1: rest.kind: 'treat' is not one of 'treatment', 'explanation', "
        "'review' or 'stop'. Did you mean 'treatment'?",
        "knowledge/plans.yaml:3: days.for: there is no intervention 'rst'",
        "knowledge/questions.yaml:5: questions.sore.section: there is no section 'al'. Did you mean 'all'?",
        f"{IF}: 'sore' has no option 'hurd'. Did you mean 'hard'?",
        "rules/rules.yaml:5: sore-is-far.if.all.distance.ovr: the key 'ovr' is not known here. "
        "Did you mean 'over'?",
        "rules/rules.yaml:13: far-is-soon.if: waits for 'fare', which no rule concludes. Did you mean 'far'?",
    ]


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_missing_or_no_yaml_hides_no_mistake_in_another_and_makes_none(
    folder: Path, file: str
) -> None:
    other = "knowledge/plans.yaml" if file == "knowledge/measures.yaml" else "knowledge/measures.yaml"
    spoil(folder, other, "text:", "txet:")
    path = folder / file
    for text in ("a: [b\nc: {d\n", None):
        if text is None:
            path.unlink()
        else:
            path.write_text(text + path.read_text().replace("- ", "# - "))
        optional = text is None and Path(file).stem in OPTIONAL_FILES
        found = [each for each in told(folder) if not each.startswith(other)]
        here = [each for each in found if each.startswith((file, "rules/: holds no YAML file"))]
        # What may be missing is: then whoever waits for it is told, for that is the mistake.
        assert optional or (found == here and len(found) == 1), found
        assert any(each.startswith(f"{other}:2: ") for each in told(folder))


def test_what_begins_with_no_kind_is_told_whatever_could_not_be_read(folder: Path) -> None:
    spoil(folder, "knowledge/triage.yaml", "- {id: soon", "\t- {id: soon")
    spoil(folder, "rules/rules.yaml", "then: far", "then: [far, intervntion.rest.recommended]")
    spoil(folder, "rules/rules.yaml", "if: far", "if: patern.knee.likely")
    found = [each for each in told(folder) if not each.startswith("knowledge/triage.yaml")]
    assert [each.split(": ")[0] for each in found] == ["rules/rules.yaml:6", "rules/rules.yaml:13"], found


def test_an_entry_that_is_no_yaml_hides_no_mistake_in_the_rest_of_its_file(folder: Path) -> None:
    spoil(
        folder,
        "rules/rules.yaml",
        "fires: [{sore: hard, distance: 11}]",
        "fires: [{sore: hard, distance: 11}",
    )
    spoil(folder, "rules/rules.yaml", "if: far", "if: fare")
    spoil(folder, "knowledge/questions.yaml", "    ask: How sore?", "\task: How sore?")
    spoil(folder, "knowledge/questions.yaml", "type: number", "type: numbr")
    assert [each.split(": ")[0] for each in told(folder)] == [
        "knowledge/questions.yaml:6", "knowledge/questions.yaml:15", "rules/rules.yaml:11",
        "rules/rules.yaml:13",
    ]  # fmt: skip


def test_mistakes_of_both_parts_are_told_in_one_round(tmp_path: Path) -> None:
    copied(tmp_path)
    spoil(tmp_path, "knowledge/patterns.yaml", "  name: ", "  nam: ")
    spoil(tmp_path, "knowledge/questions.yaml", "  - id: worst_pain", "  - ide: worst_pain")
    spoil(tmp_path, "rules/checkin/running.yaml", "  because:", "  becuase:")
    spoil(tmp_path, "knowledge/checkin/questions.yaml", "section: week", "section: wek")
    with pytest.raises(RulebookError) as caught:
        load_every_part(tmp_path)
    assert [each.file for each in caught.value.problems] == [
        "knowledge/patterns.yaml", "knowledge/questions.yaml",
        "knowledge/checkin/questions.yaml", "rules/checkin/running.yaml",
    ]  # fmt: skip
