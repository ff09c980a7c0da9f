"""A name changed everywhere: the rulebook says what it said, and nothing but the name is another."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from afterrun import AfterrunError, Rulebook, UnknownNameError, assess, check_in
from afterrun.rulebook import NotRenamed, load_every_part, rename
from afterrun.rulebook.reading.validation import core_schema_of, fields_of
from afterrun.rulebook.renaming.names import Named
from afterrun.rulebook.renaming.rename import _changed, _rulebook_files, _shape, _spots, _spots_of_cases
from afterrun.rulebook.renaming.roles import ROLES
from afterrun.rulebook.renaming.spots import Spot
from afterrun.rulebook.schema import INVARIANTS, KNOWLEDGE, RULES, Function, Written
from afterrun.verify import check_rulebook
from afterrun.verify.cases import NAMES_IN_CASES, WrittenCase, differences, form_of, read_cases
from tests.support.broken_copies import copied, spoil
from tests.support.paths import DATA

CASES = ("cases.jsonl", "more_cases.jsonl", "check_in_cases.jsonl", "more_check_in_cases.jsonl")

OTHERS = {
    "Identity": "name",
    "Section": "id",
    "Quantity": "id unit_key",
    "Unit": "id",
    "Question": "section quantity",
    "ParameterRef": "parameter",
    "TriageLevel": "id interventions",
    "Pattern": "levels",
    "Intervention": "id starts merged_into conflicts_with",
    "Parameter": "id",
    "PlanItem": "key also for parameter otherwise quantity",
    "SchemeEntry": "of",
    "CheckIn": "id",
    "Line": "beside",
    "SessionKind": "id apart_from",
    "FromPlan": "plan",
    "Share": "most_beside",
    "Course": "id for after waits_for sessions",
    "WeekAmount": "quantity",
    "ExerciseFile": "doses",
    "Exercise": "id",
    "Publication": "id",
    "Background": "id",
    "Verdict": "id",
    "Hazard": "id",
    "Enrolment": "enrolled checkin notes",
    "Doubt": "confirmed_by",
    "Signs": "least",
    "Diary": "programmes stops week amount amount_most amount_at_start lays_out",
    "Move": "after to from if_plan",
    "Keep": "plan after",
    "Stage": "brings postponed merged beside",
    "Rule": "id",
    "Invariant": "id",
    "Triage": "triage",
    "Gives": "gives",
    "GivesNow": "gives_now",
    "Planned": "plan",
    "PlanNumber": "plan",
}
"""Fields that name something else than a question, measure, option, finding or pattern."""


def test_every_field_that_names_something_has_its_role_or_names_something_else() -> None:
    classes = {kind.__name__: kind for kind in _subclasses(Written) if not issubclass(kind, Function)}
    for shape in (RULES, INVARIANTS, *KNOWLEDGE.values()):
        assert core_schema_of(shape)
    for name, kind in classes.items():
        if not kind.__module__.startswith("afterrun.rulebook.schema."):
            continue
        for field, shape in fields_of(kind).items():
            key, words = kind.fields()[field], repr(shape)
            if "a-z0-9_]*$" in words or ("(-[a-z0-9]+)" in words and "row" not in words):
                known = key in ROLES.get(name, {}) or key in OTHERS.get(name, "").split()
                assert known, f"{name}.{key}: give it a role in roles.py, or say that it names something else"


def _subclasses(kind: type[Written]) -> list[type[Written]]:
    return [each for one in kind.__subclasses__() for each in (one, *_subclasses(one))]


class _Everything(NamedTuple):
    """All names that can be changed, each with another ending."""

    names: dict[str, list[Named]]

    def renamed(self, spot: Spot, new: str) -> str | None:
        for each in self.names.get(spot.name.split(".")[1] if "." in spot.name else spot.name, ()):
            now = each.renamed(spot, f"{each.name}{'-zz' if each.kind == 'finding' else '_zz'}")
            if now is not None:
                return now
        return None


def _all_names(parts: tuple[Rulebook, ...]) -> list[Named]:
    """Everything but what an enrolment knows by the name of a plan's key or of an intervention."""
    diary = parts[1].enrolment.diary if parts[1].enrolment else None
    assert diary is not None
    units = {each.unit_key for each in parts[0].quantities.values()}
    kept = {*units, *diary.from_plan, diary.programme, diary.looks_back_on}
    found = []
    for part in parts:
        found += [Named("question", name) for name in part.questions if name not in kept]
        found += [Named("measure", name) for name in part.measures]
        found += [Named("finding", name) for name in part.findings]
        found += [Named("pattern", name) for name in part.patterns]
        for question in part.questions.values():
            if question.id not in (diary.programme, *units):
                owners = frozenset({question.id})
                needed = any(question.id in (item.by_option or {}) for item in part.plan if item.exercises)
                options = [*(option.id for option in question.options), *question.options_but]
                found += [Named("option", option, owners, needed) for option in options]
    return found


@pytest.fixture(scope="module")
def parts() -> tuple[Rulebook, ...]:
    return load_every_part()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, parts: tuple[Rulebook, ...]) -> Path:
    """The shipped rulebook and its cases with every name changed at once."""
    folder = copied(tmp_path_factory.mktemp("whole"))
    names: dict[str, list[Named]] = {}
    for each in _all_names(parts):
        names.setdefault(each.name, []).append(each)
    everything: Any = _Everything(names)
    paths = _rulebook_files(folder)
    for name in CASES:
        paths.append(Path(shutil.copy(DATA / name, folder)))
    for path in paths:
        cases = path.suffix == ".jsonl"
        spots = (
            _spots_of_cases(path, NAMES_IN_CASES) if cases else _spots(path, _shape(path.relative_to(folder)))
        )
        path.write_text(_changed(path, spots, everything, "").after, encoding="utf-8")
    return folder


def _cases_of(folder: Path, part: Rulebook) -> list[WrittenCase]:
    names = CASES[:2] if part.enrolment is None else CASES[2:]
    return read_cases([(name, (folder / name).read_text(encoding="utf-8")) for name in names], form_of(part))


def _result(part: Rulebook, case: WrittenCase) -> dict[str, Any]:
    if part.enrolment is None:
        return assess(part, case.answers, engine="compiled").to_dict()
    return check_in(part, case.answers, engine="compiled").to_dict()


@pytest.mark.slow
def test_every_name_changed_leaves_every_result_as_it_was(whole: Path, parts: tuple[Rulebook, ...]) -> None:
    renamed = load_every_part(whole)
    assert check_rulebook(*renamed) == []
    for before, after in zip(parts, renamed, strict=True):
        assert len(before.rules) == len(after.rules)
        for case in (cases := _cases_of(whole, after))[:: max(1, len(cases) // 60)]:
            result = _result(after, case)
            expect = {key: value for key, value in case.expect.items() if key != "weeks"}
            assert list(differences(result, expect)) == [], case.id
        assert [case.id for case in cases] == [case.id for case in _cases_of(DATA, before)]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped rulebook with a file of cases; whoever writes into it puts it back."""
    folder = copied(tmp_path_factory.mktemp("copy"))
    shutil.copy(DATA / "cases.jsonl", folder)
    return folder


@pytest.mark.slow
def test_a_name_changed_and_changed_back_leaves_every_byte_as_it_was(copy: Path) -> None:
    old, new = "warning_signs.fever_unwell", "ill"
    files = [*_rulebook_files(copy), copy / "cases.jsonl"]
    before = {file: file.read_bytes() for file in files}
    renaming = rename(copy, old, new, [copy / "cases.jsonl"], NAMES_IN_CASES)
    assert {file: file.read_bytes() for file in files} == before
    renaming.write()
    after = {file: file.read_bytes() for file in files}
    assert {file for file in files if after[file] != before[file]} == {each.file for each in renaming.changes}
    back = rename(copy, new, old.split(".")[-1], [copy / "cases.jsonl"], NAMES_IN_CASES)
    back.write()
    assert {file: file.read_bytes() for file in files} == before
    assert [each.places for each in back.changes] == [each.places for each in renaming.changes]


REFUSED: dict[tuple[str, str], str] = {
    ("pain_site", "pain_timing"): "'pain_timing' is taken: it is a question. Choose another name",
    ("pain_site", "tendon_weeks"): "'tendon_weeks' is taken: it is a key of the plan. Choose another name",
    ("pain_site", "at_least"): "'at_least' is taken: it is a word that begins a condition",
    (
        "pain_site",
        "Pain-Site",
    ): "small letters, digits and '_', as in first_choice. Did you mean 'pain_site'?",
    (
        "relapse-on-return",
        "came_back",
    ): "in words joined by '-', as in first-choice. Did you mean 'came-back'?",
    ("squat", "jump_hop"): "'jump_hop' is taken: it is an option of 'provoked_by'. Choose another name",
    ("squat", "unknown"): "'unknown' is taken: it is a word with a meaning of its own",
    ("pain_sight", "x"): "there is no question, measure, option, finding or pattern 'pain_sight'. "
    "Did you mean 'pain_site'?",
    ("pain_site.squad", "x"): "there is no option 'pain_site.squad'. Did you mean ",
    ("none", "x"): "say which option: equipment.none, ",
    ("volume_unit", "x"): "keeps its name: answers with a unit are read by it",
    ("ramp_pct", "x"): "keeps its name: an enrolment reads the plan's key of that name as its answer",
    ("programme.tendon_loading", "x"): "keeps its name: check-ins follow the intervention of that name",
}


@pytest.mark.slow
def test_a_name_that_cannot_be_changed_or_had_is_refused(
    copy: Path, parts: tuple[Rulebook, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is loaded is the same each time; to load it once is enough.
    monkeypatch.setattr("afterrun.rulebook.renaming.rename.load_every_part", lambda folder: parts)
    for (old, new), words in REFUSED.items():
        with pytest.raises(AfterrunError) as caught:
            rename(copy, old, new)
        assert isinstance(caught.value, NotRenamed | UnknownNameError)
        assert words in str(caught.value), (old, new)


@pytest.mark.slow
def test_what_would_not_hold_together_is_refused_with_its_reason(copy: Path) -> None:
    with pytest.raises(NotRenamed, match=r"(?s)would not hold together:.*there is no question 'week'"):
        rename(copy, "week", "week_of_it")


def test_a_file_that_cannot_be_written_leaves_all_as_they_were(tmp_path: Path) -> None:
    copied(tmp_path)
    renaming = rename(tmp_path, "pain_site", "where_it_hurts")
    last = renaming.changes[-1].file
    kept = {each.file: each.file.read_bytes() for each in renaming.changes[:-1]}
    last.unlink()
    last.mkdir()
    with pytest.raises(AfterrunError):
        renaming.write()
    assert {file: file.read_bytes() for file in kept} == kept


def test_a_rulebook_in_a_folder_of_any_name_is_renamed(tmp_path: Path) -> None:
    for name in ("rules", "knowledge"):
        assert rename(copied(tmp_path / name), "pain_site", "where_it_hurts").changes


def test_a_link_stays_one_and_a_file_that_is_named_twice_is_written_once(tmp_path: Path) -> None:
    folder = copied(tmp_path / "copy")
    file = folder / "rules/findings.yaml"
    elsewhere = file.rename(tmp_path / "findings.yaml")
    file.symlink_to(elsewhere)
    cases, link = tmp_path / "cases.yaml", tmp_path / "linked.yaml"
    cases.write_text("- {id: a, answers: {pain_site: [muscle]}, expect: {}}\n", encoding="utf-8")
    link.symlink_to(cases)
    renaming = rename(folder, "pain_site", "where_it_hurts", [link, cases, cases], NAMES_IN_CASES)
    assert [each.places for each in renaming.changes if each.file.parent == tmp_path] == [1]
    renaming.write()
    assert file.is_symlink()
    assert link.is_symlink()
    for written in (elsewhere, cases):
        assert "where_it_hurts" in written.read_text(encoding="utf-8")
        assert "pain_site" not in written.read_text(encoding="utf-8")


def test_layout_quotes_and_comments_stay_and_what_still_says_the_old_name_is_told(tmp_path: Path) -> None:
    copied(tmp_path)
    file = "rules/findings.yaml"
    spoil(tmp_path, file, "    pain_timing: {one_of", "    'pain_timing' :   {one_of")
    spoil(
        tmp_path,
        file,
        "- id: came-back-on-return",
        "# By pain_timing, see above.\r\n- id: came-back-on-return",
    )
    renaming = rename(tmp_path, "pain_timing", "when_it_hurts")
    (change,) = (each for each in renaming.changes if each.file == tmp_path / file)
    assert "    'when_it_hurts' :   {one_of" in change.after
    assert change.after.replace("when_it_hurts", "pain_timing") == change.before
    assert [each.split(": ", 1)[1] for each in renaming.left if file in each] == [
        "# By pain_timing, see above."
    ]
    assert "+ 'when_it_hurts' :   {one_of: [after_within_hours" in "\n".join(change.diff)
