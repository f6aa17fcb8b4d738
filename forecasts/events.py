"""Campaigns, billing runs, outages: by how much they raise or lower the contacts expected.

An event is a ratio to what would have come without it. Past occurrences of the same name and phase teach it,
of any queue; the planner may state it, and then is taken at their word, with what the past says beside it;
several events at once multiply.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from centre.instants import day_start
from forecasts.event_model import Posterior, learn
from forecasts.event_seen import Baseline, Term, observe, weekday_hours
from forecasts.event_shapes import hourly_shapes, spread
from forecasts.event_windows import Event, Key, event_cells, events_of, local_day, share_of
from forecasts.grid import Floats

__all__ = [
    "Baseline", "Event", "EventEffects", "EventFactors", "event_cells", "events_of", "learn_events",
]  # fmt: skip
STATED_SD = 0.25  # of the logarithm of an uplift that a planner stated and nobody has seen
UNKNOWN_SD = 0.5  # of one that nobody knows
TENTH = 1.2816  # standard normal quantile of 0.9
TABLE = (
    "event", "phase", "queue", "uplift", "uplift_p10", "uplift_p90", "source", "occurrences", "stated", "learned",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventFactors:
    """What events do to the contacts of one queue, interval by interval.

    Parameters
    ----------
    factor : product of all events there, shape (days, slots); 1 where none is
    log_sd : standard deviation of its logarithm, shape (days, slots); 0 where none is
    parts : title of each event -> its own factor, shape (days, slots)
    """

    factor: Floats
    log_sd: Floats
    parts: dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Effect:
    """What is believed of one event in one queue, on one of its days or over all.

    Parameters
    ----------
    log : logarithm of the factor; ``sd`` its standard deviation
    source : learned, stated, both (stated, and there is a past), unknown
    """

    log: float
    sd: float
    source: str


def learn_events(
    events: Sequence[Event], baselines: Mapping[str, Baseline], zone: ZoneInfo
) -> "EventEffects":
    """Learn what events do from the histories given, and from nothing later.

    Parameters
    ----------
    events : past and coming ones; an uplift stated for one that is over is not used where contacts tell
    baselines : queue -> its history and what a model without events expected of it
    zone : the centre's clock
    """
    ordered = tuple(sorted(events, key=_order))
    names = sorted(baselines)
    seen = {name: observe(baselines[name], ordered, zone) for name in names}
    today = max((baselines[name].history.end_day for name in names), default=0)
    return EventEffects(
        ordered, zone, today, learn(seen, today), hourly_shapes(seen[name] for name in names),
        {name: weekday_hours(baselines[name]) for name in names},
    )  # fmt: skip


def _order(event: Event) -> tuple[object, ...]:
    return event.key, event.start, event.end, event.queues, event.kind, str(event.uplift)


@dataclass(frozen=True)
class EventEffects:
    """What events do, learned or stated, in every queue.

    Parameters
    ----------
    events : all of them, in order
    today : day number at which the histories end
    posterior : what was learned
    shapes : hourly factors of each event
    weekdays : queue -> contacts expected by weekday and hour
    """

    events: tuple[Event, ...]
    zone: ZoneInfo
    today: int
    posterior: Posterior
    shapes: dict[Key, Floats]
    weekdays: dict[str, Floats]

    def on(self, queue: str, first_day: int, days: int, interval_minutes: int) -> EventFactors:
        """The factors of a queue's events on ``days`` days from ``first_day``; a queue without history has
        those of the others, less surely.
        """
        shape = (days, 1440 // interval_minutes)
        parts: dict[str, Floats] = {}
        variance = np.zeros(shape)
        for event in self.events:
            share = share_of(event, self.zone, first_day, days, interval_minutes)
            if not event.touches(queue) or not share.any():
                continue
            part = parts.setdefault(event.title, np.ones(shape))
            for row in np.flatnonzero(share.any(axis=1)).tolist():
                effect = self._effect(event, queue, first_day + row - self._starts(event))
                factor = np.exp(effect.log) * self._shape(event, queue, first_day + row, share[row])
                part[row] += share[row] * (factor - 1)
                variance[row] += share[row] * effect.sd**2
        factors = np.prod(list(parts.values()), axis=0) if parts else np.ones(shape)
        return EventFactors(factors, np.sqrt(variance), parts)

    def table(self) -> pd.DataFrame:
        """Each event and phase by queue, on average over the days of its next occurrence (of one like the last,
        where none is stated to come).

        Columns: ``event``, ``phase``, ``queue``, ``uplift`` with ``uplift_p10`` and ``uplift_p90``,
        ``source`` (learned, stated, both, unknown), ``occurrences`` seen in any queue; ``stated`` and
        ``learned`` tell the two uplifts apart where there are both.
        """
        rows = []
        for key in sorted({event.key for event in self.events}):
            for queue in self._queues_of(key):
                event = self._next(key, queue)
                effect, learned = self._average(event, queue), self._learned_average(event, queue)
                around = (effect.log, effect.log - TENTH * effect.sd, effect.log + TENTH * effect.sd)
                uplifts = [float(np.expm1(value)) for value in around]
                stated = np.nan if event.uplift is None else event.uplift
                beside = np.nan if learned is None else float(np.expm1(learned.log))
                rows.append(
                    (*key, queue, *uplifts, effect.source, self.posterior.occurrences(key), stated, beside)
                )
        return pd.DataFrame(rows, columns=list(TABLE))

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Sentences on coming events that nobody knows, or on which planner and past disagree."""
        told: dict[str, None] = {}
        for event in (event for event in self.events if self._is_ahead(event)):
            for queue in self._queues_of(event.key):
                if event.touches(queue) and (sentence := self._warning(event, queue)):
                    told[sentence] = None
        return tuple(told)

    def _warning(self, event: Event, queue: str) -> str:
        effect, learned = self._average(event, queue), self._learned_average(event, queue)
        if effect.source == "unknown":
            return (
                f"event {event.title}: no past occurrence and no uplift stated; counted as no change, with a wider "
                "interval"
            )
        if effect.source == "both" and learned and abs(effect.log - learned.log) > 2 * TENTH * learned.sd:
            return (
                f"event {event.title}, queue {queue}: {np.expm1(effect.log):+.0%} stated is used; the past says "
                f"{np.expm1(learned.log):+.0%}"
            )
        return ""

    def _effect(self, event: Event, queue: str, day: int) -> Effect:
        """What an event does on one of its days: as stated while it is ahead, else as learned."""
        learned = self._learned(event, queue, day)
        stated = self._stated(event) if self._is_ahead(event) or learned is None else None
        if stated is None:
            return learned or Effect(0.0, UNKNOWN_SD, "unknown")
        if learned is None:
            return Effect(stated, STATED_SD, "stated")
        return Effect(stated, float(np.hypot(learned.sd, (stated - learned.log) / 2)), "both")

    def _learned(self, event: Event, queue: str, day: int) -> Effect | None:
        if event.key not in self.posterior.beliefs:
            return None
        term = Term(event.key, self._starts(event), day)
        mean, variance = self.posterior.effect(term, queue)
        return Effect(mean, float(np.sqrt(variance)), "learned")

    def _stated(self, event: Event) -> float | None:
        """Logarithm of the uplift stated; where nothing is known of the event, the mean of those stated for its
        other occurrences.
        """
        if event.uplift is not None:
            return float(np.log1p(event.uplift))
        if event.key in self.posterior.beliefs:
            return None
        others = [np.log1p(e.uplift) for e in self.events if e.key == event.key and e.uplift is not None]
        return float(np.mean(others)) if others else None

    def _average(self, event: Event, queue: str) -> Effect:
        """An event over all its days."""
        return _mean([self._effect(event, queue, day) for day in range(self._days(event))])

    def _learned_average(self, event: Event, queue: str) -> Effect | None:
        days = [self._learned(event, queue, day) for day in range(self._days(event))]
        known = [effect for effect in days if effect]
        return _mean(known) if known else None

    def _shape(self, event: Event, queue: str, day: int, share: Floats) -> Floats:
        """Factors of the slots of one day around the event's own."""
        if event.key not in self.shapes:
            return np.ones(len(share))
        weekdays = self.weekdays.get(queue, np.zeros((7, 24)))
        return spread(self.shapes[event.key], weekdays[(day + 3) % 7], share)

    def _is_ahead(self, event: Event) -> bool:
        return event.end > day_start(self.zone, self.today)

    def _starts(self, event: Event) -> int:
        return local_day(event.start, self.zone)

    def _days(self, event: Event) -> int:
        return local_day(event.end - 1, self.zone) - self._starts(event) + 1

    def _queues_of(self, key: Key) -> list[str]:
        """Queues with history or named by the event that it touches."""
        ours = [event for event in self.events if event.key == key]
        known = {*self.weekdays, *(queue for event in ours for queue in event.queues)}
        return sorted(queue for queue in known if any(event.touches(queue) for event in ours))

    def _next(self, key: Key, queue: str) -> Event:
        """The first occurrence in a queue that is not over, else one like the last, as if it came again."""
        ours = [event for event in self.events if event.key == key and event.touches(queue)]
        ahead = next((event for event in ours if self._is_ahead(event)), None)
        return ahead or self._again(ours[-1])

    def _again(self, event: Event) -> Event:
        """The same event, some day after the histories; an uplift stated for it holds only if none was seen."""
        shift = self.today + 1 - self._starts(event)
        edges = (event.start, event.end - 1)
        days = [local_day(edge, self.zone) for edge in edges]
        later = [
            edge - day_start(self.zone, day) + day_start(self.zone, day + shift)
            for edge, day in zip(edges, days, strict=True)
        ]
        stated = None if event.key in self.posterior.beliefs else event.uplift
        return replace(event, start=later[0], end=later[1] + 1, uplift=stated)


def _mean(effects: Sequence[Effect]) -> Effect:
    log = float(np.mean([effect.log for effect in effects]))
    sd = float(np.sqrt(np.mean([effect.sd**2 for effect in effects])))
    return Effect(log, sd, effects[0].source)
