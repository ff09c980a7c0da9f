"""A stored row held against what `assess` says of its answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from afterrun.assessment import Result
from afterrun.batch.decide.columns import BETWEEN_NAMES, REFUTED, Columns
from afterrun.batch.decide.fired import names_in
from afterrun.batch.decide.plan_numbers import amount_items, unit_columns
from afterrun.batch.write.reasons import BETWEEN
from afterrun.inference import conclude, facts_of
from afterrun.intake import RECORD_ID, Answers
from afterrun.rulebook import Rulebook, engine_of, name_of


def differences_of(
    rulebook: Rulebook, stored: Mapping[str, Any], answers: Answers, result: Result
) -> Iterator[str]:
    """Every column in which a stored row is not what `assess` says, in words."""
    expected = _expected(rulebook, answers, result)
    for name, value in stored.items():
        if name == "fired":
            found = _fired(rulebook, value)
            if found != set(result.fired):
                yield f"fired: {_set_words(found - set(result.fired), set(result.fired) - found)}"
        elif name == "because":
            told, wanted = set(_told(value)), set(result.because)
            if told != wanted:
                yield f"because: {_set_words(told - wanted, wanted - told)}"
        elif name in expected and _plain(value, name) != _plain(expected[name], name):
            yield f"{name}: stored {_shown(value)}, and it should be {_shown(expected[name])}"


def _expected(rulebook: Rulebook, answers: Answers, result: Result) -> dict[str, Any]:
    truths = conclude(rulebook, facts_of(rulebook, answers), "reference").truths
    shown = rulebook.triage[result.triage].shows_patterns
    patterns = {
        f"pattern_{each.id}": result.patterns.get(each.id)
        or (REFUTED if shown and truths.get(name_of("pattern", each.id, each.levels[-1])) is False else None)
        for each in rulebook.patterns.values()
    }
    return {
        RECORD_ID: result.record_id,
        "triage": result.triage,
        **patterns,
        "interventions": BETWEEN_NAMES.join(result.interventions),
        **{f"plan_{item.key}": result.plan.get(item.key) for item in rulebook.plan},
        **{f"plan_display_{item.key}": result.display.get(item.key) for item in rulebook.plan},
        **_units(rulebook, answers, result),
        "open_questions": BETWEEN_NAMES.join(result.open_questions),
        "rulebook": rulebook.digest,
    }


def _units(rulebook: Rulebook, answers: Answers, result: Result) -> dict[str, str | None]:
    amounts = amount_items(rulebook)
    return {
        name: answers.units.get(quantity.unit_key)
        if any(result.plan.get(key) is not None for key in amounts if amounts[key].id == quantity.id)
        else None
        for name, quantity in unit_columns(rulebook).items()
    }


def _fired(rulebook: Rulebook, value: Any) -> set[str]:
    if isinstance(value, str) or value is None:
        return set(value.split(BETWEEN_NAMES)) if value else set()
    return set(names_in(engine_of(rulebook, Columns).rules, list(value)))


def _told(because: str | None) -> Iterator[str]:
    """The conclusions that stored reasons speak of."""
    for piece in (because or "").split(BETWEEN):
        if piece:
            yield piece.split(": ", 1)[0]


def _plain(value: Any, name: str) -> Any:
    """A value as every format can hold it: blank and null are one, a number is a number."""
    if value is None or value == "":
        return None
    try:
        return round(float(value), 6) if name.startswith("plan_") else str(value)
    except ValueError:
        return value


def _set_words(extra: set[str], missing: set[str]) -> str:
    parts = [
        f"{word} {', '.join(sorted(names))}"
        for word, names in (("not", extra), ("but also", missing))
        if names
    ]
    return " ".join(parts)


def _shown(value: Any) -> str:
    return "nothing" if value in (None, "") else f"'{value}'"
