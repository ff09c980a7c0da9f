"""A batch into a stream, in order, for a pipe; it keeps nothing to go on with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from afterrun.batch.chunk_work import ChunkWork, Made, all_chunks, first_words
from afterrun.batch.decide.columns import Columns
from afterrun.batch.frozen import Options
from afterrun.batch.input.rejects import Reject
from afterrun.batch.input.sources import Given, find_inputs
from afterrun.batch.limits import Limits, Progress, Watch
from afterrun.batch.write.output import Output
from afterrun.batch.write.tally import Tally, added
from afterrun.rulebook import Rulebook


def run_to_stream(
    rulebook: Rulebook,
    inputs: Sequence[Given],
    sink: BinaryIO,
    spool: Path,
    options: Options,
    limits: Limits,
    watch: Watch,
    refuse: Callable[[Sequence[Reject]], None],
    tell: Callable[[str], None],
) -> Tally:
    """Write all rows to `sink` and hand the rejects to `refuse`, chunk by chunk, and notes to `tell`.

    `spool` is a folder for what must be kept meanwhile. Raises as `job.run` does.
    """
    columns = rulebook.compiled(Columns)
    output = Output(columns, explain=options.explain, chosen=options.columns)
    sources = find_inputs(rulebook, inputs, spool)
    for source in sources:
        for note in source.notes:
            tell(f"{source.name}: {note}")
    names = [source.name for source in sources]
    work = ChunkWork(columns, output, sources, spool / "ids")
    total = Tally()
    first = True

    def put(made: Made) -> None:
        nonlocal first
        for piece in output.encode(made.kept, options.format, names, first):
            sink.write(piece)
        first = False

    for source, chunk, share in all_chunks(sources, options.rows_per_chunk):
        made = work.make(source, chunk)
        total = added([total, made.tally])
        if limits.strict:
            limits.check(total, first_words(made.rejects))
        refuse(made.rejects)
        limits.check(total)
        put(made)
        del made  # before the next chunk is read
        watch(Progress(total.rows_in, total.rejects, share))
    if first:
        put(work.nothing())
    sink.write(output.end(options.format))
    sink.flush()
    return total
