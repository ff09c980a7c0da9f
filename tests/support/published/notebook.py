"""The example notebook, executed: `python -m tests.support.published.notebook` writes its outputs anew."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.support.paths import ROOT

NOTEBOOK = ROOT / "docs" / "notebook.ipynb"
_DIGEST = re.compile(r"\([0-9a-f]{12}\)")
_SECONDS = 240


def executed(path: Path) -> Any:
    """A notebook as it is after every cell has run, one look to each output."""
    from nbclient import NotebookClient

    notebook = read(path)
    NotebookClient(
        notebook, timeout=_SECONDS, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}
    ).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                output["data"].pop("text/plain", None)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


def read(path: Path) -> Any:
    """A notebook as it is stored."""
    nbformat: Any = import_module("nbformat")
    return nbformat.read(path, as_version=4)


def outputs_of(notebook: Any) -> list[Any]:
    """What each cell shows, whichever rulebook it names."""
    return [
        [(output["output_type"], _DIGEST.sub("()", str(output.get("data", output.get("text")))))]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    ]


if __name__ == "__main__":
    stored: Any = import_module("nbformat")
    stored.write(executed(NOTEBOOK), NOTEBOOK)
