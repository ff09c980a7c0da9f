"""What a case may expect of a result, and every way in which a result is otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from afterrun.rulebook import DISPLAY, STATUSES, Rulebook
from afterrun.rulebook.schema import InterventionId, PatternId, PlanKey, PlanValue, QuestionId

OF_INTAKES: Mapping[str, type] = {
    "triage": str,
    "patterns": dict,
    "not_patterns": list,
    "interventions": list,
    "not_interventions": list,
    "given": dict,
    "plan": dict,
    "not_plan": list,
    "whole_plan": dict,
    "open_questions": list,
    "weeks": dict,
}
"""`triage`, `patterns`, `given` (every intervention given, with its status) and `open_questions` are
equal; `interventions` are among those given; `not_` are absent; what is listed of `plan` is equal,
numbers to 0.01 (a null says that no value is given), and what is listed of `not_plan` is no key of it;
`whole_plan` has the same keys as the plan, those without a value too; `weeks` are those that the plan
is laid out in, equal as a whole."""

OF_CHECK_INS: Mapping[str, type] = {
    "triage": str,
    "patterns": dict,
    "actions": list,
    "not_actions": list,
    "plan": dict,
    "not_plan": list,
    "whole_plan": dict,
}
"""The same, `actions` for interventions; `triage` is the main part's, with the new warning signs."""

_PLAN: Mapping[Any, Any] = {DISPLAY: Mapping[PlanKey, Any], PlanKey: PlanValue}
NAMED: Mapping[str, Any] = {
    "open_questions": tuple[QuestionId, ...],
    "patterns": Mapping[PatternId, str],
    "not_patterns": tuple[PatternId, ...],
    "given": Mapping[InterventionId, str],
    **dict.fromkeys(
        ("interventions", "not_interventions", "actions", "not_actions"), tuple[InterventionId, ...]
    ),
    **dict.fromkeys(("plan", "whole_plan"), _PLAN),
    "not_plan": tuple[PlanKey, ...],
}
"""What expectations name, as the schema marks it; see `rulebook.rename`."""

UNCHANGED: Mapping[str, Any] = {"triage": None, "patterns": {}}
"""What a check-in leaves out where it changes nothing; a case that leaves it out expects just that."""


def differences(result: Mapping[str, Any], expect: Mapping[str, Any]) -> Iterator[str]:
    """Every way in which a result, as `afterrun assess` or `checkin` prints it, is not what is expected."""
    for key in ("triage", "patterns", "open_questions"):
        if key in expect and (found := result.get(key, UNCHANGED.get(key))) != expect[key]:
            yield f"{key} is {found!r}, not {expect[key]!r}"
    if "given" in expect:
        given = {
            each["id"]: each["status"] for each in result["ledger"] if each["id"] in result["interventions"]
        }
        for name in sorted({*given, *expect["given"]}):
            found, wanted = given.get(name, "absent"), expect["given"].get(name, "absent")
            if found != wanted:
                yield f"{name} is {found}, not {wanted}"
    for key in ("interventions", "actions"):
        for name in sorted(set(expect.get(key, ())) - set(result.get(key, ()))):
            yield f"{name} is not among the {key}"
    for key in ("patterns", "interventions", "actions"):
        for name in sorted(set(expect.get(f"not_{key}", ())) & set(result.get(key, ()))):
            yield f"{name} is among the {key}"
    whole = expect.get("whole_plan", {})
    for key, value in {**expect.get("plan", {}), **whole}.items():
        if key not in result["plan"] and (value is not None or key in whole):
            yield f"the plan has no {key}"
        elif not _same(found := result["plan"].get(key), value):
            yield f"{key} is {found!r} in the plan, not {value!r}"
    # A result has no weeks of its own: they are there where someone has laid it out.
    for week in sorted({*expect.get("weeks", {}), *result["weeks"]} if "weeks" in result else ()):
        found, wanted = (each.get(week, "absent") for each in (result["weeks"], expect.get("weeks", {})))
        if "weeks" in expect and found != wanted:
            yield f"week {week} is {found!r}, not {wanted!r}"
    others = set(result["plan"]) - set(whole) if whole else ()
    for key in sorted({*set(expect.get("not_plan", ())).intersection(result["plan"]), *others}):
        yield f"the plan has {key}"


def expected_names(
    rulebook: Rulebook, expect: Mapping[str, Any]
) -> Iterator[tuple[str, list[str], set[str] | dict[str, Any]]]:
    """What an expectation names: at which key, the names, and the names there are."""
    plan = {*(item.key for item in rulebook.plan), DISPLAY}
    groups: list[tuple[str, Mapping[str, Any] | set[str]]] = [
        ("patterns", rulebook.patterns),
        ("not_patterns", rulebook.patterns),
        ("interventions", rulebook.interventions),
        ("not_interventions", rulebook.interventions),
        ("actions", rulebook.interventions),
        ("not_actions", rulebook.interventions),
        ("given", rulebook.interventions),
        ("plan", plan),
        ("not_plan", plan),
        ("whole_plan", plan),
        ("open_questions", rulebook.questions),
    ]
    for key, known in groups:
        yield f"expect.{key}", [str(each) for each in expect.get(key, ())], set(known)
    if expect.get("triage") is not None:
        yield "expect.triage", [expect["triage"]], set((rulebook.base or rulebook).triage)
    yield "expect.given", [str(each) for each in expect.get("given", {}).values()], set(STATUSES)
    for pattern, level in expect.get("patterns", {}).items():
        if pattern in rulebook.patterns:
            yield "expect.patterns", [str(level)], set(rulebook.patterns[pattern].levels)


def _same(found: Any, wanted: Any) -> bool:
    """Equal, numbers to 0.01."""
    if all(isinstance(each, int | float) and not isinstance(each, bool) for each in (found, wanted)):
        return bool(abs(found - wanted) <= 0.01)
    return bool(found == wanted)
