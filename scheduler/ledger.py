"""The ledger as accounts: what each person, or a team together, has had and owes, by calendar period."""

from dataclasses import dataclass, field

import pandas as pd

from centre.instants import day_number, day_of
from scheduler.rules.facts import MINUTES_OF

COLUMNS = ("agent_id", "account", "period", "amount", "unit", "as_of")
ENTRY, AWAY = "entry", "away"
"""Periods of the accounts of fairness for what somebody is taken to have had: as a newcomer, and while on leave for a whole horizon."""
Key = tuple[str, str, str]
"""Who (an agent_id or ``team:TEAM``), account, period."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in one account: an amount in a unit, up to the end of a day."""

    amount: float
    unit: str
    as_of: int


@dataclass
class Ledger:
    """Accounts that can be added to; those that are not touched stay as they were read."""

    entries: dict[Key, Entry] = field(default_factory=dict)

    @classmethod
    def from_frame(cls, table: pd.DataFrame) -> "Ledger":
        """The latest entry of every account, in the order of the table."""
        entries: dict[Key, Entry] = {}
        columns = (table[name].tolist() if len(table) else [] for name in COLUMNS)
        for who, account, period, amount, unit, as_of in zip(*columns, strict=True):
            key, day = (str(who), account, period), day_number(as_of)
            if key not in entries or day >= entries[key].as_of:
                entries[key] = Entry(float(amount), unit, day)
        return cls(entries)

    def frame(self) -> pd.DataFrame:
        """The table of ``ledger.csv``: by person, account and period."""
        rows = [
            (*key, entry.amount, entry.unit, day_of(entry.as_of))
            for key, entry in sorted(self.entries.items())
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def amount(self, who: str, account: str, period: str) -> float:
        """What stands in an account, in its own unit; 0 where there is none."""
        entry = self.entries.get((who, account, period))
        return entry.amount if entry else 0.0

    def minutes(self, who: str, account: str, period: str) -> float:
        """What stands in an account of time, in minutes."""
        entry = self.entries.get((who, account, period))
        return entry.amount * MINUTES_OF.get(entry.unit.lower(), 1) if entry else 0.0

    def add(self, who: str, account: str, period: str, amount: float, unit: str, as_of: int) -> None:
        """Add to an account; one that is kept in hours is kept in minutes from then on."""
        before = (
            self.minutes(who, account, period) if unit == "minutes" else self.amount(who, account, period)
        )
        self.entries[who, account, period] = Entry(before + amount, unit, as_of)
