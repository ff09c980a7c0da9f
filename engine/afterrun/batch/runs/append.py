"""More files for a finished batch: its inputs in front of the new ones.

What was finished stays. Only parts that hold rejects are made again, without those that came back mended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from afterrun.batch.input.folders import Input
from afterrun.batch.input.sources import Source, input_of
from afterrun.batch.places import Place, PlaceError, state_of
from afterrun.batch.request import Request


def earlier_inputs(place: Place) -> list[dict[str, Any]]:
    """The inputs of a batch that was begun, none of a new one. Raises PlaceError where they are gone."""
    if not place.plan.is_file():
        return []
    inputs: list[dict[str, Any]] = state_of(place.plan)["inputs"]
    if any(not isinstance(input_of(each["path"]), Path) for each in inputs):
        said = "was made of what was piped in or of a table, which are not kept: it cannot be appended to"
        raise PlaceError(f"{place.result} {said}")
    gone = [f"  - {each['path']}" for each in inputs if not Path(each["path"]).exists()]
    if gone:
        raise PlaceError(
            f"{place.result} was made of what is no longer there:",
            *gone,
            "Put it back where it lay, for what is added is read beside it; or give a new place.",
        )
    return inputs


def refuse_own_files(request: Request, place: Place) -> None:
    """Never read what is about to be written anew: rejects, or a result. Raises PlaceError."""
    own = [place.rejects, *([] if place.folder else [place.result])]
    given = {each.resolve() for each in request.inputs if isinstance(each, Path)}
    for path in own:
        # Of what is not there the inputs are told.
        if path.resolve() in given and place.plan.is_file():
            raise PlaceError(f"{path} is written anew by this run: move it to another name, and give that")


def with_earlier(request: Request, earlier: Sequence[Mapping[str, Any]]) -> Request:
    """The request with the inputs of earlier runs in front."""
    before: list[Input] = [Path(each["path"]) for each in earlier]
    return request._replace(inputs=[*before, *request.inputs])


def in_turns(sources: Sequence[Source], earlier: Sequence[Mapping[str, Any]]) -> list[Source]:
    """The sources, each with the run that brought it."""
    turn = 1 + max((each.get("turn", 0) for each in earlier), default=-1)
    turns = [*(each.get("turn", 0) for each in earlier), *[turn] * (len(sources) - len(earlier))]
    return [replace(source, turn=each) for source, each in zip(sources, turns, strict=True)]
