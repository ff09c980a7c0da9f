"""The seal of a row: a digest of what was written, so that a value that changed on the disk is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

_APART = ("id", "seal")


def seal(values: Mapping[str, Any]) -> str:
    """What seals a row of these columns.

    A column without a value is left out, so that one that comes later and is empty breaks no seal; a
    migration that changes a value seals the row anew.
    """
    sealed = {name: value for name, value in values.items() if value is not None and name not in _APART}
    text = json.dumps(sealed, default=lambda day: day.isoformat(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
