"""How a key of the plan came by its value, in lines."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from afterrun.explanation import Input, PlanNumber, amount_words, plan_words
from afterrun.rulebook import number_words
from afterrun.telling.audit.standing import standing_title, standing_words
from afterrun.telling.audit.view import View
from afterrun.telling.page import Line, Section

_STATES = {
    "asked_later": "has no value yet",
    "open": "is not known yet",
    "absent": "is not in the plan",
}
_HOLDS = {True: "holds", False: "does not hold", None: "is open"}
_APPLIES = {True: "applies", False: "does not apply", None: "is open"}
_STATUS = {"stands": "stands", "gives_way": "gives way to {}", "absent": "is not given", "open": "is open"}
_HOW = {
    "unknown": 'answered "I don\'t know", read as {}',
    "skipped": "skipped, read as {}",
    "blank": "left blank, read as {}",
    "open": "not answered",
}
_FROM = {
    "constant": "a value as it is written",
    "answer": "the answer as it was given",
    "options": "what the ticked options add",
    "scheme": "an entry of the scheme",
    "parameter": "the value that the rules chose",
}


def number_section(view: View, each: PlanNumber, told: Collection[str] = ()) -> Section:
    """Value, formula, inputs, the rules that chose its rates, rounding; or why there is none.

    What stands of the subjects in `told` has been told.
    """
    title = f"{each.item.text}{view.id(each.key)} {number_told(view, each)}"
    return Section(title, lines=tuple(_lines(view, each, told)))


def number_told(view: View, each: PlanNumber) -> str:
    """Its value, or why it has none."""
    if each.kind == "measure" and each.working is not None:
        return f"is {each.working.words}"
    if each.state != "given":
        return _STATES[each.state]
    item, answers = each.item, view.intake
    if item.quantity is not None and isinstance(each.value, int | float):
        return f"is {amount_words(view.rulebook.quantities[item.quantity], each.value, answers)}"
    return f"is {plan_words(view.rulebook, item, each.value, answers)}"


def _lines(view: View, each: PlanNumber, told: Collection[str]) -> Iterator[Line]:
    if each.item.asked_later and each.gives is not None:
        yield Line(each.item.asked_later)
    if each.note:
        yield Line(each.note)
    if each.state != "given":
        yield from _why(view, each)
    if each.working is not None:
        if not view.plain:
            yield Line(f"formula: {each.working.formula}")
        yield Line("from:")
        yield from (Line(f"- {_input(view, given)}", 2) for given in each.inputs)
    for chosen in each.choices:
        above = chosen.subject in told
        yield Line(f"{standing_title(view, chosen)}{', as above' if above else ''}")
        yield from (Line(line, 2) for line in (() if above else standing_words(view, chosen)))
    if each.working is not None and each.working.steps:
        yield Line("worked out:")
        for step in each.working.steps:
            told = step._replace(measure="") if view.plain else step
            yield Line(f"- {told.words}", 2)
        yield from _rounding(each)
    elif each.gives is not None and each.state == "given" and not each.choices:
        yield Line(f"it is {_FROM[each.lines[each.gives].source]}")
    elif each.state == "open" and each.gives is not None and not each.missing:
        yield Line("no answer gives it")
    if each.state == "given":
        yield from _why(view, each)
    for name in each.missing:
        yield Line(f"waits for: {view.ask(name)}{view.id(name)}")
    if each.hidden:
        yield Line(f"At the level {view.level.name} the person is shown no plan.")
    if each.item.sources and not view.plain:
        yield Line(f"sources: {', '.join(each.item.sources)}")


def _why(view: View, each: PlanNumber) -> Iterator[Line]:
    """Which line of the plan gives it, and what that waits for; of a key that is absent, every line."""
    if view.plain or each.kind == "measure":
        return
    told = each.lines if each.gives is None else each.lines[: each.gives + 1]
    several = len(each.lines) > 1
    for place, line in enumerate(told, 1):
        gives = each.gives is not None and place == each.gives + 1
        lead = f"line {place} of {len(each.lines)}" if several else "its line"
        yield Line(f"{lead} {'gives it' if gives else _APPLIES[line.applies]}:")
        for one in line.waits_for:
            holds = _STATUS[one.status].format(one.over) if one.status else _HOLDS[one.holds]
            by = f", by rule {one.rules[0]}" if one.rules else ""
            asked = "".join(f"; it says whether {name} is asked" for name in one.asks)
            yield Line(f"- {one.name}: {holds}{by}{asked}", 2)


def _input(view: View, given: Input) -> str:
    if given.text:
        return f"{given.text} is {given.reads}{view.id(given.question)}"
    said = _HOW.get(given.how, "").format(given.reads) or view.answer(given.question, given.answer)
    behind = view.behind(given.question)
    return f"{view.ask(given.question)} {said}{f', {behind}' if behind else ''}{view.id(given.question)}"


def _rounding(each: PlanNumber) -> Iterator[Line]:
    assert each.working is not None
    if each.rounded_to and each.value is not None:
        kept = f"kept to {number_words(each.rounded_to[0])}: {number_words(each.value)}"
        steps = f", told in whole steps of {number_words(each.rounded_to[1])}" if each.rounded_to[1:] else ""
        shown = f": {number_words(each.display)}" if steps and each.display is not None else ""
        yield Line(f"rounded down, {kept}{steps}{shown} {each.working.unit}".rstrip())
