"""What a person's own files can say to which question: `knowledge/history.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from afterrun.rulebook.schema.names import OptionId, QuestionId, Sources, Text, UnitId
from afterrun.rulebook.schema.written import SOME, Limits, Written

Days = Annotated[int, Limits(ge=1, le=366)]
Weeks = Annotated[int, Limits(ge=1, le=104)]
Habit = Literal["stopped", "restarted", "begun", "more", "same"]
"""What the runs of some months look like, by the rulebook's own words on regular running."""


class Regular(Written):
    """What is called regular running, a break of it, and a beginning."""

    days: Days
    """So many days with a run make running regular, if they lie close enough."""
    within: Days
    """Within so many days they do, the first and the last counted."""
    stopped_days: Days
    """Who has not run for so many days has stopped for now."""
    break_weeks: Weeks
    """From regular running to regular running, so many weeks and more are a break."""
    back_weeks: Weeks
    """For so many weeks after a break one is back from it."""
    begun_weeks: Weeks
    """Who ran for the first time within so many weeks is new to it."""
    begun_after_weeks: Weeks
    """If the files show so many weeks without any run before that."""
    more_weeks: Weeks
    """The last so many weeks are held against those before them, since a break would be seen."""
    more_percent: Decimal
    """They are more where they exceed an average week before by at least this much."""
    why: Text
    sources: Sources

    def __post_init__(self) -> None:
        """The days can lie close enough, and there are weeks to hold the last ones against."""
        if self.days > self.within:
            raise ValueError("'days' is more than 'within': so many days with a run cannot lie in so few")
        if self.days < 2:
            raise ValueError("'days' is at least 2: one run alone is not regular running")
        if self.more_weeks >= self.seen_weeks:
            raise ValueError("'more_weeks' is less than 'break_weeks' and 'back_weeks' together")

    @property
    def seen_weeks(self) -> int:
        """So many weeks must be seen to say that there was no break that one is still back from."""
        return self.break_weeks + self.back_weeks


class Measured(Written):
    """How much one unit is, in what files count in."""

    metres: Decimal | None = None
    seconds: Decimal | None = None

    def __post_init__(self) -> None:
        """One of both, and more than nothing."""
        told = [each for each in (self.metres, self.seconds) if each is not None]
        if len(told) != 1 or told[0] <= 0:
            raise ValueError("takes either 'metres' or 'seconds', a number above 0")

    @property
    def size(self) -> Decimal:
        """So many metres, or seconds."""
        size = self.seconds if self.metres is None else self.metres
        assert size is not None
        return size


class Window(Written):
    """The runs of some days up to a day, that day included."""

    days: Days
    before: Annotated[int, Limits(ge=0, le=366)] = 0
    """Without the last so many of all days."""


class Offered(Written):
    """What the files say to one question, in one of these ways."""

    question: QuestionId
    total: Window | None = None
    """All runs of these days together."""
    weekly_mean: Window | None = None
    """The same by the week."""
    longest: Window | None = None
    """The longest run of these days."""
    length_of_break: bool = False
    """How many whole weeks went by without regular running: up to the restart, or to the day."""
    spoken_for: Annotated[Mapping[OptionId, Habit], SOME] | None = None
    """Which option each habit speaks for."""
    why: Text
    sources: Sources

    def __post_init__(self) -> None:
        """One way, and whole weeks where there is a mean of weeks."""
        ways = ("total", "weekly_mean", "longest", "length_of_break", "spoken_for")
        if len(self.given().keys() & set(ways)) != 1:
            raise ValueError(f"takes exactly one of {', '.join(ways)}")
        if self.weekly_mean is not None and self.weekly_mean.days % 7:
            raise ValueError("'weekly_mean' takes whole weeks: its 'days' are a multiple of 7")
        if self.spoken_for is not None and len({*self.spoken_for.values()}) < len(self.spoken_for):
            raise ValueError("'spoken_for' names one habit for two options")

    @property
    def days(self) -> Window | None:
        """The days whose runs are added up, or looked through for the longest."""
        return self.total or self.weekly_mean or self.longest


class WrittenHistory(Written):
    """What is offered of a person's own files; what is about safety never is."""

    units: Mapping[UnitId, Measured] = {}
    """Every unit of the amounts that are offered; a part of a rulebook has those of the main one too."""
    regular: Regular | None = None
    """Needed where the length of a break is offered, or a habit speaks for an option."""
    offers: Annotated[tuple[Offered, ...], SOME]

    def __post_init__(self) -> None:
        """What leans on regular running has it."""
        leans = any(each.length_of_break or each.spoken_for for each in self.offers)
        if leans and self.regular is None:
            raise ValueError("lacks 'regular': an offer of it speaks of regular running")
