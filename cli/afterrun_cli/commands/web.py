"""The pages as a folder of files, without a server."""

from pathlib import Path
from typing import Annotated

import typer

from afterrun_cli.commands.family import Family
from afterrun_cli.commands.options import RulebookFolder

web_app = Family(no_args_is_help=True, help="Write the questions, the result and the plan as a static site.")


@web_app.callback()
def _web() -> None:
    """Keep `export` a command of its own, though it is the only one."""


@web_app.command()
def export(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Where to: a new folder, or an earlier export."),
    ],
    pyodide: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Pyodide as npm packs it. Without it: npm fetches it, once."),
    ] = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Write the questions, the result and the plan as a site that runs in the browser alone.

    The folder holds all that is needed, Python too, and any plain web server can serve it, under any
    address. Nothing that is answered leaves the device. Needs Node.js while it is written.

    Example:  afterrun web export site && python -m http.server -d site
    """
    from afterrun_cli.terminal.exits import COULD_NOT_RUN, UNUSABLE, leave, say
    from afterrun_cli.terminal.files import leave_unwritten, shown_place
    from afterrun_cli.terminal.loading import cache_folder, refuse_missing_folder
    from afterrun_web.alone import ExportError, RuntimeMissing, export_site

    refuse_missing_folder(rulebook)
    rulebooks = cache_folder()
    try:
        with leave_unwritten():
            exported = export_site(folder, rulebook, pyodide, rulebooks.parent if rulebooks else None)
    except ExportError as error:
        leave(UNUSABLE, f"error: {error}")
    except RuntimeMissing as error:
        leave(COULD_NOT_RUN, f"error: {error}")
    size = sum(exported.sizes.values()) / 1e6
    say(
        f"wrote {shown_place(exported.folder / 'index.html')}, {len(exported.sizes)} files, {size:.1f} MB",
        f"Look at it with:  python -m http.server -d {folder}",
    )
