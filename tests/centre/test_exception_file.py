"""exceptions.csv: dates whose both days count, blanks for everybody, and every fault by row."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from centre.errors import BadInput, Faults
from centre.exception_file import exceptions_frame
from centre.instants import day_number, day_start
from scheduler.rules.exceptions import exceptions_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


def read(tmp_path, *rows, agents=None, header="rule,agent_id,start,end,reason,approved_by"):
    path = tmp_path / "exceptions.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    faults = Faults()
    frame = exceptions_frame(path, SHANGHAI, agents, faults)
    return frame, faults


def test_both_days_count(tmp_path):
    frame, faults = read(tmp_path, "daily-hours,,2026-02-16,2026-02-17,春节值班,HR", agents={"a1"})
    assert not faults
    (told,) = exceptions_of(frame, {"daily-hours"})
    first = day_number(date(2026, 2, 16))
    assert (told.start, told.end) == (day_start(SHANGHAI, first), day_start(SHANGHAI, first + 2))
    assert (told.agent_id, told.reason, told.approved_by) == ("", "春节值班", "HR")


def test_no_file_is_no_exception():
    frame = exceptions_frame(None, SHANGHAI, None, Faults())
    assert exceptions_of(frame, {"daily-hours"}) == ()


def test_faults_of_all_rows(tmp_path):
    rows = ("daily-hours,a9,2026-02-16,2026-02-17,why,", "daily-hours,a1,2026-02-17,2026-02-16,why,",
            "daily-hours,a1,2026-02-30,2026-03-01,,")  # fmt: skip
    _, faults = read(tmp_path, *rows, agents={"a1"})
    assert [(fault.row, fault.column) for fault in faults] == [
        (2, "agent_id"),
        (4, "start"),
        (4, "reason"),
        (3, "end"),
    ]


def test_a_rule_that_is_not_in_force_is_told_with_its_row(tmp_path):
    frame, _ = read(
        tmp_path, "daily-hours:minors,,2026-02-16,2026-02-16,x,", "dayly-hours,,2026-02-16,2026-02-16,x,"
    )
    with pytest.raises(BadInput) as caught:
        exceptions_of(frame, {"daily-hours:minors", "weekly-hours"})
    (fault,) = caught.value.faults
    assert (fault.row, fault.found) == (3, "dayly-hours")
    assert "daily-hours, daily-hours:minors, weekly-hours" in fault.expected
