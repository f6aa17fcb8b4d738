"""The simulator from the outside: known answers of queueing theory, randomness, edges, bad input."""

from dataclasses import fields, replace
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.errors import BadInput
from scheduler.staffing import performance
from scheduler.staffing import simulation as module
from scheduler.staffing.confidence import Estimate, mean, ratio, student_t
from scheduler.staffing.simulation import BackupPool, Floor, SimulationResult, Stretches, Trace, simulate

HOUR = 3600.0
MEASURES = (
    "p_wait", "sl_virtual", "sl_offered", "sl_answered", "sl_exit", "sl_exclshort", "asa_served_s", "wait_all_s", "p_abandon",
    "occupancy", "mean_queue",
)  # fmt: skip


def team(agents: int, per_hour: float, hours: int = 8, **settings: Any) -> Floor:
    """One queue, everyone there throughout; three-minute contacts unless told."""
    settings = {"aht_seconds": 180.0, "speed": np.ones((agents, 1)), **settings}
    return Floor(
        HOUR, np.full((1, hours), per_hour), work=Stretches.throughout(agents, hours * HOUR), **settings
    )


def near(found: Estimate, exact: Any, times: float = 1.7) -> None:
    """Within 3.3 standard errors."""
    assert (np.abs(found.mean - exact) <= times * found.half_width + 1e-12).all(), (
        found.mean,
        found.half_width,
        exact,
    )


# ---- known answers ----


@pytest.mark.parametrize(
    ("agents", "per_hour", "patience"),
    [(14, 200, np.inf), (13, 200, 300), (8, 200, 120), (1, 15, 60), (50, 980, 120)],
)
def test_one_queue_is_erlangs(agents: int, per_hour: float, patience: float) -> None:
    floor = team(agents, per_hour, hours=301, patience_seconds=patience)
    found = simulate(floor, 20, seed=11, warm_up_seconds=HOUR).total()
    exact = performance(per_hour, 180, agents, 20, None if patience == np.inf else patience)
    for name in MEASURES:
        near(getattr(found, name), getattr(exact, name))
    assert found.p_wait.half_width < 0.02


@pytest.mark.parametrize(("service", "cv"), [("deterministic", 0.0), ("lognormal", 0.7), ("lognormal", 1.6)])
def test_one_agent_waits_as_pollaczek_and_khinchine_say(service: Any, cv: float) -> None:
    floor = team(1, 14, hours=401, service=service, service_cv=max(cv, 0.1))
    found = simulate(floor, 40, seed=12, warm_up_seconds=HOUR).total()
    load = 14 * 180 / HOUR
    near(found.wait_all_s, load * 180 * (1 + cv**2) / (2 * (1 - load)))
    near(found.occupancy, load)


def test_busy_agents_follow_a_sine_of_arrivals() -> None:
    """**Source:** Eick, Massey and Whitt (1993): rate 100 + 20 sin t, mean service 1, nobody waits: 100 + 10 (sin t - cos t)."""
    steps = 60
    edges = np.linspace(0, 4 * np.pi, 2 * steps + 1)
    arrivals = 100 * np.diff(edges) - 20 * np.diff(np.cos(edges))
    width = float(edges[1])
    floor = Floor(width, arrivals[None], 1.0, np.ones((200, 1)), Stretches.throughout(200, edges[-1]))
    found = simulate(floor, 200, seed=13)
    busy = mean(found.busy_s[:, steps:] / width)
    mids = (edges[1:] + edges[:-1])[steps:] / 2
    assert found.count("at_once").sum() == found.count("offered").sum()
    near(busy, 100 + 10 * (np.sin(mids) - np.cos(mids)), times=2.2)
    assert mids[busy.mean.argmax()] % (2 * np.pi) == pytest.approx(0.75 * np.pi, abs=0.4)


# ---- randomness ----


def mixed_floor(**changes: Any) -> Floor:
    """Two queues and a second line, people with breaks, transfers, redials, overflow, absences, a pool."""
    rng = np.random.default_rng(3)
    agent, start, end = [], [], []
    for a in range(12):
        begin = 900.0 * rng.integers(0, 8)
        for piece in ((0, 7000), (7900, 14000), (15800, 21000)):
            agent.append(a), start.append(begin + piece[0]), end.append(begin + piece[1])
    speed = np.array([[1, 0, 0]] * 4 + [[1, 0.8, 0]] * 3 + [[0, 1, 1]] * 5 + [[1, 1, 0]] * 2, dtype=float)
    given = {
        "interval_seconds": 1800.0, "arrivals": rng.uniform(5, 40, (3, 18)) * [[1], [0.8], [0.2]],
        "aht_seconds": [[200], [260], [300]], "speed": speed, "work": Stretches(agent, start, end),
        "patience_seconds": [[150], [90], [np.inf]], "priority": [0, 1, 0], "transfer_share": [0.1, 0.2, 0],
        "transfer_to": [2, 2, -1], "wrap_up_seconds": [30, 40, 0], "redial_share": [0.5, 0.3, 0], "overflow_to": [1, -1, -1],
        "overflow_seconds": 60, "service": ["lognormal", "exponential", "deterministic"], "absence_share": 0.1,
        "busyness_cv": 0.1, "concurrency": [1, 1, 2], "slowdown": 0.3, "target_seconds": [20, 30, 60],
        "backup": [BackupPool([12, 13], [0, 1], threshold=8, trigger="waiting", lead_seconds=300, minimum_seconds=1200)],
    }  # fmt: skip
    return Floor(**{**given, **changes})


def figures(found: SimulationResult) -> list[np.ndarray]:
    arrays = [x for f in fields(found) if isinstance(x := getattr(found, f.name), np.ndarray)]
    return [x[name] if name else x for x in arrays for name in x.dtype.names or ("",)]


def test_the_answer_depends_on_the_seed_and_on_nothing_else() -> None:
    one, two = (simulate(mixed_floor(), 6, seed=5, workers=n) for n in (1, 2))
    fewer, other = simulate(mixed_floor(), 4, seed=5), simulate(mixed_floor(), 6, seed=-5)
    for a, b in zip(figures(one), figures(two), strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(one.counts[:4], fewer.counts)
    assert (one.counts != other.counts).any()
    assert len({row.tobytes() for row in one.counts}) == 6


def test_a_small_workspace_gives_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = simulate(mixed_floor(), 3, workers=1)
    monkeypatch.setattr(module, "FIRST_ROOM", 1)
    for a, b in zip(figures(usual), figures(simulate(mixed_floor(), 3, workers=1)), strict=True):
        np.testing.assert_array_equal(a, b)


def test_what_ifs_have_the_same_customers() -> None:
    few, many = (simulate(team(n, 200, patience_seconds=200.0), 20, seed=3) for n in (12, 14))
    np.testing.assert_array_equal(few.count("offered"), many.count("offered"))
    gain = mean(few.count("abandoned").sum(axis=(1, 2)) - many.count("abandoned").sum(axis=(1, 2)))
    apart = few.total().abandoned.half_width + many.total().abandoned.half_width
    assert (few.count("abandoned").sum(axis=(1, 2)) >= many.count("abandoned").sum(axis=(1, 2))).all()
    assert gain.half_width < apart / 2


def test_work_belongs_to_the_contact_whoever_does_it() -> None:
    seconds = [simulate(team(n, 60, hours=4), 5, seed=4).agent_busy_s.sum(axis=1) for n in (40, 60)]
    np.testing.assert_allclose(seconds[0], seconds[1])
    slow = simulate(team(60, 60, hours=4, speed=np.full((60, 1), 0.5)), 5, seed=4)
    assert slow.count("at_once").sum() == slow.count("offered").sum()


def test_noticing_late_who_gave_up_changes_nothing() -> None:
    """A share of redials that never happens makes the kernel note every customer who gives up at once."""
    floor = replace(mixed_floor(), redial_share=0.0, backup=[])
    late, at_once = simulate(floor, 5), simulate(replace(floor, redial_share=1e-300), 5)
    for a, b in zip(figures(late), figures(at_once), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_the_way_for_several_contacts_an_agent_serves_one_alike() -> None:
    floor = replace(
        mixed_floor(), concurrency=1, service=["exponential"] * 3
    )  # no two contacts end at the same instant
    chats = Floor(**{f.name: getattr(floor, f.name) for f in fields(floor)} | {
        "arrivals": np.vstack([np.asarray(floor.arrivals), np.zeros(18)]),
        "speed": np.hstack([np.asarray(floor.speed), np.zeros((14, 1))]),
        **{name: [*np.ravel(getattr(floor, name)), 1] for name in ("priority", "target_seconds")},
        **{name: [*np.ravel(getattr(floor, name)), 0] for name in ("transfer_share", "redial_share", "wrap_up_seconds")},
        **{name: [*np.ravel(getattr(floor, name)), -1] for name in ("transfer_to", "overflow_to")},
        **{name: [*np.asarray(getattr(floor, name)), [1]] for name in ("aht_seconds", "patience_seconds")},
        "concurrency": [1, 1, 1, 2], "service": [*floor.service, "exponential"],
    })  # fmt: skip
    plain, several = simulate(floor, 5), simulate(chats, 5)
    np.testing.assert_allclose(plain.counts, several.counts[:, :3], atol=1e-6)
    np.testing.assert_allclose(plain.agent_busy_s, several.agent_busy_s, atol=1e-6)


# ---- every contact is somewhere ----


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(0, 12), st.booleans())
def test_no_contact_is_lost(seed: int, queues: int, people: int, patient: bool) -> None:
    rng = np.random.default_rng(seed)
    arrivals = np.hstack([rng.uniform(0, 15, (queues, 4)), np.zeros((queues, 6))])
    to = np.array([q + 1 if q + 1 < queues else -1 for q in range(queues)])
    floor = Floor(
        900.0, arrivals, rng.uniform(50, 300, (queues, 10)), rng.choice([0, 0.7, 1], (people, queues)),
        Stretches.throughout(people, 9000.0), patience_seconds=np.inf if patient else 100.0, transfer_to=to,
        transfer_share=np.where(to >= 0, 0.3, 0), redial_share=0.3, redial_seconds=60.0, slowdown=0.2,
        concurrency=rng.integers(1, 3, queues),
        overflow_to=[-1, 0] if queues == 2 else -1, overflow_seconds=30.0, priority=rng.integers(0, 2, queues),
    )  # fmt: skip
    found = simulate(floor, 3, seed=seed, workers=1)
    c = {name: found.count(name) for name in module.COUNTED}
    gone = c["answered"] + c["abandoned"]
    assert (found.waiting_at_end >= 0).all()
    assert (c["answered"] >= c["at_once"]).all()
    assert (c["answered"] >= c["within"]).all()
    assert (c["within"] >= c["at_once"]).all()
    assert (c["abandoned"] >= c["abandoned_within"]).all()
    assert (c["transferred_in"] + c["redialled"] <= c["offered"]).all()
    assert (found.busy_by_group_s <= found.staffed_by_group_s + 1e-6).all()
    np.testing.assert_allclose(found.busy_s.sum(axis=1), found.agent_busy_s.sum(axis=1))
    np.testing.assert_allclose(found.staffed_s, people * 900.0)
    assert found.agent_contacts.sum() == c["answered"].sum()
    served = (np.asarray(floor.speed) > 0).any(axis=0)
    if not patient and (np.asarray(floor.overflow_to) < 0).all():
        assert (c["offered"] == gone).all()  # ten intervals are enough for all to be served or to give up
        assert (c["answered"][:, ~served] == 0).all()


# ---- edges ----


def test_nobody_comes_and_nobody_is_there() -> None:
    empty = simulate(Floor(900, np.zeros((2, 3)), 60, np.zeros((0, 2)), Stretches([], [], [])), 3)
    assert empty.counts.sum() == empty.staffed_s.sum() == 0
    assert np.isnan(empty.total().sl_offered.mean)
    assert np.isnan(empty.by_queue_and_interval().occupancy.mean).all()
    alone = simulate(replace(team(0, 30), patience_seconds=60.0), 3).total()
    assert (alone.p_abandon.mean, alone.answered.mean) == (1, 0) or alone.p_abandon.mean > 0.99


def test_one_value_a_queue_may_be_told_in_one_dimension() -> None:
    column, line = mixed_floor(), mixed_floor(aht_seconds=[200, 260, 300], patience_seconds=[150, 90, np.inf])
    np.testing.assert_array_equal(simulate(column, 2).counts, simulate(line, 2).counts)


def test_shapes_of_what_is_found() -> None:
    found = simulate(mixed_floor(), 4)
    assert found.counts.shape == (4, 3, 18, len(module.COUNTED))
    assert found.total().sl_offered.mean.shape == ()
    assert found.by_queue().sl_offered.mean.shape == found.by_queue().occupancy.half_width.shape == (3,)
    assert found.by_interval().sl_offered.mean.shape == (18,)
    assert found.by_queue_and_interval().occupancy.mean.shape == (3, 18)
    assert found.backup_activations.shape == (4, 1, 18)
    warm = simulate(mixed_floor(), 4, warm_up_seconds=3600)
    assert warm.by_interval().offered.mean.shape == (16,)
    np.testing.assert_array_equal(warm.counts, found.counts)
    np.testing.assert_allclose(
        warm.by_queue().offered.mean, found.count("offered")[:, :, 2:].sum(axis=2).mean(axis=0)
    )
    np.testing.assert_allclose(warm.agent_busy_s.sum(axis=1), found.busy_s[:, 2:].sum(axis=1))


def test_one_replication_has_no_interval_of_confidence() -> None:
    found = simulate(team(5, 60), 1).total()
    assert found.offered.mean > 0
    assert np.isnan(found.offered.half_width)


def test_the_virtual_wait_is_told_only_where_somebody_is_patient_enough() -> None:
    floor = team(5, 100, patience_seconds=30.0)
    some, nobody = (
        simulate(replace(floor, target_seconds=seconds), 5).total().sl_virtual for seconds in (60, 601)
    )
    assert 0 < some.half_width < 0.3
    assert np.isnan(nobody.mean)
    assert (
        simulate(team(60, 100, patience_seconds=1e-3), 5).total().sl_virtual.mean == 1
    )  # nobody has to wait at all


def test_a_queue_that_grows_without_end() -> None:
    found = simulate(team(2, 400, hours=2), 2)
    offered, answered = found.count("offered").sum(), found.count("answered").sum()
    assert offered == pytest.approx(1600, rel=0.1)
    assert answered == pytest.approx(2 * 2 * 2 * 20, rel=0.3)
    assert found.waiting_at_end.sum() == offered - answered
    assert found.count("other_wait_s").sum() > (offered - answered) * 1000


# ---- intervals of confidence ----


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 7, 30, 99, 1000])
def test_student_t_is_the_quantile(degrees: int) -> None:
    t, v = mpmath.mpf(student_t(0.95, degrees)), degrees
    outside = mpmath.betainc(mpmath.mpf(v) / 2, 0.5, 0, v / (v + t * t), regularized=True)
    assert float(outside) == pytest.approx(0.05, abs=1e-12)


def test_intervals_of_means_and_ratios_hold_what_they_should() -> None:
    rng = np.random.default_rng(8)
    below = rng.gamma(20, 5, (25, 2000))
    above = 0.3 * below + rng.normal(0, 5, (25, 2000))
    share, level = ratio(above, below), mean(below)
    assert np.mean((share.low <= 0.3) & (share.high >= 0.3)) == pytest.approx(0.95, abs=0.02)
    assert np.mean((level.low <= 100) & (level.high >= 100)) == pytest.approx(0.95, abs=0.02)
    narrow = ratio(above, below).half_width.mean() / (mean(above / 100).half_width.mean())
    assert narrow < 0.8  # what both have in common does not count


# ---- bad input ----


def faults(floor: Floor, **options: Any) -> list[str]:
    with pytest.raises(BadInput) as raised:
        simulate(floor, **options)
    return [str(fault) for fault in raised.value.faults]


def test_everything_wrong_is_told_at_once() -> None:
    floor = Floor(
        900, [[5, -1], [np.nan, 3]], [[60], [0]], [[1, 2, 3]], Stretches([0, 3], [0, 10], [900, 5], -1),
        patience_seconds=0, target_seconds=-5, service="poisson", transfer_share=[0.5, 30], redial_share=1,  # type: ignore[arg-type]
        concurrency=[0, 2.5], slowdown=2, overflow_to=7, agent_choice="quickest", busyness_cv=-1, preference=[[0, np.nan]],  # type: ignore[arg-type]
    )  # fmt: skip
    told = "\n".join(faults(floor))
    for words in (
        "arrivals: found '-1 at index 0, 1'", "arrivals: found 'nan at index 1, 0'", "speed: found '3 columns'",
        "aht_seconds: found '0 at index 1, 0'", "patience_seconds: found '0'", "target_seconds: found '-5'",
        "service: found 'poisson", "transfer_share: found '30 at index 1'", "redial_share: found '1'",
        "concurrency: found '0 at index 0'", "concurrency: found '2.5 at index 1'", "slowdown: found '2'",
        "overflow_to: found '7'", "agent_choice: found 'quickest'", "busyness_cv: found '-1'",
        "work.agent: found '3 at index 1'", "preference: found 'nan at index 0, 1'",
    ):  # fmt: skip
        assert words in told, (words, told)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"work": Stretches([0, 0], [0, 50], [100, 90])}, "work.start_s: found '50 at index 1'"),
        ({"work": Stretches([0], [100], [100])}, "work.end_s: found '100 at index 0'"),
        ({"work": Stretches([0], [0], [100], 2)}, "work.queue: found '2 at index 0'"),
        ({"work": Stretches([[0]], [0], [100])}, "work.agent: found 'shape (1, 1)'"),
        ({"work": Stretches([0], [0], [100], shift=[0.5])}, "work.shift: found '0.5 at index 0'"),
        ({"transfer_share": 0.2, "transfer_to": -1}, "transfer_to: found '-1 at index 0'"),
        ({"transfer_share": 1, "transfer_to": [1, 0, 0]}, "transfer_share: found '1 at index 0'"),
        ({"overflow_to": [0, 0, 0]}, "overflow_to: found '0 at index 0'"),
        ({"wrap_up_seconds": 400}, "wrap_up_seconds: found '400 at index 0', expected at most"),
        ({"preference": np.zeros((2, 2))}, "preference: found 'shape (2, 2)'"),
        ({"preference_decides": "nobody"}, "preference_decides: found 'nobody'"),
        ({"backup": [BackupPool([0], [0], 5)]}, "backup[0].agents: found '0', expected agents without stretches"),
        ({"backup": [BackupPool([12], [2], 5)]}, "backup[0].agents: found '12', expected agents with a skill"),
        ({"backup": [BackupPool([], [9], -1, trigger="rain", lead_seconds=-1)]}, "backup[0].trigger: found 'rain'"),  # type: ignore[arg-type]
        ({"backup": [BackupPool([], [9], -1)]}, "backup[0].threshold: found '-1'"),
        ({"backup": [BackupPool([], [9], 1)]}, "backup[0].queues: found '9'"),
        ({"backup": [BackupPool([], [0], 1)]}, "backup[0].agents: expected at least one"),
        ({"trace": Trace([0, 5], [0, 99999], [-1, 3], [1, -1])}, "trace.arrival_s: found '99999 at index 1'"),
        ({"trace": Trace([0, 5], [0, 9], [-1, 3], [1, -1])}, "trace.work_s: found '-1 at index 0'"),
        ({"trace": Trace([0, 5], [0, 9], [1, 3], [1, -1])}, "trace.queue: found '5 at index 1'"),
        ({"absence_share": 20}, "absence_share: found '20'"),
        ({"interval_seconds": 0}, "interval_seconds: found '0'"),
        ({"arrivals": [1, 2]}, "arrivals: found 'shape (2,)'"),
        ({"aht_seconds": [1, 2]}, "aht_seconds: found 'shape (2,)'"),
        ({"aht_seconds": np.ones(18)}, "aht_seconds: found 'shape (18,)'"),
        ({"patience_seconds": [[[1]]]}, "patience_seconds: found 'shape (1, 1, 1)'"),
        ({"priority": "high"}, "priority: found 'high'"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_floor(changes: dict[str, Any], words: str) -> None:
    assert any(words in told for told in faults(mixed_floor(**changes))), faults(mixed_floor(**changes))


@pytest.mark.parametrize(
    ("options", "column"),
    [
        ({"replications": 0}, "replications"), ({"replications": 2.5}, "replications"), ({"workers": 0}, "workers"),
        ({"warm_up_seconds": 100}, "warm_up_seconds"), ({"warm_up_seconds": 8 * HOUR}, "warm_up_seconds"),
        ({"warm_up_seconds": np.nan}, "warm_up_seconds"), ({"seed": 1.5}, "seed"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_how_to_simulate(options: dict[str, Any], column: str) -> None:
    assert [column in told for told in faults(team(3, 20), **options)] == [True]
