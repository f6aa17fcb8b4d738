"""Backup on the day: given what is measured now, call people of a pool, keep them, release some, or wait.

The rules are those of `scheduler.staffing.floor.BackupPool`, which the simulation plays too: a trigger must hold at every look for
``sustained_minutes``, counted from the last arrival at the earliest; nobody is called while somebody is on the way or until
``cool_down_minutes`` after somebody went; people go once all triggers have been over for ``hold_minutes`` and their minimum is over,
of several batches the last one first. So a pool that is called stays at least its minimum, and between its release and its next call
lies its cool-down: it cannot flap. A measure that is not known neither calls nor sends anybody home.

Instants and spans are minutes; an instant is UTC minutes since 1970.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from centre.peaks import Backup, Trigger, TriggerKind

Action = Literal["call", "keep", "release", "wait"]
NEVER, ALWAYS = float("inf"), float("-inf")
REFUSALS = (
    "called already",
    "no call left today",
    "no call left this month",
    "not at work",
    "resting after a call-out",
    "outside their hours, away, or near a shift of their own",
)
"""Why somebody may not be called."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a trigger looks at: ``value``, or None where it is not known; ``whole``: of all queues of the pool, else at least so much."""

    value: float | None
    whole: bool = True


Measures = Mapping[TriggerKind, Measure]


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody in a pool beside this day's calls.

    Parameters
    ----------
    windows : (start, end) of when they may be at work in a call-out, in order, see `scheduler.backup_windows`
    calls_before : call-outs this month that `PoolState` does not know of
    at_work : at work by the rota: support comes from there
    """

    agent_id: str
    windows: tuple[tuple[float, float], ...] = ((ALWAYS, NEVER),)
    calls_before: float = 0.0
    at_work: bool = True


@dataclass(frozen=True, slots=True)
class Helper:
    """Where somebody stands: ``off``, ``coming`` since the last of ``calls``, or ``here`` since ``arrived``.

    ``until`` is when they have to go at the latest, ``left`` when they last went, ``batch`` the number of the call they came with.
    """

    where: Literal["off", "coming", "here"] = "off"
    calls: tuple[float, ...] = ()
    arrived: float = ALWAYS
    until: float = NEVER
    left: float = ALWAYS
    batch: int = 0


@dataclass(frozen=True, slots=True)
class PoolState:
    """A pool between two looks: who stands where, since when some trigger holds (``held``) and since when all are over (``over``)."""

    helpers: Mapping[str, Helper]
    held: float = NEVER
    over: float = NEVER
    looked: float = ALWAYS

    def who(self, *where: str) -> list[str]:
        """Those who stand there."""
        return [name for name, helper in self.helpers.items() if helper.where in where]

    @property
    def arrived(self) -> float:
        """When somebody last came."""
        return max((helper.arrived for helper in self.helpers.values()), default=ALWAYS)

    @property
    def gone(self) -> float:
        """When somebody last went."""
        return max((helper.left for helper in self.helpers.values()), default=ALWAYS)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one look says of the triggers: the first that holds, its value, and whether all are over."""

    trigger: Trigger | None
    value: float | None
    over: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a pool now, and its state once that is done.

    Parameters
    ----------
    people : whom to call or release
    since : since when the trigger holds, or all are over; NaN where neither
    ready : when a call or release that has to wait may come; inf where it hangs on the measures
    refused : why people may not be called, and how many each
    next_look : when to look again
    """

    action: Action
    people: tuple[str, ...]
    verdict: Verdict
    since: float
    ready: float
    refused: Mapping[str, int]
    next_look: float
    state: PoolState


def judged(pool: Backup, measures: Measures) -> Verdict:
    """What the triggers say.

    Examples
    --------
    >>> pool = Backup("agency", ("chat",), threshold=50)  # over below 40
    >>> [judged(pool, {"customers_online": Measure(x)}).over for x in (50, 40, 39)]
    [False, False, True]
    """
    first, value, over = None, None, True
    for trigger in pool.triggers:
        found = measures.get(trigger.when, Measure(None))
        low = trigger.when == "service_level"
        if found.value is None or (low and not found.whole):
            over = False
            continue
        if found.value <= trigger.threshold if low else found.value >= trigger.threshold:
            first, value = (trigger, found.value) if first is None else (first, value)
        ended = found.value > trigger.release if low else found.value < trigger.release
        over = over and ended and found.whole
    return Verdict(first, value, over)


def moved(pool: Backup, state: PoolState, now: float) -> PoolState:
    """The state once those whose time has come by ``now`` have arrived or gone."""
    return replace(state, helpers={name: _moved(pool, each, now) for name, each in state.helpers.items()})


def _moved(pool: Backup, helper: Helper, now: float) -> Helper:
    if helper.where == "coming" and helper.calls[-1] + pool.lead_minutes <= now:
        helper = replace(helper, where="here", arrived=helper.calls[-1] + pool.lead_minutes)
    leaves = min(helper.arrived + pool.maximum_minutes, helper.until)
    if helper.where == "here" and leaves <= now:
        helper = replace(helper, where="off", left=leaves)
    return helper


def noted(pool: Backup, state: PoolState, measures: Measures, at: float) -> PoolState:
    """The state once somebody has looked at ``at`` without doing anything: since when triggers hold or are over."""
    state, verdict = moved(pool, state, at), judged(pool, measures)
    held = min(state.held, at) if verdict.trigger is not None else NEVER
    return replace(state, held=held, over=min(state.over, at) if verdict.over else NEVER, looked=at)


def decide(
    pool: Backup,
    state: PoolState,
    measures: Measures,
    now: float,
    people: Sequence[Person],
    day_start: float = ALWAYS,
) -> Decision:
    """What to do with a pool now.

    Parameters
    ----------
    state : as the last look left it
    people : everybody of the pool, in its order
    day_start : when the local day began, for ``calls_a_day``

    Examples
    --------
    >>> pool = Backup("agency", ("chat",), threshold=50, batch=1)
    >>> people = [Person("B1"), Person("B2")]
    >>> start = PoolState({"B1": Helper(), "B2": Helper()})
    >>> first = decide(pool, start, {"customers_online": Measure(55)}, 600, people)
    >>> first.action, first.people, decide(pool, first.state, {"customers_online": Measure(70)}, 601, people).action
    ('call', ('B1',), 'keep')
    """
    missing = {person.agent_id: Helper() for person in people if person.agent_id not in state.helpers}
    state = noted(pool, replace(state, helpers={**state.helpers, **missing}), measures, now)
    verdict, here, coming = judged(pool, measures), state.who("here"), state.who("coming")
    action: Action = "keep" if here or coming else "wait"
    since, ready, refused, chosen = float("nan"), NEVER, Counter[str](), list[str]()
    if verdict.trigger is not None:
        since = state.held
    if verdict.trigger is not None and not coming:
        ready = max(
            max(state.held, state.arrived) + pool.sustained_minutes, state.gone + pool.cool_down_minutes
        )
        if ready <= now:
            chosen, refused = _to_call(pool, state, people, now, day_start)
            action = "call" if chosen else action
    elif verdict.over and here:
        since, ready = state.over, state.over + pool.hold_minutes
        if ready <= now:
            chosen, ready = _to_release(pool, state, here, now)
            action = "release" if chosen else action
    if action == "call":
        state = _called(state, chosen, {each.agent_id: each for each in people}, now + pool.lead_minutes, now)
    elif action == "release":
        state = _released(pool, state, chosen, now)
    return Decision(action, tuple(chosen), verdict, since, ready, refused, now + pool.check_minutes, state)


def _to_call(
    pool: Backup, state: PoolState, people: Sequence[Person], now: float, day_start: float
) -> tuple[list[str], Counter[str]]:
    """Those to call, who has had the fewest call-outs first, and why others may not be."""
    may, refused = list[tuple[float, int, str]](), Counter[str]()
    for place, person in enumerate(people):
        why = refusal(pool, state.helpers[person.agent_id], person, now, day_start)
        if why:
            refused[why] += 1
        else:
            had = person.calls_before + len(state.helpers[person.agent_id].calls)
            may.append((had, place, person.agent_id))
    names = [name for _, _, name in sorted(may)]
    return names[: pool.batch or None], refused


def refusal(pool: Backup, helper: Helper, person: Person, now: float, day_start: float) -> str:
    """Why somebody may not be called now; empty where they may."""
    arrival = now + pool.lead_minutes
    today = sum(at >= day_start for at in helper.calls)
    if helper.where != "off":
        return REFUSALS[0]
    if pool.calls_a_day is not None and today >= pool.calls_a_day:
        return REFUSALS[1]
    if pool.calls_a_month is not None and person.calls_before + len(helper.calls) >= pool.calls_a_month:
        return REFUSALS[2]
    if pool.kind == "support" and not person.at_work:
        return REFUSALS[3]
    if pool.kind != "support" and arrival < helper.left + pool.rest_minutes:
        return REFUSALS[4]
    if window_end(person, arrival, pool.minimum_minutes) is None:
        return REFUSALS[5]
    return ""


def window_end(person: Person, arrival: float, minimum: float) -> float | None:
    """When somebody who arrives then has to go at the latest; None where no window holds the minimum."""
    return next(
        (end for start, end in person.windows if start <= arrival < end and arrival + minimum <= end), None
    )


def _called(
    state: PoolState, names: Sequence[str], people: Mapping[str, Person], arrival: float, now: float
) -> PoolState:
    helpers, batch = dict(state.helpers), 1 + max(each.batch for each in state.helpers.values())
    for name in names:
        until = window_end(people[name], arrival, 0.0)
        helpers[name] = replace(
            helpers[name],
            where="coming",
            calls=(*helpers[name].calls, now),
            until=NEVER if until is None else until,
            batch=batch,
        )
    return replace(state, helpers=helpers)


def _to_release(pool: Backup, state: PoolState, here: Sequence[str], now: float) -> tuple[list[str], float]:
    """Those whose minimum is over, of batches the last one alone; when the next minimum is over (inf: of nobody)."""
    due = {name: state.helpers[name].arrived + pool.minimum_minutes for name in here}
    free = [name for name in here if due[name] <= now]
    latest = max((state.helpers[name].batch for name in free), default=0)
    chosen = [name for name in free if not pool.batch or state.helpers[name].batch == latest]
    return chosen, min((at for at in due.values() if at > now), default=NEVER)


def _released(pool: Backup, state: PoolState, names: Sequence[str], now: float) -> PoolState:
    gone = {name: replace(state.helpers[name], where="off", left=now) for name in names}
    return replace(state, helpers={**state.helpers, **gone}, over=now if pool.batch else state.over)
