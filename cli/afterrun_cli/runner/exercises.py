"""`afterrun exercises`: the cards of the exercises, listed or shown, and never a plan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import afterrun
from afterrun.rulebook.schema import Exercise, as_written
from afterrun.telling import as_markdown, exercise_svg, exercises_page, on_paper, page_html
from afterrun_cli.terminal.exits import UNUSABLE, leave
from afterrun_cli.terminal.files import json_text, write_out
from afterrun_cli.terminal.layout.text import as_text
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.shapes import Drawn, drawn_by
from afterrun_cli.terminal.show import show_page


def show_exercises(ids: Sequence[str], shape: Drawn | None, output: Path | None, folder: Path | None) -> None:
    """Some cards whole; without a name a list of all, or all cards where a page can hold them."""
    rulebook = rulebook_from(folder)
    for each in ids:
        if each not in rulebook.exercises:
            raise afterrun.UnknownNameError("exercise", each, rulebook.exercises)
    chosen = [rulebook.exercises[each] for each in ids] or list(rulebook.exercises.values())
    if not chosen:
        leave(UNUSABLE, f"error: the rulebook {rulebook.identity.name} has no cards of exercises")
    shape = shape or drawn_by(output) or "text"
    if shape == "json":
        cards = [as_written(each) for each in chosen]
        write_out(json_text({"rulebook": rulebook.stamp, "exercises": cards}), output)
    elif shape == "svg":
        write_out(_picture(chosen), output)
    elif shape == "text" and not ids:
        write_out(_list(rulebook, chosen), output)
    else:
        page = exercises_page(rulebook, chosen)
        if shape == "html":
            write_out(page_html(page, limits=rulebook.identity.limits), output)
        elif shape == "markdown":
            write_out(as_markdown(page) + "\n", output)
        elif output is None:
            show_page(page)
        else:
            write_out(as_text(page) + "\n", output)


def _picture(chosen: Sequence[Exercise]) -> str:
    if len(chosen) != 1:
        leave(
            UNUSABLE, "error: a picture is of one exercise; name it, as in:  afterrun exercises split_squat"
        )
    return on_paper(exercise_svg(chosen[0]))


def _list(rulebook: afterrun.Rulebook, chosen: Sequence[Exercise]) -> str:
    """Each on a line: its id, its name, and what it needs."""
    widest = max(len(each.id) for each in chosen)
    options = {option.id: option.text for each in rulebook.questions.values() for option in each.options}
    # What stands alone among its options is that one has nothing.
    alone = {option.id for each in rulebook.questions.values() for option in each.options if option.alone}
    lines = (
        f"{each.id:{widest}}  {each.name}"
        + ("" if each.needs in alone else f" ({options[each.needs].lower()})")
        for each in chosen
    )
    return "\n".join(lines) + "\n"
