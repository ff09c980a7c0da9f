"""The picture of a diary: planned and done, pain and phases, and no word printed over anything."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import afterrun
from afterrun.schedule import as_svg
from afterrun.telling import Diary, DiaryWeek, Shape, Stop, diary_of, picture_of
from tests.diary.test_onward import PART, RUNNER, ahead, lived, ran
from tests.support.random_input.intakes import LAW
from tests.support.readers.pictures import SPACE, overprinted, words_in

START = date(2027, 3, 1)
PHASES = (
    "Four weeks of the same amount",
    "Step by step more",
    "Find an amount that does not hurt",
    "The joint under the kneecap (beyond the article)",
    "Tendon training",
)
AMOUNTS = st.one_of(st.none(), st.just(0.0), st.floats(0.1, 3000).map(lambda number: round(number, 2)))


@st.composite
def diaries(draw: st.DrawFn) -> Diary:
    """Any diary of up to two years, in any order of phases."""
    weeks: list[DiaryWeek] = []
    for number in range(1, draw(st.integers(1, 104)) + 1):
        told: Literal["reported", "missed"] = "missed" if draw(st.integers(0, 3)) == 3 else "reported"
        place = draw(st.integers(0, len(PHASES) - 1)) if draw(st.booleans()) or not weeks else None
        phase = weeks[-1].phase if place is None else PHASES[place]
        pain = draw(st.one_of(st.none(), st.integers(0, 10))) if told == "reported" else None
        done = draw(AMOUNTS) if told == "reported" else None
        start = START + timedelta(days=7 * (number - 1))
        weeks.append(DiaryWeek(number, start, phase, phase, pain, draw(AMOUNTS), done, told))
    days = st.integers(0, 7 * len(weeks) - 1)
    stops = []
    for day in draw(st.lists(days, max_size=6)):
        over = START + timedelta(days=day + 3)
        seen, back = draw(st.sampled_from([(None, None), (over, None), (None, over)]))
        cause = draw(
            st.sampled_from(["", "pain 8 of 10", "; ".join(["My calf is swollen and it hurts"] * 6)])
        )
        stops.append(Stop(START + timedelta(days=day), seen, back, day // 7 + 1, cause))
    unit = draw(st.sampled_from(["km", "mi", "min", ""]))
    return Diary(START, tuple(weeks), tuple(stops), 10.0, "Pain", "Running in a week", unit)


@LAW
@given(diaries(), st.sampled_from([Shape(), Shape(640, 48, titled=False)]))
def test_no_word_stands_on_another_in_any_diary(diary: Diary, shape: Shape) -> None:
    assert overprinted(picture_of(diary, shape).svg) == []


@LAW
@given(diaries())
def test_every_phase_stop_and_missed_week_is_told(diary: Diary) -> None:
    drawn = picture_of(diary).svg
    shown = {each.words for each in words_in(drawn)}
    assert {each.name for each in diary.phases} <= shown
    legend = " ".join(each.words for each in words_in(drawn))
    assert all(each.told in legend for each in diary.stops)
    assert ("missed week" in shown) == any(each.told == "missed" for each in diary.weeks)
    words = ET.fromstring(drawn).findtext(f"{SPACE}desc") or ""
    assert all(f"Week {each.number}, {each.days}" in words for each in diary.weeks)
    assert all(each.cause in words for each in diary.stops)


@LAW
@given(diaries(), st.sampled_from([Shape(), Shape(690, 46, titled=False)]))
def test_the_pain_of_every_week_can_be_read_and_what_is_thinned_is_said(diary: Diary, shape: Shape) -> None:
    words = words_in(picture_of(diary, shape).svg)
    below = {name: next(each.top for each in words if each.words == name) for name in ("pain", "week")}
    last = next((each.top for each in words if each.words == diary.amounts_of), below["week"])
    numbers = {"-", *map(str, range(11))}
    pain = [each for each in words if below["pain"] - 2 <= each.top < last - 2 and each.words in numbers]
    read = [each.words for each in sorted(pain, key=lambda each: each.left + each.right)]
    assert read == ["-" if each.pain is None else f"{each.pain:g}" for each in diary.weeks]
    if diary.has_amounts:
        first = next(each for each in words if each.words == "done")
        row = next(each.top for each in words if each.words == "done" and each is not first)
        shown = [each for each in words if abs(each.top - row) < 2 and each.words != "done"]
        thinned = any(each.words.startswith("planned and done: the numbers of one week in") for each in words)
        assert thinned == (len(shown) < len(diary.weeks))


def test_where_even_folded_numbers_have_no_room_that_is_said() -> None:
    weeks = [
        DiaryWeek(number, START + timedelta(days=7 * (number - 1)), "run", "Run", 10, None, None, "reported")
        for number in range(1, 201)
    ]
    diary = Diary(START, tuple(weeks), (), 10.0, "Pain", "Running in a week", "km")
    drawn = picture_of(diary, Shape(690, 46, titled=False)).svg
    assert "pain: the number of one week in 2" in {each.words for each in words_in(drawn)}
    assert overprinted(drawn) == []


def test_a_phase_looks_the_same_in_the_diary_and_in_the_plan_and_like_no_mark() -> None:
    history = lived(RUNNER, *[ran(18)] * 4, ran(21.6))
    plan = ahead(RUNNER, *[ran(18)] * 3)
    assert [each.name for each in plan.spans[:2]] == list(PHASES[:2])
    diary = picture_of(diary_of(PART, history)).svg
    in_diary, in_plan = fills_of(diary), fills_of(as_svg(plan))
    assert in_diary == in_plan[:2]
    assert len(set(in_plan[:2])) == 2
    marks = {
        each.get("fill") for each in ET.fromstring(diary).iter(f"{SPACE}rect") if each.get("class") == "bar"
    }
    assert marks
    assert not marks & set(in_diary)


def fills_of(svg: str) -> list[str | None]:
    """What the phases of a picture are filled with, from above and from the left."""
    spans = [each for each in ET.fromstring(svg).iter(f"{SPACE}rect") if each.get("class") == "span"]
    return [each.get("fill") for each in spans]


def test_what_was_planned_stands_beside_what_was_done() -> None:
    history = lived(RUNNER, ran(18), ran(16, run_pain=2), ran(12, weeks_missed=1))
    diary = diary_of(PART, history)
    assert [(each.number, each.planned, each.done, each.pain, each.told) for each in diary.weeks] == [
        (1, 18, 18, 0, "reported"),
        (2, 18, 16, 2, "reported"),
        (3, 12.8, None, None, "missed"),
        (4, 12.8, 12, 0, "reported"),
    ]  # fmt: skip
    assert [each.days for each in diary.weeks][:2] == ["1 Mar to 7 Mar", "8 Mar to 14 Mar"]


def test_planned_and_done_are_told_apart_without_colour() -> None:
    root = ET.fromstring(picture_of(diary_of(PART, lived(RUNNER, ran(18), ran(9)))).svg)
    boxes = [
        each
        for each in root.iter(f"{SPACE}rect")
        if float(each.attrib["height"]) > 20 and "class" in each.attrib
    ]
    planned = [each for each in boxes if each.attrib["class"] == "unknown"]
    done = [each for each in boxes if each.attrib["class"] == "bar"]
    assert [float(each.attrib["height"]) for each in planned] == pytest.approx([108, 108])
    assert [float(each.attrib["height"]) for each in done] == pytest.approx([108, 54])
    assert all(each.attrib["fill"].startswith("url(#") for each in done)


def test_the_phases_follow_the_check_ins_and_bear_the_names_of_the_plan() -> None:
    history = lived(RUNNER, *[ran(18)] * 4, ran(21.6), ran(25.9))
    assert [(each.name, each.first, each.last) for each in diary_of(PART, history).phases] == [
        ("Four weeks of the same amount", 1, 4),
        ("Step by step more", 5, 6),
    ]


def test_a_week_that_was_missed_itself_counts_as_missed(checkin_part: afterrun.Rulebook) -> None:
    history = lived(RUNNER, ran(18))
    kept = history.check_ins[0]
    missed = history._replace(check_ins=(kept._replace(answers={"weeks_missed": 1, "volume_done": 0}),))
    assert [each.told for each in diary_of(checkin_part, missed).weeks] == ["missed"]
