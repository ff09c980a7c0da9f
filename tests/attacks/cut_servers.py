"""A way to a server that breaks just as a transaction ends: before it is heard there, or after."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Literal
from urllib.parse import urlsplit, urlunsplit


class CutServer:
    """Hands on what is said, on a port of its own, until it is told to break off; once."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        assert parts.hostname is not None
        assert parts.port is not None
        self._there = (parts.hostname, parts.port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        self.address = urlunsplit(parts._replace(netloc=f"{parts.username}@127.0.0.1:{port}"))
        self.cut: Literal["before", "after"] | None = None
        """Whether the next end of a transaction is heard by the server, whose answer is not."""
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more calls."""
        with suppress(OSError):
            # A thread that waits for a call would take one more.
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self._listening.accept()
            except OSError:
                return
            there = socket.create_connection(self._there)
            for one, other, asks in ((here, there, True), (there, here, False)):
                threading.Thread(target=self._hand_on, args=(one, other, asks), daemon=True).start()

    def _hand_on(self, one: socket.socket, other: socket.socket, asks: bool) -> None:
        try:
            while data := one.recv(1 << 16):
                if asks and self.cut and b"COMMIT" in data:
                    how, self.cut = self.cut, None
                    self.cuts += 1
                    one.shutdown(socket.SHUT_RDWR)
                    if how == "before":
                        break
                other.sendall(data)
        except OSError:
            pass
        if asks:
            # The server hears the end of it first, and then that nobody listens.
            with suppress(OSError):
                other.shutdown(socket.SHUT_WR)
        else:
            one.close()
            other.close()
