"""Pages for people: each reads a form, asks the engine, and shows what it says in the words of `telling`.

start  ->  interview (a question a page, answers so far, the end)  ->  outcome (result, why)  ->  plan
                                                                    ->  diary
                        a clinician's intake, pasted or from a file  ->  audit
batch (a file of intakes, for clinics)    book (the rulebook, page by page)
"""

from __future__ import annotations

from fastapi import APIRouter

from afterrun_web.pages import audit, batch, book, diary, installing, interview, outcome, plan, start
from afterrun_web.pages.site import Site as Site


def router(site: Site) -> APIRouter:
    """Every page."""
    whole = APIRouter(include_in_schema=False)
    for part in (start, installing, interview, outcome, plan, diary, audit, batch, book):
        whole.include_router(part.router(site))
    return whole
