"""The crew that was asked for."""

from __future__ import annotations

from pathlib import Path

from afterrun.batch.crew.crews import Crew, Here
from afterrun.batch.crew.decided import Stored
from afterrun.batch.crew.orders import Orders, Worker
from afterrun.batch.request import Hands
from afterrun.batch.write.output import Output
from afterrun.storage import make_folder


def crew_for(hands: Hands, orders: Orders, output: Output, folder: Path) -> Crew:
    """Whoever is to decide the lots; `folder` is for what is decided and not put in its place yet."""
    if hands.jobs == 1 and not hands.cluster:
        return Here(orders, output)
    make_folder(folder, private=True)
    sealed = orders.sealed(folder.absolute())
    if hands.cluster:
        from afterrun.batch.crew.spark import Spark

        return Spark(output, sealed, hands)
    from afterrun.batch.crew.processes import Processes

    return Processes(output, sealed, hands.jobs, Worker(orders, output, Stored(sealed.folder)))
