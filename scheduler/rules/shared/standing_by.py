"""Standing by at home, which is no work, in the horizon and before it, added up by person and span of days."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from centre.instants import Minutes
from scheduler.rota import Rota, joined
from scheduler.rules.facts import Facts
from scheduler.rules.shared.day_counts import Span, spans_of
from scheduler.rules.shared.worked import known_from

ON_CALL, CALL_OUT = "on_call", "call_out"


@dataclass(frozen=True, eq=False)
class SpanSums:
    """What each person has in one span of days: arrays of shape (agents,).

    ``days`` with some standing by, ``minutes`` of it, one that someone has twice taken once; ``own`` are the
    days of the horizon among them.
    """

    span: tuple[int, int]
    days: Minutes
    minutes: Minutes
    own: Minutes


def standing_by(
    rota: Rota, facts: Facts, span: Span, weeks: int
) -> Iterator[tuple[tuple[str, ...], SpanSums]]:
    """The people who stand by, and what each of them has in each span that touches the horizon."""
    rows = rota.is_kind(ON_CALL) & (rota.day >= facts.first_day) & (rota.day < facts.end_day)
    told = rota.narrowed(rows)
    if facts.before is not None:
        early = facts.before.is_kind(ON_CALL) & (facts.before.day < facts.first_day)
        told = joined(facts.before.narrowed(early), told)
    start, end = told.stretches(np.arange(len(told)))
    people = len(told.agent_ids)
    first_of_day = np.zeros(len(told), dtype=bool)
    first_of_day[np.unique((told.agent.astype(np.int64) << 24) + told.day, return_index=True)[1]] = True
    for first, last in spans_of(facts, span, weeks):
        inside = (told.day >= first) & (told.day <= last)
        counted = inside & first_of_day
        minutes = np.bincount(told.agent[inside], weights=(end - start)[inside], minlength=people)
        own = counted & (told.day >= facts.first_day)
        yield told.agent_ids, SpanSums(
            (first, last), np.bincount(told.agent[counted], minlength=people), minutes.astype(np.int64),
            np.bincount(told.agent[own], minlength=people),
        )  # fmt: skip


def known_since(facts: Facts, agent_id: str, day: int) -> bool:
    """Whether all that a person did from ``day`` on is known: their employment began no sooner than that."""
    if day >= known_from(facts):
        return True
    person = (facts.people or {}).get(agent_id)
    return person is not None and person.starts_on is not None and person.starts_on >= known_from(facts)
