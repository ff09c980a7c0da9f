"""`afterrun change`: one answer asked again, what that changes, and the file with it."""

from __future__ import annotations

import itertools
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import afterrun
from afterrun.assessment import Case, Conversation, Scope
from afterrun.explanation import answer_in_words
from afterrun.intake import FROM_FILES, Format, without
from afterrun.rulebook.schema import Question
from afterrun.storage import StorageFault, write_text, write_whole
from afterrun.telling import BY_FILES, Findings, Point, View, change_page
from afterrun_cli.interview.conversation import Interview, Manner
from afterrun_cli.interview.drafts import Draft, before_change, draft_for, drafts_of, forget_drafts
from afterrun_cli.interview.last_words import LastWords, before_the_result
from afterrun_cli.interview.leaving import PersonLeft, leave_with_person
from afterrun_cli.runner.ask import what_next
from afterrun_cli.terminal.exits import RAN, UNUSABLE, leave, say, say_text
from afterrun_cli.terminal.files import json_text, leave_unwritten, unwritten_words
from afterrun_cli.terminal.intakes import STDIN, single_intake
from afterrun_cli.terminal.layout.text import hanging
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.paging import pages_of
from afterrun_cli.terminal.show import put_json, show_page
from afterrun_cli.terminal.typing import tolerate_what_is_no_text, typed_line


def change_answers(
    file: str,
    question: str | None,
    shape: Literal["text", "json"],
    input_format: Format | None,
    rulebook_folder: Path | None,
) -> None:
    """Ask a question again and what its answer opens, show what that changes, and write it down."""
    if file == STDIN:
        leave(UNUSABLE, "error: what comes through a pipe cannot be changed; name a file")
    rulebook = rulebook_from(rulebook_folder)
    given = single_intake(rulebook, file, input_format)
    if question is not None and question not in rulebook.questions:
        unknown = afterrun.UnknownNameError("question", question, rulebook.questions)
        leave(UNUSABLE, f"error: {unknown}", f"Each with its name:  afterrun change {shlex.quote(file)}")
    place = _place(Path(file))
    with leave_unwritten():
        Draft(place, temporary=False).check()
    intake = {**afterrun.as_intake(rulebook, given), **given.units}
    owner = ("change", Path(file).absolute())
    draft: Draft | None = None

    def kept() -> list[str]:
        nothing = f"Nothing was changed: {file} is as it was."
        if draft is None or not (draft.written or draft.read()):
            return [nothing]
        return [nothing, "Your new answers are kept.", f"Go on with:  {draft.again}"]

    with leave_with_person(kept):
        asked = rulebook.questions[question] if question is not None else _chosen(rulebook, intake)
        draft = _draft(rulebook, owner, intake, asked, file)
        changed = _asked_again(rulebook, intake, asked, draft)
    instead = {key: value for key, value in changed.items() if intake.get(key) != value}
    if not instead:
        forget_drafts(drafts_of(*owner))
        leave(RAN, "", f"The answer is the same as before: {file} is as it was.")
    told = afterrun.what_if(rulebook, given, instead)
    after = afterrun.read_answers(rulebook, changed)
    _write(place, afterrun.as_intake(rulebook, after))
    forget_drafts(drafts_of(*owner))
    if shape == "json":
        put_json(Findings(what_if=told).to_dict(View(rulebook, after, told.after.triage, "person")))
    else:
        show_page(change_page(rulebook, told))
    say(*what_next(place, rulebook_folder, shows_plan=rulebook.triage[told.after.triage].shows_plan))
    before = before_change(place)
    say(f"The answers before this:  {before}" if before.exists() else f"{file} is as it was.")


def _place(file: Path) -> Path:
    """Where the changed answers go: into a JSON file itself; beside any other, whose comments would go."""
    if file.suffix.lower() == ".json":
        return file.resolve() if file.is_symlink() else file
    names = (f"{file.stem}{f'-{number}' if number > 1 else ''}.json" for number in itertools.count(1))
    return next(place for name in names if not (place := file.with_name(name)).exists())


def _draft(
    rulebook: afterrun.Rulebook,
    owner: tuple[object, ...],
    intake: Mapping[str, Any],
    asked: Question,
    file: str,
) -> Draft | None:
    """Where the new answers are until they are written down; None where nothing can be kept."""
    again = shlex.join(["afterrun", "change", file, asked.id])
    # Answers to be added to others than these would say something else.
    draft = draft_for(owner, asked.id, rulebook.identity.version, json_text(intake), again=again)
    try:
        draft.check()
    except StorageFault as fault:
        say(f"warning: {unwritten_words(fault)}. What you answer is not kept before the end.")
        return None
    return draft


def _asked_again(
    rulebook: afterrun.Rulebook, intake: Mapping[str, Any], question: Question, draft: Draft | None
) -> dict[str, Any]:
    """The answers with another one to a question, and with those to the questions that it opens."""
    others = without(intake, [question.id])
    open_before = frozenset(Case.of(rulebook, intake).open_questions)

    def opens_more(answers: Mapping[str, Any]) -> bool:
        return afterrun.next_question(rulebook, answers, open_before) is not None

    def last_words(talk: Conversation) -> LastWords | None:
        same = talk.intake == intake or question.id not in talk.answers
        return None if same or opens_more(talk.intake) else before_the_result(talk, "shows what that changes")

    kept = _taken_up(draft, question, opens_more)
    resumed = bool(kept)
    if resumed:
        say("You began this change before; your answers are taken up. b goes back to them.", "")
    else:
        kept = _first_answer(rulebook, intake, question, draft, last_words)
        if not opens_more(kept):
            return kept
        say("", "With this answer there is more to ask.")
    scope = Scope(others, only=set(rulebook.questions).difference(open_before))
    more = Interview(rulebook, kept, draft, scope, Manner(last_words=last_words, welcomes=resumed))
    more.run()
    return more.intake


def _taken_up(
    draft: Draft | None, question: Question, opens_more: Callable[[Mapping[str, Any]], bool]
) -> dict[str, Any]:
    """The answers of a change that was left among what the first answer opened."""
    kept = draft.read() if draft is not None else {}
    try:
        return kept if question.id in kept and opens_more(kept) else {}
    except afterrun.IntakeError:
        return {}


def _first_answer(
    rulebook: afterrun.Rulebook,
    intake: Mapping[str, Any],
    question: Question,
    draft: Draft | None,
    last_words: Callable[[Conversation], LastWords | None],
) -> dict[str, Any]:
    """The answers with another one to the question itself."""
    others = without(intake, [question.id])
    if question.id in intake and rulebook.sections[question.section].safety:
        # Enter takes over no answer about safety, so it is told before.
        say(f"Your answer so far: {answer_in_words(rulebook, question.id, intake[question.id], intake)}", "")
    scope = Scope(others, always=(question.id,), only=(question.id,), offers=intake)
    again = Interview(rulebook, others, draft, scope, Manner(last_words=last_words))
    again.run()
    if question.id not in again.intake:
        level = rulebook.triage[afterrun.assess(rulebook, again.intake).triage]
        if level.settles:
            told = f"Whatever you answer here, your other answers say: {level.name}. Change those first."
            leave(RAN, "", told, "Nothing was changed.")
        return dict(intake)
    return again.intake


def _chosen(rulebook: afterrun.Rulebook, intake: Mapping[str, Any]) -> Question:
    """The question that the person chooses among those that have an answer."""
    answered = [each for each in rulebook.questions.values() if each.id in intake]
    if not answered:
        leave(UNUSABLE, "error: there are no answers yet: begin with  afterrun ask")
    section = ""
    blocks = []
    for place, question in enumerate(answered, 1):
        head = ""
        if question.section != section:
            section = question.section
            title = rulebook.sections[section].title
            head = f"\n{title}\n{'-' * len(title)}\n"
        answer = answer_in_words(rulebook, question.id, intake[question.id], intake)
        if question.id in intake.get(FROM_FILES, {}):
            answer = f"{answer}, {BY_FILES}"
        asked = hanging(Point(f"{place:>3}. ", f"{question.ask} ({question.id})"))
        blocks.append(f"{head}{asked}\n{hanging(Point('     ', answer))}")
    foot = f"\nWhich answer is to be changed? Type a number from 1 to {len(answered)}; q leaves."
    *before, last = pages_of([*blocks, foot])
    tolerate_what_is_no_text()
    for page in before:
        say_text(*page, "More follow. Enter shows them. Or type a number; q leaves.")
        if line := typed_line():
            break
    else:
        say_text(*last)
        line = typed_line()
    while True:
        if line.lower() == "q":
            raise PersonLeft
        if line.isascii() and line.isdigit() and len(line) < 4 and 1 <= int(line) <= len(answered):
            return answered[int(line) - 1]
        say(f"Type a number from 1 to {len(answered)}.")
        line = typed_line()


def _write(place: Path, answers: Mapping[str, Any]) -> None:
    """Write the answers down; those that stood there stay beside them."""
    with leave_unwritten():
        if place.exists():
            stood = place.read_bytes()
            write_whole(before_change(place), lambda partial: partial.write_bytes(stood), private=True)
        write_text(place, json_text(answers), private=True)
