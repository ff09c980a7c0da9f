"""A rule is approved by a review of it as it stands, until its day; a review changes nothing else."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from afterrun import Rulebook, RulebookError, UnknownNameError, assess, load_rulebook
from afterrun.rulebook import (
    UnplacedReview,
    approval_words,
    lack_of,
    not_approved,
    packed_rulebook,
    read_yaml,
    review_rule,
    review_words,
    rule_digest,
    stamp_words,
    written_rules,
)
from afterrun.rulebook.schema import Difference, ParameterRef
from afterrun.storage import StorageFault
from tests.support.paths import ROOT

FILE = "rules/patterns-tendon-and-load.yaml"
RULE = "tendon-likely"
REVIEW = {"owner": "Dr A", "approved_on": "2026-11-26", "review_by": "2027-11-26"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the rulebook, to be reviewed."""
    for folder in ("rules", "knowledge"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def reviewed(folder: Path, **other: str) -> Path:
    return review_rule(folder, load_rulebook(folder), RULE, {**REVIEW, **other})


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def lack(folder: Path, day: date | None = None) -> str | None:
    rulebook = load_rulebook(folder, day=day)
    return lack_of(rulebook, rulebook.rules[RULE])


def test_nobody_has_approved_the_shipped_rules(rulebook: Rulebook) -> None:
    lacking = not_approved(rulebook)
    assert (lacking["changed"], lacking["past"]) == ((), ())
    count = len(lacking["never"])
    assert approval_words(rulebook) == (
        f"{count} of {count} rules are not approved by a clinician: {count} never reviewed"
    )
    assert review_words(rulebook, rulebook.rules[RULE]) == "not approved: never reviewed"


@pytest.mark.slow
def test_a_review_stands_below_the_sources_and_every_other_line_stays(copy: Path) -> None:
    before = (copy / FILE).read_text(encoding="utf-8").splitlines()
    digest = load_rulebook(copy).digest
    reviewed(copy)
    after = (copy / FILE).read_text(encoding="utf-8").splitlines()
    place = after.index("  review:")
    assert after[:place] + after[place + 5 :] == before
    (rule,) = (each for each in read_yaml("\n".join(after), FILE).data if each["id"] == RULE)
    keys = list(rule)
    assert keys[keys.index("review") - 1] in ("sources", "strength")
    rulebook = load_rulebook(copy)
    assert lack(copy) is None
    assert review_words(rulebook, rulebook.rules[RULE]) == "approved by Dr A until 2027-11-26"
    assert rulebook.digest == digest, "no result changes with who approved a rule"


@pytest.mark.slow
def test_a_second_review_takes_the_place_of_the_first(copy: Path) -> None:
    reviewed(copy)
    once = (copy / FILE).read_text(encoding="utf-8")
    reviewed(copy, owner='Dr "B": no #1')
    assert (copy / FILE).read_text(encoding="utf-8") == once.replace('"Dr A"', r'"Dr \"B\": no #1"')


@pytest.mark.slow
def test_a_review_holds_until_the_end_of_its_day(copy: Path) -> None:
    reviewed(copy)
    assert lack(copy, date(2027, 11, 26)) is None
    assert lack(copy, date(2027, 11, 27)) == "past"
    assert "1 past its day" in approval_words(load_rulebook(copy, day=date(2027, 11, 27)))


CHANGES = {
    "its words": (FILE, r"(- id: tendon-likely\n(?: .*\n)*?  because: )"),
    "its examples": (FILE, r"(- id: tendon-likely\n(?: .*\n)*? *fires: *\n? *(?:- |\[)\{)(?=pain_site)"),
    "a question that it asks": ("knowledge/questions.yaml", r"(- id: pain_site\n(?: .*\n)*? +ask: )"),
    "a pattern that it shows": ("knowledge/patterns.yaml", r"(- id: patellar_tendon\n(?: .*\n)*? +name: )"),
    "a row that it names": ("knowledge/sources.yaml", r"(- id: DX01\n +text: )"),
    "a publication that it names": (
        "knowledge/sources.yaml",
        r"(- id: malliaras-2015\n(?: .*\n)*? +first_author: )",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_a_rule_of_which_anything_changed_is_not_approved(copy: Path, change: str) -> None:
    reviewed(copy)
    name, place = CHANGES[change]
    text = (copy / name).read_text(encoding="utf-8")
    more = "relapses: never, " if change == "its examples" else "Well, "
    changed, count = re.subn(place, lambda found: found[1] + more, text, count=1)
    assert count == 1
    (copy / name).write_text(changed, encoding="utf-8")
    assert lack(copy) == "changed"


@pytest.mark.slow
def test_what_lies_beside_a_rule_does_not_count(copy: Path) -> None:
    reviewed(copy)
    spoil(copy / FILE, f"- id: {RULE}\n", f"# A comment.\n\n- id: {RULE}\n")
    sources = copy / "knowledge" / "sources.yaml"
    sources.write_text(
        sources.read_text(encoding="utf-8").replace("looked_at: 2026-11-26", "looked_at: 2026-11-27")
    )
    assert lack(copy) is None


@pytest.mark.slow
def test_the_digest_outlives_packing(copy: Path, tmp_path: Path) -> None:
    rulebook = load_rulebook(copy)
    load_rulebook(copy, cache=tmp_path / "cache")
    packed = load_rulebook(copy, cache=tmp_path / "cache")
    assert rule_digest(packed, packed.rules[RULE]) == rule_digest(rulebook, rulebook.rules[RULE])


def otherwise(rulebook: Rulebook, group: str, name: str, **words: Any) -> Rulebook:
    """The same rulebook with other words in one entry of one of its groups; of doses with another line."""
    changed, entries = rulebook.on(None), getattr(rulebook, group)
    other = entries[name].changed(**words) if words else (*entries[name], "And once more.")
    vars(changed)[group] = {**entries, name: other}
    return changed


def altered(before: Rulebook, after: Rulebook) -> set[str]:
    """The rules whose approval a change would take back."""
    rules = {rule.id: rule for rule in written_rules(after)}
    return {
        rule.id
        for rule in written_rules(before)
        if rule_digest(before, rule) != rule_digest(after, rules[rule.id])
    }


BESIDE_THE_RULE: dict[str, tuple[bool, tuple[str, str, dict[str, Any]], set[str], set[str]]] = {
    "a pattern": (
        False,
        ("patterns", "patellar_tendon", {"text": "Something else."}),
        {"tendon-likely", "slower-return-after-the-tendon-weeks"},
        {"soreness-likely"},
    ),
    "a triage level": (False, ("triage", "urgent", {"do": "Go."}), {"urgent-hot-joint"}, {"tendon-likely"}),
    "how an exercise is done": (
        False,
        ("doses", "tendon_loading", {}),
        {"load-the-tendon"},
        {"tendon-likely"},
    ),
    "a number that it chooses": (
        False,
        ("parameters", "buffer_pct", {"text": "Something else"}),
        {"slower-return-after-the-tendon-weeks"},
        {"tendon-likely"},
    ),
    "a finding that it waits for": (
        True,
        ("findings", "counts-as-planned", {"refuted": "It does not."}),
        {"goal-reached"},
        {"far-more-than-planned"},
    ),
    "the units of an answer": (
        True,
        ("quantities", "volume", {"ask": "In what do you count?"}),
        {"far-more-than-planned"},
        {"new-sign-stops-the-plan"},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", BESIDE_THE_RULE)
def test_an_approval_falls_with_the_words_around_a_rule_and_no_other_one_does(
    rulebook: Rulebook, checkin_part: Rulebook, what: str
) -> None:
    in_part, (group, name, words), fall, stand = BESIDE_THE_RULE[what]
    before = checkin_part if in_part else rulebook
    fallen = altered(before, otherwise(before, group, name, **words))
    assert fall <= fallen
    assert not stand & fallen


def test_an_approval_falls_with_a_number_that_a_measure_is_made_of() -> None:
    mould = load_rulebook(ROOT / "examples" / "mould")
    formula = Difference(of=ParameterRef(parameter="weeks_of_looking"), minus="wet_hours")
    measure = {"drying_hours_left": mould.measures["drying_hours_left"].changed(formula=formula)}
    vars(before := mould.on(None))["measures"] = measure
    after = otherwise(before, "parameters", "weeks_of_looking", unit="days")
    assert "within-48-hours" in altered(before, after)
    assert "within-48-hours" not in altered(
        mould, otherwise(mould, "parameters", "weeks_of_looking", unit="days")
    )


LAYOUTS: dict[str, Callable[[str], str]] = {
    "a block list": lambda text: re.sub(
        r"(- id: tendon-likely\n(?:  .*\n)*?  sources: )\[(.*)\]\n",
        lambda found: found[1].rstrip() + "\n" + "".join(f"    - {each}\n" for each in found[2].split(", ")),
        text,
    ),
    "windows": lambda text: text.replace("\n", "\r\n"),
    "a byte order mark": lambda text: "\ufeff" + text,
    "a comment behind": lambda text: re.sub(
        r"(tendon-likely\n(?:  .*\n)*?  sources: .*)\n", r"\1  # why\n", text
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_file_keeps_its_layout_byte_for_byte(copy: Path, layout: str) -> None:
    before = LAYOUTS[layout]((copy / FILE).read_text(encoding="utf-8"))
    (copy / FILE).write_bytes(before.encode())
    (copy / FILE).chmod(0o640)
    reviewed(copy)
    after = (copy / FILE).read_bytes().decode()
    assert re.sub(r"  review:\r?\n(    .*\r?\n){4}", "", after, count=1) == before
    assert lack(copy) is None
    assert stat.S_IMODE((copy / FILE).stat().st_mode) == 0o640


@pytest.mark.slow
def test_a_rule_at_the_end_of_a_file_without_a_last_line_end(copy: Path) -> None:
    whole = (copy / FILE).read_text(encoding="utf-8")
    rule = re.search(r"- id: tendon-likely\n(?:  .*\n)+", whole)
    assert rule
    sources = re.search(r"  sources:.*\n(?:    .*\n)*", rule[0])
    assert sources
    rest = re.sub(r"  strength: .*\n", "", rule[0].replace(sources[0], ""))
    last = rest + sources[0].rstrip("\n")
    (copy / FILE).write_text(whole.replace(rule[0], "").rstrip("\n") + "\n\n" + last, encoding="utf-8")
    reviewed(copy)
    assert lack(copy) is None


@pytest.mark.slow
def test_a_rule_in_one_pair_of_brackets_is_refused_and_its_file_untouched(copy: Path) -> None:
    text = (copy / FILE).read_text(encoding="utf-8")
    rule = re.search(r"- id: tendon-likely\n(?:  .*\n)+", text)
    assert rule
    rulebook = load_rulebook(copy)
    written = rulebook.rules[RULE].written
    assert written is not None
    spoiled = text.replace(rule[0], f"- {json.dumps(written.plain(), default=str)}\n")
    (copy / FILE).write_text(spoiled, encoding="utf-8")
    with pytest.raises(UnplacedReview, match="on a line below the other"):
        reviewed(copy)
    assert (copy / FILE).read_text(encoding="utf-8") == spoiled


@pytest.mark.slow
def test_what_is_no_review_is_refused_and_nothing_is_lost(copy: Path) -> None:
    before = (copy / FILE).read_bytes()
    with pytest.raises(UnknownNameError, match="Did you mean 'tendon-likely'"):
        review_rule(copy, load_rulebook(copy), "tendon-likly", REVIEW)
    with pytest.raises(ValueError, match="lies before"):
        reviewed(copy, review_by="2026-11-25")
    with pytest.raises(ValueError, match="no day of the calendar"):
        reviewed(copy, review_by="2027-02-30")
    assert (copy / FILE).read_bytes() == before


def test_a_file_that_cannot_be_written_is_named(copy: Path) -> None:
    rulebook = load_rulebook(copy)
    (copy / FILE).unlink()
    (copy / FILE).mkdir()
    with pytest.raises(StorageFault, match="patterns-tendon-and-load"):
        review_rule(copy, rulebook, RULE, REVIEW)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_without_permission_stays_as_it_is(copy: Path) -> None:
    before = (copy / FILE).read_bytes()
    (copy / FILE).chmod(0o444)
    with pytest.raises(StorageFault, match="may not be written"):
        reviewed(copy)
    assert (copy / FILE).read_bytes() == before


@pytest.mark.slow
def test_a_typed_review_that_is_none_is_told_with_its_line(copy: Path) -> None:
    reviewed(copy)
    spoil(copy / FILE, "review_by: 2027-11-26", "review_by: 2025-11-26")
    with pytest.raises(RulebookError, match="lies before 'approved_on'"):
        load_rulebook(copy)


def due(folder: Path, day: date | None, part: str | None = None) -> Rulebook:
    return load_rulebook(folder, part, day=day)


@pytest.mark.slow
@pytest.mark.parametrize("part", [None, "checkin"])
def test_after_its_day_a_rulebook_says_so_and_on_it_not_yet(copy: Path, part: str | None) -> None:
    assert load_rulebook(copy).identity.review_by == "2027-11-26"
    for day in (None, date(2027, 11, 26)):
        assert "review_was_due" not in due(copy, day, part).stamp
        assert "checked again" not in stamp_words(due(copy, day, part).stamp)
    after = due(copy, date(2027, 11, 27), part).stamp
    assert after["review_was_due"] == "2027-11-26"
    assert "It was to be checked again by 2027-11-26." in stamp_words(after)


@pytest.mark.slow
def test_a_day_is_no_part_of_what_was_read(copy: Path, rulebook: Rulebook) -> None:
    assess(rulebook, {"age_years": 34})
    dated = rulebook.on(date(2030, 1, 1))
    assert rulebook.day is None
    assert dated.digest == rulebook.digest
    assert "_engines" not in vars(dated)
    assert packed_rulebook(copy) == packed_rulebook(copy)


def test_every_rule_says_how_strong_it_is(rulebook: Rulebook, checkin_part: Rulebook) -> None:
    written = [rule.written for part in (rulebook, checkin_part) for rule in part.rules.values()]
    assert [each.id for each in written if each is not None and not each.strength] == []
