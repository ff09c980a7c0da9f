"""One assessment with all proofs and the cross-check: where its time goes, and that memory is flat."""

from __future__ import annotations

import json
import resource
import shutil
import tempfile
from pathlib import Path
from typing import Any

from afterrun import assess, load_rulebook, read_answers
from afterrun.inference import Prover, Reasoner, facts_of, infer
from afterrun.rulebook import Rulebook, engine_of, read_yaml
from benchmarks.machine import median_cpu_ms, print_table
from tests.support.paths import DATA, ROOT

MANY_RULES = 200
MANY_ASSESSMENTS = 100_000


def cases() -> list[dict[str, Any]]:
    """The answers of the worked cases."""
    lines = (DATA / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["answers"] for line in lines]


def main() -> None:
    """Print the split for the shipped rulebook and for one grown to 200 rules."""
    print("### One assessment, all proofs, cross-checked (ms of CPU)\n")
    shipped = load_rulebook()
    with tempfile.TemporaryDirectory() as folder:
        grown = grown_rulebook(Path(folder), MANY_RULES)
    rows = [split(rulebook) for rulebook in (shipped, grown)]
    head = (
        "rules",
        "durable rules",
        "whole",
        "read answers",
        "facts",
        "durable",
        "reference",
        "proofs of all",
    )
    print_table(head, rows)


def split(rulebook: Rulebook) -> tuple[object, ...]:
    """The median of the whole and of each part."""
    inputs = cases()
    answers = [read_answers(rulebook, each) for each in inputs]
    facts = [facts_of(rulebook, each) for each in answers]
    reasoner = engine_of(rulebook, Reasoner)
    inferred = [(each, infer(rulebook, facts_of(rulebook, each))) for each in answers]

    def prove_all(pair: Any) -> None:
        prover = Prover(rulebook, *pair)
        for name in pair[1].truths:
            prover.proof(name)

    written = sum(rule.written is not None for rule in rulebook.rules.values())
    return (
        written,
        reasoner.step_count,
        median_cpu_ms(lambda each: assess(rulebook, each), inputs),
        median_cpu_ms(lambda each: read_answers(rulebook, each), inputs),
        median_cpu_ms(lambda each: facts_of(rulebook, each), answers),
        median_cpu_ms(reasoner.infer, facts),
        median_cpu_ms(lambda each: infer(rulebook, each), facts),
        median_cpu_ms(prove_all, inferred),
    )


def grown_rulebook(folder: Path, rules: int) -> Rulebook:
    """The shipped rulebook with further findings, each concluded by a copy of a shipped condition."""
    for name in ("rules", "knowledge"):
        shutil.copytree(ROOT / name, folder / name)
    written = [
        rule
        for path in sorted((ROOT / "rules").glob("*.yaml"))
        for rule in read_yaml(path.read_text(encoding="utf-8"), path.name).data
    ]
    copies = [
        {**written[index], "id": f"copy-{index}", "then": f"copied-{index}"}
        for index in range(rules - len(written))
    ]
    findings = [{"id": copy["then"], "text": "A copy.", "refuted": "No copy."} for copy in copies]
    (folder / "rules/copies.yaml").write_text(json.dumps(copies, default=str), encoding="utf-8")
    with (folder / "knowledge/findings.yaml").open("a", encoding="utf-8") as file:
        file.writelines(f"- {json.dumps(finding)}\n" for finding in findings)
    return load_rulebook(folder)


def memory() -> None:
    """Print the resident memory along many assessments in one process."""
    print(f"### Memory over {MANY_ASSESSMENTS:,} assessments in one process\n")
    rulebook, inputs = load_rulebook(), cases()
    rows = []
    for count in range(1, MANY_ASSESSMENTS + 1):
        assess(rulebook, inputs[count % len(inputs)])
        if count in (1_000, 10_000, 50_000, MANY_ASSESSMENTS):
            rows.append((f"{count:,}", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
    print_table(("assessments", "peak resident MB"), rows)
