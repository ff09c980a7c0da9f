"""The audit of one intake, for a clinician: all that the command line's `explain` and `report` tell of it.

opening (an intake pasted, from a file, or of one's own result)  ->  overview (triage, conclusions, rules)
  ->  reasons (why and why not, nearest changes)  |  what_if  |  papers (the one page, the report)

Each form carries the intake sealed (`subject`); what is no intake is told and stays to be mended (`intakes`).
"""

from __future__ import annotations

from fastapi import APIRouter

from afterrun_web.pages.audit import opening, papers, reasons, what_if
from afterrun_web.pages.audit.intakes import AuditRoute
from afterrun_web.pages.site import Site


def router(site: Site) -> APIRouter:
    """Every page of an audit."""
    whole = APIRouter(prefix="/audit", route_class=AuditRoute)
    for part in (opening, reasons, what_if, papers):
        part.add_to(whole, site)
    return whole
