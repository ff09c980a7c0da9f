"""Frames of intakes: the same kind comes back, row for row, as `assess` and the files have it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import afterrun
from afterrun.batch import Columns, How, names_in
from afterrun.batch.input.pseudonyms import Pseudonyms
from afterrun.errors import ProblemsError, UnknownNameError
from afterrun.rulebook import engine_of
from tests.support.batches.files import hostile_cells
from tests.support.batches.runs import batch, differences, expected_row, random_intakes, write_parquet

pytestmark = pytest.mark.slow

ROWS = 120
WAY = "the extra 'frames' is not installed: pip install 'afterrun[frames]'"
DAMAGED, TWICE = 7, 100


@pytest.fixture(scope="module")
def intakes(rulebook: afterrun.Rulebook) -> list[dict[str, Any]]:
    made = random_intakes(rulebook, ROWS, seed=5)
    made[DAMAGED]["age_years"] = 900
    made[TWICE]["record_id"] = made[3]["record_id"]
    return made


@pytest.fixture(scope="module")
def file(
    rulebook: afterrun.Rulebook, intakes: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return write_parquet(tmp_path_factory.mktemp("frames") / "in.parquet", rulebook, intakes)


@pytest.fixture(scope="module")
def decided(rulebook: afterrun.Rulebook, file: Path) -> pl.DataFrame:
    return afterrun.assess_frame(pl.read_parquet(file), rulebook, explain=True)


def test_each_row_is_what_assess_says(
    rulebook: afterrun.Rulebook, intakes: list[dict[str, Any]], decided: pl.DataFrame
) -> None:
    assert decided.height == ROWS
    rules = engine_of(rulebook, Columns).rules
    for place, (intake, row) in enumerate(zip(intakes, decided.iter_rows(named=True), strict=True)):
        if place in (DAMAGED, TWICE):
            continue
        assert row["reject_reason"] is None
        assert (row["source"], row["line"]) == (0, place + 1)
        found = row | {"fired": set(names_in(rules, row["fired"]))}
        assert differences(expected_row(rulebook, intake), found) == {}


def test_what_cannot_be_used_stays_in_its_place_with_the_reason(
    decided: pl.DataFrame, intakes: list[dict[str, Any]]
) -> None:
    refused = decided.filter(pl.col("reject_reason").is_not_null())
    assert refused["line"].to_list() == [DAMAGED + 1, TWICE + 1]
    assert refused["reject_reason"].to_list()[0].startswith("age_years: ")
    assert refused["reject_reason"][1] == (f"record_id: '{intakes[3]['record_id']}' is already in row 4")
    assert refused["record_id"].to_list() == [intakes[DAMAGED]["record_id"], intakes[3]["record_id"]]
    said = refused.select(pl.exclude("record_id", "source", "line", "reject_reason"))
    assert said.null_count().sum_horizontal().item() == said.width * 2


def test_its_columns_and_rows_are_those_of_the_files(
    file: Path, decided: pl.DataFrame, tmp_path: Path
) -> None:
    assert batch(file, tmp_path / "out.parquet", "--explain").code == 1
    of_file = pl.read_parquet(tmp_path / "out.parquet")
    of_frame = decided.filter(pl.col("reject_reason").is_null()).drop("reject_reason")
    assert of_file.schema == of_frame.schema
    assert of_file.equals(of_frame)


def test_only_the_columns_chosen_come_back(rulebook: afterrun.Rulebook, file: Path) -> None:
    frame = pl.read_parquet(file)
    some = afterrun.assess_frame(frame, rulebook, columns=["triage", "line"])
    assert some.columns == ["line", "triage", "reject_reason"]
    assert some["line"].to_list() == list(range(1, ROWS + 1))
    with pytest.raises(afterrun.UnknownNameError, match="Did you mean 'triage'"):
        afterrun.assess_frame(frame, rulebook, columns=["triages"])


def test_slices_are_seen_as_one_frame(
    rulebook: afterrun.Rulebook, file: Path, decided: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    from afterrun.batch.request import Options
    from afterrun.batch.runs import frames

    monkeypatch.setattr(frames, "Options", lambda **told: Options(**told, rows_per_chunk=37))
    assert afterrun.assess_frame(pl.read_parquet(file), rulebook, explain=True).equals(decided)


def test_a_lazy_frame_stays_lazy(rulebook: afterrun.Rulebook, file: Path, decided: pl.DataFrame) -> None:
    ran = []

    def seen(frame: pl.DataFrame) -> pl.DataFrame:
        ran.append(frame.height)
        return frame

    lazy = afterrun.assess_frame(pl.scan_parquet(file).map_batches(seen), rulebook, explain=True)
    assert isinstance(lazy, pl.LazyFrame)
    assert ran == []
    assert lazy.collect_schema() == decided.schema
    assert lazy.collect().equals(decided)
    few = lazy.filter(pl.col("line") > ROWS - 3).select("triage").collect()
    assert few.equals(decided.tail(3).select("triage"))
    with pytest.raises(ProblemsError, match="Did you mean 'age_years'"):
        afterrun.assess_frame(pl.scan_parquet(file).rename({"age_years": "age_year"}), rulebook)


def test_a_pandas_frame_comes_back_with_its_index(
    rulebook: afterrun.Rulebook, file: Path, decided: pl.DataFrame
) -> None:
    pd = pytest.importorskip("pandas", reason="pandas is not installed: pip install pandas")
    pytest.importorskip("narwhals", reason=WAY)
    pytest.importorskip("pyarrow", reason=WAY)
    frame = pl.read_parquet(file).to_pandas().set_axis(range(ROWS, 0, -1))
    found = afterrun.assess_frame(frame, rulebook, explain=True)
    assert isinstance(found, pd.DataFrame)
    assert list(found.index) == list(frame.index)
    same = [name for name in decided.columns if name != "fired"]
    back = pl.from_pandas(found[same]).with_columns(pl.col(name).cast(decided[name].dtype) for name in same)
    assert back.equals(decided.select(same))
    masks = [each if each is None else list(each) for each in found["fired"]]
    assert masks == decided["fired"].to_list()
    assert frame.join(found[["triage"]])["triage"].notna().sum() == ROWS - 2
    assert found["triage"].dtype == "category"


def test_an_arrow_table_and_a_duckdb_relation_come_back_as_such(
    rulebook: afterrun.Rulebook, file: Path, decided: pl.DataFrame
) -> None:
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("narwhals", reason=WAY)
    pa = pytest.importorskip("pyarrow", reason=WAY)
    table = pl.read_parquet(file).to_arrow()
    found = afterrun.assess_frame(table, rulebook, explain=True)
    assert isinstance(found, pa.Table)
    as_polars = pl.from_arrow(found)
    assert isinstance(as_polars, pl.DataFrame)
    assert as_polars.with_columns(_cast(decided)).equals(decided)
    relation = afterrun.assess_frame(duckdb.read_parquet(str(file)), rulebook, explain=True)
    assert isinstance(relation, duckdb.DuckDBPyRelation)
    assert relation.order("line").pl().with_columns(_cast(decided)).equals(decided)


def _cast(like: pl.DataFrame) -> list[pl.Expr]:
    return [pl.col(name).cast(dtype) for name, dtype in like.schema.items()]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: pl.DataFrame({"a": [1]}), "no column is a question: 'a'"),
        (lambda: pl.DataFrame({"age_year": [1]}), "Did you mean 'age_years'"),
        (
            lambda: pl.DataFrame({"age_years": [[1]]}),
            "age_years: a column of lists of numbers cannot hold",
        ),
        (lambda: pl.DataFrame({"age_years": [1], " AGE_YEARS": [1]}), "the column is there twice"),
    ],
)
def test_a_frame_that_is_no_table_of_intakes_is_told_as_a_file_is(
    rulebook: afterrun.Rulebook, made: Callable[[], pl.DataFrame], said: str
) -> None:
    with pytest.raises(ProblemsError, match=said):
        afterrun.assess_frame(made(), rulebook)


def test_what_is_no_frame_is_refused(rulebook: afterrun.Rulebook) -> None:
    pytest.importorskip("narwhals", reason=WAY)
    with pytest.raises(TypeError, match=r"takes a Polars, pandas, .* not builtins\.list"):
        afterrun.assess_frame([{"age_years": 34}], rulebook)


def test_odd_cells_get_the_same_reasons_as_in_files(rulebook: afterrun.Rulebook, tmp_path: Path) -> None:
    frame = pl.DataFrame(hostile_cells(rulebook, 3, 300, "plain")).with_columns(
        pl.format("h{}", pl.int_range(pl.len())).alias("record_id")
    )
    frame.write_parquet(tmp_path / "in.parquet")
    assert batch(tmp_path / "in.parquet", tmp_path / "out.jsonl").code == 1
    rejects = pl.read_csv(tmp_path / "out.jsonl.rejects.csv", infer_schema=False)
    told = afterrun.assess_frame(frame, rulebook).filter(pl.col("reject_reason").is_not_null())
    assert told.height > 30
    assert told["line"].cast(pl.String).to_list() == rejects["reject_line"].to_list()
    assert told["reject_reason"].to_list() == rejects["reject_reason"].to_list()


def test_without_rows_there_are_columns(rulebook: afterrun.Rulebook, decided: pl.DataFrame) -> None:
    empty = afterrun.assess_frame(pl.DataFrame(schema={"age_years": pl.Int64}), rulebook, explain=True)
    assert empty.height == 0
    assert empty.schema == decided.schema


def test_what_is_passed_over_is_told(rulebook: afterrun.Rulebook) -> None:
    told: list[str] = []
    frame = pl.DataFrame({"age_years": [30], "clinic": ["north"]})
    afterrun.assess_frame(frame, rulebook, tell=told.append)
    assert any("passed over 'clinic'" in each for each in told)


def test_a_row_without_answers_keeps_its_place(rulebook: afterrun.Rulebook) -> None:
    frame = pl.DataFrame({"record_id": ["a", None, "c"], "age_years": [30, None, 40]})
    found = afterrun.assess_frame(frame, rulebook)
    assert found["line"].to_list() == [1, 2, 3]
    assert found["reject_reason"].to_list() == [None, "the row holds no answer", None]


def test_a_row_without_answers_keeps_its_id(rulebook: afterrun.Rulebook) -> None:
    frame = pl.DataFrame(
        {"record_id": [7.0, 7.0, None], "redcap_event_name": ["a", "b", "c"], "age_years": [30, None, None]}
    )
    found = afterrun.assess_frame(frame, rulebook)
    assert found["record_id"].to_list() == ["7", "7", None]
    assert found["reject_reason"].to_list() == [None, *["the row holds no answer"] * 2]
    hidden = afterrun.assess_frame(frame, rulebook, how=How(pseudonyms=Pseudonyms(b"k" * 32)))["record_id"]
    assert (hidden[0], hidden[2]) == (hidden[1], None)
    assert "pid-" in hidden[0]


def test_a_pandas_column_that_nobody_reads_may_hold_anything(rulebook: afterrun.Rulebook) -> None:
    pd = pytest.importorskip("pandas", reason="pandas is not installed: pip install pandas")
    pytest.importorskip("narwhals", reason=WAY)
    pytest.importorskip("pyarrow", reason=WAY)
    frame = pd.DataFrame({"note": [1, "a", None], 7: [{1}, None, None], "age_years": [34, 35, None]})
    found = afterrun.assess_frame(frame, rulebook)
    assert [each or None for each in found["reject_reason"]][:2] == [None, None]
    assert found["reject_reason"][2] == "the row holds no answer"
    for twice in ("age_years", "note"):
        doubled = pd.DataFrame([[34, 1, 2]], columns=["age_years", "note", twice])
        with pytest.raises(ProblemsError, match=f"frame: {twice}: the column is there twice"):
            afterrun.assess_frame(doubled, rulebook)


def test_an_id_is_the_same_whether_its_row_is_refused_or_not(
    rulebook: afterrun.Rulebook, tmp_path: Path
) -> None:
    frame = pl.DataFrame({"record_id": [1001.0, 1001.0, 1002.0, None], "age_years": [34, 340, 340, 34]})
    assert afterrun.assess_frame(frame, rulebook)["record_id"].to_list() == ["1001", "1001", "1002", None]
    how = How(pseudonyms=Pseudonyms(b"k" * 32))
    first, second, *_ = afterrun.assess_frame(frame, rulebook, how=how)["record_id"].to_list()
    assert first == second
    large = pl.DataFrame({"record_id": [1e16, 1e16], "age_years": [34, 340]})
    assert afterrun.assess_frame(large, rulebook)["record_id"].to_list() == ["10000000000000000"] * 2
    frame.write_parquet(tmp_path / "in.parquet")
    assert batch(tmp_path / "in.parquet", tmp_path / "out.csv").code == 1
    rejects = pl.read_csv(tmp_path / "out.csv.rejects.csv", infer_schema=False)
    assert rejects["record_id"].to_list() == ["1001", "1002"]


def test_it_is_told_how_columns_are_to_be_read(rulebook: afterrun.Rulebook) -> None:
    frame = pl.DataFrame({"patient": ["a", "b"], "age_years": ["30", "."]})
    how = How(rename=(("patient", "record_id"),), na=(".",))
    found = afterrun.assess_frame(frame, rulebook, how=how)
    assert found["record_id"].to_list() == ["a", "b"]
    assert found["reject_reason"].to_list() == [None, None]


def test_names_that_there_are_not_are_told_and_one_name_is_no_row_of_letters(
    rulebook: afterrun.Rulebook,
) -> None:
    frame = pl.DataFrame({"record_id": ["a"], "age_years": [34]})
    for how in (How(assume_asked=("warning_sign",)), How(rename=(("a", "age_year"),))):
        with pytest.raises(UnknownNameError, match="Did you mean"):
            afterrun.assess_frame(frame, rulebook, how=how)
    assert afterrun.assess_frame(frame, rulebook, columns="triage").columns == ["triage", "reject_reason"]
