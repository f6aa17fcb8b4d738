"""Published results of another simulator, reproduced inside its own intervals of confidence.

**Source:** E. Buist and P. L'Ecuyer, ContactCenters library, Université de Montréal: inputs of its examples MMC, MMCAb, SimpleMSK
and SimpleMSKWithRerouting, and the intervals that its documentation prints, each from 1,000 days. Times are in minutes there.
"""

from typing import Any

import numpy as np
import pytest

from scheduler.staffing.confidence import Estimate, ratio
from scheduler.staffing.simulation import Floor, SimulationResult, Stretches, simulate

MINUTE, DAYS = 60.0, 1000
AFTER = 3  # intervals after closing in which nobody comes and those still there are served


def inside(found: Estimate | float, low: float, high: float) -> None:
    value = float(found.mean) if isinstance(found, Estimate) else found
    assert low <= value <= high, (low, value, high)


def one_team(patience_seconds: float) -> SimulationResult:
    """Twelve agents from nine to five, 4.2 calls a minute of two minutes, from empty."""
    hours = 8 + AFTER
    arrivals = np.where(np.arange(hours) < 8, 4.2 * 60, 0.0)[None]
    work = Stretches.throughout(12, hours * 3600)
    floor = Floor(3600, arrivals, 120, np.ones((12, 1)), work, patience_seconds=patience_seconds)
    return simulate(floor, DAYS, seed=2)


def test_a_day_of_a_patient_queue() -> None:
    found = one_team(np.inf)
    inside(found.total().sl_answered, 0.900, 0.904)
    inside(found.count("within").sum(axis=(1, 2)).mean(), 1812.618, 1819.698)
    inside(float(found.total().asa_served_s.mean) / MINUTE, 0.097, 0.102)
    inside(ratio(found.busy_s[:, :8].sum(axis=1), found.staffed_s[:, :8].sum(axis=1)), 0.694, 0.697)


def test_a_day_of_a_queue_with_a_minute_of_patience() -> None:
    found = one_team(MINUTE)
    inside(found.total().abandoned, 57.660, 59.558)
    inside(found.count("within").sum(axis=(1, 2)).mean(), 1903.785, 1908.231)
    inside(found.total().sl_exclshort, 0.968, 0.969)
    inside(found.total().sl_answered, 0.974, 0.975)
    inside(float(found.total().asa_served_s.mean) / MINUTE, 0.023, 0.024)
    inside(ratio(found.busy_s[:, :8].sum(axis=1), found.staffed_s[:, :8].sum(axis=1)), 0.674, 0.677)


def two_groups(**routing: Any) -> SimulationResult:
    """Three kinds of call, two groups, three periods of two hours, a gamma factor on each day's calls."""
    period = 120 * MINUTE
    rates = [[4.2, 5.3, 3.2], [5.1, 4.3, 4.8], [6.3, 5.2, 4.8]]
    agents = [[12, 18, 9], [15, 20, 11]]
    by_period = {"aht_seconds": [0.5, 0.6, 0.4], "patience_seconds": [0.3, 0.4, 0.2]}
    stay = lambda values: np.array([*values, *[values[-1]] * AFTER])  # noqa: E731
    who, start, end = [], [], []
    for g, most in enumerate((18, 20)):
        for i in range(most):
            here = stay(np.array(agents[g]) > i)
            for k in np.flatnonzero(here):
                who.append(g * 18 + i), start.append(k * period), end.append((k + 1) * period)
    floor = Floor(
        period,
        np.hstack([np.array(rates) * 120, np.zeros((3, AFTER))]),
        speed=[*[[1, routing.pop("shared"), 0]] * 18, *[[0, routing.pop("second"), 1]] * 20],
        work=Stretches(who, start, end),
        busyness_cv=28.7**-0.5,
        target_seconds=20,
        **{name: MINUTE / stay(values)[None] for name, values in by_period.items()},
        **routing,
    )
    return simulate(floor, DAYS, seed=3)


def occupancy_of_the_first_group(found: SimulationResult, last: int) -> Estimate:
    """Until the last customer has gone: those at work at the end of the floor have been idle since then."""
    serving = found.serves[:, 0]
    busy = found.busy_by_group_s[:, serving].sum(axis=(1, 2))
    staffed = found.staffed_by_group_s[:, serving].sum(axis=(1, 2))
    horizon = found.interval_seconds * found.counts.shape[2]
    return ratio(busy, staffed - last * (horizon - found.ended_s))


def in_time_by_period(found: SimulationResult, printed: list[list[tuple[float, float]]]) -> None:
    """Calls answered in time of each kind in the first two periods.

    Not in the third, which begins with half of a group going: there whoever is done first goes, here it is those whom the rota
    names, and those who stay go on at once.
    """
    in_time = found.count("within").mean(axis=0)
    for q, row in enumerate(printed):
        for k, (low, high) in enumerate(row):
            inside(float(in_time[q, k]), low, high)


def test_simple_msk() -> None:
    found = two_groups(
        shared=1, second=1, preference=[[0, 0, 0]] * 18 + [[0, 1, 0]] * 20, preference_decides="agent"
    )
    inside(found.total().answered, 4270.150, 4324.460)
    inside(found.total().abandoned, 876.133, 944.537)
    inside(found.total().sl_exclshort, 0.494, 0.509)
    inside(occupancy_of_the_first_group(found, 9), 0.877, 0.884)
    printed = [
        [(164.338, 175.970), (594.159, 604.509)],
        [(254.597, 271.275), (506.276, 517.020)],
        [(250.178, 269.434), (607.586, 619.878)],
    ]
    in_time_by_period(found, printed)


def test_simple_msk_with_rerouting() -> None:
    """The second group takes calls of the second kind only after 12 s; then each group takes the shared kind last, or first."""
    found = two_groups(
        shared=1, second=0, overflow_to=[-1, 2, -1], overflow_seconds=12.0,
        preference=[[0, 1, 0]] * 18 + [[0, 0, 1]] * 20, preference_decides="contact",
    )  # fmt: skip
    inside(found.total().answered, 4247.504, 4301.348)
    inside(found.total().abandoned, 898.830, 967.598)
    inside(found.total().sl_exclshort, 0.572, 0.587)
    inside(occupancy_of_the_first_group(found, 9), 0.880, 0.887)
    printed = [
        [(296.876, 300.614), (590.151, 600.389)],
        [(380.066, 386.340), (498.975, 509.205)],
        [(229.176, 248.840), (605.493, 617.609)],
    ]
    in_time_by_period(found, printed)


@pytest.mark.parametrize("cv", [0.3, 2.0])
def test_the_gamma_factor_has_the_spread_that_is_asked_for(cv: float) -> None:
    floor = Floor(3600, [[300]], 1, [[0.0]], Stretches([], [], []), busyness_cv=cv)
    offered = simulate(floor, 4000, seed=5).count("offered")[:, 0, 0]
    assert offered.mean() == pytest.approx(300, rel=4 * cv / 4000**0.5)
    assert np.var(offered) == pytest.approx(300**2 * cv**2 + 300, rel=0.12 if cv < 1 else 0.3)
