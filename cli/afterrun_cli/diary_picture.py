"""The history as a picture: pain above, volume below, each bar with its number beside its colour."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from afterrun.diary.history import History
    from afterrun_cli.diary_weeks import Told

BAR, STEP, HIGH, LEFT = 18, 34, 120, 60


def as_svg(history: History, weeks: list[Told]) -> str:
    """A self-contained SVG."""
    unit = history.standing.facts.get("volume_unit", "")
    most = max([1.0, *(each.amount or 0 for each in weeks)])
    width = LEFT + STEP * max(len(weeks), 6) + 20
    rows = [
        _row([(each.week, each.pain) for each in weeks], 10, 40, "#9a3412", "Worst pain, of 10"),
        _row([(each.week, each.amount) for each in weeks], most, 220, "#1d4ed8", f"Running, {unit}"),
    ]
    title = escape(f"Weeks since {history.start}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 390" width="{width}" height="390" '
        f'role="img" aria-label="{title}" font-family="sans-serif" font-size="11">\n<title>{title}</title>\n'
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n{"".join(rows)}</svg>\n'
    )


def _row(values: list[tuple[int, float | None]], most: float, top: int, colour: str, name: str) -> str:
    base = top + HIGH
    marks = [f'<text x="10" y="{top - 12}" font-weight="bold">{escape(name)}</text>\n']
    for place, (week, value) in enumerate(values):
        x = LEFT + place * STEP
        high = 0 if value is None else round(HIGH * value / most)
        told = "?" if value is None else f"{value:g}"
        marks.append(
            f'<rect x="{x}" y="{base - high}" width="{BAR}" height="{high}" fill="{colour}"/>\n'
            f'<text x="{x + BAR / 2}" y="{base - high - 3}" text-anchor="middle">{told}</text>\n'
            f'<text x="{x + BAR / 2}" y="{base + 14}" text-anchor="middle">{week}</text>\n'
        )
    end = LEFT + STEP * max(len(values), 1)
    marks.append(f'<line x1="{LEFT - 6}" x2="{end}" y1="{base}" y2="{base}" stroke="#333"/>\n')
    return "".join(marks)
