"""A watch's or an app's files in; runs out, and the answers they offer. Places and names stay in here."""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.history.reading import read_history
    from afterrun.history.runs import Found, Kind, LeftOut, Run, RunningHistory
else:
    __getattr__, __dir__ = door(globals())
