"""What is asked of a batch: by which rulebook, of what, in what shape, and when to stop before the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from afterrun.batch.input.folders import Input
from afterrun.batch.input.how import How
from afterrun.batch.write.output import Format
from afterrun.batch.write.tally import Tally
from afterrun.errors import AfterrunError
from afterrun.rulebook import Rulebook


class Options(NamedTuple):
    """What shapes the result."""

    format: Format = "parquet"
    columns: tuple[str, ...] = ()
    """Those wanted; none means all."""
    explain: bool = False
    rows_per_chunk: int = 100_000


class Limits(NamedTuple):
    """How much is borne. They do not shape the result, so they may differ from run to run."""

    strict: bool = False
    """Stop at the first reject."""
    max_rejects: int | None = None
    max_rows: int | None = None
    max_unpacked: int | None = None
    """Bytes that a compressed file may hold."""

    def check(self, total: Tally, first: str = "") -> None:
        """Raise TooManyRows or TooManyRejects; `first` tells the reject that tipped the scales."""
        if self.max_rows is not None and total.rows_in > self.max_rows:
            raise TooManyRows(f"stopped: there are more than {self.max_rows:,} rows, which is the most")
        if self.strict and total.rejects:
            raise TooManyRejects(f"stopped at the first reject: {first}" if first else "there are rejects")
        if self.max_rejects is not None and total.rejects > self.max_rejects:
            raise TooManyRejects(
                f"stopped: {total.rejects:,} rejects in {total.rows_in:,} rows, "
                f"and no more than {self.max_rejects:,} are allowed"
            )


class Hands(NamedTuple):
    """Who does the work. The result is the same, so this may differ from run to run."""

    jobs: int = 1
    """Processes on this machine."""
    master: str = ""
    """A Spark cluster, as `spark://host:7077` or `local[2]`."""
    remote: str = ""
    """A Spark Connect server, as `sc://host`."""

    @property
    def cluster(self) -> bool:
        """Whether the work goes to other machines."""
        return bool(self.master or self.remote)


class Request(NamedTuple):
    """One batch."""

    rulebook: Rulebook
    inputs: Sequence[Input]
    options: Options = Options()
    limits: Limits = Limits()
    how: How = How()
    hands: Hands = Hands()
    append: bool = False
    """Whether the inputs come beside those of a batch that is finished."""


class TooManyRejects(AfterrunError):
    """More rows were rejected than the limits allow; what is finished stands."""


class TooManyRows(AfterrunError):
    """There are more rows than the limits allow."""


class Progress(NamedTuple):
    """How far a batch is."""

    rows_in: int
    rejects: int
    share: float
    """Of all input, between 0 and 1."""


Watch = Callable[[Progress], None]
Tell = Callable[[str], None]
