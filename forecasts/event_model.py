"""How much events raise contacts: a hierarchical regression of logarithms, over all queues at once.

The logarithm of contacts over the baseline is, for every event that is on, the sum of

    mean of the event + its queue + its occurrence + that occurrence in the queue + its day (first, second, ...)

each but the mean drawn around 0 with a spread that all events share. What is seen once in another queue thus
helps, and leaves as much doubt as queues and occurrences usually differ by; what is seen often speaks for
itself. Older occurrences vary more, so that recent ones count more.

**Source:** linear mixed models with variance components by expectation and maximisation (Laird and Ware, 1982),
on the working response of a quasi-Poisson regression (Breslow and Clayton, 1993).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from forecasts.event_seen import Seen, Term
from forecasts.event_windows import Key
from forecasts.grid import Floats

Column = tuple[str, Key, int]
"""What a coefficient is of: mean, queue, occurrence, cross or day; the event; which occurrence or day."""
PRIOR_SD = {"mean": 0.7, "queue": 0.2, "occurrence": 0.12, "cross": 0.08, "day": 0.12}
SHARED, OWN = ("mean", "occurrence", "day"), ("queue", "cross")
PRIOR_WEIGHT = 4.0  # coefficients' worth of belief in the spreads above
YEARS_TO_DOUBLE = 1.0  # age at which an occurrence's variance has doubled
ROUNDS = 12
DAYS_A_YEAR = 365.25
NEVER_NIL = 0.001  # of what was expected, added before the first logarithm
LONGEST_STEP = 3.0  # of the logarithm in one round


@dataclass(frozen=True, slots=True)
class Own:
    """What a queue's own coefficients are, given the shared ones s: mean ``base - gain @ s``, covariance
    ``doubt``.
    """

    index: dict[Column, int]
    base: Floats
    gain: Floats
    doubt: Floats


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is believed of every coefficient.

    Parameters
    ----------
    index : shared coefficients' places
    mean, covariance : of the shared coefficients
    own : queue -> its own coefficients
    variance : of each kind of coefficient
    """

    index: dict[Column, int]
    mean: Floats
    covariance: Floats
    own: dict[str, Own]
    variance: dict[str, float]

    def knows(self, key: Key) -> bool:
        """Whether any occurrence of the event was seen."""
        return ("mean", key, 0) in self.index

    def effect(self, term: Term, queue: str, many_days: bool) -> tuple[float, float]:
        """Mean and variance of the logarithm of an event's factor in a queue on one of its days."""
        own = self.own.get(queue)
        shared_of, own_of = np.zeros(len(self.mean)), np.zeros(len(own.base) if own else 0)
        variance = 0.0
        for column in columns_of(term):
            if column in self.index:
                shared_of[self.index[column]] = 1.0
            elif own and column in own.index:
                own_of[own.index[column]] = 1.0
            elif column[0] != "day" or many_days:
                variance += self.variance[column[0]]
        mean = 0.0
        if own:
            mean += float(own_of @ own.base)
            variance += float(own_of @ own.doubt @ own_of)
            shared_of = shared_of - own_of @ own.gain
        mean += float(shared_of @ self.mean)
        return mean, variance + float(shared_of @ self.covariance @ shared_of)


def columns_of(term: Term) -> list[Column]:
    """The coefficients of one event on one day, shared ones and the queue's own."""
    return [
        ("mean", term.key, 0),
        ("occurrence", term.key, term.occurrence),
        ("day", term.key, term.day),
        ("queue", term.key, 0),
        ("cross", term.key, term.occurrence),
    ]


def learn(seen: Mapping[str, Seen], today: int) -> Posterior:
    """Fit all queues' observations; ``today`` (day number) is what the age of an occurrence counts to."""
    names = sorted(name for name, each in seen.items() if each.terms)
    terms = {term for name in names for each in seen[name].terms for term in each}
    shared = _places(terms, SHARED)
    queues = {name: _QueueFit(seen[name], shared, today) for name in names}
    scale = _scales(shared, today)
    moments: list[_Moments] = []
    for _ in range(ROUNDS):
        variance = _spreads(moments)
        precision, weighted = np.diag(1 / _variances(shared, scale, variance)), np.zeros(len(shared))
        for queue in queues.values():
            added = queue.marginal(variance)
            precision, weighted = precision + added[0], weighted + added[1]
        covariance: Floats = np.asarray(np.linalg.inv(precision), dtype=np.float64)
        mean = covariance @ weighted
        ours = [queue.refit(mean, covariance) for queue in queues.values()]
        moments = [_Moments(shared, mean, covariance, scale), *ours]
    return Posterior(shared, mean, covariance, {name: each.own for name, each in queues.items()}, variance)


class _QueueFit:
    """One queue's observations as a regression, and where its fit stands."""

    def __init__(self, seen: Seen, shared: dict[Column, int], today: int) -> None:
        self.index = _places({term for each in seen.terms for term in each}, OWN)
        self.scale = _scales(self.index, today)
        self.shared_design, self.own_design = _design(seen, shared), _design(seen, self.index)
        self.came, self.expected = seen.came.sum(axis=1), seen.expected.sum(axis=1)
        self.dispersion, self.day_variance = seen.dispersion, seen.day_sd**2
        little = self.dispersion + NEVER_NIL * self.expected
        self.fit = np.log((self.came + little) / (self.expected + little))

    def marginal(self, variance: Mapping[str, float]) -> tuple[Floats, Floats]:
        """Precision and weighted response of the shared coefficients, the queue's own integrated out."""
        fitted = self.expected * np.exp(self.fit)
        response = self.fit + np.clip(self.came / fitted - 1, -1, LONGEST_STEP)
        prior = np.diag(_variances(self.index, self.scale, variance))
        across = self.own_design @ prior
        noise = np.diag(self.dispersion / fitted + self.day_variance)
        solved = np.linalg.solve(
            across @ self.own_design.T + noise, np.column_stack([self.shared_design, response])
        )
        shared, response = solved[:, :-1], solved[:, -1]
        doubt = prior - across.T @ np.linalg.solve(across @ self.own_design.T + noise, across)
        self.own = Own(self.index, across.T @ response, across.T @ shared, doubt)
        return self.shared_design.T @ shared, self.shared_design.T @ response

    def refit(self, mean: Floats, covariance: Floats) -> "_Moments":
        """Take the shared coefficients in; what is believed of the queue's own."""
        own = self.own.base - self.own.gain @ mean
        doubt = self.own.doubt + self.own.gain @ covariance @ self.own.gain.T
        self.fit = self.shared_design @ mean + self.own_design @ own
        return _Moments(self.index, own, doubt, self.scale)


@dataclass(frozen=True, slots=True)
class _Moments:
    """Some coefficients: where they are believed to be, and the scale of their variance."""

    index: dict[Column, int]
    mean: Floats
    covariance: Floats
    scale: Floats


def _places(terms: AbstractSet[Term], kinds: Collection[str]) -> dict[Column, int]:
    """A place for every coefficient of some kinds; an event seen on one day of it only has none by day."""
    columns = {column for term in terms for column in columns_of(term) if column[0] in kinds}
    days = Counter(column[1] for column in columns if column[0] == "day")
    kept = sorted(column for column in columns if column[0] != "day" or days[column[1]] > 1)
    return {column: place for place, column in enumerate(kept)}


def _design(seen: Seen, index: dict[Column, int]) -> Floats:
    """1 where a coefficient is part of an observation, shape (observations, coefficients)."""
    design = np.zeros((len(seen.terms), len(index)))
    for row, terms in enumerate(seen.terms):
        for term in terms:
            for column in columns_of(term):
                if column in index:
                    design[row, index[column]] = 1.0
    return design


def _scales(index: dict[Column, int], today: int) -> Floats:
    """What each coefficient's variance is multiplied by for the age of its occurrence."""
    ages = [
        max(today - which, 0) / DAYS_A_YEAR / YEARS_TO_DOUBLE if kind in ("occurrence", "cross") else 0.0
        for kind, _, which in index
    ]
    return 1 + np.array(ages)


def _variances(index: dict[Column, int], scale: Floats, variance: Mapping[str, float]) -> Floats:
    return np.array([variance[kind] for kind, *_ in index]) * scale


def _spreads(moments: Iterable[_Moments]) -> dict[str, float]:
    """Variance of each kind of coefficient, between what was believed beforehand and what they are."""
    total = {kind: PRIOR_WEIGHT * sd**2 for kind, sd in PRIOR_SD.items()}
    count = dict.fromkeys(PRIOR_SD, PRIOR_WEIGHT)
    for each in moments:
        squares = (each.mean**2 + np.diag(each.covariance)) / each.scale
        for (kind, *_), square in zip(each.index, squares, strict=True):
            total[kind] += float(square)
            count[kind] += 1
    return {kind: PRIOR_SD[kind] ** 2 if kind == "mean" else total[kind] / count[kind] for kind in PRIOR_SD}
