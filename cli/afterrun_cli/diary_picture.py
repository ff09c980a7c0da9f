"""The history as a picture: pain above, amount below, each bar with its number, each week with its day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import afterrun
from afterrun.schedule import WIDTH, document, number_words, rect, text
from afterrun_cli.diary_weeks import Told
from afterrun_cli.plan_page import day_words

if TYPE_CHECKING:
    from afterrun.diary import History

LEFT, HIGH, GAP, TOP = 64, 120, 76, 84
WIDEST = 48
"""Pixels of a week where there are few."""
NARROWEST = 26
"""Pixels that a number needs; with more weeks only some bear one."""


def as_svg(part: afterrun.Rulebook, history: History, weeks: list[Told]) -> str:
    """The picture as an SVG that stands alone, its words for those who do not see it."""
    unit = history.standing.facts.get("volume_unit", "")
    base = part.base
    running = base.schedule.amount_text if base is not None and base.schedule is not None else "Amount"
    rows = [("Worst pain, of 10", 10.0, {each.week: each.pain for each in weeks})]
    amounts = {each.week: each.amount for each in weeks}
    if any(amount is not None for amount in amounts.values()):
        most = max([1.0, *(amount or 0 for amount in amounts.values())])
        rows.append((f"{running}{f', {unit}' if unit else ''}", most, amounts))
    drawn = [text(LEFT, 32, f"Week by week since {day_words(history.start, year=True)}", "title")]
    for place, (name, most, values) in enumerate(rows):
        drawn += _row(name, most, weeks, values, TOP + place * (HIGH + GAP))
    height = TOP + len(rows) * (HIGH + GAP)
    return document(f"Weeks since {history.start}", " ".join(_words(weeks, unit)), height, [], drawn)


def _row(name: str, most: float, weeks: list[Told], values: dict[int, float | None], top: float) -> list[str]:
    step = min(WIDEST, (WIDTH - LEFT - 24) / max(len(weeks), 1))
    every = -(-NARROWEST // step)
    base = top + HIGH
    parts = [text(LEFT, top - 22, name, "value")]
    for share in (0, 0.5, 1):
        y = base - share * HIGH
        parts.append(f'<path class="{"grid" if share else "axis"}" d="M{LEFT} {y:.1f}H{WIDTH - 24}"/>')
        parts.append(text(LEFT - 8, y + 4, number_words(share * most), "small", "end"))
    parts += [text(8, base + 18, "week", "small"), text(8, base + 34, "from", "small")]
    for place, told in enumerate(weeks):
        middle, value = LEFT + (place + 0.5) * step, values[told.week]
        if value is not None:
            high = HIGH * value / most
            parts.append(rect("bar", middle - step * 0.36, base - high, step * 0.72, high, ' fill="#cfe3dc"'))
        if place % every == 0:
            shown = number_words(value) if value is not None else ("?" if told.reported else "-")
            above = base - (HIGH * value / most if value is not None else 0) - 4
            parts.append(text(middle, above, shown, "value", "middle"))
            parts.append(text(middle, base + 18, str(told.week), "", "middle"))
        if place % (every * -(-NARROWEST * 2 // (every * step))) == 0:
            parts.append(text(middle, base + 34, day_words(told.start), "small", "middle"))
    return parts


def _words(weeks: list[Told], unit: str) -> list[str]:
    said = []
    for told in weeks:
        if not told.reported:
            said.append(f"Week {told.week}: no check-in.")
            continue
        pain = "pain not told" if told.pain is None else f"pain {told.pain} of 10"
        amount = "" if told.amount is None else f", {number_words(told.amount)} {unit}".rstrip()
        said.append(f"Week {told.week}: {pain}{amount}.")
    return said or ["No check-in yet."]
