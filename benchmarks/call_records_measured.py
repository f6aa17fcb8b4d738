"""Call records of a real centre, month by month, and what can be measured in them: who was at work, patience, time after calls."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scheduler.staffing.simulation import Stretches

Floats, Ints, Flags = NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]
RECORDS = Path(__file__).parent / "data" / "anonbank_1999_call_records.csv.gz"
MONTHS = {"January 1999": 1, "February 1999": 2, "October 1999": 10}
QUEUES = ("PS", "NW", "NE", "PE", "TT", "IN")
INTERVAL = 1800.0
SKILL_SHARE = 0.01  # of an agent's calls: rarer kinds are taken for mistakes of routing


@dataclass(frozen=True, eq=False)
class Month:
    """The calls of a month that reached the queue of agents, by time; arrays of shape (calls,), times in seconds from its start.

    ``server`` is -1 where the records do not name it; ``starts`` is NaN for callers who gave up. ``skills`` : servers x queues.
    """

    name: str
    weekday: Ints
    came: Floats
    queue: Ints
    urgent: Flags
    wait: Floats
    answered: Flags
    starts: Floats
    service: Floats
    server: Ints
    skills: Flags

    @property
    def intervals(self) -> int:
        """Half hours of the month."""
        return int(len(self.weekday) * 86400 / INTERVAL)

    def calls_of(self, server: int) -> tuple[Floats, Floats]:
        """Start and end of a server's calls, by time."""
        own = np.flatnonzero(self.server == server)
        own = own[np.argsort(self.starts[own], kind="stable")]
        return self.starts[own], np.maximum.accumulate(self.starts[own] + self.service[own])


def read(name: str) -> Month:
    """A month's calls; those that hung up in the voice response unit and phantoms are left out."""
    records = pd.read_csv(RECORDS, parse_dates=["arrival", "ser_start"])
    zero = pd.Timestamp(1999, MONTHS[name], 1)
    calls = records[records["arrival"].dt.month == MONTHS[name]]
    calls = calls[(calls["outcome"] == "AGENT") | ((calls["outcome"] == "HANG") & calls["q_start"].notna())]
    calls = calls[calls["queue"].isin(QUEUES)]
    at = (calls["arrival"] - zero).dt.total_seconds().to_numpy() + calls["vru_s"].clip(lower=0).to_numpy()
    order = np.argsort(at, kind="stable")[: np.searchsorted(np.sort(at), zero.days_in_month * 86400.0)]
    calls, at = calls.iloc[order], at[order]
    wait, answered = calls["wait_s"].to_numpy(float), (calls["outcome"] == "AGENT").to_numpy()
    told = (calls["ser_start"] - zero).dt.total_seconds().to_numpy()
    starts = np.where(np.abs(told - at - wait) <= 60, told, at + wait)  # a few say another day
    server, names = pd.factorize(calls["server"])
    queue = np.array([QUEUES.index(kind) for kind in calls["queue"]])
    taken = np.zeros((len(names), len(QUEUES)))
    np.add.at(taken, (server[server >= 0], queue[server >= 0]), 1)
    return Month(
        name=name,
        weekday=np.array([(zero + pd.Timedelta(days=day)).weekday() for day in range(zero.days_in_month)]),
        came=at,
        queue=queue,
        urgent=(calls["priority"] == 2).to_numpy(),
        wait=wait,
        answered=answered,
        starts=np.where(answered, starts, np.nan),
        service=calls["service_s"].to_numpy(float),
        server=np.where(answered, server, -1),
        skills=taken >= SKILL_SHARE * taken.sum(axis=1, keepdims=True),
    )


@dataclass(frozen=True, eq=False)
class Survival:
    """Kaplan-Meier: share still there after each of ``seconds``; beyond the last, exponential with the mean ``beyond``."""

    seconds: Floats
    share: Floats
    beyond: float

    @classmethod
    def of(cls, seconds: Floats, ended: Flags) -> "Survival":
        """From durations, where ``ended`` is false those that were cut short."""
        seconds, ended = seconds[order := np.argsort(seconds, kind="stable")], ended[order]
        values, first = np.unique(seconds, return_index=True)
        gone = np.add.reduceat(ended.astype(float), first)
        return cls(values, np.cumprod(1 - gone / (len(seconds) - first)), seconds.sum() / max(ended.sum(), 1))

    def up_to(self, longest: float) -> "Survival":
        """That of durations not longer than this."""
        kept = self.seconds <= longest
        last = self.share[kept][-1]
        return Survival(self.seconds[kept], (self.share[kept] - last) / (1 - last), 0.0)

    def drawn(self, rng: np.random.Generator, count: int) -> Floats:
        """Random durations."""
        place = np.searchsorted(-self.share, -rng.random(count), side="left")
        inside = place < len(self.seconds)
        found = self.seconds[np.minimum(place, len(self.seconds) - 1)]
        return np.where(inside, found, found + self.beyond * rng.exponential(size=count))

    @property
    def mean(self) -> float:
        """The mean where all durations have ended."""
        return float(-np.diff(self.share, prepend=1.0) @ self.seconds)


def patience(month: Month, queue: int) -> Survival:
    """How long callers of a kind wait before they give up, from those who had to wait."""
    waited = (month.queue == queue) & (month.wait > 0)
    return Survival.of(month.wait[waited], ~month.answered[waited])


def after_call(month: Month) -> Survival:
    """Time from the end of a call until the agent takes the next one while callers wait whom it may serve."""
    seconds, ended = [], []
    for server, skills in enumerate(month.skills):
        begins, ends = _somebody_waits(month, skills)
        starts, stops = month.calls_of(server)
        gap, place = starts[1:] - stops[:-1], np.searchsorted(begins, stops[:-1] + 0.5, side="right") - 1
        until = (
            np.where(place >= 0, ends[np.maximum(place, 0)], -np.inf)
            if len(ends)
            else np.full(len(gap), -np.inf)
        )
        seen = (gap >= 0) & (until > stops[:-1] + 0.5)
        taken = until >= starts[1:] - 2  # the records are a second or two apart
        seconds.append(np.where(taken, gap, until - stops[:-1])[seen])
        ended.append(taken[seen])
    return Survival.of(np.concatenate(seconds), np.concatenate(ended))


def _somebody_waits(month: Month, skills: Flags) -> tuple[Floats, Floats]:
    """Spans in which at least one caller of these kinds waits."""
    who = (month.wait > 0) & skills[month.queue]
    begins, ends = month.came[who], np.maximum.accumulate((month.came + month.wait)[who])
    fresh = np.append(True, begins[1:] > ends[:-1])[: len(begins)]
    return begins[fresh], ends[np.append(fresh[1:], True)[: len(ends)]]


def at_work(month: Month, gap_minutes: float) -> Stretches:
    """From an agent's first call to its last, where gaps are longer than this anew; callers served by an unnamed agent bring one more
    agent for as long as their call lasts.
    """
    agent, begin, end = [], [], []
    for server in range(len(month.skills)):
        starts, stops = month.calls_of(server)
        fresh = np.append(True, starts[1:] - stops[:-1] > 60 * gap_minutes)[: len(starts)]
        last = np.append(fresh[1:], True)[: len(starts)]
        agent.append(np.full(fresh.sum(), server))
        begin.append(starts[fresh])
        end.append(np.maximum(stops[last], starts[fresh] + 1))
    unnamed = np.flatnonzero(month.answered & (month.server < 0))
    unnamed = unnamed[np.argsort(month.starts[unnamed])]
    free: list[float] = []
    for start, stop in zip(month.starts[unnamed], (month.starts + month.service)[unnamed] + 1, strict=True):
        who = next((k for k, until in enumerate(free) if until <= start), len(free))
        free[who : who + 1] = [stop]
        agent.append(np.array([len(month.skills) + who]))
        begin.append(np.array([start]))
        end.append(np.array([stop]))
    return Stretches(np.concatenate(agent), np.concatenate(begin), np.concatenate(end))
