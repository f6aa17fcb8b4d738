"""Events in an invented centre whose truth is known: found within their own intervals, and never by looking ahead."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.instants import day_number, day_start
from forecasts.event_seen import observe
from forecasts.events import STATED_SD, UNKNOWN_SD, Baseline, Event, event_cells, learn_events
from forecasts.grid import QueueHistory

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = day_number(date(2024, 1, 1))
HOURS = np.arange(48) / 2
PROFILE = np.where((HOURS >= 8) & (HOURS < 22), 0.4 + np.sin(np.pi * (HOURS - 8) / 14), 0.0)
PROFILE /= PROFILE.sum()


def event(name, first, days=1, *, phase="", queues=(), uplift=None, hours=None, kind="campaign"):
    start, end = day_start(SHANGHAI, FIRST + first), day_start(SHANGHAI, FIRST + first + days)
    if hours:
        start, end = start + int(hours[0] * 60), start + int(hours[1] * 60)
    return Event(name, phase, start, end, queues, kind, uplift)


def baseline(queue, factor=1.0, *, days=200, a_day=2000.0, seed=1, exact=False):
    """Poisson contacts times ``factor`` (broadcast to days x slots), days off by 4 %."""
    rng = np.random.default_rng(seed)
    usual = np.tile(a_day * PROFILE, (days, 1))
    mean = usual * factor * np.exp(rng.normal(0, 0.04, (days, 1)))
    offered = usual * factor if exact else rng.poisson(mean).astype(float)
    plain = np.ones(days, dtype=bool)
    history = QueueHistory(
        queue, 30, FIRST, offered, np.full_like(offered, 200.0), offered, np.zeros(days, np.int8), plain
    )
    return Baseline(history, usual)


def factors(events, effects, queue="a", days=200):
    """Truth in days x slots: product over the events of the queue of 1 + effect."""
    found = np.ones((days, 48))
    for each in events:
        cells = event_cells([each], queue, SHANGHAI, FIRST, days, 30)
        found *= np.where(cells, 1 + effects[each.title], 1.0)
    return found


def row(effects, name, queue="a"):
    table = effects.table()
    return table[(table["event"] == name) & (table["queue"] == queue)].iloc[0]


def day_of(on):
    """Factor of the first day's total."""
    return (on.factor[0] * PROFILE).sum()


def test_a_known_campaign_is_found_within_its_interval():
    truth = {"618": 0.8, "账单": 0.25, "停机": -0.6}
    past = [event("618", d, 2) for d in (30, 120)] + [event("账单", d) for d in (15, 45, 75, 105)]
    past += [event("停机", 60, hours=(9, 15), kind="outage")]
    ahead = [event("618", 210, 2), event("账单", 205)]
    effects = learn_events([*past, *ahead], {"a": baseline("a", factors(past, truth))}, SHANGHAI)
    for name, uplift in truth.items():
        found = row(effects, name)
        assert found["uplift_p10"] <= uplift <= found["uplift_p90"]
        assert found["uplift"] == pytest.approx(uplift, abs=0.12)
        assert found["source"] == "learned"
    assert row(effects, "账单")["occurrences"] == 4
    on = effects.on("a", FIRST + 204, 8, 30)
    assert (on.factor[[0, 2, 3, 4, 5]] == 1).all()
    assert (on.log_sd[[0, 2, 3, 4, 5]] == 0).all()
    assert on.factor[1, 30] == pytest.approx(1.25, rel=0.1)
    assert on.factor[6, 30] == pytest.approx(1.8, rel=0.1)
    assert on.parts.keys() == {"账单", "618"}


def test_the_intervals_hold_as_often_as_they_say():
    """80 % intervals over many invented centres, for the next occurrence, which differs as queues and past
    occurrences do.
    """
    inside = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        past, ahead = [event("x", 20), event("x", 60, 2), event("x", 100)], event("x", 210)
        mean, histories = rng.normal(0.3, 0.3), {}
        of_occurrence = rng.normal(0, 0.12, 3)
        for queue in "abcd":
            own = mean + rng.normal(0, 0.15)
            truth = np.ones((200, 48))
            for occurrence, which in zip(of_occurrence, past, strict=True):
                cells = event_cells([which], queue, SHANGHAI, FIRST, 200, 30)
                truth = np.where(cells, np.exp(own + occurrence), truth)
            histories[queue] = baseline(queue, truth, seed=seed, a_day=500)
            if queue == "a":
                next_one = own + rng.normal(0, 0.12)
        on = learn_events([*past, ahead], histories, SHANGHAI).on("a", FIRST + 210, 1, 30)
        inside.append(abs(next_one - np.log(on.factor[0]).mean()) < 1.2816 * on.log_sd[0].mean())
    assert 0.65 <= np.mean(inside) <= 0.97


def test_overlapping_events_are_told_apart():
    truth = {"a": 0.5, "b": 0.3}
    past = [event("a", 20, 2), event("b", 21, 2), event("a", 80, 2), event("b", 81, 2), event("b", 120)]
    effects = learn_events(past, {"a": baseline("a", factors(past, truth))}, SHANGHAI)
    for name, uplift in truth.items():
        assert row(effects, name)["uplift"] == pytest.approx(uplift, abs=0.1)
    both = effects.on("a", FIRST + 21, 1, 30)
    assert day_of(both) == pytest.approx(1.5 * 1.3, rel=0.06)
    assert both.factor == pytest.approx(both.parts["a"] * both.parts["b"])


def test_what_one_queue_saw_helps_another_and_leaves_more_doubt():
    past, ahead = event("x", 30), event("x", 220)
    seen = baseline("a", factors([past], {"x": 1.0}), exact=True)
    unseen = baseline("b", days=150, seed=2)
    late = Baseline(replace(unseen.history, first_day=FIRST + 40), unseen.expected)
    effects = learn_events([past, ahead], {"a": seen, "b": late}, SHANGHAI)
    ours, theirs = (effects.on(queue, FIRST + 220, 1, 30) for queue in "ab")
    stranger = effects.on("c", FIRST + 220, 1, 30)
    assert 1.4 < day_of(theirs) < day_of(ours) < 2.0
    assert ours.log_sd[0, 0] < theirs.log_sd[0, 0] < UNKNOWN_SD
    assert 1.4 < day_of(stranger) < day_of(ours)
    assert stranger.log_sd[0, 0] > ours.log_sd[0, 0]
    assert row(effects, "x", "b")["occurrences"] == 1


@pytest.mark.parametrize("uplift", [1.0, -0.5])
def test_the_more_is_seen_the_less_is_shrunk(uplift):
    found, doubt = [], []
    for count in (1, 3, 6):
        past = [event("x", 20 + 25 * k) for k in range(count)]
        effects = learn_events(past, {"a": baseline("a", factors(past, {"x": uplift}), exact=True)}, SHANGHAI)
        found.append(abs(np.log1p(row(effects, "x")["uplift"])))
        doubt.append(float(effects.on("a", FIRST + 20, 1, 30).log_sd.max()))
    assert found == sorted(found)
    assert found[-1] < abs(np.log1p(uplift))
    assert doubt == sorted(doubt, reverse=True)


def test_quiet_queues_are_shrunk_more():
    past = [event("x", 30)]
    loud, quiet = (
        learn_events(past, {"a": baseline("a", factors(past, {"x": 1.0}), a_day=a_day, seed=3)}, SHANGHAI)
        for a_day in (5000.0, 3.0)
    )
    assert row(quiet, "x")["uplift"] < row(loud, "x")["uplift"] < 1.05
    widths = [
        np.diff(np.log1p(row(found, "x")[["uplift_p10", "uplift_p90"]].astype(float)))[0]
        for found in (loud, quiet)
    ]
    assert widths[0] < widths[1]


def test_recent_occurrences_count_more():
    old, recent = event("x", 5), event("x", 700)

    def learned(first, second):
        truth = factors([old], {"x": first}, days=800) * factors([recent], {"x": second}, days=800)
        return row(learn_events([old, recent], {"a": baseline("a", truth, days=800)}, SHANGHAI), "x")[
            "uplift"
        ]

    assert learned(0.1, 0.9) > learned(0.9, 0.1) + 0.02


def test_days_of_a_phase_have_effects_of_their_own():
    past = [event("双11", d, 3, phase="高峰") for d in (30, 80, 130)]
    truth = np.ones((200, 1))
    for first in (30, 80, 130):
        truth[first : first + 3, 0] = (3.0, 1.8, 1.4)
    effects = learn_events(
        [*past, event("双11", 220, 3, phase="高峰")], {"a": baseline("a", truth)}, SHANGHAI
    )
    on = effects.on("a", FIRST + 220, 3, 30)
    first, second, third = on.factor[:, 30]
    assert first > 2.4 > second > third > 1.25
    assert list(on.parts) == ["双11: 高峰"]


def test_a_day_later_than_any_seen_is_less_sure():
    past, ahead = [event("x", 30, 2), event("x", 80, 2)], event("x", 220, 4)
    effects = learn_events([*past, ahead], {"a": baseline("a", factors(past, {"x": 0.5}))}, SHANGHAI)
    on = effects.on("a", FIRST + 220, 4, 30)
    assert on.log_sd[3, 0] > on.log_sd[0, 0]


def test_the_hours_have_a_shape_of_their_own_and_the_day_keeps_its_total():
    past = [event("直播", d) for d in (20, 50, 80, 110)]
    truth = np.ones((200, 48))
    for first in (20, 50, 80, 110):
        truth[first] = np.where(HOURS >= 20, 3.0, 1.2)
    seen = baseline("a", truth)
    effects = learn_events([*past, event("直播", 220)], {"a": seen}, SHANGHAI)
    on = effects.on("a", FIRST + 220, 1, 30).factor[0]
    assert on[41] > 2.4
    assert on[24] == pytest.approx(1.2, abs=0.15)
    day = (PROFILE * truth[20]).sum()
    assert (PROFILE * on).sum() == pytest.approx(day, rel=0.05)
    level = np.exp(effects._average(effects.events[-1], "a").log)
    assert (PROFILE * on).sum() == pytest.approx(level)
    finer = effects.on("a", FIRST + 220, 1, 15).factor[0]
    assert finer[::2] == pytest.approx(on, rel=0.02)


def test_stated_is_the_planners_word_where_nothing_is_known():
    effects = learn_events([event("x", 220, uplift=0.3)], {"a": baseline("a")}, SHANGHAI)
    found, on = row(effects, "x"), effects.on("a", FIRST + 220, 1, 30)
    assert on.factor == pytest.approx(np.full((1, 48), 1.3))
    assert on.log_sd == pytest.approx(np.full((1, 48), STATED_SD))
    assert (found["source"], found["occurrences"]) == ("stated", 0)
    assert effects.warnings == ()


def test_stated_and_learned_the_planner_is_taken_at_their_word_and_told_of_the_past():
    past = [event("x", 30, uplift=5.0), event("x", 90)]  # a stated past is learned from contacts all the same
    seen = {"a": baseline("a", factors(past, {"x": 0.4}))}
    alike = learn_events([*past, event("x", 220, uplift=0.45)], seen, SHANGHAI)
    assert (row(alike, "x")["source"], row(alike, "x")["stated"]) == ("both", 0.45)
    assert row(alike, "x")["uplift"] == pytest.approx(0.45)
    assert row(alike, "x")["learned"] == pytest.approx(0.4, abs=0.08)
    assert alike.on("a", FIRST + 220, 1, 30).log_sd.max() < STATED_SD
    assert alike.warnings == ()
    apart = learn_events([*past, event("x", 220, uplift=2.0)], seen, SHANGHAI)
    assert day_of(apart.on("a", FIRST + 220, 1, 30)) == pytest.approx(3.0)
    assert apart.on("a", FIRST + 220, 1, 30).log_sd.max() > STATED_SD
    assert len(apart.warnings) == 1
    assert "+200% stated is used; the past says" in apart.warnings[0]


def test_what_nobody_knows_changes_nothing_widens_and_is_told():
    effects = learn_events([event("新品", 220)], {"a": baseline("a")}, SHANGHAI)
    on = effects.on("a", FIRST + 220, 1, 30)
    assert (on.factor == 1).all()
    assert (on.log_sd == UNKNOWN_SD).all()
    assert row(effects, "新品")["source"] == "unknown"
    assert len(effects.warnings) == 1
    assert "新品" in effects.warnings[0]


def test_an_uplift_stated_for_another_occurrence_serves_where_nothing_was_seen():
    effects = learn_events([event("x", -300, uplift=0.5), event("x", 220)], {"a": baseline("a")}, SHANGHAI)
    assert effects.on("a", FIRST + 220, 1, 30).factor.mean() == pytest.approx(1.5)
    assert row(effects, "x")["source"] == "stated"


def test_an_event_that_is_on_at_the_origin_is_learned_from_its_first_days():
    past, running = [event("x", 30, 4), event("x", 90, 4)], event("x", 198, 4)
    truth = factors(past, {"x": 0.3}) * factors([running], {"x": 1.2})
    effects = learn_events([*past, running, event("x", 300, 4)], {"a": baseline("a", truth)}, SHANGHAI)
    rest, later = effects.on("a", FIRST + 200, 2, 30), effects.on("a", FIRST + 300, 2, 30)
    assert rest.factor.mean() > later.factor.mean()
    assert rest.log_sd.mean() < later.log_sd.mean()


def test_contacts_that_are_unknown_or_nil_do_no_harm():
    past = [event("x", 30), event("x", 60), event("x", 90)]
    seen = baseline("a", factors(past, {"x": 0.5}))
    seen.history.offered[30] = np.nan
    seen.history.offered[60, :24] = np.nan
    assert row(learn_events(past, {"a": seen}, SHANGHAI), "x")["uplift"] == pytest.approx(0.5, abs=0.1)
    assert row(learn_events(past, {"a": seen}, SHANGHAI), "x")["occurrences"] == 2
    seen.history.offered[30:91:30] = 0.0
    shut = row(learn_events(past, {"a": seen}, SHANGHAI), "x")
    assert -1 < shut["uplift_p10"] < shut["uplift"] < -0.7
    seen.history.offered[:] = 0.0
    assert np.isfinite(row(learn_events(past, {"a": seen}, SHANGHAI), "x")["uplift"])


def test_intervals_covered_in_part():
    past = [event("x", d, hours=(9.25, 12.25)) for d in (30, 60, 90, 120, 150)]
    half = factors(past, {"x": 1.0})
    half[30:151:30, [18, 24]] = 1.5  # covered by half: half the effect
    ahead = event("x", 210, hours=(9.25, 12.25))
    on = learn_events([*past, ahead], {"a": baseline("a", half, exact=True)}, SHANGHAI).on(
        "a", FIRST + 210, 1, 30
    )
    assert on.factor[0, 20] == pytest.approx(2.0, abs=0.1)  # intervals covered in part have taught nothing
    assert on.factor[0, 18] - 1 == pytest.approx((on.factor[0, 19] - 1) / 2)
    assert 0 < on.log_sd[0, 18] < on.log_sd[0, 19]
    assert np.flatnonzero(on.factor[0] != 1).tolist() == list(range(18, 25))


def test_what_was_stated_of_an_event_that_is_over_is_no_word_on_the_next():
    past = event("x", 30, uplift=5.0)
    effects = learn_events([past], {"a": baseline("a", factors([past], {"x": 0.4}))}, SHANGHAI)
    assert row(effects, "x")["source"] == "learned"
    assert row(effects, "x")["uplift"] == pytest.approx(0.4, abs=0.1)


def test_days_with_events_do_not_tell_how_exact_the_baseline_is():
    past = [event("x", 5 * k) for k in range(1, 39)]
    calm = baseline("a")
    wild = baseline("a")
    wild.history.offered[5:191:5] *= np.exp(np.random.default_rng(1).normal(0, 1, (38, 1)))
    noise = [observe(each, past, SHANGHAI) for each in (calm, wild)]
    assert (noise[0].dispersion, noise[0].day_sd) == (noise[1].dispersion, noise[1].day_sd)
    assert noise[0].dispersion == pytest.approx(1.0, abs=0.1)
    assert noise[0].day_sd == pytest.approx(0.04, abs=0.015)


def test_nothing_to_learn_from():
    assert learn_events([], {}, SHANGHAI).table().empty
    assert learn_events([event("x", 3)], {}, SHANGHAI).table().empty
    on = learn_events([], {"a": baseline("a")}, SHANGHAI).on("a", FIRST, 2, 15)
    assert on.factor.shape == (2, 96)
    assert (on.factor == 1).all()
    assert on.parts == {}


def test_the_future_is_not_seen():
    past, later = [event("x", 30), event("x", 90)], event("x", 150)
    truth = factors([*past], {"x": 0.3}) * factors([later], {"x": 4.0})
    whole, other = baseline("a", truth), baseline("a", factors(past, {"x": 0.3}))
    cut = [Baseline(each.history.until(FIRST + 120), each.expected[:120]) for each in (whole, other)]
    found = [learn_events([*past, later], {"a": each}, SHANGHAI).on("a", FIRST + 150, 1, 30) for each in cut]
    assert found[0].factor.tolist() == found[1].factor.tolist()


def two_queues(scale=1.0, names=("a", "b")):
    truth = {"x": 0.6, "y": -0.2}
    past = [event("x", 20, 2), event("y", 21), event("x", 90), event("y", 140, queues=(names[0],))]
    histories = {}
    for seed, name in enumerate(names):
        each = baseline(name, factors(past, truth, name), a_day=150.0 * (seed + 1), seed=seed)
        histories[name] = Baseline(
            replace(each.history, offered=each.history.offered * scale), each.expected * scale
        )
    return [*past, event("x", 210, 2), event("y", 211, hours=(9, 12))], histories


@settings(max_examples=6)
@given(scale=st.floats(0.01, 1000))
def test_volume_changes_no_factor(scale):
    events, plain = two_queues()
    found, scaled = (learn_events(events, seen, SHANGHAI) for seen in (plain, two_queues(scale)[1]))
    for queue in "ab":
        ours, theirs = (each.on(queue, FIRST + 205, 10, 30) for each in (found, scaled))
        assert theirs.factor == pytest.approx(ours.factor, rel=1e-6)
        assert theirs.log_sd == pytest.approx(ours.log_sd, rel=1e-6, abs=1e-9)


@settings(max_examples=6)
@given(order=st.permutations(range(6)), flip=st.booleans())
def test_the_order_of_events_and_queues_changes_nothing(order, flip):
    events, seen = two_queues()
    turned = dict(reversed(seen.items())) if flip else seen
    found, other = (
        learn_events(events, seen, SHANGHAI),
        learn_events([events[k] for k in order], turned, SHANGHAI),
    )
    assert found.table().equals(other.table())
    ours, theirs = (each.on("a", FIRST + 205, 10, 30) for each in (found, other))
    assert ours.factor.tolist() == theirs.factor.tolist()
    assert ours.log_sd.tolist() == theirs.log_sd.tolist()
