"""Files of intakes, assessed behind the pages and kept for a short while: the engine's batch, bounded.

    upload  ->  runs (whose it is, how many at once)  ->  process (one of its own, that ends with the server)
            ->  worker: `afterrun.batch` within limits  ->  results in a private folder, until they go

What a row says is in that folder and in no memory of the server: of a run it holds counts, and the first
reasons for which rows were refused.
"""

from afterrun_web.batches.folder import NoFolder
from afterrun_web.batches.process import MOST_ROWS, Order
from afterrun_web.batches.runs import MOST_OF_ONE, Full, Run, Runs, State

__all__ = ["MOST_OF_ONE", "MOST_ROWS", "Full", "NoFolder", "Order", "Run", "Runs", "State"]
