"""`afterrun ask`: the whole interview, from the draft that it goes on with to the result on screen."""

from __future__ import annotations

import shlex
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import afterrun
from afterrun.storage import StorageFault
from afterrun.telling import result_page
from afterrun_cli.runner.drafts import Draft, drafts_folder, new_draft, newest_draft
from afterrun_cli.runner.interview import Interview, leave_with_person, offer_rest
from afterrun_cli.terminal.exits import UNUSABLE, leave, say
from afterrun_cli.terminal.files import leave_unwritten, unwritten_words
from afterrun_cli.terminal.intakes import single_intake
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.show import Shape, show_result


def ask_and_show(
    resume: Path | None,
    save: Path | None,
    shape: Shape,
    rulebook_folder: Path | None,
    now: datetime,
    *,
    full: bool,
) -> None:
    """Ask what is open, keep every answer at once, and show what the rules make of them."""
    rulebook = rulebook_from(rulebook_folder)
    intake = _resumed(rulebook, resume)
    draft = _draft(resume, save, now)
    if draft is not None and draft.path != resume:
        if intake:
            with leave_unwritten():
                draft.write(intake)
        elif draft.temporary and (unfinished := newest_draft()) is not None:
            say("An interview was not finished. Go on with it by leaving here (q) and typing:")
            say(f"  {_command(unfinished, rulebook_folder)}", "")

    def kept() -> list[str]:
        path = draft.path if draft is not None and draft.written else resume
        if path is None:
            return ["Nothing was saved."]
        return [f"Your answers are saved in {path}", f"Go on with: {_command(path, rulebook_folder)}"]

    interview = Interview(rulebook, intake, draft)
    with leave_with_person(kept, "there is no result"):
        interview.run()
        result = afterrun.assess(rulebook, interview.intake)
    show_result(rulebook, result, shape, full=full)
    sys.stdout.flush()
    if shape == "text" and not full:
        offer_rest(result_page(rulebook, result))
    _tidy_up(draft, resume, rulebook.triage[result.triage].shows_plan)


def _command(path: Path, rulebook_folder: Path | None) -> str:
    other = [] if rulebook_folder is None else ["--rulebook", str(rulebook_folder)]
    return shlex.join(["afterrun", "ask", "--resume", str(path), *other])


def _resumed(rulebook: afterrun.Rulebook, resume: Path | None) -> dict[str, Any]:
    """The answers to go on with; leaves if the file is broken or an answer no longer fits."""
    if resume is None:
        return {}
    return afterrun.as_intake(rulebook, single_intake(rulebook, str(resume), None))


def _draft(resume: Path | None, save: Path | None, now: datetime) -> Draft | None:
    """Where the answers go; whether they can go there is found out before the first question."""
    same = resume is not None and save is not None and save.exists() and save.samefile(resume)
    if save is not None and save.exists() and not same:
        leave(UNUSABLE, f"error: {save} exists already. Give another name, or go on with it: --resume {save}")
    if save is not None:
        draft = Draft(save, temporary=False)
    elif resume is not None and resume.suffix == ".json":
        draft = Draft(resume, temporary=_was_temporary(resume))
    else:
        # A hand-written YAML file keeps its comments: what is added to it goes elsewhere.
        draft = new_draft(now)
    try:
        draft.check()
    except StorageFault as fault:
        if not draft.temporary:
            leave(UNUSABLE, f"error: {unwritten_words(fault)}")
        say(f"warning: {unwritten_words(fault)}. If you leave before the end, your answers are lost.")
        return None
    return draft


def _tidy_up(draft: Draft | None, resume: Path | None, shows_plan: bool) -> None:
    """At the end only a file that somebody named stays; whoever is to be seen first is told of no plan."""
    if draft is not None and draft.temporary:
        draft.remove()
    elif draft is not None and draft.written:
        path = shlex.quote(str(draft.path))
        say(f"Your answers are saved in {draft.path}")
        if shows_plan:
            say(
                f"The weeks of a plan:  afterrun plan {path}    To keep a diary of it:  afterrun start {path}"
            )
    if resume is not None and _was_temporary(resume):
        Draft(resume, temporary=True).remove()


def _was_temporary(resume: Path) -> bool:
    return resume.resolve().parent == drafts_folder().resolve()
