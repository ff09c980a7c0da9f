"""A record of every answer that was given: results in, a chain of entries out that shows any change.

    Result, CheckIn, a batch  ->  recording: what an entry holds  ->  file: one line, after the last one
    file  ->  chain: every line against the one before it  ->  Verified (head, faults)
    file, a rulebook  ->  replaying: the same answers again, in columns  ->  Replay (what differs)

Answers stand in it only where whoever writes it says so. A room that knows no clock: time comes from outside.
"""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.log.batches import Counted, counts_of, inputs_of, outputs_of
    from afterrun.log.chain import Fault, Verified, verify
    from afterrun.log.entries import Entry
    from afterrun.log.file import Log, LogError, NotALog
    from afterrun.log.recording import Recorder, decision_of, files_as_told
    from afterrun.log.replaying import Difference, NotReplayed, Replay, Rulebooks, intakes_by_digest, replay
    from afterrun.log.shape import KINDS
else:
    __getattr__, __dir__ = door(globals())
