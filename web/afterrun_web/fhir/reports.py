"""What became of cards: counted while the server runs, and written down where the operator names a file."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from afterrun.interchange import Feedback
from afterrun_web.requests.refusing import Refused

NOT_KEPT = Refused(
    503, "This could not be written down", "the feedback could not be written down; send it again"
)


class Reports:
    """Takes feedback."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._counted: Counter[str] = Counter()
        self._lock = Lock()

    def take(self, told: Sequence[Feedback], digest: str) -> None:
        """Count the reports, and write each as a line of JSON; none where that fails. Raises Refused."""
        with self._lock:
            if self._file is not None:
                lines = (json.dumps({**each._asdict(), "rulebook": digest}) + "\n" for each in told)
                try:
                    _append(self._file, "".join(lines).encode())
                except OSError:
                    raise NOT_KEPT from None
            self._counted.update(each.outcome for each in told)

    @property
    def words(self) -> str:
        """How many of each there were; nothing where there were none."""
        counts = ", ".join(f"{number} {outcome}" for outcome, number in sorted(self._counted.items()))
        return f"Cards that clients told of: {counts}." if counts else ""


def _append(file: Path, content: bytes) -> None:
    """Add to the end of a file in one write; only its owner may read a new one."""
    opened = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        begins = os.fstat(opened).st_size
        if os.write(opened, content) < len(content):
            os.ftruncate(opened, begins)
            raise OSError("the disk is full")
    finally:
        os.close(opened)
