"""What a batch found, for its reader: counts with their names, whether it is finished or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from afterrun.batch.foreign.addresses import Address
from afterrun.batch.places import Place
from afterrun.batch.shown.kept import looked_at
from afterrun.batch.write.output import names_of
from afterrun.batch.write.tally import Tally, added, with_gaps, with_mended
from afterrun.notebooks import html_of
from afterrun.rulebook import Rulebook
from afterrun.versions import ENGINE, SCHEMA


class Summary(NamedTuple):
    """A batch in numbers."""

    finished: bool
    tally: Tally
    rulebook: Mapping[str, str]
    inputs: tuple[str, ...]
    names: Mapping[str, Mapping[str, str]]
    """The words for triage levels, patterns and questions, by id."""
    left_out: tuple[str, ...] = ()
    """Files in the folders given that were not read."""
    schema: str = SCHEMA
    engine: str = ENGINE
    """Of the program that began it; the schema is blank where it began before schemas had versions."""

    def _repr_html_(self) -> str:
        return html_of(self)

    def to_dict(self) -> dict[str, Any]:
        """The summary as JSON; the names are left to those who have the rulebook."""
        return {
            "finished": self.finished,
            "rulebook": dict(self.rulebook),
            "schema": self.schema,
            "engine": self.engine,
            "inputs": list(self.inputs),
            "left_out": list(self.left_out),
            **self.tally._asdict(),
        }


def summary_in_memory(
    rulebook: Rulebook, tally: Tally, inputs: Sequence[str], left_out: Sequence[str] = ()
) -> Summary:
    """The summary of a batch that went into a stream or a database."""
    return Summary(True, tally, rulebook.stamp, tuple(inputs), names_of(rulebook), tuple(left_out))


def summary_of(where: Place | Address) -> Summary:
    """The summary of a batch that was begun, from the records of its finished chunks."""
    with looked_at(where) as kept:
        plan, total = kept.plan, added(kept.tallies.values())
        return Summary(
            finished=kept.finished,
            tally=with_mended(
                with_gaps(total, [each.get("not_asked", ()) for each in plan["inputs"]]),
                [each.get("mended", False) for each in plan["inputs"]],
            ),
            rulebook=plan["rulebook"],
            inputs=tuple(each["path"] for each in plan["inputs"]),
            names=kept.names,
            left_out=tuple(plan.get("left_out", ())),
            schema=plan.get("schema", ""),
            engine=plan["program"].removeprefix("afterrun "),
        )
