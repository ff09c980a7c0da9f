"""Drools, the jar that drools_jpy ships, called from Java itself: `python -m …drools FOLDER plain|listener`.

Its Python side sends every event through JSON and a rule language of its own; from Java it is faster.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from benchmarks.peers.book import Book, read_book
from benchmarks.peers.forward_rules import conjunctions

SOURCE = Path(__file__).with_name("java") / "DroolsPeer.java"
HEAP = "512m"


def main() -> None:
    folder, mode = Path(sys.argv[1]), sys.argv[2]
    write(read_book(folder), folder)
    spec = find_spec("drools")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("drools-jpy is not installed")
    (jar,) = Path(spec.submodule_search_locations[0]).glob("jars/*.jar")
    options = [f"-Xmx{HEAP}", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"]
    command = ["java", *options, "-cp", str(jar), str(SOURCE), str(folder), mode]
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    measured = json.loads(ran.stdout.splitlines()[-1])
    print(json.dumps({**measured, "version": version("drools-jpy")}))


def write(book: Book, folder: Path) -> None:
    """Rules and rows in lines of words and numbers."""
    lines = [f"propositions {len(book.propositions)}"]
    for place, each in enumerate(conjunctions(book)):
        lines.append(f"rule {each.rule}--{place} {each.stage}")
        for literal in each.literals:
            if literal.cells is not None:
                lines.append(f"cell {literal.subject} {' '.join(map(str, sorted(literal.cells)))}")
            else:
                lines.append(f"{'is' if literal.value else 'not'} {literal.subject}")
        lines.append(f"then {' '.join(map(str, each.concludes))}")
    (folder / "drools-rules.txt").write_text("\n".join(lines), encoding="utf-8")
    truths = np.load(folder / "truths.npy")
    np.savetxt(folder / "drools-rows.txt", np.load(folder / "rows.npy")[: len(truths)], fmt="%d")
    np.savetxt(folder / "drools-truths.txt", truths, fmt="%d")


if __name__ == "__main__":
    main()
