"""Lines of JSON that are no intakes, as a table of texts: rejects, or what others know to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from afterrun.batch.foreign.laid import Laid, Row, lay_down, text_of
from afterrun.errors import IntakeError, Problem
from afterrun.intake import RECORD_ID, RawIntake, raw_intakes
from afterrun.rulebook import Rulebook

_LOOKED_AT = 100
"""Lines among which one is looked for that can be read."""


class OtherRecords(NamedTuple):
    """A kind of record that becomes an intake; the batch itself knows none."""

    is_one: Callable[[Mapping[str, Any]], bool]
    """Whether an object is of the kind; the first that can be read decides for its file."""
    read: Callable[[Rulebook, Mapping[str, Any]], Mapping[str, Any]]
    """The intake in a record; raises IntakeError."""
    id_of: Callable[[Mapping[str, Any]], str | None]
    """How one that is refused is found again."""

    def __repr__(self) -> str:
        # A source is known by how it is read: the same in each run.
        return f"{self.read.__module__}.{self.read.__qualname__}"

    def are_in(self, path: Path) -> bool:
        """Whether a file of JSON lines holds these."""
        first = first_object(path)
        return first is not None and self.is_one(first)


def first_object(path: Path) -> Mapping[str, Any] | None:
    """The first line of JSON that can be read, of some."""
    with path.open("rb") as file:
        some = islice(raw_intakes(file, "", "jsonl"), _LOOKED_AT)
        return next((each.data for each in some if not each.problems), None)


def lay_down_objects(path: Path, target: Path, name: str) -> Laid:
    """The objects of a file with a column for each of their keys; a line that is none has its reasons."""
    with path.open("rb") as file:
        keys = dict.fromkeys(key for raw in raw_intakes(file, name, "jsonl") for key in raw.data)

    def rows() -> Iterator[Row]:
        with path.open("rb") as file:
            for raw in raw_intakes(file, name, "jsonl"):
                damage = "\n".join(_damage(each, tuple(keys)) for each in raw.problems)
                yield Row(raw.line, damage, [text_of(raw.data.get(key)) for key in keys])

    return Laid(tuple(keys), 0, lay_down(target, len(keys), rows()))


def lay_down_records(rulebook: Rulebook, path: Path, target: Path, name: str, records: OtherRecords) -> Laid:
    """The intakes of a file, each beside its line; one that cannot be read has its reasons there."""
    names = columns_of(rulebook)

    def rows() -> Iterator[Row]:
        with path.open("rb") as file:
            for raw in raw_intakes(file, name, "jsonl"):
                yield _row(rulebook, raw, records, names)

    return Laid(names, 0, lay_down(target, len(names), rows()))


def columns_of(rulebook: Rulebook) -> tuple[str, ...]:
    """Every key of an intake but its files, in the questionnaire's order."""
    units = [each.unit_key for each in rulebook.quantities.values()]
    return (RECORD_ID, *units, *rulebook.questions)


def _row(rulebook: Rulebook, raw: RawIntake, records: OtherRecords, names: tuple[str, ...]) -> Row:
    problems = raw.problems
    intake: Mapping[str, Any] = {}
    if not problems:
        try:
            intake = records.read(rulebook, raw.data)
        except IntakeError as error:
            problems, intake = error.problems, {RECORD_ID: records.id_of(raw.data)}
    damage = "\n".join(_damage(each, names) for each in problems)
    return Row(raw.line, damage, [text_of(intake.get(each)) for each in names])


def _damage(problem: Problem, names: tuple[str, ...]) -> str:
    """A problem of a column with its place, any other without."""
    place = str(names.index(problem.key)) if problem.key in names else ""
    message = problem.message if place or not problem.key else f"{problem.key}: {problem.message}"
    near = f". Did you mean '{problem.nearest}'?" if problem.nearest else ""
    return f"{place}\t{message}{near}".replace("\n", " ")
