"""A log in, the same answers assessed again, and what differs out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from afterrun.assessment import assess, check_in
from afterrun.canonical import canonical, digest_of
from afterrun.errors import AfterrunError, IntakeError
from afterrun.extras import require
from afterrun.intake import RECORD_ID, RawIntake, as_intake, read_answers, read_intake
from afterrun.log.chain import Fault, Reader
from afterrun.log.entries import Entry, Link, decided_in
from afterrun.log.recording import decision_of, result_digest
from afterrun.rulebook import Rulebook

AT_ONCE = 50_000
"""Entries that are assessed together: their answers are held meanwhile."""
MOST_TOLD = 100
"""Differences that are told one by one; all are counted."""


class NotReplayed(AfterrunError):
    """A log that does not verify, or one of another rulebook."""


class Difference(NamedTuple):
    """An entry that comes out otherwise now."""

    sequence: int
    time: str
    what: Mapping[str, tuple[Any, Any]]
    """What was told and what would be now, by name; empty where only digests say that they differ."""
    check_in: bool = False
    known: bool = False
    """Whether the log holds what was decided, so that what is empty differs in something else."""
    refused: str = ""
    """Why the rulebook cannot read these answers."""


class Replay(NamedTuple):
    """What came of a log that was run again."""

    entries: int
    same: int
    differ: int
    told: tuple[Difference, ...]
    """The first MOST_TOLD of those that differ."""
    triage: Mapping[tuple[str, str], int]
    """How many went from which level to which, of those whose answers the log holds."""
    without_answers: int
    """Entries whose answers are neither in the log nor among the intakes given."""
    batches: int
    """Entries of batches, which are run again by the same command on the same files."""

    @property
    def not_run(self) -> int:
        """Entries of which nobody knows whether they would be the same."""
        return self.without_answers + self.batches


class Rulebooks(NamedTuple):
    """The parts of the rulebook that a log is run again under."""

    main: Rulebook
    check_in: Rulebook | None
    other: bool
    """Whether it was named on purpose, so that it may be another than the log's own."""

    def of(self, entry: Entry) -> Rulebook | None:
        """The part that answers an entry."""
        return self.check_in if entry.kind == "check-in" else self.main


def intakes_by_digest(
    rulebook: Rulebook, raws: Iterable[RawIntake], refuse: Callable[[IntakeError], object]
) -> dict[str, dict[str, Any]]:
    """Intakes by what a log says of them; `refuse` is given what is wrong with each that cannot be read."""
    found = {}
    for raw in raws:
        try:
            intake = as_intake(rulebook, read_intake(rulebook, raw)._replace(from_files={}))
        except IntakeError as error:
            refuse(error)
            continue
        found[digest_of(intake)] = intake
    return found


def replay(
    path: Path, rulebooks: Rulebooks, intakes: Mapping[str, Mapping[str, Any]], *, whole: bool = False
) -> Replay:
    """Run every entry again whose answers are in the log, or among `intakes` by their digest.

    Columns decide, and what they decide is held against the log: triage, patterns, interventions, numbers
    of the plan and open questions. With `whole` each is assessed by itself, and all but the proofs is held
    against it. Raises NotReplayed where the log does not verify, or is another rulebook's, and as
    `chain.verify` does.
    """
    require("polars")
    faults = list[Fault]()
    reader = Reader(path, faults.append)
    run = _Run(path, rulebooks, intakes, whole)
    links = iter(reader)
    while some := list(islice(links, AT_ONCE)):
        _refuse(path, faults, reader)
        run.take(some)
    _refuse(path, faults, reader)
    return run.replayed()


def _refuse(path: Path, faults: list[Fault], reader: Reader) -> None:
    if faults or reader.torn:
        why = f"{faults[0]}" if faults else "its last entry is torn"
        raise NotReplayed(
            f"{path} does not verify, so nothing is made of it: {why}",
            f"All that is wrong with it:  afterrun log verify {path}",
        )


def _refuse_other(path: Path, rulebooks: Rulebooks, entry: Entry) -> None:
    """An entry of another rulebook's is never run; of another version only where that was asked for."""
    main = rulebooks.main
    if entry.family != main.identity.name:
        raise NotReplayed(
            f"{path} is the log of the rulebook '{entry.family}', and this is '{main.identity.name}'"
        )
    ours, was = rulebooks.of(entry), entry.said["rulebook"]
    if not rulebooks.other and (ours is None or was["digest"] != ours.digest):
        raise NotReplayed(
            f"{path}: entry {entry.sequence} was made with {was['name']} {was['version']} "
            f"({was['digest'][:12]}), which is not the rulebook at hand",
            "Give that one, or another to see what differs:  --rulebook DIR",
        )


class _Run:
    """Links taken some at a time, and what came of their entries so far."""

    def __init__(
        self, path: Path, rulebooks: Rulebooks, intakes: Mapping[str, Mapping[str, Any]], whole: bool
    ) -> None:
        self._path, self._rulebooks, self._intakes, self._whole = path, rulebooks, intakes, whole
        self._counts = Counter[str]()
        self._told = list[Difference]()
        self._triage = Counter[tuple[str, str]]()

    def take(self, links: list[Link]) -> None:
        """Run some again: columns decide all that they can, while the rest is run on the way to them."""
        from afterrun.batch import decisions_in_columns

        asked: list[_Asked] = []
        texts = decisions_in_columns(self._rulebooks.main, self._for_columns(links, asked))
        digests = {text: sha256(text.encode()).hexdigest() for text in set(texts) if text is not None}
        for (link, decision, triage), text in zip(asked, texts, strict=True):
            if text is not None and digests[text] == decision:
                self._counts["same"] += 1
                self._count_triage(triage, triage)
            else:
                entry = link.entry
                answers = self._answers_of(entry)
                assert answers is not None
                self._one(entry, answers, "decision")

    def _for_columns(self, links: list[Link], asked: list[_Asked]) -> Iterator[bytes]:
        """The answers that columns are to decide; `asked` is given what they are of, and nothing larger."""
        main = self._rulebooks.main
        for link in links:
            self._counts["entries"] += 1
            quick = None if self._whole else decided_in(link)
            if (
                quick is not None
                and quick.family == main.identity.name
                and (self._rulebooks.other or quick.digest == main.digest)
            ):
                asked.append(_Asked(link, quick.decision, quick.triage))
                yield quick.answers
                continue
            entry = link.entry
            _refuse_other(self._path, self._rulebooks, entry)
            if entry.kind == "batch":
                self._counts["batches"] += 1
            elif (answers := self._answers_of(entry)) is None:
                self._counts["without_answers"] += 1
            elif entry.kind == "check-in":
                self._check_in(entry, answers)
            elif self._whole:
                self._one(entry, answers, "result")
            else:
                asked.append(_Asked(link, entry.said["decision"], _triage_told(entry)))
                yield canonical({key: value for key, value in answers.items() if key != RECORD_ID})

    def replayed(self) -> Replay:
        """All of it."""
        counts = self._counts
        return Replay(
            counts["entries"],
            counts["same"],
            counts["differ"],
            tuple(sorted(self._told, key=lambda each: each.sequence)),
            dict(sorted(self._triage.items())),
            counts["without_answers"],
            counts["batches"],
        )

    def _answers_of(self, entry: Entry) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = entry.said.get("answers", self._intakes.get(entry.said["intake"]))
        return found

    def _one(self, entry: Entry, answers: Mapping[str, Any], digest: str) -> None:
        """Assess one by itself, and hold one of its digests against that of the log."""

        def again() -> tuple[str, dict[str, Any]]:
            rulebook = self._rulebooks.main
            result = assess(rulebook, read_answers(rulebook, answers))
            now = decision_of(result)
            return digest_of(now) if digest == "decision" else result_digest(result), now

        self._hold(entry, digest, again)

    def _check_in(self, entry: Entry, record: Mapping[str, Any]) -> None:
        part = self._rulebooks.check_in
        if part is None:
            self._differs(Difference(entry.sequence, entry.said["time"], {}, refused="it has no check-ins"))
            return

        def again() -> tuple[str, dict[str, Any]]:
            return result_digest(check_in(part, record)), {}

        self._hold(entry, "result", again)

    def _hold(self, entry: Entry, digest: str, again: Callable[[], tuple[str, dict[str, Any]]]) -> None:
        try:
            found, now = again()
        except IntakeError as error:
            why = "; ".join(map(str, error.problems[:3]))
            self._differs(Difference(entry.sequence, entry.said["time"], {}, refused=why))
            return
        self._count_triage(_triage_told(entry), now.get("triage"))
        if found == entry.said[digest]:
            self._counts["same"] += 1
        else:
            what = dict(_changes(entry.said.get("decided", {}), now))
            self._differs(
                Difference(
                    entry.sequence,
                    entry.said["time"],
                    what,
                    entry.kind == "check-in",
                    "decided" in entry.said,
                )
            )

    def _differs(self, difference: Difference) -> None:
        self._counts["differ"] += 1
        if len(self._told) < MOST_TOLD:
            self._told.append(difference)

    def _count_triage(self, was: str | None, now: str | None) -> None:
        if was is not None and now is not None:
            self._triage[was, now] += 1


class _Asked(NamedTuple):
    """What columns are asked about, and what was written down of it."""

    link: Link
    decision: str
    triage: str | None


def _triage_told(entry: Entry) -> str | None:
    triage: str | None = entry.said.get("decided", {}).get("triage")
    return triage


def _changes(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Each member that is another now; of patterns and the plan each key."""
    if not was:
        return
    for name, value in now.items():
        before = was.get(name)
        if isinstance(value, Mapping) and isinstance(before, Mapping):
            for key in sorted({*value, *before}):
                if value.get(key) != before.get(key):
                    yield f"{name}.{key}", (before.get(key), value.get(key))
        elif value != before:
            yield name, (before, value)
