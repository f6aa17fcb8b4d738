"""The formulas against birth-death chains: Erlang A, B and C in 40 digits, any chain state by state."""

from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext

import mpmath as mp
import numpy as np
import pytest

from scheduler.staffing import erlang_b, erlang_c, performance
from scheduler.staffing.kernels import patient_measures, waiting_measures

FORTY_DIGITS = Context(prec=40, Emin=MIN_EMIN, Emax=MAX_EMAX)
TIMES = ("asa_served_s", "wait_all_s", "mean_queue")


# ---- Erlang A in 40 digits ----


def chain(calls: float, aht: float, agents: int, seconds: float, patience: float) -> dict[str, Decimal]:
    """Every measure from the states one by one.

    Someone who finds all busy and j waiting is served after j + 1 departures from the queue at rates nμ +
    iθ, i = j..0. That sum of exponentials is -ln(Beta(κ, j+1))/θ with κ = nμ/θ, hence its tail by the
    incomplete beta series; being still there when served has probability κ/(κ+j+1), and shifts every rate
    by θ.
    """
    rate, mu, theta = Decimal(calls) / 3600, 1 / Decimal(aht), 1 / Decimal(patience)
    kappa, x = agents * mu / theta, (-theta * Decimal(seconds)).exp()
    tiny = Decimal("1e-32")
    below, weight = Decimal(0), Decimal(1)
    for k in range(agents, 0, -1):
        weight *= k * mu / rate
        below += weight
        if k * mu < rate and weight < tiny * below:
            break
    weight, j = Decimal(1), 0
    busy = length = late = late_stay = in_time = stay = waited = Decimal(0)
    term, term_stay = x**kappa, x ** (kappa + 1)
    tail, tail_stay, harmonic = term, term_stay, 1 / (kappa + 1)
    while True:
        serve = kappa / (kappa + j + 1)
        busy, length = busy + weight, length + j * weight
        late += weight * tail
        late_stay += weight * serve * tail_stay
        stay += weight * serve
        in_time += weight * serve * (1 - tail_stay)
        waited += weight * serve * harmonic / theta
        term *= (1 - x) * (kappa + j) / (j + 1)
        term_stay *= (1 - x) * (kappa + 1 + j) / (j + 1)
        tail, tail_stay = tail + term, tail_stay + term_stay
        j += 1
        harmonic += 1 / (kappa + 1 + j)
        ratio = rate / (agents * mu + j * theta)
        weight *= ratio
        if ratio < 1 and weight * j < tiny * (1 - ratio) ** 2 * min(busy, length):
            break
    total = below + busy
    served, offered, p_late = (below + stay) / total, (below + in_time) / total, late / total
    return {
        "p_wait": busy / total,
        "sl_virtual": 1 - p_late,
        "sl_offered": offered,
        "sl_answered": offered / served,
        "sl_exit": 1 - p_late * x,
        "sl_exclshort": offered / (offered + p_late * x),
        "asa_served_s": waited / total / served,
        "wait_all_s": length / total / rate,
        "p_abandon": theta * length / total / rate,
        "occupancy": rate * served / (agents * mu),
        "mean_queue": length / total,
    }


def assert_exact(calls: float, aht: float, agents: int, seconds: float, patience: float) -> None:
    """Probabilities to 1e-10, times to 1e-8 of themselves."""
    found = performance(calls, aht, agents, seconds, patience)
    for name, exact in chain(calls, aht, agents, seconds, patience).items():
        allowed = exact * Decimal("1e-8") + Decimal("1e-250") if name in TIMES else Decimal("1e-10")
        assert abs(Decimal(float(getattr(found, name))) - exact) <= allowed, name


GRID = [
    (load, max(1, round(load * staffing)), patience, seconds)
    for load in (0.01, 0.5, 3.0, 30.0, 150.0)
    for staffing in (0.0, 0.3, 0.8, 0.97, 1.0, 1.03, 1.2, 2.0)
    for patience, seconds in ((1.0, 20.0), (180.0, 0.0), (150.0, 20.0), (200.0, 600.0), (4000.0, 60.0))
]


def test_erlang_a_equals_the_chain_over_a_wide_grid() -> None:
    with localcontext(FORTY_DIGITS):
        for load, agents, patience, seconds in GRID:
            assert_exact(load * 20, 180.0, agents, seconds, patience)


@pytest.mark.parametrize(
    ("load", "agents", "patience", "seconds"),
    [
        (10_000, 10_150, 180, 20),
        (10_000, 10_000, 90, 3),
        (10_000, 9_500, 180, 10),
        (10_000, 4_000, 60, 45),
        (10_000, 6_667, 180, 20),
        (10_000, 1_000, 60, 45),
        (10_000, 50, 120, 300),
        (100_000, 100_300, 60, 20),
        (100_000, 66_667, 10, 5),
        (2_000, 2_010, 3600, 30),
        (1, 1, 86_400, 600),
        (0.01, 1, 1e6, 20),
        (20, 18, 1e5, 300),
        (20, 40, 1e6, 0),
        (5, 1, 0.5, 600),
        (300, 290, 240, 1e5),
    ],
)
def test_erlang_a_equals_the_chain_at_the_extremes(
    load: float, agents: int, patience: float, seconds: float
) -> None:
    with localcontext(FORTY_DIGITS):
        assert_exact(load * 20.0, 180.0, agents, seconds, patience)


# ---- Erlang B and C ----


def test_erlang_b_and_c_equal_the_gamma_function_also_between_whole_agents() -> None:
    with mp.workdps(40):
        for load in (0.01, 0.7, 1.0, 5.5, 80.0, 1_000.0, 10_000.0):
            for agents in (0.25, 1.0, 1.5, 0.5 * load, load, 1.01 * load, 1.3 * load + 2, 2.0 * load + 0.999):
                if load <= 80.0 or agents % 1 == 0 or agents > 100:
                    inverse = mp.gammainc(agents + mp.mpf(1), load) * mp.exp(load) / mp.mpf(load) ** agents
                    assert erlang_b(load, agents) == pytest.approx(float(1 / inverse), rel=1e-10, abs=1e-290)
                    if agents > load:
                        waits = agents / (agents - load * (1 - 1 / inverse)) / inverse
                        assert abs(erlang_c(load, agents) - waits) < 1e-10


@pytest.mark.parametrize(
    ("load", "agents"), [(0.01, 1), (12, 13), (480, 500), (10_000, 10_120), (90_000, 90_400)]
)
def test_erlang_c_equals_the_chain(load: float, agents: int) -> None:
    with localcontext(FORTY_DIGITS):
        offered, weight, below = Decimal(load), Decimal(1), Decimal(0)
        for k in range(agents, 0, -1):
            weight *= k / offered
            below += weight
        spare = agents - offered
        p_wait = agents / spare / (below + agents / spare)
        found = performance(load * 20, 180, agents, 20)
        tiny = Decimal("1e-10")
        assert abs(Decimal(float(found.p_wait)) - p_wait) < tiny
        assert abs(Decimal(float(found.sl_exit)) - (1 - p_wait * (-spare / 9).exp())) < tiny
        wait = p_wait * 180 / spare
        assert float(found.wait_all_s) == pytest.approx(float(wait), rel=1e-8)
        assert float(found.mean_queue) == pytest.approx(float(wait * offered / 180), rel=1e-8)


# ---- any chain below full occupation ----


def grown(matrix: np.ndarray) -> np.ndarray:
    """The exponential of a matrix: its Taylor series, halved and squared."""
    halvings = max(0, int(np.ceil(np.log2(np.abs(matrix).sum(axis=1).max() + 1e-9))) + 3)
    small, term, total = matrix / 2.0**halvings, np.eye(len(matrix)), np.eye(len(matrix))
    for k in range(1, 20):
        term = term @ small / k
        total = total + term
    for _ in range(halvings):
        total = total @ total
    return total


def state_by_state(
    arrivals: float, below: list[float], full: float, theta: float, seconds: float, states: int = 90
) -> dict[str, float]:
    """Every measure of a queue whose departure rates below full occupation are ``below``, ``full`` from it on.

    Stationary weights by balance from state to state; the fate of one customer from its walk to the head of the queue,
    with a patience of its own or endless.
    """
    room = len(below)
    leaves = np.array([*below, *(full + theta * np.arange(states))])
    found = np.cumprod([1.0, *(arrivals / leaves[1:])])
    found /= found.sum()
    ready, joins = found[:room].sum(), found[room:]

    # Someone with j ahead moves up at full + jθ and gives up at θ (own patience); the last two states: served, gone.
    def walk(patience_rate: float) -> np.ndarray:
        moves = np.zeros((states + 2, states + 2))
        for j in range(states):
            moves[j, j - 1 if j else states] = full + theta * j
            moves[j, states + 1] += patience_rate
            moves[j, j] -= full + theta * j + patience_rate
        return moves

    own, endless = grown(walk(theta) * seconds), grown(walk(0.0) * seconds)
    inside = -walk(theta)[:states, :states]
    served = np.linalg.solve(inside, walk(theta)[:states, states])
    waited = np.linalg.solve(inside, served)  # mean wait of those who are served, of all who join
    offered = ready + joins @ own[:states, states]
    answered = ready + joins @ served
    virtual = ready + joins @ endless[:states, states]
    return {
        "p_wait": joins.sum(),
        "sl_virtual": virtual,
        "sl_offered": offered,
        "sl_answered": offered / answered,
        "sl_exit": ready + joins @ own[:states, states:].sum(axis=1),
        "sl_exclshort": offered / (1.0 - joins @ own[:states, states + 1]),
        "asa_served": joins @ waited / answered,
        "wait_all": joins @ np.arange(states) / arrivals,
        "p_abandon": 1.0 - answered,
        "served": answered,
    }


ROOMS = [
    ([0.0], 1.0),
    ([0.0, 1.0, 1.9, 2.6], 3.0),  # agents who hold several chats get slower
    ([0.0, 2.0, 1.0, 5.0, 0.5], 4.0),
    ([], 2.0),  # nobody ever finds room
]


@pytest.mark.parametrize(("below", "full"), ROOMS)
@pytest.mark.parametrize("arrivals", [0.4, 2.0, 6.0])
@pytest.mark.parametrize(("theta", "seconds"), [(0.2, 0.7), (1.0, 0.0), (3.0, 2.0)])
def test_waiting_measures_of_any_chain(
    below: list[float], full: float, arrivals: float, theta: float, seconds: float
) -> None:
    exact = state_by_state(arrivals, below, full, theta, seconds)
    weight, idle = 1.0, 0.0
    for leaves in [*below, full][:0:-1]:  # from full occupation downwards
        weight *= leaves / arrivals
        idle += weight
    found = waiting_measures(idle, full / theta, arrivals / theta, theta * seconds)
    for (name, value), measured in zip(exact.items(), found, strict=True):
        unit = 1.0 / theta if name in ("asa_served", "wait_all") else 1.0
        assert measured * unit == pytest.approx(value, rel=1e-9, abs=1e-11), name


@pytest.mark.parametrize("arrivals", [0.3, 2.0, 2.9])
def test_patient_measures_of_any_chain_are_the_limit_of_long_patience(arrivals: float) -> None:
    idle = 2.6 / arrivals * (1.0 + 1.9 / arrivals * (1.0 + 1.0 / arrivals))
    long = 1e7
    limit = waiting_measures(idle, 3.0 * long, arrivals * long, 0.8 / long)
    found = patient_measures(idle, arrivals / 3.0, 3.0 * 0.8)
    for place, (patient, almost) in enumerate(zip(found, limit, strict=True)):
        unit = long * 3.0 if place in (6, 7) else 1.0
        assert patient == pytest.approx(almost * unit, rel=1e-4, abs=1e-4)


def test_a_full_house_that_never_happens_and_one_that_never_ends() -> None:
    assert waiting_measures(np.inf, 5.0, 4.0, 0.1) == (0, 1, 1, 1, 1, 1, 0, 0, 0, 1)
    assert patient_measures(7.0, 1.0, 0.5) == (1, 0, 0, 0, 0, 0, np.inf, np.inf, 0, 1)
