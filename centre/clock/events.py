"""Records with one event a row: in, out, break_start, break_end."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from centre.clock.columns import BREAK_END, BREAK_START, EVENT_OF, EVENTS, IN, OUT
from centre.clock.notes import NoteBook
from centre.clock.pairs import given_days
from centre.clock.rows import SPLIT_GAP_MINUTES, Rows
from centre.clock.zones import RowZones, Times, times
from centre.instants import MINUTES_A_DAY, Minutes
from centre.tables import Table
from centre.wall_clock import Flags

_ORDER = {OUT: 0, BREAK_END: 1, BREAK_START: 2, IN: 3}  # of events at one minute: what ends comes first


def event_stretches(table: Table, zone_of: RowZones, left: Flags, book: NoteBook) -> Rows:
    """The stretches between the events of each person; events without their other half are noted."""
    told = times(table, "time", zone_of, given_days(table), left, book)
    for k in np.flatnonzero(left & told.blank):
        book.row("no time", int(k), "has no time; the row was left out.")
    column = table.columns["event"]
    names = [EVENT_OF.get(text.lower(), "") for text in column.texts]
    event = np.array([*names, ""], dtype=object)[column.codes]
    for k in np.flatnonzero(left & (event == "")):
        words = (
            f"event {table.cell('event', int(k))[:20]!r}: expected one of {', '.join(EVENTS)} "
            "(上班, 下班, 休息开始, 休息结束); the row was left out."
        )
        book.row("events that are not known", int(k), words)
    kept = np.flatnonzero(left & told.known & (event != ""))
    agent = table.columns["agent_id"].codes
    at = _in_order(told, agent, kept, book)
    rank = np.array([_ORDER[e] for e in event[kept]], dtype=np.int64)
    order = np.lexsort((kept, rank, at, agent[kept]))
    pairing = _Pairing(book, zone_of)
    for k in order:
        pairing.take(int(agent[kept[k]]), event[kept[k]], int(at[k]), int(kept[k]))
    pairing.close()
    found = np.array(pairing.found, dtype=np.int64).reshape(-1, 4)
    row, start, end = found[:, 0].astype(np.intp), found[:, 1], found[:, 2]
    pause = found[:, 3].astype(bool)
    return Rows(row, start, end, zone_of.days(row, start), pause, np.zeros(len(row), dtype=bool))


def _in_order(told: Times, agent: NDArray[np.int32], kept: NDArray[np.intp], book: NoteBook) -> Minutes:
    """The instant of each event; where clocks show its time twice, the order of the file decides if it can."""
    at = told.first[kept].copy()
    if not told.twice[kept].any():
        return at
    last: dict[int, int] = {}
    for place, k in enumerate(kept.tolist()):
        before = last.get(int(agent[k]))
        if told.twice[k]:
            forced = before is not None and at[place] <= before < told.second[k]
            if forced:
                at[place] = told.second[k]
            how = (
                "the second was taken, as the event before it in the file demands"
                if forced
                else "the first was taken"
            )
            book.row("times that clocks show twice", k, f"clocks show this time twice; {how}.")
        last[int(agent[k])] = int(at[place])
    return at


@dataclass
class _Pairing:
    """Walks through the events of one person after another and puts starts and ends together."""

    book: NoteBook
    zone_of: RowZones
    found: list[tuple[int, int, int, bool]] = field(default_factory=list)
    agent: int = -1
    state: str = ""
    since: int = 0
    row: int = -1
    last: tuple[str, int] = ("", 0)

    def take(self, agent: int, event: str, at: int, row: int) -> None:
        """The next event."""
        if agent != self.agent:
            self.close()
            self.agent, self.last = agent, ("", 0)
        if (event, at) == self.last:
            self.book.row(
                "records told twice", row, "the same event at the same time once more; it was taken once."
            )
            return
        self.last = event, at
        if self.state and at - self.since > MINUTES_A_DAY:
            self._lost("no event follows within 24 hours")
        if event == IN and self.state == "break" and at - self.since < SPLIT_GAP_MINUTES:
            self.book.row(
                "breaks ended by a clock-in", row, "a clock-in during a break was taken as its end."
            )
            event = BREAK_END
        if event == IN:
            if self.state:
                self._lost("another clock-in follows")
            self._open("work", at, row)
        elif not self.state:
            what = "clock-out" if event == OUT else "break"
            words = f"a {what} without a clock-in before it; it was left out."
            self.book.lost("no clock-in", row, words, self._days(row, at))
        elif event == BREAK_START and self.state == "work":
            self._end(at)
            self._open("break", at, row)
        elif event == BREAK_END and self.state == "break":
            self._end(at)
            self._open("work", at, row)
        elif event == OUT:
            if self.state == "break":
                self.book.row(
                    "breaks without an end",
                    self.row,
                    "a break that ends with the clock-out; the shift ends where it began.",
                )
            else:
                self._end(at)
            self.state = ""
        else:
            self.book.row(
                "events out of order",
                row,
                f"{event} does not follow on {'work' if self.state == 'work' else 'a break'}; it was left out.",
            )

    def close(self) -> None:
        """The person has no more events."""
        if self.state:
            self._lost("nothing follows")

    def _open(self, state: str, at: int, row: int) -> None:
        self.state, self.since, self.row = state, at, row

    def _end(self, at: int) -> None:
        if at > self.since:
            self.found.append((self.row, self.since, at, self.state == "break"))

    def _lost(self, why: str) -> None:
        words = f"has no clock-out ({why}); the time from this row on was left out."
        self.book.lost("no clock-out", self.row, words, self._days(self.row, self.since)[:1])
        self.state = ""

    def _days(self, row: int, at: int) -> list[int]:
        """The local day of an event, and the one before, on which its shift may have begun."""
        day = int(self.zone_of.days(np.array([row]), np.array([at], dtype=np.int64))[0])
        return [day, day - 1]
