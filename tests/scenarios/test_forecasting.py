"""What a centre folder tells the forecaster, and what becomes of it: calendar, hours, events, the planner's hand."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.calendar import CalendarRow
from centre.folder import read_centre
from centre.instants import Grid, day_number, to_timestamps
from scenarios.demand import holidays_of, horizon
from scenarios.forecasting import (
    centre_options,
    day_calendar,
    forecast_of,
    groups_of,
    rounded_forecast,
    with_planners_hand,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST, START, DAYS = date(2024, 7, 8), date(2024, 9, 18), 26  # National Day and its make-up days
TOML = """
[centre]
name = "客服中心"
timezone = "Asia/Shanghai"
country = "CN"
interval_minutes = 60

[[queue]]
name = "热线"
target_seconds = 20
site = "武汉"
opening = [{ days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], opens = "08:00", closes = "20:00" }]

[[queue]]
name = "在线"
channel = "chat"
target_seconds = 30
aht_seconds = 300
group = "文字"
site = "武汉"
opening = [{ days = ["mon", "tue", "wed", "thu", "fri"], opens = "09:00", closes = "18:00" }]
closed_holidays = "all"

[[queue]]
name = "新业务"
target_seconds = 30
like = "热线"

[[shift]]
name = "day"
earliest_start = "08:00"
latest_start = "11:00"
duration_minutes = 480
days = ["mon", "tue", "wed", "thu", "fri"]

[[contract]]
name = "full"
weekly_minutes_min = 2400
weekly_minutes_max = 2400
days_min = 5
days_max = 5
shifts = ["day"]
"""
TOLD = {
    "calendar.csv": """date,name,class,festival,queues,opens,closes
2024-10-10,盘点,closed,,在线,,
""",
    "events.csv": """name,phase,start,end,queues,kind,uplift
周年庆,高峰,2024-09-24,2024-09-26,热线,campaign,0.5
机房停电,,2024-08-14T10:00,2024-08-14T15:00,热线,outage,
""",
    "day_totals.csv": """date,queue,offered,source
2024-09-20,文字,999,finance v1
2024-10-05,在线,50,finance v1
""",
    "overrides.csv": """start,end,queue,kind,value,reason,author
2024-09-20,2024-09-21,在线,multiply,2,短信群发,王芳
2024-09-19,2024-09-20,热线,set,1234,市场部确认的量,王芳
""",
}


def history():
    """Twelve hours a day on the hotline, nine in chat on workdays, the hotline silent in an outage."""
    grid = Grid(SHANGHAI, day_number(FIRST), (START - FIRST).days, 60)
    hour, day = grid.local_minutes() // 60, grid.local_days()
    mid_autumn = [day_number(date(2024, 9, k)) for k in (16, 17)]  # the Saturday before is worked in exchange
    works = ((day + 3) % 7 < 5) & ~np.isin(day, mid_autumn) | (day == mid_autumn[0] - 2)
    outage = (day == day_number(date(2024, 8, 14))) & (hour >= 10) & (hour < 15)
    means = {
        "热线": np.where((hour >= 8) & (hour < 20), np.where(works, 80.0, 40.0), 0) * ~outage,
        "在线": np.where((hour >= 9) & (hour < 18) & works, 50.0, 0),
    }
    rng = np.random.default_rng(6)
    tables = [
        pd.DataFrame(
            {"interval_start": to_timestamps(grid.starts), "queue": name, "offered": rng.poisson(mean)}
        )
        for name, mean in means.items()
    ]
    tables[0] = tables[0].assign(aht_seconds=240.0)
    return pd.concat(tables).loc[lambda t: t["offered"] > 0]


def centre_in(folder, files):
    (folder / "centre.toml").write_text(TOML, encoding="utf-8")
    agents = "agent_id,name,team,level,skills,contract\nA001,王芳,one,senior,热线,full\n"
    for name, text in {"agents.csv": agents, **files}.items():
        (folder / name).write_text(text, encoding="utf-8")
    history().to_csv(folder / "history.csv", index=False, date_format="%Y-%m-%dT%H:%M:%SZ")
    return read_centre(folder)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A centre that tells nothing beside its history."""
    return centre_in(tmp_path_factory.mktemp("bare"), {})


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The same centre with calendar, events, day totals and overrides."""
    return centre_in(tmp_path_factory.mktemp("told"), TOLD)


def forecast(centre, executor=None):
    grid = horizon(centre.settings, START, DAYS)
    return forecast_of(centre, grid, holidays_of(centre, grid), executor)


@pytest.fixture(scope="module")
def plain(bare):
    return forecast(bare)


@pytest.fixture(scope="module")
def handed(told):
    return forecast(told)


def by_day(table, queue, column="offered"):
    mine = table[table["queue"] == queue]
    return mine.groupby(mine["interval_start"].dt.tz_convert(SHANGHAI).dt.strftime("%m-%d"))[column].sum()


def test_the_countrys_calendar_makes_days_off_and_workdays(plain):
    days = by_day(plain.table, "热线")
    assert days["09-29"] > 0.85 * days["09-23"]  # a Sunday that is worked
    assert days["09-22"] < 0.6 * days["09-23"]
    assert days[["10-01", "10-02", "10-03", "10-04", "10-07"]].max() < 0.75 * days["09-23"]
    assert days["10-08"] == pytest.approx(days["09-24"], rel=0.1)


def test_queues_are_open_as_their_hours_and_the_calendar_say(plain, handed):
    weekdays = {f"09-{day}" for day in (18, 19, 20, 23, 24, 25, 26, 27, 30)} | {
        "10-08",
        "10-09",
        "10-10",
        "10-11",
    }
    makeup = {"09-29", "10-12"}
    assert set(by_day(plain.table, "在线").index) == weekdays | makeup
    assert set(by_day(handed.table, "在线").index) == (weekdays | makeup) - {"10-10"}
    hours = plain.table.groupby("queue")["interval_start"].agg(
        lambda s: set(s.dt.tz_convert(SHANGHAI).dt.hour)
    )
    assert hours["热线"] == set(range(8, 20))
    assert hours["在线"] == set(range(9, 18))


def test_an_event_is_on_top_of_the_queue_it_is_of(plain, handed):
    days = [by_day(each.table, "热线") for each in (plain, handed)]
    for day in ("09-24", "09-25"):
        assert days[1][day] / days[0][day] == pytest.approx(1.5, rel=0.01)
    for day in ("09-23", "09-26", "10-08"):
        assert days[1][day] / days[0][day] == pytest.approx(1.0, rel=0.02)
    assert "周年庆: 高峰" in handed.forecast.queues["热线"].parts
    assert "周年庆: 高峰" not in handed.forecast.queues["在线"].parts


def test_day_totals_come_before_overrides(handed):
    table = handed.table
    assert by_day(table, "在线")["09-20"] == pytest.approx(2 * 999, abs=0.01)
    assert by_day(table, "在线", "offered_before_override")["09-20"] == pytest.approx(999, abs=0.01)
    before = by_day(table, "在线", "offered_before_day_total")["09-20"]
    assert before == pytest.approx(450, rel=0.05)
    assert by_day(handed.forecast.table(), "在线")["09-20"] == pytest.approx(before, abs=0.01)
    assert by_day(table, "热线")["09-19"] == pytest.approx(1234, abs=0.01)
    assert by_day(table, "热线", "offered_before_override")["09-18"] == by_day(table, "热线")["09-18"]


def test_bands_move_with_the_contacts(handed):
    table = handed.table[handed.table["queue"] == "热线"]
    local = table["interval_start"].dt.tz_convert(SHANGHAI).dt.strftime("%m-%d")
    day, before = table[local == "09-19"], handed.forecast.table().set_index(["queue", "interval_start"])
    mine = before.loc["热线"].loc[day["interval_start"]]
    ratio = day["offered"].to_numpy() / mine["offered"].to_numpy()
    assert day["offered_p90"].to_numpy() / mine["offered_p90"].to_numpy() == pytest.approx(ratio, rel=1e-3)


def test_what_could_not_be_done_is_told(handed):
    notes = "\n".join(handed.report.notes)
    assert "2024-10-05" in notes  # a total on a day on which the queue is shut
    assert "在线" in notes
    assert "王芳" not in "\n".join(handed.report.warnings)  # whose override it was is nobody's business


def test_a_queue_without_history_copies_the_one_it_is_like(plain):
    copied, own = (by_day(plain.forecast.table(), name) for name in ("新业务", "热线"))
    assert copied.index.tolist() == own.index.tolist()
    assert copied.to_numpy() == pytest.approx(own.to_numpy(), rel=0.15)
    assert any("新业务" in note for note in plain.report.notes)


def test_the_written_table_has_its_columns_and_decimals(plain, handed):
    usual = ["interval_start", "queue", "offered", "aht_seconds", "offered_p10", "offered_p50", "offered_p90"]
    before = ["offered_before_day_total", "offered_before_override"]
    assert list(plain.table.columns) == [*usual, "assumed"]
    assert list(handed.table.columns) == [*usual, *before, "assumed"]
    assert set(plain.table.loc[plain.table["assumed"], "queue"]) == {"在线"}
    assert (handed.table["offered"] == handed.table["offered"].round(4)).all()
    found = handed.forecast.table()
    assert list(rounded_forecast(found.assign(aht_assumed=False)).columns) == usual


def test_an_executor_changes_nothing(told, handed):
    with ThreadPoolExecutor(2) as executor:
        found = forecast(told, executor)
    pd.testing.assert_frame_equal(found.table, handed.table)


def test_options_say_all_that_the_folder_tells(told):
    grid = horizon(told.settings, START, DAYS)
    options = centre_options(told, holidays_of(told, grid), grid.first_day + grid.days)
    assert options["timezone"] == SHANGHAI
    assert set(options["calendars"]) == set(options["opening"]) == {"热线", "在线", "新业务"}
    assert options["like"] == {"新业务": "热线"}
    assert options["aht_seconds"]["在线"] == 300
    assert [event.title for event in options["events"]] == ["周年庆: 高峰", "机房停电"]
    closed = day_number(date(2024, 10, 10))
    assert options["calendars"]["在线"].special[closed].day_class == "closed"
    assert closed not in options["calendars"]["热线"].special
    assert day_number(date(2024, 10, 1)) in options["holidays"]


def test_groups_and_sites_hold_their_queues(told):
    assert groups_of(told) == {"文字": ["在线"], "武汉": ["热线", "在线"]}


def test_the_planners_hand_is_not_there_where_nothing_is_told(bare, plain):
    table = plain.forecast.table()
    found, said = with_planners_hand(table, bare, SHANGHAI)
    assert found is table
    assert said == ()


def test_a_calendar_reaches_beyond_history_and_horizon():
    """A festival outside both is felt inside: its first day is known."""
    first, last = day_number(date(2024, 2, 20)), day_number(date(2024, 9, 20))
    found = day_calendar("CN", first, last)
    assert found.anchors[day_number(date(2024, 2, 10))] == "Spring Festival"
    assert found.anchors[day_number(date(2024, 10, 1))] == "National Day"
    assert found.special[day_number(date(2024, 2, 10))].day_class == "statutory"


def test_the_centres_own_days_come_before_the_countrys():
    day = day_number(date(2024, 10, 1))
    rows = (
        CalendarRow(day, "照常上班", "workday"),
        CalendarRow(day + 8, "店庆", "statutory", "店庆", queues=("热线",)),
    )
    everyone, hotline = (day_calendar("CN", day - 30, day + 30, rows, queue) for queue in (None, "热线"))
    assert day not in everyone.special
    assert day + 8 not in everyone.special
    assert hotline.special[day + 8].festival == "店庆"
    assert hotline.anchors[day + 8] == "店庆"
    nowhere = day_calendar(None, day - 30, day + 30)
    assert (dict(nowhere.special), dict(nowhere.anchors)) == ({}, {})
