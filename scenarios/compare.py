"""Scenarios side by side: every figure beside the baseline's, with the difference and, where rotas are played, how sure it is."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from scenarios.answers import REPLICATIONS, Answer, Level, answer
from scenarios.changes import Scenario
from scenarios.comparison_days import daily
from scenarios.figure_words import TERM, TOLD, figure_words
from scenarios.inputs import Inputs
from scheduler.solution import Limits
from scheduler.staffing.confidence import mean

COLUMNS = (
    "scenario", "figure", "value", "baseline", "difference", "difference_share", "difference_low", "difference_high"
)  # fmt: skip
Rows = dict[str, dict[Hashable, Any]]
"""Rows of a comparison's table of one scenario, by figure."""
BASELINE = Scenario("baseline")


@dataclass(frozen=True, eq=False)
class Comparison:
    """Answers to the same question, the baseline first.

    Parameters
    ----------
    table : `COLUMNS`; ``difference_low`` and ``difference_high`` are the ends of the 95 % interval of the paired difference (the same
        customers in every scenario), missing where nothing was played
    """

    inputs: Inputs
    level: Level
    scenarios: tuple[Scenario, ...]
    answers: tuple[Answer, ...]
    table: pd.DataFrame

    def by_interval(self) -> pd.DataFrame:
        """`Answer.by_interval` of all scenarios under one another."""
        return self._stacked(found.by_interval for found in self.answers)

    def by_day(self) -> pd.DataFrame:
        """Contacts, hours and service of each day and queue of all scenarios under one another."""
        grid = self.inputs.grid
        return self._stacked(daily(found.by_interval, grid, ["date", "queue"]) for found in self.answers)

    def _stacked(self, tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
        pairs = zip(tables, self.scenarios, strict=True)
        return pd.concat([table.assign(scenario=each.name) for table, each in pairs], ignore_index=True)

    def rows(self, place: int) -> Rows:
        """The rows of `table` of one scenario, by figure."""
        own = self.table[self.table["scenario"] == self.scenarios[place].name]
        return {row["figure"]: row for row in own.to_dict("records")}

    def sentence(self, place: int) -> str:
        """What a scenario changes and what comes of it, from its figures."""
        rows = self.rows(place)
        moved = [_told(name, rows[name]) for name in TOLD if name in rows and rows[name]["difference"] != 0]
        return f"{self.scenarios[place].words}: {', '.join(moved) or 'no figure differs'}"


def compared(
    inputs: Inputs,
    scenarios: Sequence[Scenario],
    level: Level,
    limits: Limits,
    replications: int = REPLICATIONS,
) -> Comparison:
    """Answer the baseline and every scenario alike; raises `BadInput` as the chain does."""
    every = (BASELINE, *scenarios)
    answers = tuple(answer(each.applied(inputs), level, limits, replications) for each in every)
    names = list(dict.fromkeys(name for found in answers for name in found.figures))
    rows = [
        row
        for scenario, found in zip(every, answers, strict=True)
        for row in _rows(scenario, found, answers[0], names)
    ]
    return Comparison(inputs, level, every, answers, pd.DataFrame(rows, columns=list(COLUMNS)))


def _figure(found: Answer, name: str) -> float:
    """A figure of an answer; terms of cost that a rota has not are nothing, other figures that it has not are not known."""
    return found.figures.get(name, 0.0 if name.startswith(TERM) else float("nan"))


def _rows(scenario: Scenario, found: Answer, base: Answer, names: Sequence[str]) -> list[tuple[object, ...]]:
    rows = list[tuple[object, ...]]()
    for name in names:
        value, usual = (_figure(each, name) for each in (found, base))
        difference = 0.0 if value == usual or (value != value and usual != usual) else value - usual
        share = difference / usual if usual else (0.0 if difference == 0 else float("nan"))
        low, high = paired(found.samples.get(name), base.samples.get(name))
        rows.append((scenario.name, name, value, usual, difference, share, low, high))
    return rows


def paired(one: Sequence[float] | None, other: Sequence[float] | None) -> tuple[float, float]:
    """Ends of the 95 % interval of the mean difference of two samples, replication by replication; missing where there are none.

    Examples
    --------
    >>> [round(end, 3) for end in paired((1.0, 2.0, 3.0), (0.5, 1.0, 2.5))]
    [-0.05, 1.384]
    """
    if one is None or other is None or len(one) != len(other):
        return float("nan"), float("nan")
    found = mean(np.array(one) - np.array(other))
    return float(found.low), float(found.high)


def _told(name: str, row: Mapping[Hashable, Any]) -> str:
    """One figure's difference in words, such as ``agent-hours required +2,100.0 (+20.1 %) to 12,600.5``."""
    words = figure_words(name)
    called = words.names[0]
    if row["difference"] != row["difference"]:  # no such figure, as service where nobody calls
        return f"{called} not known {'here' if row['value'] != row['value'] else 'in the baseline'}"
    if words.unit == "share":
        sure = ""
        if row["difference_low"] == row["difference_low"]:
            sure = f", 95 % {100 * row['difference_low']:+.2f} to {100 * row['difference_high']:+.2f}"
        return f"{called} {100 * row['difference']:+.2f} points to {100 * row['value']:.2f} %{sure}"
    share = (
        f" ({100 * row['difference_share']:+.1f} %)"
        if row["difference_share"] == row["difference_share"]
        else ""
    )
    return f"{called} {row['difference']:+,.1f}{share} to {row['value']:,.1f}"
