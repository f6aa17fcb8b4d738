"""Leave requests by hand: who is granted, who waits in which place and for what, who is refused; and never why somebody is away."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.instants import Grid, day_number
from centre.model import LeaveQuota, Peak
from centre.people import Agent
from scenarios.leave_quotas import over_quota
from scenarios.leave_requests import decide_leave, decisions_table

MONDAY = day_number(date(2026, 3, 2))
AGENTS = tuple(
    Agent(f"a{k}", "王芳", "甲" if k < 3 else "乙", "junior", (("calls", 1.0),), "full-time")
    for k in range(6)
)
ONE_OF_TEAM = LeaveQuota("春", teams=("甲", "乙"), at_most=1)


def frame(*rows):
    """Rows of (agent_id, start, end) by Shanghai's clock."""
    table = pd.DataFrame([row[:3] for row in rows], columns=["agent_id", "start", "end"])
    for name in ("start", "end"):
        stamps = pd.to_datetime(table[name], format="ISO8601")
        table[name] = stamps.dt.tz_localize("Asia/Shanghai").dt.tz_convert("UTC")
    kinds = [row[3] if len(row) > 3 else "事假" for row in rows]
    return table.assign(kind=kinds, row=range(2, len(table) + 2))


def asked(*rows):
    """Requests in the order in which they were asked."""
    table = frame(*rows)
    return table.assign(asked_at=table["start"], priority=0.0)


def days(agent_id, first, last, *kind):
    return (agent_id, f"2026-03-{first:02}", f"2026-03-{last + 1:02}", *kind)


def ledger(*rows):
    """Rows of (agent_id, account, period, amount, as_of)."""
    table = pd.DataFrame(rows, columns=["agent_id", "account", "period", "amount", "as_of"])
    return table.assign(unit="days", row=range(2, len(table) + 2))


@pytest.fixture(name="decide")
def decide_fixture(centre):
    """Decide requests: (outcome, place, reason) of each."""

    def decide(*requests, quotas=(ONE_OF_TEAM,), leave=(), agents=AGENTS, **more):
        told = replace(
            centre, settings=replace(centre.settings, leave_quota=tuple(quotas), **more.pop("settings", {})),
            agents=agents, leave=frame(*leave), ledger=more.pop("ledger", ledger()), **more,
        )  # fmt: skip
        decisions = decide_leave(told, asked(*requests))
        return [(one.outcome, one.place, one.reason) for one in decisions]

    return decide


def test_who_asks_first_is_granted_and_the_others_wait_in_turn(decide):
    assert decide(days("a0", 4, 5), days("a1", 5, 6), days("a2", 5, 5), days("a3", 5, 5)) == [
        ("granted", 0, ""),
        ("waiting", 1, "2026-03-05: 1 of 1 whom leave quota 春 of team 甲 allows are away"),
        ("waiting", 2, "2026-03-05: 1 of 1 whom leave quota 春 of team 甲 allows are away"),
        ("granted", 0, ""),
    ]


def test_leave_that_is_granted_already_comes_first_and_who_withdraws_lets_the_list_move_up(decide):
    requests = days("a1", 4, 4), days("a2", 4, 4)
    assert [told[:2] for told in decide(*requests, leave=(days("a0", 4, 4),))] == [
        ("waiting", 1),
        ("waiting", 2),
    ]
    assert [told[:2] for told in decide(*requests)] == [("granted", 0), ("waiting", 1)]


def test_every_day_and_quota_in_the_way_is_told(decide):
    (told,) = decide(
        days("a1", 3, 6), leave=(days("a0", 3, 3), days("a4", 6, 6)),
        quotas=(ONE_OF_TEAM, LeaveQuota("全员", at_most=1, dates=(date(2026, 3, 6),))),
    )  # fmt: skip
    assert told[:2] == ("waiting", 1)
    assert told[2].split("; ") == [
        "2026-03-03: 1 of 1 whom leave quota 春 of team 甲 allows are away",
        "2026-03-06: 1 of 1 whom leave quota 全员 of all together allows are away",
    ]


def test_a_quota_of_nobody_refuses_as_nobody_ahead_could_withdraw(decide):
    peak = Peak("双十一", dates=(date(2026, 3, 6),))
    told = decide(
        days("a0", 5, 6), days("a1", 5, 5), quotas=(LeaveQuota("高峰", share=0.1, peaks=("双十一",)),), settings={"peak": (peak,)},
    )  # fmt: skip
    assert told == [
        ("refused", 0, "2026-03-06: leave quota 高峰 of all together allows nobody away"),
        ("granted", 0, ""),
    ]


def test_without_quotas_everybody_is_granted(decide):
    assert {told[0] for told in decide(days("a0", 4, 4), days("a1", 4, 4), quotas=())} == {"granted"}
    assert decide() == []


def test_own_leave_is_not_had_twice(decide):
    told = decide(
        days("a0", 4, 6),
        days("a1", 7, 8),
        days("a1", 8, 9),
        days("a2", 7, 7),
        days("a2", 7, 9),
        leave=(days("a0", 6, 6),),
    )
    assert told[0] == ("refused", 0, "overlaps leave that this person has already")
    assert [one[0] for one in told[1:]] == ["granted", "refused", "waiting", "refused"]
    assert told[4][2] == "overlaps row 5, this person's own request, which waits"


def test_two_halves_of_a_day_are_one_person_away(decide):
    halves = ("a0", "2026-03-04T08:00", "2026-03-04T12:00"), ("a0", "2026-03-04T13:00", "2026-03-04T17:00")
    assert [told[0] for told in decide(*halves, days("a1", 4, 4))] == ["granted", "granted", "waiting"]


def test_outside_of_employment_it_is_refused(decide):
    people = (replace(AGENTS[0], starts_on=MONDAY + 2), replace(AGENTS[1], leaves_on=MONDAY + 4), *AGENTS[2:])
    told = decide(days("a0", 3, 4), days("a0", 4, 4), days("a1", 6, 7), days("a1", 6, 6), agents=people)
    assert [one[0] for one in told] == ["refused", "granted", "refused", "granted"]
    assert told[0][2] == "begins before the first day of employment, 2026-03-04"
    assert told[2][2] == "ends after the last day of employment, 2026-03-06"


def test_the_balance_counts_working_days_half_days_and_what_was_granted_since(decide):
    """The contract works 5 days of 8 hours: Monday to Sunday takes 5, an afternoon of 4 hours a half."""
    account = ("a0", "leave_days", "", 5.5, date(2026, 3, 2))
    week, afternoon = days("a0", 2, 8), ("a0", "2026-03-09T13:00", "2026-03-09T17:00")
    assert [told[0] for told in decide(week, afternoon, ledger=ledger(account))] == ["granted", "granted"]
    told = decide(week, afternoon, days("a0", 11, 11), ledger=ledger(account))
    assert told[2] == ("refused", 0, "takes 1 days of 2026, 0 are left by the ledger as of 2026-03-02")
    taken = (days("a0", 1, 1), days("a0", 9, 9))  # the first before the day of the balance
    told = decide(days("a0", 11, 16), leave=taken, ledger=ledger(account))
    assert told == [("refused", 0, "takes 5 days of 2026, 4.5 are left by the ledger as of 2026-03-02")]


def test_a_balance_of_one_kind_and_of_one_year(decide):
    accounts = ledger(
        ("a0", "leave_days:年假", "", 1, date(2026, 3, 2)), ("a0", "leave_days", "2026", 2, date(2026, 3, 2)),
    )  # fmt: skip
    told = decide(
        days("a0", 3, 3, "年假"), days("a0", 4, 4, "年假"), days("a0", 5, 6, "调休"), days("a0", 9, 9, "调休"),
        ("a0", "2027-03-01", "2027-03-06", "调休"), ledger=accounts,
    )  # fmt: skip
    assert [one[0] for one in told] == ["granted", "refused", "granted", "refused", "granted"]
    assert all("年假" not in reason and "调休" not in reason for *_, reason in told)


def test_the_table_tells_no_kinds(centre):
    requests = asked(days("A001", 4, 4, "病假"))
    table = decisions_table(requests, decide_leave(centre, requests))
    assert list(table.columns) == [
        "row",
        "agent_id",
        "start",
        "end",
        "asked_at",
        "decision",
        "place",
        "reason",
    ]
    assert "病假" not in table.to_csv()


SPANS = st.tuples(st.sampled_from([a.agent_id for a in AGENTS]), st.integers(2, 8), st.integers(1, 3))


@settings(max_examples=40, deadline=None)
@given(spans=st.lists(SPANS, max_size=8), drop=st.integers(0, 7))
def test_no_quota_is_ever_exceeded_and_a_withdrawal_harms_nobody_in_front(small, spans, drop):
    requests = asked(*(days(who, first, first + length - 1) for who, first, length in spans))
    decisions = decide_leave(small, requests)
    kept = [one.outcome == "granted" for one in decisions]
    after = replace(small, leave=requests[np.array(kept, dtype=bool)])
    assert over_quota(after, Grid(small.settings.centre.timezone, MONDAY, 14, 30), {}) == ()
    for one in decisions:
        assert (one.place > 0) == (one.outcome == "waiting")
        assert bool(one.reason) == (one.outcome != "granted")
    fewer = decide_leave(small, requests.drop(index=[drop] if drop < len(requests) else []))
    before = {one.request.row: one.outcome for one in decisions[:drop]}
    assert before.items() <= {one.request.row: one.outcome for one in fewer}.items()


@pytest.fixture(scope="module")
def small():
    from pathlib import Path

    import scenarios
    from centre.folder import read_centre

    told = read_centre(Path(scenarios.__file__).parent / "examples" / "small")
    return replace(
        told, settings=replace(told.settings, leave_quota=(ONE_OF_TEAM,)), agents=AGENTS, leave=frame()
    )
