"""The simulation itself: one replication of a floor as compiled code."""

import math

import numba
import numpy as np

from scheduler.compiled import compiled

inlined = numba.njit(nogil=True, error_model="numpy", forceinline=True)

# events, in the order in which they go where times are equal
ROTA, DONE, BACKUP, TIMER, OVERFLOW, ARRIVES, NOTHING = range(7)
# states of a contact that has a place in memory
GONE, WAITING, REDIALLING = range(3)
# states of a backup pool
RESTING, CALLED, PRESENT, LEAVING = range(4)
CUSTOMERS_ONLINE, ONLINE_PER_AGENT, CUSTOMERS_WAITING, WAIT_SECONDS = range(4)
(
    OFFERED, ANSWERED, AT_ONCE, WITHIN, ABANDONED, ABANDONED_WITHIN, ANSWERED_WAIT, OTHER_WAIT, TRANSFERRED_IN, REDIALLED,
) = range(10)  # fmt: skip

U = np.uint64
GOLDEN = U(0x9E3779B97F4A7C15)
# purposes of random numbers
GAP, WORK, ANGLE, PATIENCE, TRANSFER, REDIAL, REDIAL_GAP, ABSENT, BUSYNESS = (
    U(0x9E3779B97F4A7C15 * k % 2**64) for k in (3, 5, 7, 11, 13, 17, 19, 23, 29)
)
NEXT_HOP, NEXT_TRY = U(0xD1342543DE82EF95), U(0x2545F4914F6CDD1D)


@inlined
def mixed(z):
    """A number whose bits all depend on all bits of z, one to one (variant 13 of Stafford's mixers)."""
    z = (z ^ (z >> U(30))) * U(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> U(27))) * U(0x94D049BB133111EB)
    return z ^ (z >> U(31))


@inlined
def uniform(id, purpose):
    """The number in (0, 1] that contact ``id`` has for a purpose."""
    return (float(mixed(id + purpose) >> U(11)) + 1.0) * 2.0**-53


@inlined
def exponential(id, purpose):
    """The exponential number of mean 1 that contact ``id`` has for a purpose."""
    return -math.log(uniform(id, purpose))


@inlined
def work_of(id, mean, service, sigma):
    """Work of a contact at usual speed."""
    if service == 0:
        return mean * exponential(id, WORK)
    if service == 2:
        return mean
    normal = math.sqrt(2.0 * exponential(id, WORK)) * math.cos(2.0 * math.pi * uniform(id, ANGLE))
    return mean * math.exp(sigma * (normal - 0.5 * sigma))


@inlined
def gamma(id, shape):
    """A gamma number of mean 1 (Marsaglia and Tsang 2000, for shape >= 1; boosted below)."""
    boost = 1.0
    if shape < 1.0:
        boost = uniform(id, BUSYNESS) ** (1.0 / shape)
        shape += 1.0
    d = shape - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        id = mixed(id + BUSYNESS)
        x = math.sqrt(2.0 * exponential(id, WORK)) * math.cos(2.0 * math.pi * uniform(id, ANGLE))
        v = (1.0 + c * x) ** 3
        if v > 0.0 and math.log(uniform(id, GAP)) < 0.5 * x * x + d - d * v + d * math.log(v):
            return boost * d * v / (shape if boost == 1.0 else shape - 1.0)


# ---- heaps: the earliest first, infinite beyond the last ----


@inlined
def push(times, who, size, at, what):
    """Add an event."""
    i = size
    while i > 0:
        up = (i - 1) >> 1
        if times[up] <= at:
            break
        times[i] = times[up]
        who[i] = who[up]
        i = up
    times[i] = at
    who[i] = what
    return size + 1


@inlined
def replace_first(times, who, size, at, what):
    """Another event in place of the first one."""
    i = 0
    while True:
        low = 2 * i + 1
        if low >= size:
            break
        low += times[low + 1] < times[low]
        if times[low] >= at:
            break
        times[i] = times[low]
        who[i] = who[low]
        i = low
    times[i] = at
    who[i] = what


@inlined
def pop(times, who, size):
    """Remove the first event."""
    size -= 1
    at = times[size]
    times[size] = math.inf
    if size > 0:
        replace_first(times, who, size, at, who[size])
    return size


# ---- lists of free agents ----


@inlined
def list_agent(agents, lists, place, a, t):
    """Put an agent at the end of a list."""
    agents[a].listed = place
    agents[a].listed_at = t
    last = lists[place].tail
    agents[a].previous = last
    agents[a].next = -1
    lists[place].tail = a
    if last >= 0:
        agents[last].next = a
    else:
        lists[place].head = a


@inlined
def unlist_agent(agents, lists, a):
    """Take an agent out of the list that it is in."""
    place = agents[a].listed
    before, after = agents[a].previous, agents[a].next
    if before >= 0:
        agents[before].next = after
    else:
        lists[place].head = after
    if after >= 0:
        agents[after].previous = before
    else:
        lists[place].tail = before
    agents[a].listed = -1


@inlined
def occupancy_of(agents, a, t):
    """Share of its time so far that a free agent was busy."""
    staffed = agents[a].staffed + t - agents[a].staffed_since
    return agents[a].busy / staffed if staffed > 0.0 else 0.0


@inlined
def free_agent(agents, lists, most, reach, first, last, concurrency, least_occupied, t):
    """The agent who gets a contact: fewest held, lowest rank, then idle longest or least occupied; -1 where none is free.

    ``reach[first:last]`` are the groups that may answer it.
    """
    found, best_rank, best = -1, 0, math.inf
    for load in range(concurrency):
        for i in range(first, last):
            a = lists[reach[i].group * most + load].head
            if a < 0 or (found >= 0 and reach[i].rank > best_rank):
                continue
            if found < 0 or reach[i].rank < best_rank:
                found, best_rank, best = a, reach[i].rank, math.inf
            if not least_occupied:
                if agents[a].listed_at < best:
                    found, best = a, agents[a].listed_at
                continue
            while a >= 0:
                share = occupancy_of(agents, a, t)
                if share < best:
                    found, best = a, share
                a = agents[a].next
        if found >= 0:
            break
    return found


# ---- time and counts ----


@inlined
def add_time(row, since, until, interval, k):
    """Add the time from ``since`` to ``until``, which lies in interval k, to the intervals that it covers."""
    if since >= k * interval:
        row[k] += until - since
        return
    i = int(since / interval)
    while i < k:
        end = (i + 1) * interval
        if end > since:
            row[i] += end - since
            since = end
        i += 1
    row[k] += until - since


@inlined
def end_busy(agents, busy, agent_busy, a, t, interval, k, warm_up):
    """Book the time that an agent was busy without a pause, up to now."""
    since = agents[a].busy_since
    add_time(busy[agents[a].group], since, t, interval, k)
    agents[a].busy += t - since
    agent_busy[a] += max(t - max(since, warm_up), 0.0)


@inlined
def count_abandoned(cell, wait, target):
    """Book a customer who gave up."""
    cell[ABANDONED] += 1.0
    cell[OTHER_WAIT] += wait
    if wait <= target:
        cell[ABANDONED_WITHIN] += 1.0


@inlined
def count_answered(cell, wait, target):
    """Book a customer who is answered."""
    cell[ANSWERED] += 1.0
    if wait <= target:
        cell[WITHIN] += 1.0
    if wait > 0.0:
        cell[ANSWERED_WAIT] += wait
    else:
        cell[AT_ONCE] += 1.0


# ---- contacts that wait ----


@inlined
def drop_head(queues, contacts, q, free):
    """Take the first contact out of its queue; its place is free."""
    node = queues[q].head
    after = contacts[node].next
    queues[q].head = after
    if after < 0:
        queues[q].tail = -1
    if queues[q].over_next == node:
        queues[q].over_next = after
    contacts[node].state = GONE
    contacts[node].next = free
    return node


@inlined
def drop_gone(queues, contacts, counts, q, t, lazy, free):
    """Take out those at the head of a queue who have given up; where ``lazy``, only now are they counted."""
    while queues[q].head >= 0:
        node = queues[q].head
        if lazy:
            if contacts[node].deadline >= t:
                break
            wait = contacts[node].deadline - contacts[node].entered
            count_abandoned(counts[q, contacts[node].interval], wait, queues[q].target)
        elif contacts[node].state == WAITING:
            break
        free = drop_head(queues, contacts, q, free)
    return free


# ---- concurrency ----


@inlined
def pace(queues, speed, slots, a, s, load):
    """Work at usual speed that a slot gets done a second."""
    q = slots[a, s].queue
    return speed[a, q] / (1.0 + queues[q].slowdown * (load - 1))


@inlined
def book_progress(agents, queues, speed, slots, a, t):
    """Take what was done since the last booking off what remains."""
    seconds = t - agents[a].progress_at
    load = agents[a].load
    if seconds > 0.0:
        for s in range(load):
            slots[a, s].remaining -= seconds * pace(queues, speed, slots, a, s, load)
    agents[a].progress_at = t


@inlined
def find_first_done(agents, queues, speed, slots, a, t):
    """Which of an agent's contacts is done first, and when."""
    load = agents[a].load
    best = math.inf
    for s in range(load):
        seconds = slots[a, s].remaining / pace(queues, speed, slots, a, s, load)
        if seconds < best:
            best = seconds
            agents[a].first = s
    agents[a].done_at = t + max(best, 0.0)


@inlined
def limit_of(agents, queues, slots, a, most):
    """How many contacts an agent may hold beside those it has."""
    limit = most
    for s in range(agents[a].load):
        limit = min(limit, queues[slots[a, s].queue].concurrency)
    return limit


# ---- contacts that come and are taken ----


@inlined
def next_arrival(queues, q, rates, scale, interval):
    """When the next contact of a queue comes (inf: none on this floor); its number and identity are noted with the queue."""
    queues[q].number += 1
    id = mixed(queues[q].stream + U(queues[q].number) * GOLDEN)
    queues[q].id = id
    left, at, k = exponential(id, GAP), queues[q].at, queues[q].interval
    while k < rates.shape[1]:
        rate, end = rates[q, k] * scale, (k + 1) * interval
        if rate > 0.0:
            due = at + left / rate
            if due < end:
                queues[q].at, queues[q].interval = due, k
                return due
            left = max(left - (end - at) * rate, 0.0)
        at = end
        k += 1
    queues[q].interval = k
    return math.inf


@inlined
def best_queue(queues, contacts, counts, entries, first, last, load, several, t, lazy, free):
    """The queue whose first contact an agent takes next, or -1; and the first free place.

    ``entries[first:last]`` are what the agent's group answers, best tier first.
    """
    best, best_tier, earliest = -1, 0, math.inf
    for e in range(first, last):
        if best >= 0 and entries[e].tier > best_tier:
            break
        q = entries[e].queue
        if queues[q].head < 0 or (several and queues[q].concurrency <= load):
            continue
        free = drop_gone(queues, contacts, counts, q, t, lazy, free)
        head = queues[q].head
        if head < 0:
            continue
        entered = contacts[head].entered
        if entered < earliest and entered + entries[e].delay <= t:
            best, best_tier, earliest = q, entries[e].tier, entered
    return best, free


@inlined
def begin(agents, queues, slots, a, q, id, work, several):
    """An agent begins with a contact; the seconds of work until the customer goes."""
    s = agents[a].load
    wrap = work * queues[q].wrap_share
    slots[a, s].id, slots[a, s].queue, slots[a, s].wrapping = id, q, 0
    slots[a, s].remaining, slots[a, s].wrap = work - wrap, wrap
    agents[a].load = s + 1
    queues[q].serving += 1
    agents[a].limit = min(agents[a].limit, queues[q].concurrency) if several else 1
    return work - wrap


# ---- backup pools ----


@inlined
def pool_level(pools, b, pool_queues, pool_serves, queues, contacts, on_duty):
    """What a pool's trigger looks at, now; for the longest wait the instant at which it began, inf where nobody waits."""
    trigger = pools[b].trigger
    total, earliest = 0.0, math.inf
    for i in range(pools[b].first_queue, pools[b].last_queue):
        q = pool_queues[i]
        total += queues[q].waiting
        if trigger == CUSTOMERS_ONLINE or trigger == ONLINE_PER_AGENT:
            total += queues[q].serving
        if trigger == WAIT_SECONDS:
            node = queues[q].head
            while node >= 0 and contacts[node].state != WAITING:
                node = contacts[node].next
            if node >= 0:
                earliest = min(earliest, contacts[node].entered)
    if trigger == WAIT_SECONDS:
        return earliest
    if trigger == ONLINE_PER_AGENT:
        people = 0
        for g in range(len(on_duty)):
            people += on_duty[g] * pool_serves[b, g]
        return total / people if total > 0.0 else 0.0
    return total


@inlined
def watch_pools(pools, pool_queues, pool_serves, pool_calls, queues, contacts, on_duty, t, k):
    """Call pools whose trigger fires, send those home who are needed no longer; when a pool is next to be looked at."""
    soonest = math.inf
    for b in range(len(pools)):
        state = pools[b].state
        if state == RESTING or (state == PRESENT and t >= pools[b].until):
            level = pool_level(pools, b, pool_queues, pool_serves, queues, contacts, on_duty)
            by_wait = pools[b].trigger == WAIT_SECONDS
            due = level + pools[b].threshold  # by wait: when it fires
            fires = due <= t if by_wait else level >= pools[b].threshold
            pools[b].at = math.inf
            if state == RESTING and fires:
                pools[b].state, pools[b].at = CALLED, t + pools[b].lead
                pools[b].turn = pools[b].first_agent
                pool_calls[b, k] += 1.0
            elif state == PRESENT and not fires:
                pools[b].state, pools[b].at = LEAVING, t
                pools[b].turn = pools[b].first_agent
            elif state == RESTING and by_wait:
                pools[b].at = due
        soonest = min(soonest, pools[b].at)
    return soonest


@compiled
def replicate(
    key, interval, horizon, warm_up, lazy, least_occupied, busyness_shape, most,
    queues, rates, aht, patience, speed, agents, slots, lists, contacts,
    entry_start, entries, reach_start, reach, over_start, over, rota, trace,
    pools, pool_agents, pool_groups, pool_queues, pool_serves, on_duty,
    arrive_times, arrive_who, done_times, done_who, timer_times, timer_who,
    counts, busy, staffed, agent_contacts, agent_busy, pool_calls,
):  # fmt: skip
    """One replication; the counts are filled in, all else is workspace.

    Longer than a screen on purpose: one loop over events whose common ends (an agent looks for a contact, a contact looks for an
    agent) stand once, in the order in which they happen.

    Returns
    -------
    (fits, ended) : False where the workspace is too small: call again with more; the instant when an agent last got free
    """
    intervals, n_queues, n_agents, n_pools = rates.shape[1], len(queues), len(agents), len(pools)
    room, done_room, timer_room = len(contacts), len(done_times) - 1, len(timer_times) - 1
    traced, several = len(trace) > 1, most > 1
    scale = 1.0
    if busyness_shape > 0.0:
        scale = gamma(mixed(key + BUSYNESS), busyness_shape)

    # ---- nobody is there yet ----
    counts[:] = 0.0
    busy[:] = 0.0
    staffed[:] = 0.0
    done_times[:] = math.inf
    timer_times[:] = math.inf
    arrive_times[:] = math.inf
    on_duty[:] = 0
    agent_contacts[:] = 0.0
    agent_busy[:] = 0.0
    pool_calls[:] = 0.0
    for i in range(len(lists)):
        lists[i].head = lists[i].tail = -1
    for i in range(room):
        contacts[i].next = i + 1
        contacts[i].state = GONE
    contacts[room - 1].next = -1
    free = 0
    for a in range(n_agents):
        agents[a].group = agents[a].wanted = agents[a].listed = agents[a].next = agents[a].previous = -1
        agents[a].load = 0
        agents[a].limit = most
        agents[a].busy = agents[a].staffed = 0.0
        agents[a].done_at = math.inf
    for b in range(n_pools):
        pools[b].state = RESTING
        pools[b].at = math.inf
    n_done = n_timers = n_arriving = 0
    for q in range(n_queues):
        queue = queues[q]
        queue.stream = mixed(key + U(q + 1) * GOLDEN)
        queue.number = queue.interval = queue.waiting = queue.serving = 0
        queue.head = queue.tail = queue.over_next = -1
        queue.at = 0.0
        if not traced:
            at = next_arrival(queues, q, rates, scale, interval)
            n_arriving = push(arrive_times, arrive_who, n_arriving, at, q)
    if traced:
        arrive_times[0] = trace[0].at
    next_change, next_row, ended = 0, 0, 0.0
    over_at = backup_at = math.inf
    k, boundary = 0, interval

    while True:
        # ---- what comes next ----
        t, event = rota[next_change].at, ROTA
        if done_times[0] < t:
            t, event = done_times[0], DONE
        if backup_at < t:
            t, event = backup_at, BACKUP
        if timer_times[0] < t:
            t, event = timer_times[0], TIMER
        if over_at < t:
            t, event = over_at, OVERFLOW
        if arrive_times[0] < t:
            t, event = arrive_times[0], ARRIVES
        if not t < horizon:
            break
        while t >= boundary:
            k += 1
            boundary = (k + 1) * interval

        seeker, at_top = (
            -1,
            False,
        )  # an agent who looks for a contact; whether its event is still the first in the heap
        entering, q, id, work, willing = False, 0, U(0), 0.0, 0.0  # a contact that comes in
        drawn = True

        if event == ARRIVES:
            entering = True
            if traced:
                row = trace[next_row]
                q, work, willing = row.queue, row.work, row.patience
                id = mixed(key + U(next_row + 1) * GOLDEN)
                next_row += 1
                arrive_times[0] = trace[next_row].at
                drawn = False
            else:
                q = arrive_who[0]
                id = queues[q].id
                work = work_of(id, aht[q, k], queues[q].service, queues[q].sigma)
                at = next_arrival(queues, q, rates, scale, interval)
                if n_queues == 1:
                    arrive_times[0] = at
                else:
                    replace_first(arrive_times, arrive_who, n_arriving, at, q)

        elif event == DONE:
            a = done_who[0]
            s = 0
            if several:
                n_done = pop(done_times, done_who, n_done)
                if agents[a].done_at != t:
                    continue  # its contacts have changed since
                book_progress(agents, queues, speed, slots, a, t)
                s = agents[a].first
            else:
                at_top = True
            slot_queue, slot_id = slots[a, s].queue, slots[a, s].id
            if not slots[a, s].wrapping:
                queues[slot_queue].serving -= 1
                share = queues[slot_queue].transfer_share
                if share > 0.0 and uniform(slot_id, TRANSFER) <= share:
                    entering, q, id = True, queues[slot_queue].transfer_to, mixed(slot_id ^ NEXT_HOP)
                    work = work_of(id, aht[q, k], queues[q].service, queues[q].sigma)
                    counts[q, k, TRANSFERRED_IN] += 1.0
            if slots[a, s].wrap > 0.0:  # the customer has gone, the agent writes
                slots[a, s].wrapping = 1
                slots[a, s].remaining = slots[a, s].wrap
                slots[a, s].wrap = 0.0
                if several:
                    find_first_done(agents, queues, speed, slots, a, t)
                    if n_done == done_room:
                        return False, ended
                    n_done = push(done_times, done_who, n_done, agents[a].done_at, a)
                else:
                    at = t + slots[a, 0].remaining / speed[a, slot_queue]
                    replace_first(done_times, done_who, n_done, at, a)
                    at_top = False
            else:
                ended = t
                if several:
                    if agents[a].listed >= 0:
                        unlist_agent(agents, lists, a)
                    slots[a, s] = slots[a, agents[a].load - 1]
                agents[a].load -= 1
                agents[a].limit = limit_of(agents, queues, slots, a, most) if several else 1
                seeker = a

        elif event == ROTA:
            change = rota[next_change]
            next_change += 1
            share = change.absence_share
            if share > 0.0:
                person = mixed(mixed(key + U(change.agent + 1) * GOLDEN) + U(change.shift + 1) * GOLDEN)
                if uniform(person, ABSENT) <= share:
                    continue
            a = change.agent
            agents[a].wanted = change.group
            seeker = a

        elif event == BACKUP:
            for b in range(n_pools):
                if pools[b].at == t:
                    if (
                        pools[b].state == CALLED or pools[b].state == LEAVING
                    ):  # one of its agents comes or goes
                        coming = pools[b].state == CALLED
                        seeker = pool_agents[pools[b].turn]
                        agents[seeker].wanted = pool_groups[pools[b].turn] if coming else -1
                        pools[b].turn += 1
                        if pools[b].turn == pools[b].last_agent:
                            pools[b].until = t + pools[b].minimum
                            pools[b].state = PRESENT if coming else RESTING
                            pools[b].at = pools[b].until if coming else math.inf
                    break

        elif event == TIMER:
            node = timer_who[0]
            n_timers = pop(timer_times, timer_who, n_timers)
            if contacts[node].deadline != t or contacts[node].state == GONE:
                continue  # it was answered meanwhile
            q = contacts[node].queue
            if contacts[node].state == WAITING:
                count_abandoned(
                    counts[q, contacts[node].interval], t - contacts[node].entered, queues[q].target
                )
                contacts[node].state = GONE
                queues[q].waiting -= 1
                share = queues[q].redial_share
                id = contacts[node].id
                if share > 0.0 and uniform(id, REDIAL) <= share:
                    if free < 0 or n_timers == timer_room:
                        return False, ended
                    node = free
                    free = contacts[node].next
                    contacts[node].state = REDIALLING
                    contacts[node].queue = q
                    contacts[node].id = mixed(id ^ NEXT_TRY)
                    contacts[node].deadline = t + queues[q].redial_seconds * exponential(id, REDIAL_GAP)
                    n_timers = push(timer_times, timer_who, n_timers, contacts[node].deadline, node)
            else:
                entering, id = True, contacts[node].id
                contacts[node].state = GONE
                contacts[node].next = free
                free = node
                work = work_of(id, aht[q, k], queues[q].service, queues[q].sigma)
                counts[q, k, REDIALLED] += 1.0

        else:  # OVERFLOW: contacts that have waited long enough look for an agent of the other queue, one an event
            over_at = math.inf
            for q_over in range(n_queues):
                while seeker < 0 and queues[q_over].over_next >= 0:
                    node = queues[q_over].over_next
                    at = contacts[node].entered + queues[q_over].overflow_seconds
                    if at > t:
                        break
                    queues[q_over].over_next = contacts[node].next
                    if contacts[node].state == WAITING and contacts[node].deadline >= t:
                        seeker = free_agent(
                            agents, lists, most, over, over_start[q_over], over_start[q_over + 1],
                            queues[q_over].concurrency, least_occupied, t,
                        )  # fmt: skip
                if queues[q_over].over_next >= 0:
                    node = queues[q_over].over_next
                    over_at = min(over_at, contacts[node].entered + queues[q_over].overflow_seconds)

        # ---- an agent looks for contacts ----
        if seeker >= 0:
            a = seeker
            working = event == DONE or agents[a].load > 0
            if agents[a].listed >= 0:
                unlist_agent(agents, lists, a)
            if several:
                book_progress(agents, queues, speed, slots, a, t)
            group = agents[a].group
            if agents[a].load == 0 and agents[a].wanted != group:  # it comes, goes or turns to other work
                if working:
                    end_busy(agents, busy, agent_busy, a, t, interval, k, warm_up)
                    working = False
                if group >= 0:
                    add_time(staffed[group], agents[a].staffed_since, t, interval, k)
                    agents[a].staffed += t - agents[a].staffed_since
                    on_duty[group] -= 1
                group = agents[a].group = agents[a].wanted
                if group >= 0:
                    agents[a].staffed_since = t
                    on_duty[group] += 1
            began, at = False, 0.0
            while group >= 0 and group == agents[a].wanted and agents[a].load < agents[a].limit:
                q_next, free = best_queue(
                    queues, contacts, counts, entries, entry_start[group], entry_start[group + 1], agents[a].load, several,
                    t, lazy, free,
                )  # fmt: skip
                if q_next < 0:
                    break
                node = drop_head(queues, contacts, q_next, free)
                free = node
                queues[q_next].waiting -= 1
                count_answered(
                    counts[q_next, contacts[node].interval], t - contacts[node].entered, queues[q_next].target
                )
                if not working:
                    working = True
                    agents[a].busy_since = t
                talk = begin(
                    agents, queues, slots, a, q_next, contacts[node].id, contacts[node].work, several
                )
                if t >= warm_up:
                    agent_contacts[a] += 1.0
                began, at = True, t + talk / speed[a, q_next]
            if working and agents[a].load == 0:
                end_busy(agents, busy, agent_busy, a, t, interval, k, warm_up)
            if group >= 0 and group == agents[a].wanted and agents[a].load < agents[a].limit:
                list_agent(agents, lists, group * most + agents[a].load, a, t)
            if several:
                find_first_done(agents, queues, speed, slots, a, t)
                if agents[a].load > 0:
                    if n_done == done_room:
                        return False, ended
                    n_done = push(done_times, done_who, n_done, agents[a].done_at, a)
            elif began:
                if at_top:
                    replace_first(done_times, done_who, n_done, at, a)
                else:
                    n_done = push(done_times, done_who, n_done, at, a)
            elif at_top:
                n_done = pop(done_times, done_who, n_done)

        # ---- a contact looks for an agent ----
        if entering:
            counts[q, k, OFFERED] += 1.0
            a = free_agent(
                agents, lists, most, reach, reach_start[q], reach_start[q + 1], queues[q].concurrency, least_occupied, t
            )  # fmt: skip
            if a >= 0:
                unlist_agent(agents, lists, a)
                if several:
                    book_progress(agents, queues, speed, slots, a, t)
                if agents[a].load == 0:
                    agents[a].busy_since = t
                talk = begin(agents, queues, slots, a, q, id, work, several)
                count_answered(counts[q, k], 0.0, queues[q].target)
                if t >= warm_up:
                    agent_contacts[a] += 1.0
                at = t + talk / speed[a, q]
                if several:
                    find_first_done(agents, queues, speed, slots, a, t)
                    at = agents[a].done_at
                    if agents[a].load < agents[a].limit:
                        list_agent(agents, lists, agents[a].group * most + agents[a].load, a, t)
                    if n_done == done_room:
                        return False, ended
                n_done = push(done_times, done_who, n_done, at, a)
            else:
                if drawn:
                    willing = patience[q, k]
                    if willing < math.inf:
                        willing *= exponential(id, PATIENCE)
                if free < 0 or n_timers == timer_room:
                    return False, ended
                node = free
                free = contacts[node].next
                contacts[node].entered = t
                contacts[node].deadline = t + willing
                contacts[node].work = work
                contacts[node].id = id
                contacts[node].queue = q
                contacts[node].interval = k
                contacts[node].state = WAITING
                contacts[node].next = -1
                last = queues[q].tail
                if last >= 0:
                    contacts[last].next = node
                else:
                    queues[q].head = node
                queues[q].tail = node
                queues[q].waiting += 1
                if queues[q].overflow_to >= 0 and queues[q].over_next < 0:
                    queues[q].over_next = node
                    over_at = min(over_at, t + queues[q].overflow_seconds)
                if not lazy and willing < math.inf:
                    n_timers = push(timer_times, timer_who, n_timers, t + willing, node)

        if n_pools > 0:
            backup_at = watch_pools(
                pools, pool_queues, pool_serves, pool_calls, queues, contacts, on_duty, t, k
            )

    # ---- the end of the floor ----
    for a in range(n_agents):
        group = agents[a].group
        if group >= 0:
            add_time(staffed[group], agents[a].staffed_since, horizon, interval, intervals - 1)
            if agents[a].load > 0:
                end_busy(agents, busy, agent_busy, a, horizon, interval, intervals - 1, warm_up)
    for q in range(n_queues):
        node = queues[q].head
        while node >= 0:
            cell = counts[q, contacts[node].interval]
            if contacts[node].state == WAITING:
                if lazy and contacts[node].deadline < horizon:
                    count_abandoned(cell, contacts[node].deadline - contacts[node].entered, queues[q].target)
                else:
                    cell[OTHER_WAIT] += horizon - contacts[node].entered
            node = contacts[node].next
    return True, ended
