"""What a simulation found: counts of every replication, and estimates with intervals of confidence from them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.staffing.checks import Floats
from scheduler.staffing.confidence import Estimate, mean, ratio
from scheduler.staffing.simulation_records import COUNTED, Ints, Records

FEW_PATIENCES = 20.0
"""A threshold beyond so many mean patiences leaves too few customers to tell the wait of an infinitely patient one from."""


@dataclass(frozen=True, eq=False, slots=True)
class Measures:
    """Estimates by the names of `scheduler.staffing.Performance`, and mean numbers of contacts a replication.

    NaN where there is nothing to divide by (nobody offered, nobody on duty). A share counts contacts by the interval in which they
    came in; those still waiting when the floor ends were offered and neither answered nor abandoned. ``sl_virtual`` is told from
    the other customers: the wait of an infinitely patient one does not depend on its own patience, so that
    P(V > T) = P(nothing happened within T) / P(patience > T); NaN for a trace, whose patience has no known distribution, and
    where hardly anybody is that patient.
    ``mean_queue`` counts customers waiting by the interval in which they came in.
    """

    p_wait: Estimate
    sl_virtual: Estimate
    sl_offered: Estimate
    sl_answered: Estimate
    sl_exit: Estimate
    sl_exclshort: Estimate
    asa_served_s: Estimate
    wait_all_s: Estimate
    p_abandon: Estimate
    occupancy: Estimate
    mean_queue: Estimate
    offered: Estimate
    answered: Estimate
    abandoned: Estimate


@dataclass(frozen=True, eq=False, slots=True)
class SimulationResult:
    """Counts of every replication; estimates by `total`, `by_queue`, `by_interval`, `by_queue_and_interval`.

    Parameters
    ----------
    counts : shape (replications, queues, intervals, 10), contacts by the queue and interval that they came in, last axis as
        `COUNTED`; `count` gives one of them
    busy_by_group_s, staffed_by_group_s : agent-seconds in a contact (wrap-up included) and at work, the end of a contact after the
        stretch included, shape (replications, groups, intervals); ``serves`` (groups, queues) tells which group answers what
    agent_contacts, agent_busy_s : shape (replications, agents), from the warm-up's end on
    backup_activations : how often a pool was called, a batch at a time, shape (replications, pools, intervals)
    ended_s : when an agent last got free, shape (replications,)
    call_outs : one record of `CALL_OUT` for each person called, those of replication r from ``call_outs_at[r]`` to before
        ``call_outs_at[r + 1]`` in the order of their calls; see `call_outs_of`
    """

    interval_seconds: float
    warm_up_intervals: int
    patience_seconds: Floats | None
    target_seconds: Floats
    serves: NDArray[np.bool_]
    counts: Floats
    busy_by_group_s: Floats
    staffed_by_group_s: Floats
    agent_contacts: Floats
    agent_busy_s: Floats
    backup_activations: Floats
    ended_s: Floats
    call_outs: Records
    call_outs_at: Ints

    def call_outs_of(self, replication: int) -> Records:
        """The call-outs of one replication, records of `CALL_OUT`."""
        return self.call_outs[self.call_outs_at[replication] : self.call_outs_at[replication + 1]]

    @property
    def called_in(self) -> Ints:
        """The replication of each call-out, shape (call-outs,)."""
        return np.repeat(np.arange(len(self.counts)), np.diff(self.call_outs_at))

    def count(self, name: str) -> Floats:
        """One of the counts by its name, shape (replications, queues, intervals), warm-up included."""
        return np.asarray(self.counts[..., COUNTED.index(name)])

    @property
    def waiting_at_end(self) -> Floats:
        """Contacts still waiting when the floor ends, by the interval that they came in, shape of `count`."""
        return np.asarray(self.count("offered") - self.count("answered") - self.count("abandoned"))

    @property
    def busy_s(self) -> Floats:
        """Agent-seconds in contacts, shape (replications, intervals), warm-up included."""
        return np.asarray(self.busy_by_group_s.sum(axis=1))

    @property
    def staffed_s(self) -> Floats:
        """Agent-seconds at work, shape (replications, intervals), warm-up included."""
        return np.asarray(self.staffed_by_group_s.sum(axis=1))

    def total(self) -> Measures:
        """All queues and intervals together; estimates of shape ()."""
        return self._measures(queues=False, intervals=False)

    def by_queue(self) -> Measures:
        """Estimates of shape (queues,); occupancy is that of all who answer the queue."""
        return self._measures(queues=True, intervals=False)

    def by_interval(self) -> Measures:
        """Estimates of shape (intervals,), the warm-up's left out."""
        return self._measures(queues=False, intervals=True)

    def by_queue_and_interval(self) -> Measures:
        """Estimates of shape (queues, intervals), the warm-up's left out."""
        return self._measures(queues=True, intervals=True)

    def _measures(self, *, queues: bool, intervals: bool) -> Measures:
        kept = slice(self.warm_up_intervals, None)
        gone = tuple(axis for axis, stays in ((1, queues), (2, intervals)) if not stays)
        c = {name: self.counts[:, :, kept, i].sum(axis=gone) for i, name in enumerate(COUNTED)}
        busy, staffed = (
            self._by_group(seconds[:, :, kept], queues, intervals)
            for seconds in (self.busy_by_group_s, self.staffed_by_group_s)
        )
        offered, within, short = c["offered"], c["within"], c["abandoned_within"]
        waits = c["answered_wait_s"] + c["other_wait_s"]
        seconds = self.interval_seconds * (1 if intervals else self.counts.shape[2] - self.warm_up_intervals)
        return Measures(
            p_wait=ratio(offered - c["at_once"], offered),
            sl_virtual=ratio(offered - self._outlasting(kept, gone), offered),
            sl_offered=ratio(within, offered),
            sl_answered=ratio(within, c["answered"]),
            sl_exit=ratio(within + short, offered),
            sl_exclshort=ratio(within, offered - short),
            asa_served_s=ratio(c["answered_wait_s"], c["answered"]),
            wait_all_s=ratio(waits, offered),
            p_abandon=ratio(c["abandoned"], offered),
            occupancy=ratio(busy, staffed),
            mean_queue=mean(waits / seconds),
            offered=mean(offered),
            answered=mean(c["answered"]),
            abandoned=mean(c["abandoned"]),
        )

    def _by_group(self, seconds: Floats, queues: bool, intervals: bool) -> Floats:
        """Agent-seconds of all groups that answer somebody, or for each queue of those who answer it."""
        if not intervals:
            seconds = seconds.sum(axis=2)
        if not queues:
            return np.asarray(seconds[:, self.serves.any(axis=1)].sum(axis=1))
        return np.asarray(np.einsum("rg...,gq->rq...", seconds, self.serves.astype(float)))

    def _outlasting(self, kept: slice, gone: tuple[int, ...]) -> Floats:
        """Customers who an infinitely patient one's wait beyond the threshold stands for: late ones over P(patience > T)."""
        late = self.count("offered") - self.count("within") - self.count("abandoned_within")
        if self.patience_seconds is None:
            late = np.full_like(late, np.nan)
        else:
            patiences = self.target_seconds[:, None] / self.patience_seconds
            late *= np.exp(np.where(patiences <= FEW_PATIENCES, patiences, np.nan))
            late[self.count("offered") == self.count("at_once")] = 0.0
        return np.asarray(late[:, :, kept].sum(axis=gone))


__all__ = ["Estimate", "Measures", "SimulationResult", "mean", "ratio"]
