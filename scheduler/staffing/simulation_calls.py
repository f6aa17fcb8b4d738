"""Who of a backup pool is called and who goes, in the simulation kernel, as `BackupPool` tells."""

import math

from scheduler.compiled import compiled_part
from scheduler.staffing.checks import Floats
from scheduler.staffing.simulation_records import Plan, Space

OFF, COMING, HERE = range(3)
"""States of a helper."""


@compiled_part
def call(
    plan: Plan, space: Space, calls: Floats, b: int, t: float, k: int, trigger: int, value: float
) -> bool:
    """Call a batch of a pool's people, as many as may come; whether anybody does."""
    now, pools, helpers = space.now[0], space.pools, space.helpers
    while now.day + 1 < len(plan.days) and plan.days[now.day + 1] <= t:
        now.day += 1
    first, last = pools[b].first_agent, pools[b].last_agent
    wanted = pools[b].batch if pools[b].batch > 0 else last - first
    for _ in range(wanted):
        best, fewest = -1, math.inf
        for h in range(first, last):
            had = helpers[h].before + helpers[h].calls
            if had < fewest and may_come(plan, space, b, h, t):
                best, fewest = h, had
        if best < 0:
            break
        send_for(plan, space, b, best, t, trigger, value)
    if pools[b].coming > 0:
        pools[b].calls += 1
        pools[b].move = min(pools[b].move, t + pools[b].lead)
        calls[b, k] += 1.0
    return bool(pools[b].coming > 0)


@compiled_part
def may_come(plan: Plan, space: Space, b: int, h: int, t: float) -> bool:
    """Whether one may be called now."""
    pools, helpers = space.pools, space.helpers
    today = helpers[h].today if helpers[h].day == space.now[0].day else 0
    if helpers[h].state != OFF or today >= pools[b].a_day:
        return False
    if helpers[h].before + helpers[h].calls >= pools[b].at_most:
        return False
    if pools[b].support and space.agents[helpers[h].agent].rota < 0:
        return False
    if t < helpers[h].left + pools[b].rest - pools[b].lead:
        return False
    return window_end(plan, space, b, h, t) > t


@compiled_part
def window_end(plan: Plan, space: Space, b: int, h: int, t: float) -> float:
    """When one who is called now has to go at the latest; -inf where no window holds the minimum."""
    pools, helpers, windows = space.pools, space.helpers, plan.windows
    w, last, arrival = helpers[h].window, helpers[h].last_window, t + pools[b].lead
    while w < last and windows[w].closes <= arrival:
        w += 1
    helpers[h].window = w  # later calls arrive later
    if w < last and windows[w].opens - pools[b].lead <= t and arrival + pools[b].minimum <= windows[w].closes:
        return float(windows[w].closes)
    return -math.inf


@compiled_part
def next_chance(plan: Plan, space: Space, b: int, t: float) -> float:
    """When, after now, time alone may let somebody come who may not now: a day begins, a rest ends, a window opens."""
    now, pool, helpers, windows = space.now[0], space.pools[b], space.helpers, plan.windows
    soonest = plan.days[now.day + 1] if now.day + 1 < len(plan.days) else math.inf
    for h in range(pool.first_agent, pool.last_agent):
        rested = helpers[h].left + pool.rest - pool.lead
        if rested > t:
            soonest = min(soonest, rested)
        for w in range(helpers[h].window, helpers[h].last_window):
            opens = windows[w].opens - pool.lead
            if opens > t:
                soonest = min(soonest, opens)
                break
    return float(soonest)


@compiled_part
def send_for(plan: Plan, space: Space, b: int, h: int, t: float, trigger: int, value: float) -> None:
    """Call one; who called when goes to the log."""
    now, pools, helpers, log = space.now[0], space.pools, space.helpers, space.log
    if now.logged == len(log):
        now.full = 1
        return
    row = now.logged
    now.logged = row + 1
    log[row].pool, log[row].agent, log[row].trigger, log[row].value = b, helpers[h].agent, trigger, value
    log[row].called_s, log[row].arrived_s, log[row].left_s = t, math.nan, math.nan
    if helpers[h].day != now.day:
        helpers[h].day, helpers[h].today = now.day, 0
    helpers[h].today += 1
    helpers[h].calls += 1
    helpers[h].until = window_end(plan, space, b, h, t)
    helpers[h].state, helpers[h].call, helpers[h].row = COMING, pools[b].calls, row
    helpers[h].at = t + pools[b].lead
    pools[b].coming += 1


@compiled_part
def let_go(space: Space, b: int, t: float) -> float:
    """Have those go whose minimum is over, of batches the last one; when the next minimum is over (inf: of nobody)."""
    pools, helpers, latest, soonest = space.pools, space.helpers, -1, math.inf
    for h in range(pools[b].first_agent, pools[b].last_agent):
        if helpers[h].state == HERE:
            due = helpers[h].arrived + pools[b].minimum
            if due <= t:
                latest = max(latest, helpers[h].call)
            else:
                soonest = min(soonest, due)
    for h in range(pools[b].first_agent, pools[b].last_agent):
        may_go = helpers[h].state == HERE and helpers[h].arrived + pools[b].minimum <= t
        if may_go and (pools[b].batch == 0 or helpers[h].call == latest):
            helpers[h].at = pools[b].move = t
    if latest >= 0 and pools[b].batch > 0:
        pools[b].over = t
    return soonest
