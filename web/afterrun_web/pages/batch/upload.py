"""The page that takes a file of intakes, and what comes of sending it."""

from __future__ import annotations

import secrets
from typing import BinaryIO

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import afterrun
from afterrun.extras import missing_modules, way_to
from afterrun.rulebook import engine_of, pack_rulebook
from afterrun.visible import on_one_line
from afterrun_web.batches import MOST_OF_ONE, MOST_ROWS, Full, NoFolder, Order, Run, Runs
from afterrun_web.drawing import page
from afterrun_web.pages.site import Site
from afterrun_web.requests.forms import NO_FORM, UPLOAD, kind_of
from afterrun_web.requests.problems import TOLD
from afterrun_web.requests.refusing import Refused
from afterrun_web.sealing import Kept, Outdated, Unreadable
from afterrun_web.visitors import visitor

HOME = ("/batch", "Give another file")
AGAIN = "Give the file once more."
FORMATS = {
    "csv": "CSV, for a spreadsheet",
    "jsonl": "JSON lines",
    "parquet": "Parquet",
    "arrow": "Arrow",
    "xlsx": "Excel (.xlsx), with the rejected rows as a second sheet",
}
NO_FILE = "Choose a file first."
LARGEST_FIELD = 16 * 1024
LONGEST_NAME = 200
"""Bytes of a file's name; of a longer one the end, which says what it is."""

LONGEST_SHEET = 200
"""Characters of a sheet's name: Excel has no more than 31, other programs may."""


def add_to(pages: APIRouter, site: Site, runs: Runs) -> None:
    """The pages before a run."""

    @pages.get("")
    def ask() -> Response:
        return _asked(site, runs)

    @pages.get("/template/{name}")
    def template(name: str) -> Response:
        _refuse_without_extra()
        from afterrun.batch import template_files

        found = template_files(site.books.today().main, "csv").get(name)
        if found is None:
            raise TOLD[404]
        kind = "text/csv" if name.endswith(".csv") else "application/json"
        return Response(
            found, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )

    @pages.post("")
    async def take(request: Request) -> Response:
        _refuse_without_extra()
        form = await _form_of(request)
        try:
            return await run_in_threadpool(_taken, site, runs, form)
        finally:
            await form.close()


def _taken(site: Site, runs: Runs, form: FormData) -> Response:
    file, format, sheet = form.get("file"), form.get("format", "csv"), form.get("sheet", "")
    if not isinstance(file, UploadFile) or not file.filename:
        return _asked(site, runs, NO_FILE, str(format), str(sheet))
    if format not in _formats():
        raise Refused(
            400, "This form cannot be read", "It asks for a format that is not offered.", AGAIN, home=HOME
        )
    rulebook = site.books.today().main
    order = Order(
        engine_of(rulebook, _packed),
        site.settings.now().date().isoformat(),
        own_name(file.filename),
        str(format),
        explain="explain" in form,
        sheet=str(sheet) if str(sheet).strip() else "",
    )
    run = _begun(runs, _id_in(site, form), order, file.file, rulebook)
    return RedirectResponse(f"/batch/runs/{run.id}", 303)


def _begun(runs: Runs, id: str, order: Order, file: BinaryIO, rulebook: afterrun.Rulebook) -> Run:
    try:
        return runs.start(id, visitor().account, order, file, rulebook)
    except Full as full:
        why = (
            f"You have {MOST_OF_ONE} files here already."
            if full.own
            else "As many files are here as this server takes at a time."
        )
        raise Refused(
            429, "No more files now", why, "Fetch and delete one, or come back later.", home=HOME
        ) from None
    except NoFolder as error:
        raise Refused(
            507, "There is no room for this file", f"The server says: {error}.", AGAIN, home=HOME
        ) from None


def own_name(given: str) -> str:
    """A file's name without its folders, as it can be shown and kept.

    >>> own_name("C:\\\\data\\\\intakes.csv"), own_name("../..")
    ('intakes.csv', 'intakes')
    """
    name = on_one_line(given.replace("\\", "/").rpartition("/")[2]).strip()
    name = name.encode(errors="replace")[-LONGEST_NAME:].decode(errors="ignore")
    return "intakes" if name in ("", "-", ".", "..") else name


def _asked(site: Site, runs: Runs, wrong: str = "", format: str = "csv", sheet: str = "") -> Response:
    rulebook = site.books.today().main
    return page(
        "batch/start.html.j2",
        status=422 if wrong else 200,
        identity=rulebook.identity,
        missing=way_to("polars") if missing_modules("batch") else "",
        form=site.seal.close(rulebook, Kept(about={"run": secrets.token_urlsafe(32)})),
        formats=_formats(),
        format=format,
        sheet=sheet,
        longest_sheet=LONGEST_SHEET,
        wrong=wrong,
        most=site.settings.largest_batch // (1024 * 1024),
        rows=MOST_ROWS,
        minutes=int(site.settings.batch_lifetime.total_seconds() // 60),
        mine=runs.of(visitor().account),
    )


async def _form_of(request: Request) -> FormData:
    if kind_of(request.headers) != UPLOAD:
        raise Refused(NO_FORM.status, NO_FORM.title, NO_FORM.why, AGAIN, home=HOME)
    try:
        return await request.form(max_files=1, max_fields=10, max_part_size=LARGEST_FIELD)
    except HTTPException:
        why = "It holds what no page of ours sends, or it broke off on the way."
        raise Refused(400, "This form cannot be read", why, AGAIN, home=HOME) from None


def _id_in(site: Site, form: FormData) -> str:
    """The id that a form of ours has had from the beginning; refused where it is no form of ours."""
    try:
        kept = site.seal.open(site.books.today().main, str(form.get("form", "")))
    except Outdated as outdated:
        raise Refused(409, "This page is too old", str(outdated), AGAIN, home=HOME) from None
    except Unreadable:
        kept = Kept()
    if "run" not in kept.about:
        why = "What it holds was not made here, or it was changed on the way."
        raise Refused(400, "This form cannot be read", why, AGAIN, home=HOME)
    return str(kept.about["run"])


def _refuse_without_extra() -> None:
    if missing_modules("batch"):
        words = way_to("polars")
        raise Refused(
            501, "No file can be assessed here", words, "Then start the server anew.", home=("/", "Begin")
        )


def _formats() -> dict[str, str]:
    """What can be written here."""
    without = {"xlsx"} if missing_modules("sheets") else set()
    return {name: words for name, words in FORMATS.items() if name not in without}


def _packed(rulebook: afterrun.Rulebook) -> str:
    return pack_rulebook(rulebook, "")
