"""Writing: whole files and whole folders, or nothing."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from centre.errors import BadInput
from centre.writing import result_folder, write_csv, write_text


def test_a_table_as_our_files_are(tmp_path: Path) -> None:
    stamps = pd.DatetimeIndex(["2024-03-31T01:00", "2024-03-31T03:00"]).tz_localize("Europe/Berlin")
    frame = pd.DataFrame(
        {
            "start": stamps,
            "end": [stamps[0], pd.NaT],
            "day": [date(2024, 3, 31), date(2024, 4, 1)],
            "name": ["王芳", 'a,"b"'],
            "paid": [True, False],
            "share": [0.1 + 0.2, np.nan],
            "count": [1, 2],
        }
    )
    write_csv(tmp_path / "t.csv", frame)
    assert (tmp_path / "t.csv").read_bytes().decode() == (
        "start,end,day,name,paid,share,count\n"
        "2024-03-31T00:00:00Z,2024-03-31T00:00:00Z,2024-03-31,王芳,true,0.30000000000000004,1\n"
        '2024-03-31T01:00:00Z,,2024-04-01,"a,""b""",false,,2\n'
    )


def test_a_table_without_rows_keeps_its_header(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", pd.DataFrame({"a": [], "b": []}))
    assert (tmp_path / "t.csv").read_text() == "a,b\n"


def test_text_replaces_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    write_text(path, "一\n")
    write_text(path, "二\n")
    assert path.read_bytes() == "二\n".encode()
    assert [p.name for p in tmp_path.iterdir()] == ["t.txt"]
    assert path.stat().st_mode & 0o400


def test_text_that_cannot_be_written_leaves_the_old(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    write_text(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "new \ud800")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["t.txt"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_result_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "week"
    with result_folder(out) as partial:
        (partial / "plan.json").write_text("{}")
        assert not out.exists()
        assert partial.parent == out.parent
    assert names(out) == ["plan.json"]
    assert names(out.parent) == ["week"]


def fail(out: Path, error: BaseException) -> None:
    """Begin a result and break off."""
    with result_folder(out) as partial:
        (partial / "plan.json").write_text("half")
        raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failure_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error):
        fail(tmp_path / "week", error())
    assert names(tmp_path) == []


def test_an_earlier_result_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "week"
    for name in ("old.csv", "new.csv"):
        with result_folder(out) as partial:
            (partial / "plan.json").write_text(name)
            (partial / name).write_text(name)
    assert names(out) == ["new.csv", "plan.json"]
    assert names(tmp_path) == ["week"]


def test_an_earlier_result_outlives_a_failure(tmp_path: Path) -> None:
    out = tmp_path / "week"
    with result_folder(out) as partial:
        (partial / "plan.json").write_text("first")
    with pytest.raises(ValueError, match="stop"):
        fail(out, ValueError("stop"))
    assert (out / "plan.json").read_text() == "first"
    assert names(tmp_path) == ["week"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    out = tmp_path / "week"
    out.mkdir()
    with result_folder(out) as partial:
        (partial / "plan.json").write_text("{}")
    assert names(out) == ["plan.json"]


def test_what_is_not_ours_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "me.jpg").write_text("x")
    (tmp_path / "file").write_text("x")
    for name in ("photos", "file"):
        with pytest.raises(BadInput, match="new, empty or an earlier result"), result_folder(tmp_path / name):
            pytest.fail("the work began")
    assert names(tmp_path) == ["file", "photos"]
    assert names(tmp_path / "photos") == ["me.jpg"]


def test_a_place_that_cannot_be_written_to_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="a place that can be written to"):
        write_text(tmp_path / "none" / "t.csv", "x")
    with pytest.raises(BadInput, match="a place that can be written to"):
        fail(tmp_path / "file" / "week", ValueError())
