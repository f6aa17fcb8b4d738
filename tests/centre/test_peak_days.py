"""Where peaks hold: every way of naming days, hours on the local clock, and names and peaks that cannot be."""

from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.calendar import CalendarRow
from centre.errors import BadInput, Faults
from centre.folder import read_centre
from centre.instants import Grid, day_number, day_of, format_instant
from centre.model import Peak, Queue
from centre.peak_days import changes_of, check_agree, check_peak_names, peak_times
from centre.peaks import PEAK_SETTINGS

SHANGHAI, BERLIN, UTC = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
CALLS, CHAT = Queue("calls", target_seconds=20.0), Queue("chat", "chat", target_seconds=30.0)
MAIL = Queue("邮件", "email", target_hours=24.0)


def number(text):
    return day_number(date.fromisoformat(text))


def grid(first, days=1, zone=SHANGHAI, step=30):
    return Grid(zone, number(first), days, step)


def events(*rows):
    table = pd.DataFrame(rows, columns=["name", "start", "end"])
    return table.assign(**{name: pd.to_datetime(table[name], utc=True) for name in ("start", "end")})


def days(peak, at, *told, **more):
    """Dates on which one peak holds."""
    return [str(day_of(day)) for day in sorted(peak_times([peak], at, *told, **more)[peak.name].days)]


def holds(peak, at, *told, **more):
    """Starts of the intervals in which one peak holds."""
    return at.starts[peak_times([peak], at, *told, **more)[peak.name].intervals]


NATIONAL_DAY = grid("2025-09-22", 28)
"""22 September to 19 October 2025: 1 to 8 October off, 28 September (a Sunday) and 11 October (a Saturday) worked."""


class TestDays:
    def test_dates(self):
        peak = Peak("双11", (date(2025, 10, 3), date(2026, 1, 1)))
        assert days(peak, NATIONAL_DAY) == ["2025-10-03"]

    def test_makeup_workdays(self):
        peak = Peak("补班", makeup_workdays=True)
        assert days(peak, NATIONAL_DAY, country="CN") == ["2025-09-28", "2025-10-11"]
        assert days(peak, NATIONAL_DAY, country="US") == []

    def test_a_holiday_is_all_days_off_of_it(self):
        peak = Peak("国庆", holidays=("National Day",))
        eight = [f"2025-10-0{k}" for k in range(1, 9)]
        assert days(peak, NATIONAL_DAY, country="CN") == [day for day in eight if day != "2025-10-06"]
        assert days(replace(peak, holidays="all"), NATIONAL_DAY, country="CN") == eight
        assert (
            days(replace(peak, holidays="none", dates=(date(2020, 1, 1),)), NATIONAL_DAY, country="CN") == []
        )

    def test_days_before_a_festival(self):
        peak = Peak("节前", days_before_holiday=2)
        assert days(peak, NATIONAL_DAY, country="CN") == [
            "2025-09-29", "2025-09-30", "2025-10-04", "2025-10-05",
        ]  # fmt: skip

    def test_days_before_a_festival_after_the_horizon(self):
        assert days(Peak("节前", days_before_holiday=30), grid("2025-09-01", 2), country="CN") == [
            "2025-09-01",
            "2025-09-02",
        ]

    def test_days_off_of_the_centre_are_holidays_too(self):
        anniversary = CalendarRow(number("2025-09-24"), "司庆")
        assert days(Peak("司庆", holidays=("司庆",)), NATIONAL_DAY, calendar=[anniversary]) == ["2025-09-24"]
        assert days(Peak("前", days_before_holiday=1), NATIONAL_DAY, calendar=[anniversary]) == ["2025-09-23"]

    def test_events_by_name(self):
        told = events(
            ("双11", "2025-10-09T02:00Z", "2025-10-10T04:00Z"),
            ("bill", "2025-09-30T00:00Z", "2025-10-01T00:00Z"),
        )
        peak = Peak("大促", events=("双11",))
        assert days(peak, NATIONAL_DAY, told) == ["2025-10-09", "2025-10-10"]
        found = holds(peak, NATIONAL_DAY, told)
        assert format_instant(found[0]) == "2025-10-09T02:00:00Z"
        assert format_instant(found[-1] + 30) == "2025-10-10T04:00:00Z"
        assert len(found) == 52

    def test_hours_cut_an_event(self):
        told = events(("双11", "2025-10-09T02:00Z", "2025-10-10T04:00Z"))  # 10:00 to 12:00 the next day
        found = holds(Peak("大促", events=("双11",), opens=540, closes=660), NATIONAL_DAY, told)
        assert [format_instant(k) for k in found[[0, -1]]] == ["2025-10-09T02:00:00Z", "2025-10-10T02:30:00Z"]
        assert len(found) == 2 + 4

    def test_several_ways_add_up(self):
        peak = Peak("a", (date(2025, 9, 23),), makeup_workdays=True, days_before_holiday=1)
        told = ["2025-09-23", "2025-09-28", "2025-09-30", "2025-10-05", "2025-10-11"]
        assert days(peak, NATIONAL_DAY, country="CN") == told

    def test_no_peaks(self):
        assert peak_times([], NATIONAL_DAY) == {}

    def test_one_that_never_holds_is_no_fault(self):
        times = peak_times([Peak("x", (date(2030, 1, 1),))], NATIONAL_DAY)["x"]
        assert not times.intervals.any()
        assert times.days == frozenset()


class TestHours:
    def test_past_midnight_they_belong_to_the_day_they_began(self):
        peak = Peak("夜", (date(2025, 10, 2),), opens=1380, closes=1500)
        found = holds(peak, NATIONAL_DAY)
        assert [format_instant(k) for k in found] == [
            f"2025-10-02T{clock}:00Z" for clock in ("15:00", "15:30", "16:00", "16:30")
        ]
        assert days(peak, NATIONAL_DAY) == ["2025-10-02"]

    def test_those_of_the_day_before_the_horizon_reach_into_it(self):
        peak = Peak("夜", (date(2025, 10, 1),), opens=1380, closes=1500)
        assert len(holds(peak, grid("2025-10-02"))) == 2
        assert days(peak, grid("2025-10-02")) == []

    def test_an_interval_that_is_touched_counts(self):
        peak = Peak("x", (date(2025, 10, 1),), opens=610, closes=615)
        assert len(holds(peak, grid("2025-10-01"))) == 1

    @pytest.mark.parametrize(
        ("day", "intervals"), [("2025-03-30", 46), ("2025-10-26", 50), ("2025-10-27", 48)]
    )
    def test_a_day_on_which_clocks_change(self, day, intervals):
        peak = Peak("x", (date.fromisoformat(day),))
        assert len(holds(peak, grid(day, zone=BERLIN))) == intervals
        morning = replace(peak, opens=480, closes=540)
        at = grid(day, zone=BERLIN)
        assert at.local_minutes()[peak_times([morning], at)["x"].intervals].tolist() == [480, 510]


class TestNames:
    def faults(self, *peaks, country="CN", calendar=()):
        faults = Faults()
        check_peak_names(peaks, {"双11大促", "bill"}, country, calendar, *[number("2025-10-01")] * 2, faults)
        return [(fault.column, fault.found, fault.expected) for fault in faults]

    def test_those_that_are_known(self):
        peaks = Peak("a", events=("bill",)), Peak("b", holidays=("Spring Festival", "National Day"))
        assert self.faults(*peaks, Peak("c", (date(2025, 1, 1),))) == []

    def test_an_event(self):
        (fault,) = self.faults(Peak("a", events=("bill", "双11大")))
        assert fault == ("peak.a.events.2", "双11大", "an event of events.csv (did you mean '双11大促'?)")

    def test_a_holiday(self):
        (fault,) = self.faults(Peak("a", holidays=("Nation Day",)))
        assert fault == (
            "peak.a.holidays.1",
            "Nation Day",
            "a public holiday of CN (did you mean 'National Day'?)",
        )

    @pytest.mark.parametrize(
        ("told", "setting"),
        [({"holidays": "all"}, "holidays"), ({"days_before_holiday": 1}, "days_before_holiday"),
         ({"makeup_workdays": True}, "makeup_workdays")],
    )  # fmt: skip
    def test_days_of_a_calendar_that_nobody_told(self, told, setting):
        (fault,) = self.faults(Peak("a", **told), country=None)
        assert fault == (
            f"peak.a.{setting}",
            "neither",
            "the centre's country or a calendar.csv, which tell of such days",
        )
        own = [CalendarRow(number("2025-10-02"), "司庆")]
        assert self.faults(Peak("a", **told), country=None, calendar=own) == []


class TestAgreement:
    def agree(self, *peaks, queues=(CALLS, CHAT, MAIL), only=None):
        at = grid("2025-10-01", 2)
        names = {peak.name for peak in peaks} if only is None else only
        check_agree(peak_times(peaks, at), queues, at, names)

    def test_two_that_differ_in_one_interval(self):
        one = Peak("大促", (date(2025, 10, 1),), queues=("calls",), target_share=0.9)
        other = Peak("晚间", (date(2025, 10, 1), date(2025, 10, 2)), opens=1200, target_share=0.7)
        with pytest.raises(BadInput) as caught:
            self.agree(one, other)
        (fault,) = caught.value.faults
        assert (fault.column, fault.found) == ("peak.晚间.target_share", "0.7")
        assert fault.expected == "0.9, as [[peak]] 大促 tells of queue calls from 2025-10-01 20:00 on"

    def test_others_do_not_contradict(self):
        day = (date(2025, 10, 1),)
        one = Peak("a", day, queues=("calls",), target_share=0.9)
        self.agree(one, Peak("b", day, queues=("chat",), target_share=0.7))
        self.agree(one, Peak("b", day, queues=("calls",), target_share=0.9, minimum_agents=3))
        self.agree(one, Peak("b", (date(2025, 10, 2),), target_share=0.7))
        self.agree(one, Peak("b", day, target_share=0.7), only={"a"})

    def test_work_that_may_wait_has_no_seconds(self):
        assert changes_of(Peak("a", target_seconds=9.0, callback_share=0.1, max_occupancy=0.9), MAIL) == {
            "max_occupancy": 0.9
        }
        assert set(PEAK_SETTINGS) >= set(changes_of(Peak("a", target_seconds=9.0, callback_share=0.1), CALLS))
        assert changes_of(Peak("a", queues=("chat",), priority=2), CALLS) == {}


@given(
    opens=st.integers(0, 1439), length=st.integers(1, 1440), first=st.integers(20000, 20700),
    zone=st.sampled_from([SHANGHAI, BERLIN, UTC]), step=st.sampled_from([15, 30, 60]),
)  # fmt: skip
def test_every_interval_that_holds_is_of_a_day_that_holds(opens, length, first, zone, step):
    at = Grid(zone, first, 3, step)
    peak = Peak("p", (day_of(first), day_of(first + 2)), opens=opens, closes=opens + length)
    times = peak_times([peak], at)["p"]
    assert times.days == {first, first + 2}
    minutes = at.local_minutes() + 1440 * at.local_days()
    for k in np.flatnonzero(times.intervals):
        since = [minutes[k] - 1440 * day - opens for day in times.days]
        assert any(-step < after < length + 60 for after in since)  # an hour for clocks that change
    assert times.intervals.any()


def test_a_centre_with_peaks_of_no_known_day_is_told(folder: Path) -> None:
    with (folder / "centre.toml").open("a", encoding="utf-8") as stream:
        stream.write('[[peak]]\nname = "双11"\nevents = ["sale"]\nholidays = ["Reunification Day"]\n')
    with pytest.raises(BadInput) as caught:
        read_centre(folder)
    assert [(fault.column, fault.found) for fault in caught.value.faults] == [
        ("peak.双11.events.1", "sale"), ("peak.双11.holidays.1", "Reunification Day"),
    ]  # fmt: skip


def test_the_peak_of_the_page_is_one_that_is_read(folder: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "peaks.md").read_text(encoding="utf-8")
    block = page.partition("## Days planned otherwise")[2].partition("```toml\n")[2].partition("```")[0]
    toml = (
        (folder / "centre.toml")
        .read_text(encoding="utf-8")
        .replace('"DE"', '"CN"')
        .replace('["Labor Day"]', '"none"')
    )
    queues = '[[queue]]\nname = "热线"\ntarget_seconds = 20\n[[queue]]\nname = "回呼"\nchannel = "email"\ntarget_hours = 4\n'
    (folder / "centre.toml").write_text(f"{toml}\n{queues}\n{block}", encoding="utf-8")
    (folder / "events.csv").write_text(
        "name,start,end,queues,kind,uplift\n双11大促,2024-11-11,2024-11-12,,,\n", encoding="utf-8"
    )
    (peak,) = read_centre(folder).settings.peak
    told = {item.name for item in fields(Peak) if getattr(peak, item.name) != item.default}
    assert told == {item.name for item in fields(Peak)} - {"enabled"}
    assert peak.enabled
