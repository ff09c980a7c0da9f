"""What to do, and the dated weeks of it: only where a plan may be shown and the safety screen is whole."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from afterrun.interchange.asked import unit_coding
from afterrun.interchange.told.library import KINDS
from afterrun.interchange.told.narrative import narrative
from afterrun.interchange.told.record import Record
from afterrun.rulebook.schema import Intervention
from afterrun.schedule import Schedule, Session, Week
from afterrun.telling import Point, Section, ledger_rows, plan_page, plan_rows

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def care_plan_of(record: Record) -> dict[str, Any] | None:
    """The plan as a CarePlan: each intervention, then each week's sessions, dated where the day is known.

    None where the triage shows no plan, where any question of the safety screen is not answered, and where
    there is nothing to do.
    """
    if not record.level.shows_plan or not record.result.interventions:
        return None
    rulebook, schedule = record.rulebook, record.schedule
    numbers = [Point(row.text, row.value) for row in plan_rows(rulebook, record.result)]
    laid = schedule.weeks if schedule else ()
    period = {"start": laid[0].start.isoformat(), "end": laid[-1].end.isoformat()} if laid else None
    sections = [Section("The plan in numbers", tuple(numbers), table=True)]
    if schedule and laid:
        page = plan_page(rulebook, schedule).page
        sections += [each._replace(picture="", chart=None) for each in page.whole.sections]
    doings = [*_interventions(record), *(_sessions(record, schedule) if schedule else ())]
    title = f"{rulebook.identity.title}: a plan"
    return {
        "resourceType": "CarePlan",
        "id": record.id("plan"),
        "text": narrative(title, record.level.do, schedule.length if schedule else "", sections=sections),
        **({"extension": values} if (values := list(_values(record))) else {}),
        "instantiatesCanonical": [record.address("PlanDefinition", versioned=True)],
        "status": "draft",
        "intent": "proposal",
        "title": title,
        "description": record.level.do,
        "subject": record.subject,
        **({"period": period} if period else {}),
        **({"created": record.moment or record.day.isoformat()} if record.day else {}),
        "supportingInfo": [record.reference("response", "QuestionnaireResponse")],
        "activity": [{"detail": each} for each in doings],
        **({"note": [{"text": each} for each in limits]} if (limits := rulebook.identity.limits) else {}),
    }


def _values(record: Record) -> Iterator[dict[str, Any]]:
    """Each key of the plan: its name, what it says, and its value where there is one, as JSON has it."""
    told = {row.key: row for row in plan_rows(record.rulebook, record.result)}
    for key, value in record.result.plan.items():
        parts: list[dict[str, Any]] = [
            {"url": "key", "valueCode": key},
            {"url": "text", "valueString": told[key].text},
            {"url": "words", "valueString": told[key].value},
        ]
        if isinstance(value, int | float) and not isinstance(value, bool):
            parts.append({"url": "value", "valueDecimal": value})
        yield {"url": record.address("StructureDefinition", "plan-value"), "extension": parts}


def _interventions(record: Record) -> Iterator[dict[str, Any]]:
    periods = dict(_periods(record))
    for row in ledger_rows(record.rulebook, record.result):
        if not row.given:
            continue
        told: Intervention = row.intervention
        texts = (
            row.note and f"{row.note[:1].upper()}{row.note[1:]}.",
            row.point.text,
            *row.point.steps,
            row.point.more,
        )
        period = periods.get(told.id)
        yield {
            "kind": KINDS[told.kind],
            "instantiatesCanonical": [record.address("ActivityDefinition", told.id, versioned=True)],
            "code": {"text": told.called},
            "status": "not-started",
            **({"scheduledPeriod": period} if period else {}),
            "description": " ".join(filter(None, texts)),
        }


def _periods(record: Record) -> Iterator[tuple[str, dict[str, str]]]:
    """When each intervention has its weeks, open at the end where it goes on."""
    schedule, written = record.schedule, record.rulebook.schedule
    if schedule is None or written is None:
        return
    spans = {span.id: span for span in schedule.spans}
    days = {week.number: week for week in schedule.weeks}
    for course in written.courses:
        span = spans.get(course.id)
        if span is None:
            continue
        end = {} if span.open else {"end": days[span.last].end.isoformat()}
        for name in course.for_:
            yield name, {"start": days[span.first].start.isoformat(), **end}


def _sessions(record: Record, schedule: Schedule) -> Iterator[dict[str, Any]]:
    """The sessions of each week, those of a kind together."""
    for week in schedule.weeks:
        by_kind = sorted(week.sessions, key=lambda each: each.kind)
        for _, group in itertools.groupby(by_kind, key=lambda each: each.kind):
            yield _of_kind(schedule, week, list(group))


def _of_kind(schedule: Schedule, week: Week, sessions: list[Session]) -> dict[str, Any]:
    first = sessions[0]
    days = [each.at.date() for each in sessions]
    times = {each.at.time() for each in sessions}
    amounts = [each.amount for each in sessions if each.amount is not None]
    lines = dict.fromkeys(
        line
        for each in sessions
        for line in ([] if each.title == first.name else [each.title]) + list(each.today)
    )
    in_short = [f"Week {week.number}.", *lines]
    repeat: dict[str, Any] = {
        "boundsPeriod": {"start": week.start.isoformat(), "end": week.end.isoformat()},
        "frequency": len(sessions),
        "period": 1,
        "periodUnit": "wk",
        "dayOfWeek": [_DAYS[each.weekday()] for each in days],
    }
    if len(times) == 1:
        # A time of day belongs to no zone, and an instant would.
        repeat["timeOfDay"] = [times.pop().isoformat()]
    if first.minutes:
        repeat |= {"duration": first.minutes, "durationUnit": "min"}
    # Said of the kind that has it: the week's amount is all of its sessions'.
    amount = week.amount.value if amounts and week.amount is not None else None
    return {
        "kind": "Task",
        "code": {"text": first.name},
        "status": "not-started",
        "scheduledTiming": {"event": [each.isoformat() for each in days], "repeat": repeat},
        **({"quantity": _quantity(amount, schedule.unit)} if amount is not None else {}),
        "description": " ".join(in_short),
    }


def _quantity(amount: float, unit: str) -> dict[str, Any]:
    value = int(amount) if amount == int(amount) else amount
    if not unit:
        return {"value": value}
    coding = unit_coding(unit)
    return {"value": value, "unit": coding.pop("display"), **coding}
