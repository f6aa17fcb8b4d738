"""Backup on the day: who is called when, who stays, who goes, and that a pool cannot flap (policy row P3)."""

from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.model import Backup
from centre.peaks import Trigger
from scheduler.live import Helper, Measure, Person, PoolState, decide, judged, moved, noted
from scheduler.live_words import reason

POOL = Backup(
    "后备组",
    ("chat",),
    threshold=50,
    lead_minutes=15,
    minimum_minutes=60,
    maximum_minutes=240,
    check_minutes=1,
    hold_minutes=5,
    cool_down_minutes=15,
)
PEOPLE = [Person(f"B{k}") for k in range(1, 5)]
EMPTY = PoolState({})
UTC = ZoneInfo("UTC")


def online(value, whole=True):
    return {"customers_online": Measure(value, whole)}


def run(pool, values, people=PEOPLE, state=EMPTY, start=0):
    """Decisions minute by minute."""
    found = []
    for k, value in enumerate(values):
        found.append(decide(pool, state, online(value), start + k, people))
        state = found[-1].state
    return found


def actions(found):
    return [each.action for each in found]


class TestCalling:
    def test_p3_fifty_customers_online_call_the_team_and_forty_nine_do_not(self):
        assert decide(POOL, EMPTY, online(49.9), 0, PEOPLE).action == "wait"
        called = decide(POOL, EMPTY, online(50), 0, PEOPLE)
        assert (called.action, called.people) == ("call", ("B1", "B2", "B3", "B4"))

    def test_they_are_there_after_the_lead_and_not_a_minute_earlier(self):
        found = run(POOL, [50] * 17)
        assert actions(found) == ["call"] + ["keep"] * 16
        assert found[14].state.who("here") == []
        assert found[15].state.who("here") == ["B1", "B2", "B3", "B4"]

    def test_the_trigger_must_have_held_long_enough_without_a_break(self):
        pool = replace(POOL, sustained_minutes=3)
        assert actions(run(pool, [50, 50, 50, 50]))[-2:] == ["wait", "call"]
        assert "call" not in actions(run(pool, [50, 50, 49, 50, 50, 50]))

    def test_batches_come_one_after_another(self):
        pool = replace(POOL, batch=2, sustained_minutes=2)
        found = run(pool, [60] * 25)
        calls = [(k, each.people) for k, each in enumerate(found) if each.action == "call"]
        assert calls == [(2, ("B1", "B2")), (19, ("B3", "B4"))]  # there at 17, two more minutes

    def test_those_with_the_fewest_calls_come_first(self):
        people = [Person("B1", calls_before=2), Person("B2"), Person("B3", calls_before=1), Person("B4")]
        assert decide(replace(POOL, batch=3), EMPTY, online(60), 0, people).people == ("B2", "B4", "B3")

    @pytest.mark.parametrize(
        ("pool", "person", "helper", "why"),
        [
            ({"calls_a_month": 2}, {"calls_before": 2}, {}, "no call left this month"),
            ({"calls_a_month": 2}, {"calls_before": 1}, {"calls": (-9999.0,)}, "no call left this month"),
            ({"calls_a_day": 1}, {}, {"calls": (5.0,), "left": -9999.0}, "no call left today"),
            ({"kind": "support"}, {"at_work": False}, {}, "not at work"),
            ({}, {}, {"left": 100.0}, "resting after a call-out"),
            (
                {},
                {"windows": ((0.0, 500.0 + 15 + 59),)},
                {},
                "outside their hours, away, or near a shift of their own",
            ),
            (
                {},
                {"windows": ((516.0, 900.0),)},
                {},
                "outside their hours, away, or near a shift of their own",
            ),
            ({}, {"windows": ()}, {}, "outside their hours, away, or near a shift of their own"),
        ],
    )
    def test_who_may_not_come_is_not_called_and_it_is_said_why(self, pool, person, helper, why):
        state = PoolState({"B1": Helper(**helper)})
        found = decide(replace(POOL, **pool), state, online(60), 500, [Person("B1", **person)], 0)
        assert (found.action, found.people, dict(found.refused)) == ("wait", (), {why: 1})

    @pytest.mark.parametrize(
        ("pool", "person", "helper"),
        [
            ({"calls_a_month": 2}, {"calls_before": 1}, {}),
            ({"calls_a_day": 1}, {}, {"calls": (-1.0,), "left": -9999.0}),
            ({}, {}, {"left": 500.0 + 15 - 660}),
            ({}, {"windows": ((515.0, 575.0),)}, {}),
            ({"kind": "support"}, {}, {"left": 480.0}),
        ],
    )
    def test_exactly_at_the_limit_they_may(self, pool, person, helper):
        state = PoolState({"B1": Helper(**helper)})
        found = decide(replace(POOL, **pool), state, online(60), 500, [Person("B1", **person)], 0)
        assert found.people == ("B1",)


class TestStayingAndGoing:
    def test_they_stay_their_minimum_even_if_it_is_over_at_once(self):
        found = run(POOL, [50] + [0] * 80)
        assert actions(found).index("release") == 75
        assert found[74].action == "keep"
        assert found[75].people == ("B1", "B2", "B3", "B4")

    def test_between_release_and_call_they_stay(self):
        found = run(POOL, [50] * 90 + [45] * 60)
        assert actions(found) == ["call"] + ["keep"] * 149

    def test_it_must_have_been_over_for_the_hold(self):
        found = run(POOL, [50] * 90 + [39] * 5 + [40] + [39] * 6)
        assert actions(found)[90:] == ["keep"] * 11 + ["release"]

    def test_the_last_batch_goes_first_and_the_others_after_another_hold(self):
        pool = replace(POOL, batch=2)
        found = run(pool, [60] * 100 + [0] * 30)
        gone = [(k, each.people) for k, each in enumerate(found) if each.action == "release"]
        assert gone == [(105, ("B3", "B4")), (110, ("B1", "B2"))]

    def test_nobody_stays_beyond_the_maximum_or_their_window(self):
        people = [Person("B1"), Person("B2", windows=((0.0, 100.0),))]
        state = decide(POOL, EMPTY, online(60), 0, people).state
        assert moved(POOL, state, 99).who("here") == ["B1", "B2"]
        assert moved(POOL, state, 100).who("here") == ["B1"]
        assert moved(POOL, state, 254).who("here") == ["B1"]
        assert moved(POOL, state, 255).who("here") == []
        assert moved(POOL, state, 300).helpers["B1"].left == 255

    def test_after_somebody_has_gone_nobody_is_called_for_the_cool_down(self):
        pool = replace(POOL, rest_minutes=0)
        found = run(pool, [50] * 75 + [0] * 6 + [60] * 20)
        released = actions(found).index("release")
        again = actions(found).index("call", 1)
        assert again - released == 15
        assert reason(pool, found[again - 1], online(60), UTC).startswith(
            "customers online 60, at or above 50 for 13 minutes: somebody went at 01:20 and nobody is called for 15 minutes"
        )


class TestMeasures:
    def test_what_is_not_known_neither_calls_nor_sends_home(self):
        here = run(POOL, [50] * 80)[-1].state
        for measures in ({}, online(None)):
            assert decide(POOL, EMPTY, measures, 0, PEOPLE).action == "wait"
            found = decide(POOL, here, measures, 200, PEOPLE)
            assert (found.action, found.state.over) == ("keep", float("inf"))
            told = reason(POOL, found, {"customers_online": Measure(None)}, UTC)
            assert told.startswith("not known: customers online; nobody is called or sent home")

    def test_part_of_the_queues_may_call_and_not_release(self):
        assert decide(POOL, EMPTY, online(50, whole=False), 0, PEOPLE).action == "call"
        assert not judged(POOL, online(0, whole=False)).over

    def test_one_of_several_triggers_calls_and_all_must_be_over(self):
        pool = replace(POOL, also=(Trigger("waiting", 10), Trigger("service_level", 0.6)))
        quiet = {"customers_online": Measure(5), "waiting": Measure(0), "service_level": Measure(0.95)}
        assert judged(pool, quiet).over
        for name, value in (("waiting", 10), ("service_level", 0.6), ("customers_online", 50)):
            found = judged(pool, quiet | {name: Measure(value)})
            assert (found.trigger.when, found.value, found.over) == (name, value, False)
        between = judged(pool, quiet | {"service_level": Measure(0.67)})
        assert (between.trigger, between.over) == (None, False)
        assert judged(pool, quiet | {"service_level": Measure(0.681)}).over
        assert not judged(pool, quiet | {"service_level": Measure(0.5, whole=False)}).over
        assert judged(pool, quiet | {"service_level": Measure(0.5, whole=False)}).trigger is None

    def test_looks_in_between_count_for_how_long_it_holds(self):
        pool = replace(POOL, sustained_minutes=10)
        state = noted(pool, noted(pool, EMPTY, online(55), 0), online(60), 5)
        assert decide(pool, state, online(60), 10, PEOPLE).action == "call"
        broken = noted(pool, noted(pool, EMPTY, online(55), 0), online(45), 5)
        assert decide(pool, broken, online(60), 10, PEOPLE).action == "wait"


class TestWords:
    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ([0], "customers online 0 (at or above 50 calls, below 40 releases): nobody is needed"),
            (
                [45],
                "customers online 45 (at or above 50 calls, below 40 releases): below what calls and not yet below what releases",
            ),
            ([57], "customers online 57, at or above 50: 4 people called, at work at 00:15"),
            (
                [57, 58],
                "customers online 58, at or above 50 for 1 minute: 4 people on the way, there at 00:15",
            ),
            (
                [57, 0],
                "customers online 0 (at or above 50 calls, below 40 releases): 4 people on the way all the same",
            ),
            (
                [57] * 20 + [0],
                "customers online 0 (at or above 50 calls, below 40 releases): over since 00:20; they may go at 00:25 if it stays so",
            ),
            (
                [57] * 20 + [0] * 9,
                "customers online 0 (at or above 50 calls, below 40 releases): they stay their minimum of 60 minutes until 01:15",
            ),
            (
                [57] * 80 + [0] * 6,
                "customers online 0 (at or above 50 calls, below 40 releases): over for 5 minutes, 4 people may go",
            ),
            (
                [57] * 17,
                "customers online 57, at or above 50 for 16 minutes: nobody may be called (4 called already)",
            ),
        ],
    )
    def test_every_decision_has_its_reason(self, values, words):
        found = run(POOL, values)
        assert reason(POOL, found[-1], online(values[-1]), UTC) == words


@st.composite
def pools(draw):
    minutes = st.integers(0, 30)
    shortest = draw(minutes)
    return replace(
        POOL,
        lead_minutes=draw(minutes),
        minimum_minutes=shortest,
        maximum_minutes=draw(st.integers(max(shortest, 1), 120)),
        batch=draw(st.integers(0, 3)),
        check_minutes=draw(st.integers(1, 5)),
        sustained_minutes=draw(st.integers(0, 10)),
        hold_minutes=draw(st.integers(0, 10)),
        cool_down_minutes=draw(minutes),
        calls_a_month=draw(st.none() | st.integers(1, 3)),
        calls_a_day=draw(st.none() | st.integers(1, 3)),
        rest_minutes=draw(st.integers(0, 60)),
    )


class TestProperties:
    @settings(max_examples=80)
    @given(pool=pools(), values=st.lists(st.sampled_from([0, 39, 40, 45, 49, 50, 70]), max_size=120))
    def test_every_limit_is_kept_whatever_comes(self, pool, values):
        state, spans, now = EMPTY, {each.agent_id: [] for each in PEOPLE}, 0.0
        released = called = float("-inf")
        for value in values:
            found = decide(pool, state, online(value), now, PEOPLE)
            for name, helper in found.state.helpers.items():
                before = state.helpers.get(name, Helper())
                if helper.calls != before.calls:
                    spans[name].append([now, None, None])
                if helper.where == "here" or helper.left != before.left:
                    spans[name][-1][1] = helper.arrived
                if helper.left != before.left:
                    spans[name][-1][2] = helper.left
            if found.action == "call":
                assert value >= 50
                assert now >= found.state.gone + pool.cool_down_minutes
                assert now - called >= pool.lead_minutes
                assert not state.who("coming") or now >= called + pool.lead_minutes
                called = now
            if found.action == "release":
                assert value < 40
                released = now
            state, now = found.state, found.next_look
        assert released <= now
        for own in spans.values():
            if pool.calls_a_month is not None:
                assert len(own) <= pool.calls_a_month
            if pool.calls_a_day is not None:
                assert len(own) <= pool.calls_a_day
            for at, arrived, left in own:
                if arrived is not None:
                    assert arrived == at + pool.lead_minutes
                if left is not None:
                    assert pool.minimum_minutes <= left - arrived <= pool.maximum_minutes + pool.check_minutes
            for (_, _, left), (at, _, _) in pairwise(own):
                assert at + pool.lead_minutes >= left + pool.rest_minutes

    @settings(max_examples=30)
    @given(values=st.lists(st.sampled_from([0, 39, 50, 60]), min_size=200, max_size=400))
    def test_a_pool_does_not_flap(self, values):
        pool = replace(POOL, rest_minutes=0)
        calls = [k for k, each in enumerate(run(pool, values)) if each.action == "call"]
        shortest = pool.lead_minutes + pool.minimum_minutes + pool.cool_down_minutes
        assert all(later - earlier >= shortest for earlier, later in pairwise(calls))

    @settings(max_examples=50)
    @given(pool=pools(), values=st.lists(st.sampled_from([0, 39, 45, 50, 60]), min_size=1, max_size=60))
    def test_asking_twice_at_the_same_moment_calls_nobody_twice(self, pool, values):
        last = run(pool, values)[-1]
        again = decide(pool, last.state, online(values[-1]), len(values) - 1, PEOPLE)
        if pool.lead_minutes > 0 and last.action == "call":
            assert (again.action, again.state) == ("keep", last.state)
