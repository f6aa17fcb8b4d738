import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.hierarchy import CENTRE, reconcile, roll_up, tree_of

GROUPS = {"电话": ["热线", "VIP"], "": ["在线"]}
SITES = {"上海": ["热线", "在线"], "": ["VIP"]}
TREE = tree_of(GROUPS, SITES)


def row(*values):
    return np.array(values, dtype=float)


class TestTree:
    def test_groups_sites_and_the_centre_each_with_their_queues(self):
        assert TREE == {
            "group:电话": ("VIP", "热线"),
            "site:上海": ("在线", "热线"),
            CENTRE: ("VIP", "在线", "热线"),
        }

    def test_queues_without_group_or_site_count_under_the_centre(self):
        assert tree_of({}, queues=["b", "a"]) == {CENTRE: ("a", "b")}

    def test_nothing_is_no_tree(self):
        assert tree_of({}) == {}
        assert tree_of({"empty": []}, queues=["a"]) == {CENTRE: ("a",)}


def textbook(base, told, under, variance, doubt):
    """b = S (S' W^-1 S)^-1 S' W^-1 y of the paper, queues only; may fall below 0."""
    summing = np.vstack([np.eye(len(base)), under])
    weights = np.diag(1 / np.concatenate([variance, doubt]))
    left = summing.T @ weights @ summing
    return np.linalg.solve(left, summing.T @ weights @ np.concatenate([base, told]))


class TestReconcile:
    def test_the_surer_moves_less(self):
        found = reconcile({"a": row(50), "b": row(50)}, {"n": row(110)}, {"n": ["a", "b"]},
                          {"a": row(3), "b": row(1)}, {"n": row(1)})  # fmt: skip
        assert found["a"][0] == pytest.approx(
            56
        )  # 10 missing over 3 + 1 + 1: 6 to a, 2 to b, 2 are the node's
        assert found["b"][0] == pytest.approx(52)
        assert found["n"][0] == pytest.approx(108)

    def test_it_is_the_textbooks_estimate(self):
        rng = np.random.default_rng(3)
        names, nodes = ["VIP", "在线", "热线"], sorted(TREE)
        base, told = rng.uniform(80, 120, 3), rng.uniform(200, 240, 3)
        variance, doubt = rng.uniform(1, 9, 3), rng.uniform(1, 9, 3)
        under = np.array([[name in TREE[node] for name in names] for node in nodes], dtype=float)
        found = reconcile(
            dict(zip(names, base[:, None], strict=True)), dict(zip(nodes, told[:, None], strict=True)), TREE,
            dict(zip(names, variance[:, None], strict=True)), dict(zip(nodes, doubt[:, None], strict=True)),
        )  # fmt: skip
        expected = textbook(base, told, under, variance, doubt)
        assert [found[name][0] for name in names] == pytest.approx(expected.tolist())

    def test_a_node_without_variance_is_met_and_one_that_knows_nothing_is_added_up(self):
        queues = {"a": row(50, 0, 10), "b": row(50, 20, 10)}
        found = reconcile(queues, {"n": row(120, 30, np.nan)}, {"n": ["a", "b"], "only b": ["b"]},
                          {"a": row(1), "b": row(1)}, {"n": row(0)})  # fmt: skip
        assert found["n"].tolist() == pytest.approx([120, 30, 20])
        assert found["a"].tolist() == pytest.approx(
            [60, 0, 10]
        )  # closed on the second day, untold on the third
        assert found["only b"].tolist() == found["b"].tolist()

    def test_a_queue_without_variance_stays_even_where_its_node_says_otherwise(self):
        found = reconcile({"a": row(50)}, {"n": row(70)}, {"n": ["a"]}, {"a": row(0)}, {"n": row(0)})
        assert found["a"].tolist() == found["n"].tolist() == [50]

    def test_two_sure_nodes_that_contradict_each_other_meet_half_way(self):
        found = reconcile({"a": row(50)}, {"m": row(60), "n": row(80)}, {"m": ["a"], "n": ["a"]},
                          {"a": row(4)}, {"m": row(0), "n": row(0)})  # fmt: skip
        assert found["a"].tolist() == pytest.approx([70])

    def test_a_site_that_is_the_whole_centre_counts_once(self):
        queues, variance = {"a": row(50, 50), "b": row(50, 50)}, {"a": row(3), "b": row(1)}
        one = reconcile(queues, {"n": row(110, 110)}, {"n": ["a", "b"]}, variance, {"n": row(1)})
        both = {"n": row(110, 110), "m": row(110, np.nan)}
        doubt = {"n": row(1), "m": row(1)}
        again = reconcile(queues, both, {"n": ["a", "b"], "m": ["b", "a"]}, variance, doubt)
        for name in one:
            assert again[name] == pytest.approx(one[name])

    def test_none_falls_below_zero_and_the_rest_is_shared_by_those_left(self):
        found = reconcile({"a": row(5), "b": row(100), "c": row(100)}, {"n": row(145)}, {"n": ["a", "b", "c"]},
                          {"a": row(100), "b": row(100), "c": row(100)}, {"n": row(0)})  # fmt: skip
        assert found["a"].tolist() == [0]  # 60 too many: 20 each would leave a at -15
        assert found["b"].tolist() == pytest.approx([72.5])
        assert found["n"].tolist() == pytest.approx([145])

    def test_what_it_finds_meets_the_conditions_of_the_least_squares(self):
        rng = np.random.default_rng(7)
        for _ in range(200):
            base, told = rng.uniform(0.1, 10, 4), rng.uniform(0, 15, 3)
            variance, doubt = rng.uniform(0.1, 10, 4), rng.uniform(0.1, 2, 3)
            under = np.array([[1.0, *rng.integers(0, 2, 3)], [0, 1, *rng.integers(0, 2, 2)], [0, 0, 1, 1]])
            members = {f"n{k}": [f"q{j}" for j in range(4) if under[k, j]] for k in range(3)}
            found = reconcile(
                {f"q{j}": base[[j]] for j in range(4)}, {f"n{k}": told[[k]] for k in range(3)}, members,
                {f"q{j}": variance[[j]] for j in range(4)}, {f"n{k}": doubt[[k]] for k in range(3)},
            )  # fmt: skip
            fair = np.array([found[f"q{j}"][0] for j in range(4)])
            slope = (fair - base) / variance + under.T @ ((under @ fair - told) / doubt)
            assert slope[fair > 0] == pytest.approx(0, abs=1e-8)
            assert (slope[fair == 0] >= -1e-8).all()

    @pytest.mark.parametrize(
        ("queues", "nodes", "members", "words"),
        [
            ({"a": row(1)}, {"n": row(1)}, {}, "'n'"),
            ({"a": row(1)}, {}, {"n": ["b"]}, "'b'"),
            ({"a": row(1)}, {}, {"a": ["a"]}, "both"),
            ({"a": row(-1)}, {}, {"n": ["a"]}, "0 or more"),
            ({"a": row(np.nan)}, {}, {"n": ["a"]}, "finite"),
            ({"a": row(1)}, {"n": row(-1)}, {"n": ["a"]}, "nodes"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, queues, nodes, members, words):
        with pytest.raises(ValueError, match=words):
            reconcile(queues, nodes, members, {"a": row(1)}, {"n": row(1)})

    def test_a_missing_variance_is_named(self):
        with pytest.raises(ValueError, match="'b'"):
            reconcile({"a": row(1), "b": row(1)}, {}, {}, {"a": row(1)}, {})


totals = st.one_of(st.just(0.0), st.floats(0.5, 2000))
spreads = st.floats(0.1, 5000)


@st.composite
def hierarchies(draw):
    days = draw(st.integers(1, 3))
    names = [f"q{k}" for k in range(draw(st.integers(1, 5)))]
    nodes = [f"n{k}" for k in range(draw(st.integers(1, 3)))]
    members = {node: sorted(draw(st.sets(st.sampled_from(names), min_size=1))) for node in nodes}

    def rows(keys, values):
        return {key: np.array(draw(st.lists(values, min_size=days, max_size=days))) for key in keys}

    return rows(names, totals), rows(nodes, totals), members, rows(names, spreads), rows(nodes, spreads)


class TestReconciled:
    @given(hierarchies())
    @settings(max_examples=60)
    def test_queues_add_up_to_nodes_none_is_negative_and_zero_days_stay(self, case):
        queues, _, members, _, _ = case
        found = reconcile(*case)
        for node, of in members.items():
            assert found[node] == pytest.approx(sum(found[name] for name in of), rel=1e-12)
        for name, total in queues.items():
            assert (found[name] >= 0).all()
            assert (found[name][total == 0] == 0).all()

    @given(hierarchies())
    @settings(max_examples=40)
    def test_what_agrees_already_stays(self, case):
        queues, _, members, *variances = case
        agreed = {node: sum(queues[name] for name in of) for node, of in members.items()}
        found = reconcile(queues, agreed, members, *variances)
        for name, total in (queues | agreed).items():
            assert found[name] == pytest.approx(total, rel=1e-9)

    @given(hierarchies())
    @settings(max_examples=30)
    def test_the_order_of_queues_and_nodes_does_not_matter(self, case):
        turned = [dict(reversed(part.items())) for part in case]
        found, again = reconcile(*case), reconcile(*turned)
        assert all((found[name] == again[name]).all() for name in found)

    @given(hierarchies(), st.floats(0.01, 100))
    @settings(max_examples=40)
    def test_a_factor_on_all_totals_is_one_on_the_result(self, case, factor):
        queues, nodes, members, *variances = case
        scaled = [{name: total * factor for name, total in part.items()} for part in (queues, nodes)]
        squared = [{name: value * factor**2 for name, value in part.items()} for part in variances]
        found, again = reconcile(*case), reconcile(*scaled, members, *squared)
        for name in found:
            assert again[name] == pytest.approx(found[name] * factor, rel=1e-6, abs=1e-6 * factor)


def test_agreeing_with_a_surer_total_brings_queues_nearer_to_the_truth():
    rng = np.random.default_rng(11)
    truth = rng.uniform(50, 150, (6, 400))
    queues = {f"q{k}": np.maximum(truth[k] + rng.normal(0, 15, 400), 0) for k in range(6)}
    whole = {CENTRE: truth.sum(axis=0) + rng.normal(0, 5, 400)}
    found = reconcile(
        queues, whole, {CENTRE: list(queues)}, dict.fromkeys(queues, row(225)), {CENTRE: row(25)}
    )
    before = np.mean([(queues[f"q{k}"] - truth[k]) ** 2 for k in range(6)])
    after = np.mean([(found[f"q{k}"] - truth[k]) ** 2 for k in range(6)])
    assert after == pytest.approx(
        before * (1 - 225 / (6 * 225 + 25)), rel=0.1
    )  # variance of a queue once the sum is seen
    assert np.mean((found[CENTRE] - truth.sum(axis=0)) ** 2) < 26


STARTS = pd.date_range("2026-03-02T00:00Z", periods=3, freq="30min")


@pytest.fixture
def table():
    """Three intervals of a, two of b, which is closed in the first; b knows no handle time in the last."""
    return pd.DataFrame(
        {
            "interval_start": STARTS.tolist() + STARTS[1:].tolist(),
            "queue": ["a"] * 3 + ["b"] * 2,
            "offered": [4.0, 6.0, 0.0, 2.0, 5.0],
            "aht_seconds": [100.0, 100.0, 100.0, 300.0, np.nan],
            "offered_p10": [1.0, 2.0, 0.0, 0.5, 2.0],
            "offered_p50": [4.0, 6.0, 0.0, 2.0, 5.0],
            "offered_p90": [7.0, 9.0, 0.0, 4.0, 8.0],
        }
    )


class TestRollUp:
    def test_contacts_are_added_and_handle_times_weighted(self, table):
        found = roll_up(table, {CENTRE: ["a", "b"]})
        assert found["interval_start"].tolist() == STARTS.tolist()
        assert found["offered"].tolist() == [4, 8, 5]
        assert found["aht_seconds"].tolist()[:2] == [100, pytest.approx((600 + 600) / 8)]
        assert np.isnan(found["aht_seconds"][2])
        assert found["node"].unique().tolist() == [CENTRE]

    def test_bands_are_left_out_for_sums_and_kept_for_a_single_queue(self, table):
        found = roll_up(
            table.sample(frac=1, random_state=1), {"both": ["a", "b"], "one": ["a"], "none": ["c"]}
        )
        both, one = (found[found["node"] == node] for node in ("both", "one"))
        assert both[["offered_p10", "offered_p50", "offered_p90"]].isna().all(axis=None)
        assert one["offered_p90"].tolist() == [7, 9, 0]
        assert len(found) == 6

    def test_bands_of_sums_come_from_paths_that_share_their_samples(self, table):
        up = np.arange(11.0)
        paths = {"a": np.column_stack([up, up, up]), "b": np.column_stack([10 - up, up])}
        found = roll_up(table, {CENTRE: ["a", "b"]}, paths)
        assert found["offered_p10"].tolist() == pytest.approx([1, 10, 2])
        assert found["offered_p90"].tolist() == pytest.approx([9, 10, 18])

    @pytest.mark.parametrize(
        "paths",
        [
            {"a": np.zeros((5, 3))},
            {"a": np.zeros((5, 3)), "b": np.zeros((5, 3))},
            {"a": np.zeros((5, 3)), "b": np.zeros((4, 2))},
            {"a": np.zeros(3), "b": np.zeros((5, 2))},
        ],
    )
    def test_paths_that_do_not_fit_are_refused(self, table, paths):
        with pytest.raises(ValueError, match="paths of queue"):
            roll_up(table, {CENTRE: ["a", "b"]}, paths)

    def test_nothing_to_add_is_an_empty_table(self, table):
        assert roll_up(table, {}).columns.tolist() == [
            *("interval_start", "node", "offered", "aht_seconds"),
            *("offered_p10", "offered_p50", "offered_p90"),
        ]
