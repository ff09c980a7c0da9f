"""Files of intakes for clinics and coaches: a file in, how far it is, and what came of it.

upload (a form with a file)  ->  batches  ->  standing (a page that loads itself anew until it is over)

A form's id is that of its run: sent twice, it begins one run.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool

from afterrun_web.batches import Runs
from afterrun_web.pages.batch import standing, upload
from afterrun_web.pages.site import Site


def router(site: Site) -> APIRouter:
    """The pages of batches; none where no place is given to files."""
    settings = site.settings
    if settings.batches is None:
        return APIRouter()
    runs = Runs(settings.batches, settings.batch_lifetime, settings.now, settings.recorder)

    @asynccontextmanager
    async def served(_: Any) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(runs.close)

    whole = APIRouter(prefix="/batch", lifespan=served)
    upload.add_to(whole, site, runs)
    standing.add_to(whole, site, runs)
    return whole
