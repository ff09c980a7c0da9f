"""The questions, the result and the plan as a folder of files: in a browser alone, without a server.

rulebook, pages, Pyodide  ->  export: a folder of files  ->  worker.js, inside: the same pages

What is loaded once (Python, rulebook, templates) is kept as the memory of a Python that has done so, and a
browser goes on from there.
"""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun_web.alone.export import Exported, ExportError, export_site
    from afterrun_web.alone.runtime import NAME, RuntimeMissing, fetched_runtime
else:
    __getattr__, __dir__ = door(globals())

__all__ = ["NAME", "ExportError", "Exported", "RuntimeMissing", "export_site", "fetched_runtime"]
