"""Bad input: exit code 2, every fault with file, row, column, value and what was expected, and no results folder."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

START = "2026-03-02"
HISTORY = ("--history", "{folder}/history.csv", "--timezone", "Asia/Shanghai")
LONG = '[[shift]]\nname = "长班"\nearliest_start = "08:00"\nlatest_start = "08:00"\nduration_minutes = 1500\n'
NIGHT = (
    '[[shift]]\nname = "夜班"\nearliest_start = "00:00"\nlatest_start = "01:00"\nduration_minutes = 300\n'
    '[[contract]]\nname = "night"\nweekly_minutes_min = 0\nweekly_minutes_max = 1500\ndays_min = 0\ndays_max = 5\nshifts = ["夜班"]\n'
)


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def break_(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return break_


def with_lines(name: str, *lines: str) -> Callable[[Path], None]:
    """Put lines after the header."""

    def break_(folder: Path) -> None:
        head, _, rest = (folder / name).read_text(encoding="utf-8").partition("\n")
        (folder / name).write_text("\n".join([head, *lines, rest]), encoding="utf-8")

    return break_


def with_setting(text: str) -> Callable[[Path], None]:
    def break_(folder: Path) -> None:
        with (folder / "centre.toml").open("a", encoding="utf-8") as stream:
            stream.write("\n" + text)

    return break_


def of_content(name: str, content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(content) and None


def chinese_headers(folder: Path) -> None:
    """A file whose columns have Chinese names and stand in another order."""
    lines = (folder / "agents.csv").read_text(encoding="utf-8").splitlines()
    swapped = [",".join(line.split(",")[::-1]) for line in lines[1:]]
    (folder / "agents.csv").write_text(
        "\n".join(["入职,合同,技能,级别,班组,姓名,工号", *swapped]), encoding="utf-8"
    )


def night_worker(folder: Path) -> None:
    with_setting(NIGHT)(folder)
    with_lines("agents.csv", "N1,夜,one,junior,calls,night,")(folder)


CASES = {
    "unknown queue in skills": (replaced("agents.csv", "calls,full-time", "cals,full-time"), "agents.csv", 2, "skills", "cals"),
    "a shift longer than the day": (with_setting(LONG), "centre.toml", None, "shift.长班.duration_minutes", "1500"),
    "an agent with no possible shift": (night_worker, "agents.csv", 2, "contract", "night"),
    "target over 1": (replaced("centre.toml", "target_share = 0.8", "target_share = 1.2"), "centre.toml", None, "target_share", "1.2"),
    "percent for a share": (replaced("centre.toml", "target_share = 0.8", "target_share = 80"), "centre.toml", None, "target_share", "80"),
    "percent for shrinkage": (replaced("centre.toml", "sickness = 0.03", 'sickness = "3%"'), "centre.toml", None, "sickness", "3%"),
    "negative volume": (with_lines("history.csv", "2025-12-01T00:00:00Z,calls,-3,200"), "history.csv", 2, "offered", "-3"),
    "text for a volume": (with_lines("history.csv", "2025-12-01T00:00:00Z,calls,三,200"), "history.csv", 2, "offered", "三"),
    "doubled interval": (
        with_lines("history.csv", "2025-12-22T00:00:00Z,calls,9,175.7"), "history.csv", 3, "interval_start", "2025-12-22T00:00:00Z",
    ),
    "mixed zones": (with_lines("history.csv", "2025-12-01T08:00,calls,3,200"), "history.csv", None, "interval_start", ""),
    "Chinese headers in other columns": (chinese_headers, "agents.csv", None, "agent_id", ""),
    "empty history": (of_content("history.csv", b""), "history.csv", None, "", ""),
    "history without rows": (of_content("history.csv", b"interval_start,queue,offered,aht_seconds\n"), "history.csv", None, "", "none"),
    "empty settings": (of_content("centre.toml", b""), "centre.toml", None, "centre", ""),
    "10 MB of junk": (of_content("history.csv", random.Random(1).randbytes(10_000_000)), "history.csv", None, "", ""),
    "junk for settings": (of_content("centre.toml", random.Random(2).randbytes(100_000)), "centre.toml", None, "", ""),
    "a preset nobody knows": (replaced("centre.toml", '"cn-labour"', '"mars-law"'), "centre.toml", None, "rules.presets", "mars-law"),
    "no history": (lambda folder: (folder / "history.csv").unlink(), "history.csv", None, "", "no such file"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_told_and_nothing_is_written(folder, tmp_path, run, case):
    break_, file, row, column, found = CASES[case]
    break_(folder)
    out = tmp_path / "out"
    code, told = run("plan", folder, "--start", START, "--effort", "1", "--out", out)
    assert code == 2
    mine = [
        fault
        for fault in told["faults"]
        if fault["file"] == file
        and column in fault["column"]
        and found in fault["found"]
        and (row is None or fault["row"] == row)
    ]
    assert mine, told["faults"]
    assert all(fault["expected"] for fault in told["faults"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["centre"]


def test_every_fault_is_told_at_once(folder, tmp_path, run):
    cases = ["unknown queue in skills", "target over 1", "negative volume", "percent for shrinkage"]
    for case in cases:
        CASES[case][0](folder)
    code, told = run("plan", folder, "--start", START, "--effort", "1", "--out", tmp_path / "out")
    assert code == 2
    places = {(fault["file"], fault["row"]) for fault in told["faults"]}
    assert {("agents.csv", 2), ("history.csv", 2), ("centre.toml", None)} <= places
    assert len(told["faults"]) >= len(cases)


def test_names_of_people_stay_out_of_faults(folder, tmp_path, run):
    chinese_headers(folder)
    _, told = run("plan", folder, "--start", START, "--effort", "1", "--out", tmp_path / "out")
    assert "林" not in str(told)


@pytest.mark.parametrize("start", ["2025-12-23", "2030-01-01", "1999-01-01"])
def test_a_start_that_history_does_not_reach_is_bad_input(folder, tmp_path, run, start):
    code, told = run("plan", folder, "--start", start, "--effort", "1", "--out", tmp_path / "out")
    assert code == 2
    assert {fault["file"] for fault in told["faults"]} == {"history"}
    assert not (tmp_path / "out").exists()


def test_too_long_a_horizon_is_bad_input(folder, tmp_path, run):
    code, told = run(
        "plan", folder, "--start", START, "--days", "372", "--effort", "1", "--out", tmp_path / "out"
    )
    assert (code, told["faults"][0]["file"]) == (2, "--days")


def test_a_place_that_cannot_be_written_is_bad_input(folder, tmp_path, run):
    (tmp_path / "file").write_text("")
    code, told = run("plan", folder, "--start", START, "--effort", "1", "--out", tmp_path / "file" / "out")
    assert (code, told["faults"][0]["file"]) == (2, "--out")


def test_too_few_people_are_no_bad_input(folder, tmp_path, run):
    lines = (folder / "agents.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "agents.csv").write_text("".join(lines[:2]), encoding="utf-8")
    for name in ("leave.csv", "requests.csv"):
        (folder / name).unlink()
    code, told = run("plan", folder, "--start", START, "--effort", "1", "--out", tmp_path / "out")
    assert code == 0
    assert told["cost"]["shortage"] > 0
    assert told["service"]["agent_hours_short"] > 100


@pytest.mark.parametrize(
    ("words", "file"),
    [
        (["forecast", "--history", "{folder}/history.csv", "--start", START, "--out", "{out}"], "--timezone"),
        (["forecast", "--start", START, "--out", "{out}"], "command line"),
        (["forecast", "{folder}", "--history", "{folder}/history.csv", "--start", START, "--out", "{out}"], "command line"),
        (["forecast", "{folder}", "--country", "CN", "--start", START, "--out", "{out}"], "--country"),
        (["forecast", "{folder}", "--interval-minutes", "15", "--start", START, "--out", "{out}"], "--interval-minutes"),
        (["forecast", "--history", "{folder}/none.csv", "--timezone", "Asia/Shanghai", "--start", START, "--out", "{out}"], "none.csv"),
        (["forecast", *HISTORY, "--country", "XX", "--start", START, "--out", "{out}"], "--country"),
        (["forecast", "{folder}", "--events", "e.csv", "--start", START, "--out", "{out}"], "--events"),
        (["backtest", "--out", "{out}"], "command line"),
        (["staff", "{folder}", "--forecast", "{folder}/none.csv", "--out", "{out}"], "none.csv"),
        (["staff", "{folder}", "--forecast", "{folder}/history.csv"], "command line"),
        (["rota", "{folder}", "--requirement", "{folder}/history.csv", "--start", START, "--out", "{out}"], "history.csv"),
    ],
)  # fmt: skip
def test_other_commands_refuse_too(folder, tmp_path, run, words, file):
    out = tmp_path / "out"
    code, told = run(*(word.format(folder=folder, out=out) for word in words))
    assert code == 2
    assert file in {fault["file"] for fault in told["faults"]}
    assert not out.exists()


def test_a_spreadsheet_that_is_none_is_bad_input(folder, tmp_path, run):
    shutil.move(folder / "agents.csv", folder / "agents.xlsx")
    code, told = run("plan", folder, "--start", START, "--effort", "1", "--out", tmp_path / "out")
    assert (code, told["faults"][0]["file"]) == (2, "agents.xlsx")
