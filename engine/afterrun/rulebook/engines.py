"""What is built from a rulebook once, and then used as often as you like."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from afterrun.rulebook.model import Rulebook

T = TypeVar("T")

_building = threading.RLock()  # one builder may ask for what another builds


def _begin_anew_after_a_fork() -> None:
    """Whoever was building is not in this process; what is not built yet is built here."""
    global _building
    _building = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew_after_a_fork)


def engine_of(rulebook: Rulebook, build: Callable[[Rulebook], T]) -> T:
    """What `build` makes of a rulebook: made once, and kept as long as the rulebook is.

    It is kept beside the rulebook's fields and not in a table of all rulebooks, for what is built
    holds on to its rulebook, and neither would ever leave such a table. A changed copy has none of it.
    """
    kept: dict[Any, Any] = vars(rulebook).setdefault("_engines", {})
    if build not in kept:
        with _building:
            if build not in kept:
                kept[build] = build(rulebook)
    found: T = kept[build]
    return found
