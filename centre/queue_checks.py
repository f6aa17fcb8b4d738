"""What queues must satisfy together: targets that fit the channel, queues that exist and take such work, teams
that agree, contacts that do not go in circles.
"""

from collections.abc import Callable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from centre.cells import suggestion
from centre.model import ASSUMED_CONCURRENCY_SLOWDOWN, Backup, FollowUp, Opening, Queue

Blame = Callable[[str, str, object], None]
"""Notes a fault: dotted path, what was expected, what was found."""
Warn = Callable[[str], None]
IMMEDIATE_ONLY = (
    *("pool", "patience_seconds", "redial_share", "callback_share", "overflow_to"),
    *("max_asa_seconds", "max_abandonment"),
)
"""Settings of customers who wait, which work that may wait does not have."""


def check_queues(
    queues: Mapping[str, Queue | None],
    follow_ups: Mapping[str, FollowUp | None],
    backups: Mapping[str, Backup | None],
    blame: Blame,
    warn: Warn,
) -> None:
    """Check queues and what ties them together; a part that is wrong in itself is None under its name."""
    for name, queue in queues.items():
        if queue is not None:
            path = f"queue.{name}"
            _check_targets(queue, path, blame)
            _check_immediate(queue, path, blame)
            _check_concurrency(queue, path, blame, warn)
            _check_returns(queue, path, blame)
            _check_hours(queue.opening, f"{path}.opening", blame)
            _check_ways(queue, path, queues, blame)
            _check_idle(queue, path, queues, blame)
            _check_place(queue, path, queues, blame)
            if ";" in name or ":" in name:
                blame(f"{path}.name", "a name without ; and :, which separate skills", name)
    for place, follow_up in follow_ups.items():
        if follow_up is not None:
            _check_name(follow_up.queue, f"follow_up.{place}.queue", queues, blame)
            _check_name(follow_up.to, f"follow_up.{place}.to", queues, blame, besides=follow_up.queue)
    for name, backup in backups.items():
        for helped in backup.queues if backup else ():
            _check_name(helped, f"backup.{name}.queues", queues, blame, immediate=True)
    _check_pools([queue for queue in queues.values() if queue], blame)
    _check_circles(queues, follow_ups, blame)
    _check_likes(queues, blame)


def _check_targets(queue: Queue, path: str, blame: Blame) -> None:
    if queue.target_hours is not None and queue.due_by_day_end:
        blame(f"{path}.due_by_day_end", "either target_hours or due_by_day_end", "both")
    if queue.target_seconds is not None and queue.deferred:
        name = "due_by_day_end" if queue.due_by_day_end else "target_hours"
        blame(f"{path}.{name}", f"either target_seconds or {name}", "both")
    elif queue.channel in ("email", "case") and not queue.deferred:
        name = "target_hours" if queue.target_seconds is None else "target_seconds"
        words = f"target_hours or due_by_day_end, since {queue.channel} work may wait"
        blame(f"{path}.{name}", words, "neither" if queue.target_seconds is None else queue.target_seconds)
    elif queue.target_seconds is None and not queue.deferred:
        blame(
            f"{path}.target_seconds",
            f"target_seconds for a {queue.channel} queue",
            "neither it nor target_hours",
        )


def _check_immediate(queue: Queue, path: str, blame: Blame) -> None:
    for name in IMMEDIATE_ONLY if queue.deferred else ():
        if getattr(queue, name):
            words = "an immediate queue for this: nobody waits on the line for work that is due later"
            blame(f"{path}.{name}", words, getattr(queue, name))
    if queue.redial_share > 0 and queue.patience_seconds is None and not queue.deferred:
        blame(f"{path}.redial_share", "patience_seconds too: without it nobody abandons", queue.redial_share)
    if queue.overflow_seconds > 0 and not queue.overflow_to:
        blame(f"{path}.overflow_seconds", "overflow_to too, the queue that helps", queue.overflow_seconds)
    if queue.aht_seconds is not None and queue.wrap_up_seconds >= queue.aht_seconds:
        words = f"less than the {queue.aht_seconds:g} of aht_seconds, which holds it"
        blame(f"{path}.wrap_up_seconds", words, queue.wrap_up_seconds)


def _check_concurrency(queue: Queue, path: str, blame: Blame, warn: Warn) -> None:
    if queue.concurrency == 1:
        return
    if queue.channel != "chat" or queue.deferred:
        words = "1: only chats that customers wait in are held several at a time"
        blame(f"{path}.concurrency", words, queue.concurrency)
    elif queue.concurrency_slowdown is None:
        warn(
            f"queue {queue.name}: concurrency_slowdown is not set, {ASSUMED_CONCURRENCY_SLOWDOWN:g} is assumed:"
            f" two chats at a time take {1 + ASSUMED_CONCURRENCY_SLOWDOWN:g} times as long each"
        )


def _check_returns(queue: Queue, path: str, blame: Blame) -> None:
    """Repeat contacts must end: fewer than one for each contact."""
    if queue.history_first_contact_resolution is not None and queue.first_contact_resolution is None:
        words = "first_contact_resolution too, what is expected from now on"
        blame(
            f"{path}.history_first_contact_resolution",
            words,
            queue.history_first_contact_resolution,
        )
    for name in ("first_contact_resolution", "history_first_contact_resolution"):
        resolved = getattr(queue, name)
        if resolved is not None and (1 - resolved) * queue.repeat_share >= 1:
            words = "more than 0, or a repeat_share below 1: else every contact brings another without end"
            blame(f"{path}.{name}", words, resolved)


def _check_ways(queue: Queue, path: str, queues: Mapping[str, Queue | None], blame: Blame) -> None:
    """Shares that go elsewhere need the queue they go to, and the other way round."""
    for what, meaning in (("transfer", "hand on"), ("callback", "call back")):
        share, to = getattr(queue, f"{what}_share"), getattr(queue, f"{what}_to")
        if share > 0 and not to:
            blame(f"{path}.{what}_to", f"the queue that takes the {share:g} to {meaning}", "none")
        elif to and share == 0:
            blame(f"{path}.{what}_share", f"more than 0, the share to {meaning} by {to}", share)
    if queue.transfer_to:
        _check_name(queue.transfer_to, f"{path}.transfer_to", queues, blame, besides=queue.name)
    if queue.overflow_to:
        _check_name(
            queue.overflow_to, f"{path}.overflow_to", queues, blame, besides=queue.name, immediate=True
        )
    if queue.callback_to:
        _check_name(
            queue.callback_to, f"{path}.callback_to", queues, blame, besides=queue.name, immediate=False
        )


def _check_idle(queue: Queue, path: str, queues: Mapping[str, Queue | None], blame: Blame) -> None:
    if not queue.fills_idle_of:
        return
    for name in queue.fills_idle_of:
        _check_name(name, f"{path}.fills_idle_of", queues, blame, besides=queue.name, immediate=True)
    if not queue.deferred:
        words = "target_hours or due_by_day_end too: only work that may wait fills idle time"
        blame(f"{path}.fills_idle_of", words, ", ".join(queue.fills_idle_of))
    elif queue.max_occupancy is None:
        words = "a share, such as 0.85: how busy this work may make the agents of those queues"
        blame(f"{path}.max_occupancy", words, "none")


def _check_place(queue: Queue, path: str, queues: Mapping[str, Queue | None], blame: Blame) -> None:
    """Names that others are added up under or borrowed from."""
    for name in ("group", "site"):
        if (told := getattr(queue, name)) != told.strip():
            blame(f"{path}.{name}", f"a name without blanks around it, {told.strip()!r}", told)
    if queue.like:
        _check_name(queue.like, f"{path}.like", queues, blame, besides=queue.name)


def _check_likes(queues: Mapping[str, Queue | None], blame: Blame) -> None:
    """Fault, once each, circles of queues that would borrow their shape from one another."""
    likes = {name: queue.like for name, queue in queues.items() if queue and queue.like in queues}
    in_circles: set[str] = set()
    for name in likes:
        way = [name]
        while (to := likes.get(way[-1], "")) and to not in way:
            way.append(to)
        if to == name and len(way) > 1 and name not in in_circles:
            words = "a queue whose shape does not come from this one"
            blame(f"queue.{way[-1]}.like", words, " > ".join([*way, name]))
            in_circles.update(way)


def _check_name(
    name: str,
    path: str,
    queues: Mapping[str, Queue | None],
    blame: Blame,
    besides: str | None = None,
    immediate: bool | None = None,
) -> None:
    """Fault a name that is no queue, is the queue ``besides``, or is not ``immediate`` where that is asked."""
    queue = queues.get(name)
    if name not in queues:
        blame(path, "the name of a [[queue]]" + suggestion(name, queues.keys()), name)
    elif name == besides:
        blame(path, "another queue", name)
    elif queue is not None and immediate is not None and queue.deferred is immediate:
        kind = (
            "an immediate queue, with target_seconds"
            if immediate
            else "one with target_hours or due_by_day_end"
        )
        blame(path, kind, name)


def _check_pools(queues: list[Queue], blame: Blame) -> None:
    """Queues of one pool are one team: one patience, one limit of occupancy, one contact at a time."""
    pools: dict[str, list[Queue]] = {}
    for queue in queues:
        if queue.pool and not queue.deferred:
            pools.setdefault(queue.pool, []).append(queue)
    for pool, members in pools.items():
        for queue in members if len(members) > 1 else ():
            path = f"queue.{queue.name}"
            if queue.concurrency != 1:
                words = f"1 in pool {pool}: queues of one pool are served one contact at a time"
                blame(f"{path}.concurrency", words, queue.concurrency)
            if queue.callback_share > 0:
                words = f"0 in pool {pool}: call-backs are for a queue with a team of its own"
                blame(f"{path}.callback_share", words, queue.callback_share)
            for name in ("patience_seconds", "max_occupancy"):
                one, other = _shown(getattr(members[0], name)), _shown(getattr(queue, name))
                if one != other:
                    words = (
                        f"{one} as in queue {members[0].name}: queues of one pool are one team and share it"
                    )
                    blame(f"{path}.{name}", words, other)


def _check_circles(
    queues: Mapping[str, Queue | None], follow_ups: Mapping[str, FollowUp | None], blame: Blame
) -> None:
    """Fault every circle at a step that closes it: teams are staffed one after the other, each after those
    whose contacts come to it and whose idle time it fills.
    """
    teams = {
        name: f"pool {queue.pool}" if queue and queue.pool and not queue.deferred else name
        for name, queue in queues.items()
    }
    steps: dict[tuple[str, str], str] = {}
    for one, to, path in _steps(queues, follow_ups):
        if one != to and teams.get(one, one) == teams.get(to, to):
            blame(path, f"a queue outside {teams[to]}, whose team answers both", to)
        elif one != to:
            steps.setdefault((teams.get(one, one), teams.get(to, to)), path)
    while steps:
        before: dict[str, list[str]] = {}
        for one, to in steps:
            before.setdefault(to, []).append(one)
        try:
            TopologicalSorter(before).prepare()
            return
        except CycleError as error:
            circle = error.args[1]
        words = "a way that does not lead back to where it began"
        blame(steps.pop((circle[-2], circle[-1])), words, " > ".join(circle))


def _steps(
    queues: Mapping[str, Queue | None], follow_ups: Mapping[str, FollowUp | None]
) -> Iterator[tuple[str, str, str]]:
    """From which queue work goes to which, and the setting that says so."""
    for queue in filter(None, queues.values()):
        path = f"queue.{queue.name}"
        if queue.transfer_to:
            yield queue.name, queue.transfer_to, f"{path}.transfer_to"
        if queue.callback_to:
            yield queue.name, queue.callback_to, f"{path}.callback_to"
        for helped in queue.fills_idle_of:
            yield helped, queue.name, f"{path}.fills_idle_of"
    for place, one in follow_ups.items():
        if one:
            yield one.queue, one.to, f"follow_up.{place}.to"


def _check_hours(opening: tuple[Opening, ...], path: str, blame: Blame) -> None:
    if not opening:
        blame(path, "at least one span of hours", "none")
    for place, hours in enumerate(opening, start=1):
        check_span(hours.opens, hours.closes, f"{path}.{place}.closes", blame)


def check_span(opens: int, closes: int, path: str, blame: Blame) -> None:
    """Fault hours that end before they begin or last longer than a day."""
    if closes <= opens:
        blame(path, "a time after opens; past midnight is told as 25:00 and so on", clock(closes))
    elif closes - opens > 1440:
        blame(path, "at most 24 hours after opens", clock(closes))


def clock(minutes: int) -> str:
    """Minutes after midnight as a clock shows them.

    Examples
    --------
    >>> clock(1590)
    '26:30'
    """
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _shown(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"
