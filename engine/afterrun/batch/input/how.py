"""How inputs are to be read, where they do not say so themselves: what the person who runs a batch knows."""

from __future__ import annotations

import json
from typing import Any, Literal, NamedTuple

from afterrun.batch.foreign.records import OtherRecords
from afterrun.batch.input.pseudonyms import Pseudonyms

Separator = Literal["", ",", ";", "\t", "|"]
Encoding = Literal["", "utf-8", "cp1252", "utf-16"]


class How(NamedTuple):
    """What was told of the inputs; a blank means that the file is looked at."""

    separator: Separator = ""
    """What parts the cells of a line."""
    decimal: Literal["", ".", ","] = ""
    """What parts a number from its fraction."""
    encoding: Encoding = ""
    na: tuple[str, ...] = ()
    """Words for a cell without an answer, beside the blank."""
    rename: tuple[tuple[str, str], ...] = ()
    """Columns of the file, each with the name that it should have had."""
    codes: Literal["", "places", "yes_no"] = ""
    """Whether 1 and 0 in a choice are the option's place or yes and no."""
    dictionary: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """Fields of a form, each with its codes and their words."""
    assume_asked: tuple[str, ...] = ()
    """Questions of which a missing option column means 'not ticked'."""
    key: tuple[str, ...] = ()
    """Columns that tell one row's record from another's, beside `record_id`."""
    sheet: str = ""
    """The sheet of a workbook to read."""
    pseudonyms: Pseudonyms | None = None
    """What record ids are replaced by."""
    records: OtherRecords | None = None
    """What lines of JSON may be beside intakes."""

    def as_json(self) -> dict[str, Any]:
        """For the frozen plan: what was told, and nothing else; of a key only what tells it from others."""
        apart = ("pseudonyms", "records")
        told = {name: value for name, value in self._asdict().items() if value and name not in apart}
        told |= {"pseudonyms": self.pseudonyms.fingerprint} if self.pseudonyms else {}
        # As it comes back from the plan, to be held against it.
        as_kept: dict[str, Any] = json.loads(json.dumps(told))
        return as_kept


def how_from(plan: dict[str, Any], pseudonyms: Pseudonyms | None = None) -> How:
    """What a frozen plan holds; the key of pseudonyms is nowhere but with its owner."""
    rename = tuple((theirs, ours) for theirs, ours in plan.get("rename", ()))
    lists = {name: tuple(plan[name]) for name in ("na", "assume_asked", "key") if name in plan}
    dictionary = tuple(
        (field, tuple((code, words) for code, words in choices))
        for field, choices in plan.get("dictionary", ())
    )
    told: dict[str, Any] = plan | lists
    told |= {"rename": rename, "dictionary": dictionary, "pseudonyms": pseudonyms}
    return How(**told)


AS_IT_IS = How()
"""Nothing was told."""
