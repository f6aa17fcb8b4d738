"""Tables: any file gives columns or faults with file, row and column, never a stack trace."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centre import cells
from centre.errors import Faults
from centre.tables import MOST_FAULTS, Table, read_table

UTC = ZoneInfo("UTC")
Writer = Callable[[Path, Sequence[Sequence[object]]], None]


def read(path: Path, content: str | bytes, faults: Faults | None = None) -> tuple[Table | None, Faults]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    faults = faults or Faults()
    return read_table(path, ("name", "count"), ("note",), faults), faults


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "t.csv"


def test_columns_come_back_in_row_order_with_their_lines(path: Path) -> None:
    table, faults = read(path, "\ufeffcount,name\r\n1, 王芳 \r\n\r\n2,b\r\n1,王芳\r\n,\r\n")
    assert table is not None
    assert not faults
    assert table.texts("name").tolist() == ["王芳", "b", "王芳"]
    assert table.values("count", cells.integer(), np.int64).tolist() == [1, 2, 1]
    assert table.rows.tolist() == [2, 4, 5]


def test_quoted_line_ends_do_not_shift_the_lines(path: Path) -> None:
    table, _ = read(path, 'name,count\n"a\nb",1\nc,x\n')
    assert table is not None
    assert table.rows.tolist() == [2, 4]


def test_missing_columns_list_what_was_found(path: Path) -> None:
    table, faults = read(path, "姓名,数量\na,1\n")
    assert table is None
    assert [(f.row, f.column, f.found) for f in faults] == [
        (1, "name", "姓名, 数量"),
        (1, "count", "姓名, 数量"),
    ]
    assert "name, count" in faults.found[0].expected


def test_data_in_place_of_a_header_is_not_repeated(path: Path) -> None:
    _, faults = read(path, "王芳,12\n李伟,3\n")
    assert {f.found for f in faults} == {"a row of data"}


def test_semicolons_are_seen_in_what_was_found(path: Path) -> None:
    _, faults = read(path, "name;count\na;1\n")
    assert faults.found[0].found == "name;count"
    assert "comma-separated" in faults.found[0].expected


def test_unknown_columns_warn_and_optional_ones_do_not(path: Path) -> None:
    table, faults = read(path, "name,count,note,colour,\na,1,n,red,\n")
    assert table is not None
    assert not faults
    assert faults.warnings == ["t.csv: columns that are not known were left out: colour"]


def test_a_column_twice_is_a_fault(path: Path) -> None:
    table, faults = read(path, "name,count,name\na,1,b\n")
    assert table is None
    assert [f.found for f in faults] == ["name"]


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", " , ,\n".replace(" ", "")])
def test_an_empty_file_is_a_fault(path: Path, content: str) -> None:
    table, faults = read(path, content)
    assert table is None
    assert [f.found for f in faults] == ["an empty file"]


def test_ragged_rows_are_told_with_their_lines(path: Path) -> None:
    table, faults = read(path, "name,count\na\nb,2\nc,3,4\nd,5,,\n")
    assert table is not None
    assert [(f.row, f.found) for f in faults] == [(2, "1 values"), (4, "3 values")]
    assert table.texts("name").tolist() == ["b", "d"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\x01\x02" * 1000, "binary data"),
        ("name,count\n王,1\n".encode("gbk"), "byte 0x"),
        ("name,count\na,1\n".encode("utf-16"), "binary data"),
        (b"PK\x03\x04 rest of a spreadsheet", "a spreadsheet"),
        (b"x" * 10_000_000, "field larger"),
        (b'name,count\n"a,1\n', "unexpected end of data"),
    ],
)
def test_what_is_no_table_of_text_is_one_fault(path: Path, content: bytes, words: str) -> None:
    _, faults = read(path, content)
    assert [words in f.found for f in faults] == [True]


def test_ten_megabytes_of_junk_under_a_right_header_stay_readable(path: Path) -> None:
    table, faults = read(path, b"name,count\n" + (b"foo" * 30 + b",bar\n") * 110_000)
    assert table is not None
    table.numbers("count")
    assert len(faults.found) == 1
    assert (faults.found[0].row, faults.found[0].column, faults.found[0].found) == (2, "count", "bar")


def test_thousands_of_faults_are_cut_and_counted(path: Path) -> None:
    table, faults = read(path, "name,count\n" + "a,x\n" * 5000 + "a,1\n" + "b\n" * 1500)
    assert table is not None
    table.numbers("count")
    assert len(faults.found) == 2 * (MOST_FAULTS + 1)
    assert faults.found[-1].found == "4,000 more rows"


def test_a_file_that_is_not_there(path: Path) -> None:
    faults = Faults()
    assert read_table(path, ("name",), (), faults) is None
    assert [f.expected for f in faults] == ["a file that can be read"]


def test_every_wrong_cell_is_told(path: Path) -> None:
    table, faults = read(path, "name,count\na,-1\nb,2\n,x\n")
    assert table is not None
    table.texts("name")
    table.numbers("count", 0)
    told = [(f.row, f.column, f.found, f.expected) for f in faults]
    number = "a number, 0 or more"
    assert told == [(4, "name", "", "a value"), (2, "count", "-1", number), (4, "count", "x", number)]
    assert table.bad.tolist() == [True, False, True]


def test_blanks_of_optional_columns_and_absent_ones(path: Path) -> None:
    table, faults = read(path, "name,count\na,\n")
    assert table is not None
    assert np.isnan(table.numbers("count", optional=True)).all()
    assert table.texts("note", optional=True).tolist() == [""]
    assert not faults


def test_explicit_zones_may_differ_but_naive_ones_may_not_join_them(path: Path) -> None:
    table, faults = read(path, "name,count\na,2024-01-01T00:00Z\nb,2024-01-01T08:00+08:00\n")
    assert table is not None
    assert len(set(table.instants("count", UTC).tolist())) == 1
    assert not faults
    table, faults = read(path, "name,count\na,2024-01-01T00:00Z\nb,2024-01-01T08:00\nc,2024-01-01T09:00\n")
    assert table is not None
    table.instants("count", UTC)
    assert [(f.row, f.column, f.found) for f in faults] == [(3, "count", "mixed zones")]
    assert "row 2" in faults.found[0].expected


def test_what_is_no_instant_is_of_neither_kind(path: Path) -> None:
    table, faults = read(path, "name,count\na,2024-01-01T00:00Z\nb,2024-13-01T08:00Z\nc,\n")
    assert table is not None
    table.instants("count", UTC)
    assert [(f.row, f.found) for f in faults] == [(3, "2024-13-01T08:00Z"), (4, "")]


def test_zones_mixed_between_two_columns_of_one_row(path: Path) -> None:
    table, faults = read(path, "name,count\n2024-01-01T00:00Z,2024-01-01T08:00\n")
    assert table is not None
    table.instants("name", UTC)
    table.instants("count", UTC)
    assert [(f.row, f.found) for f in faults] == [(2, "mixed zones")]


def test_a_spreadsheet_reads_as_the_csv_would(tmp_path: Path, write_xlsx: Writer) -> None:
    path = tmp_path / "t.xlsx"
    moments = [datetime(2024, 3, 4, 7, 20), datetime(2024, 3, 4, 7, 40), datetime(2024, 3, 4)]
    write_xlsx(path, [["count", "name"], [1, moments[0]], [2.5, moments[1]], ["", ""], ["x", moments[2]]])
    faults = Faults()
    table = read_table(path, ("name", "count"), (), faults)
    assert table is not None
    expected = [int((moment - datetime(1970, 1, 1)).total_seconds() / 60) for moment in moments]
    assert table.instants("name", UTC).tolist() == expected
    assert table.numbers("count").tolist()[:2] == [1, 2.5]
    assert [(f.file, f.row, f.found) for f in faults] == [("t.xlsx", 5, "x")]


def test_a_spreadsheet_with_chinese_headers(tmp_path: Path, write_xlsx: Writer) -> None:
    path = tmp_path / "t.xlsx"
    write_xlsx(path, [["数量", "姓名"], [1, "a"]])
    faults = Faults()
    assert read_table(path, ("name", "count"), (), faults) is None
    assert faults.found[0].found == "数量, 姓名"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04junk", b"\x00" * 10_000_000])
def test_junk_named_xlsx_is_a_fault(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(content)
    faults = Faults()
    assert read_table(path, ("name",), (), faults) is None
    assert [f.expected for f in faults] == ["a spreadsheet in .xlsx format"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_table_or_faults(path: Path, content: bytes) -> None:
    table, faults = read(path, b"name,count\n" + content)
    assert table is not None or faults


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["a", "王", "b,c", 'd"e']), st.integers(-5, 5)), max_size=30))
def test_what_is_wrong_is_what_a_slow_reading_says(path: Path, rows: list[tuple[str, int]]) -> None:
    lines = ['"{}",{}'.format(name.replace('"', '""'), count) for name, count in rows]
    table, faults = read(path, "\n".join(["name,count", *lines]))
    assert table is not None
    assert table.texts("name").tolist() == [name for name, _ in rows]
    counts = table.numbers("count", 0)
    wrong = [k + 2 for k, (_, count) in enumerate(rows) if count < 0]
    if len(rows) > 20 and len(wrong) == len(rows):
        wrong = wrong[:1]
    assert [f.row for f in faults] == wrong
    good = [count for _, count in rows if count >= 0]
    assert counts[~table.bad].tolist() == good
