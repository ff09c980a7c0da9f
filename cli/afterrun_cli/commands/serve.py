"""The pages in a browser."""

from pathlib import Path
from typing import Annotated

import typer

from afterrun_cli.commands.options import Database, DiaryOwner, RulebookFolder

PORT = 8311


def serve(
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="Where to listen; 0 takes any that is free.")
    ] = PORT,
    rulebook: RulebookFolder = None,
    person: DiaryOwner = "me",
    db: Database = None,
) -> None:
    """Ask the questions in a browser on this machine, and show the result and the plan there.

    It listens on 127.0.0.1 alone. Answers stay in the pages; only a diary keeps them, the same as that of
    the command line. Needs the extra 'web', and 'diary' for a diary.
    Ctrl-C ends it.

    Example:  afterrun serve --port 8311
    """
    from afterrun_cli.diary.opening import address_of
    from afterrun_cli.terminal.exits import COULD_NOT_RUN, RAN, leave, say
    from afterrun_cli.terminal.extras import EXTRAS, require
    from afterrun_cli.terminal.loading import cache_folder, refuse_missing_folder

    for module in EXTRAS["web"][1]:
        require(module)
    refuse_missing_folder(rulebook)
    from afterrun_web.serving import serve as serve_pages
    from afterrun_web.settings import Settings

    def ready(address: str) -> None:
        say(f"Open {address} in a browser. Ctrl-C ends it.")

    try:
        settings = Settings(_key(), rulebook, cache_folder(), diary=address_of(db), person=person)
        serve_pages(settings, port, ready)
    except OSError as error:
        leave(
            COULD_NOT_RUN,
            f"error: port {port} cannot be listened on: {error.strerror or error}",
            "Take another:  afterrun serve --port 0",
        )
    except KeyboardInterrupt:
        leave(RAN, "", "Stopped.")


def _key() -> bytes:
    """The key of this person's pages: the same after a restart, so that open pages go on."""
    from afterrun.storage import StorageFault, write_text
    from afterrun_cli.interview.drafts import drafts_folder
    from afterrun_cli.terminal.exits import say
    from afterrun_web.serving import is_key, new_key

    path: Path = drafts_folder() / "serve.key"
    try:
        kept = path.read_bytes().strip()
    except OSError:
        kept = b""
    if is_key(kept):
        return kept
    key = new_key()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_text(path, f"{key.decode()}\n", private=True)
    except (OSError, StorageFault):
        say("warning: no key could be kept: pages that are open now end when this does.")
    return key
