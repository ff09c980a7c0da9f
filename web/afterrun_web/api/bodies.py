"""A request's body in, the object in it out, read as strictly as an intake file."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from starlette.requests import Request

from afterrun import Problem
from afterrun.intake import RawIntake, raw_intakes
from afterrun_web.api.problems import BODY, Refusal, refused
from afterrun_web.requests.sent import JSON, NotTaken, read_json


async def body_of(request: Request, largest: int) -> bytes:
    """The bytes of a body; a Refusal where it is no JSON by its own word, or too large."""
    try:
        return await read_json(request, (JSON,), largest)
    except NotTaken as error:
        raise refused(error.status, str(error)) from None


def object_in(content: bytes) -> RawIntake:
    """The object of a body, with the line of each key; a Refusal where it holds none."""
    raw = next(raw_intakes(io.BytesIO(content), BODY, "json"))
    if raw.problems:
        raise Refusal(400, raw.problems)
    if (key := _no_number(raw.data)) is not None:
        line = raw.lines.get(key, raw.line)
        raise Refusal(400, [Problem("not JSON: it holds a number that is none", BODY, line, key)])
    return raw


def _no_number(data: Any) -> str | None:
    """The outermost key below which NaN or Infinity stands, which JSON does not know."""
    waiting = [(key, value) for key, value in data.items()]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, Decimal) and not value.is_finite():
            return str(key)
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting += [(key, each) for each in inner]
    return None
