"""The audit of an intake on pages: what the command line says of it, and bad input that can be mended."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.assessment import Case
from afterrun.intake import raw_intakes, read_intake
from afterrun.interchange import next_step, read_response, response_of
from afterrun.rulebook import Proposition
from afterrun.telling import (
    MOST_SETS,
    Inquiry,
    View,
    explanation_sections,
    handover_html,
    handover_of,
    report_html,
)
from afterrun.telling.audit.nearest import held_fixed, nearest_answers
from afterrun.verify.cases import read_cases
from afterrun_web.requests.forms import FORM
from afterrun_web.requests.guard import HEADERS
from afterrun_web.sealing import Kept, Seal
from tests.support.cli_runs import SAMPLE, run
from tests.support.paths import DATA, EXAMPLES
from tests.support.web.accounts import Clock, Guest, shared_server
from tests.support.web.pages import Page
from tests.support.web.visits import NOW, Served, Visitor

TEXT = SAMPLE.read_text(encoding="utf-8")
TEXTS = [(name, (DATA / name).read_text(encoding="utf-8")) for name in ("cases.jsonl", "more_cases.jsonl")]
CASES = list(read_cases(TEXTS))[::40]
OLD = {
    "age_years": 34,
    "warning_signs": ["none"],
    "health_conditions": ["immune_or_diabetes", "knee_replacement"],
    "pain_site": ["below_kneecap"],
}
BOMB = "a: &a [x, x]\n" + "".join(
    f"{one}: &{one} [*{two}, *{two}]\n" for one, two in zip("bcdefgh", "abcdefg", strict=True)
)


@pytest.fixture
def answers(rulebook: afterrun.Rulebook) -> afterrun.Answers:
    with SAMPLE.open("rb") as stream:
        return read_intake(rulebook, next(raw_intakes(stream, "sample", None)))


@pytest.fixture
def visitor(site: Served) -> Visitor:
    """At the audit of the sample."""
    return pasted(Visitor(site.address), TEXT)


def pasted(visitor: Visitor, text: str) -> Visitor:
    return visitor.open("/audit").press("Audit what", intake=text)


def uploaded(visitor: Visitor, content: bytes, name: str = "intake.yaml") -> Visitor:
    return visitor.open("/audit").post("/audit/file", files={"file": (name, content)})


def to_mend(visitor: Visitor) -> str:
    """What stands in the field for an intake."""
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", visitor.html, re.DOTALL)
    assert found, visitor.text
    return unescape(found[1])


def plain(words: str) -> str:
    return " ".join(words.split())


def told_of(file: Path, conclusion: str) -> list[dict[str, Any]]:
    """What `afterrun explain` says of it."""
    told: list[dict[str, Any]] = json.loads(run("explain", file, conclusion, "--format", "json").out)[
        "explanations"
    ]
    return told


def proofs_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every step of every proof in what the command line says as JSON."""
    if isinstance(value, dict):
        if {"rule", "because"} <= value.keys():
            yield value
        for each in value.values():
            yield from proofs_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from proofs_in(each)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_triage_and_proof_are_those_of_explain(
    site: Served, rulebook: afterrun.Rulebook, case: Any, tmp_path: Path
) -> None:
    file = tmp_path / "intake.json"
    file.write_text(json.dumps(case.answers), encoding="utf-8")
    level = afterrun.assess(rulebook, case.answers).triage
    visitor = pasted(Visitor(site.address), file.read_text(encoding="utf-8"))
    assert f"<h1>{rulebook.triage[level].name}</h1>" in visitor.html
    assert len(visitor.content) < 60_000
    if level == "incomplete":
        open_levels = [each for each in told_of(file, "triage") if each["value"] == "open"]
        for each in open_levels:
            assert f"<code>{each['conclusion']}</code>" in visitor.html
            for name in each["settled_by"]:
                assert plain(rulebook.questions[name].ask) in visitor.text
        assert open_levels
        return
    (told,) = told_of(file, f"triage.{level}")
    visitor.press(next(each.words for each in visitor.buttons if "proof" in each.words))
    text = visitor.text
    steps = list(proofs_in(told))
    assert steps
    for step in steps:
        assert f"<code>{step['rule']}</code>" in visitor.html
        assert plain(step["because"]) in text
        assert all(f">{source}</" in visitor.html for source in step["sources"])
    if any(each.words.startswith("The ") and "sources in full" in each.words for each in visitor.buttons):
        visitor.press("The ")
    for key in {source for step in steps for source in step["sources"]}:
        assert f"<dt>{key} " in visitor.html


@pytest.mark.slow
def test_every_conclusion_and_every_other_one_is_explained_as_the_command_line_does(
    rulebook: afterrun.Rulebook, answers: afterrun.Answers, visitor: Visitor
) -> None:
    view = View(rulebook, answers, "self_care", "clinician")
    token, first = visitor.token, visitor.html
    offered = set(re.findall(r'name="conclusion" value="([^"]+)"|<option value="([^"]+)"', first))
    names = {one or two for one, two in offered}
    result = afterrun.assess(rulebook, answers)
    assert {*result.plan, *(each for each in result.fired if rulebook.rules[each].written)} <= names
    names &= {*rulebook.propositions}
    kinds = {"triage", "pattern", "intervention", "parameter"}
    every = {each for each in rulebook.propositions if Proposition.parse(each).kind in kinds}
    truths = Case.of(rulebook, answers).truths
    # Of a pattern that is proved the strongest level alone is named.
    weaker = {each for each in every if each.endswith(".possible") and truths.get(each)}
    assert weaker
    assert names == every - weaker
    for name in sorted(names)[::3]:
        visitor.post("/audit/why", data={"token": token, "conclusion": name})
        found = Inquiry([name]).findings(rulebook, answers)
        titled = f"{name} is {'true' if truths.get(name) else 'false'}"
        sections = explanation_sections(view, found, full=True)
        section = next(each for each in sections if each.title == titled)
        assert f"<code>{name}</code>" in visitor.html
        text = visitor.text
        for line in section.lines:
            # What the lines say in between is drawn there: signs of truth, and marks of quotation.
            said = re.sub("^(because:|it would say:|you were asked|you answered) ", "", line.text)
            if said != line.text:
                assert plain(said.strip('"')) in text, line


@pytest.mark.slow
@pytest.mark.parametrize("name", ["week5_volume", "buffer_pct", "tendon-likely", "row:PL05", "ramp_pct"])
def test_a_number_a_rule_and_a_row_are_explained_as_the_command_line_does(
    rulebook: afterrun.Rulebook, answers: afterrun.Answers, visitor: Visitor, name: str
) -> None:
    visitor.post("/audit/why", data={"token": visitor.token, "conclusion": name})
    found = Inquiry([name]).findings(rulebook, answers)._replace(explanations=())
    sections = list(explanation_sections(View(rulebook, answers, "self_care", "clinician"), found))
    told = [text for each in sections for text in (each.title, *(line.text for line in each.lines))]
    assert len(told) > 5
    for text in told:
        assert plain(text.removeprefix("- ")) in visitor.text
    if name not in rulebook.propositions:
        assert "What would change it?" not in visitor.text


def test_the_overview_says_which_of_several_gives_way(visitor: Visitor) -> None:
    said = plain(visitor.text)
    for name, gives_way in (("5", False), ("10", True), ("20", True)):
        words = f"How much more you run each week, step by step: {name} % true"
        assert words in said
        assert (f"{words} gives way to another" in said) is gives_way


def test_a_proof_on_a_page_tells_computed_numbers_readings_and_skips(site: Served) -> None:
    text = TEXT.replace("weeks_off: 10", "weeks_off: unknown")
    visitor = pasted(Visitor(site.address), text)
    visitor.post("/audit/why", data={"token": visitor.token, "conclusion": "parameter.ramp_pct.5"})
    assert "weeks_off was asked because:" in visitor.text
    assert "“I don't know” read as more than 12 weeks" in visitor.text
    visitor.post("/audit/why", data={"token": visitor.token, "conclusion": "pattern.training_load.likely"})
    assert "(15 - 10) / 10 = 50 %" in visitor.text


def test_the_overview_names_every_rule_that_fired_and_who_answers_for_it(
    rulebook: afterrun.Rulebook, answers: afterrun.Answers, visitor: Visitor
) -> None:
    fired = afterrun.assess(rulebook, answers).fired
    written = [name for name in fired if rulebook.rules[name].written is not None]
    assert f"The {len(written)} rules that fired" in visitor.text
    assert visitor.text.count("not approved: never reviewed") == len(written)
    for name in written:
        assert f"<code>{name}</code>" in visitor.html
    assert "rules are not approved by a clinician" in visitor.text


def test_what_is_pasted_sent_as_a_file_and_ones_own_is_audited_alike(
    site: Served, rulebook: afterrun.Rulebook, answers: afterrun.Answers, visitor: Visitor
) -> None:
    page = re.sub(r'value="[\w=-]{200,}"', "", visitor.html)
    as_json = json.dumps({**afterrun.as_intake(rulebook, answers)})
    for content, name in ((TEXT.encode(), "a.yml"), (TEXT.encode(), "a"), (as_json.encode(), "a.JSON")):
        uploaded(visitor, content, name)
        assert re.sub(r'value="[\w=-]{200,}"', "", visitor.html) == page
    own = {key: value for key, value in afterrun.as_intake(rulebook, answers).items() if key != "record_id"}
    passed = dict.fromkeys(name for name in rulebook.questions if name not in own)
    visitor.post("/result", data={"token": site.seal(rulebook, {**passed, **own})})
    visitor.press("Audit it")
    assert re.sub(r'value="[\w=-]{200,}"', "", visitor.html) == page.replace(" · record sample", "")
    assert not any("?" in each for each in visitor.sent)


def test_a_response_of_fhir_is_audited_as_its_intake_is(
    rulebook: afterrun.Rulebook, answers: afterrun.Answers, visitor: Visitor
) -> None:
    response = response_of(rulebook, afterrun.as_intake(rulebook, answers))
    intake = read_response(rulebook, response).intake
    pages = []
    for each in (intake, response, next_step(rulebook, response)):
        uploaded(visitor, json.dumps(each, indent=2).encode(), "a.json")
        pages.append(re.sub(r'value="[\w=-]{200,}"', "", visitor.html))
    assert "rules that fired" in pages[0]
    assert pages == pages[:1] * 3
    visitor.post("/audit", data={"intake": json.dumps(response)})
    assert re.sub(r'value="[\w=-]{200,}"', "", visitor.html) == pages[0]
    visitor.post("/audit", data={"intake": json.dumps({**response, "status": "entered-in-error"})})
    assert visitor.status == 422
    assert "QuestionnaireResponse.status: 'entered-in-error': the response was entered" in visitor.text
    assert json.loads(to_mend(visitor))["resourceType"] == "QuestionnaireResponse"


def test_a_reload_says_the_same_and_change_gives_the_intake_back(
    rulebook: afterrun.Rulebook, answers: afterrun.Answers, visitor: Visitor
) -> None:
    page = visitor.text
    for _ in range(2):
        assert visitor.post("/audit", data={"token": visitor.token}).text == page
    visitor.press("Change the intake")
    assert afterrun.read_answers(rulebook, json.loads(to_mend(visitor))) == answers
    assert pasted(visitor, to_mend(visitor)).text == page


@pytest.mark.slow
def test_what_if_says_what_the_command_line_says_of_several_answers_at_once(
    rulebook: afterrun.Rulebook, answers: afterrun.Answers, visitor: Visitor
) -> None:
    visitor.press("What if")
    assert visitor.html.count('<details class="conclusion"') == len(rulebook.questions)
    assert len(visitor.content) < 60_000
    visitor.press("Show what would differ")
    assert "Nothing is answered otherwise yet" in visitor.text
    changed = {
        "answer:pain_timing": "during_only",
        "answer:worst_pain": "7",
        "answer:pain_site": ["", "outer_side"],
    }
    visitor.press("Show what would differ", **changed)
    instead = {"pain_timing": "during_only", "worst_pain": 7, "pain_site": ["outer_side"]}
    told = Inquiry(instead=instead).findings(rulebook, answers)
    for section in list(explanation_sections(View(rulebook, answers, "self_care", "clinician"), told))[:2]:
        for line in section.lines:
            said = re.sub(r"^(now|then): | \(\w+\)$", "", line.text).strip()
            assert plain(said) in visitor.text, line
    assert visitor.html.count('<span class="mark">changed</span>') == 3
    assert told.what_if is not None
    turned = next(each for each in told.what_if.conclusions if each.conclusion == "triage.self_care")
    assert turned.proof.before is not None
    visitor.press("Show what would differ", **changed, turned="triage.self_care")
    assert plain(turned.proof.before.steps[0].because) in visitor.text
    visitor.press("Take the changes back")
    assert '<span class="mark">changed</span>' not in visitor.html
    assert "Unfold a question" in visitor.text


@pytest.mark.slow
def test_the_changed_answers_can_be_audited_and_are_called_so(
    rulebook: afterrun.Rulebook, answers: afterrun.Answers, visitor: Visitor
) -> None:
    visitor.press("What if").press("Show what would differ", **{"answer:warning_signs": ["", "calf_swollen"]})
    visitor.press("Audit it with these answers")
    token = visitor.token
    assert f"<h1>{rulebook.triage['urgent'].name}</h1>" in visitor.html
    for page in ("One page to print", "The whole report"):
        assert "ecord sample (answers changed)" in visitor.press(page).text
        visitor.press("Back to the audit")
    visitor.press("The whole report")
    assert "record sample (answers changed)" in visitor.press("Download").html
    visitor.post("/audit", data={"token": token})
    visitor.press("What if").press("Back to the audit")
    assert "Answers were changed in this audit: warning_signs." in visitor.text
    again = {"answer:warning_signs": ["", "none"]}
    visitor.press("What if").press("Show what would differ", **again).press("Audit it with these answers")
    assert visitor.text.count("(answers changed)") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"answer:worst_pain": "much"}, "Type a number, with digits only."),
        ({"answer:worst_pain": "70"}, "70 is too large: from 0 to 10."),
        ({"answer:age_years": "-1"}, "-1 is too small"),
        ({"answer:pain_site": ["", "outer_side", "inner_side", "below_kneecap"]}, "Choose at most 2."),
        ({"answer:pain_site": ["", "elbow"]}, "Choose one of these answers."),
        ({"answer:volume_last_week": "20 min"}, "Your other amounts are in km."),
        ({"answer:volume_goal": "20", "answer:volume_last_week": "x"}, "Type a number."),
        ({"answer:weeks_since_onset": ["3", "unknown"]}, 'Give a number, or say "I don\'t know". Not both.'),
    ],
)
def test_what_is_no_answer_is_told_with_its_question_and_stays_to_be_mended(
    rulebook: afterrun.Rulebook, visitor: Visitor, given: dict[str, Any], told: str
) -> None:
    visitor.press("What if").press("Show what would differ", **given)
    assert visitor.status == 422
    name = list(given)[-1].removeprefix("answer:")
    ask = rulebook.questions[name].ask
    assert f'<a href="#ask-{name}">' in visitor.html
    assert f"{ask} {told}" in visitor.text
    assert "What then" not in visitor.html
    for value in [given[f"answer:{name}"]] if isinstance(given[f"answer:{name}"], str) else []:
        assert f'value="{value}"' in visitor.html


def test_an_answer_can_be_taken_away_or_be_unknown_and_an_amount_brings_its_unit(
    site: Served, rulebook: afterrun.Rulebook, visitor: Visitor
) -> None:
    fields = {"answer:worst_pain": "", "answer:weeks_off": ["", "unknown"], "answer:warning_signs": [""]}
    visitor.press("What if").press("Show what would differ", **fields).press("Audit it with these answers")
    visitor.press("Change the intake")
    mended = json.loads(to_mend(visitor))
    assert "worst_pain" not in mended
    assert "warning_signs" not in mended
    assert mended["weeks_off"] == "unknown"
    pasted(visitor, '{"age_years": 30}').press("What if")
    visitor.press("Show what would differ", **{"answer:volume_goal": "20", "unit:volume_goal": "mi"})
    assert visitor.status == 200
    visitor.press("Audit it with these answers").press("Change the intake")
    changed = {"age_years": 30, "volume_unit": "mi", "volume_goal": 20}
    assert json.loads(to_mend(visitor)) == {"record_id": "(answers changed)", **changed}


@pytest.mark.slow
def test_the_nearest_changes_are_those_of_the_command_line_the_first_of_many_at_once(
    rulebook: afterrun.Rulebook, answers: afterrun.Answers, visitor: Visitor
) -> None:
    view = View(rulebook, answers, "self_care", "clinician")
    token = visitor.token
    for name in ("pattern.patellar_tendon.likely", "parameter.ramp_pct.20", "triage.urgent"):
        visitor.post("/audit/nearest", data={"token": token, "conclusion": name})
        found = Inquiry(nearest=[name]).findings(rulebook, answers)
        assert found.nearest
        text = visitor.text
        for each in found.nearest:
            assert f"Any one of these {len(each.sets)} changes" in text or not each.sets
            assert held_fixed(view, each) in text
            for changes in each.sets[:MOST_SETS]:
                for change in nearest_answers(view, changes):
                    assert f"{change.name} {change.then} now: {change.now}" in text
        assert visitor.html.count("<li><p>") == sum(min(len(each.sets), MOST_SETS) for each in found.nearest)
        if any(len(each.sets) > MOST_SETS for each in found.nearest):
            visitor.press("All ")
            assert visitor.html.count("<li><p>") == sum(len(each.sets) for each in found.nearest)


def test_a_name_that_is_none_is_asked_about_nowhere(visitor: Visitor) -> None:
    token = visitor.token
    for path, field in (("/why", "conclusion"), ("/nearest", "conclusion"), ("/why-asked", "question")):
        for name in ("", "no such", "triage", "<b>"):
            visitor.post(f"/audit{path}", data={"token": token, field: name})
            assert (visitor.status, "There is nothing of that name here" in visitor.text) == (422, True)


def test_what_hangs_on_an_answer_is_told(
    rulebook: afterrun.Rulebook, answers: afterrun.Answers, visitor: Visitor
) -> None:
    visitor.post("/audit/why-asked", data={"token": visitor.token, "question": "relapses"})
    told = Inquiry(questions=["relapses"]).findings(rulebook, answers)
    for section in explanation_sections(View(rulebook, answers, "self_care", "clinician"), told):
        for line in section.lines if "relapses" in section.title else ():
            said = plain(re.sub(r"^- |because:| \(\S+\)$", "", line.text))
            assert said.lower() in visitor.text.lower()


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_one_page_is_that_of_the_command_line(
    rulebook: afterrun.Rulebook, answers: afterrun.Answers, visitor: Visitor, paper: Any
) -> None:
    visitor.press("One page to print")
    if paper == "letter":
        visitor.press("For Letter paper")
    own = Page(handover_html(handover_of(rulebook, answers), paper)).text
    own = own[own.index("Record sample") :]
    told = visitor.text.replace(" ".join(re.findall("Back to the audit.*?paper. (?=Self)", visitor.text)), "")
    assert told[told.index("Record sample") :] == own
    assert "<style" not in visitor.html


@pytest.mark.slow
def test_the_report_is_shown_and_taken_along_as_the_command_line_writes_it(
    rulebook: afterrun.Rulebook, answers: afterrun.Answers, visitor: Visitor
) -> None:
    own = report_html(rulebook, answers)
    visitor.press("The whole report")
    text = Page(own).text
    text = text[text.index("For the person") : text.index("// A link into")].strip()
    assert text in visitor.text
    visitor.press("Download")
    assert visitor.html == own
    assert visitor.headers["content-disposition"] == 'attachment; filename="audit-report.html"'
    assert visitor.headers["cache-control"] == "no-store"


def test_an_earlier_intake_is_carried_over_and_told_as_migrate_does(site: Served, tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    file.write_text(json.dumps(OLD), encoding="utf-8")
    told = run("migrate", file)
    visitor = pasted(Visitor(site.address), json.dumps(OLD))
    assert visitor.status == 200
    assert "It is of the earlier questionnaire." in visitor.text
    for line in told.err.strip().split("\n"):
        assert plain(line.removeprefix(f"{file}:1: ")) in visitor.text
    visitor.press("What if").press("Back to the audit")
    assert "health_conditions: answer it again" in visitor.text
    visitor.press("Change the intake")
    assert json.loads(to_mend(visitor)) == json.loads(told.out)


BAD = {
    "empty": ("  \n", "aste an intake below"),
    "broken JSON": ('{"age_years": 3,\n "x" 4}', "Line 2: not JSON: a colon is missing here"),
    "broken YAML": ("age_years: [1\nb: 2", "not YAML:"),
    "aliases": (BOMB, "Line 2: an alias; write the value out"),
    "a list": ("[1, 2]", "an intake is an object of answers, not a list"),
    "a word": ("knee", "an intake is an object of answers, not a single value"),
    "only a comment": ("# nothing", "holds no intake"),
    "several": ('{"age_years": 3}\n{"age_years": 4}', "It holds several intakes; give one."),
    "several documents": ("---\nage_years: 3\n---\nage_years: 4\n", "a second document"),
    "twice": ('{"age_years": 3,\n"age_years": 4}', "age_years: written twice"),
    "a check-in": ('{"enrolled": {"answers": {}}, "checkin": {}}', "It is a check-in and no intake."),
    "a week": ((EXAMPLES / "flat_week.yaml").read_text(encoding="utf-8"), "It holds a week's answers:"),
    "a week with a slip": ("run_pain: 2\nvolume_dome: 3", "It holds a week's answers:"),
    "a week among others": ("age_years: 33\nrun_pain: 2", "run_pain: no question has this name"),
    "no question": ("\npain_sight: [a]", "Line 2: pain_sight: no question has this name. Did you mean 'pain"),
    "no option": ("pain_site: [elbow]", "Line 1: pain_site: has no option 'elbow'"),
    "out of bounds": ("a: 1\nworst_pain: 99", "Line 2: worst_pain: 99 is too large: from 0 to 10"),
    "no number": ("worst_pain: NaN", "worst_pain: takes a whole number"),
    "no unit": ("volume_goal: 20", "volume_unit: is missing: volume_goal needs a unit, one of km, mi, min"),
    "tabs": ('{\r\n\t"age_years": "x"\r\n}', "Line 2: age_years: takes a whole number, not the text 'x'"),
    "half a character": ('{"record_id": "\\ud800"}', "half a character"),
    "deep": ("[" * 9000, "not"),
    "markup": ("</textarea><script>alert(1)</script>: 1", "no question has this name"),
    "many": (json.dumps({f"q{each}": 1 for each in range(900)}), "And 860 more."),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("how", [pasted, lambda visitor, text: uploaded(visitor, text.encode(), "x")])
def test_what_is_no_intake_is_told_as_the_command_line_does_and_stays_to_be_mended(
    site: Served, kind: str, how: Any
) -> None:
    text, told = BAD[kind]
    visitor = how(Visitor(site.address), text)
    assert visitor.status == 422
    assert told in visitor.text
    assert visitor.html.count('role="alert"') == 1
    assert "Line" in visitor.text or not re.search(r"\.(json|yaml)", told)
    assert to_mend(visitor).split() == text.split()
    assert "<script>alert" not in visitor.html
    assert pasted(visitor, TEXT).status == 200


def test_what_the_command_line_says_of_a_wrong_intake_the_page_says_too(site: Served, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("pain_site: [elbow]\nworst_pain: 99\nx: 1\nhealth_conditions: [immune_or_diabetes]\n")
    visitor = pasted(Visitor(site.address), file.read_text(encoding="utf-8"))
    lines = run("explain", file).err.strip().split("\n")
    assert len(lines) == 4
    for line in lines:
        place, words = line.removeprefix(f"error: {file}:").split(": ", 1)
        assert f"Line {place}: {words}" in visitor.text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "not a text file: it holds a zero byte"),
        (b"age_years\0: 3", "not a text file: it holds a zero byte"),
        ("âge".encode("latin-1"), "not text in UTF-8"),
        (b"#" * (128 * 1024 + 1), "It is larger than 128 kB, and no intake is."),
    ],
)
def test_a_file_that_is_no_text_is_refused(site: Served, content: bytes, told: str) -> None:
    visitor = uploaded(Visitor(site.address), content, "picture.png")
    assert visitor.status == 422
    assert told in visitor.text
    assert to_mend(visitor) == ""
    assert "Mend it below" not in visitor.text


def test_no_file_chosen_and_an_empty_one_are_told_apart(site: Served) -> None:
    visitor = uploaded(Visitor(site.address), b" \n", "intake.json")
    assert (visitor.status, "The file is empty." in visitor.text) == (422, True)
    visitor.post(
        "/audit/file",
        content=b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--x--\r\n',
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert (visitor.status, "Nothing came." in visitor.text) == (422, True)


@pytest.mark.parametrize(
    ("path", "kind", "body", "status"),
    [
        ("/audit", "application/json", b'{"age_years": 3}', 415),
        ("/audit", "", b"intake=x", 415),
        ("/audit", FORM, b"intake=%ff", 400),
        ("/audit/file", FORM, b"file=x", 415),
        ("/audit/file", "multipart/form-data", b"--x--", 400),
        ("/audit/file", "multipart/form-data; boundary=x", b"--x--\r\n", 400),
        ("/audit/file", "multipart/form-data; boundary=x", b"nothing of the kind", 400),
        ("/audit/file", "multipart/form-data; boundary=x", b"--x\r\nX: y\r\n\r\nz\r\n--x--\r\n", 400),
        (
            "/audit/file",
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nno file\r\n--x--\r\n',
            400,
        ),
        (
            "/audit/file",
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\na\r\n' * 2
            + b"--x--\r\n",
            400,
        ),
    ],
)
def test_what_no_page_sends_is_refused_with_what_to_do(
    site: Served, path: str, kind: str, body: bytes, status: int
) -> None:
    visitor = Visitor(site.address).post(path, content=body, headers={"Content-Type": kind} if kind else {})
    assert visitor.status == status, visitor.text
    assert "Begin anew" in visitor.text
    assert {name: visitor.headers[name] for name in HEADERS} == HEADERS


def test_a_file_of_fifty_megabytes_is_refused(site: Served) -> None:
    visitor = Visitor(site.address)
    for path, kind in (("/audit/file", "multipart/form-data; boundary=x"), ("/audit", FORM)):
        visitor.post(path, content=bytes(50_000_000), headers={"Content-Type": kind})
        assert (visitor.status, "This is too large" in visitor.text) == (413, True)


def test_a_file_lies_on_no_disk_while_it_is_read(
    site: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    visitor = uploaded(Visitor(site.address), b"#" * 3_000_000)
    assert (visitor.status, "It is larger than 128 kB" in visitor.text) == (422, True)


PAGES = ("", "/why", "/why-asked", "/nearest", "/what-if", "/summary", "/report")


@pytest.mark.parametrize("path", PAGES)
def test_a_forged_form_leads_back_to_an_audit(site: Served, path: str) -> None:
    visitor = Visitor(site.address)
    for token in ("x", "gAAAAA" * 20):
        visitor.post(f"/audit{path}", data={"token": token, "conclusion": "triage.urgent"})
        assert (visitor.status, "This form cannot be read" in visitor.text) == (400, True)
        assert 'href="/audit"' in visitor.html
    if path:
        assert visitor.post(f"/audit{path}", data={"token": ""}).status == 400
        assert visitor.open(f"/audit{path}").status == 405


def test_a_page_of_long_ago_or_of_other_rules_goes_on_and_says_so(
    site: Served, rulebook: afterrun.Rulebook, visitor: Visitor
) -> None:
    token = visitor.press("What if").token
    before = Seal(site.settings._replace(now=lambda: NOW - timedelta(days=3)))
    other = rulebook.on(NOW.date())
    vars(other)["digest"] = "0" * 64
    said = {"age_years": 30, "warning_signs": ["calf_swollen"]}
    for old in (before.close(rulebook, Kept(said)), before.close(other, Kept(said))):
        visitor.post("/audit", data={"token": old})
        assert (visitor.status, "judged anew" in visitor.text) == (200, True)
        assert f"<h1>{rulebook.triage['urgent'].name}</h1>" in visitor.html
        visitor.press("What if")
        assert visitor.text.count("judged anew") == 1
    visitor.post("/audit", data={"token": before.close(other, Kept({**said, "pain_sight": "x"}))})
    assert (visitor.status, "pain_sight: no question has this name" in visitor.text) == (422, True)
    assert json.loads(to_mend(visitor)) == {**said, "pain_sight": "x"}
    assert visitor.post("/audit", data={"token": token}).status == 200


def test_no_interview_goes_on_with_the_intake_of_an_audit(visitor: Visitor) -> None:
    page, token = visitor.text, visitor.token
    for path in ("/question", "/answers", "/result", "/why", "/plan"):
        visitor.post(path, data={"token": token})
        assert (visitor.status, "This intake is being audited" in visitor.text) == (409, True)
    assert visitor.press("Go on with the audit").text == page


@pytest.mark.slow
def test_every_page_of_it_is_of_the_one_style_and_loads_nothing_else(visitor: Visitor) -> None:
    token = visitor.token
    pages = [visitor.open("/audit").html, pasted(visitor, "x: 1").html]
    for path in PAGES:
        name = {"conclusion": "triage.self_care", "question": "relapses"}
        visitor.post(f"/audit{path}", data={"token": token, **name})
        assert {name: visitor.headers[name] for name in HEADERS} == HEADERS
        pages.append(visitor.html)
    visitor.post("/audit/why", data={"token": token, "conclusion": "triage.self_care", "do": "sources"})
    for html in [*pages, visitor.html]:
        page = Page(html)
        assert not re.search(r"<style|\sstyle=|<script>|\son[a-z]+=", html)
        assert page.skipped_headings() == []
        assert page.headings.count(1) == 1
        assert len(page.ids) == len(set(page.ids))
        inside = {each.removeprefix("#") for each in page.links if each.startswith("#")}
        assert inside <= set(page.ids)
        assert all(each.startswith(("/static/", "/manifest.webmanifest")) for each in page.loads)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Clock]]:
    clock = Clock()
    with shared_server(tmp_path_factory.mktemp("accounts"), clock) as server:
        yield server, clock


@pytest.mark.slow
def test_on_a_shared_server_an_audit_is_for_clinicians(
    shared: tuple[Served, Clock], rulebook: afterrun.Rulebook
) -> None:
    server, _ = shared
    runner, clinician = Guest(server, "anna"), Guest(server, "dr. carla")
    assert "/audit" not in runner.html
    assert '<a href="/audit">' in clinician.html
    said = {"age_years": 30, "warning_signs": ["calf_swollen"]}
    for path in ("/audit", "/audit/file", *(f"/audit{each}" for each in PAGES[1:])):
        runner.open("/")
        runner.post(path, data={"csrf": runner.csrf, "token": runner.token})
        assert (runner.status, "This page is not for your account" in runner.text) == (403, True)
        stranger = Guest(server).post(path, data={"token": "x"})
        assert (stranger.status, "Sign in" in stranger.text) == (403, True)
    runner.open("/audit")
    assert runner.status == 403
    for guest, offered in ((runner, False), (clinician, True)):
        guest.open("/").press("Begin").press("Continue", answer="30")
        guest.press("Continue", answer="calf_swollen")
        guest.post("/result", data={"csrf": guest.csrf, "token": guest.token})
        assert ("Audit it" in [each.words for each in guest.buttons]) is offered
    assert f"<h1>{rulebook.triage['urgent'].name}</h1>" in clinician.press("Audit it").html
    assert "Signed in as dr. carla" in clinician.text
    pasted(clinician, json.dumps(said))
    assert f"<h1>{rulebook.triage['urgent'].name}</h1>" in clinician.html


def test_a_file_comes_with_the_mark_of_its_form_and_without_it_is_refused(
    shared: tuple[Served, Clock], rulebook: afterrun.Rulebook
) -> None:
    clinician = Guest(shared[0], "dr. carla")
    clinician.open("/audit")
    for mark, status in ((clinician.csrf, 200), ("0" * 64, 403), ("", 403)):
        body = (
            f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{mark}\r\n'
            '--x\r\nContent-Disposition: form-data; name="file"; filename="a.yaml"\r\n\r\n'
            "warning_signs: [calf_swollen]\r\n--x--\r\n"
        )
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        clinician.post("/audit/file", content=body.encode(), headers=kind)
        assert clinician.status == status
        assert (f"<h1>{rulebook.triage['urgent'].name}</h1>" in clinician.html) is (status == 200)


@pytest.mark.slow
def test_an_audit_outlives_a_session_and_is_opened_by_no_other_account(
    shared: tuple[Served, Clock], rulebook: afterrun.Rulebook
) -> None:
    server, clock = shared
    clinician = Guest(server, "dr. carla")
    pasted(clinician, TEXT)
    title, token = rulebook.triage["self_care"].name, clinician.token
    assert title in clinician.html
    clock.go_on(timedelta(hours=3))
    clinician.press("What if")
    assert (clinician.status, "You were signed out" in clinician.text) == (403, True)
    clinician.sign_in("dr. carla")
    clinician.press("Go on").press("Go on with the audit")
    assert f"<h1>{title}</h1>" in clinician.html
    clinician.open("/audit")
    clock.go_on(timedelta(hours=3))
    clinician.press("Audit what", intake=TEXT)
    assert (clinician.status, "What you pasted is kept" in clinician.text) == (403, True)
    clinician.sign_in("dr. carla", "wrong")
    assert clinician.status == 403
    clinician.sign_in("dr. carla")
    clinician.press("Go on")
    assert f"<h1>{title}</h1>" in clinician.html
    runner = Guest(server, "anna")
    runner.post("/question", data={"csrf": runner.csrf, "token": token})
    assert (runner.status, "This form cannot be read" in runner.text) == (400, True)
