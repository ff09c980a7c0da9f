"""Passwords: what is one, how it is hashed, and the same work whether there is such an account or not."""

from __future__ import annotations

import secrets
import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST, LONGEST = 12, 200
AT_ONCE = 2
"""Hashes worked out at a time: each takes 64 MB, and a crowd of them would take all there is."""


def password_fault(password: str, name: str) -> str:
    """Why it cannot be a password; nothing if it can."""
    if len(password) < SHORTEST:
        return f"at least {SHORTEST} characters are a password; four words do well"
    if len(password) > LONGEST:
        return f"at most {LONGEST} characters are a password"
    if len(set(password)) < 5 or password.casefold() == name.casefold():
        return "this one is too easy to guess"
    return ""


class Passwords:
    """Hashes passwords with argon2id, and holds them against their hashes."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = BoundedSemaphore(AT_ONCE)
        self._nobodys = self._hasher.hash(secrets.token_hex())

    def hash(self, password: str) -> str:
        """What is kept of it."""
        with self._turns:
            return self._hasher.hash(_folded(password))

    def fits(self, kept: str | None, password: str) -> bool:
        """Whether it is the password; None for an account that is not there takes as long."""
        with self._turns:
            try:
                fits = self._hasher.verify(kept or self._nobodys, _folded(password))
            except (Argon2Error, InvalidHashError):
                return False
        return fits and kept is not None

    def is_weak(self, kept: str) -> bool:
        """Whether it was hashed with less work than is done today."""
        return self._hasher.check_needs_rehash(kept)


def _folded(password: str) -> str:
    """One password, however a keyboard composes its letters."""
    return unicodedata.normalize("NFKC", password[: LONGEST + 1])
