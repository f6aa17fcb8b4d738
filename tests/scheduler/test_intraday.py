"""Repairs of invented days: nothing before now changes, no rule is newly broken, and figures are those of the rota."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.instants import day_number, local_instant, to_timestamps
from centre.model import Break, CentreInfo, Contract, Overtime, Queue, RuleSettings, Settings, ShiftTemplate
from centre.people import Agent
from scheduler.audit import audit
from scheduler.intraday.absence import Absence, left_of
from scheduler.intraday.options import Reach, moved_pause
from scheduler.intraday.repair import Asked, repair
from scheduler.intraday.rows import Row
from scheduler.rota import COLUMNS, Rota
from scheduler.rules.facts import facts_of
from scheduler.rules.notice_of_change import NoticeOfChange
from scheduler.rules.presets import rules_in_force

ZONE = ZoneInfo("Europe/Berlin")
DAY = day_number(date(2024, 10, 27))  # clocks go back at three
BREAKS = (Break(15, 60, 150), Break(30, 210, 285, paid=False, kind="meal"))
EARLY = ShiftTemplate("早", 360, 540, 480, 30, breaks=BREAKS)
NIGHT = ShiftTemplate("night", 1260, 1320, 480, 30, breaks=BREAKS)
FULL = Contract("full", 0, 2400, 0, 6, ("早", "night"), 20.0, Overtime(300, 1.5))
BARE = Contract("bare", 0, 2400, 0, 6, ("早",), 20.0)
QUEUES = (
    Queue("calls", aht_seconds=240, target_seconds=20),
    Queue("客服", aht_seconds=240, target_seconds=20),
)
SETTINGS = Settings(
    CentreInfo("c", ZONE, interval_minutes=30),
    QUEUES,
    (EARLY, NIGHT),
    (FULL, BARE),
    rules=RuleSettings(("eu-wtd",)),
)
SKILLS = ((("calls", 1.0),), (("客服", 1.0),), (("calls", 1.0), ("客服", 0.8)))


def rows(agent: str, day: int, minute: int, template: ShiftTemplate):
    """A shift with its breaks as early as they may be."""
    start = at = local_instant(ZONE, day, minute)
    for rest in template.breaks:
        begin = start + rest.earliest_minutes
        yield agent, day, at, begin, "work:*", template.name, True
        yield agent, day, begin, begin + rest.minutes, rest.kind, template.name, rest.paid
        at = begin + rest.minutes
    yield agent, day, at, start + template.duration_minutes, "work:*", template.name, True


def as_rota(told) -> Rota:
    frame = pd.DataFrame(list(told), columns=["agent_id", "day", "start", "end", "activity", "shift", "paid"])
    frame["day"] = [date.fromordinal(date(1970, 1, 1).toordinal() + int(d)) for d in frame["day"]]
    for name in ("start", "end"):
        frame[name] = to_timestamps(frame[name].to_numpy(dtype=np.int64))
    return Rota.from_frame(frame[list(COLUMNS)])


@st.composite
def days(draw):
    """A rota of two days, a moment of the second, who is absent, and what is needed."""
    people = draw(st.integers(2, 5))
    agents, told = [], []
    for k in range(people):
        name = f"a{k}"
        contract = draw(st.sampled_from([FULL, BARE]))
        agents.append(Agent(name, "", "", "intermediate", draw(st.sampled_from(SKILLS)), contract.name))
        shift = draw(st.sampled_from(["早", "早", "off", "night"]))
        if shift == "早":
            told += rows(name, DAY, draw(st.sampled_from(range(360, 541, 30))), EARLY)
        elif shift == "night" and contract is FULL:
            told += rows(name, DAY - 1, 1290, NIGHT)
        if draw(st.booleans()):
            told += rows(name, DAY + 1, 360, EARLY)
    if not told:
        told += rows("a0", DAY, 420, EARLY)
    now = local_instant(ZONE, DAY, draw(st.integers(240, 1000)))
    absent = draw(st.lists(st.integers(0, people - 1), max_size=2, unique=True))
    until = draw(st.sampled_from([45, 600]))
    need = draw(st.integers(0, 4))
    return as_rota(told), agents, now, [(f"a{k}", until) for k in absent], need, draw(st.booleans())


def asked_of(rota, agents, now, need, published=None) -> Asked:
    starts = np.arange(local_instant(ZONE, DAY, 0), local_instant(ZONE, DAY + 2, 0), 30)
    table = pd.concat(
        [
            pd.DataFrame(
                {
                    "interval_start": to_timestamps(starts), "queue": queue.name, "offered": 4.0 * need,
                    "aht_seconds": 240.0, "agents_required": float(need), "agents_to_roster": float(need),
                }
            )
            for queue in QUEUES
        ]
    )  # fmt: skip
    facts = facts_of(SETTINGS, agents, None, None, DAY - 1, 3, published_at=published)
    rules = rules_in_force(SETTINGS.rules, with_centre=True)
    return Asked(rota, facts, rules, None, SETTINGS, agents, table, now)


def minutes(rota: Rota, until: int) -> set:
    """Every minute of somebody's before an instant, with what they do."""
    return {
        (rota.agent_ids[a], m, rota.activities[k], bool(p))
        for a, s, e, k, p in zip(rota.agent, rota.start, rota.end, rota.activity, rota.paid, strict=True)
        for m in range(int(s), min(int(e), until))
    }


def short_of(asked: Asked, rota: Rota, window) -> float:
    """Agents missing to both queues together, at least, recounted minute by minute: people at work of any skill."""
    working = [
        (int(s), int(e))
        for s, e, k in zip(rota.start, rota.end, rota.activity, strict=True)
        if rota.activities[k].startswith("work")
    ]
    total = 0.0
    need = float(asked.requirement["agents_to_roster"].iloc[0]) * 2
    for at in window.starts.tolist():
        there = sum(max(0, min(e, at + 30) - max(s, at)) for s, e in working) / 30
        total += max(0.0, need - there) / 2
    return total


def breaches(asked: Asked, rota: Rota, facts) -> list:
    return [(v.agent_id, v.rule, v.source) for v in audit(rota, asked.rules, facts) if v.verdict == "breach"]


@settings(max_examples=60)
@given(days())
def test_whatever_is_asked(case):
    rota, agents, now, gone, need, time_off = case
    asked = asked_of(rota, agents, now, need)
    absences = [Absence(name, now, now + until) for name, until in gone if name in rota.agent_ids]
    found = repair(asked, absences, time_off=time_off, reach=Reach(lead_minutes=30))
    base = sorted(breaches(asked, found.missing, found.facts))
    totals = [way.total for way in found.alternatives]
    assert totals == sorted(totals)
    nothing = next(way for way in found.alternatives if way.name == "nothing")
    for way in found.alternatives:
        assert minutes(way.rota, now) == minutes(rota, now)
        left = breaches(asked, way.rota, way.facts)
        assert sorted(set(left)) == sorted(set(left) & set(base))
        assert len({option.agent_id for option, _, _ in way.changes}) == len(way.changes) <= found.most
        away = {a.agent_id: a for a in absences}
        for who, minute, activity, _ in minutes(way.rota, 1 << 40):
            inside = who in away and away[who].start <= minute < away[who].end
            assert not (inside and activity.startswith("work"))
        assert way.cover >= 60 * short_of(asked, way.rota, found.window) - 1e-6
        assert way.total <= nothing.total + 1e-6
        saved = sum(float(s.sum()) for _, _, s in way.changes)
        assert saved <= nothing.cover - way.cover + 1e-6 or len(way.changes) > 1
        assert way.price == pytest.approx(sum(price for _, price, _ in way.changes))


def day_of_two() -> tuple:
    """One early, one an hour later, both of one skill; two are needed."""
    agents = [Agent(name, "", "", "intermediate", SKILLS[0], "full") for name in ("a0", "a1")]
    return as_rota([*rows("a0", DAY, 360, EARLY), *rows("a1", DAY, 420, EARLY)]), agents


def test_a_shift_grows_only_where_overtime_is_agreed():
    rota, agents = day_of_two()
    now = local_instant(ZONE, DAY, 600)
    for contract, kinds in (("full", True), ("bare", False)):
        asked = asked_of(rota, [replace(agent, contract=contract) for agent in agents], now, 3)
        found = repair(asked, [Absence("a0", now, now + 300)])
        made = {option.kind for option, _, _ in found.alternatives[0].changes}
        assert ("end_later" in made) == kinds


def test_rest_before_tomorrow_bounds_overtime():
    """The shift ends at 15:00 and tomorrow's begins at 06:00: 11 hours of rest leave at most four more hours."""
    rota, agents = day_of_two()
    tomorrow = as_rota(
        [*rows("a0", DAY, 360, EARLY), *rows("a1", DAY, 420, EARLY), *rows("a1", DAY + 1, 360, EARLY)]
    )
    now, longest = local_instant(ZONE, DAY, 600), []
    for one in (rota, tomorrow):
        found = repair(
            asked_of(one, agents, now, 9), [Absence("a0", now, now + 300)], reach=Reach(longest_minutes=360)
        )
        (change,) = [option for option, _, _ in found.alternatives[0].changes if option.kind == "end_later"]
        longest.append(change.minutes)
    assert longest[1] == 240 < longest[0]


def test_notice_of_change_is_kept():
    """Where changes must be told a day before, only pauses may still be moved."""
    rota, agents = day_of_two()
    now = local_instant(ZONE, DAY, 400)
    asked = asked_of(rota, agents, now, 3, published=now - 30 * 1440)
    asked = replace(asked, rules=(*asked.rules, NoticeOfChange(1, "a rule")))
    found = repair(asked, [], most=2)
    assert {option.kind for way in found.alternatives for option, _, _ in way.changes} <= {"break"}


def test_what_is_left_of_a_shift():
    shift = [Row(0, 60, "work:*", True), Row(60, 90, "meal", False), Row(90, 200, "work:*", True)]
    assert [row[:3] for row in left_of(shift, 70, 100)] == [
        (0, 60, "work:*"), (60, 70, "meal"), (70, 100, "break:absent"), (100, 200, "work:*"),
    ]  # fmt: skip
    assert left_of(shift, 0, 60) == [shift[2]]
    assert left_of(shift, 0, 300) == []
    assert left_of(shift, 200, 300) == shift


def test_a_pause_moves_within_work_alone():
    shift = [Row(0, 60, "work:a", True), Row(60, 90, "meal", False), Row(90, 200, "work:b", True)]
    assert moved_pause(shift, 60, 80) is None
    assert [row[:3] for row in moved_pause(shift, 60, 30)] == [
        (0, 30, "work:a"), (30, 60, "meal"), (60, 90, "work:a"), (90, 200, "work:b"),
    ]  # fmt: skip
