"""Shifts of people inside times in which they must not work."""

from collections.abc import Iterator, Sequence

import numpy as np

from scheduler.rota import Rota, running_end
from scheduler.rules.facts import Facts
from scheduler.rules.shared.worked import in_horizon


def at_work_within(
    rota: Rota, facts: Facts, times: Sequence[Sequence[tuple[int, int]]]
) -> Iterator[tuple[str, tuple[int, int]]]:
    """Person and overlap, in UTC minutes, of every shift of the horizon with one of these times.

    Parameters
    ----------
    times : start and end in UTC minutes by the rota's agent codes; those of one person do not overlap
    """
    shifts, judged = rota.duties, in_horizon(rota, facts)
    spans = [(code, *span) for code, own in enumerate(times) for span in own]
    agent, start, end = np.array(spans, dtype=np.int64).reshape(-1, 3).T
    apart = shifts.agent.astype(np.int64) << 40
    first = np.searchsorted(
        running_end(shifts.agent, shifts.end) + apart, start + (agent << 40), side="right"
    )
    last = np.searchsorted(shifts.start + apart, end + (agent << 40), side="left")
    for k in np.flatnonzero(first < last):
        for row in range(first[k], last[k]):
            began, ended = max(shifts.start[row], start[k]), min(shifts.end[row], end[k])
            if judged[row] and ended > began:
                yield rota.agent_ids[shifts.agent[row]], (int(began), int(ended))
