"""Ten what-if questions on both real examples, each sentence held against what a planner works out by hand from the baseline's table.

By hand: contacts and handle times of the baseline's ``by_interval.csv``, the formula of `scheduler.staffing.required_agents` by
queue, and the settings as the example's ``centre.toml`` has them. Nothing of the what-ifs is used.
"""

import json
import math
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from api.cli import main
from scheduler.staffing import required_agents

EXAMPLES = Path(__file__).parents[2] / "examples"
HOURS = 0.5  # both examples plan in half hours


@dataclass(frozen=True)
class Hand:
    """One queue's rows and settings, as a planner has them before them."""

    offered: np.ndarray
    aht_seconds: np.ndarray
    target_share: float
    target_seconds: float
    patience_seconds: float
    minimum_agents: int
    max_occupancy: float | None
    sickness: float
    lateness: float

    def required(self) -> np.ndarray:
        found = required_agents(
            self.offered / HOURS, self.aht_seconds, self.target_share, self.target_seconds, self.patience_seconds,
            max_occupancy=self.max_occupancy,
        )  # fmt: skip
        return np.maximum(found, self.minimum_agents)

    def to_roster(self) -> np.ndarray:
        there = (1 - self.sickness) * (1 - self.lateness)
        return np.array([math.ceil(agents / there - 1e-9) for agents in self.required()])


def by(offered: float = 1.0, aht: float = 1.0, **settings: float) -> Callable[[Hand], Hand]:
    return lambda hand: replace(
        hand, offered=hand.offered * offered, aht_seconds=hand.aht_seconds * aht, **settings
    )


QUESTIONS: dict[str, tuple[list[str], Callable[[Hand], Hand]]] = {
    "a fifth more contacts": (["volume=+20%"], by(offered=1.2)),
    "handle time 5 % less": (["aht=-5%"], by(aht=0.95)),
    "90 % in time": (["target_share=90%"], by(target_share=0.9)),
    "half a minute": (["target_seconds=30"], by(target_seconds=30)),
    "customers wait half as long": (["patience_seconds=x0.5"], lambda hand: replace(hand, patience_seconds=hand.patience_seconds / 2)),
    "a bot takes 15 %": (["containment_share=15%", "containment_aht_factor=1.1"], by(offered=0.85, aht=1.1)),
    "occupancy up to 80 %": (["max_occupancy=0.8"], by(max_occupancy=0.8)),
    "never fewer than ten": (["minimum_agents=10"], by(minimum_agents=10)),
    "five points more of sickness": (["shrinkage:sickness=+5"], lambda hand: replace(hand, sickness=hand.sickness + 0.05)),
    "more contacts and eight people more": (["volume=+10%", "hire:CONTRACT=8"], by(offered=1.1)),
}  # fmt: skip
CASES = [
    ("us-bank", "2003-10-20", "full-time-5x8", 8),
    ("anonbank", "1999-02-21", "full-time", 8),
]


def hands(folder: Path, base: pd.DataFrame) -> dict[str, Hand]:
    raw = tomllib.loads((folder / "centre.toml").read_text("utf-8"))
    found = {}
    for queue in raw["queue"]:
        rows = base[base["queue"] == queue["name"]]
        found[queue["name"]] = Hand(
            rows["offered"].to_numpy(), rows["aht_seconds"].to_numpy(), queue["target_share"], queue["target_seconds"],
            queue["patience_seconds"], queue.get("minimum_agents", 0), queue.get("max_occupancy"),
            **raw["shrinkage"]["unplanned"],
        )  # fmt: skip
    return found


def number(sentence: str, words: str) -> float | None:
    """What a sentence says a figure comes to; None where it does not tell it."""
    match = re.search(rf"{words} [+-][\d,.]+(?: \([+-][\d.]+ %\))? to ([\d,]+\.\d)", sentence)
    return None if match is None else float(match[1].replace(",", ""))


@pytest.mark.parametrize(("name", "start", "contract", "hired"), CASES)
def test_ten_questions_have_sentences_that_hold_by_hand(
    capsys, tmp_path, name, start, contract, hired
) -> None:
    words = [
        "whatif",
        str(EXAMPLES / name),
        "--start",
        start,
        "--days",
        "7",
        "--json",
        "--out",
        str(tmp_path / "o"),
    ]
    for question, (changes, _) in QUESTIONS.items():
        words += ["--scenario", f"{question}: {'; '.join(changes).replace('CONTRACT', contract)}"]
    assert main(words) == 0
    base, *told = json.loads(capsys.readouterr().out)["scenarios"]
    table = pd.read_csv(tmp_path / "o" / "by_interval.csv")
    plain = hands(EXAMPLES / name, table[table["scenario"] == "baseline"])
    agents = pd.read_csv(EXAMPLES / name / "agents.csv")
    assert len(told) == len(QUESTIONS) == 10
    for one, (question, (_, change)) in zip(
        [base, *told], [("baseline", ([], by())), *QUESTIONS.items()], strict=True
    ):
        asked = {queue: change(hand) for queue, hand in plain.items()}
        expected = {
            "contacts": sum(float(hand.offered.sum()) for hand in asked.values()),
            "required_hours": sum(float(hand.required().sum()) for hand in asked.values()) * HOURS,
            "to_roster_hours": sum(float(hand.to_roster().sum()) for hand in asked.values()) * HOURS,
            "people": len(agents) + (hired if "people" in question else 0),
        }
        for figure, value in expected.items():
            assert one["figures"][figure] == pytest.approx(
                value, abs=0.02 if figure == "contacts" else 1e-6
            ), (question, figure)
        for figure, said in (
            ("contacts", "contacts"), ("required_hours", "agent-hours required"), ("to_roster_hours", "agent-hours to roster"),
            ("people", "people"),
        ):  # fmt: skip
            shown = number(one["sentence"], said)
            moved = one["figures"][figure] != base["figures"][figure]
            assert (shown is not None) == (moved and one is not base), (question, figure, one["sentence"])
            assert shown is None or shown == pytest.approx(expected[figure], abs=0.0501 + 0.02)
