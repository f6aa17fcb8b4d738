"""Backup pools in the simulation kernel, person by person: who is called, comes and goes, as `BackupPool` tells.

Those whose time has come move one an event; once nobody is left to move at an instant, somebody looks at the triggers.
"""

import math

from scheduler.compiled import compiled_part
from scheduler.staffing.checks import Floats
from scheduler.staffing.simulation_calls import COMING, HERE, OFF, call, let_go, next_chance
from scheduler.staffing.simulation_parts import WAITING
from scheduler.staffing.simulation_records import MINUTES, Plan, Space

CUSTOMERS_ONLINE, ONLINE_PER_AGENT, CUSTOMERS_WAITING, WAIT_SECONDS, AGENTS_SHORT, SERVICE_LEVEL = range(6)
"""Triggers in the order of `scheduler.staffing.floor.TRIGGERS`."""
BY_ROTA, ALL = range(2)

# ---- who moves ----


@compiled_part
def clear_pools(plan: Plan, space: Space) -> None:
    """Nobody is called yet, nobody has looked."""
    now, pools, helpers = space.now[0], space.pools, space.helpers
    now.day = now.logged = 0
    now.backup_at = math.inf
    for b in range(len(pools)):
        pools[b].held = pools[b].over = pools[b].move = math.inf
        pools[b].arrived = pools[b].gone = -math.inf
        pools[b].coming = pools[b].here = pools[b].calls = 0
        pools[b].looks = 1
        pools[b].look = pools[b].check if pools[b].check > 0.0 else math.inf
        now.backup_at = min(now.backup_at, pools[b].look)
    for h in range(len(helpers)):
        helpers[h].state, helpers[h].day, helpers[h].row = OFF, -1, -1
        helpers[h].calls = helpers[h].today = helpers[h].call = 0
        helpers[h].at, helpers[h].left = math.inf, -math.inf
        helpers[h].window = helpers[h].first_window
        space.agents[helpers[h].agent].help = helpers[h].group
    if plan.watches_service:
        for q in range(len(space.recent)):
            for place in range(MINUTES):
                space.recent[q, place].minute = -1


@compiled_part
def move_pool(plan: Plan, space: Space, t: float) -> int:
    """The helper who comes or goes now, as an agent; -1 where nobody does, for somebody only looks."""
    pools, helpers, moved = space.pools, space.helpers, -1
    for b in range(len(pools)):
        if moved < 0 and pools[b].move <= t:
            soonest = math.inf
            for h in range(pools[b].first_agent, pools[b].last_agent):
                if moved < 0 and helpers[h].at <= t:
                    turn_helper(space, b, h, t)
                    moved = helpers[h].agent
                soonest = min(soonest, helpers[h].at)
            pools[b].move = soonest
    return int(moved)


@compiled_part
def turn_helper(space: Space, b: int, h: int, t: float) -> None:
    """One who was called is there, or one who was there goes; what the rota wants of it then counts again."""
    pools, helpers, agents = space.pools, space.helpers, space.agents
    a, row = helpers[h].agent, helpers[h].row
    if helpers[h].state == COMING:
        helpers[h].state, helpers[h].arrived = HERE, t
        helpers[h].at = min(t + pools[b].maximum, helpers[h].until)
        agents[a].helping, agents[a].wanted = 1, agents[a].help
        pools[b].coming -= 1
        pools[b].here += 1
        pools[b].arrived = space.log[row].arrived_s = t
    else:
        helpers[h].state, helpers[h].left = OFF, t
        helpers[h].at = math.inf
        agents[a].helping, agents[a].wanted = 0, agents[a].rota
        pools[b].here -= 1
        pools[b].gone = space.log[row].left_s = t
    agents[a].at_once = pools[b].support and agents[a].group >= 0 and agents[a].wanted >= 0


@compiled_part
def close_log(space: Space, end: float) -> None:
    """Those still there leave with the floor's end."""
    for h in range(len(space.helpers)):
        if space.helpers[h].state == HERE:
            space.log[space.helpers[h].row].left_s = end


# ---- somebody looks ----


@compiled_part
def watch_pools(plan: Plan, space: Space, calls: Floats, looking: bool, t: float, k: int) -> None:
    """Look at the pools whose turn it is, unless somebody still moves at this instant; note when something is next to be done.

    ``looking`` tells whether the event was one of the pools: only then it is the turn of those that are looked at every now and then.
    """
    pools, soonest = space.pools, math.inf
    for b in range(len(pools)):
        soonest = min(soonest, pools[b].move)
    if soonest > t:
        for b in range(len(pools)):
            if pools[b].check == 0.0 or (looking and pools[b].look <= t):
                look(plan, space, calls, b, t, k)
    soonest = math.inf
    for b in range(len(pools)):
        soonest = min(soonest, min(pools[b].move, pools[b].look))
    space.now[0].backup_at = soonest


@compiled_part
def look(plan: Plan, space: Space, calls: Floats, b: int, t: float, k: int) -> None:
    """Call people of a pool, send some home, or neither; ``look`` of the pool is when somebody looks again without an event."""
    pools, triggers = space.pools, plan.pool_triggers
    caller, value, over, soonest = -1, 0.0, True, math.inf
    for i in range(pools[b].first_trigger, pools[b].last_trigger):
        when, threshold, release = triggers[i].when, triggers[i].threshold, triggers[i].release
        level = measure(plan, space, b, when, t, k)
        if when == WAIT_SECONDS:
            fires, rises = level + threshold, level + release  # sums, as the next look: no rounding between
            holds, ends = t >= fires, t < rises
            if not holds:
                soonest = min(soonest, rises if ends else fires)
            level = t - level
        elif when == SERVICE_LEVEL:
            holds, ends = level <= threshold, level > release
        else:
            holds, ends = level >= threshold, level < release
        if holds and caller < 0:
            caller, value = when, level
        over = over and ends
    pools[b].held = min(pools[b].held, t) if caller >= 0 else math.inf
    pools[b].over = min(pools[b].over, t) if over else math.inf
    sustained = max(pools[b].held, pools[b].arrived) + pools[b].sustained
    rested = pools[b].gone + pools[b].cool_down
    released = pools[b].over + pools[b].hold
    if caller >= 0 and pools[b].coming == 0:
        if t < sustained or t < rested:
            soonest = min(soonest, max(sustained, rested))
        elif not call(plan, space, calls, b, t, k, caller, value) and pools[b].check == 0.0:
            soonest = min(soonest, next_chance(plan, space, b, t))
    elif pools[b].here > 0 and over:
        soonest = min(soonest, let_go(space, b, t) if t >= released else released)
    if pools[b].check > 0.0:
        pools[b].looks += 1
        soonest = pools[b].looks * pools[b].check
    pools[b].look = soonest


@compiled_part
def measure(plan: Plan, space: Space, b: int, when: int, t: float, k: int) -> float:
    """What a trigger looks at; for `WAIT_SECONDS` since when the longest waiting customer waits (inf: nobody)."""
    queues, contacts, pool = space.queues, space.contacts, space.pools[b]
    if when == SERVICE_LEVEL:
        return recent_service(plan, space, b, t)
    waiting, serving, required, earliest = 0, 0, 0.0, math.inf
    for i in range(pool.first_queue, pool.last_queue):
        q = plan.pool_queues[i]
        waiting += queues[q].waiting
        serving += queues[q].serving
        required += plan.required[q, k]
        if when == WAIT_SECONDS:
            place = queues[q].head
            while place >= 0 and contacts[place].state != WAITING:
                place = contacts[place].next
            if place >= 0:
                earliest = min(earliest, contacts[place].entered)
    if when == WAIT_SECONDS:
        return float(earliest)
    level = float(waiting)
    if when != CUSTOMERS_WAITING:
        level += serving
    if when == ONLINE_PER_AGENT and level > 0.0:
        level /= at_work(plan, space, BY_ROTA, b)
    if when == AGENTS_SHORT:
        level = required - at_work(plan, space, ALL, b)
    return level


@compiled_part
def at_work(plan: Plan, space: Space, who: int, b: int) -> float:
    """Agents at work who serve one of a pool's queues, by the rota or all of them."""
    people = 0
    for g in range(len(space.groups)):
        people += space.groups[g].on_duty * plan.pool_serves[who, b, g]
    return float(people)


@compiled_part
def recent_service(plan: Plan, space: Space, b: int, t: float) -> float:
    """Share in time of the contacts of the last half hour that are served, gone or late; 1 where there is none."""
    queues, contacts, recent, pool = space.queues, space.contacts, space.recent, space.pools[b]
    within, late, minute = 0.0, 0.0, int(t / 60.0)
    for i in range(pool.first_queue, pool.last_queue):
        q = plan.pool_queues[i]
        for place in range(MINUTES):
            if recent[q, place].minute >= 0 and minute - recent[q, place].minute < MINUTES:
                within += recent[q, place].within
                late += recent[q, place].late
        place = queues[q].head
        while place >= 0 and t - contacts[place].entered > queues[q].target:
            if contacts[place].state == WAITING and minute - int(contacts[place].entered / 60.0) < MINUTES:
                late += 1.0
            place = contacts[place].next
    return within / (within + late) if within + late > 0.0 else 1.0
