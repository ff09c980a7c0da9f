"""`afterrun ask`: the whole interview, from the draft that it goes on with to the result on screen."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import afterrun
from afterrun.assessment import WHOLE_RULEBOOK
from afterrun.intake import CHECKIN
from afterrun.rulebook import rulebook_parts
from afterrun.storage import StorageFault, write_text
from afterrun.telling import result_page
from afterrun_cli.interview.conversation import PLAIN, Interview
from afterrun_cli.interview.drafts import (
    Draft,
    deleting,
    is_draft,
    keep_finished,
    new_draft,
    unfinished_interviews,
)
from afterrun_cli.interview.leaving import leave_with_person, offer_rest
from afterrun_cli.runner.logged import LogOptions, logged
from afterrun_cli.runner.own_files import OwnFiles, beside_questions
from afterrun_cli.terminal.exits import COULD_NOT_RUN, UNUSABLE, leave, say
from afterrun_cli.terminal.files import json_text, leave_unwritten, shown_place, unwritten_words
from afterrun_cli.terminal.intakes import single_intake
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.show import Shape, show_result
from afterrun_cli.terminal.typing import line_or_nothing


class Resumed(NamedTuple):
    """The file that an interview goes on with, and the answers that it held."""

    file: Path | None
    intake: Mapping[str, Any]


def ask_and_show(
    resume: Path | None,
    save: Path | None,
    shape: Shape,
    rulebook_folder: Path | None,
    now: datetime,
    logs: LogOptions,
    files: OwnFiles | None = None,
    *,
    full: bool,
) -> None:
    """Ask what is open, keep every answer at once, and show what the rules make of them."""
    rulebook = rulebook_from(rulebook_folder)
    scope, manner = (WHOLE_RULEBOOK, PLAIN) if files is None else beside_questions(rulebook, files)
    resumed = _resumed(rulebook, resume)
    intake = dict(resumed)
    draft = _draft(rulebook, resume, save, now)
    if draft is not None and draft.path != resume:
        if intake:
            with leave_unwritten():
                draft.write(intake)
        elif draft.temporary and (unfinished := unfinished_interviews(rulebook)):
            say("You left questions unfinished before. To go on there, leave here with q and type:")
            for path, count in unfinished.items():
                say(
                    f"With {count} {'answer' if count == 1 else 'answers'}:",
                    f"  {_resuming(path)}",
                )
            say("")

    def kept() -> list[str]:
        path = draft.path if draft is not None and draft.written else resume
        if path is None:
            return ["Nothing was saved."]
        return [
            f"Your answers are saved in {shown_place(path)}",
            f"Go on with: {_resuming(path, files)}",
        ]

    interview = Interview(rulebook, intake, draft, scope, manner)
    with logged(logs, rulebook) as log, leave_with_person(kept, "there is no result"):
        interview.run()
        result = log.result("ask", afterrun.assess(rulebook, interview.intake))
    # At once: whoever closes the window over the result has answered everything.
    place = _kept_at(draft, Resumed(resume, resumed), interview.intake, now)
    try:
        show_result(rulebook, result, shape, full=full)
        sys.stdout.flush()
        if shape == "text" and not full:
            offer_rest(result_page(rulebook, result))
        place = place or _chosen_place(interview.intake)
    finally:
        if place is not None:
            say(*what_next(place, rulebook_folder, shows_plan=rulebook.triage[result.triage].shows_plan))


def what_next(path: Path, folder: Path | None, *, shows_plan: bool) -> list[str]:
    """Where the answers are, and what to do with them; whoever is to be seen first is told of no plan."""
    file = shlex.quote(str(path))
    plan = [f"The weeks of a plan:  afterrun plan {file}"]
    if CHECKIN in rulebook_parts(folder):
        plan.append(f"To keep a diary of it:  afterrun start {file}")
    return [
        "",
        f"Your answers are saved in {shown_place(path)}",
        *(plan if shows_plan else ()),
        f"To change an answer:  afterrun change {file}",
        f"One page to take along:  afterrun report {file} --summary -o report.html",
        f"To delete your answers:  {deleting(path)}",
    ]


def _resuming(path: Path, files: OwnFiles | None = None) -> str:
    return shlex.join(["afterrun", "ask", "--resume", str(path), *(files.words if files else ())])


def _kept_at(draft: Draft | None, resume: Resumed, intake: Mapping[str, Any], now: datetime) -> Path | None:
    """The file that holds the answers from now on; None where there is none, which is said."""
    file = resume.file
    if file is not None and not is_draft(file) and intake == resume.intake:
        # Nothing was asked: the file stays as it is, and is enough unless another was named.
        if draft is not None and draft.temporary:
            draft.remove()
        if draft is None or draft.temporary or draft.path == file:
            return file
    if draft is None:
        return None
    try:
        place = keep_finished(draft, intake, now)
    except StorageFault as fault:
        say(f"warning: your answers could not be kept: {unwritten_words(fault)}")
        return None
    if file is not None and is_draft(file):
        Draft(file, temporary=True).remove()
    return place


def _chosen_place(intake: Mapping[str, Any]) -> Path | None:
    """A file that the person names where the answers could be kept nowhere."""
    if not sys.stdin.isatty():
        say("Your answers were not kept.")
        return None
    say("", "Your answers are kept nowhere yet. Type a file to write them to; Enter lets them go.")
    while name := line_or_nothing():
        place = Path(name).expanduser()
        if place.exists():
            say(f"There is a file {place} already. Type another name.")
            continue
        try:
            write_text(place, json_text(intake), private=True)
        except StorageFault as fault:
            say(f"{unwritten_words(fault)}. Type another name.")
            continue
        return place
    return None


def _resumed(rulebook: afterrun.Rulebook, resume: Path | None) -> dict[str, Any]:
    """The answers to go on with; leaves if the file is broken or an answer no longer fits."""
    if resume is None:
        return {}
    return afterrun.as_intake(rulebook, single_intake(rulebook, str(resume), None))


def _draft(
    rulebook: afterrun.Rulebook, resume: Path | None, save: Path | None, now: datetime
) -> Draft | None:
    """Where the answers go; whether they can go there is found out before the first question."""
    same = resume is not None and save is not None and save.exists() and save.samefile(resume)
    if save is not None and save.exists() and not same:
        leave(UNUSABLE, f"error: {save} exists already. Give another name, or go on with it: --resume {save}")
    if save is not None:
        draft = Draft(save, temporary=False)
    elif resume is not None and resume.suffix == ".json":
        draft = Draft(resume, temporary=is_draft(resume))
    else:
        # A hand-written YAML file keeps its comments: what is added to it goes elsewhere.
        draft = new_draft(rulebook, now)
    try:
        draft.check()
    except StorageFault as fault:
        if not draft.temporary:
            leave(COULD_NOT_RUN, f"error: {unwritten_words(fault)}")
        say(f"warning: {unwritten_words(fault)}. Your answers are kept nowhere before the end.")
        return None
    return draft
