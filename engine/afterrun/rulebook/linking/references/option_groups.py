"""A long list of options below headings: every option below one of them, in one order for all."""

from __future__ import annotations

from collections import Counter
from itertools import chain

from afterrun.rulebook.linking.index import Items
from afterrun.rulebook.linking.written_files import Item
from afterrun.rulebook.schema import Question


def check_groups(items: Items, item: Item) -> None:
    """Add a problem for each option that its groups name wrongly, twice or not at all."""
    question: Question = item.value
    offered = [option.id for option in question.options]
    no_option = "'{kind}' has no option '{name}'"
    items.look_up(item.at("ungrouped"), question.id, question.ungrouped, offered, no_option)
    for place, group in enumerate(question.groups):
        items.look_up(item.at("groups", place), question.id, group.options, offered, no_option)
    _check_gate(items, item)
    if not question.groups:
        return
    at = item.at("groups")
    named = Counter(chain.from_iterable(group.options for group in question.groups))
    outside = {*question.ungrouped, *(option.id for option in question.options if option.alone)}
    for name in offered:
        if name in outside and named[name]:
            items.problem(at, f"'{name}' stands in a group, and belongs in none")
        elif name not in outside and named[name] != 1:
            items.problem(at, f"'{name}' stands in {'two groups' if named[name] else 'no group'}")
    listed = [*named, *(name for name in offered if name in outside)]
    if sorted(listed) == sorted(offered) and listed != offered:
        items.problem(at, "the groups have the options in another order than the question")


def _check_gate(items: Items, item: Item) -> None:
    question: Question = item.value
    if not question.gate:
        return
    for place, group in enumerate(question.groups):
        if not group.gist:
            message = "has no 'gist', which a 'gate' shows in place of the options"
            items.problem(item.at("groups", place), f"'{group.title}' {message}")
    if not question.groups or sum(option.alone for option in question.options) != 1:
        message = "a 'gate' takes 'groups', and one option that stands alone, for those with none of these"
        items.problem(item.at("gate"), message)
