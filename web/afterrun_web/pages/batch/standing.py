"""A run as it stands: how far it is, what came of it, and its files to take along."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, RedirectResponse, Response

from afterrun.telling import summary_page
from afterrun_web.batches import Run, Runs, State
from afterrun_web.drawing import page
from afterrun_web.pages.batch.upload import HOME
from afterrun_web.pages.site import Site
from afterrun_web.requests.refusing import Refused
from afterrun_web.visitors import visitor

EVERY = 3
"""Seconds after which a page shows anew how far a run is."""
KINDS = {
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.file",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PACKED = (".gz", ".zst")


def add_to(pages: APIRouter, site: Site, runs: Runs) -> None:
    """The pages of a run, for whose it is."""

    @pages.get("/runs/{id}")
    def standing(id: str, still: bool = False) -> Response:
        run = _mine(runs, id)
        shown = page(
            f"batch/{'over' if not run.goes_on else 'running'}.html.j2",
            identity=site.books.today().main.identity,
            run=run,
            state=run.state,
            told=summary_page(run.summary) if run.summary is not None else None,
            until=run.until,
            still=still,
            every=EVERY,
        )
        if run.goes_on and not still:
            # As a header, and with a way to keep the page as it is for whoever reads slowly.
            shown.headers["Refresh"] = str(EVERY)
        return shown

    @pages.post("/runs/{id}/end")
    def end(id: str) -> Response:
        _mine(runs, id).end()
        return RedirectResponse(f"/batch/runs/{id}", 303)

    @pages.get("/runs/{id}/results")
    def results(id: str) -> Response:
        run = _mine(runs, id)
        return _file(run, run.results, f"results.{run.order.format}", KINDS[run.order.format])

    @pages.get("/runs/{id}/rejects")
    def rejects(id: str) -> Response:
        run = _mine(runs, id)
        return _file(run, run.rejected, "rejects.csv", KINDS["csv"])


def _mine(runs: Runs, id: str) -> Run:
    run = runs.one(visitor().account, id)
    if run is None:
        raise Refused(
            404,
            "There is no such file",
            "Results are kept for a short while, and not when the server ends.",
            "Give the file once more.",
            home=HOME,
        )
    return run


def _file(run: Run, path: Path, kind: str, media: str) -> Response:
    if run.state is not State.DONE or not path.is_file():
        raise Refused(
            404, "There is nothing to fetch", "It is not ready, or not there any more.", "", home=HOME
        )
    name = Path(run.order.name)
    while name.suffix in _PACKED:
        name = name.with_suffix("")
    return FileResponse(path, media_type=media, filename=f"{name.stem}-{kind}")
