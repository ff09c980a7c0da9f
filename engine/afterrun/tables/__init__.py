"""A rulebook in, its rules as decision tables out: to be read by others, never read back.

Rulebook  ->  rows (where a formula holds)  ->  tables  ->  dmn (FEEL in XML, and diagrams)
"""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.tables.dmn import as_dmn
else:
    __getattr__, __dir__ = door(globals())
