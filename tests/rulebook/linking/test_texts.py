"""Texts that speak of the plan's numbers: which take them from there, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from afterrun import Rulebook, RulebookError, load_rulebook
from tests.support.rulebooks.copies import copied, spoil

FILE = "knowledge/interventions.yaml"
TEMPO = "Take {tempo_s.down} seconds down and"


def told(folder: Path) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        load_rulebook(folder)
    return str(caught.value).splitlines()


def test_the_numbers_of_the_plan_stand_in_the_texts(rulebook: Rulebook, checkin_part: Rulebook) -> None:
    tendon = rulebook.interventions["tendon_loading"]
    assert tendon.name == "Twelve weeks of slow, heavy tendon loading"
    assert tendon.steps[1:4] == (
        "Take 3 seconds down and 3 seconds up. Do not bounce at the bottom.",
        "Rest 2 to 3 minutes after each set.",
        "Take the lightest weight with which you could just do 2 or 3 more at the end of a set.",
    )
    assert checkin_part.interventions["start_running_baseline"].name == "Start four weeks of the same amount"
    for part in (rulebook, checkin_part):
        for each in part.interventions.values():
            assert "{" not in "".join((each.name, each.short, *each.steps, each.more)), each.id


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{tempo_x.down}", "there is no key of the plan 'tempo_x'. Did you mean 'tempo_s'?"),
        ("{tempo_s.left}", "'{tempo_s.left}' is no one number that the plan holds"),
        ("{tempo_s}", "'{tempo_s}' is no one number that the plan holds"),
        ("{kneecap_from_week}", "'{kneecap_from_week}' is no one number that the plan holds"),
        ("{ramp_pct}", "'{ramp_pct}' is no one number that the plan holds"),
    ],
    ids=["an unknown key", "an unknown part", "a table", "two numbers", "a number that rules choose"],
)
def test_what_is_no_one_number_is_refused(tmp_path: Path, written: str, said: str) -> None:
    copy = copied(tmp_path)
    spoil(copy, FILE, TEMPO, f"Take {written} seconds down and")
    lines = (copy / FILE).read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines, start=1) if written in line)
    assert told(copy) == [f"{FILE}:{number}: tendon_loading.steps: {said}"]


@pytest.mark.slow
def test_no_sentence_of_a_session_types_a_number_of_the_plan(tmp_path: Path) -> None:
    copy = copied(tmp_path)
    file = "knowledge/schedule.yaml"
    spoil(copy, file, "Rest {rest_minutes} minutes", "Rest 90 minutes")
    lines = (copy / file).read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines, start=1) if "Rest 90" in line)
    typed = "'90 minutes' is typed, and the plan holds 'rest_minutes': write the key in braces"
    assert told(copy) == [f"{file}:{number}: sessions.tendon_loading.do: {typed}"]


@pytest.mark.slow
def test_an_amount_of_its_own_is_named(tmp_path: Path) -> None:
    copy = copied(tmp_path)
    spoil(copy, FILE, "  own_amounts: [2 or 3 weeks]\n", "")
    (said,) = told(copy)
    assert said.endswith(
        "'2 or 3 weeks' is typed, and the plan holds 'tendon_weeks': write the key in braces; if it is "
        "another amount, name it under 'own_amounts'"
    )
