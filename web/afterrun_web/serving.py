"""The application behind a socket, until somebody ends it."""

from __future__ import annotations

import os
import socket
from base64 import urlsafe_b64encode
from collections.abc import Callable

import uvicorn

from afterrun_web.app import create_app
from afterrun_web.settings import Place, Settings, is_loopback

HERE = "127.0.0.1"
PROXIES = [HERE, "::1"]
"""Whose word on where a request came from is taken: what runs on this machine."""


def new_key() -> bytes:
    """A key to seal answers with."""
    return urlsafe_b64encode(os.urandom(32))


def is_key(text: bytes) -> bool:
    """Whether it is one."""
    return len(text) == len(new_key()) and text.replace(b"-", b"").replace(b"_", b"").rstrip(b"=").isalnum()


def listening_at(port: int, host: str = HERE) -> socket.socket:
    """A socket in which who is early waits. Raises OSError where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Told by name that it is TCP, or asyncio would let each answer wait for the one before to be received.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening


def serve(
    settings: Settings,
    place: Place,
    ready: Callable[[str], None],
    ended: Callable[[str], None] = lambda words: None,
) -> None:
    """Serve there, and say the address once it answers, and at the end what became of cards, if anything did.

    Raises OSError where it cannot be listened on, RulebookError and ClientsError before anything is served,
    ValueError where others could come without an account.
    """
    if not settings.shared and not is_loopback(place.host):
        raise ValueError("without accounts only this machine is served")
    with listening_at(place.port, place.host) as listening:
        app = create_app(settings)
        # What is asked for is in no log: each line of one would tell of a person.
        config = uvicorn.Config(
            app,
            access_log=False,
            log_level="warning",
            server_header=False,
            lifespan="on",
            ws="none",
            proxy_headers=place.behind_proxy,
            forwarded_allow_ips=PROXIES,
            ssl_certfile=place.certificate,
            ssl_keyfile=place.key,
        )
        name = f"[{place.host}]" if ":" in place.host else place.host
        ready(f"http{'s' if place.certificate else ''}://{name}:{listening.getsockname()[1]}/")
        try:
            uvicorn.Server(config).run(sockets=[listening])
        finally:
            if words := app.state.reports.words:
                ended(words)
