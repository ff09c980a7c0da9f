"""The pages in a browser."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from afterrun_cli.commands.accounts import AccountsFile, accounts_app, accounts_file
from afterrun_cli.commands.family import Family
from afterrun_cli.commands.options import Database, DiaryOwner, LogAnswers, LogFile, RulebookFolder, utc_now

PORT = 8311


serve_app = Family()


@serve_app.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="Where to listen; 0 takes any that is free.")
    ] = PORT,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    shared: Annotated[bool, typer.Option("--shared", help="Let others in, each with an account.")] = False,
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The certificate for https, in PEM.")
    ] = None,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="The certificate's key, in PEM.")] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy on this machine brings the requests, from https.")
    ] = False,
    accounts: AccountsFile = None,
    cds_clients: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Who may call CDS Hooks, with their public keys: docs/fhir.md."),
    ] = None,
    cds_feedback: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to write what clients report of cards, one a line."),
    ] = None,
    cors_origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN", help="Whose pages may ask by FHIR and CDS Hooks in a browser. May be repeated."
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Say what is unsafe about the other options, and serve nothing.")
    ] = False,
    log: LogFile = None,
    log_answers: LogAnswers = False,
    rulebook: RulebookFolder = None,
    person: DiaryOwner = "me",
    db: Database = None,
) -> None:
    """Ask the questions in a browser on this machine, and show the result and the plan there.

    It listens on 127.0.0.1 for you alone. With --shared others may come, each with an account, and it does
    not start where --check finds something. Answers stay in the pages; only a diary keeps them, the same as
    that of the command line. At /fhir and /cds-services a clinic's own systems ask, by FHIR R4 and CDS Hooks.
    Needs the extra 'web', 'diary' for a diary, 'batch' for files of intakes, 'fhir' for --cds-clients.
    Ctrl-C ends it.

    Example:  afterrun serve --port 8311

    Example:  afterrun serve --cds-clients clients.json --cors-origin https://ehr.example.org
    """
    if context.invoked_subcommand is not None:
        return
    from afterrun.extras import EXTRAS, require, way_to
    from afterrun_cli.diary.opening import address_of
    from afterrun_cli.terminal.exits import COULD_NOT_RUN, FOUND, RAN, leave, say
    from afterrun_cli.terminal.loading import cache_folder, refuse_missing_folder

    for module in EXTRAS["web"][1]:
        if check and find_spec(module) is None:
            leave(FOUND, f"unsafe: {way_to(module)}")
        require(module)
    if cds_clients is not None:
        require("jwt")
    refuse_missing_folder(rulebook)
    from afterrun_web.serving import serve as serve_pages
    from afterrun_web.settings import Place, Settings

    def ready(address: str) -> None:
        say(f"Open {address} in a browser. Ctrl-C ends it.")

    from afterrun_web.requests.origins import is_origin

    origins = frozenset(cors_origin or ())
    if wrong := sorted(each for each in origins if not is_origin(each)):
        raise typer.BadParameter(
            f"'{wrong[0]}' is no origin, which is a scheme, a name and a port if it is not the usual one, as "
            "in https://ehr.example.org",
            param_hint="--cors-origin",
        )
    place = Place(host, port, certificate, key, behind_proxy)
    file = accounts_file(accounts) if shared else None
    settings = Settings(
        b"" if check else _key(),
        rulebook,
        cache_folder(),
        shared=shared,
        accounts=file,
        batches=_key_file().with_name("serve-batch"),
        diary=address_of(db),
        person=person,
        hook_clients=cds_clients,
        hook_feedback=cds_feedback,
        origins=origins,
    )
    if check or shared or place != Place(port=port) or cds_clients is not None:
        from afterrun_web.access import findings

        found = [f"{each.what}. {each.do}" for each in findings(settings, place, _key_file())]
        if cds_clients is not None:
            from afterrun_web.fhir.clients import unsafe_clients

            found += unsafe_clients(cds_clients)
        say(*(f"unsafe: {each}" for each in found))
        if check:
            leave(FOUND if found else RAN, *([] if found else ["Nothing unsafe was found."]))
        if found:
            leave(COULD_NOT_RUN, "It does not start like this.")
    from afterrun_cli.runner.logged import LogOptions, recorder_for

    try:
        with recorder_for(LogOptions(log, log_answers, utc_now), rulebook) as recorder:
            serve_pages(settings._replace(recorder=recorder), place, ready, say)
    except OSError as error:
        leave(
            COULD_NOT_RUN,
            f"error: {host} cannot be listened on at port {port}: {error.strerror or error}",
            "Take another:  afterrun serve --port 0",
        )
    except KeyboardInterrupt:
        leave(RAN, "", "Stopped.")


serve_app.add_typer(accounts_app, name="accounts")


def _key_file() -> Path:
    from afterrun_cli.interview.drafts import drafts_folder

    return drafts_folder() / "serve.key"


def _key() -> bytes:
    """The key of this person's pages: the same after a restart, so that open pages go on."""
    from afterrun.storage import StorageFault, write_text
    from afterrun_cli.terminal.exits import say
    from afterrun_web.serving import is_key, new_key

    path = _key_file()
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
