"""The `afterrun serve accounts` commands: who may come in where several share one server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from afterrun_cli.commands.family import Family
from afterrun_cli.commands.options import ROLE_METAVAR, role_named

if TYPE_CHECKING:
    from afterrun_web.access import Accounts

accounts_app = Family(no_args_is_help=True, help="Say who may come in where several share one server.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name; that of the diary, too.")]
AccountsFile = Annotated[
    Path | None,
    typer.Option("--accounts", metavar="FILE", help="The file of accounts. Without it: one of your own."),
]


@accounts_app.command()
def add(
    name: Name,
    role: Annotated[
        Literal["person", "clinician"],
        typer.Option(
            parser=role_named,
            metavar=ROLE_METAVAR,
            help="A person sees a diary of their own; a clinician the audit and batch pages.",
        ),
    ],
    accounts: AccountsFile = None,
) -> None:
    """Make an account; the password is asked for on the terminal.

    Example:  afterrun serve accounts add anna --role person
    """
    from afterrun_cli.terminal.exits import say

    with _opened(accounts, create=True) as kept:
        from afterrun_web.visitors import Role

        kept.refuse_taken(name)
        kept.add(name, Role(role), _new_password(name))
    say(f"{name} can sign in as a {role}.")
    if role == "person":
        say(f"A diary that is kept under the name {name} is theirs to see.")


@accounts_app.command("list")
def list_accounts(accounts: AccountsFile = None) -> None:
    """List the accounts with their roles.

    Example:  afterrun serve accounts list
    """
    from afterrun_cli.terminal.show import put_lines

    with _opened(accounts) as kept:
        put_lines(*(f"{each.role:<10} {each.name}" for each in kept.all()))


@accounts_app.command()
def remove(name: Name, accounts: AccountsFile = None) -> None:
    """End an account, its sessions and its tokens; a diary of that name stays.

    Example:  afterrun serve accounts remove anna
    """
    from afterrun_cli.terminal.exits import say

    with _opened(accounts) as kept:
        kept.remove(name)
    say(f"{name} is out, and can no longer sign in.")
    say(f"A diary under that name stays; whoever gets an account called {name} would see it.")


@accounts_app.command()
def password(name: Name, accounts: AccountsFile = None) -> None:
    """Give an account another password; its sessions and tokens end.

    Example:  afterrun serve accounts password anna
    """
    from afterrun_cli.terminal.exits import say

    with _opened(accounts) as kept:
        kept.refuse_unknown(name)
        kept.change_password(name, _new_password(name))
    say(f"{name} signs in with the new password; every session and token of before is over.")


@accounts_app.command()
def token(name: Name, accounts: AccountsFile = None) -> None:
    """Make a token with which a program uses the API for an account; it is shown this once.

    It holds for 90 days, or until the account is removed or gets another password.

    Example:  afterrun serve accounts token anna
    """
    from afterrun_cli.commands.options import local_now
    from afterrun_cli.terminal.show import put_lines

    with _opened(accounts) as kept:
        from afterrun_web.access import Sessions

        put_lines(Sessions(kept.engine, local_now).new_token(name))


def accounts_file(given: Path | None) -> Path:
    """Where the accounts are, also where nobody gave another place."""
    import platformdirs

    return given or platformdirs.user_data_path("afterrun", appauthor=False) / "accounts.sqlite"


@contextmanager
def _opened(given: Path | None, *, create: bool = False) -> Iterator[Accounts]:
    from afterrun.extras import EXTRAS, require
    from afterrun_cli.terminal.exits import UNUSABLE, error_lines, leave

    for module in EXTRAS["web"][1]:
        require(module)
    from afterrun_web.access import AccountError, Accounts

    try:
        yield Accounts(accounts_file(given), create=create)
    except AccountError as error:
        leave(UNUSABLE, *error_lines([error]))


def _new_password(name: str) -> str:
    """A password that is typed twice, unseen: as an argument others could read it."""
    import sys
    from getpass import getpass

    from afterrun_cli.terminal.exits import UNUSABLE, leave, say
    from afterrun_web.access import password_fault

    if not sys.stdin.isatty():
        leave(UNUSABLE, "error: a password is typed at a terminal, and this is none")
    while True:
        try:
            password = getpass(f"Password for {name}: ")
            if fault := password_fault(password, name):
                say(f"No: {fault}.")
            elif getpass("The same once more: ") == password:
                return password
            else:
                say("These two are not the same.")
        except EOFError:
            leave(UNUSABLE, "", "Nothing was changed.")
