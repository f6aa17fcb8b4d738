"""A floor laid out for the kernel: agents who answer alike gathered in groups, the rota as a list of changes, lists end to end."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scheduler.staffing.checks import Floats
from scheduler.staffing.floor import ELSEWHERE, TRIGGERS, WITH_BACKUP_SKILLS
from scheduler.staffing.floor_checks import Checked
from scheduler.staffing.simulation_records import (
    ARRIVAL,
    CHANGE,
    ENTRY,
    GROUP,
    HELPER,
    POOL,
    QUEUE,
    REACH,
    TRIGGER,
    WINDOW,
    Ints,
    Plan,
    Records,
    starts_of,
    table,
)

Group = tuple[tuple[int, ...], tuple[float, ...], int]
"""What makes agents alike: the queues that they answer, their preferences, and by what they are at work: `BY_ROTA`, `CALLED`, or, for
those who support other queues besides, the code of their group otherwise.
"""
BY_ROTA, CALLED = -1, -2


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
    skilled = _skilled(checked)
    own = _own_groups(checked, codes, skilled)
    called = _called(checked, codes, skilled, own)
    rota = _rota(checked, own, called)
    helpers, windows = _helpers(checked, called)
    groups = list(codes)
    serves = _serves(groups, len(checked.arrivals))
    entry_at, entries = _entries(checked, groups)
    reach_at, reach = _reach(checked, groups, [served for served, _, _ in groups])
    over_at, over = _reach(checked, groups, [_overflows(checked, served) for served, _, _ in groups])
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
        speed=_with_overflow(checked, skilled),
        entries=entries,
        reach=reach,
        over=over,
        rota=rota,
        trace=_trace(checked),
        pool_queues=np.array([q for pool in floor.backup for q in pool.queues], dtype=np.int64),
        pool_triggers=np.array(
            [(TRIGGERS.index(each.when), each.threshold, each.release) for each in triggers], dtype=TRIGGER
        ),
        pool_serves=_looked_at(checked, groups, serves),
        windows=windows,
        required=checked.required,
        days=checked.days,
        watches_service=any(each.when == "service_level" for each in triggers),
    )
    starts = {"reach": reach_at, "over": over_at}
    groups_at_start = table(GROUP, len(groups), first_entry=entry_at[:-1], last_entry=entry_at[1:])
    pools = _pools(checked)
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


def _skilled(checked: Checked) -> Floats:
    """Speeds with those that backup has in call-outs where it has none otherwise."""
    speed = checked.speed.copy()
    for pool in checked.pools:
        speed[pool.agents] = np.where(speed[pool.agents] > 0, speed[pool.agents], pool.speed)
    return speed


def _with_overflow(checked: Checked, skilled: Floats) -> Floats:
    """Speeds, where overflow reaches an agent without the skill that of the queue it overflows to."""
    to = checked.by_queue["overflow_to"].astype(int)
    borrowed = np.where(to >= 0, skilled[:, to], 0.0)
    return np.ascontiguousarray(np.where(skilled > 0, skilled, borrowed))


def _group(checked: Checked, codes: dict[Group, int], agent: int, served: Iterable[int], by: int) -> int:
    """The code of the group that an agent is in who serves these queues."""
    queues = tuple(sorted({int(q) for q in served}))
    ranks = checked.preference[agent]
    answered = {*queues, *_overflows(checked, queues)}
    preference = tuple(float(ranks[q]) if q in answered else 0.0 for q in range(len(ranks)))
    return codes.setdefault((queues, preference, by), len(codes))


def _end(checked: Checked) -> float:
    """Seconds of the floor."""
    return float(checked.arrivals.shape[1] * np.asarray(checked.floor.interval_seconds))


def _own_groups(checked: Checked, codes: dict[Group, int], skilled: Floats) -> dict[tuple[int, int], int]:
    """The group by the rota of each agent in stretches of each kind (`Stretches.queue`)."""
    found: dict[tuple[int, int], int] = {}
    at = checked.stretches
    inside = (at["end_s"] > 0) & (at["start_s"] < _end(checked))
    kinds = zip(at["agent"][inside].tolist(), at["queue"][inside].tolist(), strict=True)
    for agent, queue in dict.fromkeys((int(a), int(q)) for a, q in kinds):
        speed = skilled if queue == WITH_BACKUP_SKILLS else checked.speed
        served = [queue] if queue >= 0 else [] if queue == ELSEWHERE else np.flatnonzero(speed[agent])
        found[agent, queue] = _group(checked, codes, agent, served, BY_ROTA)
    return found


@dataclass(frozen=True, eq=False, slots=True)
class _Called:
    """The group of an agent of a backup pool in a call-out: by the group that the rota wants it in (support), or else always the same."""

    always: int = -1
    by_own: dict[int, int] = field(default_factory=dict)

    def group(self, own: int) -> int:
        """The group for one who would be in ``own`` by the rota, -1 for nowhere."""
        return self.by_own.get(own, self.always)


def _called(
    checked: Checked, codes: dict[Group, int], skilled: Floats, own: dict[tuple[int, int], int]
) -> dict[int, _Called]:
    """Everybody of the pools."""
    found, groups = {}, list(codes)
    groups_of: dict[int, set[int]] = {}
    for (a, _), group in own.items():
        groups_of.setdefault(a, set()).add(group)
    for pool, told in zip(checked.floor.backup, checked.pools, strict=True):
        for a in told.agents:
            helps = set(np.flatnonzero(skilled[a]).tolist()) & set(pool.queues)
            if pool.support:
                mine = sorted(groups_of.get(a, ()))
                found[a] = _Called(
                    by_own={g: _group(checked, codes, a, {*groups[g][0], *helps}, g) for g in mine}
                )
            else:
                found[a] = _Called(_group(checked, codes, a, helps, CALLED))
    return found


def _rota(checked: Checked, own: dict[tuple[int, int], int], called: dict[int, _Called]) -> Records:
    """Comings and goings in order of time, goings first; cut to the floor, stretches without a gap joined."""
    at = checked.stretches
    end = _end(checked)
    lines: list[tuple[float, int, int, int, int, float]] = []
    share_of: dict[tuple[int, int], float] = {}
    previous: tuple[int, int, int, float] | None = None
    for i in range(len(at["agent"])):
        agent, shift, queue = int(at["agent"][i]), int(at["shift"][i]), int(at["queue"][i])
        start, stop = max(at["start_s"][i], 0.0), min(at["end_s"][i], end)
        share = share_of.setdefault((agent, shift), float(at["absence_share"][i]))
        if stop <= 0 or start >= end:
            continue
        group, none = own[agent, queue], called.get(agent, _Called())
        gone = (stop, agent, -1, none.group(-1), shift, share)
        if previous == (agent, shift, group, start):
            lines[-1] = gone
        else:
            lines += [(start, agent, group, none.group(group), shift, share), gone]
        previous = (agent, shift, group, stop)
    lines.sort(key=lambda line: (line[0], line[2] >= 0, line[1]))
    return np.array([*lines, (np.inf, 0, -1, -1, 0, 0.0)], dtype=CHANGE)


def _pools(checked: Checked) -> Records:
    """The backup pools, with their parts of the lists of agents, queues and triggers."""
    backup = checked.floor.backup
    parts = {
        name: starts_of([len(getattr(pool, told)) for pool in backup])
        for name, told in (("agent", "agents"), ("queue", "queues"), ("trigger", "triggers"))
    }
    told = {
        name: [getattr(pool, f"{name}_seconds") for pool in backup]
        for name in ("lead", "minimum", "maximum", "check", "sustained", "hold", "cool_down", "rest")
    }
    limits = {
        name: [np.inf if getattr(pool, limit) is None else getattr(pool, limit) for pool in backup]
        for name, limit in (("a_day", "calls_a_day"), ("at_most", "calls_at_most"))
    }
    return table(
        POOL,
        len(backup),
        batch=[pool.batch for pool in backup],
        support=[pool.support for pool in backup],
        **{f"first_{name}": at[:-1] for name, at in parts.items()},
        **{f"last_{name}": at[1:] for name, at in parts.items()},
        **told,
        **limits,
    )


def _helpers(checked: Checked, called: dict[int, _Called]) -> tuple[Records, Records]:
    """Everybody of the pools, and the windows of all of them one after another."""
    agents = [a for pool in checked.pools for a in pool.agents]
    spans: list[tuple[float, float]] = []
    sizes = []
    for pool, told in zip(checked.floor.backup, checked.pools, strict=True):
        for a in told.agents:
            own = told.windows.get(a, []) if pool.windows is not None else [(-np.inf, np.inf)]
            if pool.support:
                shifts = _shifts(checked, a)
                own = [(max(x, s), min(y, e)) for s, e in shifts for x, y in own if max(x, s) < min(y, e)]
            spans += own
            sizes.append(len(own))
    at = starts_of(sizes)
    before = np.concatenate([np.zeros(0), *(pool.calls_before for pool in checked.pools)])
    helpers = table(
        HELPER,
        len(agents),
        agent=agents,
        group=[called[a].group(-1) for a in agents],
        before=before,
        first_window=at[:-1],
        last_window=at[1:],
    )
    return helpers, np.array(spans, dtype=WINDOW)


def _shifts(checked: Checked, agent: int) -> list[tuple[float, float]]:
    """First start and last end of each of an agent's shifts, in order."""
    at = checked.stretches
    rows = np.flatnonzero(at["agent"] == agent)
    found: dict[float, tuple[float, float]] = {}
    for i in rows.tolist():
        shift, start, end = float(at["shift"][i]), float(at["start_s"][i]), float(at["end_s"][i])
        found[shift] = (min(found.get(shift, (start, end))[0], start), end)
    return sorted(found.values())


def _looked_at(checked: Checked, groups: list[Group], serves: NDArray[np.bool_]) -> Ints:
    """Whether a pool counts those in a group, for they serve one of its queues: by the rota alone, and whatever has brought them to it;
    shape (2, pools, groups).
    """
    by = np.array([by for _, _, by in groups], dtype=np.int64)
    otherwise = np.where(by >= 0, by, np.arange(len(groups)))
    looks = np.zeros((2, len(checked.floor.backup), len(groups)), dtype=np.int64)
    for b, pool in enumerate(checked.floor.backup):
        helps: NDArray[np.bool_] = np.asarray(serves[:, list(pool.queues)].any(axis=1))
        looks[:, b] = helps[otherwise] & (by != CALLED), helps
    return looks


def _serves(groups: list[Group], queues: int) -> NDArray[np.bool_]:
    """Which group answers which queue, overflow apart."""
    serves = np.zeros((len(groups), queues), dtype=bool)
    for g, (served, _, _) in enumerate(groups):
        serves[g, list(served)] = True
    return serves


def _overflows(checked: Checked, served: tuple[int, ...]) -> tuple[int, ...]:
    """Queues that a group answers only after they overflow to it."""
    to = checked.by_queue["overflow_to"]
    return tuple(q for q in range(len(to)) if to[q] in served and q not in served)


def _entries(checked: Checked, groups: list[Group]) -> tuple[Ints, Records]:
    """For each group the queues that it answers, in tiers by priority and then preference."""
    given, lines, sizes = checked.by_queue, [], []
    for served, preference, _ in groups:
        over = _overflows(checked, served)
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
