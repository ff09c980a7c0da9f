"""Answers in, a text out that only this server can read or make; and back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

import afterrun
from afterrun_web.settings import Settings
from afterrun_web.visitors import visitor


class Kept(NamedTuple):
    """What a page carries of a conversation."""

    answers: Mapping[str, Any] = {}
    """In the order in which they were given; None for a question that was passed over."""
    before: Mapping[str, Any] = {}
    """Answers of another time or to another rulebook, to be offered again."""
    about: Mapping[str, Any] = {}
    """What they are answers for, beside the questions: a week of a diary as it stood."""
    since: int = 0
    """The second from which they stand: that of the page on which the first was given."""


class Unreadable(Exception):
    """The text was not made here, or it was changed."""


class Outdated(Exception):
    """The answers no longer stand as they are: `kept` offers those again that still fit."""

    def __init__(self, why: str, kept: Kept, was: Kept) -> None:
        super().__init__(why)
        self.kept = kept
        self.was = was
        """All of it as it came, for whoever reads it anew."""


class Lock(Protocol):
    """Keeps what a page carries from whoever it is not for."""

    def close(self, told: bytes, at: int) -> str:
        """The text of it, made at some second."""

    def open(self, text: str) -> tuple[bytes, int]:
        """What the text holds, and when it was made. Raises Unreadable."""


class _Locked:
    """Encrypted and authenticated: nobody but this server reads it or makes one."""

    def __init__(self, key: bytes) -> None:
        from cryptography.fernet import Fernet

        self._fernet = Fernet(key)

    def close(self, told: bytes, at: int) -> str:
        return self._fernet.encrypt_at_time(told, at).decode()

    def open(self, text: str) -> tuple[bytes, int]:
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet.decrypt(text), self._fernet.extract_timestamp(text)
        except (InvalidToken, ValueError):
            raise Unreadable from None


class Seal:
    """Closes and opens what pages carry."""

    def __init__(self, settings: Settings, lock: Lock | None = None) -> None:
        self._lock = _Locked(settings.key) if lock is None else lock
        self._lifetime: timedelta = settings.lifetime
        self._now = settings.now

    def close(self, rulebook: afterrun.Rulebook, kept: Kept) -> str:
        """The text that a page carries."""
        told: dict[str, Any] = {
            "rulebook": rulebook.digest,
            "account": visitor().account,
            "answers": list(kept.answers.items()),
            "before": kept.before,
        }
        if kept.about:
            told["about"] = kept.about
        packed = zlib.compress(json.dumps(told, separators=(",", ":")).encode())
        # Answers grow no younger by being looked at.
        return self._lock.close(packed, kept.since or int(self._now().timestamp()))

    def open(self, rulebook: afterrun.Rulebook, text: str, *, ages: bool = True) -> Kept:
        """What a page carried. Raises Unreadable or Outdated; by age alone only where it `ages`."""
        try:
            packed, made = self._lock.open(text)
            told = json.loads(zlib.decompress(packed))
        except (ValueError, zlib.error):
            raise Unreadable from None
        # What one account answered is opened for no other, on whatever page it is found.
        if told.get("account") != visitor().account:
            raise Unreadable
        answers = dict(told["answers"])
        kept = Kept(answers, told["before"], told.get("about", {}), made if answers else 0)
        if told["rulebook"] != rulebook.digest:
            raise Outdated(
                "The questions have changed since you answered them.", _again(rulebook, kept), kept
            )
        if ages and self._now() - datetime.fromtimestamp(made).astimezone() > self._lifetime:
            raise Outdated("You answered these questions some time ago.", _again(rulebook, kept), kept)
        return kept


def _again(rulebook: afterrun.Rulebook, kept: Kept) -> Kept:
    """Nothing answered, and what still is an answer offered."""
    given = {**kept.before, **{key: value for key, value in kept.answers.items() if value is not None}}
    units = {each.unit_key for each in rulebook.quantities.values() if each.unit_key in given}
    beside = {key: given[key] for key in units if _fits(rulebook, {key: given[key]})}
    fits = {
        key: value
        for key, value in given.items()
        if key in rulebook.questions and _fits(rulebook, {**beside, key: value})
    }
    return Kept(before={**fits, **beside}, about=kept.about)


def _fits(rulebook: afterrun.Rulebook, intake: Mapping[str, Any]) -> bool:
    try:
        afterrun.read_answers(rulebook, intake)
    except afterrun.IntakeError:
        return False
    return True
