"""notices.csv: when shifts were told, by the clock of the centre; faults by row."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from centre.errors import Faults
from centre.instants import day_number, to_minutes
from centre.notice_file import notices_of

BERLIN = ZoneInfo("Europe/Berlin")


def read(tmp_path, *rows):
    path, faults = tmp_path / "notices.csv", Faults()
    path.write_text("\n".join(["agent_id,day,told_at", *rows, ""]), encoding="utf-8")
    return notices_of(path, BERLIN, faults), faults


def test_the_last_notice_of_a_day_counts(tmp_path):
    rows = (
        "a1,2026-03-10,2026-03-02T08:00",
        "a1,2026-03-10,2026-03-01T09:30",
        "a2,2026-03-10,2026-03-01T09:30",
    )
    notices, faults = read(tmp_path, *rows)
    day = day_number(date(2026, 3, 10))
    assert not faults
    assert notices == {
        ("a1", day): to_minutes(datetime(2026, 3, 2, 8, tzinfo=BERLIN)),
        ("a2", day): to_minutes(datetime(2026, 3, 1, 9, 30, tzinfo=BERLIN)),
    }


def test_no_file_is_no_notice():
    assert notices_of(None, BERLIN, Faults()) == {}


def test_faults_of_all_rows(tmp_path):
    _, faults = read(
        tmp_path, "a1,2026-02-30,2026-03-01T09:30", "a1,2026-03-29,2026-03-29T02:30", ",2026-03-29,x"
    )
    assert {(fault.row, fault.column) for fault in faults} == {
        (2, "day"),
        (3, "told_at"),
        (4, "agent_id"),
        (4, "told_at"),
    }
