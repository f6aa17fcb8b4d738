"""The regression beside one dense solve of the same equations."""

import numpy as np
import pytest

from forecasts.event_model import DAYS_A_YEAR, PRIOR_SD, columns_of, learn
from forecasts.event_seen import HOURS, Seen, Term

X, Y = ("x", ""), ("y", "高峰")


def seen(terms, ratios, *, a_day=1000.0):
    came = np.zeros((len(terms), HOURS))
    expected = np.zeros_like(came)
    expected[:, 10] = a_day
    came[:, 10] = a_day * np.array(ratios)
    return Seen(tuple(tuple(each) for each in terms), came, expected, dispersion=2.0, day_sd=0.1)


@pytest.fixture
def queues():
    """Two occurrences of x of two days each, one of y, on one day together."""
    days = [[Term(X, 0, 0)], [Term(X, 0, 1), Term(Y, 1, 0)], [Term(X, 365, 0)], [Term(X, 365, 1)]]
    return {
        "a": seen(days, [1.5, 2.0, 1.4, 1.1]),
        "b": seen(days[:2], [1.8, 2.4], a_day=50.0),
        "c": seen([[Term(Y, 400, 0)]], [1.25]),
        "d": seen([], []),
    }


def test_as_one_dense_solve(queues):
    today = 500
    found = learn(queues, today)
    columns = {}
    rows, response, weight = [], [], []
    for name, each in queues.items():
        for terms, came, expected in zip(
            each.terms, each.came.sum(axis=1), each.expected.sum(axis=1), strict=True
        ):
            names = [
                c if c[0] in ("mean", "occurrence", "day") else (*c, name)
                for t in terms
                for c in columns_of(t)
            ]
            rows.append([columns.setdefault(c, len(columns)) for c in names])
            response.append(came / expected)
            weight.append((expected, each.dispersion, each.day_sd))
    design = np.zeros((len(rows), len(columns)))
    for k, places in enumerate(rows):
        design[k, places] = 1
    ages = [1 + (today - c[2]) / DAYS_A_YEAR if c[0] in ("occurrence", "cross") else 1.0 for c in columns]
    prior = np.diag(1 / (np.array([found.variance[c[0]] for c in columns]) * ages))
    fit = np.log(response)
    expected, dispersion, day_sd = np.array(weight).T
    for _ in range(50):
        noise = dispersion / (expected * np.exp(fit)) + day_sd**2
        covariance = np.linalg.inv(prior + design.T @ (design / noise[:, None]))
        mean = covariance @ design.T @ ((fit + np.array(response) / np.exp(fit) - 1) / noise)
        fit = design @ mean
    for queue, term in (("a", Term(X, 365, 1)), ("b", Term(X, 0, 0)), ("c", Term(Y, 400, 0))):
        names = [c if c in columns else (*c, queue) for c in columns_of(term)]
        pick = np.array([float(c in names) for c in columns])
        log, variance = found.effect(term, queue)
        assert log == pytest.approx(pick @ mean, abs=2e-3)
        assert variance == pytest.approx(pick @ covariance @ pick, rel=0.02)


def test_what_was_not_seen_adds_its_spread(queues):
    found = learn(queues, 500)
    known = found.effect(Term(X, 365, 1), "a")[1]
    new = found.effect(Term(X, 600, 1), "a")[1]
    later = found.effect(Term(X, 600, 7), "a")[1]
    elsewhere = found.effect(Term(X, 600, 1), "z")[1]
    assert known < new < later
    assert new < elsewhere


def test_spreads_are_learned_from_what_is_seen():
    terms = [[Term(X, 30 * k, 0)] for k in range(12)]
    steady = learn({name: seen(terms, [1.5] * 12) for name in "abcdef"}, 400).variance
    rng = np.random.default_rng(1)
    wild = {name: seen(terms, np.exp(rng.normal(0.4, 0.6, 12))) for name in "abcdef"}
    assert steady["occurrence"] < PRIOR_SD["occurrence"] ** 2
    assert steady["cross"] < PRIOR_SD["cross"] ** 2 < 0.1 < learn(wild, 400).variance["cross"]
    apart = {name: seen(terms, [1 + k] * 12) for k, name in enumerate("abcdef")}
    assert learn(apart, 400).variance["queue"] > 4 * steady["queue"]


def test_events_that_never_met_are_fitted_apart_and_share_their_spreads(queues):
    found = learn(queues, 500)
    assert found.beliefs[X] is found.beliefs[Y]  # they were on together in a and b
    apart = {"a": seen([[Term(X, 0, 0)]], [1.5]), "b": seen([[Term(Y, 1, 0)]], [2.0])}
    split = learn(apart, 500)
    assert split.beliefs[X] is not split.beliefs[Y]
    assert split.occurrences(X) == split.occurrences(Y) == 1
    assert split.occurrences(("z", "")) == 0


def test_nothing_seen_leaves_the_spreads_as_believed():
    found = learn({"a": seen([], [])}, 500)
    assert found.beliefs == {}
    assert found.variance == {kind: pytest.approx(sd**2) for kind, sd in PRIOR_SD.items()}
