"""`paiban backup`: what is said of each pool, the state kept between looks, and what is wrong with its files."""

import json

import pytest

from api.cli import main

DAY = "2026-03-02"
POOL = """
[[backup]]
name = "后备组"
queues = ["chat"]
agents = 4
batch = 2
threshold = 50
sustained_minutes = 2
hourly_cost = 60
call_out_cost = 120
calls_a_month = 3
"""
HEAD = "interval_start,queue,offered,aht_seconds,customers_online,waiting\n"


@pytest.fixture
def look(folder, tmp_path, run):
    """Look at a clock time when so many customers are online."""
    with (folder / "centre.toml").open("a", encoding="utf-8") as file:
        file.write(POOL)

    def look_(clock, online, *more, day=DAY):
        row = f"{day}T{clock[:3]}{'00' if clock[3:] < '30' else '30'},chat,20,300,{online},3\n"
        (tmp_path / "actuals.csv").write_text(HEAD + row, encoding="utf-8")
        words = ("--actuals", tmp_path / "actuals.csv", "--now", f"{day}T{clock}")
        return run("backup", folder, *words, "--state", tmp_path / "state.json", *more)

    return look_


def test_p3_a_pool_is_called_kept_and_released_over_a_day(look):
    told = [look(clock, online)[1]["pools"]["后备组"] for clock, online in (
        ("14:05", 49), ("14:06", 50), ("14:07", 55), ("14:08", 60), ("14:10", 60), ("14:23", 45),
        ("15:20", 30), ("15:24", 30), ("15:25", 30),
    )]  # fmt: skip
    assert [each["decision"] for each in told] == [
        "wait", "wait", "wait", "call", "keep", "keep", "keep", "keep", "release",
    ]  # fmt: skip
    called = told[3]
    assert called["people"] == ["后备组-1", "后备组-2"]
    assert called["at_work_from"] == "2026-03-02T06:23:00Z"
    assert called["least_cost"] == 2 * (120 + 60)
    assert called["next_look"] == "2026-03-02T06:09:00Z"
    assert told[4]["on_the_way"] == called["people"]
    assert told[5]["there"] == called["people"]
    assert told[8]["people"] == called["people"]
    assert told[8]["there"] == []
    (trigger,) = called["triggers"]
    assert trigger == {
        "when": "customers_online",
        "found": 60,
        "whole": True,
        "threshold": 50,
        "release_threshold": 40,
    }


def test_without_a_state_each_look_stands_alone(folder, look, tmp_path, run):
    look("14:05", 60)
    words = ("backup", folder, "--actuals", tmp_path / "actuals.csv", "--now", f"{DAY}T14:09")
    assert [run(*words)[1]["pools"]["后备组"]["decision"] for _ in range(2)] == ["wait", "wait"]


def test_calls_of_the_ledger_count_for_the_month(folder, look):
    rows = "agent_id,account,period,amount,unit,as_of\n"
    rows += "后备组-1,call_outs,2026-03,3,call-outs,2026-03-01\n"
    rows += "后备组-2,call_outs,2026-03,1,call-outs,2026-03-01\n"
    rows += "后备组-3,call_outs,2026-02,3,call-outs,2026-02-28\n"
    (folder / "ledger.csv").write_text(rows, encoding="utf-8")
    look("14:05", 60)
    assert look("14:07", 60)[1]["pools"]["后备组"]["people"] == ["后备组-3", "后备组-4"]


def test_people_of_the_pool_are_told_by_id_and_the_state_holds_no_names(look, folder, tmp_path, capsys):
    (folder / "backup.csv").write_text("pool,agent_id,name\n后备组,Z9,王小明\n", encoding="utf-8")
    text = (folder / "centre.toml").read_text(encoding="utf-8").replace("agents = 4\n", "")
    (folder / "centre.toml").write_text(text, encoding="utf-8")
    look("14:05", 60)
    look("14:07", 60)
    assert "王" not in (tmp_path / "state.json").read_text(encoding="utf-8")
    words = [
        "--actuals",
        tmp_path / "actuals.csv",
        "--now",
        f"{DAY}T14:08",
        "--state",
        tmp_path / "state.json",
    ]
    assert main([str(word) for word in ("backup", folder, *words)]) == 0
    said = capsys.readouterr()
    assert "后备组: keep\n" in said.out
    assert "on the way: Z9" in said.out
    assert "customers online 60, at or above 50" in said.out
    assert "王" not in said.out + said.err


def test_a_measure_that_is_not_told_is_named(look):
    code, told = look("14:05", "")
    assert code == 0
    assert told["pools"]["后备组"]["decision"] == "wait"
    assert "customers_online is not known; it needs customers_online of actuals.csv" in " ".join(
        told["warnings"]
    )


def test_a_centre_without_pools_is_told_so(folder, tmp_path, run):
    (tmp_path / "actuals.csv").write_text(HEAD, encoding="utf-8")
    code, told = run("backup", folder, "--actuals", tmp_path / "actuals.csv", "--now", f"{DAY}T14:00")
    assert code == 2
    assert told["faults"][0]["expected"] == "a [[backup]] pool to decide on"


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("{", ""),
        ('{"version": 2, "pools": {}}', "version"),
        ('{"version": 1, "pools": {"后备组": {}}}', "pools.后备组.looked"),
        ('{"version": 1, "pools": {"后备组": {"looked": "noon"}}}', "pools.后备组.looked"),
        (
            '{"version": 1, "pools": {"后备组": {"looked": "2026-03-02T05:00Z", "people": {"x": {"where": "here"}}}}}',
            "pools.后备组.people.x.arrived",
        ),
        (
            '{"version": 1, "pools": {"后备组": {"looked": "2026-03-02T05:00Z", "people": {"x": {"where": "gone"}}}}}',
            "pools.后备组.people.x.where",
        ),
    ],
)
def test_a_state_that_is_not_ours_is_refused_and_left_as_it_is(look, tmp_path, text, column):
    (tmp_path / "state.json").write_text(text, encoding="utf-8")
    code, told = look("14:05", 60)
    assert code == 2
    assert [(each["file"], each["column"]) for each in told["faults"]] == [("state.json", column)]
    assert (tmp_path / "state.json").read_text(encoding="utf-8") == text


def test_a_look_before_the_last_one_is_refused(look):
    look("14:05", 60)
    code, told = look("14:04", 60)
    assert (code, told["faults"][0]["file"]) == (2, "--now")


def test_a_pool_that_is_gone_from_the_settings_is_told(look, tmp_path):
    look("14:05", 60)
    state = json.loads((tmp_path / "state.json").read_text(encoding="utf-8"))
    state["pools"]["老组"] = state["pools"]["后备组"]
    (tmp_path / "state.json").write_text(json.dumps(state), encoding="utf-8")
    assert "老组 is no [[backup]]" in " ".join(look("14:06", 60)[1]["warnings"])


def test_a_state_that_cannot_be_written_is_told_before_anything_is_decided(look, tmp_path):
    for place in (tmp_path, tmp_path / "nowhere" / "state.json"):
        code, told = look("14:05", 60, "--state", place)
        assert (code, [fault["file"] for fault in told["faults"]]) == (2, ["--state"])
