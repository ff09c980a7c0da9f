"""A server in a process of its own, that is killed as a power cut would; or that dies once it has written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from afterrun_web.app import create_app
from afterrun_web.serving import listening_at, new_key
from afterrun_web.settings import Settings
from tests.support.web.visits import CACHE

KEY = new_key()


class Dying:
    """Dies between what a form made it write and the answer to it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer whatever is only read."""

        async def sent(message: Message) -> None:
            if scope["method"] == "POST":
                os._exit(9)
            await send(message)

        await self._app(scope, receive, sent)


@contextmanager
def server_process(diary: Path, port: int = 0, *, dies: bool = False) -> Iterator[int]:
    """Serve this diary until the end of the block, which is a kill; the port."""
    words = [sys.executable, "-m", __name__, str(diary), str(port), KEY.decode(), "dies" if dies else ""]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def main() -> None:
    """What the process does."""
    _, diary, port, key, dies = sys.argv
    settings = Settings(key.encode(), cache=CACHE, diary=diary)
    app = create_app(settings)
    with listening_at(int(port)) as listening:
        print(listening.getsockname()[1], flush=True)
        config = uvicorn.Config(
            Dying(app) if dies else app, log_config=None, access_log=False, lifespan="off"
        )
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
