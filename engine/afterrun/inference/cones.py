"""What each proposition rests on: the propositions it waits for, directly or through others."""

from __future__ import annotations

from afterrun.rulebook import CellTest, LinkedRule, Ref, Rulebook, atoms


class Cones:
    """For each proposition, itself and all that it waits for, in the order of evaluation."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        below: dict[str, set[str]] = {}
        for proposition, rules in rulebook.propositions.items():
            cone = {proposition}
            for rule in rules:
                for atom in atoms(rule.formula):
                    # What no rule concludes rests on nothing.
                    if isinstance(atom, Ref):
                        cone |= below.get(atom.proposition, set())
            below[proposition] = cone
        place = {name: index for index, name in enumerate(rulebook.propositions)}
        self._cones = {name: tuple(sorted(cone, key=place.__getitem__)) for name, cone in below.items()}

    def rules(self, proposition: str) -> list[LinkedRule]:
        """The rules for a proposition and for all that it waits for."""
        return [rule for name in self.of(proposition) for rule in self._rulebook.propositions[name]]

    def tested(self, proposition: str) -> frozenset[str]:
        """The variables that these rules test."""
        found = (atom for rule in self.rules(proposition) for atom in atoms(rule.formula))
        return frozenset(atom.variable for atom in found if isinstance(atom, CellTest))

    def questions(self, proposition: str) -> list[str]:
        """The questions behind these variables, in the order of the variables' names."""
        tested = sorted(self.tested(proposition))
        return [question for name in tested for question in self._rulebook.variables[name].questions]

    def of(self, proposition: str) -> tuple[str, ...]:
        """The cone of one proposition; itself comes last."""
        return self._cones[proposition]
