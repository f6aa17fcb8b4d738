"""How much events raise contacts: a hierarchical regression of logarithms, over all queues at once.

The logarithm of contacts over the baseline is, for every event that is on, the sum of

    mean of the event + its queue + its occurrence + that occurrence in the queue + its day (first, second, ...)

each but the mean drawn around 0 with a spread that all events share. What is seen once in another queue thus
helps, and leaves as much doubt as queues and occurrences usually differ by; what is seen often speaks for
itself. Older occurrences vary more, so that recent ones count more.

**Source:** linear mixed models with variance components by expectation and maximisation (Laird and Ware, 1982),
on the working response of a quasi-Poisson regression (Breslow and Clayton, 1993).
"""

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np

from forecasts.event_seen import Seen, Term
from forecasts.event_windows import Key
from forecasts.grid import Floats

Column = tuple[str, Key, int]
"""What a coefficient is of: mean, queue, occurrence, cross or day; the event; which occurrence or day."""
PRIOR_SD = {"mean": 0.7, "queue": 0.2, "occurrence": 0.15, "cross": 0.08, "day": 0.12}
SHARED, OWN = ("mean", "occurrence", "day"), ("queue", "cross")
PRIOR_WEIGHT = 2.0  # coefficients' worth of belief in the spreads above
YEARS_TO_DOUBLE = 1.0  # age at which an occurrence's variance has doubled
ROUNDS = 20
SETTLED = 0.01  # change of every spread's square in a round below which the fit is done
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
class Belief:
    """What is believed of the coefficients of some events, which never met others.

    Parameters
    ----------
    index : shared coefficients' places
    mean, covariance : of the shared coefficients
    own : queue -> its own coefficients
    """

    index: dict[Column, int]
    mean: Floats
    covariance: Floats
    own: dict[str, Own]


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is believed of every event that was seen, and the variance of each kind of coefficient."""

    beliefs: dict[Key, Belief]
    variance: dict[str, float]

    def occurrences(self, key: Key) -> int:
        """How many occurrences of an event were seen in any queue."""
        index = self.beliefs[key].index if key in self.beliefs else {}
        return sum(kind == "occurrence" and of == key for kind, of, _ in index)

    def effect(self, term: Term, queue: str) -> tuple[float, float]:
        """Mean and variance of the logarithm of the factor of an event that was seen, in a queue on one of its
        days.
        """
        belief = self.beliefs[term.key]
        own = belief.own.get(queue, _nothing(belief))
        shared_of, own_of = np.zeros(len(belief.index)), np.zeros(len(own.index))
        variance = 0.0
        for column in columns_of(term):
            if column in belief.index:
                shared_of[belief.index[column]] = 1.0
            elif column in own.index:
                own_of[own.index[column]] = 1.0
            else:
                variance += self.variance[column[0]]
        through = shared_of - own_of @ own.gain
        mean = own_of @ own.base + through @ belief.mean
        doubt = own_of @ own.doubt @ own_of + through @ belief.covariance @ through
        return float(mean), variance + float(doubt)


def _nothing(belief: Belief) -> Own:
    """The coefficients of a queue that saw nothing."""
    return Own({}, np.zeros(0), np.zeros((0, len(belief.index))), np.zeros((0, 0)))


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
    fits = [_Fit(seen, keys, today) for keys in _met(seen)]
    variance = {kind: sd**2 for kind, sd in PRIOR_SD.items()}
    for _ in range(ROUNDS):
        moments = [each for fit in fits for each in fit.solve(variance)]
        before, variance = variance, _spreads(moments)
        if all(abs(variance[kind] / before[kind] - 1) < SETTLED for kind in variance):
            break
    return Posterior({key: fit.belief for fit in fits for key in sorted(fit.keys)}, before)


def _met(seen: Mapping[str, Seen]) -> list[set[Key]]:
    """Events that were on together, directly or through others: each set is a regression of its own."""
    sets: list[set[Key]] = []
    together = {frozenset(term.key for term in terms) for each in seen.values() for terms in each.terms}
    for keys in together:
        sets = [each for each in sets if not each & keys] + [set(keys).union(*(s for s in sets if s & keys))]
    return sorted(sets, key=min)


class _Fit:
    """The regression of some events over all queues, and where it stands."""

    def __init__(self, seen: Mapping[str, Seen], keys: AbstractSet[Key], today: int) -> None:
        ours = {name: _only(seen[name], keys) for name in sorted(seen)}
        self.keys = keys
        self.index = _places(
            {term for each in ours.values() for terms in each.terms for term in terms}, SHARED
        )
        self.scale = _scales(self.index, today)
        self.queues = {n: _QueueFit(each, self.index, today) for n, each in ours.items() if each.terms}

    def solve(self, variance: Mapping[str, float]) -> list["_Moments"]:
        """One round, given the variance of each kind of coefficient."""
        precision = np.diag(1 / _variances(self.index, self.scale, variance))
        weighted = np.zeros(len(self.index))
        for queue in self.queues.values():
            added = queue.marginal(variance)
            precision, weighted = precision + added[0], weighted + added[1]
        covariance: Floats = np.asarray(np.linalg.inv(precision), dtype=np.float64)
        mean = covariance @ weighted
        ours = [queue.refit(mean, covariance) for queue in self.queues.values()]
        own = {name: queue.own for name, queue in self.queues.items()}
        self.belief = Belief(self.index, mean, covariance, own)
        return [_Moments(self.index, mean, covariance, self.scale), *ours]


def _only(seen: Seen, keys: AbstractSet[Key]) -> Seen:
    """The observations of some events."""
    rows = [k for k, terms in enumerate(seen.terms) if terms[0].key in keys]
    terms = tuple(seen.terms[k] for k in rows)
    return replace(seen, terms=terms, came=seen.came[rows], expected=seen.expected[rows])


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
        weight = 1 / (self.dispersion / fitted + self.day_variance)[:, None]
        prior = np.diag(1 / _variances(self.index, self.scale, variance))
        doubt = np.linalg.inv(prior + self.own_design.T @ (weight * self.own_design))
        shared, came = (
            self.own_design.T @ (weight * each) for each in (self.shared_design, response[:, None])
        )
        self.own = Own(self.index, (doubt @ came)[:, 0], doubt @ shared, doubt)
        precision = self.shared_design.T @ (weight * self.shared_design) - shared.T @ self.own.gain
        weighted = self.shared_design.T @ (weight[:, 0] * response) - shared.T @ self.own.base
        return precision, weighted

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
    """A place for every coefficient of some kinds."""
    columns = {column for term in terms for column in columns_of(term) if column[0] in kinds}
    return {column: place for place, column in enumerate(sorted(columns))}


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
