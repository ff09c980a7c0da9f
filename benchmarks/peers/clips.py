"""CLIPS through clipspy: answers as one template fact, conclusions as facts, salience for order."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.peers.book import Book, Literal
from benchmarks.peers.forward_rules import Conjunction, conjunctions
from benchmarks.peers.peer import Peer, Rows


class Clips(Peer):
    """Rules in the order of their conclusions, so that `not` means: nobody will conclude it."""

    name = "clipspy"
    version_of = "clipspy"
    kind = "forward chaining (Rete, C)"
    explains = "names of the rules that fired, as text (watch); no premises"
    missing = "a 'no' (negation as failure)"

    def load(self, book: Book) -> None:
        import clips

        self._book = book
        self._clips = clips.Environment()
        slots = "".join(f"(slot v{number})" for number in range(len(book.variables)))
        self._clips.build(f"(deftemplate answers {slots})")
        # Read at the end in one piece: fact objects on the Python side make every reset dearer than the last.
        self._clips.build("(defglobal ?*proved* = (create$))")
        self._template = self._clips.find_template("answers")
        self._proved = self._clips.find_global("proved")
        for place, each in enumerate(conjunctions(book)):
            self._clips.build(self._rule(place, each))

    def prepare(self, rows: Rows) -> Any:
        return [{f"v{number}": cell for number, cell in enumerate(row)} for row in rows.cells.tolist()]

    def assess(self, inputs: Any) -> Any:
        environment, template, proved = self._clips, self._template, self._proved
        results = []
        for answers in inputs:
            environment.reset()
            template.assert_fact(**answers)
            environment.run()
            results.append(proved.value)
        return results

    def truths(self, results: Any) -> np.ndarray:
        table = np.zeros((len(results), len(self._book.propositions)), dtype=np.int8)
        for row, proved in zip(table, results, strict=True):
            row[list(proved)] = 1
        return table

    def _rule(self, place: int, each: Conjunction) -> str:
        on_answers = [literal for literal in each.literals if literal.cells is not None]
        patterns = [f"(answers {' '.join(map(self._slot, on_answers))})"] if on_answers else []
        for literal in each.literals:
            if literal.value is not None:
                proved = f"(proved {literal.subject})"
                patterns.append(proved if literal.value else f"(not {proved})")
        # A rule of negations alone must wait for the answers too.
        if not on_answers:
            patterns.insert(0, "(answers)")
        facts = "".join(f"(proved {proposition})" for proposition in each.concludes)
        noted = f"(bind ?*proved* (create$ ?*proved* {' '.join(map(str, each.concludes))}))"
        return (
            f"(defrule {each.rule}--{place} (declare (salience {-each.stage})) "
            f"{' '.join(patterns)} => (assert {facts}) {noted})"
        )

    @staticmethod
    def _slot(literal: Literal) -> str:
        assert literal.cells is not None
        return f"(v{literal.subject} {'|'.join(map(str, sorted(literal.cells)))})"


PEERS = (Clips,)
