"""``paiban whatif``: scenarios beside the baseline, sentences that hold when they are worked out again, bad input told at once."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from api.cli import main
from scenarios.compare import paired

EXAMPLE = Path(__file__).parents[2] / "scenarios" / "examples" / "small"
BASE = ("whatif", EXAMPLE, "--start", "2026-03-02", "--days", "2")


def told(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict]:
    code = main([*map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_every_kind_of_change_is_listed(capsys) -> None:
    code, found = told(capsys, "whatif", "--list")
    assert code == 0
    assert {"volume", "aht", "hire", "set", "preset", "opening"} <= {
        kind["name"] for kind in found["changes"]
    }


def test_no_change_is_a_difference_of_exactly_zero_everywhere(capsys, tmp_path) -> None:
    code, _ = told(
        capsys,
        *BASE,
        "--change",
        "volume=+0%",
        "--level",
        "rota",
        "--effort",
        1,
        "--workers",
        1,
        "--out",
        tmp_path / "o",
    )
    table = pd.read_csv(tmp_path / "o" / "comparison.csv")
    assert code == 0
    assert (table["difference"] == 0).all()
    days = pd.read_csv(tmp_path / "o" / "by_day.csv")
    parts = [
        days[days["scenario"] == name].drop(columns="scenario").reset_index(drop=True)
        for name in ("baseline", "what-if")
    ]
    pd.testing.assert_frame_equal(*parts)


QUESTIONS = ["volume=+20%", "volume:calls=-30%", "aht=+10%", "patience_seconds=x0.5", "target_share=90%", "max_occupancy=0.5",
             "shrinkage:sickness=+25", "containment_share:calls=15%", "minimum_agents=6", "arrivals=+60min"]  # fmt: skip


def test_ten_questions_have_sentences_that_are_true(capsys, tmp_path) -> None:
    words = [word for k, text in enumerate(QUESTIONS) for word in ("--scenario", f"q{k}: {text}")]
    code, found = told(capsys, *BASE, *words, "--out", tmp_path / "o")
    assert code == 0
    base, *others = found["scenarios"]
    for one in others:
        hours, usual = (each["figures"]["required_hours"] for each in (one, base))
        match = re.search(
            r"agent-hours required ([+-][\d,.]+) \(([+-][\d.]+) %\) to ([\d,.]+)", one["sentence"]
        )
        if hours == usual:
            assert match is None
            continue
        assert match is not None
        more, share, value = (float(text.replace(",", "")) for text in match.groups())
        assert more == pytest.approx(hours - usual, abs=0.051)
        assert share == pytest.approx(100 * (hours / usual - 1), abs=0.051)
        assert value == pytest.approx(hours, abs=0.051)
    direction = [
        np.sign(each["figures"]["required_hours"] - base["figures"]["required_hours"]) for each in others
    ]
    assert direction[:3] == [1, -1, 1]
    assert (direction[4], direction[5], direction[7]) == (1, 1, -1)
    weights = others[6]["figures"]["to_roster_hours"] / base["figures"]["to_roster_hours"]
    assert weights >= 1.03  # 25 points more of sickness; fewer are lost in rounding up


def test_a_figure_that_is_not_known_is_told_as_such(capsys, tmp_path) -> None:
    code, found = told(capsys, *BASE, "--change", "volume=x0", "--out", tmp_path / "o")
    sentence = found["scenarios"][1]["sentence"]
    assert code == 0
    assert "nan" not in sentence
    assert "service level not known here" in sentence


def test_all_that_is_wrong_is_told_and_nothing_written(capsys, tmp_path) -> None:
    code, found = told(
        capsys, *BASE, "--change", "volum=1", "--scenario", "a: hire:night=2; aht=x", "--scenario", "baseline: aht=+1%",
        "--scenario", "set: set:queue.calls.target_share=7", "--out", tmp_path / "o",
    )  # fmt: skip
    assert code == 2
    assert len(found["faults"]) == 5
    assert not (tmp_path / "o").exists()
    assert told(capsys, "whatif", EXAMPLE)[0] == 2


def test_the_interval_of_a_paired_difference_covers_the_true_one() -> None:
    """Customers in common: two noisy figures whose true difference is 0.3, their noise alike but for a part."""
    random, hits = np.random.default_rng(7), 0
    for _ in range(1500):
        common = random.normal(0, 5, 30)
        one, other = common + 0.3 + random.normal(0, 0.5, 30), common + random.normal(0, 0.5, 30)
        low, high = paired(one.tolist(), other.tolist())
        assert high - low < 1.0  # far closer than of customers apart: there it would be about 5
        hits += low <= 0.3 <= high
    assert 0.935 <= hits / 1500 <= 0.965


def test_a_played_what_if_says_how_sure_it_is(capsys, tmp_path) -> None:
    code, found = told(
        capsys, *BASE, "--change", "volume=+30%", "--level", "simulated", "--effort", 1, "--workers", 1, "--replications", 8,
        "--out", tmp_path / "o",
    )  # fmt: skip
    table = pd.read_csv(tmp_path / "o" / "comparison.csv").set_index(["scenario", "figure"])
    row = table.loc["what-if", "simulated_service_level"]
    assert code == 0
    assert row["difference_low"] < row["difference"] < row["difference_high"]
    assert "95 %" in found["scenarios"][1]["sentence"]


FILE = """
[[scenario]]
name = "客服 longer hours"
changes = ["opening:calls=mon-fri 08:00-18:00; sat 09:00-13:00", "aht=+5%"]

[[scenario]]
name = "bot"
changes = ["containment_share=15%"]
"""


def test_scenarios_of_a_file_may_hold_semicolons_and_a_page_and_a_workbook_are_written(
    capsys, tmp_path
) -> None:
    (tmp_path / "asked.toml").write_text(FILE, encoding="utf-8")
    code, found = told(
        capsys, *BASE, "--scenarios", tmp_path / "asked.toml", "--change", "volume=+1%", "--lang", "zh", "--out", tmp_path / "o"
    )  # fmt: skip
    assert code == 0
    assert [each["name"] for each in found["scenarios"]] == [
        "baseline",
        "what-if",
        "客服 longer hours",
        "bot",
    ]
    assert found["scenarios"][2]["changes"][0] == "opening:calls=mon-fri 08:00-18:00; sat 09:00-13:00"
    page = (tmp_path / "o" / "comparison.html").read_text(encoding="utf-8")
    assert 'lang="zh-Hans"' in page
    assert "营业时间（calls）mon-fri 08:00-18:00; sat 09:00-13:00" in page
    assert (tmp_path / "o" / "comparison.xlsx").read_bytes()[:2] == b"PK"
    days = pd.read_csv(tmp_path / "o" / "by_day.csv")
    assert days["service_level"].between(0, 1).all()


def test_all_that_is_wrong_in_a_file_of_scenarios_is_told(capsys, tmp_path) -> None:
    (tmp_path / "asked.toml").write_text(
        'colour = 1\n[[scenario]]\nname = "a"\nchanges = "x"\n[[scenario]]\nname = "a"\nchanges = ["aht=+1%"]\n',
        encoding="utf-8",
    )
    code, found = told(capsys, *BASE, "--scenarios", tmp_path / "asked.toml", "--out", tmp_path / "o")
    assert code == 2
    assert len(found["faults"]) >= 3
    assert told(capsys, *BASE, "--scenarios", tmp_path / "none.toml", "--out", tmp_path / "o")[0] == 2
    assert not (tmp_path / "o").exists()
