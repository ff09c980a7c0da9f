"""What is unsafe in the way that one serves, each with what to do."""

from __future__ import annotations

import os
import shlex
import ssl
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cryptography import x509

from afterrun.errors import AfterrunError
from afterrun_web.access.accounts import Accounts
from afterrun_web.settings import Place, Settings, is_loopback

OTHERS_OF_A_KEY, OTHERS = 0o027, 0o077
"""Rights that nobody else may have: of a certificate's key a group may be given it to read."""


class Finding(NamedTuple):
    """Something unsafe."""

    what: str
    do: str


def findings(settings: Settings, place: Place, sealing_key: Path | None = None) -> list[Finding]:
    """Everything unsafe about serving so; `sealing_key` is the file that holds the settings' key."""
    found = [*_of_the_place(settings, place), *_of_the_certificate(place, settings.now())]
    if settings.shared and settings.accounts is not None:
        found += _of_the_accounts(settings.accounts)
    if sealing_key is not None:
        found += _of_rights(sealing_key, OTHERS)
    return found


def _of_the_place(settings: Settings, place: Place) -> Iterator[Finding]:
    private = place.certificate is not None
    if not settings.shared:
        if not is_loopback(place.host):
            yield Finding(
                f"whoever reaches {place.host} comes in without an account",
                "Add --shared, or leave --host out.",
            )
        if place.behind_proxy:
            yield Finding("whoever reaches the proxy comes in without an account", "Add --shared.")
        return
    if not private and not place.behind_proxy:
        yield Finding(
            "passwords and answers would cross the network as they are",
            "Give --certificate and --key, or --behind-proxy where a proxy on this machine has them.",
        )
    if place.behind_proxy and not is_loopback(place.host):
        yield Finding(
            f"whoever reaches {place.host} goes round the proxy, and says himself where he comes from",
            "Leave --host out: the proxy finds the server at 127.0.0.1.",
        )


def _of_the_certificate(place: Place, now: datetime) -> Iterator[Finding]:
    if (place.certificate is None) != (place.key is None):
        yield Finding("a certificate and its key come together", "Give both --certificate and --key.")
    if place.certificate is None or place.key is None:
        return
    yield from _of_rights(place.key, OTHERS_OF_A_KEY)
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
            place.certificate, place.key, password=_no_password
        )
        ends = x509.load_pem_x509_certificate(place.certificate.read_bytes()).not_valid_after_utc
    except (OSError, ValueError) as error:
        why = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        yield Finding(
            f"{place.certificate} and {place.key} cannot be used: {why}",
            "Give a certificate in PEM and the key that belongs to it, without a password.",
        )
        return
    if ends <= now:
        yield Finding(f"{place.certificate} is over since {ends:%Y-%m-%d}", "Renew the certificate.")


def _of_the_accounts(file: Path) -> Iterator[Finding]:
    add = f"afterrun serve accounts add NAME --role person --accounts {shlex.quote(str(file))}"
    if not file.exists():
        yield Finding(f"there are no accounts at {file}", f"Make one:  {add}")
        return
    yield from _of_rights(file, OTHERS)
    if os.name == "posix" and file.resolve().parent.stat().st_mode & 0o022:
        folder = file.resolve().parent
        yield Finding(
            f"others can put another file of accounts into {folder}",
            f"Close it:  chmod go-w {shlex.quote(str(folder))}",
        )
    try:
        if not Accounts(file).all():
            yield Finding(f"nobody has an account in {file}", f"Make one:  {add}")
    except AfterrunError as error:
        yield Finding(str(error), "Give another file with --accounts, or mend this one.")


def _of_rights(file: Path, others: int) -> Iterator[Finding]:
    try:
        rights = file.stat().st_mode
    except OSError:
        # Whoever needs it says that it is not there.
        return
    if os.name == "posix" and rights & others:
        closed = "go=" if others == OTHERS else "g-w,o="
        yield Finding(
            f"others can read or change {file}", f"Close it:  chmod {closed} {shlex.quote(str(file))}"
        )


def _no_password() -> str:
    # Without an answer of our own the terminal would be asked.
    raise ValueError("the key has a password")
