"""`paiban bid`: lines of a small day given anew on disk, the next rotation's rows, and bad input by name."""

import pandas as pd
import pytest

from tests.api.test_cli_replan import DAY, HEAD, shift


@pytest.fixture
def asked(folder, tmp_path):
    """A001, A002 and A005 answer calls alike; the first two are early, the third is late."""
    rows = [
        *shift("A001", "08:00"),
        *shift("A002", "09:00"),
        *shift("A005", "13:30"),
        *shift("A006", "13:30"),
    ]
    (tmp_path / "rota.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    bids = "agent_id,line,rank\nA001,A005,1\nA002,L005,1\nA002,A001,2\nA001,A006,2\n"
    (tmp_path / "bids.csv").write_text(bids, encoding="utf-8")
    return (
        "bid",
        folder,
        "--rota",
        tmp_path / "rota.csv",
        "--bids",
        tmp_path / "bids.csv",
        "--out",
        tmp_path / "out",
    )


def starts(tmp_path):
    table = pd.read_csv(tmp_path / "out" / "rota.csv")
    local = pd.to_datetime(table["start"]).dt.tz_convert("Asia/Shanghai").dt.strftime("%H:%M")
    return local.groupby(table["agent_id"]).min().to_dict()


def test_the_longest_employed_chooses_first(asked, tmp_path, run):
    """A002 came in 2018, A001 in 2023."""
    code, told = run(*asked, "--order", "seniority")
    assert (code, told["bidders"], told["granted"], told["first_choices"], told["moved"]) == (0, 2, 1, 1, 2)
    assert starts(tmp_path) == {"A001": "08:00", "A002": "13:30", "A005": "09:00", "A006": "13:30"}
    result = pd.read_csv(tmp_path / "out" / "bids_result.csv", keep_default_na=False)
    assert result.to_numpy().tolist() == [
        ["A001", "A005", 1, "refused", "taken by somebody earlier in the order"],
        [
            "A001",
            "A006",
            2,
            "refused",
            "the line is not of people with the same contract, skills and country",
        ],
        ["A002", "L005", 1, "granted", ""],
        ["A002", "A001", 2, "not_needed", "a line wanted more was granted"],
    ]
    lines = pd.read_csv(tmp_path / "out" / "lines.csv").set_index("line")
    assert lines.loc["L005"].tolist() == ["A005", "A002"]
    assert not (tmp_path / "out" / "ledger.csv").exists()


def test_by_score_and_in_rotation_with_the_rows_for_the_next_time(asked, folder, tmp_path, run):
    (tmp_path / "scores.csv").write_text("agent_id,score\nA001,4.5\nA002,4\n", encoding="utf-8")
    assert run(*asked, "--order", "performance", "--performance", tmp_path / "scores.csv")[0] == 0
    assert starts(tmp_path)["A001"] == "13:30"
    (folder / "ledger.csv").write_text(
        f"agent_id,account,period,amount,unit,as_of\nA001,bid_rank,,1,places,{DAY}\nA002,bid_rank,,2,places,{DAY}\n",
        encoding="utf-8",
    )
    assert run(*asked, "--order", "rotation")[0] == 0
    assert starts(tmp_path)["A002"] == "13:30"
    ledger = pd.read_csv(tmp_path / "out" / "ledger.csv").set_index("agent_id")["amount"]
    assert ledger.loc[["A002", "A001"]].tolist() == [1, 2]


def test_bad_input_is_told_at_once(asked, tmp_path, run):
    (tmp_path / "bids.csv").write_text(
        "agent_id,line,rank\nA001,L099,1\nA099,A001,0\nA002,A005,1\nA002,L005,1\n", encoding="utf-8"
    )
    code, told = run(*asked, "--order", "seniority")
    assert code == 2
    assert {(fault["row"], fault["column"]) for fault in told["faults"]} == {
        (2, "line"), (3, "agent_id"), (3, "rank"), (5, "rank"), (5, "line"),
    }  # fmt: skip
    assert not (tmp_path / "out").exists()


def test_scores_belong_to_the_order_of_performance(asked, tmp_path, run):
    for words in (
        ("--order", "performance"),
        ("--order", "rotation", "--performance", tmp_path / "bids.csv"),
    ):
        code, told = run(*asked, *words)
        assert (code, told["faults"][0]["file"]) == (2, "--performance")
    (tmp_path / "scores.csv").write_text("agent_id,score\nA001,good\nA002,1\nA002,2\n", encoding="utf-8")
    code, told = run(*asked, "--order", "performance", "--performance", tmp_path / "scores.csv")
    assert [(fault["row"], fault["column"]) for fault in told["faults"]] == [(2, "score"), (4, "agent_id")]
    assert "good" not in str(told)
