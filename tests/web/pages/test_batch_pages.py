"""Files of intakes on pages: the same as the command line makes of them, bounded, and nothing kept."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

import afterrun
from afterrun import extras
from afterrun.batch.input.form.headers import NO_RECORDS
from afterrun.interchange import response_of
from afterrun.rulebook import pack_rulebook
from afterrun_web.access import Accounts, Passwords
from afterrun_web.batches import Order
from afterrun_web.visitors import Role
from tests.support.batches.runs import batch, random_intakes, write_csv
from tests.support.batches.workbooks import xlsx
from tests.support.web.accounts import PASSWORDS, QUICK, Clock, Guest, shared_server
from tests.support.web.batch_visits import PATIENCE, Giver, kept, taking_files
from tests.support.web.browsers import Screen, chromium
from tests.support.web.pages import Page
from tests.support.web.visits import Served

pytestmark = [pytest.mark.slow, pytest.mark.process]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("batches")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the rulebook is kept for the next server."""
    return tmp_path_factory.mktemp("packed")


@pytest.fixture(scope="module")
def server(base: Path, packed: Path) -> Iterator[Served]:
    with taking_files(base, cache=packed) as found:
        yield found


@pytest.fixture(scope="module")
def intakes(rulebook: afterrun.Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a column that no question has, and some rows that cannot be used."""
    folder = tmp_path_factory.mktemp("given")
    path = write_csv(folder / "intakes.csv", rulebook, random_intakes(rulebook, 40))
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    age = header.split(",").index("age_years")
    for at, wrong in ((3, "old"), (17, "=1+1"), (30, "900")):
        cells = rows[at].split(",")
        rows[at] = ",".join([*cells[:age], wrong, *cells[age + 1 :]])
    told = [f"{header},shoe", *(f"{row},red" for row in rows), "P,1"]
    path.write_text("\n".join(told) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def many(rulebook: afterrun.Rulebook, intakes: Path) -> bytes:
    """So many rows that there is time to stop them."""
    path = write_csv(intakes.with_name("many.csv"), rulebook, random_intakes(rulebook, 100))
    header, rows = path.read_bytes().split(b"\n", 1)
    return header + b"\n" + rows * 1500


@pytest.fixture
def giver(server: Served) -> Iterator[Giver]:
    giver = Giver(server)
    yield giver
    for run in Page(giver.visitor.open("/batch").html).links:
        if "/runs/" in run:
            giver.visitor.post(f"{run}/end")


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet"])
def test_results_and_rejects_are_those_of_the_command_line(giver: Giver, intakes: Path, format: str) -> None:
    out = intakes.with_name(f"out.{format}")
    typed = batch("intakes.csv", out.name, "--explain", cwd=intakes.parent)
    assert typed.code == 1, typed.err
    giver.give("intakes.csv", intakes.read_bytes(), format=format, explain="1").wait()
    text = giver.visitor.text
    assert typed.out.split("\n")[0] in text
    assert "41 rows in = 37 rows out + 4 rejected" in text
    assert "intakes.csv: passed over 'shoe': no question has this name" in text
    results = giver.fetched("results")
    if format == "parquet":
        assert pl.read_parquet(io.BytesIO(results)).equals(pl.read_parquet(out))
    else:
        assert results == out.read_bytes()
    rejects = giver.fetched("rejects")
    assert rejects == out.with_name(f"{out.name}.rejects.csv").read_bytes()
    for row in pl.read_csv(io.BytesIO(rejects), infer_schema=False).iter_rows(named=True):
        assert f"{row['reject_line']} {row['reject_reason']}" in text
    name = giver.visitor.open(f"{giver.place}/rejects").headers["content-disposition"]
    assert name == 'attachment; filename="intakes-rejects.csv"'


def test_a_workbook_comes_in_and_goes_out(giver: Giver, tmp_path: Path) -> None:
    for module in ("python_calamine", "xlsxwriter"):
        pytest.importorskip(module, reason="the extra 'sheets' is not installed")
    rows = [["record_id", "age_years"], ["a", 34], [], ["b", 340]]
    content = xlsx(tmp_path / "a.xlsx", {"Intakes": rows}).read_bytes()
    giver.give("a.xlsx", content, format="xlsx").wait()
    assert "3 rows in = 1 rows out + 1 rejected + 1 blank" in giver.visitor.text
    (tmp_path / "back.xlsx").write_bytes(giver.fetched("results"))
    assert batch("back.xlsx", "again.csv", "--sheet", "rejects", cwd=tmp_path).code == 1
    told = (tmp_path / "again.csv.rejects.csv").read_text(encoding="utf-8")
    assert "back.xlsx,2,age_years: 340 is too large" in told


def test_responses_come_in_as_a_fhir_server_exports_them(giver: Giver, rulebook: afterrun.Rulebook) -> None:
    intakes = random_intakes(rulebook, 3)
    told = [json.dumps(response_of(rulebook, {"record_id": each["record_id"]})) for each in intakes]
    giver.give("r.ndjson", "\n".join([*told, '{"resourceType": "Patient"}']).encode(), format="csv").wait()
    assert "4 rows in = 3 rows out + 1 rejected" in giver.visitor.text
    assert "a QuestionnaireResponse is wanted, not a Patient" in giver.visitor.text


def test_of_a_workbook_whose_sheets_both_hold_intakes_one_is_named(giver: Giver, tmp_path: Path) -> None:
    for module in ("python_calamine", "xlsxwriter"):
        pytest.importorskip(module, reason="the extra 'sheets' is not installed")
    sheets = {name: [["record_id", "age_years"], [name, 34]] for name in ("March", "April & May")}
    content = xlsx(tmp_path / "a.xlsx", sheets).read_bytes()
    giver.give("a.xlsx", content).wait()
    assert "has 2 sheets of intakes, 'March', 'April & May'; say which with --sheet" in giver.visitor.text
    # The page says where.
    assert "Its name, where several hold intakes" in giver.ask().visitor.text
    giver.send("a.xlsx", content, sheet="April & May").wait()
    assert [row["record_id"] for row in csv.DictReader(io.StringIO(giver.fetched("results").decode()))] == [
        "April & May"
    ]
    giver.give("a.xlsx", content, sheet="June").wait()
    assert "has no sheet 'June'; there are 'March', 'April & May'" in giver.visitor.text
    # What was typed stays where no file came.
    assert 'value="April &amp; May"' in giver.ask().send("", b"", sheet="April & May").visitor.html


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", b"age_years\n41\n"), ("a.jsonl", b'{"age_years": 41}\n')]
)
def test_a_file_without_records_is_told_so(giver: Giver, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    words = f"{name}: {NO_RECORDS}"
    assert words in batch(name, "out.csv", cwd=tmp_path).err
    assert words in giver.give(name, content).wait().visitor.text


def test_the_empty_table_and_its_columns_are_those_of_the_command_line(giver: Giver, tmp_path: Path) -> None:
    assert batch("--template", "csv", "empty", cwd=tmp_path).code == 0
    links = Page(giver.visitor.open("/batch").html).links
    written = sorted((tmp_path / "empty").iterdir())
    assert len(written) == 2
    for path in written:
        assert f"/batch/template/{path.name}" in links
        assert giver.visitor.open(f"/batch/template/{path.name}").content == path.read_bytes()
    assert giver.visitor.open("/batch/template/none.csv").status == 404


def bomb(folder: Path) -> bytes:
    """A small file that says the same long text very often."""
    ids = pl.Series(["x" * 400_000]).cast(pl.Categorical).gather(pl.Series([0] * 60_000))
    pl.DataFrame({"record_id": ids, "age_years": [40] * 60_000}).write_parquet(folder / "bomb.parquet")
    return (folder / "bomb.parquet").read_bytes()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("../../\x1b[31m\xe9.xlsx", b"PK\x03\x04" + bytes(range(256)) * 40),
        ("near.csv", b"record_id,age_yaers\nP,40\n"),
        # It lies where the program that assesses it runs.
        ("json.py", b"import no_such_module_at_all\n"),
    ],
)
def test_what_is_no_table_is_told_as_in_a_terminal(
    giver: Giver, base: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    giver.give(name, content).wait()
    assert "This file cannot be used" in giver.visitor.text
    own = name.rpartition("/")[2].replace("\x1b", "\\x1b")
    (tmp_path / own).write_bytes(content)
    typed = batch(own, "out.csv", cwd=tmp_path)
    assert typed.code == 2
    for line in typed.err.strip().split("\n"):
        assert line.removeprefix("error: ") in giver.visitor.text
    assert kept(base) == []


def test_a_file_that_takes_all_memory_breaks_off_and_the_server_goes_on(
    giver: Giver, base: Path, tmp_path: Path
) -> None:
    content = bomb(tmp_path)
    assert len(content) < 10_000
    giver.give("bomb.parquet", content).wait()
    assert "It broke off" in giver.visitor.text
    assert "afterrun batch" in giver.visitor.text
    assert kept(base) == []


def test_a_form_that_is_sent_twice_begins_one_run(giver: Giver, base: Path, many: bytes) -> None:
    giver.ask()
    others = [Giver(giver.server) for _ in range(3)]
    threads = []
    for other in others:
        other.form = giver.form
        threads.append(threading.Thread(target=other.send, args=("many.csv", many)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    assert len({other.place for other in others}) == 1
    assert "/batch/runs/" in others[0].place
    assert len(list(base.glob("*/*"))) == 1
    giver.visitor.open(others[0].place).press("Stop")
    # Also when it is over.
    assert giver.send("many.csv", many).place == others[0].place
    assert "Stopped" in giver.visitor.text


def test_two_go_on_at_once_others_wait_and_pages_are_answered_meanwhile(
    giver: Giver, base: Path, many: bytes
) -> None:
    places = [giver.give(f"many-{at}.csv", many).place for at in range(3)]
    assert "many-2.csv waits" in giver.visitor.text
    assert giver.give("many-3.csv", many).visitor.status == 429
    assert "You have 3 files here already" in giver.visitor.text
    assert giver.visitor.open("/").status == 200
    told = [giver.visitor.open(place).text for place in places]
    assert ["is being assessed" in text for text in told] == [True, True, False]
    files = kept(base)
    assert len(files) >= 3
    for each in (*files, *(folder for file in files for folder in file.parents if base in folder.parents)):
        assert not stat.S_IMODE(each.stat().st_mode) & 0o077, each
    for place in reversed(places):
        assert "Stopped" in giver.visitor.open(place).press("Stop").text
        assert "refresh" not in giver.visitor.headers
    assert kept(base) == []


def test_a_page_can_be_kept_as_it_is(giver: Giver, many: bytes) -> None:
    place = giver.give("many.csv", many).place
    assert giver.visitor.headers["refresh"] == "3"
    assert f"{place}?still=1" in Page(giver.visitor.html).links
    giver.visitor.open(f"{place}?still=1")
    assert "refresh" not in giver.visitor.headers
    assert place in Page(giver.visitor.html).links


def test_results_go_by_a_button(giver: Giver, base: Path, intakes: Path) -> None:
    place = giver.give("intakes.csv", intakes.read_bytes()).wait().place
    assert sorted(each.name for each in kept(base)) == [
        "results.csv",
        "results.csv.datapackage.json",
        "results.csv.rejects.csv",
    ]
    giver.visitor.press("Delete them now")
    assert "Nothing is kept of it any more" in giver.visitor.text
    assert "old" not in giver.visitor.text
    assert kept(base) == []
    for what in ("results", "rejects"):
        assert giver.visitor.open(f"{place}/{what}").status == 404


def test_results_go_when_their_time_is_over_and_the_rest_when_the_server_ends(
    intakes: Path, many: bytes, packed: Path, tmp_path: Path
) -> None:
    base = tmp_path / "base"
    with taking_files(base, cache=packed, batch_lifetime=timedelta(0)) as server:
        giver = Giver(server).give("intakes.csv", intakes.read_bytes()).wait()
        until = time.monotonic() + PATIENCE
        while "Nothing is kept of it any more" not in giver.visitor.open(giver.place).text:
            assert time.monotonic() < until
        assert kept(base) == []
        giver.give("many.csv", many)
        assert kept(base)
    assert list(base.iterdir()) == []


def test_what_a_killed_server_left_goes_with_the_next_start_and_a_living_one_keeps_its_own(
    server: Served, giver: Giver, base: Path, packed: Path, many: bytes
) -> None:
    giver.give("many.csv", many)
    left = base / "left" / "run" / "in"
    left.mkdir(parents=True)
    (left / "intakes.csv").write_bytes(b"old")
    (mine,) = (each for each in base.iterdir() if each.name != "left")
    with taking_files(base, cache=packed):
        assert not (base / "left").exists()
        assert mine.is_dir()
    assert "is being assessed" in giver.visitor.open(giver.place).text


def test_a_run_ends_with_a_server_that_is_killed(
    rulebook: afterrun.Rulebook, intakes: Path, tmp_path: Path
) -> None:
    for each in ("in", "out"):
        (tmp_path / each).mkdir()
    (tmp_path / "in" / "intakes.csv").write_bytes(intakes.read_bytes())
    order = Order(pack_rulebook(rulebook, ""), "2027-03-03", "intakes.csv", "csv", explain=False)
    # A server that is gone says nothing more: the worker's input ends behind the order.
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "afterrun_web.batches.worker"],
        input=f"{json.dumps(order._asdict())}\n".encode(),
        capture_output=True,
        check=False,
        cwd=tmp_path / "in",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
    )
    assert ran.returncode == 1
    assert b'"done"' not in ran.stdout


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"form": "x"}, 400, "This form cannot be read"),
        ({"form": ""}, 400, "This form cannot be read"),
        ({"format": "ods"}, 400, "a format that is not offered"),
    ],
)
def test_a_form_that_is_none_of_ours_is_refused(
    giver: Giver, base: Path, fields: dict[str, str], status: int, words: str
) -> None:
    assert giver.ask().send("a.csv", b"age_years\n40\n", **fields).visitor.status == status
    assert words in giver.visitor.text
    assert "Give another file" in giver.visitor.text
    assert kept(base) == []


def test_a_form_without_a_file_says_what_is_missing(giver: Giver) -> None:
    assert giver.ask().send("", b"").visitor.status == 422
    assert "Choose a file first." in giver.visitor.text
    assert giver.visitor.post("/batch", data=giver.form).status == 415
    giver.visitor.post("/batch", content=b"--x", headers={"Content-Type": "multipart/form-data"})
    assert giver.visitor.status == 400


def test_what_is_too_large_is_read_away_and_refused_in_words(packed: Path, tmp_path: Path) -> None:
    with taking_files(tmp_path, cache=packed, largest_batch=6 * 1024 * 1024) as server:
        giver = Giver(server).give("large.csv", b"x" * 90_000_000)
        assert giver.visitor.status == 413
        assert "larger than 6 MB, which is the most" in giver.visitor.text
        assert "At most 6 MB" in giver.visitor.open("/batch").text
        assert kept(tmp_path) == []


def test_what_is_not_installed_is_told_with_the_way_to_it(
    giver: Giver, monkeypatch: pytest.MonkeyPatch
) -> None:
    giver.ask()
    monkeypatch.setitem(
        extras.EXTRAS, "batch", ("'afterrun batch'", {"polars": "polars", "no_such": "pandas"})
    )
    assert giver.send("a.csv", b"age_years\n40\n").visitor.status == 501
    for text in (giver.visitor.text, giver.visitor.open("/batch").text):
        assert "'afterrun batch' needs pandas, which is not installed" in text
        assert "pip install 'afterrun[batch]'" in text
    assert "Assess the file" not in [each.words for each in giver.visitor.buttons]


def test_a_run_is_its_accounts_and_no_runners(packed: Path, tmp_path: Path, intakes: Path) -> None:
    with shared_server(tmp_path, Clock(), batches=tmp_path / "batches", cache=packed) as server:
        assert server.settings.accounts is not None
        accounts = Accounts(server.settings.accounts, passwords=Passwords(QUICK))
        accounts.add("dr. dora", Role.CLINICIAN, PASSWORDS["anna"])
        carla, dora = (Guest(server) for _ in range(2))
        carla.sign_in("dr. carla")
        assert "Many intakes at once" in carla.text
        dora.sign_in("dr. dora", PASSWORDS["anna"])
        giver = Giver(server, carla).give("intakes.csv", intakes.read_bytes()).wait()
        place, _ = giver.place, giver.fetched("results")
        for what in ("", "/results", "/rejects"):
            assert dora.open(f"{place}{what}").status == 404
        assert dora.post(f"{place}/end", data={"csrf": dora.csrf}).status == 404
        assert "intakes.csv" not in dora.open("/batch").text
        anna = Guest(server, "anna")
        assert "Many intakes at once" not in anna.text
        assert anna.open("/batch").status == 403
        assert "intakes.csv is assessed" in carla.open(place).text
        file = {"file": ("a.csv", b"age_years\n40\n")}
        assert carla.post("/batch", data=giver.form | {"csrf": "0" * 64}, files=file).status == 403


def test_a_browser_without_scripts_gives_a_file_and_fetches_what_came_of_it(
    server: Served, intakes: Path, tmp_path: Path
) -> None:
    address = f"{server.address}/batch"
    batch("intakes.csv", "typed.csv", cwd=intakes.parent)
    with chromium() as browser:
        with Screen(browser, address, java_script_enabled=False) as screen:
            page = screen.page
            with page.expect_file_chooser() as chooser:
                page.locator("#file").click()
            chooser.value.set_files(intakes)
            screen.press("Assess the file")
            # It loads itself anew: nobody does anything.
            page.get_by_role("heading", name="intakes.csv is assessed").wait_for(timeout=1000 * PATIENCE)
            with page.expect_download() as download:
                page.get_by_role("link", name="Download the results").click()
            assert download.value.suggested_filename == "intakes-results.csv"
            download.value.save_as(tmp_path / "fetched.csv")
            assert (tmp_path / "fetched.csv").read_bytes() == intakes.with_name("typed.csv").read_bytes()
            assert screen.complaints == []
            place = page.url
        faults: dict[object, list[str]] = {}
        for width, scheme, colours in (
            (320, "light", "none"),
            (320, "dark", "active"),
        ):
            with Screen(browser, address, width, scheme, forced_colors=colours) as screen:  # type: ignore[arg-type]
                faults["start", width, scheme] = screen.faults()
                screen.page.goto(place)
                faults["done", width, scheme] = screen.faults()
                assert screen.complaints == []
        with Screen(browser, address, 320) as screen:
            screen.page.set_input_files(
                "#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": b"age\n"}
            )
            screen.click("Assess the file")
            # Kept as it is: loaded anew, it would go while it is looked at.
            run = screen.page.url
            screen.page.goto(f"{run}?still=true")
            faults["running"] = screen.faults()
            screen.page.goto(run)
            screen.page.get_by_role("heading", name="This file cannot be used").wait_for()
            faults["refused"] = screen.faults()
            screen.page.goto(place)
            screen.click("Delete them now")
            faults["gone"] = screen.faults()
        assert {page: found for page, found in faults.items() if found} == {}
