"""What a notebook shows of a value: what `telling` tells of it, drawn when a notebook asks."""

from __future__ import annotations

from importlib import import_module


def html_of(value: object) -> str:
    """A piece of HTML, every word in it escaped."""
    # By name: whoever tells stands above whoever is told of, and only notebooks want it from below.
    html: str = import_module("afterrun.telling").notebook_html(value)
    return html
