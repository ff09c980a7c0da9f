"""Run as a program: an order on its input, then `afterrun.batch` on the file beside it, within limits."""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
from datetime import date
from pathlib import Path
from typing import Any

from afterrun import batch
from afterrun.errors import AfterrunError, EngineFault, ProblemsError
from afterrun.extras import way_to
from afterrun.interchange import RESPONSES
from afterrun.rulebook import unpack_rulebook
from afterrun.storage import StorageFault
from afterrun_web.batches.process import MOST_ROWS, MOST_UNPACKED, OUT, Order

ROWS_AT_ONCE = 20_000
"""So many between two steps that are told."""
BYTES_OF_MEMORY, BYTES_OF_A_FILE, SECONDS_OF_WORK = 2 << 30, 1 << 30, 600


def main() -> None:
    """Do what the order says, and tell how it goes."""
    order = Order(**json.loads(sys.stdin.buffer.readline()))
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    _bind()
    try:
        _run(order)
    except ProblemsError as error:
        _tell(refused=[str(each) for each in error.problems])
    except StorageFault as error:
        # Where it lies is no business of who sent the file.
        _tell(refused=[f"It could not be written: {error.reason}."])
    except EngineFault as error:
        _tell(refused=[f"no result: {error}", "This is a fault of the program, not of your input."])
    except AfterrunError as error:
        _tell(refused=str(error).split("\n"))
    except ModuleNotFoundError as error:
        _tell(refused=[f"This server cannot read it: {way_to(error.name or '')}"])
    else:
        _tell(done=True)


def _run(order: Order) -> None:
    rulebook = unpack_rulebook(order.rulebook).on(date.fromisoformat(order.day))
    place = batch.place_of(str(Path("..", OUT, order.results)), None)
    options = batch.Options(place.format, explain=order.explain, rows_per_chunk=ROWS_AT_ONCE)
    limits = batch.Limits(max_rows=MOST_ROWS, max_unpacked=MOST_UNPACKED)
    how = batch.How(sheet=order.sheet, records=RESPONSES)
    request = batch.Request(rulebook, [Path(order.name)], options, limits, how=how)
    batch.run(
        request,
        place,
        lambda progress: _tell(progress=progress._asdict()),
        lambda note: _tell(note=note),
    )


def _tell(**what: Any) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


def _end_with_the_server() -> None:
    # The order was its only line: what comes after it is the end.
    sys.stdin.buffer.read()
    os._exit(1)


def _bind() -> None:
    """Take no more than a share of the machine, and let what is asked for meanwhile come first."""
    os.nice(10)
    for what, most in (
        (resource.RLIMIT_DATA, BYTES_OF_MEMORY),
        (resource.RLIMIT_FSIZE, BYTES_OF_A_FILE),
        (resource.RLIMIT_CPU, SECONDS_OF_WORK),
        # What it holds is nobody's to read afterwards.
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


if __name__ == "__main__":
    main()
