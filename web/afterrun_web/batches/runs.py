"""The runs of a server: each is one account's, goes when its time is over, and no more than a few go on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from threading import Event, Lock, Semaphore, Thread
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from afterrun.storage import PRIVATE_FILE, PRIVATE_FOLDER
from afterrun_web.batches.folder import NoFolder, OwnFolder, sweep
from afterrun_web.batches.process import IN, OUT, Order, Process

if TYPE_CHECKING:
    from afterrun import Rulebook
    from afterrun.batch import Place, Summary, Tally, ToldReject
    from afterrun.log import Recorder

AT_ONCE = 2
MOST_OF_ONE, MOST_OF_ALL = 3, 12
"""Runs whose files are kept, of one account and of all."""
MOST_REJECTS, MOST_NOTES, LONGEST = 20, 20, 400
"""What is held of a run to be shown: refused rows, words on the file, and characters of each."""
REMEMBERED = 1000
"""Runs that are over and still known, so that a form that comes twice makes none anew."""


class State(StrEnum):
    """Where a run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    """The file as a whole cannot be used."""
    BROKEN = "broken"
    """The process ended before its end."""
    STOPPED = "stopped"
    GONE = "gone"
    """It was done, and nothing is kept of it any more."""


GOES_ON = (State.WAITING, State.RUNNING)


class Full(Exception):
    """No more files are kept at a time; `own` where the account itself has so many."""

    def __init__(self, own: bool) -> None:
        super().__init__()
        self.own = own


class _BatchLog(NamedTuple):
    """Where one run is written down; what cannot be ends it without a result."""

    recorder: Recorder
    rulebook: Rulebook

    def begins(self, file: Path) -> None:
        from afterrun.log import files_as_told

        self.recorder.batch_begins(self.rulebook, files_as_told([file]))

    def ends(self, place: Place, tally: Tally) -> None:
        from afterrun.log import counts_of, outputs_of

        self.recorder.batch_ends(self.rulebook, outputs_of(place), counts_of(tally))


class Run:
    """One file of one account, and what came of it."""

    def __init__(self, id: str, account: str, order: Order, folder: Path, log: _BatchLog | None) -> None:
        self._log = log
        self.id, self.account, self.order, self.folder = id, account, order, folder
        self.state = State.WAITING
        self.rows_in, self.rejects, self.share = 0, 0, 0.0
        self.told: list[str] = []
        """What was passed over in the file; or why it was refused."""
        self.summary: Summary | None = None
        self.first_rejects: list[ToldReject] = []
        self.until: datetime | None = None
        """When nothing of it is kept any more."""
        self._over, self._lock = Event(), Lock()
        self._process: Process | None = None
        self._thread: Thread | None = None

    @property
    def goes_on(self) -> bool:
        """Whether it is still to end."""
        return self.state in GOES_ON

    @property
    def results(self) -> Path:
        """The file of results."""
        return self.folder / OUT / self.order.results

    @property
    def rejected(self) -> Path:
        """The file of rejected rows."""
        return self.results.with_name(f"{self.order.results}.rejects.csv")

    def begin(self, slots: Semaphore, now: Callable[[], datetime], lifetime: timedelta) -> None:
        """Assess the file when its turn comes, and throw away everything when its time is over."""

        def work() -> None:
            while not self._over.is_set():
                if slots.acquire(timeout=0.2):
                    try:
                        ended = self._assess()
                    finally:
                        slots.release()
                    self.until = now() + lifetime
                    self.state = ended
                    break
            whole = self.state is not State.DONE
            shutil.rmtree(self.folder if whole else self.folder / IN, ignore_errors=True)
            self._over.wait(lifetime.total_seconds())
            self._forget()

        self._thread = Thread(target=work, daemon=True)
        self._thread.start()

    def let_go(self) -> None:
        """Throw it away soon, without waiting for that."""
        self._over.set()

    def end(self) -> None:
        """Stop it, and throw away everything at once."""
        with self._lock:
            self._over.set()
            if self._process is not None:
                self._process.end()
        if self._thread is not None:
            self._thread.join()

    def _assess(self) -> State:
        """Have it assessed to its end; how it ended."""
        ended = State.BROKEN
        try:
            with self._lock:
                if self._over.is_set():
                    return State.STOPPED
                if self._log is not None:
                    self._log.begins(self.folder / IN / self.order.name)
                process = self._process = Process(self.folder, self.order)
                self.state = State.RUNNING
            for each in process.told():
                ended = self._take(each) or ended
            if ended is State.DONE:
                self._read_results()
        except Exception:
            # Whatever a file brings about ends its run alone; its words could hold what is in the file.
            ended = State.BROKEN
        return State.STOPPED if ended is State.BROKEN and self._over.is_set() else ended

    def _read_results(self) -> None:
        """Keep the counts; what the batch would need to go on goes."""
        from afterrun import batch

        place = batch.existing_place(str(self.results))
        self.summary = batch.summary_of(place)
        if self._log is not None:
            self._log.ends(place, self.summary.tally)
        self.first_rejects = _shortened(batch.first_rejects(place.rejects, MOST_REJECTS))
        shutil.rmtree(place.state)

    def _take(self, told: dict[str, Any]) -> State | None:
        match told:
            case {"progress": progress}:
                self.rows_in, self.rejects = progress["rows_in"], progress["rejects"]
                self.share = progress["share"]
            case {"note": note}:
                self._say([note])
            case {"refused": lines}:
                self._say(lines)
                return State.REFUSED
            case {"done": True}:
                return State.DONE
        return None

    def _say(self, lines: list[str]) -> None:
        self.told = [*self.told, *(line[:LONGEST] for line in lines)][:MOST_NOTES]

    def _forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.state = State.STOPPED if self.state in (*GOES_ON, State.STOPPED) else State.GONE
        self.summary, self.first_rejects, self.told = None, [], []


class Runs:
    """All runs of a server."""

    def __init__(
        self, base: Path, lifetime: timedelta, now: Callable[[], datetime], recorder: Recorder | None = None
    ) -> None:
        """`base` is where they lie; what a killed server left there is thrown away at once."""
        self._recorder = recorder
        self._base, self._lifetime, self._now = base, lifetime, now
        self._runs: dict[str, Run] = {}
        self._lock, self._slots = Lock(), Semaphore(AT_ONCE)
        self._folder: OwnFolder | None = None
        with suppress(OSError):
            sweep(base)

    def start(self, id: str, account: str, order: Order, file: BinaryIO, rulebook: Rulebook) -> Run:
        """Begin a run of a file, unless one has this id already. Raises Full and NoFolder."""
        with self._lock:
            if (known := self._runs.get(id)) is not None:
                return known
            kept = [each for each in self._runs.values() if each.goes_on or each.state is State.DONE]
            own = sum(each.account == account for each in kept)
            if own >= MOST_OF_ONE or len(kept) >= MOST_OF_ALL:
                raise Full(own >= MOST_OF_ONE)
            for each in self._runs.values():
                # One reads why a file was refused, and then gives another.
                if each.account == account and each not in kept:
                    each.let_go()
            self._folder = self._folder or OwnFolder(self._base)
            log = None if self._recorder is None else _BatchLog(self._recorder, rulebook)
            run = self._runs[id] = Run(id, account, order, self._folder.new(), log)
            while len(self._runs) > REMEMBERED:
                del self._runs[next(each.id for each in self._runs.values() if each not in kept)]
        try:
            _lay_down(file, run)
        except OSError as error:
            with self._lock:
                del self._runs[id]
            shutil.rmtree(run.folder, ignore_errors=True)
            raise NoFolder(error.strerror) from error
        run.begin(self._slots, self._now, self._lifetime)
        return run

    def of(self, account: str) -> list[Run]:
        """What an account has that goes on or is done, the latest first."""
        with self._lock:
            found = [each for each in self._runs.values() if each.account == account]
        return [each for each in reversed(found) if each.goes_on or each.state is State.DONE]

    def one(self, account: str, id: str) -> Run | None:
        """The run of this id, if it is that account's."""
        run = self._runs.get(id)
        return run if run is not None and run.account == account else None

    def close(self) -> None:
        """End everything, and leave nothing behind."""
        with self._lock:
            for each in self._runs.values():
                each.end()
            if self._folder is not None:
                self._folder.close()
                self._folder = None


def _lay_down(file: BinaryIO, run: Run) -> None:
    for folder in (IN, OUT):
        (run.folder / folder).mkdir(mode=PRIVATE_FOLDER)
    path = run.folder / IN / run.order.name
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with open(handle, "wb") as kept:
        shutil.copyfileobj(file, kept, 1 << 20)


def _shortened(rejects: list[ToldReject]) -> list[ToldReject]:
    return [each._replace(reason=each.reason[:LONGEST], question=each.question[:LONGEST]) for each in rejects]
