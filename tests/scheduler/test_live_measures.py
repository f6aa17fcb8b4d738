"""What triggers look at on the day: the latest that is told, who is at work, agents short, service of the last half hour."""

from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from centre.actuals_file import STATE, today_so_far
from centre.instants import parse_instant
from centre.model import Backup
from centre.peaks import Trigger
from scheduler.live_measures import Floor, all_skills, at_work, measured, moments
from scheduler.rota import COLUMNS, Rota

ZONE = ZoneInfo("Asia/Shanghai")
DAY = "2026-03-02"
SKILLS = all_skills([("A1", (("chat", 1.0),)), ("A2", (("calls", 1.0),)), ("B1", (("chat", 0.8),))])
POOL = Backup("后备组", ("chat", "在线客服"))


def at(clock):
    return parse_instant(f"{DAY}T{clock}", ZONE)


def today(rows, now, more=()):
    """A day of rows (clock, queue, offered, *more columns)."""
    columns = ["interval_start", "queue", "offered", *more]
    table = pd.DataFrame(rows, columns=columns).assign(aht_seconds=200.0)
    starts = pd.to_datetime(f"{DAY}T" + table["interval_start"].astype(str)).dt.tz_localize(ZONE)
    return today_so_far(table.assign(interval_start=starts.dt.tz_convert("UTC")), at(now), ZONE, 30)


def rota(rows):
    """A rota of rows (agent, start, end, activity)."""
    told = [(a, DAY, at(start), at(end), activity, "早班", True) for a, start, end, activity in rows]
    frame = pd.DataFrame(told, columns=list(COLUMNS))
    for name in ("start", "end"):
        frame[name] = pd.to_datetime(frame[name] * 60, unit="s", utc=True)
    return Rota.from_frame(frame.assign(day=pd.Timestamp(DAY).date()))


def value(pool, floor, when, moment, helping=()):
    found = measured(pool, floor, at(moment), helping)[when]
    return found.value, found.whole


class TestCustomers:
    ROWS = (
        ("09:00", "chat", 20, 30.0, 5.0),
        ("09:30", "chat", 20, 40.0, 8.0),
        ("09:30", "在线客服", 9, 12.0, 0.0),
        ("09:30", "calls", 9, 99.0, 99.0),
    )

    def test_the_latest_of_each_of_its_queues_is_summed(self):
        floor = Floor(today(self.ROWS, "09:40", STATE[:2]), 30, SKILLS)
        assert value(POOL, floor, "customers_online", "09:40") == (52, True)

    def test_part_of_the_queues_is_told_as_part(self):
        floor = Floor(today(self.ROWS, "09:40", STATE[:2]), 30, SKILLS)
        assert value(POOL, floor, "customers_online", "09:30") == (30, False)

    def test_what_is_older_than_an_interval_is_not_known(self):
        floor = Floor(today(self.ROWS, "10:31", STATE[:2]), 30, SKILLS)
        assert value(POOL, floor, "customers_online", "10:30") == (52, True)
        assert value(POOL, floor, "customers_online", "10:31") == (None, False)

    def test_waiting_and_the_longest_wait(self):
        pool = Backup("x", ("chat", "在线客服"), trigger="waiting", also=(Trigger("wait_seconds", 60),))
        rows = [("09:30", "chat", 1, 8.0, 75.0), ("09:30", "在线客服", 1, 3.0, 20.0)]
        floor = Floor(today(rows, "09:40", STATE[1:]), 30, SKILLS)
        assert value(pool, floor, "waiting", "09:40") == (11, True)
        assert value(pool, floor, "wait_seconds", "09:40") == (75, True)

    def test_moments_between_two_looks(self):
        floor = Floor(today(self.ROWS, "10:10", STATE[:2]), 30, SKILLS)
        assert moments(floor, POOL.queues, float("-inf")) == [at("09:30"), at("10:00")]
        assert moments(floor, POOL.queues, at("09:30")) == [at("10:00")]
        assert moments(floor, ("传真",), float("-inf")) == []


class TestAgents:
    WORK = (
        ("A1", "08:00", "12:00", "work:*"),
        ("A2", "08:00", "12:00", "work:*"),
        ("A3", "08:00", "10:00", "work:chat"),
        ("A4", "08:00", "12:00", "meal"),
        ("B1", "09:00", "11:00", "backup"),
    )

    def test_who_is_at_work_for_some_queues(self):
        worked = rota(self.WORK)
        assert at_work(worked, SKILLS, ("chat",), at("09:00")) == {"A1", "A3", "B1"}
        assert at_work(worked, SKILLS, ("chat",), at("10:00")) == {"A1", "B1"}
        assert at_work(worked, SKILLS, ("calls",), at("11:59")) == {"A2"}
        assert at_work(worked, SKILLS, ("chat", "calls"), at("12:00")) == set()

    def test_customers_per_agent(self):
        pool = Backup("x", ("chat",), trigger="online_per_agent", threshold=4)
        told = today([("09:00", "chat", 9, 12.0, 0.0)], "09:20", STATE[:2])
        assert value(pool, Floor(told, 30, SKILLS, rota(self.WORK)), "online_per_agent", "09:20") == (4, True)
        assert value(pool, Floor(told, 30, SKILLS, rota(self.WORK[1:2])), "online_per_agent", "09:20") == (
            float("inf"),
            True,
        )
        assert value(pool, Floor(told, 30, SKILLS), "online_per_agent", "09:20")[0] is None

    def test_agents_short_counts_those_called_once_they_are_there(self):
        pool = Backup("x", ("chat",), trigger="agents_short", threshold=3)
        starts = pd.to_datetime([f"{DAY}T09:00", f"{DAY}T09:30"]).tz_localize(ZONE)
        required = pd.DataFrame({"interval_start": starts, "queue": "chat", "agents_to_roster": [6.5, 8.0]})
        floor = Floor(today([], "09:40"), 30, SKILLS, rota(self.WORK[:4]), required)
        assert value(pool, floor, "agents_short", "09:29") == (4.5, True)
        assert value(pool, floor, "agents_short", "09:30") == (6, True)
        assert value(pool, floor, "agents_short", "09:30", {"B1", "A1", "stranger"}) == (5, True)
        without = Floor(floor.today, 30, SKILLS, floor.rota)
        assert value(pool, without, "agents_short", "09:30")[0] is None


class TestService:
    POOL = Backup("x", ("chat",), trigger="service_level", threshold=0.6)

    @pytest.mark.parametrize(
        ("now", "expected"),
        [
            ("09:00", None),  # the interval has not begun
            ("09:30", 0.5),
            ("09:40", (2 / 3 * 10 + 3) / (2 / 3 * 20 + 10)),
            ("10:00", None),  # 09:30 to 09:40 is all that is known of it
        ],
    )
    def test_intervals_count_with_their_part_of_the_last_half_hour(self, now, expected):
        rows = [("09:00", "chat", 20, 10.0), ("09:30", "chat", 10, 3.0)]
        known = today(rows, min(now, "09:40"), ("within_target",))
        found, _ = value(self.POOL, Floor(known, 30, SKILLS), "service_level", now)
        if now == "10:00":
            assert found == pytest.approx((1 / 3 * 0 + 3) / 10, abs=0.2)
        else:
            assert found == (expected if expected is None else pytest.approx(expected))

    def test_nobody_came_is_full_service_and_no_column_is_not_known(self):
        quiet = today([("09:00", "chat", 0, 0.0)], "09:30", ("within_target",))
        assert value(self.POOL, Floor(quiet, 30, SKILLS), "service_level", "09:30") == (1.0, True)
        plain = today([("09:00", "chat", 5)], "09:30")
        assert value(self.POOL, Floor(plain, 30, SKILLS), "service_level", "09:30")[0] is None
