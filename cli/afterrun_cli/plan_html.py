"""The page of a plan as one HTML file: read on a screen, printed, hung on a door."""

from __future__ import annotations

from html import escape

import afterrun
from afterrun.schedule import as_svg
from afterrun_cli.pages import Page
from afterrun_cli.plan_page import PlanPage, WeekBlock

STYLE = """
:root{color-scheme:light}
body{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:#1d2733;background:#fff;
max-width:62rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.7rem;line-height:1.2}h2{font-size:1.2rem;margin-top:2.2rem}h3{font-size:1rem;margin-bottom:.2rem}
figure{margin:1.5rem 0;overflow-x:auto}figure svg{max-width:100%;height:auto}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.5rem .6rem;
border-top:1px solid #c9d1d9}thead th{border-top:0;border-bottom:2px solid #1d2733}
tbody th{white-space:nowrap;font-weight:600}.dates,.more{color:#4a5663;font-weight:400;font-size:.9rem}
td ul{list-style:none;margin:0;padding:0}
td li{display:grid;grid-template-columns:1.4rem max-content 1fr;column-gap:.5rem}
.box{width:.9rem;height:.9rem;border:1.5px solid #1d2733;border-radius:2px;margin-top:.3rem}
.asks{grid-column:3}footer{margin-top:2.5rem;border-top:1px solid #c9d1d9;font-size:.9rem;color:#4a5663}
@media(max-width:40rem){td li{grid-template-columns:1.4rem 1fr}td li span:last-child,.asks{grid-column:2}}
@media print{body{margin:0;max-width:none;font-size:10.5pt}tr,figure,section.how{break-inside:avoid}
thead{display:table-header-group}h2,h3{break-after:avoid}}
"""


def as_html(rulebook: afterrun.Rulebook, schedule: afterrun.Schedule, page: PlanPage) -> str:
    """The plan as a page that needs nothing beside itself."""
    how = []
    for each in page.how:
        lines = "".join(f"<li>{escape(line)}</li>" for line in each.lines)
        how.append(
            f'<section class="how"><h3>{escape(each.name)}, {each.weeks}</h3><ul>{lines}</ul></section>'
        )
    decisions = "".join(
        f"<li><strong>{escape(each.name)}</strong><br>{escape(each.text)}</li>" for each in page.decisions
    )
    parts = [
        f"<h1>{escape(page.title)}</h1>",
        f"<figure>{as_svg(schedule)}</figure>",
        f"<h2>Not yet, or as part of something else</h2><ul>{decisions}</ul>" if decisions else "",
        "<h2>How it is done</h2>",
        *how,
        "<h2>The weeks</h2>",
        "<table><thead><tr>",
        f'<th scope="col">Week</th><th scope="col">{escape(page.chart_title)}</th>',
        '<th scope="col">What to do, to be ticked when done</th>',
        "</tr></thead><tbody>",
        *(_week(week) for week in page.weeks),
        "</tbody></table>",
    ]
    return _document(rulebook, page.title, parts, page.foot)


def as_html_without_weeks(rulebook: afterrun.Rulebook, page: Page, because: str) -> str:
    """What to do now, where there is no plan by the week."""
    parts = [f"<h1>{escape(page.title)}</h1>", f"<p><strong>{escape(page.lead)}</strong></p>"]
    parts.append(f"<p>{escape(because)}</p>")
    for part in page.parts:
        entries = "".join(
            f"<li><strong>{escape(each.name)}</strong><br>{escape(each.text)}</li>" for each in part.entries
        )
        parts.append(f"<h2>{escape(part.title)}</h2><ul>{entries}</ul>")
    return _document(rulebook, page.title, parts, page.foot)


def _week(week: WeekBlock) -> str:
    days = []
    for day in week.days:
        asks = f'<span class="asks more">{escape(" ".join(day.asks))}</span>' if day.asks else ""
        days.append(
            f'<li><span class="box" aria-hidden="true"></span><span>{escape(day.day)}, {day.time}</span>'
            f"<span>{escape(day.title)}</span>{asks}</li>"
        )
    return (
        f'<tr><th scope="row">Week {week.number}<br><span class="dates">{escape(week.dates)}</span></th>'
        f'<td>{escape(week.amount)}<br><span class="more">{escape(_more(week))}</span></td>'
        f"<td><ul>{''.join(days)}</ul></td></tr>"
    )


def _more(week: WeekBlock) -> str:
    return f"{week.courses}. {week.note}" if week.note else week.courses


def _document(rulebook: afterrun.Rulebook, title: str, parts: list[str], foot: str) -> str:
    limits = "".join(f"<li>{escape(limit)}</li>" for limit in rulebook.identity.limits)
    body = "\n".join(part for part in parts if part)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
        f"<footer><p>What this is not:</p><ul>{limits}</ul><p>{escape(foot)}</p></footer>\n</body>\n</html>\n"
    )
