"""What became of every request (``requests.csv``), and why it was refused: a rule that stands in the way, or what it would cost."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from centre.instants import day_number, from_minutes, week_of
from scheduler.alone import Alone, Breaches, Separate, judged, none_new
from scheduler.intraday.rows import Row, with_rows
from scheduler.rota import PAUSES, Rota, activity_kind
from scheduler.rules.facts import Facts
from scheduler.rules.rule import Rule, Violation
from scheduler.rules.shared.findings import date_of
from scheduler.shifts import CandidateShift, break_starts

Cause = Literal["granted", "rule", "cover", "not_offered"]
ANY_WORK = "work:*"


@dataclass(frozen=True, slots=True)
class WishTold:
    """One request and what became of it.

    Parameters
    ----------
    row : its row in the table of requests
    day : day number
    kind, shift : ``off`` or ``on``, and the shift that it names, empty for any
    cause : why it was refused: a ``rule`` forbids every way of granting it, no such shift is ``not_offered`` that day, or the rules would
        allow it and ``cover`` weighs more
    broken : what the least harmful way of granting it would break, without person and sentence
    instead : where the rules allow it, what else would change for this person, in words; empty: nothing
    start, end : UTC minutes of the shift that is worked against the wish, or that would be worked; 0 where there is none
    """

    row: int
    agent_id: str
    day: int
    kind: str
    shift: str
    weight: float
    cause: Cause
    broken: tuple[Violation, ...] = ()
    instead: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, eq=False)
class _Way:
    """One way of granting a request: the person's rota with it."""

    rota: Rota
    instead: str
    start: int
    end: int


def wishes_told(
    requests: pd.DataFrame, rota: Rota, facts: Facts, rules: Sequence[Rule], shifts: Sequence[CandidateShift]
) -> tuple[WishTold, ...]:
    """Every request of a day of the horizon, in the order of the table.

    Parameters
    ----------
    requests : columns ``agent_id, date, kind, shift, weight``
    facts, rules : what the rota is judged by
    shifts : every shift that may be worked

    Of a refused request the ways of granting it are judged by all rules, for this person alone: the day without the shift, and that
    with a shift on each day off of the same week instead; or a shift on the day, and that without each day worked of the same week.
    """
    asked = _Asked(rota, facts, shifts)
    told = [
        (k, agent_id, day_number(day), kind, shift, float(weight))
        for k, (agent_id, day, kind, shift, weight) in enumerate(
            zip(*(requests[c].tolist() for c in ("agent_id", "date", "kind", "shift", "weight")), strict=True)
        )
    ]
    inside = [each for each in told if facts.first_day <= each[2] < facts.end_day]
    refused = [each for each in inside if asked.is_worked(*each[1:3], each[4]) == (each[3] == "off")]
    ways = {each[0]: asked.ways(*each[1:5]) for each in refused}
    found = asked.judge([(each[1], way) for each in refused for way in ways[each[0]]], rules)
    results, at = dict[int, WishTold](), 0
    for k, agent_id, day, kind, shift, weight in refused:
        mine = ways[k]
        results[k] = _verdict(
            WishTold(k, agent_id, day, kind, shift, weight, "cover"), mine, found[at : at + len(mine)]
        )
        at += len(mine)
    return tuple(results.get(each[0]) or WishTold(*each, "granted") for each in inside)


def _verdict(wish: WishTold, ways: Sequence[_Way], new: Sequence[Breaches]) -> WishTold:
    """The request with why it was refused; ``new`` are the breaches that each way would bring."""
    lawful = [way for way, breaches in zip(ways, new, strict=True) if not breaches]
    if lawful:
        best = min(lawful, key=lambda way: bool(way.instead))
        return _with(wish, "cover", (), best)
    if not ways:
        return _with(wish, "not_offered", (), None)
    k = min(range(len(ways)), key=lambda k: (len({v.rule for v in new[k]}), sum(new[k].values())))
    broken = sorted(new[k].elements(), key=lambda v: (v.rule, v.start or 0, v.source))
    return _with(wish, "rule", tuple({v.rule: v for v in reversed(broken)}.values())[::-1], ways[k])


def _with(wish: WishTold, cause: Cause, broken: tuple[Violation, ...], way: _Way | None) -> WishTold:
    instead, start, end = (way.instead, way.start, way.end) if way else ("", 0, 0)
    return replace(wish, cause=cause, broken=broken, instead=instead, start=start, end=end)


class _Asked:
    """Looks up what people work and draws what they could work instead."""

    def __init__(self, rota: Rota, facts: Facts, shifts: Sequence[CandidateShift]) -> None:
        self._rota, self._facts, self._separate = rota, facts, Separate(rota, facts)
        self._people: dict[str, Alone | None] = {}
        self._names = {shift.template.name for shift in shifts}
        self._by_day: dict[int, list[CandidateShift]] = {}
        for shift in shifts:
            self._by_day.setdefault(shift.day, []).append(shift)
        duties, names = rota.duties, rota.shift_names
        self._worked: dict[str, dict[int, list[tuple[str, int, int]]]] = {}
        columns = (getattr(duties, name).tolist() for name in ("agent", "day", "shift", "start", "end"))
        for agent, day, code, start, end in zip(*columns, strict=True):
            mine = self._worked.setdefault(rota.agent_ids[agent], {})
            mine.setdefault(day, []).append((names[code], start, end))

    def is_worked(self, agent_id: str, day: int, shift: str) -> bool:
        """Whether the person works on the day, that shift where one is named."""
        return any(shift in ("", name) for name, _, _ in self._worked.get(agent_id, {}).get(day, ()))

    def ways(self, agent_id: str, day: int, kind: str, shift: str) -> list[_Way]:
        """Ways of granting a refused request."""
        alone = self._alone(agent_id)
        if alone is None:
            return []
        return list(self._off(alone, day) if kind == "off" else self._on(alone, day, shift))

    def _alone(self, agent_id: str) -> Alone | None:
        """The person by themselves, with code books that hold whatever may be drawn for anybody."""
        if agent_id not in self._people:
            alone = self._separate.person(agent_id, idle=True)
            if alone is not None:
                rota = alone.rota
                names = (*rota.shift_names, *sorted(self._names - set(rota.shift_names)))
                activities = (*rota.activities, *sorted({ANY_WORK, *PAUSES} - set(rota.activities)))
                alone = replace(alone, rota=replace(rota, shift_names=names, activities=activities))
            self._people[agent_id] = alone
        return self._people[agent_id]

    def _off(self, alone: Alone, day: int) -> Iterator[_Way]:
        own = self._worked[alone.agent_id]
        name, start, end = own[day][0]
        without = _without(alone, day)
        yield _Way(without, "", start, end)
        for other in self._week(day):
            if other not in own and (shift := self._like(other, name, start, alone)):
                words = f"work on {date_of(other)} ({_said(shift, alone.facts)}) instead"
                yield _Way(self._plus(alone, without, shift), words, start, end)

    def _on(self, alone: Alone, day: int, name: str) -> Iterator[_Way]:
        own = self._worked.get(alone.agent_id, {})
        usual = next((starts[0][1] for starts in own.values()), 0)
        contract = (self._facts.people or {})[alone.agent_id].contract
        names = [name] if name else list(contract.shifts if contract else ())
        for each in names:
            shift = self._like(day, each, usual, alone)
            if shift is None:
                continue
            added = self._plus(alone, _without(alone, day), shift)
            yield _Way(added, "", shift.start, shift.end)
            for other in self._week(day):
                if other in own and other != day:
                    left = self._plus(alone, _without(alone, day, other), shift)
                    yield _Way(left, f"{date_of(other)} off instead", shift.start, shift.end)

    def _week(self, day: int) -> range:
        """The days of the horizon in the calendar week of a day."""
        begin = week_of(day, self._facts.week_start)
        return range(max(begin, self._facts.first_day), min(begin + 7, self._facts.end_day))

    def _like(self, day: int, name: str, start: int, alone: Alone) -> CandidateShift | None:
        """The shift of that name on a day whose start is nearest in the clock."""
        shifts = [shift for shift in self._by_day.get(day, ()) if shift.template.name == name]
        return min(shifts, key=lambda s: (abs((s.start - start + 720) % 1440 - 720), s.start), default=None)

    def _plus(self, alone: Alone, rota: Rota, shift: CandidateShift) -> Rota:
        codes = {activity for activity in alone.rota.activities if activity_kind(activity) == "work"}
        own = {alone.rota.activities[code] for code in set(alone.rota.activity.tolist())} & codes
        return with_rows(rota, None, drawn(shift, min(own, default=ANY_WORK)), shift.template.name, shift.day)

    def judge(self, ways: Sequence[tuple[str, _Way]], rules: Sequence[Rule]) -> list[Breaches]:
        """The breaches that each way brings, which the person's rota as it is has not; people by their clocks."""
        people = {agent_id: self._alone(agent_id) for agent_id, _ in ways}
        found: list[Breaches] = [Breaches() for _ in ways]
        zones = dict.fromkeys(alone.facts.zone for alone in people.values() if alone)
        for zone in zones:
            known = [alone for alone in people.values() if alone and alone.facts.zone == zone]
            mine = [
                k for k, (agent_id, _) in enumerate(ways) if (a := people[agent_id]) and a.facts.zone == zone
            ]
            place = {alone.agent_id: k for k, alone in enumerate(known)}
            tried = [(known[place[ways[k][0]]], ways[k][1].rota) for k in mine]
            told = judged([(alone, alone.rota) for alone in known] + tried, rules)
            for k, after in zip(mine, told[len(known) :], strict=True):
                before = told[place[ways[k][0]]]
                found[k] = Breaches() if none_new(before, after) else after - before
        return found


def drawn(shift: CandidateShift, work: str) -> list[Row]:
    """The rows of a shift, each break as early as it may be and after the one before."""
    rows, at = list[Row](), shift.start
    for index, rest in sorted(enumerate(shift.template.breaks), key=lambda pair: pair[1].earliest_minutes):
        starts = break_starts(shift, index)
        start = starts[min(bisect_left(starts, at), len(starts) - 1)]
        if start > at:
            rows.append(Row(at, start, work, True))
        rows.append(Row(start, start + rest.minutes, rest.kind, rest.paid))
        at = start + rest.minutes
    return [*rows, Row(at, shift.end, work, True)] if at < shift.end else rows


def _without(alone: Alone, *days: int) -> Rota:
    """The person's rota without the shifts of some days."""
    rota = alone.rota
    gone = np.flatnonzero(np.isin(rota.duties.day, days))
    return replace(rota.narrowed(~np.isin(rota.duty, gone)), agent_ids=rota.agent_ids)


def _said(shift: CandidateShift, facts: Facts) -> str:
    return f"{shift.template.name} from {from_minutes(shift.start, facts.zone):%H:%M}"
