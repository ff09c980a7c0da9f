"""A fuzzer that follows the coverage of what reads input: `python -m tests.attacks.fuzz TARGET --seconds 60`.

What is found is printed, and kept as a file to try again: `… TARGET FILE`. Wants atheris (`make attack`
installs it); the targets themselves are tried without it on kept input in `make test`.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args

import afterrun
from afterrun.errors import AfterrunError, DocumentError, IntakeError, Problem, RulebookError
from afterrun.intake import Format, raw_intakes, read_intake, read_raw
from afterrun.rulebook.documents import read_yaml
from afterrun.rulebook.reading.mistakes import read_as
from afterrun.rulebook.schema import KNOWLEDGE, RULES
from tests.attacks.malformed_input.inputs import (
    Malformed,
    malformed,
    malformed_check_ins,
    malformed_rulebook_files,
    malformed_tables,
    whole_intake,
)
from tests.support.paths import ROOT

FORMATS: tuple[Format | None, ...] = (*get_args(Format), None)
LONGEST = 20_000
"""Bytes of an input: what is longer says nothing new, slowly."""
SHAPES: tuple[Any, ...] = (RULES, *KNOWLEDGE.values())
Choice = TypeVar("Choice")


def intake(data: bytes) -> None:
    """Read intakes and assess them: what stands with a warning sign makes it no less urgent."""
    rulebook = _loaded(None)
    for raw in raw_intakes(io.BytesIO(data[1:]), "fuzz", _chosen(data, FORMATS)):
        try:
            answers = read_intake(rulebook, raw)
        except IntakeError:
            continue
        result = afterrun.assess(rulebook, answers)
        given = afterrun.as_intake(rulebook, answers)
        assert afterrun.read_answers(rulebook, given) == answers
        signs = afterrun.assess(rulebook, {key: given[key] for key in ("warning_signs",) if key in given})
        if rulebook.triage[signs.triage].settles:
            levels = list(rulebook.triage)
            assert levels.index(result.triage) <= levels.index(signs.triage), (result.triage, signs.triage)


def check_in(data: bytes) -> None:
    """Read records of check-ins and answer them."""
    part = _loaded("checkin")
    for raw in raw_intakes(io.BytesIO(data[1:]), "fuzz", _chosen(data, FORMATS)):
        try:
            read_raw(part, raw, afterrun.assessment.check_in)
        except IntakeError:
            continue


def rulebook(data: bytes) -> None:
    """Read a file of a rulebook, up to where files are put together."""
    problems: list[Problem] = []
    try:
        document = read_yaml(data[1:].decode("utf-8-sig", "replace"), "fuzz.yaml")
    except (DocumentError, RulebookError):
        return
    read = read_as(_chosen(data, SHAPES), document, "fuzz.yaml", problems)
    assert bool(read.damaged) == bool(problems)


def table(data: bytes) -> None:
    """Read a table of intakes: every row is accepted or refused, and each as it is by itself."""
    from tests.support.batches.files import read_all

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "fuzz.csv")
        file.write_bytes(data[1:])
        try:
            whole = read_all(_loaded(None), file, Path(folder))
            parts = read_all(_loaded(None), file, Path(folder), rows=2)
        except AfterrunError:
            return
        assert whole.rows_in == parts.rows_in
        assert whole.frame.to_dicts() == parts.frame.to_dicts()
        assert whole.rejects == parts.rejects


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "intake": intake,
    "check-in": check_in,
    "rulebook": rulebook,
    "table": table,
}


def seeds(target: str) -> list[bytes]:
    """Where the fuzzer begins: small kept input, each behind a byte that chooses how it is read."""
    questions = (ROOT / "knowledge/questions.yaml").read_text(encoding="utf-8")
    made: dict[str, Callable[[], Iterator[Malformed]]] = {
        "intake": lambda: malformed(whole_intake()),
        "check-in": malformed_check_ins,
        "rulebook": lambda: malformed_rulebook_files(questions),
        "table": malformed_tables,
    }
    found = list(made[target]())
    return [
        bytes([place % 256]) + each.content for place, each in enumerate(found) if len(each.content) < 20_000
    ]


@cache
def _loaded(part: str | None) -> afterrun.Rulebook:
    return afterrun.load_rulebook(part=part)


def _chosen(data: bytes, among: Sequence[Choice]) -> Choice:
    return among[data[0] % len(among)] if data else among[0]


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m tests.attacks.fuzz", description=__doc__.splitlines()[0])
    words.add_argument("target", choices=TARGETS)
    words.add_argument("file", nargs="?", type=Path, help="a finding to try again")
    words.add_argument("--seconds", type=int, default=60)
    words.add_argument("--findings", type=Path, default=ROOT / ".cache/fuzz")
    given = words.parse_args()
    target = TARGETS[given.target]
    if given.file:
        target(given.file.read_bytes())
        return
    import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

    atheris.instrument_all()
    kept = given.findings / given.target
    corpus = kept / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for place, seed in enumerate(seeds(given.target)):
        (corpus / f"seed-{place}").write_bytes(seed)
    options = [
        f"-max_total_time={given.seconds}",
        f"-artifact_prefix={kept}/",
        "-max_len=20000",
        "-timeout=20",
        str(corpus),
    ]
    atheris.Setup([sys.argv[0], *options], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
