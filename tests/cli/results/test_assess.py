"""Intake files through `afterrun assess`: what is good gives its result, what is bad its place."""

import gzip
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import platformdirs
import pytest

import afterrun
from afterrun_cli.terminal.loading import cache_folder
from tests.support.cli_runs import COMMAND, SAMPLE, environment, run

GOOD = '{"age_years": 34, "warning_signs": ["calf_swollen"]}'

BAD: dict[str, tuple[str, bytes, list[str]]] = {
    "unknown key": (
        "x.json",
        b'{"age_years": 34,\n "pain_sight": ["below_kneecap"]}',
        ["x.json:2: pain_sight: no question has this name. Did you mean 'pain_site'?"],
    ),
    "value outside the options": (
        "x.yaml",
        b"age_years: 34\n\npain_timing: after_next_dya\n",
        ["x.yaml:3: pain_timing: has no option 'after_next_dya'. Did you mean 'after_next_day'?"],
    ),
    "value outside the bounds": (
        "x.yaml",
        b"age_years: 340\nworst_pain: 11\n",
        [
            "x.yaml:1: age_years: 340 is too large: from 10 to 100",
            "x.yaml:2: worst_pain: 11 is too large",
        ],
    ),
    "wrong type": (
        "x.json",
        b'{"age_years": "34",\n"pain_site": "below_kneecap",\n"worst_pain": true}',
        [
            "x.json:1: age_years: takes a whole number",
            "x.json:2: pain_site: takes a list",
            "x.json:3: worst_pain:",
        ],
    ),
    "two units": (
        "x.yaml",
        b"volume_unit: km\nvolume_last_week: 20 mi\n",
        ["x.yaml:2: volume_last_week: two units: '20 mi'"],
    ),
    "two units in a list": ("x.yaml", b"volume_unit: [km, mi]\n", ["x.yaml:1: volume_unit: two units"]),
    "a volume without a unit": ("x.yaml", b"volume_last_week: 20\n", ["volume_unit: is missing"]),
    "broken JSON": ("x.json", b'{"age_years": 34,\n "pain_site": [}', ["x.json:2: not JSON:", "column 16"]),
    "broken YAML": ("x.yaml", b"age_years: 34\npain_site: [below\n", ["x.yaml:3: not YAML:", "column 1"]),
    "a JSON key twice": (
        "x.json",
        b'{"age_years": 34,\n"age_years": 35}',
        ["x.json:2: age_years: written twice"],
    ),
    "a YAML key twice": ("x.yaml", b"age_years: 34\nage_years: 35\n", ["x.yaml:2: age_years: written twice"]),
    "NaN": ("x.json", b'{"age_years": NaN}', ["x.json:1: age_years: takes a whole number, not NaN"]),
    "Infinity": ("x.json", b'{"volume_goal": -Infinity}', ["x.json:1: volume_goal: takes a number"]),
    "an endless number": (
        "x.json",
        b'{"volume_goal": 1e999999999}',
        ["x.json:1: volume_goal: takes a number"],
    ),
    "a number of 9,000 digits": ("x.json", b'{"age_years": ' + b"9" * 9000 + b"}", ["x.json:1: age_years:"]),
    "an empty file": ("x.json", b"", ["x.json: is empty"]),
    "an empty YAML file": ("x.yaml", b"# nothing\n", ["x.yaml: holds no intake"]),
    "an empty JSONL file": ("x.jsonl", b"\n\n", ["x.jsonl: is empty"]),
    "a file of 50 MB": ("x.json", b'{"a": "' + b"x" * 50_000_000, ["x.json: is larger than 8 MB", ".jsonl"]),
    "a YAML file of 50 MB": (
        "x.yaml",
        b"#" * 79 + b"\n" + b"a: 1\n" * 10_000_000,
        ["x.yaml: is larger than 8 MB"],
    ),
    "zero bytes": ("x.json", b"{\n\0\0}", ["x.json:2: not a text file"]),
    "not UTF-8": ("x.yaml", b"age_years: 34\nrecord_id: \xff\xfe\n", ["x.yaml:2: not text in UTF-8"]),
    "a picture": ("x.png", b"\x89PNG\r\n\x1a\n\0\0", ["x.png:3: not a text file"]),
    "a list": ("x.json", b"[" + GOOD.encode() + b"]", ["x.json:1: an intake is an object", ".jsonl"]),
    "a single value": ("x.yaml", b"hello\n", ["x.yaml:1: an intake is an object"]),
    "several objects in JSON": (
        "x.json",
        f"{GOOD}\n{GOOD}".encode(),
        ["x.json:2: not JSON: more stands behind the end", ".jsonl"],
    ),
    "deep JSON": (
        "x.json",
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        ["x.json:1: nested too deeply"],
    ),
    "deep YAML": ("x.yaml", b"a: " + b"[" * 100_000, ["x.yaml:1: nested too deeply"]),
    "deep YAML in lines": ("x.yaml", b"- " * 100_000 + b"a", ["x.yaml:1: nested too deeply"]),
    "a YAML alias": ("x.yaml", b"pain_site: &a [muscle]\nwarning_signs: *a\n", ["x.yaml:1: an alias"]),
    "a YAML tag": (
        "x.yaml",
        b"age_years: !!python/object/apply:os.system [ls]\n",
        ["x.yaml:1: a tag, '!!python/object/apply:os.system'"],
    ),
    "an endless number in YAML": (
        "x.yaml",
        b"age_years: 34\nvolume_goal: 1e999999999\n",
        ["x.yaml:2: volume_goal: a number of more than 40 digits"],
    ),
    "an endless number in JSONL": (
        "x.jsonl",
        b'{"volume_goal": -1e999999999}\n',
        ["x.jsonl:1: volume_goal: takes a number"],
    ),
    "a line without an end": (
        "x.jsonl",
        b"\0" * 20_000_000 + b"\n" + GOOD.encode(),
        ["x.jsonl:1: the line has no end within 8 MB, so nothing after it is read"],
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BAD)
def test_bad_input_names_file_line_and_key_and_gives_no_result(tmp_path: Path, name: str) -> None:
    file, content, wanted = BAD[name]
    (tmp_path / file).write_bytes(content)
    ran = run("assess", file, "--format", "json", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, ""), ran.err
    assert "Traceback" not in ran.err
    for words in wanted:
        assert words in ran.err


@pytest.mark.parametrize("command", ["assess", "migrate"])
def test_a_table_is_for_batch(command: str, tmp_path: Path) -> None:
    table = tmp_path / "intakes.csv"
    table.write_text("record_id,age_years,health_conditions\na,34,immune_or_diabetes\n")
    ran = run(command, table)
    assert (ran.code, ran.out) == (2, "")
    assert "intakes.csv: is a table or packed: 'afterrun batch' reads those" in ran.err
    packed = tmp_path / "intakes.csv.gz"
    packed.write_bytes(gzip.compress(table.read_bytes()))
    assert "intakes.csv.gz: is a table or packed" in run(command, packed).err


def test_what_gzip_packed_is_read_as_it_was_and_a_damaged_one_is_told(tmp_path: Path) -> None:
    content = b'{"age_years": 34}\n{"age_years": 35}\n'
    for name, intakes in (("one.json.gz", content[:18]), ("many.jsonl.gz", content)):
        plain = tmp_path / name.removesuffix(".gz")
        plain.write_bytes(intakes)
        (tmp_path / name).write_bytes(gzip.compress(intakes))
        ran, packed = (run("assess", each, "--format", "json") for each in (plain, tmp_path / name))
        assert (packed.code, packed.out) == (0, ran.out)
    for name, broken in (("cut.jsonl.gz", gzip.compress(content)[:-9]), ("none.jsonl.gz", content)):
        (tmp_path / name).write_bytes(broken)
        ran = run("assess", tmp_path / name)
        assert ran.code != 0
        assert f"{name}: cannot be unpacked" in ran.err


def test_a_missing_file_a_folder_and_an_unreadable_file_are_told(tmp_path: Path) -> None:
    ran = run("assess", "none.json", tmp_path, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "none.json: there is no such file" in ran.err
    assert f"{tmp_path}: is a folder" in ran.err
    if os.geteuid() != 0:
        secret = tmp_path / "secret.json"
        secret.write_text(GOOD)
        secret.chmod(0)
        assert "may not be read" in run("assess", secret).err


def test_messages_cannot_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"\\u001b[31mred": 1}')
    ran = run("assess", "x.json", cwd=tmp_path)
    assert ran.code == 2
    assert "\x1b" not in ran.err
    assert "\\x1b[31mred" in ran.err


def test_one_intake_gives_one_object(rulebook: afterrun.Rulebook) -> None:
    ran = run("assess", SAMPLE, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    result = json.loads(ran.out)
    assert result["record_id"] == "sample"
    assert result["rulebook"] == rulebook.stamp
    assert "line" not in result
    assert ran.out.count("\n") > 10


@pytest.mark.parametrize("text", [GOOD, f"\ufeff{GOOD}", "age_years: 34\nwarning_signs: [calf_swollen]\n"])
def test_stdin_is_read_and_its_format_found_out(text: str) -> None:
    ran = run("assess", "-", "--format", "json", stdin=text)
    assert ran.code == 0
    assert json.loads(ran.out)["triage"] == "urgent"


def test_stdin_of_several_lines_gives_a_line_each() -> None:
    results = lines(run("assess", "-", "--format", "json", stdin=f"{GOOD}\n\n{GOOD}\n").out)
    assert [result["line"] for result in results] == [1, 3]


def test_in_yaml_no_and_yes_are_words(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("injury_onset: no\nstrength_range: yes\n")
    assert run("assess", "x.yaml", "--format", "json", cwd=tmp_path).code == 0


def test_numbers_are_exact_at_the_boundaries(tmp_path: Path) -> None:
    """From 1 to 1.3 is a rise of 30 %, not of more."""
    rises = {"1.3": False, "1.300001": True}
    for number, more in rises.items():
        said = '{"pain_site": ["inner_side"], "running_status": "regular_more", "volume_unit": "km"'
        text = f'{said}, "volume_before": 1, "volume_last_week": {number}}}'
        ran = run("explain", "-", "training_load", "--format", "json", stdin=text)
        likely = next(e for e in json.loads(ran.out)["explanations"] if e["conclusion"].endswith("likely"))
        assert (likely["value"] == "true") is more, number


def test_good_lines_give_their_results_though_others_are_bad(tmp_path: Path) -> None:
    long = '{"record_id": "' + "x" * 1_500_000 + '"}'
    (tmp_path / "x.jsonl").write_text("\n".join([GOOD, '{"age_years": 3}', "", "{", long, "[]", GOOD]) + "\n")
    ran = run("assess", "x.jsonl", "--format", "json", cwd=tmp_path)
    assert ran.code == 1
    assert [result["line"] for result in lines(ran.out)] == [1, 7]
    for words in (
        "x.jsonl:2: age_years: 3 is",
        "x.jsonl:4: not JSON",
        "x.jsonl:5: the line",
        "x.jsonl:6: an intake",
    ):
        assert words in ran.err


def test_exit_is_2_when_every_line_is_bad(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"age_years": 3}\n{"age_years": 4}\n')
    ran = run("assess", "x.jsonl", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")


def test_several_files_give_a_line_each_with_their_file(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(GOOD)
    (tmp_path / "b.jsonl").write_text(f"{GOOD}\n{GOOD}\n")
    ran = run("assess", "a.json", "none.json", "b.jsonl", "--format", "json", cwd=tmp_path)
    assert ran.code == 1
    places = [(result["file"], result["line"]) for result in lines(ran.out)]
    assert places == [("a.json", 1), ("b.jsonl", 1), ("b.jsonl", 2)]


@pytest.mark.process
def test_results_come_while_the_input_still_flows() -> None:
    with subprocess.Popen(
        [COMMAND, "assess", "-", "--input-format", "jsonl", "--format", "json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**environment(), "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{GOOD}\n".encode())
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["line"] == 1
        process.stdin.close()
        assert process.wait(30) == 0


@pytest.mark.process
def test_a_reader_that_leaves_ends_the_run_quietly(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(f"{GOOD}\n" * 2000)
    ran = subprocess.run(
        f"'{COMMAND}' assess x.jsonl --format json | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert ran.stderr == ""
    assert json.loads(ran.stdout)["line"] == 1


def test_a_rulebook_folder_that_is_not_there_is_wrong_usage_and_a_broken_one_cannot_run(
    tmp_path: Path,
) -> None:
    ran = run("assess", SAMPLE, "--rulebook", tmp_path / "none")
    assert (ran.code, ran.out) == (2, "")
    (tmp_path / "rules").mkdir()
    ran = run("assess", SAMPLE, "--rulebook", tmp_path)
    assert (ran.code, ran.out) == (3, "")
    assert "knowledge" in ran.err


def test_a_disagreement_of_the_engines_gives_no_result() -> None:
    from afterrun_cli.terminal.exits import leave_when_refused

    with pytest.raises(SystemExit) as left, leave_when_refused():
        raise afterrun.Disagreement("the engines disagree")
    assert left.value.code == 3


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


class TestRulebooksArePacked:
    @pytest.mark.parametrize("named", ["", "  ", "/somewhere/caches"])
    def test_where_this_system_keeps_caches(self, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", named)
        assert cache_folder() == platformdirs.user_cache_path("afterrun", appauthor=False) / "rulebooks"

    @pytest.mark.slow
    @pytest.mark.process
    def test_and_a_second_run_reads_what_the_first_has_packed(self, tmp_path: Path) -> None:
        said = [self.assessed(tmp_path, XDG_CACHE_HOME=str(tmp_path)) for _ in range(2)]
        assert said[0] == said[1]
        assert [each.suffix for each in (tmp_path / "afterrun/rulebooks").iterdir()] == [".pack"]

    @pytest.mark.slow
    @pytest.mark.process
    @pytest.mark.parametrize("home", ["/proc/nowhere", "relative", ""])
    def test_and_without_a_home_nothing_is(self, tmp_path: Path, home: str) -> None:
        said = self.assessed(tmp_path, XDG_CACHE_HOME="" if home else "relative", HOME=home)
        assert "urgent" in said
        assert {each.name for each in tmp_path.iterdir()} == {"x.json"}

    def assessed(self, folder: Path, **variables: str) -> str:
        (folder / "x.json").write_text(GOOD, encoding="utf-8")
        ran = subprocess.run(
            [COMMAND, "assess", "x.json", "--format", "json"], cwd=folder, env={**environment(), **variables},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return ran.stdout
