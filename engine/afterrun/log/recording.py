"""What was answered in, what the log says of it out: digests, and answers only where they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any, Literal

from afterrun.assessment import CheckIn, Result, part_of
from afterrun.canonical import digest_of
from afterrun.intake import ANSWERS, ENROLLED, RECORD_ID, as_intake, read_answers, record_of
from afterrun.log.file import Log
from afterrun.rulebook import Rulebook, number_items
from afterrun.storage import storage_faults
from afterrun.versions import ENGINE, SCHEMA


class Recorder:
    """Writes down what was answered, before anybody is told of it."""

    def __init__(self, log: Log, clock: Callable[[], datetime], *, answers: bool = False) -> None:
        """With `answers` an entry holds them, and what was decided; without, it tells neither."""
        self._log, self._clock, self._answers = log, clock, answers

    def result(self, kind: Literal["assess", "ask"], result: Result) -> None:
        """Write down one result. Raises StorageFault and LogError; then nobody may be told of it."""
        decided = decision_of(result)
        intake = dict(result.answers)
        shown = {"answers": intake, "decided": decided} if self._answers else {}
        self._add(
            kind,
            result.made_by,
            intake=digest_of(intake),
            decision=digest_of(decided),
            result=result_digest(result),
            **shown,
        )

    def check_in(self, said: CheckIn, intake: Mapping[str, Any] | None) -> None:
        """Write down one check-in, of a record that holds this intake. Raises as `result` does."""
        record = record_behind(said, intake)
        shown = {"answers": record} if self._answers else {}
        self._add("check-in", said.made_by, intake=digest_of(record), result=result_digest(said), **shown)

    def batch_begins(self, rulebook: Rulebook, inputs: Iterable[Mapping[str, Any]]) -> None:
        """Write down that files of intakes are going to be assessed. Raises as `result` does."""
        self._add("batch", rulebook, stage="begun", inputs=list(inputs))

    def batch_ends(
        self, rulebook: Rulebook, outputs: Iterable[Mapping[str, Any]], counts: Mapping[str, int]
    ) -> None:
        """Write down what came of it. Raises as `result` does."""
        self._add("batch", rulebook, stage="finished", outputs=list(outputs), **counts)

    def _add(self, kind: str, rulebook: Rulebook, **told: Any) -> None:
        base = {} if rulebook.base is None else {"base": named(rulebook.base)}
        time = self._clock().astimezone(UTC).isoformat(timespec="milliseconds")
        self._log.append(
            {
                "kind": kind,
                "time": time,
                "engine": ENGINE,
                "schema": SCHEMA,
                "rulebook": named(rulebook),
                **base,
                **told,
            }
        )


def named(rulebook: Rulebook) -> dict[str, str]:
    """Which rulebook it was: name, version and digest."""
    return {
        "name": rulebook.identity.name,
        "version": rulebook.identity.version,
        "digest": rulebook.digest,
    }


def decision_of(result: Result) -> dict[str, Any]:
    """What is decided of an intake, as columns decide it: see `batch.decisions_in_columns`."""
    numbers = number_items(result.made_by)
    plan = {key: value for key, value in result.plan.items() if key in numbers and value is not None}
    return {
        "triage": result.triage,
        "patterns": dict(result.patterns),
        "interventions": list(result.interventions),
        "plan": plan,
        "open_questions": list(result.open_questions),
    }


def result_digest(said: Result | CheckIn) -> str:
    """The digest of all that is told but for the proofs, which follow from it and are nine tenths of it.

    Schema and engine are no part of it: they stand beside it, and whoever tells the same later agrees.
    """
    told = said.told()
    del told["schema"], told["engine"]
    return digest_of(told)


def record_behind(said: CheckIn, intake: Mapping[str, Any] | None) -> dict[str, Any]:
    """The record of a check-in as it was understood, with the intake that its programme follows from."""
    enrolment, base = part_of(said.made_by)
    flat = dict(said.answers)
    id = {RECORD_ID: flat.pop(RECORD_ID)} if RECORD_ID in flat else {}
    record: dict[str, Any] = {**id, **record_of(said.made_by, enrolment, flat)}
    if intake:
        record[ENROLLED][ANSWERS] = as_intake(base, read_answers(base, intake))
    return record


def files_as_told(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Files by their bytes, and by no name: that may tell of a person. Raises StorageFault."""
    told = []
    for path in paths:
        with storage_faults(path), path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
            told.append({"bytes": path.stat().st_size, "sha256": digest})
    return told
