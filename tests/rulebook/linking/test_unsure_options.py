"""Not knowing is one answer of a question, and none that is read as a "no"."""

from pathlib import Path
from typing import Any

import pytest

from afterrun import RulebookError, load_rulebook
from tests.support.random_input.rulebooks import small_rulebook, write_files

RULE = {"id": "seen", "if": {"signs": {"includes": "hot"}}, "then": "triage.soon"}
HOT = {"id": "hot", "text": "It is hot"}
NONE = {"id": "none", "text": "None of these", "alone": True}
UNSURE = {"id": "unclear", "text": "I am not sure", "unsure": True}


def written(folder: Path, *options: dict[str, Any], **question: Any) -> Path:
    asked = {"id": "signs", "type": "multi", "options": list(options), **question}
    write_files(folder, small_rulebook([RULE], [asked]))
    return folder


def test_one_option_may_say_so(tmp_path: Path) -> None:
    question = load_rulebook(written(tmp_path, HOT, NONE, UNSURE)).questions["signs"]
    assert [each.id for each in question.options if each.unsure] == ["unclear"]


@pytest.mark.parametrize(
    ("options", "question", "key", "said"),
    [
        ([{**NONE, "unsure": True}], {}, "options", "'none' is 'unsure', and 'alone' would read it as a no"),
        (
            [NONE, {**UNSURE, "harmless": "It mostly is."}],
            {},
            "options",
            "'unclear' is 'unsure', and 'harmless' would read it as a no",
        ),
        (
            [NONE, UNSURE, {**UNSURE, "id": "vague"}],
            {},
            "options",
            "'unclear' and 'vague' are both 'unsure': one option says",
        ),
        (
            [UNSURE],
            {"type": "single", "unknown_reads": "hot"},
            "unknown_reads",
            "'unclear' is 'unsure' already: take out 'unknown_reads'",
        ),
    ],
)
def test_an_unsure_option_that_could_be_read_as_something_else_is_refused(
    tmp_path: Path, options: list[dict[str, Any]], question: dict[str, Any], key: str, said: str
) -> None:
    folder = written(tmp_path, HOT, *options, **question)
    if question:
        rules = folder / "rules/rules.yaml"
        rules.write_text(rules.read_text(encoding="utf-8").replace("includes:", "is:"), encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(folder)
    (problem,) = caught.value.problems
    assert said in problem.message
    lines = (folder / "knowledge/questions.yaml").read_text(encoding="utf-8").splitlines()
    found = problem.line or 0
    assert any(line.strip().startswith(f"{key}:") for line in lines[max(0, found - 2) : found])
