"""What people type for a number: as it comes, in another unit, or in a way that can be read twice."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterrun import Rulebook
from afterrun.intake import Misread, UnitsDiffer, offers_unknown, typed_answer

RUN_SOME = {"volume_unit": "km", "volume_last_week": 20}


def read(rulebook: Rulebook, name: str, line: str, intake: dict[str, Any] | None = None) -> dict[str, Any]:
    return typed_answer(rulebook, rulebook.questions[name], line, intake or {}).adds


@pytest.mark.parametrize(
    ("line", "amount", "unit"),
    [
        ("20 km", 20, "km"),
        ("20km", 20, "km"),
        ("20 kilometers", 20, "km"),
        ("20 Kilometres", 20, "km"),
        ("20 kms", 20, "km"),
        ("10k", 10, "km"),
        ("12,5 km", 12.5, "km"),
        ("12.25 mi", 12.25, "mi"),
        ("1 mile", 1, "mi"),
        ("5 miles.", 5, "mi"),
        ("90 minutes", 90, "min"),
        ("90 mins", 90, "min"),
        ("1 200 min", 1200, "min"),
        ("1’200 min", 1200, "min"),
        ("1,234.5 min", 1234.5, "min"),
        ("20 km/week", 20, "km"),
        ("20 km a week", 20, "km"),
        ("20 miles per week", 20, "mi"),
        ("1.234,5 min", 1234.5, "min"),
    ],
)
def test_an_amount_is_taken_with_the_unit_that_it_is_typed_in(
    rulebook: Rulebook, line: str, amount: float, unit: str
) -> None:
    assert read(rulebook, "volume_last_week", line) == {"volume_last_week": amount, "volume_unit": unit}


@pytest.mark.parametrize(
    ("line", "minutes"),
    [
        ("1h30", 90),
        ("1 h 30 min", 90),
        ("2h05", 125),
        ("1 hour and 15 minutes", 75),
        ("2 h", 120),
        ("1.5 hours", 90),
    ],
)
def test_hours_are_minutes_and_that_is_said(rulebook: Rulebook, line: str, minutes: int) -> None:
    typed = typed_answer(rulebook, rulebook.questions["volume_last_week"], line, {})
    assert typed.adds == {"volume_last_week": minutes, "volume_unit": "min"}
    assert typed.note == f"{line} counts as {minutes} min."


@pytest.mark.parametrize(
    ("unit", "line", "amount"),
    [("km", "5 miles", 8.05), ("km", "10 mi", 16.09), ("mi", "10 km", 6.21), ("mi", "10k", 6.21)],
)
def test_the_other_unit_is_converted_and_that_is_said(
    rulebook: Rulebook, unit: str, line: str, amount: float
) -> None:
    typed = typed_answer(
        rulebook, rulebook.questions["volume_before"], line, {"volume_unit": unit, "volume_last_week": 20}
    )
    assert typed.adds == {"volume_before": amount, "volume_unit": unit}
    assert typed.note == f"{line} counts as {amount} {unit}."


def test_minutes_are_no_distance(rulebook: Rulebook) -> None:
    for line in ("90 min", "1h30"):
        with pytest.raises(Misread, match="Your other amounts are in km"):
            read(rulebook, "volume_before", line, RUN_SOME)


def test_the_unit_of_the_only_amount_can_still_be_changed(rulebook: Rulebook) -> None:
    assert read(rulebook, "volume_last_week", "12 mi", RUN_SOME) == {
        "volume_last_week": 12,
        "volume_unit": "mi",
    }


@pytest.mark.parametrize(
    ("line", "chosen", "amount", "unit"),
    [
        ("15", "mi", 15, "mi"),
        ("15 mi", "mi", 15, "mi"),
        ("15 miles", "mi", 15, "mi"),
        ("10k", "km", 10, "km"),
        ("1 200", "min", 1200, "min"),
        ("20 per week", "km", 20, "km"),
        ("20 km a week", "km", 20, "km"),
        ("0", "", 0, "km"),
        ("0", "mi", 0, "mi"),
        ("1h30", "min", 90, "min"),
        ("1h30", "km", 90, "min"),
        ("1 h 30 min", "mi", 90, "min"),
        ("2 h", "km", 120, "min"),
        ("1.5 hours", "min", 90, "min"),
    ],
)
def test_an_amount_is_taken_with_the_unit_chosen_beside_it_and_hours_are_said(
    rulebook: Rulebook, line: str, chosen: str, amount: float, unit: str
) -> None:
    typed = typed_answer(rulebook, rulebook.questions["volume_last_week"], line, {}, chosen)
    assert typed.adds == {"volume_last_week": amount, "volume_unit": unit}
    assert typed.note == (f"{line} counts as {amount} min." if "h" in line else "")


@pytest.mark.parametrize(
    ("line", "chosen", "other"),
    [
        ("15 km", "mi", "miles"),
        ("15km", "mi", "miles"),
        ("15 kilometers a week", "mi", "miles"),
        ("10k", "mi", "miles"),
        ("15 mi", "km", "kilometres"),
        ("15 miles", "min", "minutes"),
        ("90 min", "km", "kilometres"),
        ("20 km", "min", "minutes"),
    ],
)
def test_two_units_that_differ_are_asked_about(
    rulebook: Rulebook, line: str, chosen: str, other: str
) -> None:
    question = rulebook.questions["volume_last_week"]
    with pytest.raises(UnitsDiffer, match=rf"^You typed .*, but '{other}' is chosen\."):
        typed_answer(rulebook, question, line, {}, chosen)
    assert typed_answer(rulebook, question, line, {}).adds["volume_last_week"]


@pytest.mark.parametrize(
    ("line", "chosen"), [("1:30", "km"), ("1:30", "min"), ("1,000 km", "mi"), ("1,000", "min")]
)
def test_which_number_it_is_is_asked_before_its_unit(rulebook: Rulebook, line: str, chosen: str) -> None:
    with pytest.raises(Misread, match="can be read in two ways"):
        typed_answer(rulebook, rulebook.questions["volume_last_week"], line, {}, chosen)


def test_a_unit_chosen_on_a_page_that_is_no_longer_true_is_converted_and_that_is_said(
    rulebook: Rulebook,
) -> None:
    typed = typed_answer(rulebook, rulebook.questions["volume_before"], "10", RUN_SOME, "mi")
    assert typed.adds == {"volume_before": 16.09, "volume_unit": "km"}
    assert typed.note.startswith("10 mi counts as 16.09 km.")


def test_nothing_needs_no_unit_and_settles_none(rulebook: Rulebook) -> None:
    nothing = read(rulebook, "volume_last_week", "0")
    assert nothing == {"volume_last_week": 0, "volume_unit": "km"}
    with pytest.raises(Misread, match="In which unit"):
        read(rulebook, "volume_last_week", "1")
    assert read(rulebook, "volume_before", "12 mi", nothing) == {"volume_before": 12, "volume_unit": "mi"}


@pytest.mark.parametrize(
    ("line", "ways"),
    [
        ("1,000 min", ("1000 min", " 1 min,")),
        ("1.500 min", ("1500 min", "1.5 min")),
        ("1:30", ("1h30", "1 min")),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked(rulebook: Rulebook, line: str, ways: tuple[str, str]) -> None:
    with pytest.raises(Misread, match="can be read in two ways") as misread:
        read(rulebook, "volume_last_week", line)
    assert all(way in str(misread.value) for way in ways)


@pytest.mark.parametrize(
    ("line", "amount", "way"), [("1,000", 1, "1"), ("1.500 km", 1.5, "1.5 km"), ("12,345", 12.34, "12.34")]
)
def test_the_only_way_that_fits_is_taken_and_that_is_said(
    rulebook: Rulebook, line: str, amount: float, way: str
) -> None:
    typed = typed_answer(rulebook, rulebook.questions["volume_last_week"], line, RUN_SOME)
    assert typed.adds == {"volume_last_week": amount, "volume_unit": "km"}
    assert typed.note == f"{line} is taken as {way}, for nothing else fits here."


@pytest.mark.parametrize(
    ("name", "line", "told"),
    [
        ("worst_pain", "1:30", "^Type a number, with digits only"),
        ("volume_last_week", "-3", "^-3 is too small. The least is 0."),
        ("weeks_since_onset", "9999999999", "^9999999999 is too large"),
        ("volume_last_week", "1e5", "^Type a number."),
        ("volume_last_week", "1h75", "75"),
    ],
)
def test_what_is_wrong_with_a_number_is_told(rulebook: Rulebook, name: str, line: str, told: str) -> None:
    with pytest.raises(Misread, match=told):
        read(rulebook, name, line)


@pytest.mark.parametrize(
    "line",
    ["", "km", "5-10", "about 20", "1,2,3", "12.", "1.000.00", "15 20", "9" * 10, "1e3", "½", "20 km 5"],
)
def test_what_is_no_number_is_refused(rulebook: Rulebook, line: str) -> None:
    with pytest.raises(Misread):
        read(rulebook, "volume_last_week", line, RUN_SOME)


@pytest.mark.parametrize(("line", "told"), [("5 months", "in weeks"), ("1h30", "in weeks")])
def test_a_number_of_weeks_takes_no_other_unit(rulebook: Rulebook, line: str, told: str) -> None:
    assert read(rulebook, "weeks_since_onset", "5 weeks") == {"weeks_since_onset": 5}
    with pytest.raises(Misread, match=told):
        read(rulebook, "weeks_since_onset", line)


def test_a_converted_amount_keeps_the_bounds_of_its_unit(rulebook: Rulebook) -> None:
    with pytest.raises(Misread, match="is too large"):
        read(rulebook, "volume_before", "190 miles", RUN_SOME)


@given(st.text(max_size=30))
def test_any_line_is_an_answer_or_misread(rulebook: Rulebook, line: str) -> None:
    for question in rulebook.questions.values():
        with contextlib.suppress(Misread):
            assert question.id in typed_answer(rulebook, question, line, RUN_SOME).adds


@given(st.decimals(min_value="0.01", max_value="300", places=2))
def test_a_plain_number_is_taken_to_its_last_digit(rulebook: Rulebook, number: Any) -> None:
    for line in (str(number), str(number).replace(".", ",")):
        assert read(rulebook, "volume_before", line, RUN_SOME)["volume_before"] == float(number)


UNSURE = [
    "not sure",
    "Not sure.",
    "I'm not sure",
    "I am unsure",
    "unknown",
    "dont know",
    "I don't know",
    "I don’t know",
]


@pytest.mark.parametrize("line", UNSURE)
def test_not_knowing_can_be_typed_in_words_where_it_is_an_answer(rulebook: Rulebook, line: str) -> None:
    assert read(rulebook, "weeks_since_onset", line) == {"weeks_since_onset": "unknown"}
    assert read(rulebook, "warning_signs", line) == {"warning_signs": ["not_sure"]}
    assert read(rulebook, "injury_onset", line) == {"injury_onset": "not_sure"}
    known = [
        each
        for each in rulebook.questions.values()
        if not offers_unknown(each) and not any(option.unsure for option in each.options)
    ]
    assert {"age_years", "provoked_by"} <= {each.id for each in known}
    for each in known:
        with pytest.raises(Misread):
            read(rulebook, each.id, line)


def test_one_key_says_so_only_where_the_hint_names_it(rulebook: Rulebook, checkin_part: Rulebook) -> None:
    for part in (rulebook, checkin_part):
        for question in part.questions.values():
            if offers_unknown(question):
                assert read(part, question.id, "u") == {question.id: "unknown"}
            else:
                with pytest.raises(Misread):
                    read(part, question.id, "u")


@pytest.mark.parametrize("line", ["?u", "u?", "not sure?", "? not sure", "!u", "u!"])
def test_a_mark_that_may_mean_something_else_is_not_passed_over(rulebook: Rulebook, line: str) -> None:
    for name in ("weeks_since_onset", "warning_signs", "injury_onset"):
        with pytest.raises(Misread):
            read(rulebook, name, line)


@pytest.mark.parametrize("line", ["", "sure", "not", "i", "know", "not sure 3", "unknown 5"])
def test_what_only_begins_like_not_knowing_is_no_answer(rulebook: Rulebook, line: str) -> None:
    for name in ("weeks_since_onset", "warning_signs"):
        with pytest.raises(Misread):
            read(rulebook, name, line)


def test_every_question_with_an_option_of_not_being_sure_takes_it_in_words(
    rulebook: Rulebook, checkin_part: Rulebook
) -> None:
    for part in (rulebook, checkin_part):
        for question in part.questions.values():
            says_so = [each.id for each in question.options if "not sure" in each.text]
            assert says_so == [each.id for each in question.options if each.unsure]
