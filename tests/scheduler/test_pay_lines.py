"""What holds of every pay law: minutes add up, nobody is paid below the usual rate; and two laws told again minute by minute."""

from collections import Counter
from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centre.errors import BadInput, Faults
from centre.instants import day_number, from_minutes
from centre.model import Contract, Overtime, RuleSettings
from scheduler.pay.class_words import in_words
from scheduler.pay.cn_labour import ChinaPay
from scheduler.pay.contract import ContractPay
from scheduler.pay.jp import JapanPay
from scheduler.pay.laws import BY_PRESET, LAWS, law_in_force, law_of, with_figures
from scheduler.pay.lines import LINE_COLUMNS, class_totals, hourly_costs, pay_lines, pay_summary, without_cost
from scheduler.pay.us_ca import CaliforniaPay
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.presets import PRESETS

PACIFIC = ZoneInfo("America/Los_Angeles")
CHICAGO = ZoneInfo("America/Chicago")
FIRST = day_number(date(2026, 10, 26))  # the clocks go back on Sunday, 1 November
DAYS = 11
CONTRACT = Contract("全职", 0, 2400, 0, 5, ("day",), 30.0, Overtime(600, 1.5))
SPECIAL = {FIRST + 3: "statutory", FIRST + 6: "statutory", FIRST + 4: "bridged"}


@st.composite
def rows(draw, agents=("a", "b")):
    """Rows of rota.csv: at most one shift a day, none before the last one ended, breaks paid and unpaid."""
    told = []
    for agent in agents:
        until = 0
        for day in range(FIRST, FIRST + DAYS):
            if draw(st.integers(0, 5)) == 0:
                continue
            start = day * 1440 + 480 + draw(st.integers(0, 1439))
            length = draw(st.sampled_from([240, 479, 480, 481, 541, 600, 720, 721, 900]))
            if start < until:
                continue
            pause, minutes = draw(st.integers(1, 300)), draw(st.sampled_from([0, 10, 30, 60]))
            paid = draw(st.booleans())
            local = from_minutes(start, PACIFIC).date()
            parts = [
                (start, start + pause, "work:*", True),
                (start + pause, start + pause + minutes, "break", paid),
            ]
            parts.append((start + pause + minutes, start + max(length, pause + minutes), "work:*", True))
            told += [(agent, local, *part) for part in parts if part[1] > part[0]]
            until = parts[-1][1]
    return told


def rota_from(told):
    columns = ["agent_id", "day", "start", "end", "activity", "paid"]
    frame = pd.DataFrame(told, columns=columns).assign(shift="day")
    for name in ("start", "end"):
        frame[name] = pd.to_datetime([from_minutes(m) for m in frame[name]], utc=True)
    return Rota.from_frame(frame.astype({"paid": bool}))


def facts(**people):
    known = {"a": Person("a", contract=CONTRACT, starts_on=FIRST), "b": Person("b", zone=CHICAGO)} | people
    return Facts(PACIFIC, FIRST - 1, DAYS + 3, people=known, special_days=SPECIAL)


many = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(rows())
def test_every_paid_minute_is_in_one_line_and_never_below_the_usual_rate(told):
    rota = rota_from(told)
    paid = {name: sum(row[3] - row[2] for row in told if row[0] == name and row[5]) for name in ("a", "b")}
    for law in LAWS.values():
        lines = pay_lines(rota, facts(), law).lines
        assert tuple(lines.columns) == LINE_COLUMNS
        assert (lines["multiplier"] >= lines["class_multiplier"]).all()
        assert (lines["class_multiplier"] >= 1).all()
        assert (lines["source"] != "").all()
        assert all(in_words(name) for name in {*lines["pay_class"], *lines["premium"]} - {""})
        worked = lines[lines["kind"] == "paid_time"]
        assert (worked["end"] - worked["start"]).dt.total_seconds().tolist() == (
            worked["minutes"] * 60
        ).tolist()
        assert (worked["minutes"] > 0).all()
        for name in ("a", "b"):
            mine = worked[worked["agent_id"] == name]
            assert mine["minutes"].sum() == paid[name]
            assert (mine["start"].iloc[1:].to_numpy() >= mine["end"].iloc[:-1].to_numpy()).all()
            assert all(ordinary == "usual rate" for ordinary in mine[mine["multiplier"] == 1]["source"])


def minutes_of(told, agent):
    """(minute, shift's day) of all paid minutes, in order."""
    mine = sorted((row for row in told if row[0] == agent and row[5]), key=lambda row: row[2])
    return [(minute, day_number(row[1])) for row in mine for minute in range(row[2], row[3])]


@cache
def local_day(half_hour, zone):
    return day_number(from_minutes(half_hour * 30, zone).date())


def week(day):
    return day - (day + 3) % 7


def china_by_minute(told, agent, days_agreed):
    """The law told again: one minute after the other, counters by day and week."""
    minutes = minutes_of(told, agent)
    days = sorted({day for _, day in minutes})
    rest = {
        day for day in days if sum(week(other) == week(day) and other <= day for other in days) > days_agreed
    }
    zone = PACIFIC if agent == "a" else CHICAGO
    by_day, by_week, found = Counter(), Counter(), Counter()
    for minute, day in minutes:
        if SPECIAL.get(local_day(minute // 30, zone)) == "statutory":
            found["public_holiday", 3.0] += 1
        elif day in rest:
            found["rest_day", 2.0] += 1
        elif by_day[day] >= 480:
            found["overtime", 1.5] += 1
        else:
            by_day[day] += 1
            by_week[week(day)] += 1
            found[("overtime", 1.5) if by_week[week(day)] > 2400 else ("ordinary", 1.0)] += 1
    return found


def california_by_minute(told, agent):
    """The law told again: first the workdays, then each minute's place in its workday and week."""
    zone = PACIFIC if agent == "a" else CHICAGO
    minutes = [local_day(minute // 30, zone) for minute, _ in minutes_of(told, agent)]
    worked = set(minutes)
    by_day, by_week, found = Counter(), Counter(), Counter()
    for day in minutes:
        by_day[day] += 1
        seventh = all(week(day) + k in worked for k in range(7)) and day == week(day) + 6
        if by_day[day] > 720 or (seventh and by_day[day] > 480):
            found["double_time", 2.0] += 1
        elif seventh or by_day[day] > 480:
            found["overtime", 1.5] += 1
        else:
            by_week[week(day)] += 1
            found[("overtime", 1.5) if by_week[week(day)] > 2400 else ("ordinary", 1.0)] += 1
    return found


def classes(lines, agent):
    mine = lines[(lines["agent_id"] == agent) & (lines["kind"] == "paid_time")]
    found = Counter()
    for row in mine.itertuples():
        found[row.pay_class, row.multiplier] += row.minutes
    return found


@many
@given(rows())
def test_two_laws_agree_with_a_count_minute_by_minute(told):
    rota = rota_from(told)
    china, california = (pay_lines(rota, facts(), law).lines for law in (ChinaPay(), CaliforniaPay()))
    for agent, days_agreed in (("a", 5), ("b", 6)):
        assert classes(china, agent) == china_by_minute(told, agent, days_agreed)
        assert classes(california, agent) == california_by_minute(told, agent)


@many
@given(rows(("a",)), st.integers(1, DAYS))
def test_a_horizon_cut_in_two_pays_what_the_whole_pays(told, days):
    """The first part is what was worked before the second: together they are the whole."""
    rota, edge = rota_from(told), FIRST + days
    for law in LAWS.values():
        whole = classes(pay_lines(rota, facts(), law).lines, "a")
        known = facts()
        first = Facts(PACIFIC, FIRST - 1, days + 1, people=known.people, special_days=SPECIAL)
        second = Facts(PACIFIC, edge, DAYS + 2 - days, people=known.people, special_days=SPECIAL, before=rota)
        assert (
            sum((classes(pay_lines(rota, part, law).lines, "a") for part in (first, second)), Counter())
            == whole
        )


def at(day, hour=15):
    return (FIRST + day) * 1440 + hour * 60


def row(start, minutes, activity="work:*", agent="a", paid=True):
    return (
        agent,
        date(1970, 1, 1) + timedelta(days=(start - 480) // 1440),
        start,
        start + minutes,
        activity,
        paid,
    )


def test_a_minute_told_twice_is_paid_once():
    rota = rota_from([row(at(0), 300), row(at(0), 300), row(at(0) + 120, 300)])
    lines = pay_lines(rota, facts(), ContractPay()).lines
    assert lines["minutes"].tolist() == [420]
    agent, _, *rest = row(at(0), 300)
    of_two_days = rota_from([row(at(0), 300), (agent, date(2026, 10, 27), *rest)])
    assert pay_lines(of_two_days, facts(), ContractPay()).lines["minutes"].tolist() == [300]


def test_standing_by_at_home_is_a_class_of_its_own_and_told():
    rota = rota_from([row(at(0), 300, "on_call"), row(at(1), 480)])
    pay = pay_lines(rota, facts(), ChinaPay())
    assert classes(pay.lines, "a") == {("on_call", 1.0): 300, ("ordinary", 1.0): 480}
    assert any("Standing by at home" in told for told in pay.told)
    called = pay_lines(rota_from([row(at(0), 300, "on_call", paid=False)]), facts(), ChinaPay())
    assert len(called.lines) == 0
    assert called.told == ()


def test_each_person_goes_by_their_own_clock():
    """1 h over midnight in Chicago on the eve of the holiday, all of it before midnight by the Pacific clock."""
    start = (FIRST + 3) * 1440 + 4 * 60 + 30  # 23:30 in Chicago, 21:30 in Los Angeles
    told = [(agent, date(2026, 10, 28), start, start + 60, "work:*", True) for agent in ("a", "b")]
    lines = pay_lines(rota_from(told), facts(), ChinaPay()).lines
    assert classes(lines, "a") == {("ordinary", 1.0): 60}
    assert classes(lines, "b") == {("ordinary", 1.0): 30, ("public_holiday", 3.0): 30}


def test_rows_outside_the_horizon_are_not_paid():
    rota = rota_from([row(at(0), 300), row(at(1), 300), row(at(2), 300)])
    known = Facts(PACIFIC, FIRST + 1, 1, people={}, special_days={})
    assert pay_lines(rota, known, ChinaPay()).lines["minutes"].tolist() == [300]


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_an_empty_rota_has_no_lines(law):
    pay = pay_lines(rota_from([row(at(0), 300)]).narrowed([False]), facts(), law)
    assert len(pay.lines) == 0
    assert len(pay_summary(pay.lines, {})) == 0


def test_sums_by_month_and_day_with_their_cost():
    """28 and 31 October: 9 h and 8 h at 30 an hour; 2 November another 8."""
    told = [row(at(2), 540), row(at(5), 480), row(at(7), 480), row(at(7), 480, agent="b")]
    lines = pay_lines(rota_from(told), facts(), ChinaPay()).lines
    known = facts()
    table = pay_summary(lines, hourly_costs(known))
    mine = table[table["agent_id"] == "a"]
    assert mine[["month", "pay_class", "hours", "cost"]].values.tolist() == [
        ["2026-10", "ordinary", 16.0, 480.0], ["2026-10", "overtime", 1.0, 45.0], ["2026-11", "ordinary", 8.0, 240.0],
    ]  # fmt: skip
    assert table[table["agent_id"] == "b"]["cost"].isna().all()
    assert without_cost(table) == (
        "Not checked: the hourly cost of 1 person is not known; what they cost is left blank.",
    )
    by_day = pay_summary(lines, by="day")
    assert by_day[by_day["agent_id"] == "a"]["day"].tolist() == [
        date(2026, 10, 28), date(2026, 10, 28), date(2026, 10, 31), date(2026, 11, 2)
    ]  # fmt: skip
    totals = class_totals(table)
    assert [(one["pay_class"], one["hours"], one["cost"]) for one in totals] == [
        ("ordinary", 32.0, 720.0), ("overtime", 1.0, 45.0),
    ]  # fmt: skip
    assert class_totals(table[table["agent_id"] == "b"])[0]["cost"] is None


def test_a_year_of_many_people_is_paid_in_seconds():
    """33,000 shifts; a slip into a loop over rows or people would take minutes."""
    import time

    import numpy as np

    people, days = 150, 220
    agent = np.repeat(np.arange(people, dtype=np.int32), days)
    day = np.tile(FIRST + np.arange(days), people) + 0
    start = day * 1440 + 900
    size = len(day)
    rota = Rota(
        tuple(f"p{k:04d}" for k in range(people)), ("day",), ("work:*",), agent, day, start, start + 500,
        np.zeros(size, dtype=np.int32), np.zeros(size, dtype=np.int32), np.ones(size, dtype=bool),
    )  # fmt: skip
    began = time.perf_counter()
    lines = pay_lines(rota, Facts(PACIFIC, FIRST, days, special_days={}), ChinaPay()).lines
    assert lines["minutes"].sum() == size * 500
    assert time.perf_counter() - began < 15


def test_every_law_says_what_it_is():
    for name, law in LAWS.items():
        assert law.name == name
        assert law.title
        assert law.words.endswith(".")
        assert law.counts.endswith(".")
        assert "**Source:**" in law.__doc__ or "recalled" in law.__doc__
        assert all(in_words(pay_class) for pay_class in law.sources)
    assert set(BY_PRESET) - set(LAWS) <= set(PRESETS)
    assert law_of("uk-wtr") is LAWS["contract"]
    assert law_of("customer-service") is None


def test_the_law_in_force_is_named_derived_or_none():
    assert law_in_force(RuleSettings()) is None
    assert law_in_force(RuleSettings(pay="jp")) == JapanPay()
    assert law_in_force(RuleSettings(pay="presets", presets=("customer-service", "eu-wtd"))) == ContractPay()
    changed = law_in_force(
        RuleSettings(pay="cn-labour", pay_figures={"rest_days": "calendar", "statutory": 3.5})
    )
    assert changed == ChinaPay(rest_days="calendar", statutory=3.5)


@pytest.mark.parametrize(
    ("rules", "column", "found"),
    [
        (RuleSettings(pay="cn"), "rules.pay", "cn"),
        (RuleSettings(pay="presets"), "rules.presets", "customer-service"),
        (RuleSettings(pay="presets", presets=("jp", "ph")), "rules.presets", "jp, ph"),
        (RuleSettings(pay_figures={"overtime": 2.0}), "rules.pay_figures", None),
        (RuleSettings(pay="jp", pay_figures={"overtme": 2.0}), "rules.pay_figures.overtme", "overtme"),
        (RuleSettings(pay="jp", pay_figures={"overtime": -0.1}), "rules.pay_figures.overtime", -0.1),
        (RuleSettings(pay="jp", pay_figures={"daily_minutes": 0}), "rules.pay_figures.daily_minutes", 0),
        (RuleSettings(pay="jp", pay_figures={"daily_minutes": 7.5}), "rules.pay_figures.daily_minutes", 7.5),
        (
            RuleSettings(pay="us-ca", pay_figures={"workday_from": 1440}),
            "rules.pay_figures.workday_from",
            1440,
        ),
        (RuleSettings(pay="cn-labour", pay_figures={"overtime": 0.5}), "rules.pay_figures.overtime", 0.5),
        (
            RuleSettings(pay="cn-labour", pay_figures={"rest_days": "周末"}),
            "rules.pay_figures.rest_days",
            "周末",
        ),
        (RuleSettings(pay="contract", pay_figures={"x": 1}), "rules.pay_figures.x", "x"),
    ],
)
def test_what_is_wrong_with_the_setting_is_named(rules, column, found):
    with pytest.raises(BadInput) as raised:
        law_in_force(rules)
    (fault,) = raised.value.faults
    assert fault.column == column
    assert found is None or str(found) in str(fault)


def test_all_faults_of_a_laws_figures_are_told_at_once():
    faults = Faults()
    law = with_figures(JapanPay(), {"overtime": True, "night": "a quarter", "nigth": 0.3}, faults)
    assert law == JapanPay()
    with pytest.raises(BadInput) as raised:
        faults.raise_if_any()
    assert len(raised.value.faults) == 3
