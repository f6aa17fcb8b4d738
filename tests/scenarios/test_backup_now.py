"""Backup pools of a centre now: who may come beside their own shifts, rest, leave, calls of the ledger and of the plan."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import scenarios
from centre.actuals_file import STATE, today_so_far
from centre.backup_file import BackupMember
from centre.folder import Centre, read_centre
from centre.instants import parse_instant, to_timestamps
from centre.model import Backup
from scenarios.backup_now import pools_now
from scheduler.live import Helper, PoolState
from scheduler.rota import COLUMNS, Rota

SMALL = Path(scenarios.__file__).parent / "examples" / "small"
DAY = "2026-03-02"
POOL = Backup(
    "后备组", ("chat",), threshold=50, lead_minutes=15, minimum_minutes=60, rest_minutes=660,
    hourly_cost=60.0, call_out_cost=100.0, calls_a_month=2,
)  # fmt: skip
OUTSIDE = BackupMember("后备组", "X1", (("chat", 1.0),), 80.0)


@pytest.fixture(scope="module")
def centre() -> Centre:
    return read_centre(SMALL)


def at(centre, clock, day=DAY):
    return parse_instant(f"{day}T{clock}", centre.settings.centre.timezone)


def with_pool(centre, *members, pool=POOL, **more):
    return replace(centre, settings=replace(centre.settings, backup=(pool,)), backup=members, **more)


def told(centre, clock, online, states=None, rota=None):
    """What is decided when so many are online in the half hour before a clock time."""
    now = at(centre, clock)
    start = to_timestamps([now - 10])
    table = pd.DataFrame({"interval_start": start, "queue": "chat", "offered": 9.0, "aht_seconds": 200.0})
    table = table.assign(**dict.fromkeys(STATE, float(online)))
    today = today_so_far(table, now, centre.settings.centre.timezone, 30)
    (found,) = pools_now(centre, today, states or {}, rota)
    return found


def shifts(centre, *rows):
    """A rota of (person, day, start, end, activity)."""
    table = pd.DataFrame(
        [(who, date.fromisoformat(day), at(centre, start, day), at(centre, end, day), what, "早班", True)
         for who, day, start, end, what in rows], columns=list(COLUMNS),
    )  # fmt: skip
    return Rota.from_frame(table.assign(start=to_timestamps(table["start"]), end=to_timestamps(table["end"])))


def ledger(*rows):
    names = ["agent_id", "account", "period", "amount", "unit", "as_of"]
    return pd.DataFrame([(*row[:4], "call-outs", date.fromisoformat(row[4])) for row in rows], columns=names)


def test_those_called_cost_their_own_price_at_least(centre):
    other = BackupMember("后备组", "X2", (("chat", 1.0),), 60.0)
    found = told(with_pool(centre, OUTSIDE, other), "14:10", 60)
    assert (found.decision.action, found.decision.people) == ("call", ("X1", "X2"))
    assert found.least_cost == 2 * 100 + 80 + 60
    assert told(with_pool(centre, OUTSIDE), "14:10", 20).least_cost == 0


@pytest.mark.parametrize(
    ("end", "start", "may"),
    [("03:25", "23:59", True), ("03:26", "23:59", False), ("03:25", "23:30", True)],
)
def test_rest_lies_between_their_own_shifts_and_a_call_out(centre, end, start, may):
    pool = replace(POOL, rest_minutes=660)
    employed = replace(OUTSIDE, agent_id=centre.agents[0].agent_id, employed=True)
    rows = [(employed.agent_id, DAY, "00:10", end, "work:calls")]
    if start == "23:30":  # a shift of the next day, 660 minutes after the hour that starts at 14:25
        rows.append((employed.agent_id, "2026-03-03", "02:25", "08:00", "work:calls"))
    found = told(with_pool(centre, employed, pool=pool), "14:10", 60, rota=shifts(centre, *rows))
    assert (found.decision.action == "call") is may


def test_leave_keeps_them_away(centre):
    name = OUTSIDE.agent_id
    start, end = to_timestamps([at(centre, "15:00"), at(centre, "16:00")])
    leave = pd.DataFrame({"agent_id": [name], "start": [start], "end": [end], "kind": ["annual"], "row": [2]})
    assert told(with_pool(centre, OUTSIDE, leave=leave), "14:10", 60).decision.action == "wait"
    assert told(with_pool(centre, OUTSIDE, leave=leave), "16:10", 60).decision.action == "call"


def test_support_comes_from_those_in_a_shift(centre):
    pool = replace(POOL, kind="support", rest_minutes=0)
    names = [agent.agent_id for agent in centre.agents[:3]]
    members = [replace(OUTSIDE, agent_id=name, employed=True) for name in names]
    rota = shifts(
        centre,
        (names[0], DAY, "08:00", "17:00", "work:calls"),
        (names[1], DAY, "08:00", "14:00", "work:calls"),
        (names[2], DAY, "08:00", "17:00", "leave"),
    )
    there = told(with_pool(centre, *members, pool=pool), "14:10", 60, rota=rota)
    assert there.decision.people == (names[0],)
    assert dict(there.decision.refused) == {"not at work": 2}
    assert told(with_pool(centre, *members, pool=pool), "14:10", 60).decision.people == ()


class TestCallsOfTheMonth:
    """Two a month."""

    def called(self, *instants):
        return {"后备组": PoolState({"X1": Helper("off", tuple(map(float, instants)), left=float("-inf"))})}

    @pytest.mark.parametrize(
        ("rows", "days", "may"),
        [
            ((), (), True),
            ((("X1", "call_outs", "2026-03", 1.0, "2026-03-01"),), (), True),
            ((("X1", "call_outs", "2026-03", 2.0, "2026-03-01"),), (), False),
            ((("X1", "call_outs", "2026-02", 2.0, "2026-02-28"),), (), True),
            ((("X1", "overtime", "2026-03", 2.0, "2026-03-01"),), (), True),
            ((), ("2026-03-01", "2026-03-01"), False),
            ((), ("2026-02-27", "2026-02-28"), True),
            ((("X1", "call_outs", "2026-03", 1.0, "2026-03-01"),), ("2026-03-01",), True),  # the same call
            ((("X1", "call_outs", "2026-03", 1.0, "2026-02-28"),), ("2026-03-01",), False),
        ],
    )
    def test_ledger_and_state_count_once(self, centre, rows, days, may):
        mine = with_pool(centre, OUTSIDE, ledger=ledger(*rows))
        states = self.called(*(at(centre, "01:00", day) for day in days))
        assert (told(mine, "14:10", 60, states).decision.action == "call") is may

    def test_planned_call_outs_count(self, centre):
        one = ("X1", "2026-03-10", "09:00", "11:00", "backup")
        other = ("X1", "2026-03-20", "09:00", "11:00", "backup")
        mine = with_pool(centre, OUTSIDE)
        assert told(mine, "14:10", 60, rota=shifts(centre, one)).decision.action == "call"
        assert told(mine, "14:10", 60, rota=shifts(centre, one, other)).decision.action == "wait"


def test_who_has_left_the_pool_is_forgotten(centre):
    states = {"后备组": PoolState({"X9": Helper("here", (0.0,), 15.0), "X1": Helper()})}
    found = told(with_pool(centre, OUTSIDE), "14:10", 45, states)
    assert list(found.decision.state.helpers) == ["X1"]


def test_one_who_is_called_by_one_pool_counts_as_help_of_the_others(centre):
    first = replace(POOL, name="甲", trigger="agents_short", threshold=2.0)
    second = replace(first, name="乙")
    both = replace(
        with_pool(centre, replace(OUTSIDE, pool="甲"), BackupMember("乙", "Y1", (("chat", 1.0),), 0.0)),
        settings=replace(centre.settings, backup=(first, second)),
    )
    now = at(centre, "14:10")
    required = pd.DataFrame(
        {"interval_start": to_timestamps([at(centre, "14:00")]), "queue": "chat", "agents_to_roster": [3.0]}
    )
    empty = pd.DataFrame({"interval_start": to_timestamps([]), "queue": [], "offered": [], "aht_seconds": []})
    today = today_so_far(empty, now, both.settings.centre.timezone, 30)
    rota = shifts(centre, ("A", DAY, "08:00", "17:00", "work:chat"))
    here = {"甲": PoolState({"X1": Helper("here", (now - 60.0,), now - 45.0)})}
    found = pools_now(both, today, here, rota, required)
    assert [each.measures["agents_short"].value for each in found] == [1.0, 1.0]
    assert [each.measures["agents_short"].value for each in pools_now(both, today, {}, rota, required)] == [
        2,
        2,
    ]
