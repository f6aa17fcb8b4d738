"""The linear programme over lines, solved roughly and quickly by a first-order method: the compiled part.

Everybody takes lines in shares that sum to one; cover has a price between its prices of too many and too few. The shares
that are cheapest against the dearest prices are found by primal-dual hybrid gradient with steps that adapt and restarts
from averages, which warm-starts from the round before as no simplex basis does here.

**Source:** D. Applegate and others, Practical large-scale linear programming using primal-dual hybrid gradient, 2021.
"""

import numpy as np

from scheduler.compiled import compiled
from scheduler.nrp.instance import Ints
from scheduler.problem import Floats

CHECK_EVERY, LONGEST = 40, 400


@compiled
def equilibrium(
    shares: Floats, prices: Floats, first: Ints, lines: Ints, costs: Floats, wanted: Floats, under: Floats, over: Floats,
    rounds: int, tolerance: float, pace: Floats,
) -> tuple[float, float]:  # fmt: skip
    """Better shares and prices in place; what they cost and what no shares of these lines go below.

    Parameters
    ----------
    shares : of each line, (lines,); those of a person stand together and sum to one
    prices : of each shift on each day, (days x shifts,)
    first : number of the first line of each person, and at last of all lines, (people + 1,)
    lines : shift of each day or -1, (lines, days)
    costs : of the lines themselves, (lines,)
    wanted, under, over : people wanted, and price of each missing and beyond, (days x shifts,)
    pace : length of a step and weight of shares against prices, kept for the next call, (2,)
    """
    count, cells, people = len(shares), len(prices), len(first) - 1
    days = lines.shape[1]
    kinds = cells // max(1, days)
    step, weight = pace[0], pace[1]
    cover, worth, fresh_cover = np.zeros(cells), np.zeros(count), np.zeros(cells)
    fresh, fresh_prices = np.zeros(count), np.zeros(cells)
    sums = np.zeros(count), np.zeros(cells), np.zeros(cells), np.zeros(count)
    weight_sum, since, restart_gap = 0.0, 0, np.inf
    start_shares, start_prices = shares.copy(), prices.copy()
    for j in range(count):
        for day in range(days):
            if lines[j, day] >= 0:
                cover[day * kinds + lines[j, day]] += shares[j]
                worth[j] += prices[day * kinds + lines[j, day]]
    cost, bound = _values(shares, cover, prices, worth, first, costs, wanted, under, over)
    for number in range(1, rounds + 1):
        since += 1
        taken = 0.0
        while True:  # shorter steps until the step is safe
            for j in range(count):
                fresh[j] = shares[j] - step / weight * (costs[j] - worth[j])
            for person in range(people):
                _onto_simplex(fresh, first[person], first[person + 1])
            fresh_cover[:] = 0.0
            moved_shares, moved_prices, cross = 0.0, 0.0, 0.0
            for j in range(count):
                moved_shares += (fresh[j] - shares[j]) ** 2
                if fresh[j] > 0:
                    for day in range(days):
                        if lines[j, day] >= 0:
                            fresh_cover[day * kinds + lines[j, day]] += fresh[j]
            for i in range(cells):
                price = prices[i] + step * weight * (wanted[i] - 2 * fresh_cover[i] + cover[i])
                fresh_prices[i] = min(under[i], max(-over[i], price))
                moved = fresh_prices[i] - prices[i]
                moved_prices += moved * moved
                cross += moved * (fresh_cover[i] - cover[i])
            limit = np.inf
            if cross != 0:
                limit = (weight * moved_shares + moved_prices / weight) / (2 * abs(cross))
            taken = step
            step = min((1 - (number + 1.0) ** -0.3) * limit, (1 + (number + 1.0) ** -0.6) * step)
            if taken <= limit:
                break
        shares[:], prices[:], cover[:] = fresh, fresh_prices, fresh_cover
        for j in range(count):
            total = 0.0
            for day in range(days):
                if lines[j, day] >= 0:
                    total += prices[day * kinds + lines[j, day]]
            worth[j] = total
        weight_sum += taken
        for j in range(count):
            sums[0][j] += taken * shares[j]
            sums[3][j] += taken * worth[j]
        for i in range(cells):
            sums[1][i] += taken * cover[i]
            sums[2][i] += taken * prices[i]
        if since % CHECK_EVERY and number < rounds:
            continue
        cost, bound = _values(shares, cover, prices, worth, first, costs, wanted, under, over)
        mean = sums[0] / weight_sum, sums[1] / weight_sum, sums[2] / weight_sum, sums[3] / weight_sum
        mean_cost, mean_bound = _values(mean[0], mean[1], mean[2], mean[3], first, costs, wanted, under, over)
        better = mean_cost - mean_bound < cost - bound
        gap = min(mean_cost - mean_bound, cost - bound)
        close = gap < tolerance * max(1.0, abs(cost))
        if close or gap < 0.3 * restart_gap or since >= LONGEST or number == rounds:
            if better:
                shares[:], cover[:], prices[:], worth[:] = mean
                cost, bound = mean_cost, mean_bound
            far = np.sqrt(((shares - start_shares) ** 2).sum()), np.sqrt(((prices - start_prices) ** 2).sum())
            if far[0] > 1e-9 and far[1] > 1e-9:
                weight = np.sqrt(far[1] / far[0] * weight)
            start_shares[:], start_prices[:] = shares, prices
            for total_of in sums:
                total_of[:] = 0.0
            weight_sum, since, restart_gap = 0.0, 0, gap
        if close:
            break
    pace[0], pace[1] = step, weight
    return cost, bound


@compiled
def _onto_simplex(values: Floats, first: int, last: int) -> None:
    """The nearest shares that are not negative and sum to one, in place."""
    ordered = np.sort(values[first:last])
    total, cut = 0.0, 0.0
    for number in range(1, len(ordered) + 1):
        value = ordered[len(ordered) - number]
        total += value
        if value - (total - 1.0) / number > 0:
            cut = (total - 1.0) / number
    for j in range(first, last):
        values[j] = max(0.0, values[j] - cut)


@compiled
def _values(
    shares: Floats, cover: Floats, prices: Floats, worth: Floats, first: Ints, costs: Floats, wanted: Floats,
    under: Floats, over: Floats,
) -> tuple[float, float]:  # fmt: skip
    """What the shares cost, and what no shares cost less than at these prices."""
    cost, bound = 0.0, 0.0
    for j in range(len(shares)):
        cost += shares[j] * costs[j]
    for i in range(len(wanted)):
        missing = wanted[i] - cover[i]
        cost += under[i] * missing if missing > 0 else -over[i] * missing
        bound += wanted[i] * prices[i]
    for person in range(len(first) - 1):
        least = np.inf
        for j in range(first[person], first[person + 1]):
            least = min(least, costs[j] - worth[j])
        bound += least
    return cost, bound


def compile_equilibrium() -> None:
    """Compile before a clock is started, where that has not been done yet."""
    one, two = np.ones(1), np.zeros(2, dtype=np.int64)
    lines = np.zeros((1, 1), dtype=np.int64)
    two[1] = 1
    equilibrium(np.ones(1), np.zeros(1), two, lines, one, one, one, one, 1, 1.0, np.ones(2))
