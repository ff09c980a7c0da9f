"""`afterrun ask`: the whole interview, from the draft that it goes on with to the result on screen."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import afterrun
from afterrun_cli.runner.assess import single_intake
from afterrun_cli.runner.drafts import Draft, folder, latest, new_draft
from afterrun_cli.runner.interview import InputClosed, Interview, Left
from afterrun_cli.terminal.exits import INTERRUPTED, UNUSABLE, leave, say
from afterrun_cli.terminal.loading import faults, rulebook_from
from afterrun_cli.terminal.show import Shape, show_result


def ask_and_show(resume: Path | None, save: Path | None, shape: Shape, rulebook_folder: Path | None) -> None:
    """Ask what is open, keep every answer at once, and show what the rules make of them."""
    rulebook = rulebook_from(rulebook_folder)
    intake = _resumed(rulebook, resume)
    draft = _draft(resume, save)
    if draft is not None and draft.path != resume:
        if intake:
            _first_write(draft, intake)
        elif draft.temporary and (left := latest()) is not None:
            say("An interview was not finished. Go on with it by leaving here (q) and typing:")
            say(f"  {_command(left, rulebook_folder)}", "")
    again = _Again(draft, resume, rulebook_folder)
    interview = Interview(rulebook, intake, draft)
    try:
        with faults():
            interview.run()
            result = afterrun.assess(rulebook, interview.intake)
    except KeyboardInterrupt:
        leave(INTERRUPTED, "", "Stopped.", *again.lines())
    except InputClosed:
        leave(
            UNUSABLE,
            "",
            "error: the input ended before the questions did: there is no result.",
            *again.lines(),
        )
    except Left:
        say("", *again.lines())
        return
    show_result(rulebook, result, shape)
    sys.stdout.flush()
    _tidy_up(draft, resume)


class _Again:
    """What to say to whoever leaves before the end."""

    def __init__(self, draft: Draft | None, resume: Path | None, rulebook_folder: Path | None) -> None:
        self._draft = draft
        self._resume = resume
        self._rulebook_folder = rulebook_folder

    def lines(self) -> list[str]:
        path = self._draft.path if self._draft is not None and self._draft.written else self._resume
        if path is None:
            return ["Nothing was saved."]
        return [f"Your answers are saved in {path}", f"Go on with: {_command(path, self._rulebook_folder)}"]


def _command(path: Path, rulebook_folder: Path | None) -> str:
    other = [] if rulebook_folder is None else ["--rulebook", str(rulebook_folder)]
    return shlex.join(["afterrun", "ask", "--resume", str(path), *other])


def _resumed(rulebook: afterrun.Rulebook, resume: Path | None) -> dict[str, Any]:
    """The answers to go on with; leaves if the file is broken or an answer no longer fits."""
    if resume is None:
        return {}
    return afterrun.as_intake(rulebook, single_intake(rulebook, str(resume), None))


def _draft(resume: Path | None, save: Path | None) -> Draft | None:
    """Where the answers go; whether they can go there is found out before the first question."""
    same = resume is not None and save is not None and save.exists() and save.samefile(resume)
    if save is not None and save.exists() and not same:
        leave(UNUSABLE, f"error: {save} exists already. Give another name, or go on with it: --resume {save}")
    if save is not None:
        draft = Draft(save, temporary=False)
    elif resume is not None and resume.suffix == ".json":
        draft = Draft(resume, temporary=resume.resolve().parent == folder().resolve())
    else:
        # A hand-written YAML file keeps its comments: what is added to it goes elsewhere.
        draft = new_draft()
    try:
        draft.check()
    except OSError as error:
        reason = f"{draft.path} cannot be written: {error.strerror}"
        if not draft.temporary:
            leave(UNUSABLE, f"error: {reason}")
        say(f"warning: {reason}. If you leave before the end, your answers are lost.")
        return None
    return draft


def _first_write(draft: Draft, intake: Mapping[str, Any]) -> None:
    try:
        draft.write(intake)
    except OSError as error:
        leave(UNUSABLE, f"error: {draft.path} cannot be written: {error.strerror}")


def _tidy_up(draft: Draft | None, resume: Path | None) -> None:
    """At the end only a file that somebody named stays."""
    if draft is not None and draft.temporary:
        draft.remove()
    elif draft is not None and draft.written:
        path = shlex.quote(str(draft.path))
        say(f"Your answers are saved in {draft.path}")
        say(f"The weeks of a plan:  afterrun plan {path}    To keep a diary of it:  afterrun start {path}")
    if resume is not None and resume.resolve().parent == folder().resolve():
        Draft(resume, temporary=True).remove()
