"""The application behind a socket, until somebody ends it."""

from __future__ import annotations

import os
import socket
from base64 import urlsafe_b64encode
from collections.abc import Callable

import uvicorn

from afterrun_web.app import create_app
from afterrun_web.settings import Settings

HERE = "127.0.0.1"


def new_key() -> bytes:
    """A key to seal answers with."""
    return urlsafe_b64encode(os.urandom(32))


def is_key(text: bytes) -> bool:
    """Whether it is one."""
    return len(text) == len(new_key()) and text.replace(b"-", b"").replace(b"_", b"").rstrip(b"=").isalnum()


def listening_at(port: int) -> socket.socket:
    """A socket of this machine alone, in which who is early waits. Raises OSError where it is taken."""
    # Told by name that it is TCP, or asyncio would let each answer wait for the one before to be received.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HERE, port))
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening


def serve(settings: Settings, port: int, ready: Callable[[str], None]) -> None:
    """Serve to this machine alone, and say the address once it answers.

    Raises OSError where the port is taken, RulebookError before anything is served.
    """
    with listening_at(port) as listening:
        app = create_app(settings)
        # What is asked for is in no log: each line of one would tell of a person.
        config = uvicorn.Config(
            app, access_log=False, log_level="warning", server_header=False, lifespan="off", ws="none"
        )
        ready(f"http://{HERE}:{listening.getsockname()[1]}/")
        uvicorn.Server(config).run(sockets=[listening])
