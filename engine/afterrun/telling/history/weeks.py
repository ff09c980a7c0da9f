"""What was run week by week, as bars for a terminal and a page, and as a picture that stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from afterrun.history import RunningHistory, RunWeek, weeks_up_to
from afterrun.intake import measure_of, on_day
from afterrun.rulebook import Rulebook, number_words
from afterrun.schedule import Scale, axis_top, bar, day_words, document, grid, marked, rect, text
from afterrun.telling.history.words import amount_in
from afterrun.telling.page import Bar, Chart, Section

NOT_KNOWN = "not in your files"
LEFT, RIGHT, TALL, STEP = 64, 24, 200, 54


class ShownWeek(NamedTuple):
    """A week as it is drawn."""

    week: RunWeek
    amount: Fraction
    """In the unit, of the runs that have it."""
    lacking: int
    """Runs that do not."""

    @property
    def told(self) -> str:
        """Its amount, or that nothing is known of it."""
        if not self.week.known and not self.week.runs:
            return NOT_KNOWN
        if self.week.runs and self.lacking == len(self.week.runs):
            return "?"
        return number_words(self.amount)


class ShownWeeks(NamedTuple):
    """The weeks up to a day, in one unit."""

    title: str
    notes: tuple[str, ...]
    """What the bars leave out, in sentences."""
    weeks: tuple[ShownWeek, ...]
    unit: str

    @property
    def highest(self) -> Fraction:
        """The most of any week."""
        return max((each.amount for each in self.weeks), default=Fraction(0))


def shown_weeks(rulebook: Rulebook, history: RunningHistory, today: date, unit: str) -> ShownWeeks:
    """The last weeks, with what each holds in a unit."""
    weeks = tuple(_shown(rulebook, each, unit) for each in weeks_up_to(history, today))
    missing = sum(each.may_fall_within(weeks[0].week.first, today) for each in history.left_out)
    notes = [*_notes(rulebook, weeks, unit)]
    if missing:
        notes.append(
            f"{missing} of what was left out may be {'a run' if missing == 1 else 'runs'} of these weeks."
        )
    return ShownWeeks(f"Running: {len(weeks)} weeks up to {on_day(today)}, {unit}", tuple(notes), weeks, unit)


def weeks_section(shown: ShownWeeks) -> Section:
    """The weeks as bars below each other."""
    begun = next((place for place, each in enumerate(shown.weeks) if each.told != NOT_KNOWN), 0)
    bars = [_bar(shown, each) for each in shown.weeks[begun:]]
    if begun > 1:
        before = day_words(shown.weeks[begun - 1].week.last)
        bars.insert(0, _bar(shown, shown.weeks[0])._replace(words=f"to {before}: {NOT_KNOWN}"))
    elif begun:
        bars.insert(0, _bar(shown, shown.weeks[0]))
    chart = Chart(("from", "runs", shown.unit), tuple(bars), "", "  {:>6}  {:>4}  {:>6}  ", 34)
    return Section(shown.title, note=" ".join(shown.notes), chart=chart)


def _bar(shown: ShownWeeks, week: ShownWeek) -> Bar:
    """A week as a row: when it begins, its runs, and what they come to."""
    known = week.told != NOT_KNOWN
    return Bar(
        (day_words(week.week.first), str(len(week.week.runs) or ""), week.told if known else ""),
        float(week.amount / (shown.highest or 1)),
        words="" if known else NOT_KNOWN,
    )


def weeks_svg(shown: ShownWeeks, *, styled: bool = True) -> str:
    """The weeks as an SVG that stands alone; its words say the same to those who do not see it.

    Not `styled` it is for a page whose own style holds what a picture needs.
    """
    right = LEFT + STEP * len(shown.weeks)
    top = 46.0 + 18 * len(shown.notes)
    scale = Scale(LEFT, right, 0, STEP, axis_top(float(shown.highest)), top + TALL + 12, TALL)
    drawn = [text(LEFT, 28, shown.title, "title")]
    drawn += [text(LEFT, 50 + 18 * place, note, "lead") for place, note in enumerate(shown.notes)]
    drawn += grid(scale, 4)
    for place, each in enumerate(shown.weeks):
        middle = scale.x(place) + STEP / 2
        if each.told == NOT_KNOWN:
            drawn.append(rect("unknown", scale.x(place) + 2, scale.floor - TALL, STEP - 4, TALL))
            drawn.append(text(middle, scale.floor + 34, "?", "value", "middle"))
        else:
            if each.amount:
                drawn.append(bar("bar", scale, place, float(each.amount), 0.72, marked("done")))
            drawn.append(text(middle, scale.floor + 34, each.told, "value", "middle"))
        drawn.append(text(middle, scale.floor + 17, day_words(each.week.first), "small", "middle"))
    drawn += [text(8, scale.floor + 17, "from", "small"), text(8, scale.floor + 34, shown.unit, "small")]
    if any(each.told == NOT_KNOWN for each in shown.weeks):
        drawn.append(text(LEFT, scale.floor + 54, f"?: {NOT_KNOWN}", "small"))
    words = " ".join((*shown.notes, *(f"{day_words(each.week.first)}: {each.told}." for each in shown.weeks)))
    return document(
        shown.title, words, scale.floor + 66, drawn, width=right + RIGHT, place="weeks", styled=styled
    )


def _shown(rulebook: Rulebook, week: RunWeek, unit: str) -> ShownWeek:
    amounts = [amount_in(rulebook, each.metres, each.seconds, unit) for each in week.runs]
    known = [each for each in amounts if each is not None]
    return ShownWeek(week, sum(known, Fraction(0)), len(amounts) - len(known))


def _notes(rulebook: Rulebook, weeks: Sequence[ShownWeek], unit: str) -> list[str]:
    lacking = sum(each.lacking for each in weeks)
    if not lacking:
        return []
    measure = measure_of(rulebook, unit)
    what = "distance" if measure is None or measure.metres is not None else "duration"
    return [f"{lacking} {'run has' if lacking == 1 else 'runs have'} no {what} and no part in the bars."]
