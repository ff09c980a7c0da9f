"""The history as a picture: pain above, amount below, each bar with its number, each week with its day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from afterrun.rulebook import Rulebook
from afterrun.schedule import WIDTH, day_words, document, number_words, rect, text
from afterrun.telling.diary.history import Diary, DiaryWeek, diary_of

if TYPE_CHECKING:
    from afterrun.diary import History

LEFT, HIGH, GAP, TOP = 64, 120, 76, 84
WIDEST = 48
"""Pixels of a week where there are few."""
NARROWEST = 26
"""Pixels that a number needs; with more weeks only some bear one."""


def diary_svg(part: Rulebook, history: History) -> str:
    """The picture as an SVG that stands alone, its words for those who do not see it."""
    diary = diary_of(part, history)
    base = part.base
    amount = base.schedule.amount_text if base is not None and base.schedule is not None else "Amount"
    rows = [
        (
            f"{diary.pain_name}, of {diary.worst:g}",
            diary.worst,
            {each.week: each.pain for each in diary.weeks},
        )
    ]
    amounts = {each.week: each.amount for each in diary.weeks}
    if any(amounts.values()):
        most = max([1.0, *(each or 0 for each in amounts.values())])
        rows.append((f"{amount}, {diary.unit}" if diary.unit else amount, most, amounts))
    drawn = [text(LEFT, 32, f"Week by week since {day_words(history.start, year=True)}", "title")]
    for place, (name, most, values) in enumerate(rows):
        drawn += _row(name, most, diary.weeks, values, TOP + place * (HIGH + GAP))
    height = TOP + len(rows) * (HIGH + GAP)
    return document(f"Weeks since {history.start}", " ".join(_words(diary)), height, [], drawn)


def _row(
    name: str, most: float, weeks: tuple[DiaryWeek, ...], values: dict[int, float | None], top: float
) -> list[str]:
    step = min(WIDEST, (WIDTH - LEFT - 24) / max(len(weeks), 1))
    every = -(-NARROWEST // step)
    base = top + HIGH
    parts = [text(LEFT, top - 22, name, "value")]
    for share in (0, 0.5, 1):
        y = base - share * HIGH
        parts.append(f'<path class="{"grid" if share else "axis"}" d="M{LEFT} {y:.1f}H{WIDTH - 24}"/>')
        parts.append(text(LEFT - 8, y + 4, number_words(share * most), "small", "end"))
    parts += [text(8, base + 18, "week", "small"), text(8, base + 34, "from", "small")]
    for place, each in enumerate(weeks):
        middle, value = LEFT + (place + 0.5) * step, values[each.week]
        if value is not None:
            high = HIGH * value / most
            parts.append(rect("bar", middle - step * 0.36, base - high, step * 0.72, high, ' fill="#cfe3dc"'))
        if place % every == 0:
            shown = number_words(value) if value is not None else ("?" if each.reported else "-")
            above = base - (HIGH * value / most if value is not None else 0) - 4
            parts.append(text(middle, above, shown, "value", "middle"))
            parts.append(text(middle, base + 18, str(each.week), "", "middle"))
        if place % (every * -(-NARROWEST * 2 // (every * step))) == 0:
            parts.append(text(middle, base + 34, day_words(each.start), "small", "middle"))
    return parts


def _words(diary: Diary) -> list[str]:
    sentences = []
    for each in diary.weeks:
        if not each.reported:
            sentences.append(f"Week {each.week}: no check-in.")
            continue
        name = diary.pain_name.lower()
        pain = f"{name} not told" if each.pain is None else f"{name} {each.pain} of {diary.worst:g}"
        amount = "" if each.amount is None else f", {number_words(each.amount)} {diary.unit}".rstrip()
        sentences.append(f"Week {each.week}: {pain}{amount}.")
    return sentences or ["No check-in yet."]
