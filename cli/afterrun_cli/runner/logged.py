"""What is answered, written down in a log before it is shown; without a log it is only shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import afterrun
from afterrun.errors import AfterrunError, ProblemsError
from afterrun_cli.terminal.exits import COULD_NOT_RUN, UNUSABLE, error_lines, leave, say
from afterrun_cli.terminal.loading import rulebook_from

if TYPE_CHECKING:
    from afterrun.log import Recorder


_NOT_TOLD = "What cannot be written down is not told: there is no result."
_NOT_FINISHED = (
    "The rows are written, but the log does not say so: it holds that this batch was begun, and no more. "
    "Run it again to another place to have a result that stands in a log."
)


class LogOptions(NamedTuple):
    """Whether a log is kept, and what goes into it."""

    file: Path | None
    answers: bool
    clock: Callable[[], datetime]


class Logged:
    """Gives back what it was given, once it stands in the log."""

    def __init__(self, recorder: Recorder | None, do_not_wait: str) -> None:
        self._recorder, self._do_not_wait = recorder, do_not_wait

    def result(self, kind: Literal["assess", "ask"], result: afterrun.Result) -> afterrun.Result:
        """One result; leaves where it cannot be written down."""
        if self._recorder is not None:
            with self._no_result():
                self._recorder.result(kind, result)
        return result

    def assess(
        self, rulebook: afterrun.Rulebook, intake: Mapping[str, Any] | afterrun.Answers
    ) -> afterrun.Result:
        """Assess, and write down as above."""
        return self.result("assess", afterrun.assess(rulebook, intake))

    def check_in(self, said: afterrun.CheckIn, intake: Mapping[str, Any] | None) -> afterrun.CheckIn:
        """One check-in, with the intake that its programme follows from; leaves as above."""
        if self._recorder is not None:
            with self._no_result():
                self._recorder.check_in(said, intake)
        return said

    def begins(self, rulebook: afterrun.Rulebook, inputs: Callable[[], Sequence[Mapping[str, Any]]]) -> None:
        """A batch, before any of it is decided; leaves as above. `inputs` is called where there is a log."""
        if self._recorder is not None:
            with self._no_result():
                self._recorder.batch_begins(rulebook, inputs())

    def ends(
        self,
        rulebook: afterrun.Rulebook,
        outputs: Callable[[], Sequence[Mapping[str, Any]]],
        counts: Mapping[str, int],
    ) -> None:
        """A batch that is finished, before anything is said of it; leaves as above, with the result there."""
        if self._recorder is not None:
            with self._no_result(_NOT_FINISHED):
                self._recorder.batch_ends(rulebook, outputs(), counts)

    @contextmanager
    def _no_result(self, told_of_it: str = _NOT_TOLD) -> Iterator[None]:
        try:
            yield
        except ProblemsError:
            # An input is wrong, and no log.
            raise
        except AfterrunError as error:
            told = error_lines([error])
            leave(
                COULD_NOT_RUN,
                *told,
                told_of_it,
                *([self._do_not_wait] if self._do_not_wait else ()),
            )


@contextmanager
def recorder_for(options: LogOptions, rulebook_folder: Path | None) -> Iterator[Recorder | None]:
    """What writes a log for as long as pages are served; None where none is asked for."""
    if options.file is None:
        refuse_answers_alone(options)
        yield None
        return
    from afterrun.log import Log, Recorder

    with Log(options.file, say, rulebook_from(rulebook_folder).identity.name) as log:
        yield Recorder(log, options.clock, answers=options.answers)


@contextmanager
def logged(options: LogOptions, rulebook: afterrun.Rulebook) -> Iterator[Logged]:
    """A log that is opened before any work, and on the disk at the end; none where none is asked for."""
    do_not_wait = (rulebook.base or rulebook).identity.do_not_wait
    if options.file is None:
        refuse_answers_alone(options)
        yield Logged(None, do_not_wait)
        return
    from afterrun.log import Log, Recorder

    family = (rulebook.base or rulebook).identity.name
    with Log(options.file, say, family) as log:
        yield Logged(Recorder(log, options.clock, answers=options.answers), do_not_wait)


def refuse_answers_alone(options: LogOptions) -> None:
    """Leave where answers should go into a log, and there is none."""
    if options.answers and options.file is None:
        leave(UNUSABLE, "error: --log-answers goes with --log FILE")
