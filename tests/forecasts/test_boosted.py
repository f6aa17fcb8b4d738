"""LightGBM as a companion: with the package where it is installed, with a stand-in of our own where it is not.

The stand-in grows boosted trees too, with the package's call signature and the settings that we use, and takes no
others; so what is tested is what `Boosted` asks for and makes of the answer, and it must hold with either.
"""

import pickle
import sys
from dataclasses import replace
from datetime import date
from importlib.util import find_spec

import numpy as np
import pytest

from centre.errors import BadInput
from centre.instants import day_number
from forecasts.day_calendar import plain_calendar
from forecasts.grid import QueueHistory, weekdays_of
from forecasts.models import Boosted, Structural, companions
from forecasts.trials import Trial, choose

FIRST = day_number(date(2022, 1, 3))
SLOTS = 12
HOURS = np.arange(SLOTS) * 24 / SLOTS
BINS = 24


class StandIn:
    """What we use of the package ``lightgbm``: ``Dataset``, ``train`` and a booster's ``predict``."""

    class Dataset:
        def __init__(self, data, label=None, *, init_score=None):
            assert len(data) == len(label) == len(init_score)
            assert np.isfinite(data).all()
            self.data, self.label, self.init_score = data, label, init_score

    @staticmethod
    def train(params, train_set, num_boost_round=100):
        return _Booster(train_set, num_boost_round, **params)


class _Booster:
    def __init__(
        self, table, rounds, *, objective, boost_from_average, learning_rate, num_leaves, num_threads, deterministic,
        force_row_wise, seed, verbosity, min_data_in_leaf, lambda_l2,
    ):  # fmt: skip
        assert (objective, boost_from_average, num_threads, deterministic) == ("poisson", False, 1, True)
        self.depth, self.least, self.l2 = int(np.log2(num_leaves)), min_data_in_leaf, lambda_l2
        cuts = np.linspace(0, 1, BINS + 1)[1:-1]
        self.edges = [np.unique(np.quantile(column, cuts)) for column in table.data.T]
        binned, score = self._binned(table.data), np.array(table.init_score, dtype=float)
        self.trees = []
        for _ in range(rounds):
            mean = np.exp(score)
            leaf = self._leaf(binned, learning_rate * (table.label - mean), mean, self.depth)
            self.trees.append(leaf)
            score += self._of_tree(leaf, binned)

    def _binned(self, data):
        return np.column_stack(
            [np.searchsorted(e, c, side="left") for e, c in zip(self.edges, data.T, strict=True)]
        )

    def _leaf(self, binned, gradient, weight, depth):
        """A value, or (feature, last bin to the left, left, right) where splitting gains most."""
        value = gradient.sum() / (weight.sum() + self.l2)
        best, place = value * gradient.sum(), None
        for feature in range(binned.shape[1]) if depth else ():
            g, h, n = (
                np.bincount(binned[:, feature], each, minlength=BINS).cumsum()
                for each in (gradient, weight, np.ones(len(weight)))
            )
            gain = g**2 / (h + self.l2) + (g[-1] - g) ** 2 / (h[-1] - h + self.l2)
            gain[(n < self.least) | (n[-1] - n < self.least)] = -np.inf
            if gain.max() > best + 1e-12:
                best, place = gain.max(), (feature, int(gain.argmax()))
        if place is None:
            return float(value)
        left = binned[:, place[0]] <= place[1]
        return (*place, *(self._leaf(binned[s], gradient[s], weight[s], depth - 1) for s in (left, ~left)))

    def _of_tree(self, tree, binned):
        if isinstance(tree, float):
            return np.full(len(binned), tree)
        feature, last, left, right = tree
        goes_left = binned[:, feature] <= last
        return np.where(goes_left, self._of_tree(left, binned), self._of_tree(right, binned))

    def predict(self, data, *, raw_score):
        assert raw_score
        binned = self._binned(data)
        return np.sum([self._of_tree(tree, binned) for tree in self.trees], axis=0)


@pytest.fixture(autouse=True, scope="module")
def package():
    """``lightgbm``: the real one where there is one."""
    with pytest.MonkeyPatch.context() as patch:
        if find_spec("lightgbm") is None:
            patch.setitem(sys.modules, "lightgbm", StandIn)
        yield


@pytest.fixture
def few_rounds(monkeypatch):
    """Fewer trees, where it does not matter how much they learn."""
    monkeypatch.setattr("forecasts.models.boosted.ROUNDS", 5)


quickly = pytest.mark.usefixtures("few_rounds")


def history_of(means, first=FIRST, seed=3, **more):
    """Poisson contacts around means of shape (days, slots)."""
    came = np.random.default_rng(seed).poisson(means).astype(float)
    flags = np.zeros(len(means), dtype=np.int8), np.ones(len(means), dtype=bool)
    return QueueHistory("q", 1440 // SLOTS, first, came, came * 0 + 100, came, *flags, **more)


def humps(days, first=FIRST, summer_shift=0.0, level=30.0):
    """Means of a queue busy around noon; in the warm half of the year the hump moves by some hours."""
    numbers = np.arange(first, first + days)
    warm = np.sin(2 * np.pi * (numbers - 100) / 365.25) > 0
    noon = 12 + summer_shift * warm[:, None]
    shape = 0.2 + np.exp(-(((HOURS - noon) / 4) ** 2))
    return level * shape * np.where(weekdays_of(numbers) < 5, 1.0, 0.5)[:, None]


def ahead(queue, days=28):
    return np.arange(queue.end_day, queue.end_day + days)


def error(found, means):
    return np.abs(found - means).sum() / means.sum()


@pytest.fixture(scope="module")
def two_summers(package):
    """A history that ends with the cold half, what is to come, and what the two models expect: the hump comes back
    to where it was last seen half a year ago.
    """
    first = FIRST + 90
    means = humps(730 + 28, first=first, summer_shift=4.0)
    queue = history_of(means[:730], first=first)
    expected = {model.name: model.fit(queue).predict(ahead(queue)) for model in companions()}
    return queue, means[730:], expected


def test_a_shape_that_comes_back_with_the_season_is_found(two_summers):
    _, coming, expected = two_summers
    assert error(expected["lightgbm"], coming) < 0.8 * error(expected["structural"], coming)


def test_day_totals_and_what_explains_them_stay_those_of_the_structural_model():
    queue = history_of(humps(365, summer_shift=4.0))
    boosted, structural = Boosted().fit(queue), Structural().fit(queue)
    days, found = ahead(queue), boosted.predict(ahead(queue))
    assert found.sum(axis=1) == pytest.approx(structural.predict(days).sum(axis=1))
    factors = boosted.factors(days)
    assert factors.keys() == structural.factors(days).keys()
    assert np.prod(list(factors.values()), axis=0)[:, None] * boosted.profile(days) == pytest.approx(found)
    assert np.abs(boosted.profile(days) - structural.profile(days)).max() > 0.001


@pytest.mark.parametrize("level", [30.0, 3.0])
def test_noise_is_not_mistaken_for_a_pattern(level):
    queue, coming = history_of(humps(400, level=level)), humps(28, first=FIRST + 400, level=level)
    boosted, structural = (model.fit(queue).predict(ahead(queue)) for model in (Boosted(), Structural()))
    assert error(boosted, coming) < error(structural, coming) + 0.008


@quickly
@pytest.mark.parametrize(("days", "same"), [(7, True), (364, True), (365, False)])
def test_under_a_year_it_says_what_the_structural_model_does(days, same):
    queue = history_of(humps(days, summer_shift=4.0))
    expected = Structural().fit(queue).predict(ahead(queue))
    assert (Boosted().fit(queue).predict(ahead(queue)) == expected).all() is np.bool_(same)


@quickly
def test_nothing_stays_nothing_and_closed_stays_closed():
    queue = history_of(np.zeros((365, SLOTS)))
    assert (Boosted().fit(queue).predict(ahead(queue)) == 0).all()
    means = humps(365)
    means[:, :4] = 0.0
    queue = history_of(means)
    found = Boosted().fit(queue).predict(ahead(queue))
    assert (found[:, :4] == 0).all()
    assert (found[:, 4:] > 0).all()
    assert found.shape == (28, SLOTS)
    assert np.isfinite(found).all()
    assert Boosted().fit(queue).predict(ahead(queue, 0)).shape == (0, SLOTS)


@quickly
@pytest.mark.parametrize("factor", [0.013, 700.0])
def test_so_many_times_the_contacts_are_so_many_times_the_forecast(factor):
    queue = history_of(humps(365, summer_shift=4.0))
    found = Boosted().fit(queue).predict(ahead(queue))
    more = Boosted().fit(replace(queue, offered=factor * queue.offered)).predict(ahead(queue))
    assert more == pytest.approx(factor * found, rel=1e-4)


@quickly
def test_the_same_again_whatever_was_fitted_before_and_wherever_it_is_sent():
    queue = history_of(humps(365, summer_shift=4.0))
    model = Boosted().fit(queue)
    found = model.predict(ahead(queue))
    assert (pickle.loads(pickle.dumps(model)).predict(ahead(queue)) == found).all()
    assert (model.fit(queue.until(queue.first_day + 30)).fit(queue).predict(ahead(queue)) == found).all()


@quickly
def test_unknown_slots_and_days_of_events_teach_nothing():
    queue = history_of(humps(365, summer_shift=4.0))
    wild, marked = queue.offered.copy(), queue.usable.copy()
    wild[300:303] *= 1.3
    marked[300:303] = False
    found = [
        Boosted().fit(replace(queue, offered=offered, usable=marked)).predict(ahead(queue))
        for offered in (queue.offered, wild)
    ]
    assert error(found[1], found[0]) < 1e-3
    wild[10, 3:9] = np.nan
    assert np.isfinite(Boosted().fit(replace(queue, offered=wild)).predict(ahead(queue))).all()


@quickly
def test_days_of_any_class_and_any_year_have_a_forecast():
    queue = history_of(humps(365, summer_shift=4.0))
    off = plain_calendar(dict.fromkeys(range(queue.first_day + 40, queue.end_day + 900, 91), "Day"))
    found = Boosted().fit(replace(queue, calendar=off)).predict(ahead(queue, 800))
    assert np.isfinite(found).all()
    assert found.max() < 2 * queue.offered.mean(axis=0).max() + 30


def test_it_is_chosen_where_it_did_clearly_better(two_summers):
    queue, coming, expected = two_summers
    models = companions()
    assert [model.name for model in models] == ["structural", "lightgbm"]
    trial = Trial(queue.end_day, queue, coming, expected, np.zeros(28, dtype=bool))
    assert choose([trial], models).name == "lightgbm"
    alike = expected | {"lightgbm": expected["structural"]}
    assert choose([replace(trial, expected=alike)], models).name == "structural"


def test_without_the_package_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    with pytest.raises(BadInput, match=r"pip install 'paiban\[ml\]'"):
        companions()


def test_a_package_that_cannot_be_loaded_is_said_with_its_reason(monkeypatch):
    def broken(name):
        raise OSError("libgomp.so.1: cannot open shared object file")

    monkeypatch.setattr("forecasts.models.boosted.import_module", broken)
    with pytest.raises(BadInput, match=r"libgomp\.so\.1"):
        companions()
