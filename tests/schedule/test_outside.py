"""The texts of any rulebook in the forms of a plan: nothing in them that is not seen."""

from dataclasses import replace
from datetime import UTC, datetime

from afterrun.schedule import Schedule, as_calendar, as_csv, as_svg
from tests.attacks.unseen import TEXTS, unseen
from tests.schedule.test_weeks import BELOW, INNER, STRONG, plan

AFTER = {"pain_timing": "after_within_hours"}
RUNS = {"volume_unit": "km", "volume_last_week": 30, "volume_before": 30, "running_status": "regular_same"}
EVERYTHING = "".join(TEXTS.values()) + "\ud800"


def spoilt() -> Schedule:
    """A plan whose texts hold all that no text should."""
    told = plan(INNER, BELOW, AFTER, STRONG, RUNS)
    weeks = tuple(
        week._replace(
            sessions=tuple(
                each._replace(title=EVERYTHING, today=(EVERYTHING,), do=(EVERYTHING,))
                for each in week.sessions
            )
        )
        for week in told.weeks
    )
    spans = tuple(each._replace(name=EVERYTHING) for each in told.spans)
    assert weeks
    assert spans
    return replace(told, weeks=weeks, spans=spans, amount_text=EVERYTHING, length=EVERYTHING)


def test_no_form_of_a_plan_holds_what_is_not_seen() -> None:
    schedule = spoilt()
    calendar = as_calendar(schedule, now=datetime(2027, 3, 1, tzinfo=UTC)).decode()
    # A calendar's lines end in both, and a long one goes on after a space.
    for told in (as_csv(schedule), as_svg(schedule), calendar.replace("\r\n ", "").replace("\r\n", "\n")):
        assert r"\x1b[31m" in told.replace("\\\\", "\\")
        assert unseen(told) == ""
    assert [line for line in calendar.splitlines() if line.startswith("FORGED")] == []
