"""Leave beyond its quota, by hand: which day, which team, how many, who came last; and never why they are away."""

import json
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.backup_file import BackupMember
from centre.instants import Grid, day_number
from centre.model import LeaveQuota, Peak
from centre.people import Agent
from scenarios.leave_quotas import OverQuota, allowed_by, over_quota
from scenarios.plan import plan
from scenarios.results import plan_json
from scenarios.text import json_text
from scheduler.solution import Limits

START = date(2026, 2, 23)
MONDAY, TUESDAY = day_number(START), day_number(START) + 1


def agent(agent_id, team, **more):
    return Agent(agent_id, "王芳", team, "junior", (("calls", 1.0),), "full-time", **more)


AGENTS = (*(agent(f"a{k}", "甲") for k in range(4)), *(agent(f"b{k}", "乙") for k in range(6)))


def leave(*rows):
    """Rows of (agent_id, start, end) by Shanghai's clock."""
    table = pd.DataFrame(rows, columns=["agent_id", "start", "end"])
    for name in ("start", "end"):
        table[name] = pd.to_datetime(table[name]).dt.tz_localize("Asia/Shanghai").dt.tz_convert("UTC")
    return table.assign(kind="病假", row=range(2, len(table) + 2))


def days_off(*told):
    """Leave of whole days: (agent_id, first day of February, days)."""
    rows = [(who, f"2026-02-{first}", f"2026-02-{first + days}") for who, first, days in told]
    return leave(*rows)


@pytest.fixture(name="found")
def found_fixture(centre):
    def found(quotas, table, days=2, agents=AGENTS, peaks=None, **more):
        told = replace(
            centre,
            settings=replace(centre.settings, leave_quota=tuple(quotas)),
            agents=agents,
            leave=table,
            **more,
        )
        return over_quota(told, Grid(centre.settings.centre.timezone, MONDAY, days, 30), peaks or {})

    return found


def told(findings):
    return [
        (each.day.day, each.team, each.away, each.allowed, each.quota, each.came_last) for each in findings
    ]


def test_no_quota_is_no_finding(found):
    assert found([], days_off(("a0", 23, 2))) == ()


def test_as_many_as_allowed_and_one_more(found):
    quota = LeaveQuota("甲组", ("甲",), at_most=2)
    two = [("a0", 23, 1), ("a1", 23, 1)]
    assert found([quota], days_off(*two)) == ()
    (one,) = found([quota], days_off(*two, ("a3", 23, 1), ("b0", 23, 1)))
    assert one == OverQuota(START, "甲", 3, 4, 2, "甲组", ("a3",))
    assert one.sentence == (
        "leave on 2026-02-23: 3 of the 4 employed of team 甲 are away, leave quota 甲组 allows 2; last came a3"
    )


def test_a_quota_without_a_team_is_for_all_together(found):
    (one,) = found([LeaveQuota("全员", at_most=1)], days_off(("b1", 24, 1), ("a0", 24, 1)))
    assert told([one]) == [(24, "", 2, 1, "全员", ("a0",))]
    assert "2 of the 10 employed of all are away" in one.sentence


def test_each_team_of_a_quota_by_itself(found):
    away = days_off(("a0", 23, 1), ("b0", 23, 1), ("b1", 23, 1))
    assert told(found([LeaveQuota("q", ("甲", "乙"), at_most=1)], away)) == [(23, "乙", 2, 1, "q", ("b1",))]


def test_a_share_is_of_those_employed_that_day(found):
    """A third of six people is two; of five, on the day before the sixth begins, one."""
    late = (*AGENTS[:-1], replace(AGENTS[-1], starts_on=TUESDAY))
    away = days_off(("b0", 23, 2), ("b1", 23, 2))
    assert told(found([LeaveQuota("q", ("乙",), share=1 / 3)], away, agents=late)) == [
        (23, "乙", 2, 1, "q", ("b1",))
    ]
    assert [allowed_by(LeaveQuota("q", share=share), 10) for share in (0.0, 0.3, 1.0)] == [0, 3, 10]


def test_who_is_not_employed_is_not_away(found):
    gone = (replace(AGENTS[0], leaves_on=MONDAY), *AGENTS[1:])
    away = days_off(("a0", 23, 2), ("a1", 23, 2))
    assert told(found([LeaveQuota("q", ("甲",), at_most=1)], away, agents=gone)) == [
        (23, "甲", 2, 1, "q", ("a1",))
    ]


def test_people_from_outside_are_nobody_on_leave(found):
    pool = (BackupMember("后备", "b1", (("calls", 1.0),), 0.0),)
    away = days_off(("b0", 23, 1), ("b1", 23, 1))
    assert found([LeaveQuota("q", ("乙",), at_most=1)], away, backup=pool) == ()


def test_the_strictest_quota_of_a_day_counts(found):
    quotas = [
        LeaveQuota("平日", ("甲",), at_most=3), LeaveQuota("节前", ("甲",), share=0.25, dates=(START,)),
        LeaveQuota("全员", at_most=3),
    ]  # fmt: skip
    away = days_off(*((f"a{k}", 23, 2) for k in range(4)))
    assert told(found(quotas, away)) == [
        (23, "", 4, 3, "全员", ("a3",)), (23, "甲", 4, 1, "节前", ("a1", "a2", "a3")),
        (24, "", 4, 3, "全员", ("a3",)), (24, "甲", 4, 3, "平日", ("a3",)),
    ]  # fmt: skip


def test_a_quota_holds_while_its_peaks_do(found):
    quota, away = LeaveQuota("q", at_most=0, peaks=("双11",)), days_off(("a0", 23, 2))
    assert found([quota], away) == ()
    assert [each.day.day for each in found([quota], away, peaks={"双11": frozenset({TUESDAY})})] == [24]


def test_leave_for_a_part_of_a_day_and_past_midnight(found):
    """To midnight is one day, past it two; several rows of one person count once."""
    quota = LeaveQuota("q", at_most=0)
    one = leave(("a0", "2026-02-23 20:00", "2026-02-24 00:00"))
    assert [each.day.day for each in found([quota], one)] == [23]
    two = leave(
        ("a0", "2026-02-23 20:00", "2026-02-24 00:30"), ("a0", "2026-02-23 08:00", "2026-02-23 12:00")
    )
    assert [(each.day.day, each.away) for each in found([quota], two)] == [(23, 1), (24, 1)]


def test_the_plan_tells_and_never_why(centre, solver):
    quota = LeaveQuota("节前", at_most=1, peaks=("节前日",))
    settings = replace(
        centre.settings, leave_quota=(quota,), peak=(Peak("节前日", (START,), minimum_agents=1),)
    )
    away = days_off(("A001", 23, 1), ("A004", 23, 2))
    made = plan(replace(centre, settings=settings, leave=away), START, 2, Limits(effort=1))
    (sentence,) = (words for words in made.warnings if words.startswith("leave on"))
    assert sentence.endswith("2 of the 6 employed of all are away, leave quota 节前 allows 1; last came A004")
    assert json.loads(json_text(plan_json(made)))["leave_quotas"] == [
        {
            "day": "2026-02-23",
            "team": "",
            "away": 2,
            "employed": 6,
            "allowed": 1,
            "quota": "节前",
            "came_last": ["A004"],
        }
    ]
    assert "病假" not in str(plan_json(made))


@given(
    rows=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.integers(1, 3)), max_size=12), at_most=st.integers(0, 4)
)  # fmt: skip
def test_allowed_and_those_who_came_last_are_all_who_are_away(small_centre, rows, at_most):
    starts = [START.toordinal() + day for _, day, _ in rows]
    table = leave(*[
        (AGENTS[who].agent_id, str(date.fromordinal(start)), str(date.fromordinal(start + days)))
        for (who, _, days), start in zip(rows, starts, strict=True)
    ])  # fmt: skip
    settings = replace(small_centre.settings, leave_quota=(LeaveQuota("q", at_most=at_most),))
    grid = Grid(settings.centre.timezone, MONDAY, 4, 30)
    found = {
        each.day: each
        for each in over_quota(replace(small_centre, settings=settings, agents=AGENTS, leave=table), grid, {})
    }
    for k in range(4):
        day = date.fromordinal(START.toordinal() + k)
        away = {AGENTS[who].agent_id for who, first, days in rows if first <= k < first + days}
        assert (day in found) == (len(away) > at_most)
        if day in found:
            assert found[day].away == len(away) == at_most + len(found[day].came_last)
            assert set(found[day].came_last) <= away


@pytest.fixture(scope="session", name="small_centre")
def small_centre_fixture(centre):
    """For hypothesis, which needs one that is there throughout."""
    return centre
