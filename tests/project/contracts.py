"""What no contract of import-linter says by itself: nobody reaches past a room's door."""

from collections.abc import Sequence

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class DoorContract(Contract):
    """From outside a room only the room itself is imported, never a file or a folder in it.

    A room inside another is a room of its own: neither sees what the other keeps behind its door.
    The house, which hands on what the rooms make, is for those outside.
    """

    type_name = "door"

    house = fields.StringField()
    rooms = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Every import whose target stands behind a door of which the importer is on the other side."""
        house: str = self.contract_options["house"]
        rooms: Sequence[str] = self.contract_options["rooms"]

        def room_of(module: str) -> str | None:
            return max((room for room in rooms if _within(module, room)), key=len, default=None)

        def reaches_past(importer: str, imported: str) -> bool:
            if imported == house:
                return _within(importer, house)
            room = room_of(imported)
            return room not in (None, imported, room_of(importer))

        wrong = [f"there is no room {room}" for room in rooms if room not in graph.modules]
        wrong += sorted(
            f"{importer} -> {imported}"
            for importer in graph.modules
            for imported in graph.find_modules_directly_imported_by(importer)
            if reaches_past(importer, imported)
        )
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line for each."""
        for line in check.metadata["wrong"]:
            output.print_error(f"- {line}", bold=False)


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
