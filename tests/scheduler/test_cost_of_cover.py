"""What cover costs by prices of its own, recounted by hand."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.instants import Grid, day_number
from centre.model import Objective
from scheduler.cost import cost_terms
from scheduler.problem import RotaProblem
from scheduler.rota import COLUMNS, Rota
from scheduler.terms import CoverPrices

GRID = Grid(ZoneInfo("UTC"), day_number(date(2024, 1, 8)), 1, 360)  # four intervals of six hours


def problem(prices):
    required = np.array([[2.0, 2.0, 2.0, 2.0]])
    return RotaProblem(GRID, ("calls",), required, required * 0, (), (), Objective(), prices=prices)


def terms(prices, agents):
    nobody = Rota.from_frame(pd.DataFrame(columns=list(COLUMNS)))
    return cost_terms(problem(prices), nobody, np.array([agents]) * GRID.interval_minutes)


def test_pieces_add_up_below_their_levels_and_surplus_counts_above_the_first():
    levels = np.array([[[4.0] * 4], [[3.0] * 4], [[1.0] * 4]])
    rates = np.array([[[10.0] * 4], [[20.0] * 4], [[100.0] * 4]])
    found = terms(CoverPrices(levels, rates, np.full((1, 4), 2.0)), [5.0, 3.5, 2.0, 0.0])
    # 5: one above; 3.5: half of the first; 2: two of the first and one of the second; 0: 4, 3 and 1 missing
    by_hand = 0.5 * 10 + (2 * 10 + 1 * 20) + (4 * 10 + 3 * 20 + 1 * 100)
    assert found["shortage"] == pytest.approx(6 * by_hand)
    assert found["surplus"] == pytest.approx(6 * 1 * 2)
    assert found["below_minimum"] == 0


def test_without_prices_the_objective_asks_for_the_agents_required():
    found = terms(None, [3.0, 1.9, 1.0, 2.0])
    # deep is below 1.8: at 1 agent 0.8 missing beyond costs twice 60 more
    assert found["shortage"] == pytest.approx(6 * (0.1 * 60 + 1 * 60 + 0.8 * 120))
    assert found["surplus"] == pytest.approx(6 * 6)


def test_the_problems_own_prices_say_the_same_as_none():
    agents = [3.0, 1.9, 1.0, 0.0]
    assert terms(problem(None).cover_prices(), agents) == pytest.approx(terms(None, agents))
