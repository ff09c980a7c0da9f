"""`afterrun --version`."""

from __future__ import annotations

from importlib.metadata import version

from afterrun_cli.terminal.loading import rulebook_from


def tell_version() -> None:
    """Print the program's version, and the name, version and digest of the rulebook that comes along."""
    stamp = rulebook_from(None).stamp
    print(f"afterrun {version('afterrun')}")
    print(f"rulebook {stamp['name']} {stamp['version']} ({stamp['digest'][:12]})")
