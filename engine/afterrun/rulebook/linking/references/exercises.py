"""Every name on the cards of the exercises looked up, and each card held against the plan that names it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from afterrun.rulebook.linking.index import Items
from afterrun.rulebook.linking.written_files import Item
from afterrun.rulebook.schema import PLACEHOLDER, Exercise, PlanItem

_ID = re.compile(r"^[a-z][a-z0-9_]*$")


def check_exercises(items: Items) -> None:
    """Add a problem for each name that does not resolve, and each exercise that needs something else."""
    plan = {item.value.key for item in items.plan}
    if items.doses is not None:
        items.look_up(items.doses, "intervention", items.doses.value, items.interventions)
        for name, lines in items.doses.value.items():
            items.look_up(items.doses.at(name), "key of the plan", _keys(lines), plan)
    offered = [option.id for item in items.questions.values() for option in item.value.options]
    for item in items.exercises.values():
        each: Exercise = item.value
        items.look_up(item.at("needs"), "option", each.needs, offered)
        items.look_up(item.at("dose"), "key of the plan", _keys(each.dose), plan)
        for key in ("easier", "harder", "ladder"):
            named = [step for step in getattr(each, key) if _ID.match(step)]
            items.look_up(item.at(key), "exercise", named, items.exercises)
    for item in items.plan:
        if item.value.exercises:
            _check_named(items, item)


def _check_named(items: Items, item: Item) -> None:
    """Each exercise that a key of the plan names, and whether it needs what its option says."""
    plan: PlanItem = item.value
    fixed = (*(plan.value or ()), *plan.otherwise)
    items.look_up(item, "exercise", fixed, items.exercises)
    for question, options in (plan.by_option or {}).items():
        asked = items.questions.get(question)
        nothing = [option.id for option in asked.value.options if option.alone] if asked else []
        for option, names in options.items():
            at = item.at("by_option", question, option)
            items.look_up(at, "exercise", names, items.exercises)
            if asked is None or asked.file.is_damaged(asked.path):
                continue
            for name in names:
                needs = items.exercises[name].value.needs if name in items.exercises else option
                if needs and needs not in (option, *nothing):
                    items.problem(at, f"'{name}' needs '{needs}', and stands under '{option}'")


def _keys(lines: tuple[str, ...]) -> Iterator[str]:
    """The keys of the plan in braces."""
    return (name for line in lines for name, _ in PLACEHOLDER.findall(line))
