"""One peer in this process: `python -m benchmarks.peers.child MODULE CLASS FOLDER` prints JSON."""

from __future__ import annotations

import importlib
import json
import sys
from importlib.metadata import version
from pathlib import Path

from benchmarks.peers.peer import measure


def main() -> None:
    module, name, folder = sys.argv[1:]
    peer = getattr(importlib.import_module(f"benchmarks.peers.{module}"), name)()
    measured = measure(peer, Path(folder))
    measured["version"] = version(peer.version_of) if peer.version_of else ""
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
