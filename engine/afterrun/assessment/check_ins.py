"""A check-in in, what to do next out: the week's report on the plan that someone follows.

    record  ->  answers  ->  facts  ->  forward, reference  ->  actions, plan, proofs  ->  CheckIn
    new warning signs  ->  the intake, with them  ->  triage  ----------------------->  CheckIn

The judgement is a part of the rulebook like any other (`rules/checkin`, `knowledge/checkin`), run by
the same engines with the same cross-check and the same proofs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from afterrun.assessment.case import Case
from afterrun.assessment.result import Readout, Result, assess
from afterrun.errors import AfterrunError
from afterrun.inference import Engine, Proof
from afterrun.intake import Answers, CheckInAnswers, as_intake, read_answers, read_check_in
from afterrun.rulebook import Proposition, Rulebook, name_of
from afterrun.rulebook.schema import Enrolment


@dataclass(frozen=True, kw_only=True)
class CheckIn(Readout):
    """What the rulebook says about one check-in; `to_dict` is the JSON of `afterrun checkin`."""

    status: str
    """Whether the plan goes on: the level of the check-in part's own triage."""
    actions: tuple[str, ...]
    """What to do, most pressing first."""
    triage: str | None
    """How soon to be seen, when a new warning sign or severe pain changes it."""
    triage_note: str
    """What the triage rests on when no intake was at hand."""

    def told(self) -> dict[str, Any]:
        """The check-in as plain JSON values, without proofs; triage and patterns only where they change."""
        changed = [key for key in ("triage", "triage_note", "patterns") if getattr(self, key)]
        return self._as_json(
            "status",
            "actions",
            *changed,
            "beyond_article",
            "plan",
            "ledger",
            "open_questions",
            "fired",
        )


class TriageAgain(NamedTuple):
    """How soon to be seen, now that there is a new warning sign."""

    level: str
    note: str
    """What it rests on when no intake was at hand."""
    at_once: tuple[str, ...]
    """What is told before all else."""
    proofs: Mapping[str, Proof]


def check_in(rulebook: Rulebook, record: Mapping[str, Any], *, engine: Engine = "durable") -> CheckIn:
    """Answer one check-in: `{"enrolled": …, "checkin": …}`, both flat objects of answers.

    `rulebook` is the check-in part, as `load_rulebook(part="checkin")` gives it. A blank is never a
    "no": without an answer about new warning signs nothing is listed, and without any other answer
    nothing that rests on it. Raises IntakeError with every problem of the record, each with its key
    (`checkin.weeks_missed`), and EngineFault as `assess` does.

    >>> from afterrun import load_rulebook
    >>> part = load_rulebook(part="checkin")
    >>> said_first = {"new_warning_signs": ["none"], "weeks_missed": 2}
    >>> week = {**said_first, "volume_done": 0, "run_pain": 0, "next_morning": "same"}
    >>> ramp = {"programme": "gradual_ramp", "week": 8, "last_tolerated_volume": 20, "volume_unit": "km"}
    >>> said = check_in(part, {"enrolled": ramp, "checkin": week})
    >>> said.actions, said.plan["next_volume"]
    (('step_back',), 16.0)
    """
    given = read_check_in(rulebook, *part_of(rulebook), record)
    result = assess(rulebook, given.answers, engine=engine)
    again = triage_again(rulebook, given, engine=engine)
    return _check_in(result, again, how_soon(rulebook, result.triage, given, again))


def part_of(rulebook: Rulebook) -> tuple[Enrolment, Rulebook]:
    """The enrolment of a check-in part and the main part that it stands on."""
    if rulebook.enrolment is None or rulebook.base is None:
        raise AfterrunError("this is no check-in rulebook: load it with load_rulebook(…, part='checkin')")
    return rulebook.enrolment, rulebook.base


def triage_again(
    rulebook: Rulebook, given: CheckInAnswers, *, engine: Engine = "durable"
) -> TriageAgain | None:
    """The triage of the main part with the new warning signs; None where there is none.

    No rule of the check-in part has a say in it. Raises EngineFault as `assess` does.
    """
    enrolment, base = part_of(rulebook)
    signs = new_signs(rulebook, enrolment, given.answers)
    if not signs:
        return None
    again = assess(base, with_signs(rulebook, base, given.intake, signs), engine=engine)
    level = _at_least(base, again.triage, enrolment.signs.least)
    note = "" if given.intake is not None else enrolment.signs.without_answers_says
    proofs = {key: each for key, each in again.because.items() if key == name_of("triage", level)}
    return TriageAgain(level, note, again.at_once, proofs)


def urgency_of(rulebook: Rulebook, intake: Mapping[str, Any], signs: Collection[str]) -> str:
    """How soon to be seen with these new signs beside the first answers; by one engine, to be told ahead."""
    enrolment, base = part_of(rulebook)
    level = _case_with(rulebook, intake, signs).level
    return _at_least(base, level.id, enrolment.signs.least)


def told_at_once(rulebook: Rulebook, intake: Mapping[str, Any], signs: Collection[str]) -> tuple[str, ...]:
    """What is told before all else with these new signs beside the first answers; by one engine."""
    return _case_with(rulebook, intake, signs).at_once


def _case_with(rulebook: Rulebook, intake: Mapping[str, Any], signs: Collection[str]) -> Case:
    _, base = part_of(rulebook)
    return Case.of(base, with_signs(rulebook, base, read_answers(base, intake), frozenset(signs)), "compiled")


def how_soon(rulebook: Rulebook, status: str, given: CheckInAnswers, again: TriageAgain | None) -> str | None:
    """How soon to be seen; None while the plan goes on.

    A stop without a new sign is as urgent as any sign is at least; while nothing is said of signs, one
    may make it more so.
    """
    enrolment, base = part_of(rulebook)
    if again is not None or not rulebook.triage[status].settles:
        return again.level if again else None
    if enrolment.signs.question in given.answers.values:
        return enrolment.signs.least
    return next(level.id for level in base.triage.values() if level.pending)


def new_signs(rulebook: Rulebook, enrolment: Enrolment, answers: Answers) -> frozenset[str]:
    """The warning signs that a check-in ticks; a sign counts although 'none of these' is ticked too."""
    ticked = answers.values.get(enrolment.signs.question, frozenset())
    assert isinstance(ticked, frozenset)
    options = rulebook.questions[enrolment.signs.question].options
    return frozenset(option.id for option in options if option.id in ticked and not option.alone)


def with_signs(rulebook: Rulebook, base: Rulebook, intake: Answers | None, signs: frozenset[str]) -> Answers:
    """The intake with the new signs, each at the question that offers it."""
    enrolment, _ = part_of(rulebook)
    written = enrolment.signs
    answers = as_intake(base, intake) if intake is not None else dict(written.without_answers)
    offers = {name: [option.id for option in base.questions[name].options] for name in written.joins}
    no_sign = rulebook.questions[written.question].options_but
    for name, options in offers.items():
        own = [
            sign for sign in options if sign in signs and sum(sign in each for each in offers.values()) == 1
        ]
        if base.questions[name].type == "multi":
            answers[name] = list(dict.fromkeys([*(answers.get(name) or []), *own]))
        elif own:
            # Options stand in the order of their weight, but for those that are no sign.
            known = [sign for sign in options if sign in (*own, answers.get(name)) and sign not in no_sign]
            answers[name] = known[0]
    shared = [sign for sign in sorted(signs) if sum(sign in each for each in offers.values()) > 1]
    answers[written.otherwise] = list(dict.fromkeys([*(answers.get(written.otherwise) or []), *shared]))
    return read_answers(base, answers)


def _at_least(base: Rulebook, level: str, least: str) -> str:
    """The stronger of two triage levels."""
    return next(each for each in base.triage if each in (level, least))


def _check_in(result: Result, again: TriageAgain | None, triage: str | None) -> CheckIn:
    by_action = {name_of("intervention", entry.id, entry.status): entry.id for entry in result.ledger}
    because = {
        by_action.get(name, name): proof
        for name, proof in result.because.items()
        if Proposition.parse(name).kind != "triage"
    }
    shared = {each.name: getattr(result, each.name) for each in fields(Readout)}
    if again is not None:
        shared |= {"because": {**because, **again.proofs}, "at_once": (*result.at_once, *again.at_once)}
    else:
        shared["because"] = because
    return CheckIn(
        **shared,
        status=result.triage,
        actions=result.interventions,
        triage=triage,
        triage_note=again.note if again else "",
    )
