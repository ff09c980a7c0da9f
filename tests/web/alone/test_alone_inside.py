"""The pages of the browser alone, without one: they need nothing that a browser lacks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import afterrun
from afterrun.assessment import Conversation
from afterrun.rulebook import packed_rulebook, unpacked_rulebook
from afterrun.rulebook.schema import Question
from afterrun_web.alone.inside import Pages
from tests.web.pages.test_browser import CASE

NOW = "2027-03-03T12:00:00+01:00"
LACKING = ("durable_rules_engine", "fastapi", "starlette", "cryptography", "pydantic", "yaml", "sqlalchemy")
WALK = f"""
import sys
sys.modules.update(dict.fromkeys({LACKING!r}))  # whoever asks for one gets an ImportError
from pathlib import Path
from afterrun_web.alone.inside import Pages
pages = Pages(Path(sys.argv[1]).read_text())
pages.warmed(sys.argv[2])
print(pages.first("{NOW}").question)
"""


@pytest.mark.process
@pytest.mark.slow
def test_no_page_needs_what_a_browser_lacks(tmp_path: Path) -> None:
    pack = tmp_path / "rulebook.pack"
    pack.write_text(packed_rulebook(), encoding="ascii")
    ran = subprocess.run(
        [sys.executable, "-c", WALK, str(pack), str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "How old are you?" in ran.stdout


@pytest.mark.slow
def test_every_address_holds_under_any_path_and_the_first_pages_hold_no_answers() -> None:
    for page in Pages(packed_rulebook()).first(NOW):
        assert '="/' not in page
        assert "http:" not in page
        assert 'name="token" value=""' in page


def test_a_conversation_can_leave_the_second_engine_alone(rulebook: afterrun.Rulebook) -> None:
    """Both ask the same, answer by answer."""
    talks = [Conversation(rulebook, {}), Conversation(rulebook, {}, engine="compiled")]
    while (step := talks[0].next()) is not None:
        assert talks[1].next() == step
        for talk in talks:
            talk.take(given(step.question, CASE.answers.get(step.question.id)))
    assert talks[1].next() is None
    assert talks[0].level == talks[1].level


def given(question: Question, value: object) -> dict[str, object]:
    """What an answer adds; the unit stands beside an amount."""
    unit = {"volume_unit": CASE.answers["volume_unit"]} if question.quantity else {}
    return {question.id: value, **unit}


@pytest.mark.slow
def test_a_packed_rulebook_is_the_same_without_its_files(rulebook: afterrun.Rulebook) -> None:
    unpacked = unpacked_rulebook(packed_rulebook())
    assert unpacked.stamp == rulebook.stamp
    assert afterrun.assess(unpacked, CASE.answers) == afterrun.assess(rulebook, CASE.answers)
    for text in ("", "{}", "no pack", packed_rulebook()[:-9]):
        with pytest.raises(afterrun.AfterrunError):
            unpacked_rulebook(text)
