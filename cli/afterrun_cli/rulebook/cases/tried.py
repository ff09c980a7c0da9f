"""What the commands that try the rules on whole cases share, and `afterrun rules test`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Literal

from afterrun.rulebook import Rulebook, rulebook_parts
from afterrun.schedule import worked_weeks
from afterrun.verify.cases import (
    CaseFailsError,
    CasesOfParts,
    LayOut,
    WholeCases,
    WrittenCase,
    form_of,
    read_cases,
    read_cases_of_parts,
)
from afterrun_cli.terminal.exits import FOUND, UNUSABLE, leave
from afterrun_cli.terminal.files import read_bytes
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.show import put, put_json, put_lines


def try_and_tell(files: Sequence[Path], folder: Path | None, shape: Literal["text", "json"]) -> None:
    """Hold whole cases of both parts against the rulebook; leave with 1 when one comes out otherwise."""
    rulebook, *others = (rulebook_from(folder, part) for part in (None, *rulebook_parts(folder)))
    check_ins = next((part for part in others if part.enrolment is not None), None)
    found = cases_of_parts(files, *filter(None, [rulebook, check_ins]))
    tried = [WholeCases(rulebook, found.intakes, lay_out_of(rulebook))]
    if found.check_ins:
        if check_ins is None:
            leave(UNUSABLE, "error: a case is of a check-in, and the rulebook has no part for those")
        tried.append(WholeCases(check_ins, found.check_ins))
    problems = [problem for each in tried for problem in each.problems()]
    failing = len({(each.file, each.line) for each in problems})
    every = sum(len(each.cases) for each in tried)
    if shape == "json":
        told = [each._asdict() for each in problems]
        put_json({"rulebook": rulebook.stamp, "cases": every, "failing": failing, "differences": told})
    else:
        why = {(case.file, case.line): case.why for each in tried for case in each.cases}
        for place, group in groupby(problems, lambda each: (each.file, each.line or 0)):
            for problem in group:
                put_lines(str(problem))
            if why[place]:
                put_lines(f"    why it is expected: {why[place]}")
        put(f"{every} case{'' if every == 1 else 's'} tried, {failing or 'none'} failing")
    if failing:
        leave(FOUND)


def cases_from(files: Sequence[Path], rulebook: Rulebook) -> list[WrittenCase]:
    """The cases of the files, in the form of this part; whatever is wrong with them is told, all at once."""
    return read_cases(_contents(files), form_of(rulebook), rulebook)


def cases_of_parts(files: Sequence[Path], *parts: Rulebook) -> CasesOfParts:
    """The same, of several parts."""
    return read_cases_of_parts(_contents(files), *parts)


def _contents(files: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    return ((str(file), read_bytes(file)) for file in files)


def lay_out_of(rulebook: Rulebook) -> LayOut | None:
    """What gives the weeks of a case, where the rulebook says what weeks consist of."""
    return worked_weeks if rulebook.schedule is not None else None


@contextmanager
def refusing_cases_that_fail() -> Iterator[None]:
    """Leave when a case does not hold: what such cases notice or reach says nothing."""
    try:
        yield
    except CaseFailsError as error:
        hint = "These cases do not hold under the rules. Mend them first: afterrun rules test CASES"
        leave(FOUND, *map(str, error.problems), hint)
