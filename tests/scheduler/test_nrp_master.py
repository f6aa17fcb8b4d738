"""The linear programme over lines: both ways to solve it agree, dives give lawful rosters, the choice is the best one."""

from pathlib import Path

import numpy as np
from ortools.sat.python import cp_model

from scheduler.nrp.check import judge
from scheduler.nrp.instance import OFF
from scheduler.nrp.reading import parse_instance, read_instance
from scheduler.solve.nrp_choice import choice
from scheduler.solve.nrp_master import Master
from scheduler.solve.nrp_pricing import Pricer
from scheduler.solve.nrp_roster import Roster
from scheduler.solve.nrp_saddle import equilibrium
from scheduler.solve.nrp_start import first_lines

DATA = Path(__file__).parents[1] / "data" / "nrp"
FOREVER = lambda: 1e9  # noqa: E731


def master_of(name, first=0, last=None, people=None):
    one = read_instance(DATA / f"{name}.txt")
    pricer, roster = Pricer(one), Roster(one, lambda _: None)
    roster.take(first_lines(one, roster.wishes, pricer, FOREVER))
    part = roster.part(roster.lines, people or list(range(len(one.staff))), first, last or one.days)
    master = Master(part, pricer, FOREVER)
    for number, person in enumerate(part.people):
        master.add(number, roster.lines[person, part.first : part.last])
    return one, roster, master


def test_both_ways_to_solve_the_programme_prove_the_same_bound(monkeypatch):
    _, roster, simplex = master_of("Instance3")
    monkeypatch.setattr("scheduler.solve.nrp_master.SMALL", 0)
    _, _, first_order = master_of("Instance3")
    bounds = []
    for master in (simplex, first_order):
        cost = master.generate(500, 1e-5)
        assert master.bound <= cost + 1e-6
        bounds.append(int(np.ceil(master.bound + roster.constant - 1e-6)))
    assert bounds == [1001, 1001]  # the best known penalty: here the programme has no gap


def test_a_dive_gives_lawful_lines_and_leaves_the_programme_as_it_was(monkeypatch):
    monkeypatch.setattr("scheduler.solve.nrp_master.SMALL", 0)
    one, _, master = master_of("Instance3")
    master.generate(500, 1e-4)
    shares, prices = [[c.share for c in own.values()] for own in master.columns], master.prices.copy()
    lines = np.array(master.dive(np.random.default_rng(1), 0.0))
    judged = judge(one, one.triples(lines))
    assert not judged.breaches
    assert judged.penalty < 1100
    assert (master.prices == prices).all()
    assert not master.fixed
    again = np.array(master.dive(np.random.default_rng(2), 0.3))
    assert not judge(one, one.triples(again)).breaches
    assert len(shares) == len(one.staff)


def test_a_part_solved_again_is_put_back_and_costs_what_was_said():
    one, roster, master = master_of("Instance5", 7, 21, [1, 3, 5, 7, 9])
    before, was = roster.lines.copy(), roster.penalty
    master.generate(50, 1e-3)
    found = master.dive(np.random.default_rng(1), 0.0)
    roster.put(master.part, before, found)
    judged = judge(one, one.triples(roster.lines))
    assert not judged.breaches
    assert judged.penalty == roster.penalty <= was
    kept = [day for day in range(28) if not 7 <= day < 21]
    assert (roster.lines[:, kept] == before[:, kept]).all()
    assert (roster.lines[[0, 2, 4]] == before[[0, 2, 4]]).all()


def test_lines_of_people_changed_meanwhile_are_not_put_back():
    _, roster, master = master_of("Instance5", 7, 21, [1])
    before, was = roster.lines.copy(), roster.penalty
    before[1, 0] = 1 if before[1, 0] != 1 else 0
    assert not roster.put(master.part, before, [np.full(14, OFF)])
    assert roster.penalty == was


def test_the_equilibrium_of_two_people_by_hand():
    # One shift, one day, one person wanted: missing costs 10, too many 1. A asks 2 for work, B asks 5: A works.
    shares, prices = np.full(4, 0.5), np.zeros(1)
    lines = np.array([[OFF], [0], [OFF], [0]])
    cost, bound = equilibrium(
        shares, prices, np.array([0, 2, 4]), lines, np.array([0.0, 2.0, 0.0, 5.0]), np.ones(1), np.full(1, 10.0),
        np.ones(1), 5000, 1e-6, np.array([1e-2, 1.0]),
    )  # fmt: skip
    assert abs(cost - 2) < 1e-3
    assert abs(bound - 2) < 1e-3
    assert np.allclose(shares, [0, 1, 1, 0], atol=1e-3)
    assert 2 - 1e-3 <= prices[0] <= 5 + 1e-3


def test_the_best_choice_among_lines_given():
    text = (
        "SECTION_HORIZON\n2\nSECTION_SHIFTS\nE,480,\nN,600,E\nSECTION_STAFF\n"
        "A,E=2|N=2,2400,0,2,1,1,1\nB,E=2|N=2,2400,0,2,1,1,1\nSECTION_COVER\n0,E,1,10,1\n1,N,1,10,1"
    )
    one = parse_instance(text, "made.txt")
    roster, start = Roster(one, lambda _: None), np.full((2, 2), OFF)
    early, night, none = np.array([0, OFF]), np.array([OFF, 1]), np.array([OFF, OFF])
    both = roster.part(start, [0, 1], 0, 2)
    chosen, proven = choice(both, [[none, early], [early, night]], [none, early], cp_model.CpSolver())
    assert proven
    assert np.array(chosen).tolist() == [[0, OFF], [OFF, 1]]
    first = roster.part(np.array([none, early]), [0], 0, 2)  # the other is there already
    chosen, _ = choice(first, [[none, early]], [early], cp_model.CpSolver())
    assert np.array(chosen).tolist() == [[OFF, OFF]]
