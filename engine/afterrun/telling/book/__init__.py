"""The rulebook as a book: every rule in plain words, where it comes from, and what hangs on it.

    Rulebook  ->  entries, graph  ->  templates  ->  pages of a static site

Needs the extra `report` (jinja2); the graph alone needs nothing.
"""

from afterrun.telling.book.graph import graph_svg

__all__ = ["graph_svg"]
