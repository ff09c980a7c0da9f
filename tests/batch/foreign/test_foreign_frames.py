"""Frames as other libraries make them: indexes, names, types, and headers of three rows."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import polars as pl
import pytest

import afterrun
from afterrun.batch.runs.frames import BLANK, HEADER
from afterrun.errors import ProblemsError
from tests.support.batches.runs import batch, random_intakes
from tests.support.batches.survey_exports import exported

WAY = "the extra 'frames', pandas or DuckDB is not installed"
pd, pa = pytest.importorskip("pandas", reason=WAY), pytest.importorskip("pyarrow", reason=WAY)
duckdb = pytest.importorskip("duckdb", reason=WAY)
pytest.importorskip("narwhals", reason=WAY)

IDS = ["c", "a", "b", "d"]
AGES = [34, 35, 900, 36]


def assessed(rulebook: afterrun.Rulebook, frame: Any) -> Any:
    return afterrun.assess_frame(frame, rulebook, columns=["record_id", "triage"])


@pytest.mark.parametrize(
    "index",
    [
        pd.Index([7, 7, 3, 7]),
        pd.Index(pd.to_datetime(["2027-03-03", "2027-03-01", "2027-03-03", "2027-03-02"]), name="visit"),
        pd.MultiIndex.from_tuples([("n", 2), ("n", 1), ("s", 2), ("n", 2)], names=["clinic", None]),
        pd.Index(["z", "y", "x", "w"], name="age_years"),
    ],
)
def test_rows_come_back_on_the_index_that_they_had(rulebook: afterrun.Rulebook, index: Any) -> None:
    found = assessed(rulebook, pd.DataFrame({"record_id": IDS, "age_years": AGES}, index=index))
    assert found.index.equals(index)
    assert list(found.index.names) == list(index.names)
    assert found["record_id"].to_list() == IDS
    assert found["reject_reason"].notna().to_list() == [False, False, True, False]


def test_an_index_that_says_what_a_column_would_is_read(rulebook: afterrun.Rulebook, tmp_path: Path) -> None:
    frame = pd.DataFrame({"record_id": IDS, "age_years": AGES, "worst_pain": [3, 4, 5, None]})
    whole = assessed(rulebook, frame)
    for names in (["record_id"], ["age_years", "record_id"]):
        indexed = frame.set_index(names)
        found = assessed(rulebook, indexed)
        assert found.index.equals(indexed.index)
        assert found.reset_index(drop=True).equals(whole)


def test_names_of_columns_are_taken_where_they_say_one_thing(rulebook: afterrun.Rulebook) -> None:
    wanted = assessed(rulebook, pd.DataFrame({"record_id": IDS, "age_years": AGES}))
    levels = pd.MultiIndex.from_tuples([("record_id", ""), ("Unnamed: 1_level_0", "age_years")])
    assert assessed(rulebook, pd.DataFrame(list(zip(IDS, AGES, strict=True)), columns=levels)).equals(wanted)
    numbered = pd.DataFrame({"record_id": IDS, "age_years": AGES, 7: 1, ("a", 1): 2})
    assert assessed(rulebook, numbered).equals(wanted)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (
            pd.MultiIndex.from_tuples([("a", "age_years"), ("b", "age_years")]),
            "such as 'a / age_years'; give",
        ),
        (["age_years", "note", "note"], "frame: note: the column is there twice"),
        (["age_years", 7, "7"], "frame: 7: the column is there twice"),
        ([0, 1], "no column is a question: '0', '1'"),
        ([], "there is no column"),
    ],
)
def test_names_of_columns_that_say_nothing_or_two_things_are_told(
    rulebook: afterrun.Rulebook, columns: Any, said: str
) -> None:
    with pytest.raises(ProblemsError, match=said):
        assessed(rulebook, pd.DataFrame([[34] * len(columns)], columns=columns))


MIXED: dict[str, list[Any]] = {
    "record_id": [1, "b", 2.0, np.int64(4), UUID(int=5), None],
    "age_years": [34, "35", 36.0, np.float64(34.5), "old", None],
    "worst_pain": [Decimal("3.0"), np.int8(4), True, "five", None, None],
    "warning_signs": [["none"], "calf_swollen", np.array(["none"]), ("none",), None, None],
    "note": [1, "a", {"b": 2}, [3], None, None],
}


@pytest.mark.parametrize("kind", ["pandas", "sparse"])
def test_a_column_of_several_types_is_read_as_a_file_with_its_texts(
    rulebook: afterrun.Rulebook, tmp_path: Path, kind: str
) -> None:
    frame = pd.DataFrame(MIXED, dtype=object)
    if kind == "sparse":
        frame["worst_pain"] = pd.arrays.SparseArray([3, 4, 0, 0, 0, np.nan])
    found = assessed(rulebook, frame)
    plain = frame.map(lambda each: ";".join(each) if isinstance(each, tuple | np.ndarray) else each)
    plain["warning_signs"] = [
        ";".join(each) if isinstance(each, list) else each for each in plain["warning_signs"]
    ]
    plain["worst_pain"] = [
        str(each).removesuffix(".0").lower() if pd.notna(each) else None for each in plain["worst_pain"]
    ]
    plain["record_id"] = [1, "b", 2, 4, UUID(int=5), None]
    plain.to_csv(tmp_path / "in.csv", index=False)
    assert batch(tmp_path / "in.csv", tmp_path / "o.csv").code == 1
    rejects = pl.read_csv(tmp_path / "o.csv.rejects.csv", infer_schema=False)
    told = {row: reason for row, reason in enumerate(found["reject_reason"], start=2) if reason}
    assert told.pop(7) == BLANK
    assert {str(row): reason for row, reason in told.items()} == dict(
        rejects["reject_line", "reject_reason"].iter_rows()
    )
    assert len(told) > 1
    rows = pl.read_csv(tmp_path / "o.csv", infer_schema=False)
    kept = found[found["reject_reason"].isna()]
    assert kept["record_id"].to_list() == rows["record_id"].to_list()
    assert kept["triage"].astype(str).to_list() == rows["triage"].to_list()


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pd.DataFrame({"age_years": [34 + 1j]}), "age_years: row 1 holds neither text nor a number"),
        (
            pd.DataFrame({"age_years": [34, 35], "pain_timing": ["x", {"a": 1}]}),
            "pain_timing: row 2 holds neither text nor a number, nor a list of them",
        ),
        (
            pd.DataFrame({"age_years": pd.to_datetime(["2020-01-01"])}),
            "age_years: a column of dates and times cannot hold this: write numbers or text",
        ),
        (
            pa.table({"age_years": [34], "warning_signs": [[True]]}),
            "warning_signs: a column of lists of true and false cannot hold this: write text, or lists",
        ),
        (pa.table({"age_years": [{"a": 1}]}), "age_years: a column of records cannot hold this"),
        (pl.DataFrame({"age_years": [b"a"]}), "age_years: a column of bytes cannot hold this"),
        (
            pa.table({"record_id": [Decimal("34.0")], "age_years": [34]}),
            "record_id: a column of decimal numbers cannot hold this: write text or whole numbers",
        ),
    ],
)
def test_a_column_that_cannot_hold_its_answers_is_told_in_words(
    rulebook: afterrun.Rulebook, frame: Any, said: str
) -> None:
    with pytest.raises(ProblemsError, match=f"^frame: {said}"):
        assessed(rulebook, frame)


def _arrow(**columns: Any) -> Any:
    return pa.table({"record_id": ["a", "b", "c"], **columns})


WHOLE = _arrow(
    age_years=[34, None, 900],
    pain_timing=["after_within_hours", None, None],
    warning_signs___none=[1, 0, None],
)


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        (WHOLE, pa.Table),
        (pa.concat_tables([WHOLE.slice(0, 1), WHOLE.slice(1)]), pa.Table),
        (WHOLE.to_batches()[0], pa.RecordBatch),
        (
            _arrow(
                age_years=pa.array([Decimal(34), None, Decimal(900)]),
                pain_timing=pa.array(["after_within_hours", None, None]).dictionary_encode(),
                warning_signs___none=[True, False, None],
            ),
            pa.Table,
        ),
        (WHOLE.to_pandas(), pd.DataFrame),
        (WHOLE.to_pandas().convert_dtypes(), pd.DataFrame),
        (WHOLE.to_pandas().convert_dtypes(dtype_backend="pyarrow"), pd.DataFrame),
        (WHOLE.to_pandas().astype({"pain_timing": "category", "age_years": "category"}), pd.DataFrame),
        (lambda: duckdb.from_arrow(WHOLE), duckdb.DuckDBPyRelation),
        (pl.DataFrame(pl.from_arrow(WHOLE)), pl.DataFrame),
    ],
)
def test_one_table_is_the_same_in_every_kind(rulebook: afterrun.Rulebook, frame: Any, kind: Any) -> None:
    # A relation that lives as long as the module would outlive its library.
    frame = frame() if kind is duckdb.DuckDBPyRelation else frame
    columns = ["record_id", "line", "triage", "open_questions"]
    found: Any = afterrun.assess_frame(frame, rulebook, columns=columns)
    assert isinstance(found, kind)
    if kind is duckdb.DuckDBPyRelation:
        rows = found.order("line").fetchall()
    elif kind is pd.DataFrame:
        rows = [
            tuple(each if pd.notna(each) else None for each in row) for row in found.itertuples(index=False)
        ]
    else:
        rows = pl.DataFrame(found if kind is pl.DataFrame else pl.from_arrow(found)).rows()
    wanted = afterrun.assess_frame(pl.DataFrame(pl.from_arrow(WHOLE)), rulebook, columns=columns)
    # A column of floats shows 900 as one.
    assert repr(rows).replace("900.0", "900") == repr(wanted.rows())
    assert [each is None for each in wanted["reject_reason"]] == [True, True, False]


def test_categories_that_are_numbers_are_numbers(rulebook: afterrun.Rulebook) -> None:
    frame = pd.DataFrame({"record_id": [1001.0, 1002.0, None], "age_years": AGES[:3]})
    found = assessed(rulebook, frame.astype("category"))
    assert found["record_id"].to_list()[:2] == ["1001", "1002"]
    assert found["reject_reason"].notna().to_list() == [False, False, True]


def test_lists_of_one_length_are_lists(rulebook: afterrun.Rulebook, tmp_path: Path) -> None:
    signs = pl.Series([["calf_swollen"], ["none"]], dtype=pl.Array(pl.String, 1))
    frame = pl.DataFrame({"age_years": [34, 35], "warning_signs": signs})
    assert assessed(rulebook, frame)["triage"].cast(pl.String).to_list() == ["urgent", "incomplete"]
    frame.write_parquet(tmp_path / "in.parquet")
    assert batch(tmp_path / "in.parquet", tmp_path / "o.csv").code == 0
    assert pl.read_csv(tmp_path / "o.csv")["triage"].to_list() == ["urgent", "incomplete"]


@pytest.mark.parametrize(
    "read",
    [
        lambda data: pd.read_csv(io.BytesIO(data)),
        lambda data: pd.read_csv(io.BytesIO(data), dtype=str),
        pl.read_csv,
        lambda data: pl.read_csv(data).lazy(),
        lambda data: pytest.importorskip("pyarrow.csv").read_csv(io.BytesIO(data)),
    ],
)
def test_a_header_of_three_rows_is_found_below_the_names(
    rulebook: afterrun.Rulebook, tmp_path: Path, read: Callable[[bytes], Any]
) -> None:
    data = exported(rulebook, random_intakes(rulebook, 5), "qualtrics")
    found = afterrun.assess_frame(read(data), rulebook, columns=["record_id", "line", "triage"])
    found = found.collect() if isinstance(found, pl.LazyFrame) else found
    rows = (
        pl.DataFrame(found)
        if isinstance(found, pl.DataFrame)
        else pl.DataFrame(pl.from_arrow(pa.table(found)))
    )
    assert rows["reject_reason"].to_list() == [HEADER, HEADER, *[None] * 5]
    assert rows["line"].to_list() == list(range(1, 8))
    (tmp_path / "in.csv").write_bytes(data)
    assert batch(tmp_path / "in.csv", tmp_path / "o.csv").code == 0
    of_file = pl.read_csv(tmp_path / "o.csv")
    assert rows["triage"].cast(pl.String)[2:].to_list() == of_file["triage"].to_list()
    assert rows["record_id"][2:].to_list() == of_file["record_id"].to_list()


def test_a_header_of_three_levels_is_told_how_to_read(rulebook: afterrun.Rulebook) -> None:
    data = exported(rulebook, random_intakes(rulebook, 2), "qualtrics")
    with pytest.raises(ProblemsError, match="read the file with header=0"):
        assessed(rulebook, pd.read_csv(io.BytesIO(data), header=[0, 1, 2]))
    with pytest.raises(ProblemsError, match="no column is a question"):
        assessed(rulebook, pl.read_csv(data)[2:].lazy())


def test_a_type_that_polars_lacks_harms_nobody_who_does_not_read_it(rulebook: afterrun.Rulebook) -> None:
    wide = pa.array([Decimal(1), Decimal(2)], pa.decimal256(70, 3))
    table = pa.table({"record_id": ["a", "b"], "age_years": [34, 35], "note": wide})
    assert assessed(rulebook, table)["reject_reason"].null_count == 2
    weighed = table.set_column(1, "age_years", pa.array([Decimal(34), Decimal(900)], pa.decimal256(70, 3)))
    assert assessed(rulebook, weighed)["reject_reason"].null_count == 1


def test_a_list_that_holds_nothing_is_told_as_such(rulebook: afterrun.Rulebook) -> None:
    found = assessed(rulebook, pd.DataFrame({"pain_site": [["muscle"], [None]]}))
    assert found["reject_reason"][1].startswith(
        "pain_site: takes a list of words, not a list that holds nothing; choose from"
    )
