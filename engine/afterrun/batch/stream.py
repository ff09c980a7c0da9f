"""A batch into a stream, in order, for a pipe; it keeps nothing to go on with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from afterrun.batch.input.rejects import Reject
from afterrun.batch.request import Request, Tell, Watch
from afterrun.batch.work import Work, output_of, sources_of
from afterrun.batch.write.tally import Tally


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
    sources = sources_of(request, spool, tell)
    work = Work(request, output, sources, spool / "ids", watch)
    stream = output.stream(sink, request.options.format, [source.shown for source in sources])
    for source, chunk, share in work.chunks():
        result = work.decide(source, chunk)
        refuse(result.rejects)
        work.count(result.tally, share)
        stream.put(result.rows)
        del result  # before the next chunk is read
    if not stream.begun:
        stream.put(work.nothing().rows)
    stream.end()
    return work.total
