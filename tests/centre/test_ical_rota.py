"""Calendars as rotas: whose an event is, what it means, recurrences, clock changes, and what is left out."""

from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from centre.any_rota import is_record_file, read_any_rota
from centre.errors import BadInput
from centre.instants import day_number

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def calendar(*events, head=()):
    """An iCalendar text; an event is its lines, UID and DTSTAMP added where they are not told."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *head]
    for k, event in enumerate(events):
        own = () if any(line.startswith("UID") for line in event) else (f"UID:{k}",)
        lines += ["BEGIN:VEVENT", *own, "DTSTAMP:20260101T000000Z", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def timed(start, end, *more):
    return (f"DTSTART:{start}", f"DTEND:{end}", *more)


SHIFT = timed("20260302T080000", "20260302T160000")


@pytest.fixture
def read(tmp_path):
    """Read events of one file: rows as (agent, day, start, end, activity, shift) in local time, and the notes."""

    def read_(*events, zone=SHANGHAI, name="feed", head=(), listed=None, zones=None, span=None):
        path = tmp_path / f"{name}.ics"
        path.write_text(calendar(*events, head=head), encoding="utf-8", newline="")
        told = read_any_rota(path, zone, listed, zones, span)
        return rows_of(told.frame, zone), [note.sentence for note in told.notes]

    return read_


def rows_of(frame, zone):
    ends = [frame[name].dt.tz_convert(zone).dt.strftime("%m-%d %H:%M") for name in ("start", "end")]
    days = pd.to_datetime(frame["day"]).dt.strftime("%m-%d")
    return list(zip(frame["agent_id"], days, *ends, frame["activity"], frame["shift"], strict=True))


@pytest.mark.parametrize(
    ("lines", "agent_id", "shift"),
    [
        (("SUMMARY:early",), "a1", "early"),
        (("SUMMARY:a7: early",), "a7", "early"),
        (("SUMMARY:a7：早班",), "a7", "早班"),
        (("SUMMARY:work: early",), "a1", "work: early"),
        (("SUMMARY:班次: 早",), "a1", "班次: 早"),
        (("SUMMARY:early", "ORGANIZER:mailto:a8@x.test"), "a8", "early"),
        (("SUMMARY:a7: early", "ORGANIZER:mailto:planner@x.test"), "a7", "early"),
        (("SUMMARY:a7: early", "ATTENDEE:mailto:a9@x.test"), "a9", "early"),
        (("SUMMARY:early", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a9@x.test"), "a9", "early"),
        (("SUMMARY:a7: early", "X-PAIBAN-AGENT:b1", "ATTENDEE:mailto:a9@x.test"), "b1", "early"),
    ],
)
def test_whose_a_shift_is(read, lines, agent_id, shift):
    rows, notes = read((*SHIFT, *lines), name="a1")
    assert rows == [(agent_id, "03-02", "03-02 08:00", "03-02 16:00", "work:*", shift)]
    assert notes == []


def test_attendees_each_have_the_event_but_for_those_who_declined(read):
    guests = (
        "ATTENDEE:mailto:a1@x.test",
        "ATTENDEE:mailto:a2@x.test",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:a3@x.test",
    )
    rows, _ = read((*SHIFT, "SUMMARY:stand-up", "CATEGORIES:meeting", *guests))
    assert [(row[0], row[4]) for row in rows] == [("a1", "meeting:stand-up"), ("a2", "meeting:stand-up")]


def test_the_calendar_may_name_the_person(read):
    assert read((*SHIFT, "SUMMARY:early"), head=("X-PAIBAN-AGENT:c3",))[0][0][0] == "c3"


@pytest.mark.parametrize(
    ("lines", "activity"),
    [
        (("SUMMARY:lunch",), "meal"),
        (("SUMMARY:午餐",), "meal"),
        (("SUMMARY:休息",), "break"),
        (("SUMMARY:training: product",), "training:product"),
        (("SUMMARY:新员工培训",), "training:新员工培训"),
        (("SUMMARY:晨会",), "meeting:晨会"),
        (("SUMMARY:x", "CATEGORIES:TRAINING"), "training:x"),
        (("SUMMARY:x", "CATEGORIES:LEAVE"), "leave"),
        (("SUMMARY:年假",), "leave"),
        (("SUMMARY:training", "CATEGORIES:LEAVE"), "leave"),
        (("SUMMARY:待命",), "on_call"),
        (("SUMMARY:standby",), "on_call"),
        (("SUMMARY:早班",), "work:*"),
        (("SUMMARY:x", "CATEGORIES:Red"), "work:*"),
        ((), "work:*"),
    ],
)
def test_what_an_event_means(read, lines, activity):
    rows, _ = read((*SHIFT, *lines))
    assert [row[4] for row in rows] == [activity]


def test_breaks_and_meetings_take_their_time_out_of_the_shift(tmp_path):
    events = (
        timed("20260302T080000", "20260302T160000", "SUMMARY:早"),
        timed("20260302T120000", "20260302T123000", "SUMMARY:lunch"),
        timed("20260302T123000", "20260302T124500", "SUMMARY:晨会"),
    )
    path = tmp_path / "a1.ics"
    path.write_text(calendar(*events), encoding="utf-8")
    told = read_any_rota(path, SHANGHAI)
    assert [row[2:5] for row in rows_of(told.frame, SHANGHAI)] == [
        ("03-02 08:00", "03-02 12:00", "work:*"), ("03-02 12:00", "03-02 12:30", "meal"),
        ("03-02 12:30", "03-02 12:45", "meeting:晨会"), ("03-02 12:45", "03-02 16:00", "work:*"),
    ]  # fmt: skip
    assert told.frame["paid"].tolist() == [True, False, True, True]
    assert set(told.frame["shift"]) == {"早"}
    assert told.notes == []


@pytest.mark.parametrize(
    ("summary", "activity"),
    [("休", None), ("off", None), ("休息", None), ("年假", "leave"), ("holiday", "leave"), ("病假", "leave")],
)
def test_whole_days_are_leave_or_off(read, summary, activity):
    rows, notes = read(("DTSTART;VALUE=DATE:20260302", "DTEND;VALUE=DATE:20260304", f"SUMMARY:{summary}"))
    assert rows == ([("feed", "03-02", "03-02 00:00", "03-04 00:00", activity, "")] if activity else [])
    assert notes == []


def test_a_whole_day_that_is_neither_has_no_times(read):
    rows, notes = read(("DTSTART;VALUE=DATE:20260302", "SUMMARY:早班"))
    assert rows == []
    assert notes == [
        "feed.ics, row 4: an event of whole days that is neither leave nor a day off has no times; it was left out."
    ]


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (
            "DTSTART;TZID=Europe/Berlin:20260302T080000",
            "DTEND;TZID=Europe/Berlin:20260302T160000",
            "03-02 15:00",
        ),
        (
            "DTSTART;TZID=China Standard Time:20260302T080000",
            "DTEND;TZID=China Standard Time:20260302T160000",
            "03-02 08:00",
        ),
        ("DTSTART:20260302T000000Z", "DTEND:20260302T080000Z", "03-02 08:00"),
        ("DTSTART:20260302T080000", "DURATION:PT8H", "03-02 08:00"),
    ],
)
def test_zones(read, start, end, found):
    rows, _ = read((start, end, "SUMMARY:早"))
    assert [row[2] for row in rows] == [found]


def test_the_day_is_counted_by_the_persons_clock(read):
    event = timed("20260302T200000Z", "20260303T020000Z", "SUMMARY:a1: x")
    assert read(event)[0][0][1] == "03-03"
    assert read(event, zones={"a1": BERLIN})[0][0][1] == "03-02"


def test_floating_times_and_whole_days_are_read_by_the_persons_clock(read):
    events = (
        (*SHIFT, "SUMMARY:a1: x"),
        ("DTSTART;VALUE=DATE:20260304", "SUMMARY:a1: 年假"),
        (*SHIFT, "SUMMARY:a2: x"),
    )
    rows, _ = read(*events, zones={"a1": BERLIN})
    assert [(row[0], row[2]) for row in rows] == [
        ("a1", "03-02 15:00"),
        ("a1", "03-04 07:00"),
        ("a2", "03-02 08:00"),
    ]


def test_a_recurring_shift_with_an_exception_a_change_and_a_cancelled_time(read):
    series = timed(
        "20260302T080000",
        "20260302T160000",
        "UID:s",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=6",
        "EXDATE:20260303T080000",
        "SUMMARY:a1: 早",
    )
    moved = timed(
        "20260304T130000", "20260304T210000", "UID:s", "RECURRENCE-ID:20260304T080000", "SUMMARY:a1: 晚"
    )
    gone = timed(
        "20260305T080000",
        "20260305T160000",
        "UID:s",
        "RECURRENCE-ID:20260305T080000",
        "STATUS:CANCELLED",
        "SUMMARY:a1: 早",
    )
    rows, notes = read(series, moved, gone)
    assert [(row[1], row[2], row[5]) for row in rows] == [
        ("03-02", "03-02 08:00", "早"), ("03-04", "03-04 13:00", "晚"), ("03-06", "03-06 08:00", "早"), ("03-09", "03-09 08:00", "早"),
    ]  # fmt: skip
    assert notes == ["feed.ics: 1 cancelled event(s) were left out."]


def test_a_rule_without_an_end_is_unrolled_for_a_year_or_over_the_days_asked_for(read):
    series = timed("20240101T080000", "20240101T160000", "RRULE:FREQ=DAILY", "SUMMARY:a1: 早")
    rows, notes = read(series)
    assert len(rows) == 366
    assert notes == ["feed.ics: a recurring event has no end; it was unrolled for 366 days."]
    first = day_number(pd.Timestamp("2026-03-02").date())
    rows, notes = read(series, span=(first, first + 7))
    assert [row[1] for row in rows] == [f"03-0{k}" for k in range(2, 9)]
    assert notes == []


@pytest.mark.parametrize("end", ["COUNT=110", "UNTIL=20280403T000000Z"])
def test_a_rule_that_ends_is_unrolled_to_its_end_however_far(read, end):
    series = timed("20260302T080000", "20260302T160000", f"RRULE:FREQ=WEEKLY;{end}", "SUMMARY:a1: 早")
    rows, notes = read(series)
    assert (len(rows), rows[-1][1], notes) == (
        (110 if "COUNT" in end else 109),
        "04-03" if "COUNT" in end else "03-27",
        [],
    )


def test_leap_day_and_year_end(read):
    series = timed("20271231T220000", "20280101T060000", "RRULE:FREQ=DAILY;COUNT=61", "SUMMARY:a1: 夜")
    rows, _ = read(series)
    assert (rows[0][1:4], rows[60][1:4]) == (
        ("12-31", "12-31 22:00", "01-01 06:00"),
        ("02-29", "02-29 22:00", "03-01 06:00"),
    )


@pytest.mark.parametrize(
    ("first", "change", "minutes"), [("20260327", "2026-03-29", 420), ("20261023", "2026-10-25", 540)]
)
def test_a_nightly_shift_keeps_its_time_of_day_when_clocks_change(tmp_path, first, change, minutes):
    after = f"{int(first) + 1}"
    series = (
        f"DTSTART;TZID=Europe/Berlin:{first}T220000",
        f"DTEND;TZID=Europe/Berlin:{after}T060000",
        "RRULE:FREQ=DAILY;COUNT=3",
        "SUMMARY:a1: 夜",
    )
    path = tmp_path / "x.ics"
    path.write_text(calendar(series), encoding="utf-8")
    told = read_any_rota(path, BERLIN)
    assert ((told.frame["end"] - told.frame["start"]).dt.total_seconds() // 60).tolist() == [
        480,
        minutes,
        480,
    ]
    [note] = told.notes
    assert "1 time(s), first on" in note.sentence
    assert "keeps its time of day where clocks change, and so is not 480 min long" in note.sentence
    assert change[:7] in note.sentence


@pytest.mark.parametrize(
    ("start", "words", "found"),
    [
        ("20260329T023000", "clocks skip 2026-03-29 02:30", "03-29 03:30"),
        ("20261025T023000", "clocks show 2026-10-25 02:30 twice; the first was taken", "10-25 02:30"),
    ],
)
def test_times_that_clocks_skip_or_show_twice_are_named(read, start, words, found):
    rows, notes = read(timed(start, f"{start[:8]}T080000", "SUMMARY:a1: x"), zone=BERLIN)
    assert rows[0][2] == found
    assert len(notes) == 1
    assert words in notes[0]


def test_a_duration_is_elapsed_time_and_whole_days_are_not(tmp_path):
    lines = ("DTSTART;TZID=Europe/Berlin:20260328T220000", "DURATION:PT8H", "SUMMARY:a1: x")
    path = tmp_path / "x.ics"
    path.write_text(calendar(lines), encoding="utf-8")
    row = read_any_rota(path, BERLIN).frame.iloc[0]
    assert (row["end"] - row["start"]).total_seconds() == 8 * 3600


def test_the_latest_version_of_an_event_stands(read):
    versions = [
        timed(f"20260302T{h}0000", "20260302T160000", "UID:x", f"SEQUENCE:{s}", "SUMMARY:a1: 早")
        for h, s in (("08", 1), ("10", 3), ("09", 2))
    ]
    rows, notes = read(*versions)
    assert [row[2] for row in rows] == ["03-02 10:00"]
    assert [note.partition(":")[0] for note in notes] == ["feed.ics, row 4", "feed.ics, row 20"]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (("DTEND:20260302T160000", "SUMMARY:a1: x"), "the event has no start"),
        (("DTSTART:20260302T080000", "SUMMARY:a1: x"), "the event has no end"),
        (timed("20260302T080000", "20260302T080000", "SUMMARY:a1: x"), "ends before or when it starts"),
        (timed("20260302T080000", "20260302T070000", "SUMMARY:a1: x"), "ends before or when it starts"),
        (timed("20260302T080000", "20260303T080100", "SUMMARY:a1: x"), "lasts 1441 min, over 24 hours"),
        (timed("20260230T080000", "20260302T160000", "SUMMARY:a1: x"), "DTSTART cannot be read"),
        (timed("20260302T080000", "20260302T160000", "RRULE:FREQ=NEVER", "SUMMARY:a1: x"), "cannot be read"),
        (
            timed("20260302T080000", "20260302T160000", "RRULE:FREQ=SECONDLY", "SUMMARY:a1: x"),
            "it recurs secondly",
        ),
        (timed("10260302T080000", "10260302T160000", "SUMMARY:a1: x"), "the event is in 1026, not from 1970"),
    ],
)
def test_a_faulty_event_is_named_and_the_rest_is_read(read, event, words):
    rows, notes = read(event, (*SHIFT, "SUMMARY:a2: 早"))
    assert "a2" in [row[0] for row in rows]
    assert any(words in note and note.startswith("feed.ics, row 4") for note in notes), notes


def test_doubles_and_overlaps_count_once(read):
    rows, notes = read(
        (*SHIFT, "SUMMARY:a1: 早"), (*SHIFT, "SUMMARY:a1: 早"), timed("20260302T140000", "20260302T180000", "SUMMARY:a1: 晚"),
        timed("20260302T090000", "20260302T100000", "SUMMARY:a1: 小"),
    )  # fmt: skip
    assert [row[2:4] for row in rows] == [("03-02 08:00", "03-02 16:00"), ("03-02 16:00", "03-02 18:00")]
    assert any("the same as feed.ics, row 4; it was taken once" in note for note in notes)
    assert sum("the time was counted once" in note for note in notes) == 2


def test_people_not_on_the_list_are_named(read):
    rows, notes = read((*SHIFT, "SUMMARY:a7: 早"), listed={"a1"})
    assert len(rows) == 1
    assert notes == ["feed.ics: a7 is not on the list of people; judged without what the list would tell."]


def test_a_folder_of_calendars(tmp_path):
    for name in ("a1", "a2"):
        (tmp_path / f"{name}.ics").write_text(calendar((*SHIFT, "SUMMARY:早")), encoding="utf-8")
    (tmp_path / "a3.ics").write_text("nonsense", encoding="utf-8")
    assert is_record_file(tmp_path)
    told = read_any_rota(tmp_path, SHANGHAI)
    assert told.frame["agent_id"].tolist() == ["a1", "a2"]
    assert len(told.notes) == 1
    assert "a3.ics" in told.notes[0].sentence


@pytest.mark.parametrize("content", [b"nonsense", b"", b"\xff\xfe", b"BEGIN:VEVENT\nEND:VEVENT\n"])
def test_what_is_no_calendar_is_bad_input(tmp_path, content):
    path = tmp_path / "x.ics"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"x\.ics"):
        read_any_rota(path, SHANGHAI)
    with pytest.raises(BadInput):
        read_any_rota(tmp_path / "none.ics", SHANGHAI)


def test_a_calendar_without_events_is_an_empty_rota(read):
    assert read() == ([], [])
