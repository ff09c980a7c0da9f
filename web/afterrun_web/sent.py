"""The form that came with a request, as a route asks for it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from afterrun_web.forms import Form, read_form


async def sent_form(request: Request) -> Form:
    """The form of a request; refuses what is none."""
    return await read_form(request)


Sent = Annotated[Form, Depends(sent_form)]
