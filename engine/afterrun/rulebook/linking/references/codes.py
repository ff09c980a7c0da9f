"""Every name in the codes looked up, and what may leave held against what was checked."""

from __future__ import annotations

from afterrun.rulebook.linking.index import Items
from afterrun.rulebook.linking.written_files import Item
from afterrun.rulebook.schema import Classification, CodeFile


def check_codes(items: Items) -> None:
    """Add a problem for each name that does not resolve, and for each code that says too little."""
    file = items.written.knowledge.get("codes")
    if file is None:
        return
    written: CodeFile = file.model
    message = "no '{name}' stands in 'checks'"
    for name, exchanged in written.exchanged.items():
        at = Item(exchanged, file, ("exchanged", name, "checks"))
        items.look_up(at, "check", exchanged.checks, written.checks, message)
    for place, code in enumerate(written.codes):
        at = Item(code, file, ("codes", place))
        items.look_up(at.at("pattern"), "pattern", code.pattern, items.patterns)
        if place == 0 and code.pattern is not None:
            # A Condition takes its code from here, and a pattern is never one.
            message = f"the first is to be that of the symptom itself, and this one is of '{code.pattern}'"
            items.problem(at.at("pattern"), message)
        for name, classified in code.classified():
            own = Item(classified, file, ("codes", place, name))
            items.look_up(own.at("check"), "check", classified.check, written.checks, message)
            for number, coded in enumerate(classified.codes):
                each = Item(coded, file, (*own.path, "codes", number))
                items.look_up(each.at("check"), "check", coded.check, written.checks, message)
            if name in written.exchanged:
                _check_leaving(items, own, name, written)


def _check_leaving(items: Items, at: Item, name: Classification, written: CodeFile) -> None:
    """Of one condition one code leaves: whoever reads two would have to choose."""
    leaving = [each.code for each in written.leaving(name, at.value)]
    if len(leaving) > 1:
        message = (
            f"{' and '.join(leaving)} would both be exchanged for one condition: "
            "give all but one a 'note', or its 'side'"
        )
        items.problem(at, message)
