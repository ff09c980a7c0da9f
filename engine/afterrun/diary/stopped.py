"""What stopped a plan, and what becomes of a stop: it stands, it is seen to, or it was a mistake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from afterrun.diary.errors import DiaryError
from afterrun.diary.history import History, KeptCheckIn
from afterrun.diary.standing import no_sign_of, signs_of, written_of
from afterrun.rulebook import Rulebook


def signs_told(part: Rulebook, history: History, kept: KeptCheckIn) -> tuple[str, ...]:
    """The warning signs that a check-in brought; those of an earlier stop are told there."""
    question, no_sign = signs_of(part), no_sign_of(part)
    # A diary outlives its rulebook: a sign that has gone since is one still.
    ticked = dict.fromkeys(_ticked(kept.answers.get(question.id)))
    told = tuple(sign for sign in ticked if sign not in no_sign)
    before = history.holding_after(kept.number - 1)
    if before is None or not before.left.stopped:
        return told
    earlier = _ticked(before.answers.get(question.id))
    return tuple(sign for sign in told if sign not in earlier) or told


def pain_told(part: Rulebook, answers: Mapping[str, Any]) -> float | None:
    """The worst pain that a check-in told of."""
    told = (answers.get(name) for name in written_of(part).measures_pain)
    return max((pain for pain in told if isinstance(pain, int | float)), default=None)


def stop_cause(part: Rulebook, history: History, kept: KeptCheckIn) -> str:
    """What stopped the plan, in words: the signs that were ticked, else how much it hurt."""
    question = signs_of(part)
    signs = signs_told(part, history, kept)
    pain = pain_told(part, kept.answers)
    if signs or pain is None:
        texts = {option.id: option.text for option in question.options}
        return "; ".join(texts.get(sign, sign) for sign in signs)
    return f"{written_of(part).pain_text.lower()} {pain:g} of {worst_pain(part):g}"


def worst_pain(part: Rulebook) -> float:
    """The most that pain can be."""
    names = written_of(part).measures_pain
    return max((float(part.questions[name].at_most or 0) for name in names), default=0.0)


def is_answered_anew(part: Rulebook, history: History, kept: KeptCheckIn) -> bool:
    """Whether a check-in can be corrected: a week that no sign stopped, since a pain can be mistyped."""
    if not kept.standing.stopped:
        return True
    return history.reports(kept) and not signs_told(part, history, kept)


def before_last(part: Rulebook, history: History) -> History:
    """The history without its last check-in, which is to be corrected; DiaryError where it cannot be."""
    if not history.check_ins:
        raise DiaryError("there is no check-in yet that could be corrected")
    if not is_answered_anew(part, history, history.check_ins[-1]):
        raise DiaryError("a stop is not corrected: it stands, or it is taken back as a mistake")
    return history.without_last()


def refuse_stopped(part: Rulebook, history: History, seen: bool) -> None:
    """After a stop the plan goes on only when the person says that they have been seen."""
    holding = history.holding
    if holding is not None and history.standing.stopped and not seen:
        raise DiaryError(
            f"the plan is stopped, since you reported: {stop_cause(part, history, holding)}.",
            "When you have been seen and told that you may go on:  afterrun checkin --seen",
            "Or, with new answers:  afterrun start FILE --again --seen",
        )


def _ticked(answer: Any) -> tuple[str, ...]:
    return tuple(answer) if isinstance(answer, list | tuple) else ()
