"""The diary on pages: that of the person at this machine, or of the account that is signed in.

begin (a result's answers in)  ->  standing (where one stands, the weeks, what to take along)
  ->  check_in (a week asked, and written once it is agreed to; check_in_form is what a form carries of it)
  |  stops  |  settings  |  forgetting
  ->  offline (what a phone keeps of it, and a check-in that it sends later)

Each request opens the diary, and closes it; what a page shows that writes is sealed in it, so that what has
changed since is told and not written over. `desk` has all of that.
"""

from __future__ import annotations

from fastapi import APIRouter

from afterrun_web.pages.diary import begin, check_in, forgetting, offline, settings, standing, stops
from afterrun_web.pages.diary.desk import Desk
from afterrun_web.pages.diary.troubles import DiaryRoute
from afterrun_web.pages.site import Site


def router(site: Site) -> APIRouter:
    """Every page of the diary; none where nobody keeps one here."""
    whole = APIRouter(prefix="/diary", route_class=DiaryRoute)
    if site.settings.diary is not None:
        desk = Desk(site, site.settings.diary)
        for part in (begin, check_in, forgetting, offline, settings, standing, stops):
            part.add_to(whole, desk)
    return whole
