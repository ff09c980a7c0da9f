"""Work for programs, in a few threads; whoever would wait too long is turned away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

AT_ONCE = 4
"""Requests that are worked on at the same time: Python runs one of them, the rest share out its pauses."""
IN_LINE = 100
"""Requests in work or waiting; whoever comes after is asked to come again."""
SECONDS_TO_COME_AGAIN = "1"
COME_AGAIN = "too many requests are waiting; send it again in a moment"

T = TypeVar("T")


class Busy(Exception):
    """Too many are waiting already."""


class Desk:
    """Has requests answered."""

    def __init__(self, at_once: int = AT_ONCE, in_line: int = IN_LINE) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="afterrun-desk")
        self._in_line = in_line
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        """What the work gives, or raises; Busy where it was not begun."""
        if self._waiting >= self._in_line:
            raise Busy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1
