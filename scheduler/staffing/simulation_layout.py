"""A floor laid out for the kernel: agents who answer alike gathered in groups, the rota as a list of changes, lists end to end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.staffing.checks import Floats
from scheduler.staffing.floor import TRIGGERS
from scheduler.staffing.floor_checks import Checked
from scheduler.staffing.simulation_groups import (
    Called,
    Group,
    called_groups,
    end_of,
    overflows,
    own_groups,
    skilled_speeds,
    with_overflow,
)
from scheduler.staffing.simulation_layout_backup import helper_records, looked_at, pool_records
from scheduler.staffing.simulation_records import (
    ARRIVAL,
    CHANGE,
    ENTRY,
    GROUP,
    QUEUE,
    REACH,
    TRIGGER,
    Ints,
    Plan,
    Records,
    starts_of,
    table,
)


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """The plan of a floor, its queues and pools as they are at the start, which group answers which queue at once, and the paths that
    arrivals may take, each (queues, intervals).
    """

    plan: Plan
    queues: Records
    groups: Records
    pools: Records
    helpers: Records
    paths: Floats
    serves: NDArray[np.bool_]


def layout(checked: Checked) -> Layout:
    """A checked floor as the kernel wants it."""
    floor, given = checked.floor, checked.by_queue
    codes: dict[Group, int] = {}
    skilled = skilled_speeds(checked)
    own = own_groups(checked, codes, skilled)
    called = called_groups(checked, codes, skilled, own)
    rota = _rota(checked, own, called)
    helpers, windows = helper_records(checked, called)
    groups = list(codes)
    serves = _serves(groups, len(checked.arrivals))
    entry_at, entries = _entries(checked, groups)
    reach_at, reach = _reach(checked, groups, [served for served, _, _ in groups])
    over_at, over = _reach(checked, groups, [overflows(checked, served) for served, _, _ in groups])
    interval = float(np.asarray(floor.interval_seconds))
    triggers = [each for pool in floor.backup for each in pool.triggers]
    paths = checked.paths / interval * (floor.trace is None)
    plan = Plan(
        interval=interval,
        horizon=checked.arrivals.shape[1] * interval,
        lazy=not floor.backup and not (given["redial_share"] > 0).any(),
        least_occupied=floor.agent_choice == "least_occupied",
        busyness_shape=0.0 if floor.busyness_cv == 0 else float(floor.busyness_cv) ** -2.0,
        most=int(given["concurrency"].max()),
        rates=paths[0],
        aht=checked.aht_seconds,
        patience=checked.patience_seconds,
        speed=with_overflow(checked, skilled),
        entries=entries,
        reach=reach,
        over=over,
        rota=rota,
        trace=_trace(checked),
        pool_queues=np.array([q for pool in floor.backup for q in pool.queues], dtype=np.int64),
        pool_triggers=np.array(
            [(TRIGGERS.index(each.when), each.threshold, each.release) for each in triggers], dtype=TRIGGER
        ),
        pool_serves=looked_at(checked, groups, serves),
        windows=windows,
        required=checked.required,
        days=checked.days,
        watches_service=any(each.when == "service_level" for each in triggers),
    )
    starts = {"reach": reach_at, "over": over_at}
    groups_at_start = table(GROUP, len(groups), first_entry=entry_at[:-1], last_entry=entry_at[1:])
    pools = pool_records(checked)
    return Layout(plan, _queues(checked, starts), groups_at_start, pools, helpers, paths, serves)


def _queues(checked: Checked, starts: dict[str, Ints]) -> Records:
    """Settings of the queues and their parts of lists; wrap-up only where it matters when the customer goes."""
    given, count = checked.by_queue, len(checked.arrivals)
    watched = (given["transfer_share"] > 0) | bool(checked.floor.backup)
    wrap = np.where(watched, given["wrap_up_seconds"] / checked.aht_seconds.mean(axis=1), 0.0)
    return table(
        QUEUE,
        count,
        target=given["target_seconds"],
        sigma=np.sqrt(np.log1p(given["service_cv"] ** 2)),
        wrap_share=wrap,
        slowdown=given["slowdown"],
        transfer_share=given["transfer_share"],
        redial_share=given["redial_share"],
        redial_seconds=given["redial_seconds"],
        overflow_seconds=given["overflow_seconds"],
        service=checked.service,
        concurrency=given["concurrency"],
        transfer_to=given["transfer_to"],
        overflow_to=given["overflow_to"],
        **{f"first_{name}": at[:-1] for name, at in starts.items()},
        **{f"last_{name}": at[1:] for name, at in starts.items()},
    )


def _rota(checked: Checked, own: dict[tuple[int, int], int], called: dict[int, Called]) -> Records:
    """Comings and goings in order of time, goings first; cut to the floor, stretches without a gap joined."""
    at = checked.stretches
    end = end_of(checked)
    lines: list[tuple[float, int, int, int, int, float]] = []
    share_of: dict[tuple[int, int], float] = {}
    previous: tuple[int, int, int, float] | None = None
    for i in range(len(at["agent"])):
        agent, shift, queue = int(at["agent"][i]), int(at["shift"][i]), int(at["queue"][i])
        start, stop = max(at["start_s"][i], 0.0), min(at["end_s"][i], end)
        share = share_of.setdefault((agent, shift), float(at["absence_share"][i]))
        if stop <= 0 or start >= end:
            continue
        group, none = own[agent, queue], called.get(agent, Called())
        gone = (stop, agent, -1, none.group(-1), shift, share)
        if previous == (agent, shift, group, start):
            lines[-1] = gone
        else:
            lines += [(start, agent, group, none.group(group), shift, share), gone]
        previous = (agent, shift, group, stop)
    lines.sort(key=lambda line: (line[0], line[2] >= 0, line[1]))
    return np.array([*lines, (np.inf, 0, -1, -1, 0, 0.0)], dtype=CHANGE)


def _serves(groups: list[Group], queues: int) -> NDArray[np.bool_]:
    """Which group answers which queue, overflow apart."""
    serves = np.zeros((len(groups), queues), dtype=bool)
    for g, (served, _, _) in enumerate(groups):
        serves[g, list(served)] = True
    return serves


def _entries(checked: Checked, groups: list[Group]) -> tuple[Ints, Records]:
    """For each group the queues that it answers, in tiers by priority and then preference."""
    given, lines, sizes = checked.by_queue, [], []
    for served, preference, _ in groups:
        over = overflows(checked, served)
        ranks = preference if checked.floor.preference_decides != "agent" else (0.0,) * len(preference)
        keys = {q: (-given["priority"][q], ranks[q]) for q in (*served, *over)}
        tiers = sorted(set(keys.values()))
        found = sorted((tiers.index(key), q) for q, key in keys.items())
        lines += [(q, tier, given["overflow_seconds"][q] if q in over else 0.0) for tier, q in found]
        sizes.append(len(found))
    return starts_of(sizes), np.array(lines, dtype=ENTRY)


def _reach(checked: Checked, groups: list[Group], answers: list[tuple[int, ...]]) -> tuple[Ints, Records]:
    """For each queue the groups that may answer it, those preferred first; ``answers`` tells the queues of each group."""
    by_preference = checked.floor.preference_decides != "contact"
    lines: list[tuple[int, int]] = []
    sizes = []
    for q in range(len(checked.arrivals)):
        ranks = {g: groups[g][1][q] if by_preference else 0.0 for g in range(len(groups)) if q in answers[g]}
        order = sorted(set(ranks.values()))
        lines += sorted(((g, order.index(rank)) for g, rank in ranks.items()), key=lambda line: line[1])
        sizes.append(len(ranks))
    return starts_of(sizes), np.array(lines, dtype=REACH)


def _trace(checked: Checked) -> Records:
    """The contacts of a trace and a last line that never comes; that line alone where contacts are drawn."""
    trace, count = checked.trace, len(checked.trace.get("queue", ()))
    records = table(ARRIVAL, count + 1, at=np.inf)
    if count:
        records["at"][:-1], records["queue"][:-1] = trace["arrival_s"], trace["queue"]
        records["work"][:-1], records["patience"][:-1] = trace["work_s"], trace["patience_s"]
    return records
