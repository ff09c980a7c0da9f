"""Runners who live through a year of weekly check-ins, and the laws that no week of theirs may break.

A runner has an intake that begins a programme, a knee whose pain drifts, and habits: to miss weeks, skip
sessions, run more or less than planned, want more, leave a question blank. One seed is one runner, so the
same seed is the same year.
"""

from __future__ import annotations

import copy
import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from afterrun import CheckIn, Engine, Rulebook, Schedule, assess
from afterrun.assessment import part_of
from afterrun.diary import DiaryError, History, KeptCheckIn, Standing, schedules_of, step
from afterrun.diary.standing import begin
from afterrun.intake import runnable
from afterrun.rulebook.schema import Quantity
from tests.support.random_input.intakes import CALM, random_intake

START = date(2027, 3, 1)
A_RUN = 0.1
"""Less than so much is no running."""
WEEKS = 52
YEARS = 5
"""How long a runner whose year brought no end may take to come to one; 5 % a week from little is slow."""
CEILING = Fraction(130, 100)
GAPS = (1, 1, 1, 2, 2, 3, 4, 5, 8, 13)
ENDS = {
    "stop_and_get_assessed": "stopped for assessment",
    "routine_review": "review",
    "hold_at_goal": "reached goal",
}
STRENGTH_WEEKS = 12
STRONGER = "twelve weeks of strength done"
ENDLESS = ("full_range_strength", "outer_knee_advice", "run_within_limit")
"""What has no end of its own: from then on it goes on for as long as it does good."""
HOLDS = ("hold", "keep")
PATIENCE = 8
"""Check-ins in a row within which whoever misses nothing must get on, be held for a reason, or be sent on."""
PLANNED_SESSIONS = {"tendon_loading": 3, "full_range_strength": 2, "kneecap_programme": 3}
CEILINGS = {"tendon_loading": 5, "full_range_strength": 3, "kneecap_programme": 2}
SIGNS = ("calf_swollen", "gives_way", "night_pain", "not_sure", "within_week")


class Lived(NamedTuple):
    """One check-in of a year."""

    week: int
    """Of the year."""
    before: Standing
    answers: Mapping[str, Any]
    said: CheckIn
    after: Standing


@dataclass
class Year:
    """What became of one runner."""

    seed: int
    intake: Mapping[str, Any]
    first: Standing
    lived: list[Lived] = field(default_factory=list)
    runner: _Runner | None = field(default=None, compare=False, repr=False)

    @property
    def outcome(self) -> str:
        """Where the year ended; a hold bears its reason."""
        actions = [action for each in self.lived for action in each.said.actions]
        for action, name in ENDS.items():
            if action in actions:
                return name
        last = next((each for each in reversed(self.lived) if each.said.actions), None)
        if last is None:
            return "no check-in was answered"
        if last.after.programme in ENDLESS and last.after.week > STRENGTH_WEEKS:
            return STRONGER
        if last.answers.get("weeks_missed"):
            return "back from missed weeks"
        held = next((action for action in HOLDS if action in last.said.actions), None)
        return f"held: {held}" if held else f"on the way: {last.after.programme}"

    @property
    def standing(self) -> Standing:
        """Where the runner stands at the end of it."""
        return self.lived[-1].after if self.lived else self.first

    @property
    def ended(self) -> bool:
        """Whether it came to an end: goal, review or stop."""
        return self.outcome in (*ENDS.values(), STRONGER)

    @property
    def held(self) -> bool:
        """Whether it is held, with the reason in its outcome."""
        return self.outcome.startswith("held: ")

    @property
    def weeks(self) -> int:
        """Weeks until the outcome, or of the year."""
        for each in self.lived:
            if any(action in each.said.actions for action in ENDS):
                return each.week
        return self.lived[-1].week if self.lived else 0

    @property
    def longest_stay(self) -> int:
        """The most check-ins in a row that left the programme and its week as they were."""
        longest = now = 0
        for each in self.lived:
            same = (each.before.programme, each.before.week) == (each.after.programme, each.after.week)
            now = now + 1 if same else 0
            longest = max(longest, now)
        return longest


class _Runner:
    """A knee and its habits."""

    def __init__(self, seed: int) -> None:
        self.chance = chance = random.Random(seed)
        self.pain = chance.uniform(0, 6)
        self.heals = chance.gauss(0.12, 0.15)
        self.shaky = chance.uniform(0.2, 1.5)
        self.misses = chance.choice((0.0, 0.02, 0.05, 0.15))
        self.skips = chance.choice((0.0, 0.05, 0.2))
        self.strays = chance.choice((0.0, 0.1, 0.4))
        self.wants = chance.choice((0.0, 0.1, 0.4))
        self.blanks = chance.choice((0.0, 0.0, 0.0, 0.05))
        self.signs = chance.choice((0.0, 0.0, 0.004))
        self.able = chance.choice((20, 40, 80))

    def keeps_to_the_plan(self) -> None:
        """From now on nothing is missed, skipped or left blank, and as much is run as planned."""
        self.misses = self.skips = self.strays = self.wants = self.blanks = 0.0
        self.able = 1000

    def week(self, standing: Standing) -> dict[str, Any]:
        """What the runner answers at a check-in."""
        chance = self.chance
        self.pain = min(10.0, max(0.0, self.pain - self.heals + chance.gauss(0, self.shaky / 2)))
        gap = chance.choice(GAPS) if chance.random() < self.misses else 0
        answers: dict[str, Any] = {
            "new_warning_signs": [chance.choice(SIGNS)] if chance.random() < self.signs else ["none"],
            "weeks_missed": gap,
            "next_morning": "higher"
            if chance.random() * 12 < self.pain
            else chance.choice(("same", "lower")),
        }
        if standing.programme in PLANNED_SESSIONS:
            answers |= self._sessions(standing.programme)
        else:
            answers |= self._runs(standing)
        # Who looks for an amount finds one some day; who begins anew mostly has a guess.
        guesses = 0.25 if standing.programme == "find_pain_free_volume" else 0.8
        told = chance.choice((0, 4, 9.5, 15, 22)) if chance.random() < guesses else "unknown"
        answers["volume_sustainable"] = told
        for key in list(answers):
            if chance.random() < self.blanks:
                del answers[key]
        if "volume_unit" not in standing.facts:
            answers["volume_unit"] = "km"
        return answers

    def _felt(self, more: float = 0) -> int:
        return round(min(10.0, max(0.0, self.pain + more + self.chance.gauss(0, self.shaky))))

    def _sessions(self, programme: str) -> dict[str, Any]:
        planned, ceiling = PLANNED_SESSIONS[programme], CEILINGS[programme]
        felt = self._felt()
        done = planned - sum(self.chance.random() < self.skips for _ in range(planned))
        answers = {"sessions_done": done, "sessions_planned": planned, "session_pain": felt}
        answers["reps_in_reserve"] = self.chance.choice((0, 1, 2, 2, 3, 3, 4, 5))
        if felt > ceiling:
            answers["session_pain_less_depth"] = less = max(0, felt - self.chance.randint(0, 3))
            if less > ceiling:
                answers["session_pain_less_weight"] = max(0, less - self.chance.randint(0, 3))
        if programme == "tendon_loading":
            # Some run in the weeks without running.
            ran = self.chance.choice((3, 5)) if self.chance.random() < self.strays / 4 else 0
            answers |= {"volume_done": ran, "run_pain": self._felt()} if ran else {"volume_done": 0}
        return answers

    def _runs(self, standing: Standing) -> dict[str, Any]:
        chance = self.chance
        answers: dict[str, Any] = {}
        planned = chance.choice((0, 3, 8)) if standing.amount is None else standing.amount
        factor = chance.choice((0, 0.3, 0.8, 1.1, 1.3, 1.6)) if chance.random() < self.strays else 1
        done = round(min(planned * factor, self.able), 2)
        felt = self._felt(1.5 * max(0, factor - 1) + max(0.0, done / self.able - 0.8) * 5)
        # A calm knee takes running well; what is left of pain is often not felt in a run.
        felt = max(0, felt - 2) if done else 0
        if chance.random() < self.wants:
            wish = (done or planned) * chance.choice((0.9, 1.05, 1.1, 1.2, 1.3, 1.31, 1.6))
            answers["volume_wanted"] = round(wish, 2)
        if standing.programme == "gradual_ramp" and "volume_goal" not in standing.facts:
            answers |= {"volume_goal": chance.choice((10, 20, 30, 45))} if chance.random() < 0.3 else {}
        return {**answers, "volume_done": done, "run_pain": felt}


def year_of(part: Rulebook, seed: int, *, engine: Engine = "compiled") -> Year:
    """The year of one runner, or the part of it until the plan stops or a review is due."""
    runner = _Runner(seed)
    intake, standing = _enrolled(part, runner.chance, engine)
    year = Year(seed, intake, standing, runner=runner)
    _live(part, year, WEEKS, engine)
    return year


def lives_on(part: Rulebook, year: Year) -> Year:
    """What becomes of a runner who keeps to the plan after that year; it ends at the goal, too."""
    runner = copy.deepcopy(year.runner)
    assert runner is not None
    runner.keeps_to_the_plan()
    later = Year(year.seed, year.intake, year.standing, runner=runner)
    _live(part, later, YEARS * WEEKS, "compiled", until_goal=True)
    return later


def _live(part: Rulebook, year: Year, weeks: int, engine: Engine, *, until_goal: bool = False) -> None:
    assert year.runner is not None
    week = 0
    while week < weeks and not year.standing.stopped:
        standing = year.standing
        answers = year.runner.week(standing)
        week += 1 + answers.get("weeks_missed", 0)
        said, following = step(part, standing, year.intake, answers, engine=engine)
        year.lived.append(Lived(week, standing, answers, said, following))
        if "routine_review" in said.actions or (until_goal and "hold_at_goal" in said.actions):
            break


def history_of(year: Year) -> History:
    """The diary that the runner would have kept; a report that was refused is not in it."""
    noted = datetime.combine(START, datetime.min.time())
    written = [each for each in year.lived if each.said.actions]
    kept = [
        KeptCheckIn(
            number,
            each.week,
            START + timedelta(days=7 * each.week - 1),
            noted,
            each.answers,
            False,
            each.said.to_dict(),
            each.said.rulebook,
            each.after,
        )
        for number, each in enumerate(written, 1)
    ]
    return History("me", 1, START, noted, year.intake, {}, {}, year.first, tuple(kept))


def plan_faults(part: Rulebook, year: Year) -> Iterator[str]:
    """What is wrong with the dated weeks that the diary gives after each check-in."""
    history = history_of(year)
    for number, schedule in enumerate(schedules_of(part, history)):
        kept = history.check_ins[number - 1] if number else None
        standing = history.first if kept is None else kept.standing
        for law, holds in _plan_laws(part.quantities["volume"], schedule, standing, kept):
            if not holds:
                yield f"{PLANNED}, {law}: seed {year.seed}, check-in {number}"


PLANNED = "the dated weeks are those of the last check-in"


def _plan_laws(
    volume: Quantity, schedule: Schedule, standing: Standing, kept: KeptCheckIn | None
) -> Iterator[tuple[str, bool]]:
    if standing.stopped:
        yield "none while stopped", not schedule.weeks
        return
    first = schedule.weeks[0]
    yield "the first not reported comes first", first.number == (kept.week + 1 if kept else 1)
    yield "in the week of the programme", first.plan_week == standing.week
    if standing.amount is not None and first.amount is not None and kept is not None:
        told = runnable(standing.amount, volume, schedule.unit)
        yield "with its amount", (first.amount.value or None) == told
    for week in schedule.weeks:
        if "tendon_loading" in week.courses:
            runs = any(session.kind in ("run", "walk_run") for session in week.sessions)
            yield "none runs in the ban", not runs and (week.amount is None or week.amount.value == 0)
    for before, week in itertools.pairwise(schedule.weeks):
        if before.amount and week.amount and before.amount.value and week.amount.value:
            yield (
                "no ramp above the ceiling",
                (
                    week.amount.course != "gradual_ramp"
                    or _exact(week.amount.value) <= _exact(before.amount.value) * CEILING
                    # A few steps cannot rise by whole ones and stay below.
                    or _exact(week.amount.value) < 12 * volume.step_of(schedule.unit)
                ),
            )


def replay(part: Rulebook, year: Year, *, engine: Engine = "compiled") -> list[Standing]:
    """The standings of a year told from its intake and its answers alone."""
    _, base = part_of(part)
    standings = [begin(part, assess(base, year.intake, engine=engine))]
    for each in year.lived:
        standings.append(step(part, standings[-1], year.intake, each.answers, engine=engine)[1])
    return standings


def _enrolled(part: Rulebook, chance: random.Random, engine: Engine) -> tuple[dict[str, Any], Standing]:
    _, base = part_of(part)
    while True:
        intake = random_intake(base, chance, CALM)
        # Most random intakes lead to no programme; the amounts of the others are brought within reason.
        for key in ("volume_sustainable", "volume_last_week", "volume_before"):
            if isinstance(intake.get(key), int | float):
                intake[key] = chance.choice((6, 12, 18.5, 25))
        if isinstance(intake.get("volume_goal"), int | float):
            intake["volume_goal"] = chance.choice((10, 20, 30, 45))
        try:
            return intake, begin(part, assess(base, intake, engine=engine))
        except DiaryError:
            continue


def faults(year: Year) -> Iterator[str]:
    """The laws that a year breaks, each with the week."""
    for each in year.lived:
        for law, holds in _laws(each):
            if not holds:
                yield f"{law}: seed {year.seed}, week {each.week}"
    waited = 0
    for each in year.lived:
        waited = 0 if _gets_on(each) else waited + 1
        if waited > PATIENCE:
            yield f"{STUCK}: seed {year.seed}, week {each.week}"


def _gets_on(each: Lived) -> bool:
    """Whether a check-in moves the runner on, holds them for a reason, ends the plan, or is not whole."""
    if (
        each.said.open_questions
        or each.answers.get("weeks_missed")
        or each.answers.get("sessions_done", 0) < each.answers.get("sessions_planned", 0)
        or each.answers.get("volume_done", 1) < A_RUN
    ):
        return True
    if {*ENDS, *HOLDS}.intersection(each.said.actions):
        return True
    before, after = each.before, each.after
    return (
        before.programme != after.programme
        or after.week > before.week
        or (after.amount or 0) > (before.amount or 0)
    )


RAMP, BACK, CLAIM, GAP, BAN, REASON, SIGN, STUCK = (
    "a ramp week rises 30 % at most on what was run",
    "a step back for pain never leads above what hurt",
    "flat weeks begin a fifth below what is claimed, and with no more than was run or tolerated",
    "after a gap nothing exceeds the last tolerated amount",
    "no running while the ban stands",
    "a check-in that says nothing asks for what is missing, and every action has its proof",
    "a warning sign stops the plan",
    f"nobody waits more than {PATIENCE} full check-ins for a step, a reason to hold, or a review",
)
LAWS = (RAMP, BACK, CLAIM, GAP, BAN, REASON, SIGN, STUCK)


def _laws(each: Lived) -> Iterator[tuple[str, bool]]:
    said, answers = each.said, each.answers
    following = said.plan.get("next_volume")
    done, missed = answers.get("volume_done"), answers.get("weeks_missed")
    a_run = 1 if each.before.facts.get("volume_unit") == "min" else A_RUN
    if following is not None:
        tolerated = each.before.facts.get("last_tolerated_volume", said.answers.get("baseline_volume"))
        if missed and each.before.programme in ("running_baseline", "gradual_ramp"):
            yield GAP, tolerated is not None and _exact(following) <= _exact(tolerated)
        elif each.after.programme == "gradual_ramp" and done is not None and done >= a_run:
            yield RAMP, _exact(following) <= _exact(done) * CEILING
        if "step_back" in said.actions and not missed and done is not None and done >= a_run:
            yield BACK, _exact(following) <= _exact(done)
    # A diary writes down none that is not whole.
    if not said.open_questions and {"start_running_baseline", "restart_baseline"}.intersection(said.actions):
        told, flat = answers.get("volume_sustainable"), each.after.facts.get("baseline_volume")
        claim = told if isinstance(told, int | float) else 0
        known = claim >= A_RUN
        # After the tendon weeks the bound is what was run before them.
        tolerated = (
            (each.before.facts.get("last_tolerated_volume") or 0)
            if each.before.programme != "tendon_loading"
            else 0
        )
        ran = max(done or 0, tolerated) if each.before.programme == "find_pain_free_volume" else tolerated
        yield CLAIM, (flat is None) != known
        if known:
            yield CLAIM, (flat or 0) <= round(0.8 * claim, 2) and (not ran or (flat or 0) <= ran)
        yield CLAIM, (each.after.programme == "running_baseline") == known
    if each.after.programme == "tendon_loading":
        running = said.plan.get("running_volume", 0)
        yield BAN, following is None and running in (0, None) and each.after.amount in (0, None)
    yield REASON, bool(said.actions or said.open_questions) and set(said.actions) <= set(said.because)
    if set(answers.get("new_warning_signs", ())) - {"none"}:
        yield SIGN, said.actions == ("stop_and_get_assessed",) and each.after.stopped


def _exact(number: float) -> Fraction:
    return Fraction(str(number))
