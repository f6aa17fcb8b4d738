"""The ledger rolled over days that were worked: policy rows P9 (time off the queue) and P22 (shares). By hand, and that no hour is lost."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.instants import day_number
from centre.model import Activity, CentreInfo, Contract, Objective, Queue, Settings, ShiftTemplate
from centre.people import Agent
from scheduler.close import rolled
from scheduler.ledger import AWAY, ENTRY, Ledger
from scheduler.quotas import owed_of
from scheduler.rota import COLUMNS, Rota
from scheduler.rules.facts import Facts, facts_of

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 3, 2)
NIGHT = ShiftTemplate("夜", 1320, 1320, 480)
DAY_SHIFT = ShiftTemplate("早", 480, 480, 480)
TRAINING = Activity("training", "training", 60, 4)
CHECKS = Activity("checks", "checks", 30, 2, "week", "team")
AGENTS = tuple(Agent(f"a{k}", "", "x", "junior", (("q", 1.0),), "c") for k in range(3))


def settings_of(*activities: Activity) -> Settings:
    contract = Contract("c", 0, 2400, 0, 5, ("夜", "早"))
    return Settings(
        CentreInfo("t", ZONE, None, 30), (Queue("q"),), (NIGHT, DAY_SHIFT), (contract,), objective=Objective(), activity=activities
    )  # fmt: skip


def facts_from(ledger: Ledger, told: Settings, first: date, days: int, agents=AGENTS, leave=None) -> Facts:
    return facts_of(told, agents, leave, None, day_number(first), days, {}, ledger=ledger.frame())


def rota_of(*rows: tuple[str, date, int, int, str]) -> Rota:
    """Rows (agent, day, from, to, activity), minutes after local midnight."""
    table = [
        (
            who,
            day,
            *(pd.Timestamp(day, tz=ZONE) + pd.Timedelta(minutes=at) for at in (start, end)),
            activity,
            "s",
            True,
        )
        for who, day, start, end, activity in rows
    ]
    return Rota.from_frame(pd.DataFrame(table, columns=list(COLUMNS)))


def close(ledger, told, first, days, *rows, agents=AGENTS, leave=None, requests=None) -> Ledger:
    facts = facts_from(ledger, told, first, days, agents, leave)
    return rolled(ledger, rota_of(*rows), facts, told, agents, requests)


def test_p22_nights_and_weekends_are_counted_by_month():
    week = [("a0", MONDAY + timedelta(k), 1320, 1800, "work:q") for k in (4, 5, 6)]
    ledger = close(Ledger(), settings_of(), MONDAY, 7, *week, ("a1", MONDAY, 480, 960, "work:q"))
    assert [ledger.amount("a0", name, "2026-03") for name in ("nights", "weekends", "holidays", "lates")] == [
        3,
        2,
        0,
        0,
    ]
    assert ledger.entries["a1", "nights", "2026-03"].amount == 0  # known from now on, so no newcomer
    again = close(
        ledger, settings_of(), MONDAY + timedelta(28), 7, ("a0", MONDAY + timedelta(30), 1320, 1800, "work:q")
    )
    assert (again.amount("a0", "nights", "2026-03"), again.amount("a0", "nights", "2026-04")) == (3, 1)
    assert ledger.amount("a0", "nights", "2026-04") == 0  # the ledger before stays as it was


def test_p22_a_newcomer_enters_at_the_average():
    week = [(f"a{k}", MONDAY + timedelta(d), 1320, 1800, "work:q") for k in (0, 1) for d in range(2 + 2 * k)]
    ledger = close(Ledger(), settings_of(), MONDAY, 7, *week, agents=AGENTS[:2])
    ledger = close(
        ledger,
        settings_of(),
        MONDAY + timedelta(7),
        7,
        *(("a2", MONDAY + timedelta(8), 1320, 1800, "work:q"),),
    )
    assert ledger.amount("a2", "nights", ENTRY) == pytest.approx(3.0)  # of 2 and 4
    assert ledger.amount("a2", "nights", "2026-03") == 1
    later = close(ledger, settings_of(), MONDAY + timedelta(14), 7)
    assert later.amount("a2", "nights", ENTRY) == pytest.approx(3.0)


def test_p22_whoever_is_away_for_all_of_it_is_owed_nothing_for_it():
    leave = pd.DataFrame(
        {
            "agent_id": ["a2"],
            "start": [pd.Timestamp(MONDAY, tz=ZONE)],
            "end": [pd.Timestamp(MONDAY + timedelta(7), tz=ZONE)],
        }
    )
    week = [("a0", MONDAY + timedelta(k), 1320, 1800, "work:q") for k in range(4)]
    ledger = close(Ledger(), settings_of(), MONDAY, 7, *week, leave=leave)
    assert ledger.amount("a2", "nights", AWAY) == pytest.approx(2.0)  # 4 of two people


def test_p9_what_a_month_leaves_owed_is_made_up_first():
    told = settings_of(TRAINING)
    ledger = close(
        Ledger(), told, date(2026, 3, 23), 14, ("a0", date(2026, 3, 24), 480, 540, "training:training")
    )
    assert ledger.minutes("a0", "done:training", "2026-03") == 60
    assert ledger.minutes("a0", "owed:training", "2026-03") == 180
    assert ledger.minutes("a1", "owed:training", "2026-03") == 240
    owed = owed_of(
        told.activity,
        AGENTS,
        facts_from(ledger, told, date(2026, 4, 6), 7).ledger,
        day_number(date(2026, 4, 6)),
        day_number(date(2026, 4, 12)),
        0,
    )
    mine = [each for each in owed if each.who == "a0"]
    assert [(each.period, each.overdue, each.owed_minutes) for each in mine] == [
        ("2026-03", True, 180),
        ("2026-04", False, 240),
    ]
    april = [("a0", date(2026, 4, 6 + k), 480, 600, "training:training") for k in range(2)]
    after = close(ledger, told, date(2026, 4, 6), 7, *april)
    assert after.minutes("a0", "owed:training", "2026-03") == 0
    assert (
        after.minutes("a0", "done:training", "2026-03"),
        after.minutes("a0", "done:training", "2026-04"),
    ) == (240, 60)


def test_p9_a_team_owes_together_and_leading_counts_for_nobody():
    rows = [("a0", MONDAY, 480, 510, "checks:checks"), ("a1", MONDAY, 480, 510, "lead:checks")]
    ledger = close(Ledger(), settings_of(CHECKS), MONDAY, 7, *rows)
    assert ledger.minutes("team:x", "done:checks", "2026-03-02") == 30
    assert ledger.minutes("team:x", "owed:checks", "2026-03-02") == 30
    assert not any(key[0] == "a1" and key[1].startswith("done:") for key in ledger.entries)


def test_nothing_is_owed_by_who_has_left_was_away_all_month_or_need_not_make_it_up():
    leave = pd.DataFrame(
        {
            "agent_id": ["a1"],
            "start": [pd.Timestamp("2026-03-01", tz=ZONE)],
            "end": [pd.Timestamp("2026-04-01", tz=ZONE)],
        }
    )
    gone = (replace(AGENTS[0], leaves_on=day_number(date(2026, 3, 20))), *AGENTS[1:])
    ledger = close(Ledger(), settings_of(TRAINING), date(2026, 3, 30), 7, agents=gone, leave=leave)
    assert [key[0] for key in ledger.entries if key[1] == "owed:training"] == ["a2"]
    lax = settings_of(replace(TRAINING, carries_over=False))
    assert not any(key[1].startswith("owed:") for key in close(Ledger(), lax, date(2026, 3, 30), 7).entries)


def test_activities_that_the_centre_does_not_know_are_kept_too():
    ledger = close(Ledger(), settings_of(), MONDAY, 7, ("a0", MONDAY, 480, 540, "admin:档案"))
    assert ledger.minutes("a0", "done:档案", "2026-03") == 60


def test_requests_asked_and_granted_are_counted():
    asked = pd.DataFrame(
        [
            ("a0", MONDAY, "off", ""),
            ("a0", MONDAY + timedelta(1), "on", "s"),
            ("a0", MONDAY + timedelta(9), "off", ""),
        ],
        columns=["agent_id", "date", "kind", "shift"],
    )
    ledger = close(Ledger(), settings_of(), MONDAY, 7, ("a0", MONDAY, 480, 960, "work:q"), requests=asked)
    assert (
        ledger.amount("a0", "wishes_asked", "2026-03"),
        ledger.amount("a0", "wishes_granted", "2026-03"),
    ) == (2, 0)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a0", "a1", "a2"]), st.integers(0, 6), st.integers(0, 7),
        st.sampled_from(["training:training", "checks:checks", "work:q", "lead:checks"]),
    ),
    max_size=14, unique_by=lambda row: row[:3],
)  # fmt: skip
WEEKS = st.lists(st.tuples(ROWS, st.booleans()), min_size=1, max_size=9)


@settings(max_examples=60, deadline=None)
@given(WEEKS, st.integers(0, 40))
def test_p9_the_ledger_never_loses_or_invents_hours(weeks, offset):
    """Weeks are closed one after the other; those that are marked are taken back and closed again with other rows."""
    told, first = settings_of(TRAINING, CHECKS), MONDAY + timedelta(7 * offset)
    ledgers, kept = [Ledger()], list[list[tuple[str, date, int, int, str]]]()
    for rows, again in weeks:
        if again and kept:  # an edit: the last close is undone, and made again with these rows
            ledgers.pop()
            kept.pop()
        start = first + timedelta(7 * len(kept))
        week = [
            (who, start + timedelta(day), 480 + 60 * hour, 540 + 60 * hour, what)
            for who, day, hour, what in rows
        ]
        ledgers.append(close(ledgers[-1], told, start, 7, *week))
        kept.append(week)
    now = ledgers[-1]
    for kind in ("training", "checks"):
        minutes = sum(60 for week in kept for row in week if row[4] == f"{kind}:{kind}")
        assert sum(now.minutes(*key) for key in now.entries if key[1] == f"done:{kind}") == pytest.approx(
            minutes
        )
    for who, account, period in now.entries:
        if account.startswith("owed:"):
            name = account.removeprefix("owed:")
            quota = 240 if name == "training" else 60
            done, owed = (now.minutes(who, f"{what}:{name}", period) for what in ("done", "owed"))
            assert owed >= 0
            assert done + owed == pytest.approx(quota)


def test_a_table_comes_back_as_it_was():
    ledger = close(Ledger(), settings_of(TRAINING), MONDAY, 7, ("a0", MONDAY, 480, 540, "training:training"))
    assert Ledger.from_frame(ledger.frame()).entries == ledger.entries
    assert Ledger.from_frame(Ledger().frame()).entries == {}
    hours = pd.DataFrame(
        [("a0", "done:training", "2026-03", 1.5, "hours", MONDAY)], columns=list(ledger.frame().columns)
    )
    assert Ledger.from_frame(hours).minutes("a0", "done:training", "2026-03") == 90
