"""When a batch stops before its end, and how it tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from afterrun.batch.write.tally import Tally
from afterrun.errors import AfterrunError


class Limits(NamedTuple):
    """How many rejects are borne. They do not shape the result, so they may differ from run to run."""

    strict: bool = False
    """Stop at the first."""
    max_rejects: int | None = None

    def check(self, total: Tally, first: str = "") -> None:
        """Raise TooManyRejects; `first` tells the reject that tipped the scales."""
        if self.strict and total.rejects:
            raise TooManyRejects(f"stopped at the first reject: {first}" if first else "there are rejects")
        if self.max_rejects is not None and total.rejects > self.max_rejects:
            raise TooManyRejects(
                f"stopped: {total.rejects:,} rejects in {total.rows_in:,} rows, "
                f"and no more than {self.max_rejects:,} are allowed"
            )


class TooManyRejects(AfterrunError):
    """More rows were rejected than the limits allow; what is finished stands."""


class Progress(NamedTuple):
    """How far a batch is."""

    rows_in: int
    rejects: int
    share: float
    """Of all input, between 0 and 1."""


Watch = Callable[[Progress], None]
