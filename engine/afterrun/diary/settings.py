"""What a person sets for a plan that goes on, days and times and the goal: each change with its moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from afterrun.assessment import part_of
from afterrun.diary.errors import DiaryError
from afterrun.diary.standing import Standing, written_of
from afterrun.intake import read_answers, typed_answer
from afterrun.rulebook import UNKNOWN, Rulebook
from afterrun.rulebook.schema import Question
from afterrun.schedule import Preferences


class KeptSettings(NamedTuple):
    """One change of settings as it stands in the diary; it changes nothing that lies before its moment."""

    noted_at: datetime
    after: int
    """How many check-ins there were then."""
    preferences: Mapping[str, Any]
    """All of them, as they hold from then on."""
    facts: Mapping[str, Any] = {}
    """What else changed, by question; None where it was taken back."""

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "noted_at": self.noted_at.isoformat(),
            "after": self.after,
            "preferences": dict(self.preferences),
            "facts": dict(self.facts),
        }

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> KeptSettings:
        """From what `to_dict` gave."""
        # What cannot be read is damaged, and that is found out here.
        Preferences.of(written["preferences"])
        return cls(**{**written, "noted_at": datetime.fromisoformat(written["noted_at"])})


def settled(standing: Standing, settings: Iterable[KeptSettings]) -> Standing:
    """Where a person stands once these settings hold."""
    facts = dict(standing.facts)
    for each in settings:
        facts |= each.facts
    return standing._replace(facts={key: value for key, value in facts.items() if value is not None})


def goal_question(part: Rulebook) -> Question | None:
    """The question that says where the amount stops growing."""
    base = part_of(part)[1]
    courses = base.schedule.courses if base.schedule is not None else ()
    rises = (each.amount.rise for each in courses if each.amount is not None and each.amount.rise is not None)
    return next((base.questions[rise.goal] for rise in rises), None)


def typed_goal(
    part: Rulebook, standing: Standing, intake: Mapping[str, Any], typed: str
) -> tuple[dict[str, Any], str]:
    """What a goal changes that was typed, and a note on how it was read; a blank takes it back.

    Raises Misread, DiaryError or IntakeError.
    """
    base, question = part_of(part)[1], goal_question(part)
    if question is None or not typed.strip():
        return goal_facts(part, standing, None), ""
    units = {each.unit_key for each in base.quantities.values()}
    held = {key: value for key, value in standing.facts.items() if key in units}
    answer = typed_answer(base, question, typed.strip(), {**intake, **held})
    goal = answer.adds[question.id]
    if goal == UNKNOWN.value:
        return goal_facts(part, standing, None), answer.note
    unit = next((answer.adds[key] for key in units if key in answer.adds), None)
    return goal_facts(part, standing, goal, unit), answer.note


def goal_facts(part: Rulebook, standing: Standing, goal: Any, unit: str | None = None) -> dict[str, Any]:
    """What another goal changes; None takes it back. Raises DiaryError or IntakeError."""
    base, question = part_of(part)[1], goal_question(part)
    if question is None or question.id not in written_of(part).may_change:
        raise DiaryError("this plan has no goal that could be changed")
    if goal is None:
        return {question.id: None}
    facts = {question.id: goal}
    if question.quantity is not None:
        key = base.quantities[question.quantity].unit_key
        held = standing.facts.get(key)
        if held is not None and unit not in (None, held):
            raise DiaryError(f"the plan counts in {held}, so its goal cannot be in {unit}")
        facts[key] = held or unit
    read_answers(base, facts)
    return facts
