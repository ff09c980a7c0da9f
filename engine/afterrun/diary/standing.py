"""Where a person stands between two check-ins, and how a check-in moves them on; no database here.

What is carried on stands in the rulebook (`enrolment.yaml`, `diary`).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from afterrun.assessment import CheckIn, Result, check_in, part_of
from afterrun.diary.errors import DiaryError
from afterrun.errors import IntakeError, Problem
from afterrun.inference import Engine
from afterrun.intake import ANSWERS, CHECKIN, ENROLLED, binding_units, halves_of, migrate, read_answers
from afterrun.rulebook import UNKNOWN, Rulebook
from afterrun.rulebook.schema import Diary as Written
from afterrun.rulebook.schema import Keep, Move, Question


class Standing(NamedTuple):
    """What the next check-in starts from."""

    programme: str
    week: int
    """The week of the programme that the next check-in looks back on."""
    amount: float | None
    """What that week should hold; None where it is not known yet, or where there is no such number."""
    facts: Mapping[str, Any]
    """What else the programme keeps, by question."""
    brought: tuple[str, ...]
    """The programmes that the first result recommended."""
    stopped: bool = False
    """Whether the plan waits until the person has been seen."""
    began: int = 1
    """The week that the programme began with; a number of its own, since one begins in week 13."""

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {**self._asdict(), "facts": dict(self.facts), "brought": list(self.brought)}

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Standing:
        """From what `to_dict` gave."""
        return cls(**{**written, "brought": tuple(written["brought"])})


def begin(part: Rulebook, result: Result) -> Standing:
    """Where someone stands who has just been assessed; `part` is the check-in part of the rulebook."""
    written, base = written_of(part), part_of(part)[1]
    level = base.triage[result.triage]
    if not level.shows_plan:
        raise DiaryError(
            f"no plan follows from these answers, so there is nothing to keep. {level.name}. {level.do}"
        )
    recommended = {entry.id for entry in result.ledger if entry.status == "recommended"}
    brought = tuple(each for each in written.programmes if each in recommended)
    if not brought:
        raise DiaryError(
            "the plan of these answers has no part that check-ins go with; see: afterrun plan FILE"
        )
    # An amount of 0 is none to begin with.
    planned: dict[str, Any] = {key: result.plan.get(key) for key in written.from_plan}
    facts = {key: value for key, value in planned.items() if _number(value) and value > 0}
    stages = [written.stage(name) for name in brought]
    found = {key for stage in stages for key in stage.finds}
    needed = [key for stage in stages for key in stage.needs if key not in found]
    if lacking := [key for key in needed if key not in facts]:
        # No check-in asks the intake's questions again, so such a plan would never get on.
        blank = ", ".join(name for name in result.open_questions if not base.questions[name].optional)
        why = f"these answers are missing: {blank}" if blank else "what you named comes to nothing"
        raise DiaryError(
            f"the plan lacks {' and '.join(lacking)}, since {why}. "
            "Answer first; 'unknown' is an answer where you do not know"
        )
    programme = brought[0]
    binding = binding_units(base, read_answers(base, result.answers))
    units = {each.unit_key for each in base.quantities.values()}
    told = {
        key: binding.get(key) if key in units else result.answers.get(key) for key in written.from_answers
    }
    facts |= {key: value for key, value in told.items() if value not in (None, UNKNOWN.value)}
    _begin_with(written, programme, facts)
    amount = result.plan.get(written.amount_at_start.get(programme, ""))
    return Standing(programme, 1, amount if _number(amount) else None, facts, brought)


def record_for(
    part: Rulebook, standing: Standing, intake: Mapping[str, Any], answers: Mapping[str, Any]
) -> dict[str, Any]:
    """The record of one check-in: what the diary knows, and what the person answered."""
    enrolment, written = part_of(part)[0], written_of(part)
    halves = halves_of(part, enrolment)
    enrolled = {
        **standing.facts,
        written.programme: standing.programme,
        written.looks_back_on: standing.week,
    }
    units = {quantity.unit_key for quantity in part.quantities.values()}
    week = planned_by(part, standing)
    counted = {*enrolment.unsaid, *enrolment.from_answers}
    for key, told in answers.items():
        if halves.get(key) != ENROLLED or key in units:
            week[key] = told
        elif key in written.may_change:
            enrolled[key] = told
        elif key in enrolled and enrolled[key] != told:
            raise _refused(key, f"the diary holds {enrolled[key]!r}, and a check-in does not change that")
        elif key not in enrolled and key in counted:
            raise _refused(key, "the diary knows that itself, and a check-in does not change it")
        else:
            enrolled[key] = told
    # What an earlier questionnaire asked otherwise stays blank.
    first = migrate(part_of(part)[1], intake).intake
    return {ENROLLED: {**enrolled, ANSWERS: dict(first)}, CHECKIN: week}


def step(
    part: Rulebook,
    standing: Standing,
    intake: Mapping[str, Any],
    answers: Mapping[str, Any],
    *,
    engine: Engine = "durable",
) -> tuple[CheckIn, Standing]:
    """One check-in: what is to be done, and where the person stands then.

    Raises IntakeError with every problem of the answers.
    """
    record = record_for(part, standing, intake, answers)
    said = check_in(part, record, engine=engine)
    written = written_of(part)
    own = (written.programme, written.looks_back_on, ANSWERS)
    known = {key: value for key, value in record[ENROLLED].items() if key not in own}
    return said, after(part, standing._replace(facts={**standing.facts, **known}), said)


def after(part: Rulebook, standing: Standing, said: CheckIn) -> Standing:
    """Where a person stands after a check-in; where they stood, if nothing follows from it."""
    written = written_of(part)
    if is_unfinished(part, said):
        return standing
    if stops(part, said):
        return standing._replace(stopped=True)
    proved = {name for rule in said.fired for name in part.rules[rule].conclusions}
    facts = dict(standing.facts)
    for keep in written.keeps:
        _keep(keep, said, proved, facts)
    for action in said.actions:
        for fact in written.forgets.get(action, ()):
            facts.pop(fact, None)
    week, programme = said.plan.get(written.week), standing.programme
    week = week if isinstance(week, int) else standing.week
    move = next((each for each in written.moves if _moves(each, standing, said)), None)
    if move is not None:
        programme, week = move.to, move.week or week
        for fact in move.forgets:
            facts.pop(fact, None)
        _begin_with(written, programme, facts)
    began = min(standing.began, week) if move is None else week
    amount = next((said.plan[key] for key in written.amount if _number(said.plan.get(key))), None)
    if amount is None and move is not None:
        amount = facts.get(written.amount_at_start.get(programme, ""))
    return standing._replace(
        programme=programme, week=week, amount=amount, facts=facts, stopped=False, began=began
    )


def stops(part: Rulebook, said: CheckIn) -> bool:
    """Whether a check-in stops the plan, whatever stopped it before."""
    return any(action in written_of(part).stops for action in said.actions)


def is_unfinished(part: Rulebook, said: CheckIn) -> bool:
    """Whether a check-in lacks the answers from which anything would follow."""
    return part.triage[said.status].pending or bool(said.open_questions and not said.actions)


def planned_by(part: Rulebook, standing: Standing) -> dict[str, Any]:
    """The answers of a check-in that the plan itself gives: how many sessions there were to be."""
    constants = {item.key: item.value for item in part_of(part)[1].plan if item.value is not None}
    return {name: constants[key] for name, key in written_of(part).stage(standing.programme).plans.items()}


def most_missed(part: Rulebook) -> int:
    """The largest number of missed weeks that can be answered."""
    most = part.questions[written_of(part).missed].at_most
    assert most is not None
    return int(most)


def written_of(part: Rulebook) -> Written:
    """What the rulebook says of diaries."""
    enrolment, _ = part_of(part)
    if enrolment.diary is None:
        raise DiaryError(f"the rulebook {part.identity.name} does not say what a diary carries on")
    return enrolment.diary


def signs_of(part: Rulebook) -> Question:
    """The question about new warning signs."""
    return part.questions[part_of(part)[0].signs.question]


def no_sign_of(part: Rulebook) -> list[str]:
    """What is ticked where there is none."""
    return [option.id for option in signs_of(part).options if option.alone]


def _keep(keep: Keep, said: CheckIn, proved: set[str], facts: dict[str, Any]) -> None:
    if keep.once and keep.fact in facts:
        return
    if (keep.when and not proved.intersection(keep.when)) or proved.intersection(keep.unless):
        return
    if keep.after and not set(keep.after).intersection(said.actions):
        return
    if keep.counts is not None:
        counted = keep.counts in proved or keep.counts in said.actions
        facts[keep.fact] = facts.get(keep.fact, 0) + 1 if counted else 0
        return
    if keep.answer is not None:
        value = said.answers.get(keep.answer)
    elif keep.plan is not None:
        value = said.plan.get(keep.plan)
        if value is None and keep.plan in said.plan:
            # What the plan no longer knows is not known by an older number.
            facts.pop(keep.fact, None)
    else:
        value = keep.value
    if value is None or value == UNKNOWN.value:
        return
    if keep.adds:
        value += facts.get(keep.fact, 0)
    limit = next((facts[name] for name in keep.at_most if name in facts), None)
    facts[keep.fact] = value if limit is None else min(value, limit)


def _begin_with(written: Written, programme: str, facts: dict[str, Any]) -> None:
    """What other facts give where a programme begins; what they do not give is not known in it."""
    for fact, source in written.begins_with.get(programme, {}).items():
        facts.pop(fact, None)
        if source in facts:
            facts[fact] = facts[source]


def _moves(move: Move, standing: Standing, said: CheckIn) -> bool:
    return (
        move.after in said.actions
        and move.from_ in (None, standing.programme)
        and standing.week >= move.from_week
        and (not move.if_brought or move.to in standing.brought)
        and (move.if_plan is None or _number(said.plan.get(move.if_plan)))
    )


def _number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _refused(key: str, message: str) -> IntakeError:
    return IntakeError([Problem(message, key=f"{CHECKIN}.{key}")])
