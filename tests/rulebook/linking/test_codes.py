"""What may leave as a code was checked, is whole, leaves the side open, and is one for each condition."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from afterrun import Rulebook, RulebookError, load_rulebook
from tests.support.random_input.rulebooks import small_rulebook, write_files

RIGHT = {"code": "M25.561", "side": "right"}
OPEN = {"code": "M25.569", "title": "Pain in unspecified knee", "side": "unspecified"}


def written(**changes: Any) -> dict[str, Any]:
    """The codes of the small rulebook's symptom, with the changes in those of ICD-10-CM."""
    code = {
        "condition": "pain",
        "icd_10_cm": {"check": ["A"], "codes": [RIGHT, OPEN], **changes},
        "icd_11": {"check": ["none"], "words": "no code"},
        "confidence": "high",
    }
    return {
        "licences": ["Free."],
        "checks": {"A": "Read.", "B": "Remembered.", "none": "Nothing to check."},
        "cautions": ["Suggestions."],
        "exchanged": {"icd_10_cm": {"system": "http://hl7.org/fhir/sid/icd-10-cm", "checks": ["A"]}},
        "codes": [code],
    }


def loaded(folder: Path, codes: dict[str, Any]) -> Rulebook:
    files = small_rulebook(
        [{"id": "tells", "if": {"asked": {"is": "yes"}}, "then": "pattern.story.likely"}],
        [
            {
                "id": "asked",
                "type": "single",
                "options": [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}],
            }
        ],
    )
    pattern = {
        "id": "story",
        "name": "A story",
        "text": "It fits.",
        "levels": ["likely"],
        "sources": ["row:Z1"],
    }
    pattern["sources"] = files["knowledge/triage.yaml"][0]["sources"]
    return load_rulebook(
        write_files(folder, {**files, "knowledge/patterns.yaml": [pattern], "knowledge/codes.yaml": codes})
    )


def test_each_mistake_is_told_with_its_place_and_the_way_out(tmp_path: Path) -> None:
    codes = written(check=["Z"], codes=[RIGHT, {**OPEN, "check": ["Y"]}])
    codes["codes"].append({**codes["codes"][0], "pattern": "storey"})
    codes["codes"][0] = written()["codes"][0]
    codes["exchanged"]["icd_10_cm"]["checks"] = ["A", "X"]
    with pytest.raises(RulebookError) as caught:
        loaded(tmp_path, codes)
    told = [line.split(": ", 1)[1] for line in str(caught.value).splitlines()]
    assert told == [
        "exchanged.icd_10_cm.checks: no 'X' stands in 'checks'",
        "codes.icd_10_cm.check: no 'Z' stands in 'checks'",
        "codes.icd_10_cm.codes.check: no 'Y' stands in 'checks'",
        "codes.pattern: there is no pattern 'storey'. Did you mean 'story'?",
    ]


def test_the_symptoms_place_takes_no_pattern(tmp_path: Path) -> None:
    codes = written()
    codes["codes"].append({**codes["codes"][0], "pattern": "story"})
    assert loaded(tmp_path / "right", codes).codes
    codes["codes"].reverse()
    with pytest.raises(RulebookError) as caught:
        loaded(tmp_path / "wrong", codes)
    message = "codes.pattern: the first is to be that of the symptom itself, and this one is of 'story'"
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"codes": [{"code": "M25.562"}, OPEN]},
            "M25.562 and M25.569 would both be exchanged for one condition: "
            "give all but one a 'note', or its 'side'",
        ),
        (
            {"codes": [{"code": "M25.561 right"}]},
            "'M25.561 right' is not written as it should be here: as in M25.569",
        ),
        ({"codes": [OPEN, OPEN]}, "names a code twice"),
        ({"codes": []}, "names 'codes', or says in 'words' why there is none"),
        (
            {"check": [], "codes": [{**OPEN, "check": ["A"]}, RIGHT]},
            "say in 'check' how these codes were checked",
        ),
    ],
    ids=["two that would leave", "a word in it", "twice", "nothing said", "not said how checked"],
)
def test_codes_that_no_machine_could_choose_from_are_refused(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(RulebookError) as caught:
        loaded(tmp_path, written(**changes))
    assert message in str(caught.value)
    assert str(caught.value).startswith("knowledge/codes.yaml:")


@pytest.mark.parametrize(
    ("changes", "leaves"),
    [
        ({}, ["M25.569"]),
        ({"side": "right"}, []),
        ({"note": "only when seen"}, []),
        ({"check": ["B"]}, []),
        ({"check": ["B", "A"]}, ["M25.569"]),
        ({"code": "M25.56-"}, []),
    ],
    ids=[
        "as it should be",
        "a side",
        "something to note",
        "a weaker check",
        "both checks",
        "all that begin so",
    ],
)
def test_a_code_with_a_side_a_note_a_weaker_check_or_no_end_does_not_leave(
    tmp_path: Path, changes: dict[str, Any], leaves: list[str]
) -> None:
    codes = loaded(tmp_path, written(codes=[RIGHT, {**OPEN, **changes}])).codes
    assert codes is not None
    assert [each.code for each in codes.leaving("icd_10_cm", codes.codes[0].icd_10_cm)] == leaves


def test_what_leaves_is_the_symptom_and_what_was_read_in_the_official_table(rulebook: Rulebook) -> None:
    codes = rulebook.codes
    assert codes is not None
    leaving = {
        code.pattern or ("" if place else "symptom"): [
            each.code for name, given in code.classified() for each in codes.leaving(name, given)
        ]
        for place, code in enumerate(codes.codes)
    }
    assert {name: leaving.get(name, []) for name in ("symptom", *rulebook.patterns)} == {
        "symptom": ["M25.569"],
        "patellar_tendon": ["M76.50"],
        "training_load": [],
        "strength_gap": [],
        "muscle_soreness": ["M79.10"],
        "patellofemoral": [],
        "outer_knee": ["M76.30"],
        "stiff_knee": [],
        "unexplained": [],
    }
