from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.instants import day_number
from forecasts.grid import QueueHistory, weekdays_of
from forecasts.handle_time import forecast_handle_times

MONDAY = day_number(date(2024, 1, 1))
SLOTS = 24
OPEN = np.arange(SLOTS) // 4 >= 2  # from 08:00 to midnight
FLAT = np.ones((7, SLOTS))
PEAK = np.tile(1 + 0.15 * np.sin(np.arange(SLOTS) * np.pi / 6), (7, 1))


def history(aht, handled):
    flags = np.zeros(len(aht), dtype=np.int8), np.ones(len(aht), dtype=bool)
    return QueueHistory("q", 1440 // aht.shape[1], MONDAY, handled, aht, handled, *flags)


def simulated(weeks, contacts_a_day, *, level=np.ones_like, pattern=FLAT, mean=200.0, log_sd=0.93, seed=1):
    """A queue whose single handle times are log-normal, and their true means, shape (days, slots)."""
    generator = np.random.default_rng(seed)
    days = np.arange(7.0 * weeks)
    true = mean * level(days / 7)[:, None] * pattern[np.arange(7 * weeks) % 7]
    handled = generator.poisson(np.tile(contacts_a_day / OPEN.sum() * OPEN, (7 * weeks, 1)))
    cells = np.repeat(np.arange(true.size), handled.ravel())
    seconds = generator.lognormal(np.log(true.ravel()[cells]) - log_sd**2 / 2, log_sd)
    work = np.bincount(cells, weights=seconds, minlength=true.size).reshape(true.shape)
    aht = np.where(handled > 0, work / np.maximum(handled, 1), np.nan)
    return history(aht, handled.astype(float)), true


def ahead(queue, days=7, contacts=20.0, **options):
    asked = queue.end_day + np.arange(days)
    return forecast_handle_times(queue, asked, np.full((days, queue.slots), contacts), **options)


def queue_mean(queue):
    return np.nansum(queue.aht_seconds * queue.handled) / queue.handled[~np.isnan(queue.aht_seconds)].sum()


def error(found, true):
    """Root mean square of the relative error over open slots."""
    return np.sqrt(((found / true - 1)[:, OPEN] ** 2).mean())


def test_pure_noise_gives_the_queues_mean():
    for seed in range(4):
        queue, _ = simulated(13, 500, seed=seed)
        off = ahead(queue).seconds / queue_mean(queue) - 1
        assert np.sqrt((off**2).mean()) < 0.02
        assert np.abs(off).max() < 0.08
    noisy = np.nanstd(queue.aht_seconds[-7:]) / queue_mean(queue)
    assert noisy > 0.15  # what a copy of the last week would be off by


def test_a_pattern_of_the_day_is_found_where_the_data_carry_it():
    for contacts, most in ((100, 0.09), (2000, 0.03)):
        queue, true = simulated(9, contacts, pattern=PEAK)
        found = ahead(queue.until(queue.end_day - 7)).seconds
        assert error(found, true[-7:]) < most
    assert error(np.full((7, SLOTS), queue_mean(queue)), true[-7:]) > 0.09


def test_weekdays_differ_as_wholes_and_slot_by_slot():
    whole = PEAK * np.array([1.2, 1, 1, 1, 1, 0.8, 0.8])[:, None]
    crossed = np.vstack([PEAK[:5], 1 / PEAK[5:]])
    for pattern in (whole, crossed):
        queue, true = simulated(9, 2000, pattern=pattern)
        assert error(ahead(queue.until(queue.end_day - 7)).seconds, true[-7:]) < 0.04


def test_a_step_is_followed():
    queue, true = simulated(11, 500, level=lambda week: np.where(week < 7, 1.0, 0.75))
    found = ahead(queue.until(queue.end_day - 7)).seconds
    assert error(found, true[-7:]) < 0.05
    whole = float(
        np.nansum(queue.aht_seconds * queue.handled) / queue.handled[~np.isnan(queue.aht_seconds)].sum()
    )
    assert error(np.full_like(true[-7:], whole), true[-7:]) > 0.15


def test_learning_goes_on_beyond_the_last_week():
    def learning(week):
        return 1 + np.exp(-week / 12)

    queue, true = simulated(20, 1000, level=learning)
    past = queue.until(queue.end_day - 28)
    found = ahead(past, 28).seconds
    assert error(found, true[-28:]) < 0.04
    last_week = queue_mean(
        replace(past, aht_seconds=np.where(np.arange(112)[:, None] < 105, np.nan, past.aht_seconds))
    )
    assert found[-7:].mean() < 0.97 * last_week


def test_a_steady_climb_is_carried_into_the_first_week_ahead():
    week = np.arange(84) // 7
    aht = np.tile((200.0 + 6 * week)[:, None], (1, SLOTS))
    found = ahead(history(aht, np.full((84, SLOTS), 400.0)), 14).seconds
    assert found[:7] == pytest.approx(np.full((7, SLOTS), 272.0), rel=0.01)
    assert (found[7:] > found[:7] + 1).all()


def test_what_an_intervals_contacts_share_keeps_bands_of_busy_ones_wide():
    generator, handled = np.random.default_rng(5), np.tile([10.0, 5000.0], (70, SLOTS // 2))
    log_sd = np.sqrt(np.log1p(1.4 / handled + 0.04))
    queue = history(200 * np.exp(generator.normal(-(log_sd**2) / 2, log_sd)), handled)
    found = forecast_handle_times(queue.until(queue.end_day - 14), queue.days[-14:], handled[-14:])
    came = queue.aht_seconds[-14:]
    inside = (came >= found.p10) & (came <= found.p90)
    assert 0.73 < inside[:, ::2].mean() < 0.87
    assert 0.73 < inside[:, 1::2].mean() < 0.87


def test_four_fifths_of_held_out_intervals_lie_in_the_band():
    inside = []
    for seed, contacts in enumerate((40, 40, 300, 300, 1500, 1500)):
        pattern = PEAK if seed % 2 else FLAT
        queue, _ = simulated(10, contacts, pattern=pattern, level=lambda week: 1 - week / 100, seed=seed)
        past, came = queue.until(queue.end_day - 14), queue.aht_seconds[-14:]
        expected = np.tile(contacts / OPEN.sum() * OPEN, (14, 1))
        found = forecast_handle_times(past, queue.days[-14:], expected)
        known = ~np.isnan(came)
        inside.append(((came >= found.p10) & (came <= found.p90))[known].mean())
    assert 0.77 <= np.mean(inside) <= 0.85
    assert min(inside) > 0.72


def test_other_spreads_than_the_usual_one_are_learned():
    for log_sd in (0.3, 1.3):
        queue, _ = simulated(10, 300, log_sd=log_sd)
        found = ahead(queue.until(queue.end_day - 7), contacts=300 / OPEN.sum())
        came = queue.aht_seconds[-7:]
        inside = (came >= found.p10) & (came <= found.p90)
        assert 0.7 < inside[~np.isnan(came)].mean() < 0.9


def test_bands_narrow_with_contacts_expected_and_with_contacts_seen():
    queue, _ = simulated(5, 200)
    asked, contacts = queue.end_day + np.arange(2), np.tile(np.geomspace(0.01, 500, SLOTS), (2, 1))
    found, doubled = (forecast_handle_times(queue, asked, factor * contacts) for factor in (1, 2))
    assert (found.p10 < found.seconds).all()
    assert (found.seconds < found.p90).all()
    assert (doubled.p90 - doubled.p10 < found.p90 - found.p10).all()
    assert doubled.seconds.tolist() == found.seconds.tolist()
    busier, _ = simulated(5, 400)
    better_known = forecast_handle_times(busier, asked, 2 * contacts)
    relative, less = ((some.p90 - some.p10) / some.seconds for some in (found, better_known))
    assert (less < 0.97 * relative)[(contacts > 1) & (contacts < 200)].all()


def test_further_ahead_is_less_sure():
    queue, _ = simulated(10, 500, level=lambda week: 1 + 0.1 * np.sin(week))
    found = ahead(queue, 91, contacts=1e6)
    width = (found.p90 - found.p10) / found.seconds
    assert (width[-7:] > 1.2 * width[:7]).all()


@settings(max_examples=10, deadline=None)
@given(factor=st.floats(0.01, 100), seed=st.integers(0, 1000), contacts=st.integers(1, 300))
def test_seconds_scale(factor, seed, contacts):
    queue, _ = simulated(2, contacts, seed=seed, pattern=PEAK)
    found, scaled = ahead(queue), ahead(replace(queue, aht_seconds=factor * queue.aht_seconds))
    for name in ("seconds", "p10", "p90"):
        assert getattr(scaled, name) == pytest.approx(factor * getattr(found, name), rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(
    days=st.integers(1, 40),
    slots=st.sampled_from([1, 2, 24, 288]),
    largest=st.sampled_from([1, 5, 1000, 1_000_000]),
    unknown=st.floats(0, 1),
    seed=st.integers(0, 1000),
)
def test_whatever_history_holds_the_answer_is_a_positive_number_within_its_band(
    days, slots, largest, unknown, seed
):
    generator = np.random.default_rng(seed)
    handled = generator.integers(0, largest + 1, (days, slots)).astype(float)
    aht = generator.lognormal(5, 3, (days, slots)) * generator.integers(0, 2, (days, slots))
    aht[generator.random((days, slots)) < unknown] = np.nan
    found = ahead(history(aht, handled), 3, stated_seconds=100.0)
    assert found.assumed == (not (aht > 0).any())
    assert (found.p10 > 0).all()
    assert (found.p10 <= found.seconds).all()
    assert (found.seconds <= found.p90).all()
    assert np.isfinite(found.p90).all()


def test_one_wild_interval_changes_little():
    queue, _ = simulated(8, 300)
    calm = ahead(queue)
    for seconds, contacts in ((1e6, 1.0), (5000.0, 40.0), (86400.0, 20.0)):
        aht, handled = queue.aht_seconds.copy(), queue.handled.copy()
        aht[-3, 12], handled[-3, 12] = seconds, contacts
        wild = ahead(replace(queue, aht_seconds=aht, handled=handled))
        assert wild.seconds == pytest.approx(calm.seconds, rel=0.05)
        assert wild.p90 == pytest.approx(calm.p90, rel=0.06)


def test_what_is_not_known_does_not_count():
    queue, _ = simulated(10, 300, pattern=PEAK)
    half = np.where(np.arange(70)[:, None] < 35, np.nan, queue.aht_seconds)
    late = ahead(replace(queue, aht_seconds=half)).seconds
    later = replace(
        queue, **{name: getattr(queue, name)[35:] for name in ("offered", "handled", "special", "usable")}
    )
    alone = ahead(replace(later, first_day=queue.first_day + 35, aht_seconds=queue.aht_seconds[35:])).seconds
    assert late == pytest.approx(alone, rel=1e-4)
    zeros = replace(queue, aht_seconds=np.nan_to_num(half))
    assert ahead(zeros).seconds == pytest.approx(late)
    uncounted = replace(queue, handled=np.zeros_like(queue.handled))
    assert ahead(uncounted).seconds == pytest.approx(ahead(queue).seconds)
    uncounted = replace(queue, handled=np.full_like(queue.handled, np.nan))
    assert ahead(uncounted).seconds == pytest.approx(ahead(queue).seconds)


def test_history_that_stopped_before_the_days_asked():
    queue, _ = simulated(6, 300)
    asked = queue.end_day + 300 + np.arange(3)
    found = forecast_handle_times(queue, asked, np.full((3, SLOTS), 5.0))
    assert found.seconds == pytest.approx(np.full((3, SLOTS), queue_mean(queue)), rel=0.05)
    gone = np.where(np.arange(42)[:, None] < 14, queue.aht_seconds, np.nan)
    assert np.isfinite(ahead(replace(queue, aht_seconds=gone)).p90).all()


def test_slots_never_seen_resemble_their_neighbours_round_midnight():
    late = np.ones(SLOTS)
    late[20:] = 2.0
    queue, _ = simulated(6, 2000, pattern=np.tile(late, (7, 1)))
    found = ahead(queue).seconds.mean(axis=0)
    assert found[0] > 1.3 * found[4]  # nothing ever came at 00:00 or at 04:00
    assert found[12] == pytest.approx(200, rel=0.05)


def test_one_contact_is_enough_and_one_week_is():
    aht = np.full((7, SLOTS), np.nan)
    aht[3, 5] = 120.0
    one = ahead(history(aht, np.where(aht > 0, 1.0, 0.0)))
    assert one.seconds == pytest.approx(np.full((7, SLOTS), 120.0))
    assert (one.p10 < 90).all()
    assert (one.p90 > 150).all()
    queue, true = simulated(1, 500)
    assert error(ahead(queue).seconds, true) < 0.15


def test_exactly_known_handle_times_are_kept():
    aht, handled = np.tile([100.0, 300.0], (14, 1)), np.full((14, 2), 1e6)
    found = ahead(history(aht, handled), contacts=1e6)
    assert found.seconds == pytest.approx(np.tile([100.0, 300.0], (7, 1)), rel=0.06)
    quiet = ahead(history(aht, np.tile([1e6, 0.001], (14, 1))))
    assert quiet.seconds == pytest.approx(np.full((7, 2), 100.0), rel=1e-3)


def test_unknown_contacts_leave_the_band_open_and_none_expected_give_that_of_one():
    queue, _ = simulated(5, 300)
    offered = np.full((2, SLOTS), 4.0)
    offered[0, 3], offered[1, 3] = np.nan, 0.0
    found = forecast_handle_times(queue, queue.end_day + np.arange(2), offered)
    assert np.isnan([found.p10[0, 3], found.p90[0, 3]]).all()
    assert np.isfinite(found.seconds).all()
    assert np.isnan(found.p10).sum() == np.isnan(found.p90).sum() == 1
    assert found.p90[1, 3] - found.p10[1, 3] > 1.3 * (found.p90 - found.p10)[1, 4]


def test_each_day_asked_for_has_its_own_row_and_nothing_after_the_history_is_seen():
    queue, _ = simulated(9, 2000, pattern=PEAK * np.array([1.3, 1, 1, 1, 1, 1, 0.7])[:, None])
    asked, some = queue.end_day - 14 + np.arange(7), np.array([6, 0])
    past = queue.until(queue.end_day - 14)
    whole = forecast_handle_times(past, asked, np.full((7, SLOTS), 9.0))
    part = forecast_handle_times(past, asked[some], np.full((2, SLOTS), 9.0))
    assert part.seconds == pytest.approx(whole.seconds[some])
    assert weekdays_of(asked[some]).tolist() == [6, 0]
    assert part.seconds[1].mean() > 1.5 * part.seconds[0].mean()
    assert forecast_handle_times(past, asked[:0], np.zeros((0, SLOTS))).seconds.shape == (0, SLOTS)


def test_without_any_in_history_the_stated_one_is_taken_and_said_to_be_assumed():
    empty = history(np.full((7, 2), np.nan), np.ones((7, 2)))
    assert ahead(empty) is None
    assert ahead(empty.until(MONDAY)) is None
    found = ahead(empty, contacts=0.0, stated_seconds=210.0)
    assert found.assumed
    assert (found.seconds == 210).all()
    # one contact: log(1 + 1.4 + 0.04) = 0.892, its root 0.9444; exp(-1.2816 * 0.9444 - 0.446) = 0.1909
    assert found.p10 == pytest.approx(np.full((7, 2), 210 * 0.1909), rel=1e-3)
    assert found.p90 == pytest.approx(np.full((7, 2), 210 * 2.1477), rel=1e-3)
    known = ahead(replace(empty, aht_seconds=np.full((7, 2), 90.0)), stated_seconds=210.0)
    assert known.seconds == pytest.approx(np.full((7, 2), 90.0))
    assert not known.assumed
