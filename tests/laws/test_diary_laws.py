"""Laws of a diary that anyone may hammer on: signs, corrections, weeks forgotten, in any order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.diary import Diary, History, NewPlan, schedules_of
from afterrun.schedule import EVERY, WEEKDAYS, Away, Preferences
from tests.diary.test_onward import STRENGTH, TENDON, UNKNOWN
from tests.schedule.test_weeks import SAME, STRONG
from tests.support.diaries.replay import Known, replay
from tests.support.diaries.simulation import PLANNED_SESSIONS, SIGNS
from tests.support.diaries.weeks import START, at, runner

LIVES, ACTS = 24, 14
INTAKES = (runner(), UNKNOWN, {**TENDON, **SAME, **STRONG}, STRENGTH)


class Life:
    """One person with a diary, and what they do to it from day to day."""

    def __init__(self, diary: Diary, part: afterrun.Rulebook, seed: int) -> None:
        self.diary, self.part, self.chance = diary, part, random.Random(seed)
        self.today = START
        self.refused = self.done = 0
        self._enrol(INTAKES[seed % len(INTAKES)])

    def _enrol(self, intake: dict[str, Any], **more: Any) -> None:
        assert self.part.base is not None
        result = afterrun.assess(self.part.base, intake)
        self.diary.enrol(self.part, intake, result, NewPlan("me", self.today, self.now, **more))

    @property
    def now(self) -> datetime:
        return at(self.today)

    def act(self) -> None:
        """Do one thing, sensible or not; a refusal leaves everything as it was."""
        self.today += timedelta(days=self.chance.choice((0, 1, 7, 7, 7, 7, 21)))
        before = self.diary.history("me")
        reports = [self._report] * 3
        acts = [*reports, self._correct, self._sign, self._resume, self._take_back, self._settle, self._anew]
        try:
            self.chance.choice(acts)(before)
            self.done += 1
        except afterrun.AfterrunError:
            self.refused += 1
            assert self.diary.history("me") == before
        after = self.diary.history("me")
        if after.number == before.number:
            # A stop stays written down, whether it was seen to or taken back.
            kept = before.holding.number - 1 if before.holding is not None else len(before.check_ins)
            assert after.check_ins[:kept] == before.check_ins[:kept]
            assert _stops(after) >= _stops(before)

    def _take_back(self, history: History) -> None:
        self.diary.take_back(history, self.now)

    def _week(self, history: History) -> dict[str, Any]:
        chance, programme = self.chance, history.standing.programme
        answers: dict[str, Any] = {
            "new_warning_signs": ["none"],
            "weeks_missed": chance.choice((0, 0, max(0, self._gone(history) - 1), 1)),
            "next_morning": chance.choice(("lower", "same", "higher")),
            "volume_sustainable": chance.choice(("unknown", 0, 8)),
        }
        if programme in PLANNED_SESSIONS:
            answers |= {"sessions_done": chance.choice((2, 3)), "session_pain": chance.choice((1, 4, 5))}
            return {**answers, "reps_in_reserve": chance.choice((1, 2, 5))}
        done = chance.choice((0, history.standing.amount or 3, 9))
        return {
            **answers,
            "volume_done": done,
            "volume_unit": "km",
            "run_pain": chance.choice((0, 0, 1, 7, 9)),
        }

    def _gone(self, history: History) -> int:
        return ((self.today - history.start).days + 1) // 7 - history.next_week + 1

    def _report(self, history: History) -> None:
        seen = self.chance.random() < 0.5
        self.diary.check_in(self.part, history, self._week(history), self.today, self.now, seen=seen)

    def _correct(self, history: History) -> None:
        self.diary.correct(self.part, history, self._week(history), self.now)

    def _sign(self, history: History) -> None:
        answers = {"new_warning_signs": [self.chance.choice(SIGNS)]}
        self.diary.check_in(self.part, history, answers, self.today, self.now)

    def _resume(self, history: History) -> None:
        self.diary.resume(history, self.today, self.now)

    def _settle(self, history: History) -> None:
        chance = self.chance
        days = tuple(chance.sample(WEEKDAYS, chance.randint(0, 7)))
        first = self.today + timedelta(days=chance.randint(-9, 20))
        wished = Preferences(
            days={chance.choice((EVERY, "run", "tendon_loading", "nonsense")): days} if days else {},
            runs=chance.choice((None, 2, 4, 9)),
            at={EVERY: chance.choice(("06:30", "19:00"))},
            away=(Away(first, first + timedelta(days=chance.randint(-1, 15))),),
        )
        facts = chance.choice(({}, {}, {"volume_goal": 35}, {"volume_goal": None}))
        self.diary.settle(self.part, history, wished, facts, self.now)

    def _anew(self, history: History) -> None:
        if self.chance.random() < 0.2:
            intake = dict(self.chance.choice(INTAKES))
            self._enrol(intake, again=True, seen=self.chance.random() < 0.5)


@pytest.fixture
def lives(tmp_path: Path, checkin_part: afterrun.Rulebook) -> Iterator[Life]:
    def born() -> Iterator[Life]:
        for seed in range(LIVES):
            diary = Diary(str(tmp_path / f"{seed}.sqlite"))
            yield Life(diary, checkin_part, seed)
            diary.close()

    return born()


@pytest.mark.slow
def test_whatever_is_done_the_diary_tells_one_story(
    lives: Iterator[Life], checkin_part: afterrun.Rulebook
) -> None:
    done = refused = 0
    known: Known = {}
    for life in lives:
        for _ in range(ACTS):
            life.act()
            history = life.diary.history("me")
            assert replay(checkin_part, history, known) == [
                history.first, *(each.standing for each in history.check_ins)
            ]  # fmt: skip
            _holds(checkin_part, history, life.today)
        for old, new in zip(life.diary.all_of("me"), life.diary.all_of("me")[1:], strict=False):
            assert new.seen or not old.standing.stopped
        done, refused = done + life.done, refused + life.refused
    assert done > LIVES * 4
    assert refused > LIVES


def _stops(history: History) -> int:
    told = (each for kept in history.check_ins for each in (*kept.corrected, kept))
    return sum(each.standing.stopped for each in told)


def _holds(part: afterrun.Rulebook, history: History, today: date) -> None:
    reported = [each.week for each in history.check_ins if history.reports(each)]
    assert reported == sorted(set(reported))
    assert [each.number for each in history.check_ins] == list(range(1, len(history.check_ins) + 1))
    assert all(each.day <= today for each in history.check_ins)
    schedules = schedules_of(part, history)
    told = sum(1 + len(each.corrected) for each in history.check_ins)
    assert len(schedules) == 1 + told + len(history.settings)
    wished = Preferences.of(history.preferences_now)
    since = max([history.noted_at, *(each.noted_at for each in history.settings)])
    for session in schedules[-1].sessions:
        if not session.checks_in and session.at >= since:
            assert wished.is_free(session.at.date())
    if history.standing.stopped:
        assert schedules[-1].weeks == ()
        return
    assert schedules[-1].weeks[0].number == history.next_week
    if history.standing.programme == "tendon_loading" and "tendon_loading" in schedules[-1].weeks[0].courses:
        assert schedules[-1].weeks[0].amount is None or schedules[-1].weeks[0].amount.value == 0
