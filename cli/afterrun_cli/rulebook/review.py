"""`afterrun rules review`: who answers for a rule, and until when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from afterrun.rulebook import review_rule, shipped
from afterrun_cli.terminal.days import read_day
from afterrun_cli.terminal.exits import UNUSABLE, leave, say
from afterrun_cli.terminal.loading import refuse_pack, rulebook_from


def review_and_say(
    rule: str, owner: str, days: tuple[str, str | None], today: date, part: str | None, folder: Path | None
) -> None:
    """Write the review of one rule; the days are that until which it holds, and that of the approval."""
    until, on = days
    last = read_day("--until", until, today)
    first = read_day("--on", on, today) if on is not None else today
    if last < today:
        leave(UNUSABLE, f"error: --until: {last} is over (today is {today})")
    if first > today:
        leave(UNUSABLE, f"error: --on: {first} has not come yet (today is {today})")
    refuse_pack(folder, "a pack is never changed")
    rulebook = rulebook_from(folder, part, anew=True)
    said = {"owner": owner.strip(), "approved_on": first.isoformat(), "review_by": last.isoformat()}
    path = review_rule(folder or shipped(), rulebook, rule, said)
    say(f"wrote {path}: {said['owner']} approves {rule} until {last}")
