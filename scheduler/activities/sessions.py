"""Sessions off the queue: who is in one when, and the rota with their minutes cut out of the work."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from centre.activities import LEAD, Activity
from scheduler.rota import PAUSES, Rota, activity_kind

FIELDS = ("agent", "day", "start", "end", "shift", "paid")


@dataclass(frozen=True, slots=True)
class Session:
    """One sitting: UTC minutes, half-open; an empty leader or room is none."""

    activity: Activity
    start: int
    end: int
    attendees: tuple[str, ...]
    leader: str = ""
    room: str = ""

    def texts(self) -> Iterator[tuple[str, str]]:
        """Everybody in it, with what their rota says meanwhile."""
        yield from ((who, self.activity.text) for who in self.attendees)
        if self.leader:
            yield self.leader, f"{LEAD}:{self.activity.name}"


def with_sessions(rota: Rota, sessions: Iterable[Session]) -> Rota:
    """The rota with the time of each session cut out of a row of work that holds it: same shift, same pay.

    Raises
    ------
    ValueError
        where somebody is not at work throughout, or in two places.
    """
    stays: dict[str, list[tuple[int, int, str]]] = {}
    for session in sessions:
        for who, text in session.texts():
            stays.setdefault(who, []).append((session.start, session.end, text))
    texts = {text for told in stays.values() for _, _, text in told}
    book = (*rota.activities, *sorted(texts - set(rota.activities)))
    code = {text: k for k, text in enumerate(book)}
    cut, pieces = np.zeros(len(rota), dtype=bool), list[tuple[int, int, int, int]]()
    for who, told in sorted(stays.items()):
        for row, parts in _cut(rota, who, sorted(told)):
            cut[row] = True
            pieces += [
                (row, start, end, int(rota.activity[row]) if not text else code[text])
                for start, end, text in parts
            ]
    rows, start, end, activity = np.array(pieces, dtype=np.int64).reshape(-1, 4).T
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(rota, name)[~cut], getattr(rota, name)[rows]]) for name in FIELDS
    }
    columns["start"][len(rota) - cut.sum() :], columns["end"][len(rota) - cut.sum() :] = start, end
    columns["activity"] = np.concatenate([rota.activity[~cut], activity.astype(np.int32)])
    order = np.lexsort((columns["end"], columns["start"], columns["agent"]))
    return replace(rota, activities=book, **{name: column[order] for name, column in columns.items()})


def _cut(
    rota: Rota, who: str, stays: Sequence[tuple[int, int, str]]
) -> Iterator[tuple[int, list[tuple[int, int, str]]]]:
    """Each row of somebody's work that holds sessions, with its pieces; the text of work is empty."""
    code = rota.agent_ids.index(who) if who in rota.agent_ids else -1
    left = list(stays)
    for row in np.flatnonzero(rota.agent == code).tolist():
        at, until = int(rota.start[row]), int(rota.end[row])
        inside = [stay for stay in left if at <= stay[0] and stay[1] <= until]
        if not inside or activity_kind(rota.activities[rota.activity[row]]) != "work":
            continue
        parts = list[tuple[int, int, str]]()
        for start, end, text in inside:
            if start < at:
                raise ValueError(f"{who} is in two sessions at a time")
            parts += [(at, start, ""), (start, end, text)]
            at = end
            left.remove((start, end, text))
        yield row, [part for part in (*parts, (at, until, "")) if part[1] > part[0]]
    if left:
        raise ValueError(f"{who} is not at work throughout a session")


def given_up(rota: Rota, sessions: Iterable[Session]) -> Rota:
    """The rota with sessions turned back into the work of their shifts; the inverse of `with_sessions`.

    Done on is the nearest work of the same shift, with as few pauses between as can be; ``work:*`` where it holds no other work.
    """
    gone = {(who, s.start, s.end, text) for s in sessions for who, text in s.texts()}
    book = rota.activities if "work:*" in rota.activities else (*rota.activities, "work:*")
    activity, kept, end = rota.activity.copy(), np.ones(len(rota), dtype=bool), rota.end.copy()
    work, pauses = rota.is_kind("work"), np.cumsum(rota.is_kind(*PAUSES))
    back = [
        k
        for k in np.flatnonzero(~work).tolist()
        if (rota.agent_ids[rota.agent[k]], int(rota.start[k]), int(rota.end[k]), book[rota.activity[k]])
        in gone
    ]
    for k in back:
        rows = np.arange(rota.duties.first[rota.duty[k]], rota.duties.last[rota.duty[k]])
        rows = rows[(rota.duty[rows] == rota.duty[k]) & work[rows]]
        near = np.lexsort((abs(rows - k), abs(pauses[rows] - pauses[k])))
        activity[k] = rota.activity[rows[near[0]]] if len(near) else book.index("work:*")
    joins = {row for k in back for row in (k, k + 1)}
    last = -1
    for k in range(len(rota)):
        alike = (
            last >= 0 and k in joins and rota.duty[k] == rota.duty[last] and activity[k] == activity[last]
            and end[last] == rota.start[k] and rota.paid[k] == rota.paid[last]
        )  # fmt: skip
        if alike:
            end[last], kept[k] = rota.end[k], False
        else:
            last = k
    columns: dict[str, Any] = {name: getattr(rota, name)[kept] for name in FIELDS}
    return replace(rota, activities=book, **(columns | {"activity": activity[kept], "end": end[kept]}))
