"""What an intake says of the files behind its answers is held against them, or refused with its place."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import pytest

import afterrun
from afterrun.intake import FROM_FILES, FromFiles, migrate, with_answers, without

FILE = "0123456789ab"
RUNS = [
    {"day": "2026-03-02", "metres": 5004, "file": FILE},
    {"day": "2026-03-08", "metres": 4001, "file": FILE},
]
EARLIER = {"day": "2026-03-01", "metres": 7000, "file": FILE}
INTAKE: dict[str, Any] = {
    "volume_unit": "km",
    "volume_last_week": 9.01,
    "volume_before": 0,
    FROM_FILES: {
        "volume_last_week": {"since": "2026-03-02", "until": "2026-03-08", "runs": RUNS},
        "volume_before": {"since": "2026-02-02", "until": "2026-03-08", "runs": []},
    },
}


def changed(*path: Any, to: Any) -> dict[str, Any]:
    """The intake with another value somewhere within."""
    intake = copy.deepcopy(INTAKE)
    inner: Any = intake
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    return intake


ENTRY = (FROM_FILES, "volume_last_week")


def test_an_intake_with_its_runs_is_read_and_given_back(rulebook: afterrun.Rulebook) -> None:
    answers = afterrun.read_answers(rulebook, INTAKE)
    assert [each.metres for each in answers.from_files["volume_last_week"].runs] == [5004, 4001]
    assert afterrun.as_intake(rulebook, answers) == INTAKE
    assert migrate(rulebook, INTAKE).intake == INTAKE


def test_how_many_may_be_missing_is_kept(rulebook: afterrun.Rulebook) -> None:
    intake = changed(*ENTRY, "left_out", to=2)
    answers = afterrun.read_answers(rulebook, intake)
    entry = answers.from_files["volume_last_week"]
    assert (entry.left_out, FromFiles.of(entry.to_dict())) == (2, entry)
    assert afterrun.as_intake(rulebook, answers) == intake


def test_an_empty_key_says_nothing(rulebook: afterrun.Rulebook) -> None:
    nothings: tuple[Any, ...] = (None, {}, "", [])
    for nothing in nothings:
        assert not afterrun.read_answers(rulebook, {FROM_FILES: nothing}).from_files


@pytest.mark.parametrize(
    ("intake", "key", "said"),
    [
        (
            changed("volume_last_week", to=9),
            "volume_last_week",
            "these runs come to 9.01 km, and that is not",
        ),
        (changed("volume_last_week", to="unknown"), "volume_last_week", "take its entry away"),
        (changed("volume_last_week", to=None), "volume_last_week", "has no answer"),
        (changed("volume_unit", to="mi"), "volume_last_week", "these runs come to 5.6 mi"),
        (changed("volume_unit", to="min"), "volume_last_week", "none of 2 runs has a duration"),
        (changed(*ENTRY, "runs", to=RUNS[:1]), "volume_last_week", "come to 5 km"),
        (changed(*ENTRY, "runs", to=[*RUNS, RUNS[0]]), "volume_last_week", "come to 14.01 km"),
        (changed(*ENTRY, "since", to="2026-03-03"), "volume_last_week", "2026-03-02 is not within"),
        (changed(*ENTRY, "since", to="2026-03-09"), "volume_last_week", "'since' is after 'until'"),
        (changed(*ENTRY, "until", to="2026-02-30"), "volume_last_week", "takes a day as 2027-03-01"),
        (changed(*ENTRY, "until", to=20260308), "volume_last_week", "takes a day as 2027-03-01"),
        (
            changed(*ENTRY, to={"since": "0001-01-01", "until": "0001-01-03", "runs": []}),
            "volume_last_week",
            "takes a day as 2027-03-01, not '0001-01-01'",
        ),
        (
            changed(*ENTRY, to={"since": "2026-03-01", "until": "2026-03-08", "runs": [EARLIER, *RUNS]}),
            "volume_last_week",
            "the run of 2026-03-01 is not of the days that are asked about, 2026-03-02 to 2026-03-08",
        ),
        (
            changed(FROM_FILES, "volume_before", "runs", to=[RUNS[1]]),
            "volume_before",
            "the run of 2026-03-08 is not of the days that are asked about, 2026-02-02 to 2026-03-01",
        ),
        (
            changed(*ENTRY, "lat", to=52.5),
            "volume_last_week",
            "no key 'lat' here; there are since, until, runs, left_out",
        ),
        (changed(*ENTRY, "runs", to={}), "volume_last_week", "takes a list of at most"),
        (changed(*ENTRY, "runs", to=RUNS * 1001), "volume_last_week", "takes a list of at most 2000 runs"),
        (changed(*ENTRY, "left_out", to=-1), "volume_last_week", "'left_out' takes a whole number"),
        (changed(*ENTRY, "runs", 0, to=5), "volume_last_week", "takes an object with day, file"),
        (changed(*ENTRY, "runs", 0, "name", to="Lake"), "volume_last_week", "no key 'name' here"),
        (
            changed(*ENTRY, "runs", 0, "metres", to=5004.5),
            "volume_last_week",
            "'metres' takes a whole number",
        ),
        (changed(*ENTRY, "runs", 0, "metres", to=-1), "volume_last_week", "'metres' takes a whole number"),
        (changed(*ENTRY, "runs", 0, "metres", to=10**5000), "volume_last_week", "from 0 to 10000000"),
        (changed(*ENTRY, "runs", 0, "metres", to=True), "volume_last_week", "'metres' takes a whole number"),
        (changed(*ENTRY, "runs", 0, "file", to="run.gpx"), "volume_last_week", "'file' takes the first 12"),
        (changed(*ENTRY, to=[]), "volume_last_week", "takes an object with since, until, runs"),
        (changed(*ENTRY, to={"since": "2026-03-02"}), "volume_last_week", "lacks 'until'"),
        (changed(FROM_FILES, "worst_pain", to={}), "worst_pain", "asked for no question of this name"),
        (changed(FROM_FILES, "volume_last", to={}), "volume_last", "Did you mean 'volume_last_week'?"),
    ],
)
def test_what_does_not_add_up_is_told_with_its_place(
    rulebook: afterrun.Rulebook, intake: dict[str, Any], key: str, said: str
) -> None:
    with pytest.raises(afterrun.IntakeError) as caught:
        afterrun.read_answers(rulebook, intake)
    found = {each.key: str(each) for each in caught.value.problems}
    assert said in found[f"{FROM_FILES}.{key}"]


def test_what_is_no_object_is_refused(rulebook: afterrun.Rulebook) -> None:
    with pytest.raises(afterrun.IntakeError, match="takes an object with an entry for each answer"):
        afterrun.read_answers(rulebook, {FROM_FILES: [1]})


def test_a_rulebook_that_asks_files_for_nothing_says_how_the_answers_stay(
    rulebook: afterrun.Rulebook,
) -> None:
    without_history = dataclasses.replace(rulebook, history=None)
    with pytest.raises(afterrun.IntakeError, match="no question of this name: take its entry away"):
        afterrun.read_answers(without_history, INTAKE)


def test_of_an_answer_that_is_wrong_nothing_more_is_told(rulebook: afterrun.Rulebook) -> None:
    with pytest.raises(afterrun.IntakeError) as caught:
        afterrun.read_answers(rulebook, changed("volume_last_week", to=-4))
    assert [each.key for each in caught.value.problems] == ["volume_last_week"]


def test_a_window_that_the_runs_do_not_reach_over_proves_nothing(rulebook: afterrun.Rulebook) -> None:
    late = changed(FROM_FILES, "volume_before", "since", to="2026-02-03")
    with pytest.raises(afterrun.IntakeError, match="begin on 3 February 2026"):
        afterrun.read_answers(rulebook, late)


def test_a_changed_answer_loses_its_runs_and_others_keep_theirs(rulebook: afterrun.Rulebook) -> None:
    same = with_answers(rulebook, INTAKE, {"volume_last_week": 9.01})
    assert same[FROM_FILES].keys() == {"volume_last_week", "volume_before"}
    other = with_answers(rulebook, INTAKE, {"volume_last_week": 12})
    assert other[FROM_FILES].keys() == {"volume_before"}
    assert FROM_FILES not in with_answers(rulebook, INTAKE, {"volume_unit": "mi"})
    assert with_answers(rulebook, INTAKE, {"volume_before": None})[FROM_FILES].keys() == {"volume_last_week"}
    assert without(INTAKE, ["volume_before"])[FROM_FILES].keys() == {"volume_last_week"}
    assert FROM_FILES not in without(INTAKE, ["volume_before", "volume_last_week"])


def test_what_if_takes_the_runs_of_the_answer_that_it_changes_away(rulebook: afterrun.Rulebook) -> None:
    told = afterrun.what_if(rulebook, INTAKE, {"volume_last_week": 40})
    assert told.before.from_files.keys() == {"volume_last_week", "volume_before"}
    assert told.after.from_files.keys() == {"volume_before"}
    assert told.answers.keys() == {"volume_last_week"}
