"""Sums over reference periods, with what the ledger tells of days before the known ones, and who was absent."""

from dataclasses import dataclass

import numpy as np

from centre.instants import Minutes
from scheduler.rota import Flags
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Measure
from scheduler.rules.shared.terms import absent_days, persons_of
from scheduler.rules.shared.worked import Worked, known_from, newcomers

Span = tuple[int, int]


@dataclass(frozen=True, eq=False)
class PeriodSums:
    """Sums per person and period, all of shape (people, periods).

    ``found`` is all that is known, ``own`` what the horizon alone has; ``whole`` where nothing of the period
    up to the horizon's end is missing.
    """

    found: Minutes
    own: Minutes
    whole: Flags


def period_sums(
    work: Worked, measure: Measure, facts: Facts, spans: list[Span], names: list[str]
) -> PeriodSums:
    """Sums of a measure over periods from their first to their last day, both counted.

    Where ``before`` does not reach back to a period's first day, the ledger's account named like the measure
    stands for the days up to its date, and what is known of later days is added. ``names`` are the periods as
    the ledger has them, empty where it has none.
    """
    values = work.measure(measure)
    total = _running(work, values, spans)
    found = _between(total, spans, spans)
    own = _between(_running(work, np.where(work.judged, values, 0), spans), spans, spans)
    known = known_from(facts)
    whole = np.array([first >= known for first, _ in spans])[None, :] | newcomers(work, facts)[:, None]
    code, column = ({name: k for k, name in enumerate(told)} for told in (work.agent_ids, names))
    for (agent_id, account, period), (amount, as_of) in facts.ledger.items():
        if account != measure or agent_id not in code or period not in column:
            continue
        k, p = code[agent_id], column[period]
        if spans[p][0] < known and as_of >= spans[p][0]:
            first = min(as_of, spans[p][1]) + 1
            told = round(amount) + int(_between(total[k : k + 1], spans, [(first, spans[p][1])])[0, 0])
            whole[k, p] |= first >= known
            found[k, p] = told
    return PeriodSums(found, own, whole)


def carried_sum(person: Person, facts: Facts, span: Span, measure: Measure, name: str) -> tuple[int, int]:
    """From which day on a period's sum is counted for one person, and what the ledger has up to then."""
    first, last = span
    known, told = known_from(facts), facts.ledger.get((person.agent_id, measure, name))
    if told is None or first >= known or told[1] < first:
        return first, 0
    return min(told[1], last) + 1, round(told[0])


def days_absent(work: Worked, facts: Facts, spans: list[Span], counts: Flags | None = None) -> Minutes:
    """How many days of each period each person is absent (`absent_days`), shape (people, periods).

    ``counts`` marks the days that are counted, from the earliest period's first day to the latest's last.
    """
    first, last = min(begin for begin, _ in spans), max(end for _, end in spans)
    table = np.zeros((len(work.agent_ids), last - first + 2), dtype=np.int32)
    for row, person in enumerate(persons_of(work, facts)):
        if person is not None and (days := absent_days(person, facts, first, last)):
            table[row, np.fromiter(days, dtype=np.int64, count=len(days)) - first + 1] = 1
    if counts is not None:
        table[:, 1:] *= counts
    return _between(np.cumsum(table, axis=1), spans, spans)


def _running(work: Worked, values: Minutes, spans: list[Span]) -> Minutes:
    """Running sums day by day from the earliest period's first day, one column of zeros in front."""
    first, last = min(begin for begin, _ in spans), max(end for _, end in spans)
    days = last - first + 2
    inside = (work.day >= first) & (work.day <= last)
    cell = work.agent[inside].astype(np.int64) * days + work.day[inside] - first + 1
    table = np.bincount(cell, weights=values[inside], minlength=len(work.agent_ids) * days)
    return np.cumsum(table.reshape(-1, days), axis=1).astype(np.int64)


def _between(running: Minutes, spans: list[Span], asked: list[Span]) -> Minutes:
    """Sums over ``asked`` periods from running sums that begin with the earliest of ``spans``."""
    first = min(begin for begin, _ in spans)
    begins, ends = (np.array(column, dtype=np.int64) - first for column in zip(*asked, strict=True))
    return np.asarray(running[:, ends + 1] - running[:, begins], dtype=np.int64)
