"""The textbook model: every tiny instance as brute force over all rosters solves it, and what a solver tells."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.nrp import NrpInstance, judge, read_instance
from scheduler.solve.nrp_textbook import solve_textbook
from tests.scheduler.nrp_builder import instance_of, person

DATA = Path(__file__).parents[1] / "data" / "nrp"


def best_of_all(instance: NrpInstance) -> int | None:
    """The least penalty of all rosters without a breach; None where every one has one."""
    cells = len(instance.staff) * instance.days
    rosters = (
        np.array(cell).reshape(-1, instance.days)
        for cell in product(range(-1, len(instance.shifts)), repeat=cells)
    )
    found = [judge(instance, instance.triples(roster)) for roster in rosters]
    return min((one.penalty for one in found if not one.breaches), default=None)


@st.composite
def tiny(draw):
    """One person over six or seven days or two over three, in two shifts, with limits that bind."""
    people, days = draw(st.sampled_from([(1, 6), (1, 7), (2, 3)]))
    few = st.integers(0, days)
    rows = [
        person(
            f"p{n}", most=f"E={draw(few)}|L={draw(few)}", max_minutes=draw(st.integers(960, 3600)),
            min_minutes=draw(st.integers(0, 1600)), max_run=draw(st.integers(1, 4)), min_run=draw(st.integers(1, 3)),
            min_off=draw(st.integers(1, 3)), max_weekends=draw(st.integers(0, 1)),
        )
        for n in range(people)
    ]  # fmt: skip
    who, day, shift = st.integers(0, people - 1), st.integers(0, days - 1), st.sampled_from("EL")
    asked = st.builds("p{},{},{},{}".format, who, day, shift, st.integers(1, 9))
    off = draw(st.lists(st.builds("p{},{}".format, who, day), max_size=1))
    wanted = {f"{d},{s}": draw(st.integers(0, people)) for d in range(days) for s in "EL"}
    return instance_of(
        *rows, days=days, off=off, on=draw(st.lists(asked, max_size=3)), against=draw(st.lists(asked, max_size=3)),
        cover=[f"{key},{number},{draw(st.integers(1, 20))},{draw(st.integers(0, 3))}" for key, number in wanted.items()],
    )  # fmt: skip


@settings(max_examples=5)
@given(tiny())
def test_it_finds_what_brute_force_finds(instance):
    result, best = solve_textbook(instance, 10, 1, 1), best_of_all(instance)
    if best is None:
        assert (result.status, result.assignments, result.penalty) == ("infeasible", None, None)
        return
    judged = judge(instance, instance.triples(result.assignments))
    assert judged.breaches == ()
    assert (result.status, result.penalty, result.bound, judged.penalty) == ("optimal", best, best, best)


@pytest.mark.parametrize(
    ("limits", "best"),
    [
        ({}, 0),
        ({"most": "E=2|L=0"}, 3),
        ({"max_minutes": 1920}, 1),
        ({"min_minutes": 3360}, 2),
        ({"max_run": 3}, 1),
        ({"max_run": 2, "min_off": 2}, 2),
        ({"max_weekends": 0}, 1),
        ({"min_run": 6}, 1),
    ],
)
def test_each_limit_costs_what_it_costs_by_hand(limits, best):
    """Early is wanted on Tuesday to Saturday and nobody otherwise; a day too many or too few costs one."""
    cover = [f"{day},{shift},{int(shift == 'E' and 1 <= day <= 5)},1,1" for day in range(7) for shift in "EL"]
    one = instance_of(person(days=7, **limits), days=7, cover=cover, shifts=("E,480,", "L,600,E"))
    assert solve_textbook(one, 10, 1, 1).penalty == best


def test_the_first_instance_is_proven():
    told: list[str] = []
    instance = read_instance(DATA / "Instance1.txt")
    result = solve_textbook(instance, 30, 1, 1, told.append)
    assert (result.status, result.penalty, result.bound) == ("optimal", 607, 607)
    judged = judge(instance, instance.triples(result.assignments))
    assert (judged.penalty, judged.breaches) == (607, ())
    assert told[0] == "textbook model: 112 booleans"
    assert told[-1].startswith("penalty 607, bound ")


def test_limits_that_no_roster_keeps_are_proven_to_be_so():
    result = solve_textbook(instance_of(person(min_minutes=9000, max_minutes=8000)), 10, 1, 1)
    assert (result.status, result.assignments, result.penalty) == ("infeasible", None, None)


def test_a_limit_that_is_over_before_the_model_is_written_is_kept():
    result = solve_textbook(read_instance(DATA / "Instance5.txt"), 1e-6, 1, 1)
    assert (result.status, result.assignments, result.penalty, result.bound) == ("unknown", None, None, 0)
    assert result.seconds < 1


def test_what_cannot_follow_and_prices_of_too_few_and_too_many():
    """Late on day 0 then early on day 1 cannot be: the cheaper is missed; who must work where nobody is wanted is one too many."""
    one = instance_of(person(days=2), days=2, cover=["0,L,1,5,9", "1,E,1,3,9"])
    assert solve_textbook(one, 10, 1, 1).penalty == 3
    forced = instance_of(person(days=1, min_minutes=480, most="E=1|L=0"), days=1, cover=["0,E,0,7,2"])
    assert solve_textbook(forced, 10, 1, 1).penalty == 2
