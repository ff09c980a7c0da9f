"""A mistake in a rulebook is told with its file, its line and the way out, and all mistakes at once."""

import contextlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from afterrun import Rulebook, RulebookError, assess, load_rulebook
from afterrun.rulebook import read_yaml, shipped
from tests.support.random_input.rulebooks import small_rulebook, write_files

Change = tuple[str, str, str]
"""A file, a text that stands in it, and what a careless hand makes of it (at its first place)."""

RULES = "rules/patterns-tendon-and-load.yaml"
QUESTIONS = "knowledge/questions.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped rulebook."""
    for part in ("rules", "knowledge"):
        shutil.copytree(shipped() / part, tmp_path / part)
    return tmp_path


def spoil(folder: Path, *changes: Change) -> list[int]:
    """Make the changes; gives the line of each."""
    lines = []
    for name, old, new in changes:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} does not stand in {name}"
        lines.append(text[: text.index(old)].count("\n") + 1)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return lines


def told(folder: Path) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        load_rulebook(folder)
    return str(caught.value).splitlines()


MISTAKES: dict[str, tuple[Change, str]] = {
    "an unknown question": (
        (RULES, "- pain_site: {includes: below_kneecap}", "- pain_sight: {includes: below_kneecap}"),
        "tests 'pain_sight', which no question asks and no measure gives. Did you mean 'pain_site'?",
    ),
    "an unknown option": (
        (RULES, "{includes: below_kneecap}", "{includes: below_knecap}"),
        "'pain_site' has no option 'below_knecap'. Did you mean 'below_kneecap'?",
    ),
    "an unknown finding": (
        (RULES, "- after-run-timing", "- after-run-timimg"),
        "waits for 'after-run-timimg', which no rule concludes. Did you mean 'after-run-timing'?",
    ),
    "an unknown conclusion": (
        (RULES, "then: pattern.patellar_tendon.likely", "then: pattern.patellar_tendons.likely"),
        "concludes 'pattern.patellar_tendons.likely', which knowledge does not name. "
        "Did you mean 'pattern.patellar_tendon.likely'?",
    ),
    "an unknown level": (
        (RULES, "then: pattern.patellar_tendon.likely", "then: pattern.patellar_tendon.certain"),
        "concludes 'pattern.patellar_tendon.certain', which knowledge does not name",
    ),
    "an unknown source": (
        (RULES, "cheung-2003]", "cheng-2003]"),
        "the source 'cheng-2003' does not stand in knowledge/sources.yaml. Did you mean 'cheung-2003'?",
    ),
    "an unknown row": (
        (RULES, "    - row:DX01\n", "    - row:DX91\n"),
        "the source 'row:DX91' does not stand in knowledge/sources.yaml",
    ),
    "an unknown parameter": (
        ("knowledge/plans.yaml", "  parameter: buffer_pct", "  parameter: bufer_pct"),
        "there is no parameter 'bufer_pct'. Did you mean 'buffer_pct'?",
    ),
    "an unknown operator": (
        (RULES, "{includes: below_kneecap}", "{include: below_kneecap}"),
        "the key 'include' is not known here. Did you mean 'includes'?",
    ),
    "an operator for another type": (
        (RULES, "- pain_site: {includes: below_kneecap}", "- pain_site: {is: below_kneecap}"),
        "'is' does not fit 'pain_site' (multi), which takes includes, includes_any",
    ),
    "a word where a number stands": (
        (RULES, "weekly_rise_percent: {over: 10}", "weekly_rise_percent: {is: steep}"),
        "'weekly_rise_percent' is a number, not 'steep'",
    ),
    "an unknown key": (
        (RULES, "  because:", "  becuase:"),
        "the key 'becuase' is not known here. Did you mean 'because'?",
    ),
    "a rule id twice": (
        (RULES, "id: tendon-possible-by-site", "id: tendon-likely"),
        "the rule id 'tendon-likely' is taken",
    ),
    "a key twice": (
        (RULES, "  then: pattern.patellar_tendon.likely", "  id: x\n  then: pattern.patellar_tendon.likely"),
        "id: written twice in one mapping",
    ),
    "an id twice in knowledge": (
        (QUESTIONS, "id: weeks_since_onset", "id: worst_pain"),
        "the id 'worst_pain' is taken",
    ),
    "an unknown section": (
        (QUESTIONS, "section: pain", "section: paine"),
        "there is no section 'paine'. Did you mean 'pain'?",
    ),
    "a step that no amount is kept to": (
        (QUESTIONS, "at_most: 300, step: 0.1", "at_most: 300, step: 0.125"),
        "'step' is a whole number of hundredths",
    ),
    "a step beyond all measure": (
        (QUESTIONS, "at_most: 300, step: 0.1", "at_most: 300, step: 1e39"),
        "'step' is more than 'at_most'",
    ),
    "an endless number": (
        (QUESTIONS, "at_most: 300, step: 0.1", "at_most: 1e999999999, step: 0.1"),
        "at_most: a number of more than 40 digits",
    ),
    "an endless number as text": (
        (QUESTIONS, "at_most: 300, step: 0.1", "at_most: '1e999999999', step: 0.1"),
        "at_most: a number of more than 40 digits",
    ),
    "an endless number in a rule": (
        (RULES, "weekly_rise_percent: {over: 10}", "weekly_rise_percent: {over: '1e-999999999'}"),
        "over: a number of more than 40 digits",
    ),
    "a tag": (
        (QUESTIONS, "at_most: 300, step: 0.1", "at_most: !!float '', step: 0.1"),
        "a tag, '!!float'; write the value without it",
    ),
    "an unknown quantity of the plan": (
        ("knowledge/plans.yaml", "  quantity: volume", "  quantity: volum"),
        "there is no quantity 'volum'. Did you mean 'volume'?",
    ),
    "a key of the plan that is taken": (
        ("knowledge/plans.yaml", "- key: week6_volume", "- key: display"),
        "'display' holds the plan's amounts as they are shown: choose another key",
    ),
    "a short text that is not": (
        ("knowledge/interventions.yaml", "  short: Strength", "  short: Strength" + " and more" * 30),
        "'short' holds more than 60 words: move some to 'steps' or 'more'",
    ),
    "an unknown quantity": (
        (QUESTIONS, "quantity: volume", "quantity: volum"),
        "there is no quantity 'volum'. Did you mean 'volume'?",
    ),
    "a reading that is no option": (
        (QUESTIONS, "unknown_reads: four_to_seven_days", "unknown_reads: four_to_seven_day"),
        "'four_to_seven_day' is no option. Did you mean 'four_to_seven_days'?",
    ),
    "a question type that is none": (
        (QUESTIONS, "type: integer", "type: intger"),
        "'intger' is not one of 'single', 'multi', 'integer' or 'number'. Did you mean 'integer'?",
    ),
    "a measure of an unknown question": (
        ("knowledge/measures.yaml", "from: volume_before", "from: volume_befor"),
        "'volume_befor' is no number question and no measure. Did you mean 'volume_before'?",
    ),
    "an unknown function": (
        ("knowledge/measures.yaml", "largest_above_zero: [", "largest_over_zero: ["),
        "the key 'largest_over_zero' is not known here. Did you mean 'largest_above_zero'?",
    ),
    "two functions": (
        ("knowledge/measures.yaml", "    difference: {of: volume_sustainable,",
         "    sum: [volume_before]\n    difference: {of: volume_sustainable,"),
        "formula: a formula takes exactly one function",
    ),
    "a formula without a function": (
        ("knowledge/measures.yaml", "    largest_above_zero: [volume_last_week, volume_before]", "    {}"),
        "formula: a formula takes exactly one function",
    ),
    "rounding to nothing": (
        ("knowledge/measures.yaml", "    largest_above_zero: [volume_last_week, volume_before]",
         "    rounded_down: {value: volume_before, to: 0}"),
        "'to' is above zero",
    ),
    "a function without an operand": (
        ("knowledge/measures.yaml", "[volume_last_week, volume_before]", "[]"),
        "is empty: name at least one",
    ),
    "a plan for an unknown intervention": (
        ("knowledge/plans.yaml", "for: {tendon_loading:", "for: {tendon_loadings:"),
        "there is no intervention 'tendon_loadings'. Did you mean 'tendon_loading'?",
    ),
    "a count that cannot be reached": (
        (RULES, "      - relapse-on-return\n", "      - at_least: {count: 3, of: [relapse-on-return]}\n"),
        "asks for 3 of 1",
    ),
    "a bracket that never closes": (
        (RULES, "behind_kneecap, cannot_localise]}", "behind_kneecap, cannot_localise}"),
        "not YAML: ",
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_file_its_line_and_the_way_out(copy: Path, mistake: str) -> None:
    change, words = MISTAKES[mistake]
    (line,) = spoil(copy, change)
    found = [each for each in told(copy) if words in each]
    assert found, told(copy)
    place = re.match(r"([a-z/-]+\.yaml):(\d+): ", found[0])
    assert place, found[0]
    assert place[1] == change[0]
    # A mistake is told at the value, or at the entry that holds it.
    assert line - 6 <= int(place[2]) <= line + 3


def test_a_key_that_is_missing_is_named(copy: Path) -> None:
    spoil(copy, (RULES, "  then: pattern.patellar_tendon.likely\n", ""))
    assert told(copy) == [f"{RULES}:4: tendon-likely: the key 'then' is missing"]


def test_a_file_that_is_missing_is_named(copy: Path) -> None:
    (copy / "knowledge/patterns.yaml").unlink()
    assert "knowledge/patterns.yaml: is missing" in told(copy)


def test_a_folder_that_is_missing_is_named(copy: Path) -> None:
    shutil.rmtree(copy / "rules")
    assert any("there is no folder 'rules'" in each for each in told(copy))


@pytest.mark.slow
def test_a_file_with_a_name_of_no_meaning_is_told(copy: Path) -> None:
    (copy / "knowledge/patern.yaml").write_text("[]\n", encoding="utf-8")
    assert any("patern.yaml" in each and "Did you mean 'patterns.yaml'?" in each for each in told(copy))


def test_a_file_that_is_no_text_is_told(copy: Path) -> None:
    (copy / "rules/extra.yaml").write_bytes(b"\xff\xfe\x00rules")
    assert "rules/extra.yaml:1: is not in UTF-8 but in UTF-16: save it as UTF-8" in told(copy)


@pytest.mark.slow
def test_a_file_that_could_go_on_for_ever_is_not_read(copy: Path) -> None:
    (copy / "rules/extra.yaml").symlink_to("/dev/zero")
    assert told(copy) == ["rules/extra.yaml: is no file of at most 8 MB"]
    with pytest.raises(RulebookError, match="is no file"):
        load_rulebook(copy, cache=copy / "cache")


@pytest.mark.slow
def test_propositions_that_wait_for_each_other_are_told(copy: Path) -> None:
    spoil(copy, ("rules/triage-clinician-first.yaml", "if: night-or-rest-pain", "if: triage.clinician_first"))
    (circle,) = [each for each in told(copy) if "in a circle" in each]
    place = "rules/triage-clinician-first.yaml:4"
    assert circle == (
        f"{place}: clinician-night-or-rest-pain: conclusions wait for each other in a circle: "
        f"the rule 'clinician-night-or-rest-pain' for 'triage.clinician_first' ({place}) "
        "waits for 'triage.clinician_first'. Take one of these conditions out"
    )


def test_a_circle_through_a_skipped_question_is_told(copy: Path) -> None:
    """Whether a question applies may not wait for what is concluded from its answer."""
    old = "    skip_when:\n      strength_sessions: {is: 0}\n"
    spoil(copy, (QUESTIONS, old, "    skip_when: pattern.strength_gap.possible\n"))
    (circle,) = [each for each in told(copy) if "in a circle" in each]
    assert "strength_range" in circle
    assert "pattern.strength_gap.possible" in circle


@pytest.mark.slow
@pytest.mark.parametrize("names", [
    ("an unknown question", "an unknown source", "an unknown parameter", "an unknown section"),
    ("an unknown key", "a question type that is none"),
    ("an unknown conclusion", "a measure of an unknown question", "an unknown quantity"),
], ids=" + ".join)  # fmt: skip
def test_all_mistakes_are_told_at_once(copy: Path, names: tuple[str, ...]) -> None:
    spoil(copy, *(MISTAKES[name][0] for name in names))
    found = told(copy)
    for name in names:
        assert any(MISTAKES[name][1] in each for each in found), (name, found)


def test_an_alias_is_refused(copy: Path) -> None:
    spoil(copy, (RULES, "[around_behind_kneecap, cannot", "&both [around_behind_kneecap, cannot"))
    (copy / "rules/extra.yaml").write_text("- &rule {id: a}\n- *rule\n", encoding="utf-8")
    assert any(re.match(r"rules/extra\.yaml:\d+: an alias", each) for each in told(copy))


def test_the_copy_itself_is_without_mistake_and_the_same_rulebook(copy: Path, rulebook: Rulebook) -> None:
    assert load_rulebook(copy).digest == rulebook.digest


@pytest.mark.slow
def test_comments_and_layout_do_not_change_the_digest_and_words_do(copy: Path, rulebook: Rulebook) -> None:
    spoil(copy, (RULES, "- id: tendon-likely", "# A remark.\n\n- id:   tendon-likely"))
    assert load_rulebook(copy).digest == rulebook.digest
    spoil(copy, (RULES, "weekly_rise_percent: {over: 10}", "weekly_rise_percent: {over: 11}"))
    assert load_rulebook(copy).digest != rulebook.digest


class TestSeveralRulebooks:
    def test_side_by_side_do_not_disturb_each_other(self, copy: Path, rulebook: Rulebook) -> None:
        spoil(copy, ("rules/triage-clinician-first.yaml", "age_years: {under: 18}", "age_years: {under: 21}"))
        other = load_rulebook(copy)
        for _ in range(3):
            assert "triage.clinician_first" not in assess(rulebook, {"age_years": 19}).because
            assert other.stamp != rulebook.stamp
            fired = assess(other, {"age_years": 19}).fired
            assert "clinician-under-18" in fired
            assert "clinician-under-18" not in assess(rulebook, {"age_years": 19}).fired

    def test_a_broken_one_leaves_the_others_as_they_are(self, copy: Path, rulebook: Rulebook) -> None:
        before = assess(rulebook, {"warning_signs": ["calf_swollen"]}).to_dict()
        spoil(copy, MISTAKES["an unknown question"][0])
        told(copy)
        assert assess(rulebook, {"warning_signs": ["calf_swollen"]}).to_dict() == before


class TestYamlIsReadAsVersionOneTwo:
    @pytest.mark.parametrize(("written", "read"), [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("off", "off"), ("No", "No"), ("y", "y"),
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None),
        ("010", 10), ("0", 0), ("-7", -7), ("1_000", "1_000"), ("12:30", "12:30"),
        ("2024-01-02", "2024-01-02"),
        ("1.5", 1.5), ("1e3", 1000.0), ("'no'", "no"),
    ])  # fmt: skip
    def test_a_scalar(self, written: str, read: object) -> None:
        found = read_yaml(f"key: {written}\n", "file.yaml").data["key"]
        assert (type(found), found) == (type(read), read)

    def test_an_option_called_no_stays_a_word(self, tmp_path: Path) -> None:
        options = [{"id": word, "text": word} for word in ("no", "yes", "on", "off")]
        question = {"id": "sore", "type": "single", "options": options}
        rule = {"id": "sore-rule", "if": {"sore": {"one_of": ["no", "off"]}}, "then": "found"}
        write_files(tmp_path, small_rulebook([rule], [question], ["found"]))
        # As a person writes it, without quotes.
        for path in (tmp_path / "rules/rules.yaml", tmp_path / "knowledge/questions.yaml"):
            path.write_text(path.read_text(encoding="utf-8").replace("'", ""), encoding="utf-8")
        rulebook = load_rulebook(tmp_path)
        assert [option.id for option in rulebook.questions["sore"].options] == ["no", "yes", "on", "off"]
        assert assess(rulebook, {"sore": "off"}).fired == ("sore-rule",)


@pytest.mark.slow
def test_every_kind_of_mistake_is_an_error_of_the_library(copy: Path) -> None:
    """Whatever is cut out of a file, what comes of it is told, never a traceback from within."""
    spoilers: list[Callable[[str], str]] = [
        lambda text: "",
        lambda text: "- 1\n",
        lambda text: "a: b\n",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("- id:", "- ide:", 1),
        lambda text: text.replace("  ", "\t", 1),
        lambda text: "just words\n",
    ]
    for name in (
        "rules/findings.yaml",
        "knowledge/questions.yaml",
        "knowledge/triage.yaml",
        "knowledge/plans.yaml",
    ):
        path = copy / name
        whole = path.read_text(encoding="utf-8")
        for spoiler in spoilers:
            path.write_text(spoiler(whole), encoding="utf-8")
            with contextlib.suppress(RulebookError):
                load_rulebook(copy)
        path.write_text(whole, encoding="utf-8")
