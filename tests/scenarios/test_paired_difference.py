"""The interval of a paired difference against a known answer: one M/M/c floor that opens empty, with four agents and with five."""

import math

import numpy as np
import pytest

from centre.model import Queue
from scenarios.answers_rota import samples
from scenarios.compare import paired
from scenarios.replications import play
from tests.scenarios.test_simulation_of_rota import centre, forecast, people, rota, team

PER_INTERVAL, AHT, TARGET, HOURS, FEW, MANY = 30.0, 180.0, 20.0, 4, 4, 5
REPETITIONS, REPLICATIONS = 300, 20
CALLS = Queue("热线", target_seconds=int(TARGET))  # nobody abandons: M/M/c


def expected_share(agents: int) -> float:
    """E[contacts answered within the threshold / contacts] of a floor that opens empty, by the chain (contacts so far, contacts present).

    A contact that finds ``n`` present waits for ``n - agents + 1`` ends of service, one after the other at rate ``agents`` / AHT. With
    ``k`` before it and m after it, it is one of k + 1 + m, m by Poisson. Steps in time by uniformisation, the integral by Simpson.
    """
    arrive, serve = 2 * PER_INTERVAL / 3600, 1 / AHT
    present, most, steps = 70, 360, 720
    end = HOURS * 3600.0
    busy = np.minimum(np.arange(present), agents) * serve
    pace = arrive + agents * serve
    ahead = np.maximum(np.arange(present) - agents + 1, 0)
    short = TARGET * agents * serve
    at_most = np.cumsum([math.exp(-short) * short**j / math.factorial(j) for j in range(present)])
    in_time = np.where(ahead == 0, 1.0, 1.0 - np.concatenate([[0.0], at_most])[ahead])
    state, found = np.zeros((most, present)), 0.0
    state[0, 0] = 1.0
    step = end / steps
    weights = [math.exp(-pace * step) * (pace * step) ** j / math.factorial(j) for j in range(20)]
    for tick in range(steps + 1):
        later = arrive * (end - tick * step)
        after = np.exp(-later) * np.cumprod(np.concatenate([[1.0], later / np.arange(1, most)]))
        one_of = 1.0 / (1.0 + np.arange(most)[:, None] + np.arange(most)) @ after
        simpson = step / 3 * (1 if tick in (0, steps) else 4 if tick % 2 else 2)
        found += simpson * arrive * float(one_of @ (state @ in_time))
        power, moved = state, np.zeros_like(state)
        for weight in weights:
            moved += weight * power
            jumped = power * (1 - (arrive + busy) / pace)
            jumped[1:, 1:] += power[:-1, :-1] * arrive / pace
            jumped[:, :-1] += power[:, 1:] * busy[1:] / pace
            power = jumped
        state = moved
    assert state.sum() == pytest.approx(
        1.0, abs=1e-6
    )  # no more contacts, here or in all, than the chain has room for
    return found


def test_intervals_of_paired_differences_cover_the_true_one_in_95_of_100() -> None:
    expected = forecast(PER_INTERVAL, intervals=2 * HOURS, aht=AHT)
    shares = []
    for agents in (FEW, MANY):
        place = centre(CALLS, people=people(agents))
        worked = rota(*team(agents, end="14:00"))  # two hours on, so that nobody is left waiting
        played = play(place, worked, expected, REPETITIONS * REPLICATIONS, seed=11)
        shares.append(samples(played)["service_level"].reshape(REPETITIONS, REPLICATIONS))
    true = expected_share(MANY) - expected_share(FEW)
    ends = [paired(many, few) for few, many in zip(*shares, strict=True)]
    hits = sum(low <= true <= high for low, high in ends)
    assert shares[1].mean() - shares[0].mean() == pytest.approx(true, abs=0.003)
    assert 0.92 <= hits / REPETITIONS <= 0.98
    apart = np.mean(
        [paired(many, few[::-1])[1] - paired(many, few[::-1])[0] for few, many in zip(*shares, strict=True)]
    )
    assert (
        np.mean([high - low for low, high in ends]) < 0.75 * apart
    )  # customers in common are worth their while
