"""`afterrun rules mutate`: which changes to the rules no case would notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from afterrun.verify.cases import Places
from afterrun.verify.mutation import MutationReport, Survivor, mutate
from afterrun.visible import as_json
from afterrun_cli.rulebook.cases.tried import cases_from, lay_out_of, refusing_cases_that_fail
from afterrun_cli.terminal.exits import FOUND, leave, say
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.progress import progress_bar
from afterrun_cli.terminal.show import put, put_json


class MutationLimits(NamedTuple):
    """How many mutants are tried, which, by how many processes, and for how long."""

    sample: int | None
    seed: int
    jobs: int
    time_box: float | None


def mutate_rules(
    files: Sequence[Path],
    folder: Path | None,
    part: str | None,
    limits: MutationLimits,
    shape: Literal["text", "json"],
) -> None:
    """Try every mutant, show what survives, and leave with 1 if something does."""
    rulebook = rulebook_from(folder, part)
    cases = cases_from(files, rulebook)
    lay_out, places = lay_out_of(rulebook), Places(folder, part)
    with refusing_cases_that_fail(), progress_bar("{task.completed}/{task.total}") as update:

        def watch(what: str, done: int, total: int) -> None:
            update(description=what, completed=done, total=total)

        report = mutate(rulebook, cases, places, **limits._asdict(), lay_out=lay_out, watch=watch)
    if shape == "json":
        put_json(report.to_dict())
    else:
        _tell(report)
    if report.fates("undecided") and not report.solver:
        say("A solver could prove more of them equivalent. Install it with:  pip install 'afterrun[prove]'")
    if report.fates("survives"):
        leave(FOUND)


def _tell(report: MutationReport) -> None:
    for survivor in report.fates("survives"):
        _tell_survivor(survivor)
    counts = report.counts
    put(
        f"{counts['tried']} of {counts['mutants']} mutants tried on {report.cases} cases "
        f"in {report.seconds:.0f} s"
    )
    for name in ("killed by cases", "killed by examples", "refused by loading", "equivalent", "undecided"):
        put(f"{counts[name]:6} {name}{_NOTES.get(name, '')}")
    put(f"{counts['surviving']:6} surviving")


_NONE = "absent"
_NOTES = {
    "killed by examples": " (the rules' own; counted apart)",
    "refused by loading": ": a rule would wait for itself",
    "equivalent": ": proved to show the same for every intake",
    "undecided": ": no intake found that tells them apart, and no proof that there is none",
}


def _tell_survivor(survivor: Survivor) -> None:
    mutant = survivor.mutant
    put(f"{survivor.place}: {mutant.owner}: {mutant.kind}: {mutant.said}")
    for line in survivor.diff:
        put(f"    {line}")
    by = ", ".join(survivor.by_examples)
    put(f"    no case notices it; {f'an example of {by} does' if by else 'no example does either'}")
    assert survivor.witness is not None
    put(f"    this intake would: {as_json(dict(survivor.witness.intake))}")
    for key, (before, after) in survivor.witness.differing.items():
        put(f"        {_difference(key, before, after)}")
    put("")


def _difference(key: str, before: Any, after: Any) -> str:
    """What differs, without what does not."""
    if key == "ledger":
        one, other = ({each["id"]: each for each in ledger} for ledger in (before, after))
        names = [name for name in {**one, **other} if one.get(name) != other.get(name)]
        return "; ".join(f"{name} {_status(one, name)} now, {_status(other, name)} after" for name in names)
    if isinstance(before, dict):
        names = [name for name in {**before, **after} if before.get(name, _NONE) != after.get(name, _NONE)]
        return "; ".join(
            f"{name} {before.get(name, _NONE)} now, {after.get(name, _NONE)} after" for name in names
        )
    return f"{key} {before} now, {after} after"


def _status(ledger: Mapping[str, Any], name: str) -> str:
    return str(ledger[name]["status"]) if name in ledger else _NONE
