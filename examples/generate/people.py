"""Invented people: names, teams, levels, leave and requests drawn with a fixed seed. None of them exists."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product

import numpy as np
import pandas as pd

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = """伟 芳 娜 敏 静 丽 强 磊 洋 艳 勇 杰 娟 涛 超
    秀英 晓明 志强 建国 海燕 雪梅 文博 子涵 欣怡 宇轩 佳琪 思远 雨桐"""
FIRST = """Emily James Olivia Daniel Grace Michael Hannah Robert Laura Kevin Megan Brian Sarah David Rachel
    Thomas Angela Carlos Maria Peter Nina Samuel Julia Victor Diane"""
LAST = """Carter Nguyen Brooks Garcia Foster Kim Murphy Patel Rossi Hughes Cohen Walker Silva Bennett Novak
    Price Ortiz Fisher Grant Singh"""
LEVEL_SHARES = {"junior": 0.42, "intermediate": 0.36, "senior": 0.16, "supervisor": 0.06}


def names(count: int, rng: np.random.Generator, chinese_share: float = 0.5) -> list[str]:
    """Distinct names, Chinese and English mixed."""
    chinese = [surname + given for surname, given in product(SURNAMES, GIVEN.split())]
    english = [f"{first} {last}" for first, last in product(FIRST.split(), LAST.split())]
    some = round(count * chinese_share)
    drawn = [*rng.choice(chinese, some, replace=False), *rng.choice(english, count - some, replace=False)]
    return [str(name) for name in rng.permutation(drawn)]


def agents(
    contracts: Sequence[str],
    skills: Sequence[str],
    teams: Sequence[str],
    hired: tuple[date, date],
    rng: np.random.Generator,
    chinese_share: float = 0.5,
) -> pd.DataFrame:
    """One agent for each contract given, spread evenly over ``teams``; hired on some day in the span
    ``hired``.
    """
    count = len(contracts)
    span = (hired[1] - hired[0]).days
    levels = rng.choice(list(LEVEL_SHARES), count, p=list(LEVEL_SHARES.values()))
    return pd.DataFrame(
        {
            "agent_id": [f"A{k:03d}" for k in range(1, count + 1)],
            "name": names(count, rng, chinese_share),
            "team": [teams[k * len(teams) // count] for k in range(count)],
            "level": levels,
            "skills": list(skills),
            "contract": list(contracts),
            "starts_on": [hired[0] + timedelta(days=int(k)) for k in rng.integers(0, span, count)],
        }
    )


def leave(ids: Sequence[str], weeks: Sequence[date], share: float, rng: np.random.Generator) -> pd.DataFrame:
    """Annual leave of whole weeks for ``share`` of the people in each of ``weeks``, and days or afternoons
    off for as many more.
    """
    rows = []
    for monday in weeks:
        few = max(1, round(len(ids) * share))
        for place, agent_id in enumerate(rng.choice(ids, 2 * few, replace=False)):
            first = monday + timedelta(days=0 if place < few else int(rng.integers(0, 5)))
            if place < few:
                rows.append((agent_id, first, first + timedelta(days=7), "annual"))
            elif place % 5:
                kind = "annual" if place % 2 else "study"
                rows.append((agent_id, first, first + timedelta(days=1), kind))
            else:
                rows.append((agent_id, f"{first}T14:00", first + timedelta(days=1), "appointment"))
    frame = pd.DataFrame(rows, columns=["agent_id", "start", "end", "kind"])
    for column in ("start", "end"):
        frame[column] = [text if "T" in text else f"{text}T00:00" for text in frame[column].astype(str)]
    return frame.sort_values(["agent_id", "start"])


def requests(
    people: pd.DataFrame,
    weeks: Sequence[date],
    days: int,
    shifts: dict[str, str],
    share: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Wishes of ``share`` of the people in each of ``weeks``: mostly a day off, some a shift of their
    contract (``shifts``).
    """
    rows = []
    for first in weeks:
        for k in rng.choice(len(people), round(len(people) * share), replace=False):
            agent_id, contract = people["agent_id"].iloc[k], people["contract"].iloc[k]
            day = first + timedelta(days=int(rng.integers(0, days)))
            on = rng.random() < 0.25
            rows.append(
                (
                    agent_id,
                    day,
                    "on" if on else "off",
                    shifts[contract] if on else "",
                    2 if rng.random() < 0.1 else 1,
                )
            )
    return pd.DataFrame(rows, columns=["agent_id", "date", "kind", "shift", "weight"]).sort_values(
        ["agent_id", "date"]
    )
