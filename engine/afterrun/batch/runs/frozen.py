"""The frozen plan of a batch: what must be the same when it goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, repeat
from typing import Any

from afterrun.batch.input.folders import left_out
from afterrun.batch.input.sources import Source
from afterrun.batch.places import Place, state_of
from afterrun.batch.request import Request
from afterrun.batch.runs.mended import is_mended, names_of
from afterrun.errors import AfterrunError
from afterrun.rulebook import stamp_words, versions_of
from afterrun.storage import write_text
from afterrun.versions import ENGINE

_SPELLED = {"rows_per_chunk": "--chunk-rows"}


class PlanDiffers(AfterrunError):
    """What is there was begun from something else; going on would mix two batches."""


def frozen_plan(
    request: Request, sources: Sequence[Source], earlier: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """The plan as JSON; the `earlier` inputs, which are the first, keep the names that they had."""
    options = request.options
    return {
        "program": f"afterrun {ENGINE}",
        **versions_of(request.rulebook.stamp),
        "options": {**options._asdict(), "columns": list(options.columns)},
        "how": request.how.as_json(),
        "inputs": [
            {
                "path": given_path(each),
                "size": each.size,
                "fingerprint": each.fingerprint,
                "name": each.name,
                "names": list(dict.fromkeys([*before, each.name])),
                "turn": each.turn,
                "mended": is_mended(each),
                "not_asked": list(each.gaps.names),
            }
            for each, before in zip(sources, chain(map(names_of, earlier), repeat([])), strict=False)
        ],
        "left_out": [str(each.absolute()) for each in left_out(request.inputs)],
    }


def given_path(source: Source) -> str:
    """An input's name, true from any folder."""
    return str(source.given.absolute()) if source.given is not None else source.name


def freeze(place: Place, plan: Mapping[str, Any], *, append: bool = False) -> None:
    """Write the plan, or make sure that the one there is the same, but for what a finished one is given.

    Raises PlanDiffers with each reason.
    """
    if not place.plan.exists():
        write_text(place.plan, json.dumps(plan, indent=1), private=True)
        return
    old = state_of(place.plan)
    more = len(plan["inputs"]) - len(old["inputs"]) if append else 0
    shared = {**plan, "inputs": plan["inputs"][: len(plan["inputs"]) - max(more, 0)]}
    differing(old, shared, str(place.result), append=append)
    if more > 0:
        if not place.success.is_file():
            raise PlanDiffers(f"{place.result} is not finished: go on with it, then append")
        # Until the end is written again, it counts as begun.
        place.success.unlink()
        write_text(place.plan, json.dumps(plan, indent=1), private=True)


def differing(
    old: Mapping[str, Any], new: Mapping[str, Any], place: str, *, append: bool | None = None
) -> None:
    """Raise PlanDiffers with each reason where two plans are not the same.

    `append` is whether files are to be added; None where none can be.
    """
    if reasons := list(differences(old, new)):
        told = (f"  - {reason}" for reason in reasons)
        way = "Give a new place, or delete what is there."
        before = {each["path"] for each in old["inputs"]}
        if append:
            way = (
                "To add to it, leave its inputs as they were, give its options again, and give what is new "
                "under another name. Or give a new place."
            )
        elif append is not None and not before >= {each["path"] for each in new["inputs"]}:
            way = f"To add what is new, give --append. {way}"
        raise PlanDiffers(f"{place} was begun with something else:", *told, way)


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Every way in which two plans are not the same, in words."""
    if old["program"] != new["program"]:
        yield f"the program was {old['program']} and is {new['program']}"
    if old["rulebook"]["digest"] != new["rulebook"]["digest"]:
        was, now = stamp_words(old["rulebook"]), stamp_words(new["rulebook"])
        yield f"the rulebook was {was} and is {now}"
    for name, value in old["options"].items():
        now = new["options"].get(name)
        if now != value:
            yield f"{_SPELLED.get(name, f'--{name}')} was {_told(value)} and is {_told(now)}"
    was_read, is_read = old.get("how", {}), new["how"]
    for name in sorted({*was_read, *is_read}):
        if (was := was_read.get(name)) != (now := is_read.get(name)):
            yield f"--{name.replace('_', '-')} was {_told(was or False)} and is {_told(now or False)}"
    before = {each["path"]: each for each in old["inputs"]}
    after = {each["path"]: each for each in new["inputs"]}
    yield from (f"the input {path} is no longer among the inputs" for path in before if path not in after)
    yield from (f"the input {path} is new" for path in after if path not in before)
    yield from (
        f"the input {path} has changed: {changed(before[path], after[path])}"
        for path in before
        if path in after and _content_of(before[path]) != _content_of(after[path])
    )
    if list(before) != list(after) and set(before) == set(after):
        yield "the inputs come in another order"


def _content_of(told: Mapping[str, Any]) -> tuple[Any, Any]:
    return told["size"], told["fingerprint"]


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What is other about one input."""
    if before["size"] != after["size"]:
        return f"it had {before['size']} bytes and has {after['size']}"
    return "it was written again"


def _told(value: Any) -> str:
    if value in (False, []):
        return "not given"
    if isinstance(value, list):
        return ", ".join("=".join(map(str, each)) if isinstance(each, list) else str(each) for each in value)
    return "given" if value is True else str(value)
