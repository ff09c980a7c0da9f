"""What a batch found, for its reader: counts with their names, whether it is finished or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from afterrun.batch.places import Place
from afterrun.batch.write.output import names_of
from afterrun.batch.write.tally import Tally, added, with_gaps, with_mended
from afterrun.notebooks import html_of
from afterrun.rulebook import Rulebook
from afterrun.storage import read_json, storage_faults


class Summary(NamedTuple):
    """A batch in numbers."""

    finished: bool
    tally: Tally
    rulebook: Mapping[str, str]
    inputs: tuple[str, ...]
    names: Mapping[str, Mapping[str, str]]
    """The words for triage levels, patterns and questions, by id."""

    def _repr_html_(self) -> str:
        return html_of(self)

    def to_dict(self) -> dict[str, Any]:
        """The summary as JSON; the names are left to those who have the rulebook."""
        return {
            "finished": self.finished,
            "rulebook": dict(self.rulebook),
            "inputs": list(self.inputs),
            **self.tally._asdict(),
        }


def summary_in_memory(rulebook: Rulebook, tally: Tally, inputs: Sequence[str]) -> Summary:
    """The summary of a batch that went into a stream."""
    return Summary(True, tally, rulebook.stamp, tuple(inputs), names_of(rulebook))


def summary_of(place: Place) -> Summary:
    """The summary of a batch that was begun, from the records of its finished chunks."""
    plan, key = read_json(place.plan), read_json(place.key)
    with storage_faults(place.state):
        numbers = sorted(int(each.stem) for each in place.state.glob("*.json") if each.stem.isdigit())
    tallies = [tally for number in numbers if (tally := place.tally(number)) is not None]
    return Summary(
        finished=place.success.is_file(),
        tally=with_mended(
            with_gaps(added(tallies), [each.get("not_asked", ()) for each in plan["inputs"]]),
            [each.get("mended", False) for each in plan["inputs"]],
        ),
        rulebook=plan["rulebook"],
        inputs=tuple(each["path"] for each in plan["inputs"]),
        names=key["names"],
    )
