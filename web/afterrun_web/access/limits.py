"""How often somebody may try a password."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil
from threading import Lock

from afterrun_web.access.accounts import key_of

SPAN = timedelta(minutes=15)
OF_BOTH, OF_ADDRESS, OF_NAME = 5, 20, 50
"""Tries within that time with a name from an address, from an address, and with a name from anywhere."""
MOST_KEPT = 20_000
"""Counts kept at a time; beyond it the oldest are let go, so that a crowd cannot fill the memory."""
_Key = tuple[str, str]


class Limits:
    """Counts the tries that have failed, and those that are on their way."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._tries: dict[_Key, deque[float]] = {}
        self._lock = Lock()

    def wait(self, name: str, address: str) -> int:
        """Count a try; or count none, and say how many seconds to wait for the next."""
        now = self._now().timestamp()
        with self._lock:
            held = [self._wait_for(key, most, now) for key, most in _keys(name, address)]
            if any(held):
                return max(held)
            for key, _ in _keys(name, address):
                # A count that is touched goes to the end, so that what is let go is the oldest.
                self._tries[key] = self._tries.pop(key, deque())
                self._tries[key].append(now)
            while len(self._tries) > MOST_KEPT:
                del self._tries[next(iter(self._tries))]
        return 0

    def succeeded(self, name: str, address: str) -> None:
        """Take the last try back: it was the right password."""
        with self._lock:
            for key, _ in _keys(name, address):
                if tries := self._tries.get(key):
                    tries.pop()

    def _wait_for(self, key: _Key, most: int, now: float) -> int:
        tries = self._tries.get(key, deque())
        while tries and tries[0] <= now - SPAN.total_seconds():
            tries.popleft()
        if len(tries) < most:
            return 0
        return max(1, ceil(tries[-most] + SPAN.total_seconds() - now))


def _keys(name: str, address: str) -> tuple[tuple[_Key, int], ...]:
    name, network = key_of(name)[:200], _network(address)
    return (((name, network), OF_BOTH), (("", network), OF_ADDRESS), ((name, ""), OF_NAME))


def _network(address: str) -> str:
    """An address; of IPv6 what one household has."""
    try:
        read = ip_address(address.partition("%")[0])
    except ValueError:
        return address or "unknown"
    if isinstance(read, IPv6Address) and read.ipv4_mapped is None:
        return f"{int(read) >> 64:x}"
    return str(getattr(read, "ipv4_mapped", None) or read)
