"""The same run in two recordings counts once, and two runs count twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterrun.history.doubles import Recording, grouped, same
from afterrun.history.formats.activity import Sport
from afterrun.history.runs import Found

START = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


def recording(
    second: int = 0,
    metres: float | None = 10_000,
    seconds: float | None = 3_600,
    *,
    file: str = "a",
    place: str = "",
    moving: bool = False,
    sport: Sport | None = "run",
    only_day: bool = False,
) -> Recording:
    began = START + timedelta(seconds=second)
    return Recording(began, metres, seconds, sport, moving, only_day, Found(file, file, place))


def files(*recordings: Recording) -> list[list[str]]:
    return [[each.found.file for each in group] for group in grouped(recordings)]


@pytest.mark.parametrize(
    ("second", "metres", "one"),
    [
        (0, 10_000, True),
        (120, 10_000, True),
        (121, 10_000, False),
        (-120, 10_000, True),
        (0, 9_700, True),
        (0, 9_699, False),
        (0, 10_309, True),
        (0, 10_310, False),
        (120, 9_700, True),
    ],
)
def test_two_minutes_and_three_percent(second: int, metres: float, one: bool) -> None:
    found = files(recording(), recording(second, metres, file="b"))
    assert len(found) == (1 if one else 2)


def test_the_recording_that_knows_more_is_kept() -> None:
    assert files(recording(file="a"), recording(file="b", moving=True)) == [["b", "a"]]
    assert files(recording(metres=None, moving=True, file="a"), recording(file="b")) == [["b", "a"]]
    assert files(recording(seconds=None, file="a"), recording(file="b")) == [["b", "a"]]
    assert files(recording(sport=None, moving=True, file="a"), recording(file="b")) == [["b", "a"]]
    assert files(recording(file="b"), recording(file="a")) == [["a", "b"]]


def test_a_chain_of_doubles_is_one_run() -> None:
    chain = [recording(100 * at, file=str(at)) for at in range(4)]
    assert files(*chain) == [["0", "1", "2", "3"]]
    assert files(*chain[:1], *chain[2:]) == [["0"], ["2", "3"]]


def test_a_recording_without_a_distance_belongs_to_what_went_on_at_its_time() -> None:
    bare = recording(60, None, 3_500, file="bare")
    assert files(recording(), bare) == [["a", "bare"]]
    assert files(recording(121), recording(0, None, file="bare")) == [["bare"], ["a"]]
    # A start pressed twice: the first was over when the second began.
    assert files(recording(0, 50, 20), bare) == [["a"], ["bare"]]
    assert files(bare, bare._replace(found=Found("other", "", ""))) == [["bare", "other"]]


def test_a_recording_without_a_distance_makes_no_one_of_two() -> None:
    between = recording(50, None, file="bare")
    two = [recording(0, 5_000, file="a"), recording(110, 10_000, file="b")]
    assert files(*two, between) == [["a", "bare"], ["b"]]


def test_a_day_without_its_hour_is_the_same_run_only_in_another_file() -> None:
    midnight = -7 * 3_600
    noted = recording(midnight, 10_100, None, file="diary", place="row 1", only_day=True)
    again = noted._replace(found=Found("diary", "", "row 2"))
    assert files(recording(), noted) == [["a", "diary"]]
    assert files(recording(), noted, again) == [["diary"], ["a", "diary"]]
    assert files(noted, again) == [["diary"], ["diary"]]
    assert files(recording(metres=8_000), noted) == [["diary"], ["a"]]
    assert files(noted, noted._replace(found=Found("other", "", ""))) == [["diary", "other"]]
    assert files(recording(metres=None), noted) == [["diary"], ["a"]]


RECORDINGS = st.lists(
    st.builds(
        recording,
        st.integers(-400, 400),
        st.one_of(st.none(), st.integers(9_000, 11_000)),
        st.one_of(st.none(), st.integers(30, 4_000)),
        file=st.sampled_from("abcdef"),
        moving=st.booleans(),
        sport=st.sampled_from(["run", "trail", None]),
        only_day=st.just(False),
    ),
    max_size=14,
    unique_by=lambda each: each.order,
)


@given(RECORDINGS, st.data())
def test_the_order_of_recordings_does_not_matter(recordings: list[Recording], data: st.DataObject) -> None:
    assert grouped(data.draw(st.permutations(recordings))) == grouped(recordings)


@given(RECORDINGS)
def test_nothing_is_lost_and_nothing_made(recordings: list[Recording]) -> None:
    assert sorted(each.order for group in grouped(recordings) for each in group) == sorted(
        each.order for each in recordings
    )


@given(RECORDINGS)
def test_those_with_distances_are_one_exactly_where_a_chain_of_pairs_joins_them(
    recordings: list[Recording],
) -> None:
    """Against the plainest way to say it, pair by pair."""
    known = [each for each in recordings if each.metres is not None]
    chains: list[set[Recording]] = []
    for each in known:
        touched = [chain for chain in chains if any(same(each, other) for other in chain)]
        chains = [chain for chain in chains if chain not in touched] + [{each}.union(*touched)]
    groups = [{each for each in group if each.metres is not None} for group in grouped(recordings)]
    assert sorted(sorted(each.order for each in group) for group in groups if group) == sorted(
        sorted(each.order for each in chain) for chain in chains
    )
