"""A batch into a stream, in order, for a pipe; it keeps nothing to go on with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from afterrun.batch.crew.hire import crew_for
from afterrun.batch.crew.orders import Orders, output_of
from afterrun.batch.input.rejects import Reject
from afterrun.batch.request import Request, Tell, Watch
from afterrun.batch.runs.unchanged import Unchanged
from afterrun.batch.runs.work import Work, sources_of
from afterrun.batch.write.tally import Tally
from afterrun.storage import storage_faults


def run_to_stream(
    request: Request,
    sink: BinaryIO,
    spool: Path,
    watch: Watch,
    refuse: Callable[[Sequence[Reject]], None],
    tell: Tell,
) -> Tally:
    """Write all rows to `sink` and hand the rejects to `refuse`, chunk by chunk, and notes to `tell`.

    `spool` is a folder for what must be kept meanwhile. Raises as `job.run` does.
    """
    output = output_of(request.rulebook, request.options)
    with storage_faults(spool):
        sources = sources_of(request, spool, tell)
    unchanged = Unchanged(sources)
    stream = output.stream(sink, request.options.format, [source.shown for source in sources])
    orders = Orders(request.rulebook, request.options, sources)
    with crew_for(request.hands, orders, output, spool / "decided") as crew:
        work = Work(request, output, sources, spool / "ids", watch, crew)
        for lot, _ in work.lots(lambda _: None):
            with storage_faults(spool):
                result = work.result(lot)
            refuse(result.rejects)
            work.count(result.tally, lot.share)
            stream.put(result.rows())
            work.forget(lot)
            del result  # before the next lot is read
        if not stream.begun:
            stream.put(work.nothing().rows())
    unchanged.check()
    stream.end()
    return work.total
