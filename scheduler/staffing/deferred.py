"""Work that may wait: e-mail, cases, feedback, records, call-backs, outbound blocks; when it is due, how many agents do it in time.

Time is the grid of a horizon, interval 0 to N - 1. Work that comes in an interval comes and may be done evenly over it,
so that it may be done from that interval on. `levelled` finds the flattest staffing with which everything is done by its due time,
`worked_off` what given minutes get done, earliest due first. `scheduler.staffing.levelling` has the mathematics.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from centre.errors import BadInput, Fault
from centre.instants import Grid
from centre.model import Queue
from scheduler.staffing.checks import NOT_NEGATIVE, POSITIVE, Expected, Flags, Floats, checked
from scheduler.staffing.levelling import DUST, flattest, placed

Ints = NDArray[np.int64]
NEVER = np.iinfo(np.int32).max  # an interval that no horizon reaches
WHOLE = Expected(
    "a whole number of intervals", lambda x: np.isfinite(x) & (x == np.floor(x)) & (abs(x) < NEVER)
)
WHOLE_AGENTS = Expected(
    "a whole number of at least 0", lambda x: np.isfinite(x) & (x >= 0) & (x == np.floor(x))
)
OCCUPANCY = Expected("a share above 0 and at most 1", lambda x: (x > 0) & (x <= 1))


@dataclass(frozen=True, eq=False, slots=True)
class Work:
    """Items of work that may wait; arrays of shape (items,).

    Parameters
    ----------
    release : interval in which an item comes; below 0 what is left from before the horizon
    due : interval by whose end it must be done; from the number of intervals on, that is after the horizon
    contacts : contacts that it stands for
    minutes : work of all of them together
    """

    release: Ints
    due: Ints
    contacts: Floats
    minutes: Floats

    @classmethod
    def none(cls) -> "Work":
        """No work at all."""
        return cls(*(np.zeros(0, dtype=kind) for kind in (np.int64, np.int64, float, float)))

    def __len__(self) -> int:
        return len(self.release)

    def and_also(self, other: "Work") -> "Work":
        """Both together, these items first."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in self.__slots__)
        return Work(*(np.concatenate(pair) for pair in pairs))

    def seen_from(self, interval: int) -> "Work":
        """The same work where ``interval`` counts as the first: how a horizon's backlog enters the next."""
        return Work(self.release - interval, self.due - interval, self.contacts, self.minutes)


@dataclass(frozen=True, eq=False, slots=True)
class WorkedOff:
    """What gets done in a horizon.

    Parameters
    ----------
    minutes : work done in each interval, shape (intervals,)
    finished : contacts finished in each interval; an item that is half done counts half
    in_time : of each item, contacts done by its due time and within the horizon, shape (items,)
    late : of each item due within the horizon, contacts not done by then
    finish : interval in which the last of an item is done; the number of intervals where that is after the horizon
    waits : mean number of intervals from an item's coming to its being done; infinite where some of it is not done
    left : the backlog at the end, as items again; `Work.seen_from` carries it over
    """

    minutes: Floats
    finished: Floats
    in_time: Floats
    late: Floats
    finish: Ints
    waits: Floats
    left: Work


@dataclass(frozen=True, eq=False, slots=True)
class Levelled:
    """The flattest staffing and what it does.

    Parameters
    ----------
    agents : own agents in each interval, shape (intervals,)
    idle_used : minutes of other agents' idle time that are used
    impossible : items that are due before anybody may work on them, shape (items,)
    done : what gets done
    """

    agents: Ints
    idle_used: Floats
    impossible: Flags
    done: WorkedOff


def due_of(queue: Queue, grid: Grid, release: ArrayLike) -> Ints:
    """Interval by whose end work must be done that comes in ``release``; it may lie beyond the grid.

    ``target_hours`` are elapsed hours, also over nights on which clocks change, and run from the start of the
    interval of release, so that what comes at its very beginning is in time too; fewer hours than an interval count
    as one. With ``due_by_day_end`` work is due when the local day of its release ends, on the wall clock. Opening
    hours move neither: who closes earlier has less time.

    Raises
    ------
    BadInput
        where the queue sets neither (its work may not wait), or a release is not on the grid.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> day = Grid(ZoneInfo("Asia/Shanghai"), 0, 1, 60)
    >>> due_of(Queue("反馈", target_hours=24), day, [0, 10]).tolist()
    [23, 33]
    >>> due_of(Queue("归档", due_by_day_end=True), day, [0, 10]).tolist()
    [23, 23]
    """
    days = grid.local_days()
    on_grid = Expected(
        f"an interval from 0 to {len(days) - 1}", lambda x: (x >= 0) & (x < len(days)) & (x == x // 1)
    )
    faults = []
    if not queue.deferred:
        path = f"queue.{queue.name}.target_hours"
        faults = [Fault("centre.toml", "target_hours or due_by_day_end, for work that may wait", column=path)]
    (given,) = checked("due_of", {"release": (release, on_grid)}, *faults)
    came = given.astype(np.int64)
    due = np.full(came.shape, NEVER, dtype=np.int64)
    if queue.target_hours is not None:
        span = int(queue.target_hours * 60.0 / grid.interval_minutes + DUST)
        due = came + max(span, 1) - 1
    if queue.due_by_day_end:
        due = np.minimum(due, np.searchsorted(days, days[came], side="right") - 1)
    return due


def levelled(
    work: Work,
    may_work: ArrayLike,
    idle_minutes: ArrayLike,
    interval_minutes: float,
    max_occupancy: float = 1.0,
    minimum_agents: ArrayLike = 0,
) -> Levelled:
    """The flattest staffing in whole agents that does all work in time.

    First other agents' idle minutes are used, then agents are added: in no interval more than in the flattest profile in
    fractions of agents, rounded up, so that the peak is the least there is; among those the least total of agents over all
    intervals; then the nearest to that profile, and as early as may be. See `scheduler.staffing.levelling`.

    Of work due after the horizon only a part is owed within it: the open time that remains in the horizon, as a share
    of that until the due time (after the horizon as much is taken to be open, on average, as in it). The rest is done where there
    is room and else left. Work due before anybody may work on it is told as impossible; its time counts anew from when somebody
    may work, so that it comes late but neither makes other work late nor heaps agents at opening.

    Parameters
    ----------
    work : items; releases below the number of intervals
    may_work : whether anybody may work on it in each interval, shape (intervals,)
    idle_minutes : minutes that other agents have free for it in each interval
    interval_minutes : length of an interval
    max_occupancy : share of an own agent's time that is spent on work
    minimum_agents : own agents who are there in any case where somebody may work, whole numbers

    Raises
    ------
    BadInput
        naming every bad number with its index.

    Examples
    --------
    An hour of work comes at midnight, due after four hours, and one more at two, due after one; nobody is idle:

    >>> work = Work(np.array([0, 2]), np.array([3, 2]), np.array([10.0, 10.0]), np.array([60.0, 60.0]))
    >>> levelled(work, [True] * 4, 0, 60).agents.tolist()
    [1, 0, 1, 0]
    """
    given = {
        "may_work": (may_work, Expected("true or false", lambda x: (x == 0) | (x == 1))),
        "idle_minutes": (idle_minutes, NOT_NEGATIVE),
        "minimum_agents": (minimum_agents, WHOLE_AGENTS),
        "interval_minutes": (interval_minutes, POSITIVE),
        "max_occupancy": (max_occupancy, OCCUPANCY),
    }
    opens, idle, minimum, length, occupancy = checked("levelled", given, *_faults(work, np.size(may_work)))
    is_open = np.atleast_1d(opens).astype(bool)
    per_agent = float(length.flat[0] * occupancy.flat[0]) if is_open.size else 1.0
    idle, minimum = idle * is_open, np.asarray(minimum * is_open)
    impossible, due = aims(work, is_open)
    given_minutes, slots = idle + minimum * per_agent, np.flatnonzero(is_open)
    agents = minimum.astype(np.int64)
    agents[slots] += flattest(*owed(work, due, slots, len(is_open)), given_minutes[slots], per_agent)
    done = _worked_off(work, idle + agents * per_agent, due)
    return Levelled(agents, np.minimum(done.minutes, idle), impossible, done)


def aims(work: Work, is_open: Flags) -> tuple[Flags, Ints]:
    """Which items are impossible, and the interval by which each is to be done."""
    slots, count = np.flatnonzero(is_open), len(is_open)
    place = np.searchsorted(slots, np.maximum(work.release, 0))
    opens = np.append(slots, count)[place]
    impossible = (work.due < opens) & (work.due < count)
    anew = opens + np.maximum(work.due - work.release, 0)
    return impossible, np.where(impossible, anew, work.due)


def owed(work: Work, due: Ints, slots: Ints, count: int) -> tuple[Ints, Ints, Floats]:
    """First slot, last slot and minutes of what must be done within the horizon."""
    first = np.searchsorted(slots, np.maximum(work.release, 0))
    last = np.searchsorted(slots, due, side="right") - 1
    within, beyond = last - first + 1.0, np.maximum(due + 1.0 - count, 0.0) * len(slots) / max(count, 1)
    minutes = work.minutes * np.divide(within, within + beyond, out=np.zeros(len(work)), where=within > 0)
    some = minutes > 0.0
    return first[some], last[some], minutes[some]


def worked_off(work: Work, capacity_minutes: ArrayLike) -> WorkedOff:
    """What given minutes get done, earliest due first; what is overdue goes on being worked at, before all else.

    Parameters
    ----------
    work : items; releases below the number of intervals
    capacity_minutes : minutes of work that can be done in each interval, shape (intervals,)

    Raises
    ------
    BadInput
        naming every bad number with its index.

    Examples
    --------
    >>> work = Work(np.array([0, 1]), np.array([2, 1]), np.array([4.0, 2.0]), np.array([40.0, 20.0]))
    >>> done = worked_off(work, [15, 15, 15])
    >>> done.minutes.tolist(), done.in_time.tolist(), done.left.contacts.tolist()
    ([15.0, 15.0, 15.0], [2.5, 1.5], [1.5])
    """
    given = {"capacity_minutes": (capacity_minutes, NOT_NEGATIVE)}
    (capacity,) = checked("worked_off", given, *_faults(work, np.size(capacity_minutes)))
    return _worked_off(work, np.atleast_1d(capacity), work.due)


def _worked_off(work: Work, capacity: Floats, aim: Ints) -> WorkedOff:
    """`worked_off` by order of ``aim``; in time is what is done by the due time itself."""
    count, items = len(capacity), len(work)
    first, last = np.maximum(work.release, 0), np.full(items, count - 1)
    item, slot, part = placed(first, last, work.minutes, capacity, np.lexsort((work.release, aim)))
    share = part / work.minutes[item]
    punctual = slot <= work.due[item]
    rest = np.maximum(work.minutes - _sums(item, part, items), 0.0)
    rest[rest <= DUST] = 0.0
    finish = first.copy()  # what takes no time is done as it comes
    np.maximum.at(finish, item, slot)
    finish[rest > 0.0] = count
    waits = _sums(item, share * (slot - work.release[item]), items)
    missed = work.minutes - _sums(item, part * punctual, items)
    in_time = work.contacts * (
        1.0 - np.divide(missed, work.minutes, out=np.zeros(items), where=missed > DUST)
    )
    some = rest > 0.0
    share_left = np.divide(rest, work.minutes, out=np.zeros(items), where=some)
    left = Work(work.release[some], work.due[some], (work.contacts * share_left)[some], rest[some])
    return WorkedOff(
        minutes=_sums(slot, part, count),
        finished=_sums(slot, share * work.contacts[item], count),
        in_time=in_time,
        late=np.where(work.due < count, work.contacts - in_time, 0.0),
        finish=finish,
        waits=np.where(some, np.inf, waits),
        left=left,
    )


def _sums(place: Ints, values: Floats, count: int) -> Floats:
    return np.bincount(place, values, minlength=count)[:count].astype(float)


def _faults(work: Work, count: int) -> list[Fault]:
    """Everything that is wrong with the items, for a horizon of ``count`` intervals."""
    given = {name: (getattr(work, name), WHOLE) for name in ("release", "due")}
    given |= {name: (getattr(work, name), NOT_NEGATIVE) for name in ("contacts", "minutes")}
    try:
        release, _, contacts, minutes = checked("work", given)
    except BadInput as error:
        return list(error.faults)
    after, empty = np.flatnonzero(release >= count), np.flatnonzero((contacts > 0) & (minutes == 0))
    told = [(release, at, "release", f"an interval of the horizon, below {count}") for at in after[:100]]
    told += [(minutes, at, "minutes", "more than 0 where there are contacts") for at in empty[:100]]
    return [Fault("work", words, f"{of[at]:g} at index {at}", column=name) for of, at, name, words in told]
