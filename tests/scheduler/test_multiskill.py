"""Skill mixes against exact Markov chains, bounds against enumeration, separate teams against formulas."""

from functools import cache
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from centre.errors import BadInput
from centre.model import Queue, Routing
from scheduler.staffing.chat import required_chat_agents
from scheduler.staffing.erlang import performance
from scheduler.staffing.mix_bounds import bounds_of, components
from scheduler.staffing.mix_judge import Judge
from scheduler.staffing.mix_search import Choice, improved, repaired
from scheduler.staffing.multiskill import SkillGroup, required_mix
from scheduler.staffing.targets import required_agents

AHT = 180.0


def queue(
    name: str, seconds: float = 20, share: float = 0.8, patience: float | None = AHT, **others: object
) -> Queue:
    return Queue(name, target_seconds=seconds, target_share=share, patience_seconds=patience, **others)  # type: ignore[arg-type]


# ---- exact chains ----


@cache
def n_model(ones: int, both: int, load: float, other: float) -> tuple[float, float, float, float]:
    """Shares answered at once and abandonment of two queues, exactly.

    Queue 1 is served by ``ones`` and ``both``, queue 2 by ``both`` alone and before queue 1; free specialists go first. Times in
    handle times, mean patience one of them. States: busy ones, busy both, waiting 1, waiting 2, each queue cut at 9 waiting.
    """
    room = range(10)
    states = [
        (a, b, i, j)
        for a, b, i, j in product(range(ones + 1), range(both + 1), room, room)
        if not (i and (a < ones or b < both)) and not (j and b < both)
    ]
    place = {state: k for k, state in enumerate(states)}
    rates = np.zeros((len(states), len(states)))
    for (a, b, i, j), k in place.items():
        after_one = (a + 1, b, i, j) if a < ones else (a, b + 1, i, j) if b < both else (a, b, i + 1, j)
        after_two = (a, b + 1, i, j) if b < both else (a, b, i, j + 1)
        one_done = (a, b, i - 1, j) if i else (a - 1, b, i, j)
        both_done = (a, b, i, j - 1) if j else (a, b, i - 1, j) if i and a == ones else (a, b - 1, i, j)
        moves = [
            (after_one, load),
            (after_two, other),
            (one_done, a),
            (both_done, b),
            ((a, b, i - 1, j), i),
            ((a, b, i, j - 1), j),
        ]
        for to, rate in moves:
            if rate and to in place:
                rates[k, place[to]] += rate
    balance = rates.T - np.diag(rates.sum(axis=1))
    balance[-1] = 1.0
    p = np.linalg.solve(balance, np.eye(len(states))[-1])
    a, b, i, j = np.array(states).T
    return (
        float(p[(a < ones) | (b < both)].sum()),
        float(p[b < both].sum()),
        float(p @ i / load),
        float(p @ j / other),
    )


def test_chain_of_one_team_is_erlang_a():
    """With nobody else, queue 1 is Erlang A; patience as long as contacts: the number there is Poisson (load 2)."""
    poisson = np.exp(-2.0) * np.array([1, 2, 2, 4 / 3, 2 / 3])
    at_once, _, lost, _ = n_model(3, 0, 2.0, 1e-9)
    assert at_once == pytest.approx(poisson[:3].sum(), abs=1e-6)
    assert lost == pytest.approx(
        sum((n - 3) * 2.0**n / np.prod(range(1, n + 1)) for n in range(4, 20)) * np.exp(-2) / 2, abs=1e-5
    )


CASES = [  # load 1, load 2, share at once of 1 and 2, abandonment of 2, cost of a flexible agent
    (2.0, 1.0, 0.73, 0.63, 1.0, 1.2),
    (1.5, 1.5, 0.60, 0.73, 1.0, 1.05),
    (2.0, 0.5, 0.83, 0.505, 1.0, 1.9),
    (1.0, 1.0, 0.89, 0.01, 0.045, 1.5),
    (3.0, 0.4, 0.66, 0.785, 1.0, 1.3),
]


@pytest.mark.parametrize(("load", "other", "share_1", "share_2", "most_lost", "cost"), CASES)
def test_the_smallest_mix_of_the_n_model_is_that_of_exact_chains(
    load, other, share_1, share_2, most_lost, cost
):
    limits = np.array([share_1, share_2, -most_lost])
    found = {
        mix: np.array(n_model(*mix, load, other))[[0, 1, 3]] * [1, 1, -1]
        for mix in product(range(5), range(1, 5))
    }
    margins = np.array(list(found.values()))[:, limits > -1] - limits[limits > -1]
    assert np.abs(margins).min() > 0.009, "a case that simulation could not decide"
    good = [mix for mix, measures in found.items() if (measures >= limits).all()]
    queues = [
        queue("电话", 0, share_1),
        queue("orders", 0, share_2, priority=1, max_abandonment=most_lost),
    ]
    groups = [
        SkillGroup("ones", {"电话": 1.0}, at_most=4),
        SkillGroup("both", {"电话": 1.0, "orders": 1.0}, cost, at_most=4),
    ]
    rates = np.array([load, other]) * 3600 / AHT
    result = required_mix(queues, rates, AHT, groups, specialists_first=True, effort=0.25)
    mix = result.agents["ones"], result.agents["both"]
    assert result.met
    assert mix in good
    assert result.cost == pytest.approx(min(a + cost * b for a, b in good))
    bounds = bounds_of(queues, rates, np.full(2, AHT), np.array([[1.0, 0.0], [1.0, 1.0]]))
    assert all(bounds.missing(np.array(mix)) == 0 for mix in good)
    service = result.service
    exact = n_model(*mix, load, other)
    assert service["service_level"].tolist() == pytest.approx(exact[:2], abs=0.01)
    assert service["abandonment"].tolist() == pytest.approx(exact[2:], abs=0.01)
    assert (service["service_level_low"] >= [share_1, share_2]).all()


def judged(queues: list[Queue], contacts: float = 100_000) -> Judge:
    skills = np.array([[1.0, 0.0], [1.0, 1.0]])
    return Judge(
        queues,
        np.array([40.0, 20.0]),
        np.full(2, AHT),
        skills,
        Routing(),
        contacts,
        1,
        specialists_first=True,
    )


def test_what_is_judged_is_what_exact_chains_say_in_overload():
    judge = judged([queue("calls", 0), queue("orders", 0, priority=1)])
    service, _, lost, _ = judge.confirmed(np.array([1, 1])).found
    exact = n_model(1, 1, 2.0, 1.0)
    assert service.mean.tolist() == pytest.approx(exact[:2], abs=0.015)
    assert lost.mean.tolist() == pytest.approx(exact[2:], abs=0.015)


def test_a_limit_inside_its_interval_is_neither_kept_nor_broken():
    mix = np.array([2, 2])
    found = judged([queue("calls"), queue("orders")]).confirmed(mix).found
    asked = [
        queue("calls", share=float(found[0].mean[0]) + 1e-6, max_abandonment=float(found[2].high[0]) + 1e-9),
        queue("orders", share=float(found[0].low[1]) - 1e-9, max_asa_seconds=float(found[1].low[1]) - 1e-6),
    ]
    verdict = judged(asked).confirmed(mix)
    assert verdict.kept.tolist() == [[False, True], [True, False], [True, True], [True, True]]
    assert verdict.broken.tolist() == [[False, False], [False, True], [False, False], [False, False]]
    assert not verdict.met
    assert verdict.missing > 0
    assert not verdict.sure


# ---- bounds ----


@given(
    st.integers(1, 4).flatmap(
        lambda queues: st.tuples(
            st.lists(st.lists(st.booleans(), min_size=queues, max_size=queues), min_size=1, max_size=4),
            st.lists(st.integers(0, 5), min_size=4, max_size=4),
            st.lists(st.floats(0.05, 6), min_size=queues, max_size=queues),
        )
    )
)
@example(([[1, 1, 0], [0, 1, 1], [0, 0, 1]], [1, 0, 5, 0], [0.7, 0.7, 0.7]))  # two of three queues lack
def test_load_is_met_just_where_every_set_of_queues_has_agents_enough(drawn):
    skills, counts, loads = (
        np.array(drawn[0], dtype=float),
        np.array(drawn[1][: len(drawn[0])]),
        np.array(drawn[2]),
    )
    queues = [queue(str(k), patience=None) for k in range(len(loads))]
    bounds = bounds_of(queues, loads * 3600 / AHT, np.full(len(loads), AHT), skills)
    sets = [list(some) for size in range(1, len(loads) + 1) for some in combinations(range(len(loads)), size)]
    short = max(loads[some].sum() - counts[skills[:, some].any(axis=1)].sum() for some in sets)
    if abs(short) > 1e-3:
        assert (bounds._lacking(counts, bounds.work) > 0) == (short > 0)


def test_a_flexible_agent_is_not_counted_twice():
    """Counting agents queue by queue, 57 bilingual ones would do for 50 and 33 erlangs; the work alone needs 84."""
    queues = [queue("english", patience=None), queue("spanish", patience=None)]
    bounds = bounds_of(queues, np.array([1000.0, 660.0]), np.full(2, AHT), np.ones((1, 2)))
    assert bounds.missing(np.array([57])) == pytest.approx(26, abs=1e-3)
    assert bounds.missing(np.array([84])) == 0
    assert required_agents(1000, AHT, 0.8, 10).tolist() == 57
    both = SkillGroup("both", {"english": 1, "spanish": 1})
    result = required_mix(queues, [1000, 660], AHT, [both], effort=0.05)
    assert 84 <= result.agents["both"] <= required_agents([1000, 660], AHT, 0.8, 20).sum()
    assert result.met


@pytest.mark.parametrize(
    ("definition", "patience", "most_lost", "share"),
    [
        ("offered", None, None, 1.000001),
        ("offered", 100.0, None, 0.8),
        ("offered", 100.0, 0.05, 0.95),
        ("virtual", 100.0, None, 0.8 * np.exp(-0.2)),
        ("answered", 100.0, None, 0.0),
        ("exit", 100.0, 0.3, 0.7),
    ],
)
def test_how_much_of_the_load_must_be_answered(definition, patience, most_lost, share):
    one = queue("calls", patience=patience, service_level_definition=definition, max_abandonment=most_lost)
    bounds = bounds_of([one], np.array([200.0]), np.array([AHT]), np.ones((1, 1)))
    assert bounds.work.tolist() == pytest.approx([10.0 * share])


def test_a_queue_needs_as_many_with_its_skill_as_if_it_were_alone():
    queues = [queue("calls"), queue("orders")]
    bounds = bounds_of(queues, np.array([200.0, 20.0]), np.full(2, AHT), np.array([[1.0, 0.0], [0.8, 1.0]]))
    calls, orders = required_agents([200, 20], AHT, 0.8, 20, AHT)
    assert bounds.missing(np.array([calls - orders, orders])) == 0
    assert bounds.missing(np.array([calls - orders - 1, orders])) == 1
    assert bounds.missing(np.array([calls, orders - 1])) == 1
    assert (
        bounds.words(np.array([calls, orders - 1]), queues)
        == f"orders alone needs {orders} agents with its skill"
    )


def test_the_work_of_chats_is_that_of_agents_who_hold_all_they_may():
    chat = queue("chat", channel="chat", concurrency=3, concurrency_slowdown=0.25, patience=None)
    bounds = bounds_of([chat], np.array([200.0]), np.array([AHT]), np.ones((1, 1)))
    assert bounds.work.tolist() == pytest.approx([10 * 1.5 / 3], rel=1e-5)


def test_an_agent_at_half_speed_does_half_the_work():
    one = queue("calls", patience=None)
    bounds = bounds_of([one], np.array([200.0]), np.array([AHT]), np.array([[0.5], [1.0]]))
    assert bounds.missing(np.array([0, 14])) == 0
    assert bounds._lacking(np.array([10, 5]), bounds.work) == pytest.approx(1e-5)
    assert bounds._lacking(np.array([10, 6]), bounds.work) == 0


def test_of_many_queues_single_ones_pairs_and_all_together_are_looked_at():
    many = [queue(str(k), patience=None) for k in range(12)]
    bounds = bounds_of(many, np.full(12, 20.0), np.full(12, AHT), np.vstack([np.ones(12), np.eye(12)]))
    assert len(bounds.sets) == 12 + 66 + 1
    assert bounds.missing(np.array([12] + [0] * 12)) == pytest.approx(0.0, abs=1e-3)
    assert bounds.missing(np.array([13] + [0] * 12)) == 0
    assert bounds.missing(np.array([11] + [0] * 12)) > 0.9


def test_queues_that_share_agents_through_others_belong_together():
    speeds = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1]], dtype=float)
    assert components(speeds) == [(0, 1, 2), (3,)]


# ---- the search ----


@given(
    st.integers(1, 3).flatmap(
        lambda n: st.tuples(
            st.lists(st.sampled_from([1.0, 1.1, 1.5, 2.0]), min_size=n, max_size=n),
            st.lists(
                st.tuples(st.lists(st.integers(0, 2), min_size=n, max_size=n), st.integers(0, 12)),
                min_size=1,
                max_size=4,
            ),
        )
    )
)
def test_what_is_found_passes_and_no_neighbour_is_better(drawn):
    cost, rows = np.array(drawn[0]), [(np.array(row), need) for row, need in drawn[1] if any(row)]
    groups = len(cost)
    choice = Choice(
        cost, np.ones(groups, dtype=np.int64), np.zeros(groups, dtype=np.int64), np.full(groups, 20)
    )

    def missing(agents):
        return float(sum(max(need - agents @ row, 0) for row, need in rows))

    found = improved(choice, repaired(choice, choice.least, missing), missing)
    assert missing(found) == 0
    best = min(
        choice.price(np.array(mix))
        for mix in product(range(13), repeat=groups)
        if missing(np.array(mix)) == 0
    )
    assert best <= choice.price(found)
    assert choice.price(found)[0] <= best[0] + cost.max()
    for unit in np.eye(groups, dtype=np.int64):
        assert found @ unit == 0 or missing(found - unit) > 0


def test_search_stops_where_limits_forbid_more():
    choice = Choice(np.ones(2), np.ones(2, dtype=np.int64), np.zeros(2, dtype=np.int64), np.array([3, 2]))
    assert repaired(choice, choice.least, lambda agents: 10.0 - agents.sum()).tolist() == [3, 2]


def test_search_grows_everywhere_where_one_alone_does_not_help():
    choice = Choice(np.ones(2), np.ones(2, dtype=np.int64), np.zeros(2, dtype=np.int64), np.array([9, 9]))
    found = repaired(choice, choice.least, lambda agents: float(agents.min() < 4))
    assert found.tolist() == [4, 4]


# ---- the whole ----


@pytest.mark.parametrize(("load", "patience"), [(3.0, None), (12.0, 120.0)])
def test_one_queue_and_one_group_are_a_team_of_its_own(load, patience):
    one = queue("calls", patience=patience)
    result = required_mix([one], load * 3600 / AHT, AHT, [SkillGroup("all", {"calls": 1})], effort=0.2)
    assert result.agents["all"] == required_agents(load * 3600 / AHT, AHT, 0.8, 20, patience)


def test_chats_held_side_by_side_and_slower_agents():
    chat = queue("chat", channel="chat", concurrency=3, concurrency_slowdown=0.25, patience=120)
    result = required_mix([chat], 200, 300, [SkillGroup("new", {"chat": 0.5})], effort=0.2)
    assert result.agents["new"] == required_chat_agents(200, 600, 0.8, 20, 3, 0.25, 120)


def test_separate_teams_are_taken_where_sharing_would_ask_for_more():
    """All who may be hired serve both; who wants 95 % in 5 s and who is content with half in two minutes wait in one line."""
    queues = [queue("fast", 5, 0.95), queue("slow", 120, 0.5, patience=600)]
    result = required_mix(queues, [40, 800], AHT, [SkillGroup("both", {"fast": 1, "slow": 1})], effort=0.1)
    apart = required_agents([40, 800], AHT, [0.95, 0.5], [5, 120], [AHT, 600])
    assert result.dedicated
    assert result.agents["both"] == apart.sum()
    assert result.separate == {"fast": ("both", apart[0]), "slow": ("both", apart[1])}
    assert result.reason.startswith("one team for each queue")
    exact = [
        float(performance(rate, AHT, n, t, p).sl_offered)
        for rate, n, t, p in zip([40, 800], apart, [5, 120], [AHT, 600], strict=True)
    ]
    assert result.service["service_level"].tolist() == pytest.approx(exact, abs=0.03)


def test_two_skills_each_come_near_to_full_cross_training():
    """Wallace and Whitt: a chain of pairs does nearly what a team does that can do everything."""
    names = "abc"
    queues = [queue(name, patience=None) for name in names]

    def fewest(*skills: str) -> int:
        groups = [SkillGroup(each, dict.fromkeys(each, 1.0)) for each in skills]
        return sum(required_mix(queues, np.full(3, 100.0), AHT, groups, effort=0.1).agents.values())

    alone, pairs, everything = fewest(*names), fewest("ab", "bc", "ca"), fewest(names)
    assert alone == 3 * required_agents(100, AHT, 0.8, 20)
    assert everything == required_agents(300, AHT, 0.8, 20)
    assert everything <= pairs <= everything + 1 < alone - 2


def test_every_limit_is_kept_with_confidence_and_one_agent_fewer_breaks_one():
    queues = [queue("calls", max_asa_seconds=5, max_occupancy=0.8), queue("orders", max_abandonment=0.04)]
    groups = [
        SkillGroup("calls", {"calls": 1}, at_least=2),
        SkillGroup("orders", {"orders": 1}),
        SkillGroup("both", {"calls": 1, "orders": 0.9}, cost=1.05, at_most=3),
    ]
    result = required_mix(queues, [100, 80], AHT, groups, effort=0.2)
    service = result.service.set_index("queue")
    assert result.met
    assert not result.dedicated
    assert (service["service_level_low"] >= 0.8).all()
    assert service.loc["calls", "asa_seconds_high"] <= 5
    assert service.loc["calls", "occupancy_high"] <= 0.8
    assert service.loc["orders", "abandonment_high"] <= 0.04
    assert (service["misses"] == "").all()
    assert result.agents["calls"] >= 2
    assert result.agents["both"] <= 3
    assert result.neighbours["group"].tolist() == [
        name for name, count in result.agents.items() if count > (name == "calls") * 2
    ]
    assert (result.neighbours["misses"] != "").all()
    again = required_mix(queues, [100, 80], AHT, groups, effort=0.2)
    assert again.agents == result.agents
    assert again.service.equals(result.service)


def test_too_few_people_is_an_answer_with_a_reason():
    queues = [queue("calls"), queue("orders")]
    groups = [SkillGroup("calls", {"calls": 1}, at_most=7), SkillGroup("orders", {"orders": 1}, at_most=30)]
    result = required_mix(queues, [200, 100], AHT, groups, effort=0.05)
    assert not result.met
    assert result.agents["calls"] == 7
    assert result.separate == {}
    words = "groups may not have more agents (at_most): "
    assert (
        result.reason
        == words + "calls alone needs 12 agents with its skill, more work than agents with the skills can do"
    )
    both = SkillGroup(
        "both", {"calls": 1, "orders": 1}, at_most=16
    )  # enough for each alone, and for the work
    assert (
        required_mix(queues, [200, 100], AHT, [both], effort=0.05).reason
        == words + "calls service_level, orders service_level"
    )


def test_nothing_offered_needs_nobody_but_those_who_must_be():
    groups = [SkillGroup("calls", {"calls": 1}, at_least=2), SkillGroup("both", {"calls": 1})]
    result = required_mix([queue("calls")], 0, AHT, groups)
    assert (result.agents, result.met, result.judged) == ({"calls": 2, "both": 0}, True, 0)
    assert result.neighbours.columns.tolist() == ["group", "agents", "misses"]


def test_a_queue_without_contacts_beside_one_with():
    queues = [queue("calls"), queue("orders")]
    result = required_mix(
        queues,
        [100, 0],
        AHT,
        [SkillGroup("calls", {"calls": 1}), SkillGroup("o", {"orders": 1})],
        effort=0.05,
    )
    assert result.agents == {"calls": int(required_agents(100, AHT, 0.8, 20, AHT)), "o": 0}


def test_everything_wrong_is_told_at_once():
    queues = [
        queue("calls", callback_share=0.2),
        Queue("mail", channel="email", target_hours=24.0),
        queue("calls"),
        queue("lost"),
    ]
    groups = [SkillGroup("g", {"calls": 0.0, "mail": 1.0, "fax": 1.0}, cost=-1, at_least=3, at_most=2)]
    with pytest.raises(BadInput) as error:
        required_mix(queues, [1, -1, np.nan, 1], [AHT, 0], groups, effort=0)
    assert {fault.column for fault in error.value.faults} == {
        "queues", "queue.calls.callback_share", "queue.mail", "queue.lost", "group.g.skills", "group.g.skills.calls", "group.g.cost",
        "group.g", "effort", "calls_per_hour", "aht_seconds", "",
    }  # fmt: skip
    assert [f.found for f in error.value.faults if not f.column] == [
        "calls_per_hour (4,), aht_seconds (2,), queues (4,)"
    ]
    with pytest.raises(BadInput, match="one a queue"):
        required_mix([queue("calls")], [[1], [2]], AHT, [SkillGroup("calls", {"calls": 1})])
    with pytest.raises(BadInput, match="groups"):
        required_mix([queue("calls")], 1, AHT, [])
