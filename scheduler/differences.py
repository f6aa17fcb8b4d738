"""What changed from one rota to another: shifts by person and day, and findings that are new, gone or remain."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from centre.instants import Minutes, from_minutes
from scheduler.rota import PAUSES, Rota, activity_kind
from scheduler.rules.rule import Violation

Key = tuple[str, str, str, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Change:
    """A person's day that is not what it was: the shifts in words, empty where there is none."""

    agent_id: str
    day: int
    before: str
    after: str


@dataclass(frozen=True)
class FindingChanges:
    """Findings of the new rota that the old one had not, of the old one that are gone, of both (as they are now)."""

    new: list[Violation]
    gone: list[Violation]
    remaining: list[Violation]


def changed_days(
    old: Rota, new: Rota, zone: ZoneInfo, zones: dict[str, ZoneInfo] | None = None,
    days: tuple[int, int] | None = None,
) -> list[Change]:  # fmt: skip
    """Every person and day whose rows differ, by person and day.

    Parameters
    ----------
    zone : the clock that shifts are told in, where ``zones`` has none for the person
    days : first day number and the one after the last that are compared; None for all

    Examples
    --------
    >>> import pandas as pd
    >>> one = pd.DataFrame({"agent_id": ["a"], "day": ["2026-03-02"], "start": ["2026-03-02T08:00Z"],
    ...     "end": ["2026-03-02T16:00Z"], "activity": ["work:*"], "shift": ["D"], "paid": [True]})
    >>> two = one.assign(end="2026-03-02T16:30Z")
    >>> changes = changed_days(Rota.from_frame(one), Rota.from_frame(two), ZoneInfo("UTC"))
    >>> [(c.agent_id, c.before, c.after) for c in changes]
    [('a', 'D 08:00-16:00', 'D 08:00-16:30')]
    """
    agent, day, *rest = _columns(old, new)
    which = np.repeat([0, 1], [len(old), len(new)])
    inside = np.flatnonzero((day >= days[0]) & (day < days[1])) if days else np.arange(len(day))
    differ = inside[~_paired(_as_one(agent, day, *rest)[inside], which[inside])]
    names = sorted({*old.agent_ids, *new.agent_ids})
    days_changed = np.unique(np.column_stack([agent[differ], day[differ]]), axis=0)
    told = [_by_day(rota, {(names[a], d) for a, d in days_changed.tolist()}) for rota in (old, new)]
    changes = []
    for place, day in days_changed.tolist():
        agent_id = names[place]
        clock = (zones or {}).get(agent_id, zone)
        texts = [
            _words(rota, of_day.get((agent_id, day), []), clock)
            for rota, of_day in zip((old, new), told, strict=True)
        ]
        if texts[0] == texts[1]:
            texts[1] += " (other breaks, activities or pay)"
        changes.append(Change(agent_id, day, *texts))
    return changes


def compare_findings(old: Iterable[Violation], new: Iterable[Violation]) -> FindingChanges:
    """Findings by what became of them; two are the same where rule, source, person and window are.

    Examples
    --------
    >>> one = Violation("daily-hours", "x", "a1", 0, 60, 61.0, 60.0, "minutes", "breach", "words")
    >>> two = Violation("daily-hours", "x", "a1", 0, 61, 61.0, 60.0, "minutes", "breach", "words")
    >>> changes = compare_findings([one], [one, two])
    >>> len(changes.new), len(changes.gone), len(changes.remaining)
    (1, 0, 1)
    """
    before = list(old)
    left = Counter(_key(found) for found in before)
    fresh: list[Violation] = []
    remaining: list[Violation] = []
    for found in new:
        known = left[_key(found)] > 0
        left[_key(found)] -= known
        (remaining if known else fresh).append(found)
    gone = []
    for found in reversed(before):
        if left[_key(found)] > 0:
            left[_key(found)] -= 1
            gone.append(found)
    return FindingChanges(fresh, gone[::-1], remaining)


def _key(found: Violation) -> Key:
    return found.rule, found.source, found.agent_id, found.start, found.end


def _columns(old: Rota, new: Rota) -> list[Minutes]:
    """The rows of both rotas, old first, as integers of shared code books: person, day, start, length, activity,
    shift, paid; shape (rows of both,) each.
    """
    columns = [_joined(old.agent_ids, old.agent, new.agent_ids, new.agent)]
    columns += [np.concatenate([old.day, new.day]), np.concatenate([old.start, new.start])]
    columns.append(np.concatenate([old.end - old.start, new.end - new.start]))
    columns.append(_joined(old.activities, old.activity, new.activities, new.activity))
    columns.append(_joined(old.shift_names, old.shift, new.shift_names, new.shift))
    return [*columns, np.concatenate([old.paid, new.paid]).astype(np.int64)]


def _joined(
    old_names: tuple[str, ...], old: NDArray[np.int32], new_names: tuple[str, ...], new: NDArray[np.int32]
) -> Minutes:
    place = {name: k for k, name in enumerate(sorted({*old_names, *new_names}))}
    books = (np.array([place[name] for name in names], dtype=np.int64) for names in (old_names, new_names))
    return np.concatenate([book[codes] for book, codes in zip(books, (old, new), strict=True)])


def _as_one(*columns: Minutes) -> Minutes:
    """One integer a row that tells rows apart as the columns together do, shape (rows,)."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    most = 1
    for column in columns:
        low, high = (int(column.min()), int(column.max())) if len(column) else (0, 0)
        if most * (high + 1 - low) >= 1 << 62:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            most = int(key.max()) + 1
        key = key * (high + 1 - low) + column - low
        most *= high + 1 - low
    return key


def _paired(rows: Minutes, which: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each row has its like in the other rota, as often as it stands in its own; shape (rows,)."""
    if not len(rows):
        return np.zeros(0, dtype=bool)
    order = np.argsort(rows, kind="stable")
    heads = np.flatnonzero(np.append(True, rows[order][1:] != rows[order][:-1]))
    sizes = np.diff(np.append(heads, len(rows)))
    of_new = np.add.reduceat(which[order], heads)
    paired = np.empty(len(rows), dtype=bool)
    paired[order] = np.repeat(2 * of_new == sizes, sizes)
    return paired


def _by_day(rota: Rota, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], list[int]]:
    """The rows of the people and days wanted."""
    people = {agent_id for agent_id, _ in wanted}
    mine = np.array([agent_id in people for agent_id in rota.agent_ids], dtype=bool)
    rows: dict[tuple[str, int], list[int]] = {}
    for k in np.flatnonzero(mine[rota.agent]).tolist() if len(rota) else ():
        key = rota.agent_ids[rota.agent[k]], int(rota.day[k])
        if key in wanted:
            rows.setdefault(key, []).append(k)
    return rows


def _words(rota: Rota, rows: list[int], clock: ZoneInfo) -> str:
    """The shifts of a day by name with their ends, breaks as minutes; leave by its activity."""
    shifts: dict[str, list[int]] = {}
    for k in rows:
        activity = rota.activities[rota.activity[k]]
        name = rota.shift_names[rota.shift[k]] or activity.partition(":")[0]
        shifts.setdefault(name, []).append(k)
    return ", ".join(_shift_words(rota, name, mine, clock) for name, mine in shifts.items())


def _shift_words(rota: Rota, name: str, rows: list[int], clock: ZoneInfo) -> str:
    start, end = min(int(rota.start[k]) for k in rows), max(int(rota.end[k]) for k in rows)
    pause = sum(
        int(rota.end[k] - rota.start[k])
        for k in rows
        if activity_kind(rota.activities[rota.activity[k]]) in PAUSES
    )
    ends = "-".join(f"{from_minutes(at, clock):%H:%M}" for at in (start, end))
    return f"{name} {ends}" + (f" ({pause} min break)" if pause else "")
