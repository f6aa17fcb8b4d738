"""`paiban import`: files of other tools into a centre's history, previewed first; nothing is written where anything is wrong."""

import pandas as pd
import pytest

from tests.centre.test_foreign_history import DATA, FILES, OURS

NAMES = [word for theirs, ours in OURS.items() for word in ("--queue", f"{theirs}={ours}")]


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_each_format_reaches_the_history_and_again_changes_nothing(folder, run, name):
    words = ["import", DATA / FILES[name], "--centre", folder, *NAMES]
    code, told = run(*words)
    assert code == 0
    assert (told["format"], told["intervals"], told["faults"]) == (name, 112, [])
    history = pd.read_csv(folder / "history.csv").set_index(["interval_start", "queue"])
    expected = pd.read_csv(DATA / "expected.csv").set_index(["interval_start", "queue"])
    assert (history.loc[expected.index, "offered"] == expected["offered"]).all()
    assert (history.loc[expected.index, "aht_seconds"] == expected["aht_seconds"]).all()
    before = (folder / "history.csv").read_bytes()
    assert run(*words)[0] == 0
    assert (folder / "history.csv").read_bytes() == before


def test_a_preview_writes_nothing_and_tells_what_is_not_known(folder, run):
    before = (folder / "history.csv").read_bytes()
    code, told = run("import", DATA / FILES["free"], "--centre", folder, "--preview")
    assert code == 1
    assert told["queues"] == {"电话客服": None, "在线客服": None}
    assert {fault["row"] for fault in told["faults"]} == {4, 5}
    assert run("import", DATA / FILES["free"], "--centre", folder)[0] == 2
    assert (folder / "history.csv").read_bytes() == before


def test_without_a_centre_a_history_file_is_written(tmp_path, run):
    out = tmp_path / "history.csv"
    code, told = run("import", DATA / FILES["nice"], "--timezone", "Asia/Shanghai", "--out", out)
    assert (code, told["preview"][0]["queue"], len(pd.read_csv(out))) == (0, "calls", 112)


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["--out", "x"], "--timezone"),
        (["--timezone", "UTC"], "command line"),
        (["--centre", "c", "--map", "queue"], "--map"),
    ],
)
def test_options_that_do_not_fit_are_told(run, words, option):
    code, told = run("import", DATA / FILES["nice"], *words)
    assert code == 2
    assert option in {fault["file"] for fault in told["faults"]}
