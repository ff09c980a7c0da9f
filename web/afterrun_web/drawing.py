"""Pages drawn in the frame of the web: the style and scripts beside them, the same words within."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from afterrun.schedule import STYLE
from afterrun.telling import Frame, asset, handover_style, render
from afterrun_web.visitors import visitor

if TYPE_CHECKING:
    from starlette.responses import HTMLResponse

STATIC = "/static/"
LEAVES_NOTHING = {"Clear-Site-Data": '"cache", "storage"'}
"""Makes a browser forget what was kept on a phone: pages, answers that wait, and the worker."""
CSRF = "csrf"
"""The field that says that a form is ours."""
WHOSE = "whose"
"""The field that says of which account a form is, so that no other goes on with it."""
PICTURES = ("icon-192.png", "icon-512.png", "icon-maskable.png")
_FORM = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>')
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


class Asset(NamedTuple):
    """A file that pages load."""

    content: str | bytes
    kind: str

    @property
    def raw(self) -> bytes:
        """Its bytes."""
        return self.content if isinstance(self.content, bytes) else self.content.encode()


def page(template: str, *, status: int = 200, **words: Any) -> HTMLResponse:
    """A page of a template, in the frame of the web."""
    from starlette.responses import HTMLResponse

    around, came = frame(), visitor()
    html = render(template, around, static=around.scripts, visitor=came, alone=False, **words)
    # Put in here and not in templates, so that no form can be without it.
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{value}">'
        for name, value in ((CSRF, came.csrf), (WHOSE, came.mark))
        if value
    )
    return HTMLResponse(_FORM.sub(lambda found: found[0] + fields, html), status)


@cache
def frame() -> Frame:
    """What stands around every page."""
    return Frame("frame.html.j2", "afterrun_web", f"{STATIC}{version()}/")


@cache
def assets() -> dict[str, Asset]:
    """What pages load, by name."""
    own = files("afterrun_web") / "static"
    parts = asset("style.css"), handover_style(), _of_pictures(), (own / "web.css").read_text("utf-8")
    return {
        "style.css": Asset("\n".join(parts), "text/css"),
        "unfold.js": Asset(asset("unfold.js"), "text/javascript"),
        "phone.js": Asset(_scripts("kept.js", "phone.js"), "text/javascript"),
        "steps.js": Asset(_scripts("steps.js", "served.js"), "text/javascript"),
        "icon.svg": Asset((own / "icon.svg").read_text("utf-8"), "image/svg+xml"),
        **{name: Asset((own / name).read_bytes(), "image/png") for name in PICTURES},
    }


@cache
def worker() -> str:
    """The script that answers for the server where there is no net; a browser takes it from one address."""
    return _scripts("kept.js", "worker.js")


@cache
def version() -> str:
    """Changes whenever one of them does, so that each can be kept for good."""
    return sha256(b"".join(each.raw for each in assets().values())).hexdigest()[:12]


def _scripts(*names: str) -> str:
    return "\n".join((files("afterrun_web") / "static" / name).read_text("utf-8") for name in names)


def _of_pictures() -> str:
    """The style of a plan's picture, which reaches nothing else on its page."""
    return "\n".join(
        f"{', '.join(f'figure.weeks svg {each.strip()}' for each in names.split(','))} {{{rules}}}"
        for names, rules in _RULE.findall(STYLE)
    )
