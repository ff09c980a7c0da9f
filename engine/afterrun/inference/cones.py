"""What each proposition rests on: the propositions it waits for, directly or through others."""

from __future__ import annotations

from afterrun.rulebook import Ref, Rulebook, atoms


class Cones:
    """For each proposition, itself and all that it waits for, in the order of evaluation."""

    def __init__(self, rulebook: Rulebook) -> None:
        below: dict[str, set[str]] = {}
        for proposition, rules in rulebook.propositions.items():
            cone = {proposition}
            for rule in rules:
                for atom in atoms(rule.formula):
                    if isinstance(atom, Ref):
                        cone |= below[atom.proposition]
            below[proposition] = cone
        place = {name: index for index, name in enumerate(rulebook.propositions)}
        self._cones = {name: tuple(sorted(cone, key=place.__getitem__)) for name, cone in below.items()}

    def of(self, proposition: str) -> tuple[str, ...]:
        """The cone of one proposition; itself comes last."""
        return self._cones[proposition]
