"""A watch's or an app's files in; runs out, and the answers they offer. Places and names stay in here."""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.history.offering import Offer, Offers, offers, usual_unit
    from afterrun.history.plain import as_plain
    from afterrun.history.reading import read_history
    from afterrun.history.runs import Found, Kind, LeftOut, Run, RunningHistory
    from afterrun.history.weeks import RunWeek, weeks_up_to
    from afterrun.history.zones import UnknownZoneError, zone_named
else:
    __getattr__, __dir__ = door(globals())
