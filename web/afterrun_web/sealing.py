"""Answers in, a text out that only this server can read or make; and back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from cryptography.fernet import Fernet, InvalidToken

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


class Unreadable(Exception):
    """The text was not made here, or it was changed."""


class Outdated(Exception):
    """The answers no longer stand as they are: `kept` offers those again that still fit."""

    def __init__(self, why: str, kept: Kept, was: Kept) -> None:
        super().__init__(why)
        self.kept = kept
        self.was = was
        """All of it as it came, for whoever reads it anew."""


class Seal:
    """Encrypts and authenticates what pages carry."""

    def __init__(self, settings: Settings) -> None:
        self._fernet = Fernet(settings.key)
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
        return self._fernet.encrypt_at_time(packed, int(self._now().timestamp())).decode()

    def open(self, rulebook: afterrun.Rulebook, text: str, *, ages: bool = True) -> Kept:
        """What a page carried. Raises Unreadable or Outdated; by age alone only where it `ages`."""
        try:
            told = json.loads(zlib.decompress(self._fernet.decrypt(text)))
            made = self._fernet.extract_timestamp(text)
        except (InvalidToken, ValueError):
            raise Unreadable from None
        # What one account answered is opened for no other, on whatever page it is found.
        if told.get("account") != visitor().account:
            raise Unreadable
        kept = Kept(dict(told["answers"]), told["before"], told.get("about", {}))
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
