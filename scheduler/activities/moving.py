"""Sessions of a day that turned bad: each stays, is moved to later the same day, or is given up, whichever costs least."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from centre.activities import LEAD, OFF_QUEUE, Activity
from scheduler.activities.candidates import Found, Meant, Rooms, best, window
from scheduler.activities.desk import Desk
from scheduler.activities.prices import Taken
from scheduler.activities.sessions import Session
from scheduler.rota import Rota, activity_kind

LEAST_GAIN = 1e-6


@dataclass(frozen=True, slots=True)
class Moved:
    """What becomes of a session: ``to`` is where it goes, None: it is given up.

    ``saves`` is in the currency of prices of cover; 0 of one that cannot stay, for minimum cover or for who is absent.
    """

    session: Session
    to: Session | None
    saves: float


def sessions_in(rota: Rota, activities: Sequence[Activity], earliest: int, until: int) -> Iterator[Session]:
    """Sessions of a rota that start from ``earliest`` to ``until``, UTC minutes.

    People in the same activity at the same time sit together where it has groups or somebody who leads it.
    """
    known, found = {a.name: a for a in activities}, dict[tuple[str, int, int, str], list[tuple[str, str]]]()
    rows = np.flatnonzero(rota.is_kind(*OFF_QUEUE) & (rota.start >= earliest) & (rota.start < until))
    for k in rows.tolist():
        kind, name = activity_kind(text := rota.activities[rota.activity[k]]), text.partition(":")[2]
        who = rota.agent_ids[rota.agent[k]]
        if name in known and kind in (LEAD, known[name].kind):
            a = known[name]
            alone = a.most_size == 1 and not (a.leader_levels or a.leader_roles)
            key = name, int(rota.start[k]), int(rota.end[k]), who if alone else ""
            found.setdefault(key, []).append((kind, who))
    for (name, start, end, _), people in sorted(found.items()):
        there = tuple(sorted(who for kind, who in people if kind != LEAD))
        leads = sorted(who for kind, who in people if kind == LEAD)
        yield Session(known[name], start, end, there, " ".join(leads))


def moved(desk: Desk, sessions: Sequence[Session], trouble: float, worth: float) -> list[Moved]:
    """What is worth changing, the session that costs most first.

    Parameters
    ----------
    desk : of the rota in which these sessions are work again
    trouble : price of a change of one person's session
    worth : price of an hour of one person's session that is given up: it has to be made up for
    """
    rooms, taken = Rooms((), desk.count), dict[int, Taken]()
    led = np.zeros(len(desk.place), dtype=np.int64)
    for k, session in enumerate(sessions):
        taken[k] = _taken(desk, session)
    order = sorted(taken, key=lambda k: (-sum(amount for _, _, amount in taken[k]), k))
    found = list[Moved]()
    for k in order:
        session = sessions[k]
        people = _people(desk, session)
        begin, length = desk.at(session.start), desk.slots_of(session.end - session.start)
        desk.give_back(people, begin, begin + length)
        desk.prices.give_back(taken[k])
        here = _place(desk, session, begin, begin + length, rooms, led, fixed=True)
        later = None
        if session.activity.at is None and not session.activity.rooms:
            later = _place(desk, session, begin, desk.count, rooms, led, fixed=False)
        stay = here.price if here is not None else np.inf
        move = later.price + trouble * len(people) if later is not None else np.inf
        drop = (worth * length * desk.slot / 60 + trouble) * len(people)
        to: Session | None = session
        if min(move, drop) < stay - LEAST_GAIN:
            to = None
            if move <= drop and later is not None:
                start = desk.instant(later.begin)
                to = replace(session, start=start, end=start + session.end - session.start)
            saves = stay - min(move, drop) if here is not None else 0.0
            found.append(Moved(session, to, float(saves)))
        if to is not None:
            taken[k] = _taken(desk, to)
    return found


def _people(desk: Desk, session: Session) -> list[int]:
    return sorted({desk.place[who] for who in (*session.attendees, *session.leader.split())})


def _taken(desk: Desk, session: Session) -> Taken:
    people, begin = _people(desk, session), desk.at(session.start)
    end = begin + desk.slots_of(session.end - session.start)
    taken = desk.prices.take(desk.group[people, begin].tolist(), *desk.shares(begin, end))
    desk.take(people, begin, end)
    return taken


def _place(
    desk: Desk, session: Session, begin: int, end: int, rooms: Rooms, led: "np.ndarray[tuple[int], np.dtype[np.int64]]", *, fixed: bool
) -> Found | None:  # fmt: skip
    """The best place for everybody in it from one slot to another; where ``fixed``, that place and nothing else."""
    people, length = _people(desk, session), desk.slots_of(session.end - session.start)
    day = int(desk.day[begin])
    allowed = np.ones(desk.count, dtype=bool) if fixed else window(desk, session.activity, day, day)
    allowed[:begin], allowed[end:] = False, False
    activity = replace(session.activity, rooms=(), at=int(desk.minute[begin]) if fixed else None)
    meant = Meant(activity, length, np.array(people, dtype=np.int64), allowed, 1, len(people))
    found = best(desk, meant, rooms, led, whole=True)
    return None if isinstance(found, str) else found
