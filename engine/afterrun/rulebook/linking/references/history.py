"""Every name in what files are asked for looked up; pain and safety are never asked of a file."""

from __future__ import annotations

from afterrun.errors import nearest
from afterrun.rulebook.linking.index import Items
from afterrun.rulebook.linking.written_files import Item
from afterrun.rulebook.schema import Offered, Question


def check_history(items: Items) -> None:
    """Add a problem for each question, option and unit that is none, or cannot take what is offered."""
    if items.history is None:
        return
    first: dict[str, Item] = {}
    for place, offered in enumerate(items.history.value.offers):
        at = items.history.at("offers", place)
        items.look_up(at.at("question"), "question", offered.question, items.questions)
        before = first.setdefault(offered.question, at)
        if before is not at:
            message = f"'{offered.question}' has an offer already, on line {before.line}: keep one of them"
            items.problem(at.at("question"), message)
        asked = items.questions.get(offered.question)
        if asked is not None and not asked.file.is_damaged(asked.path):
            _check_offered(items, at, offered, asked.value)


def _check_offered(items: Items, at: Item, offered: Offered, question: Question) -> None:
    section = items.sections.get(question.section)
    if section is not None and section.value.safety:
        message = (
            f"'{question.id}' is asked for safety, and safety is never read from a file: take the offer out"
        )
        items.problem(at.at("question"), message)
    if offered.days is not None:
        _check_amount(items, at, question)
    elif offered.length_of_break and (question.type, question.unit) != ("integer", "weeks"):
        items.problem(at.at("length_of_break"), f"'{question.id}' takes no whole number of weeks")
    elif offered.spoken_for is not None:
        options = [option.id for option in question.options]
        if question.type != "single":
            items.problem(at.at("spoken_for"), f"'{question.id}' is no choice of one option")
            return
        for name in offered.spoken_for:
            if name not in options and not items.unread.may_name(name, question.id, options):
                message = f"'{question.id}' has no option '{name}'"
                items.problem(at.at("spoken_for", name), message, nearest(name, options))


def _check_amount(items: Items, at: Item, question: Question) -> None:
    """An amount is a number with a unit, and each unit says what it is in metres or seconds."""
    if question.type != "number" or question.quantity is None:
        message = f"'{question.id}' takes no amount: only a number with a quantity is added up of runs"
        items.problem(at.at("question"), message)
        return
    own = items.history
    if own is not None and own.file.is_damaged(own.at("units").path):
        return
    base = items.written.base.history if items.written.base else None
    known = {*(base.units if base else ()), *items.history.value.units} if items.history else set()
    quantity = items.quantities.get(question.quantity)
    for unit in quantity.value.units if quantity else ():
        if unit.id not in known:
            message = f"'units' does not say how many metres or seconds '{unit.id}' is"
            items.problem(at, message)
