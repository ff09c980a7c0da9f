"""What a room hands out, imported when somebody asks for it: who wants one thing does not pay for all.

A room's `__init__` says its names once, as imports that the type checker reads:

    if TYPE_CHECKING:
        from afterrun.inference.proofs import Proof, Prover
    else:
        __getattr__, __dir__ = door(globals())
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

_IMPORT = re.compile(r"^    from (\S+) import (?:\(([^)]*)\)|(.+))$", re.MULTILINE)


def door(room: dict[str, Any]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` for a room's namespace: its imports, each made when it is needed."""
    with open(room["__file__"], encoding="utf-8") as file:
        said = file.read().partition("\nif TYPE_CHECKING:\n")[2].partition("\nelse:\n")[0]
    imports = _IMPORT.findall(said)
    homes = {name: home for home, *names in imports for name in re.findall(r"\w+", " ".join(names))}

    def get(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {room['__name__']!r} has no attribute {name!r}")
        return room.setdefault(name, getattr(import_module(homes[name]), name))

    return get, lambda: sorted(homes)
