"""A real call centre, month by month: what simulator and formulas say of it, and what happened.

    python benchmarks/call_records.py

Calls come when they came. Measured from the same month's records: how long each call took an agent; how long callers were willing to
wait, by kind of call (Kaplan-Meier: whoever was answered is censored); how long agents stayed away after a call while somebody waited
(Kaplan-Meier: censored when nobody waits any more); who was at work (an agent who took no call for longer than a gap of some minutes
was away). Only that gap is a choice: for each month and method it is the one that fits the two *other* months best. Nothing is fitted
to the figures that are predicted.

What limits it: the records show agents in calls, not agents who wait for one, so that who was at work stays a guess; with short gaps
agents seem to be there just when calls come, which flatters a replay of those very calls and starves what is drawn or averaged.
Routing by priority is told in part only, other work of agents not at all.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from call_records_measured import (
    INTERVAL,
    MONTHS,
    QUEUES,
    Flags,
    Floats,
    Month,
    after_call,
    at_work,
    patience,
    read,
)

from scheduler.staffing import performance
from scheduler.staffing.simulation import Floor, Stretches, Trace, simulate
from scheduler.staffing.simulation_results import ratio

GAPS_MINUTES = (3, 5, 10, 15, 20, 30)
WITHIN = (20, 30, 60)
MEASURES = ("at once", *(f"{seconds} s" for seconds in WITHIN), "gave up")
CLASSES = {"all": range(7), "Sun-Thu": (6, 0, 1, 2, 3), "Fri": (4,), "Sat": (5,)}
REPLICATIONS = 10
Counts = Floats
"""Calls of each interval that fared as MEASURES say, then all calls: shape (replications, len(MEASURES) + 1, intervals)."""


def happened(month: Month) -> Counts:
    """What the records tell."""
    fared = [month.answered & (month.wait <= seconds) for seconds in (0, *WITHIN)] + [~month.answered]
    place = (month.came // INTERVAL).astype(int)
    rows = [np.bincount(place[which], minlength=month.intervals) for which in (*fared, slice(None))]
    return np.array([rows], dtype=float)


def replayed(
    month: Month, gap_minutes: float, replications: int, after: bool = True, urgent_first: bool = False
) -> Counts:
    """Simulated with the calls that came: work as recorded (of those who gave up: of another caller of their kind), patience drawn.

    Parameters
    ----------
    after : whether agents stay away after calls as `after_call` says
    urgent_first : whether callers of priority 2 go first. The records tell the priority only of callers who had to wait: as many
        of the others have it, by lot
    """
    work, away = at_work(month, gap_minutes), after_call(month).up_to(60 * gap_minutes)
    skills = _with_unnamed(month, work).astype(float)
    willing = [patience(month, queue) for queue in range(len(QUEUES))]
    found = []
    for number in range(replications):
        rng = np.random.default_rng([MONTHS[month.name], number])
        seconds, patient = month.service.copy(), np.zeros(len(month.came))
        queue = month.queue.copy()
        for kind in np.unique(queue):
            own = np.flatnonzero(month.queue == kind)
            gone, served = own[~month.answered[own]], own[month.answered[own]]
            seconds[gone] = rng.choice(month.service[served], len(gone))
            patient[own] = willing[kind].drawn(rng, len(own))
            waited = month.wait[own] > 0
            queue[own] += len(QUEUES) * (
                urgent_first & (rng.random(len(own)) < month.urgent[own][waited].mean())
            )
        seconds += away.drawn(rng, len(seconds)) if after else 0.0
        trace = Trace(queue, month.came, seconds, patient)
        nobody = np.zeros((2 * len(QUEUES), month.intervals))
        floor = Floor(
            INTERVAL, nobody, 60, np.hstack([skills, skills]), work, priority=[0] * 6 + [1] * 6, trace=trace
        )
        found.append(_simulated(floor, 1, number)[0])
    return np.array(found)


def drawn(month: Month, gap_minutes: float, replications: int) -> Counts:
    """Simulated as a plan is: as many calls in each half hour as came, at random instants; lognormal work, exponential patience."""
    work, away = at_work(month, gap_minutes), after_call(month).up_to(60 * gap_minutes).mean
    calls, aht = np.zeros((2, len(QUEUES), month.intervals))
    willing, cv = np.ones(len(QUEUES)), np.ones(len(QUEUES))
    for kind in np.unique(month.queue):
        own = month.queue == kind
        calls[kind] = np.bincount((month.came[own] // INTERVAL).astype(int), minlength=month.intervals)
        taken = month.service[own & month.answered]
        aht[kind], cv[kind] = taken.mean() + away, taken.std() / (taken.mean() + away)
        willing[kind] = month.wait[own].sum() / (~month.answered[own]).sum()
    floor = Floor(
        INTERVAL, calls, np.maximum(aht, 1), _with_unnamed(month, work).astype(float), work,
        patience_seconds=willing[:, None], service="lognormal", service_cv=cv,
    )  # fmt: skip
    return _simulated(floor, replications, 1)


def _with_unnamed(month: Month, work: Stretches) -> Flags:
    """Skills of named agents, then those of unnamed ones, who may answer anything."""
    unnamed = int(np.max(work.agent)) + 1 - len(month.skills)
    return np.vstack([month.skills, np.ones((max(unnamed, 0), len(QUEUES)), dtype=bool)])


def _simulated(floor: Floor, replications: int, seed: int) -> Counts:
    """Counts of a floor; the contacts are the same for every threshold."""
    rows: list[Floats] = []
    for seconds in WITHIN:
        found = simulate(replace(floor, target_seconds=seconds), replications, seed, workers=2)
        rows.append(found.count("within").sum(axis=1))
    ends = [found.count(name).sum(axis=1) for name in ("at_once", "abandoned", "offered")]
    return np.stack([ends[0], *rows, *ends[1:]], axis=1)


def by_formula(month: Month, gap_minutes: float, patient: bool) -> Counts:
    """Each half hour by itself by Erlang A or C: the calls that came, the agents there on average, two teams where internet calls
    have agents of their own.
    """
    work, away = at_work(month, gap_minutes), after_call(month).up_to(60 * gap_minutes).mean
    taken = np.array(
        [np.bincount(month.queue[month.server == s], minlength=len(QUEUES)) for s in range(len(month.skills))]
    )
    own_team = np.append(taken[:, -1] > taken.sum(axis=1) / 2, np.zeros(1000, dtype=bool))
    total = np.zeros((len(MEASURES) + 1, month.intervals))
    for internet in (False, True) if own_team.any() else (None,):
        which = (
            np.ones(len(month.came), bool)
            if internet is None
            else (month.queue == len(QUEUES) - 1) == internet
        )
        staff = np.ones(len(own_team), bool) if internet is None else own_team == internet
        agents = _mean_present(work, staff, month.intervals)
        total += _formula(month, which, agents, away, patient)
    return total[None]


def _formula(month: Month, which: Flags, agents: Floats, away: float, patient: bool) -> Floats:
    """One team's half hours."""
    place, done = (month.came // INTERVAL).astype(int), which & month.answered
    calls = np.bincount(place[which], minlength=month.intervals).astype(float)
    served = np.bincount(place[done], minlength=month.intervals)
    work = np.bincount(place[done], month.service[done], minlength=month.intervals)
    aht = np.where(served > 0, work / np.maximum(served, 1), month.service[done].mean()) + away
    willing = month.wait[which].sum() / (~month.answered[which]).sum() if patient else None
    found = [performance(calls * 3600 / INTERVAL, aht, agents, seconds, willing) for seconds in (0, *WITHIN)]
    shares = [1 - found[0].p_wait, *(each.sl_offered for each in found[1:]), found[0].p_abandon]
    return np.array([*(share * calls for share in shares), calls])


def _mean_present(work: Stretches, staff: Flags, intervals: int) -> Floats:
    """Mean number of these agents at work in each interval."""
    edges = INTERVAL * np.arange(intervals + 1)
    own = staff[np.asarray(work.agent)]
    begin, end = np.asarray(work.start_s)[own], np.asarray(work.end_s)[own]
    seconds = [
        np.clip(end[:, None], None, edge) - np.clip(begin[:, None], None, edge)
        for edge in np.array_split(edges, 64)
    ]
    return np.diff(np.hstack([part.sum(axis=0) for part in seconds])) / INTERVAL


def shares(counts: Counts, month: Month, weekdays: range | tuple[int, ...]) -> tuple[Floats, Floats]:
    """Share of calls by MEASURES on some weekdays and half its 95 % interval over replications."""
    days = np.isin(month.weekday, list(weekdays)).repeat(int(86400 / INTERVAL))
    sums = counts[..., days].sum(axis=2)
    found = [ratio(sums[:, k], sums[:, -1]) for k in range(len(MEASURES))]
    return np.array([each.mean for each in found]), np.array([each.half_width for each in found])


METHODS: dict[str, Callable[[Month, int, int], Counts]] = {
    "simulated, calls as they came": lambda month, gap, times: replayed(month, gap, replications=times),
    "simulated, calls drawn": drawn,
    "Erlang A, each half hour": lambda month, gap, _: by_formula(month, gap, patient=True),
    "Erlang C, each half hour": lambda month, gap, _: by_formula(month, gap, patient=False),
}


def off_by(month: Month, counts: Counts) -> float:
    """Mean absolute difference from what happened, over MEASURES."""
    pair = [shares(each, month, CLASSES["all"])[0] for each in (counts, happened(month))]
    return float(np.abs(pair[0] - pair[1]).mean())


def gaps_of(months: list[Month], method: Callable[[Month, int, int], Counts]) -> list[int]:
    """For each month the gap with which a method is least off in the others."""
    off = np.array([[off_by(month, method(month, gap, 2)) for gap in GAPS_MINUTES] for month in months])
    return [GAPS_MINUTES[int(np.delete(off, k, axis=0).sum(axis=0).argmin())] for k in range(len(months))]


def told(month: Month, gaps: dict[str, int]) -> Iterator[str]:
    """The lines of a month; ``gaps`` by method."""
    counts = {"happened": happened(month)}
    counts |= {f"{name} ({gap} min)": METHODS[name](month, gap, REPLICATIONS) for name, gap in gaps.items()}
    for name, days in CLASSES.items():
        calls = counts["happened"][0, -1, np.isin(month.weekday, list(days)).repeat(48)].sum()
        yield f"\n{month.name}, {name}: {calls:,.0f} calls"
        yield from (_line(row, *shares(each, month, days)) for row, each in counts.items())
    replay, erlang = METHODS["simulated, calls as they came"], METHODS["Erlang A, each half hour"]
    gap = gaps["simulated, calls as they came"]
    others = {
        f"agents free at once after a call ({gap} min)": replayed(month, gap, after=False, replications=3),
        f"priority 2 before others ({gap} min)": replayed(month, gap, urgent_first=True, replications=3),
    }
    others |= {f"simulated, calls as they came ({gap} min)": replay(month, gap, 3) for gap in GAPS_MINUTES}
    others |= {f"Erlang A, each half hour ({gap} min)": erlang(month, gap, 1) for gap in GAPS_MINUTES}
    yield f"\n{month.name}, all, otherwise"
    yield from (_line(row, *shares(each, month, CLASSES["all"])) for row, each in others.items())


def _line(name: str, mean: Floats, half: Floats) -> str:
    ends = (f" ±{100 * h:4.1f}" if np.isfinite(h) else " " * 6 for h in half)
    return f"  {name:48}" + "".join(f"{100 * m:6.1f}{end}" for m, end in zip(mean, ends, strict=True))


def main() -> None:
    """Print everything."""
    months = [read(name) for name in MONTHS]
    gaps = {name: gaps_of(months, method) for name, method in METHODS.items()}
    print(
        "Share of calls, % (in brackets: agents away after so long without a call, as fits the other two months best)"
    )
    print(f"{'':50}" + "".join(f"{name:>8}    " for name in MEASURES))
    for k, month in enumerate(months):
        chosen = {name: found[k] for name, found in gaps.items()}
        gap = chosen["simulated, calls as they came"]
        work, away = at_work(month, gap), after_call(month).up_to(60 * gap).mean
        hours = np.sum(np.asarray(work.end_s) - np.asarray(work.start_s)) / 3600
        print(
            f"\n{month.name}: {hours:,.0f} agent-hours at work ({gap} min), {np.nansum(month.service) / 3600:,.0f} of them in calls,"
            f" {away:.1f} s on average until free again"
        )
        print("\n".join(told(month, chosen)))


if __name__ == "__main__":
    main()
