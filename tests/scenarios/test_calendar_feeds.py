"""Calendar feeds read by two readers and back as a rota: what stands in them, what keeps its UID, what is cancelled."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from centre.any_rota import read_any_rota
from centre.errors import BadInput
from centre.instants import day_number, parse_instant, to_minutes
from centre.people import Agent
from scenarios.calendar_feeds import Wanted, calendar_feeds
from scheduler.rota import COLUMNS, Rota

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
WEEK = day_number(MONDAY), 7
NOW, LATER = (to_minutes(datetime(2026, 2, day, 8, tzinfo=UTC)) for day in (20, 21))
NO_LEAVE = pd.DataFrame(
    {"agent_id": [], "start": pd.DatetimeIndex([], tz="UTC"), "end": pd.DatetimeIndex([], tz="UTC")}
)


def agent(agent_id, team="电话组", name="王芳", **more):
    return Agent(agent_id, name, team, "junior", (("calls", 1.0),), "full-time", **more)


def rota_of(*rows, zone=SHANGHAI):
    """Rows of (agent, day of March, local start, local end, activity, shift)."""
    table = []
    for who, day, start, end, activity, shift in rows:
        at, until = (
            parse_instant(f"2026-{t}" if "T" in t else f"2026-03-{day:02}T{t}", zone) for t in (start, end)
        )
        spans = (pd.Timestamp(60 * at, unit="s", tz="UTC"), pd.Timestamp(60 * until, unit="s", tz="UTC"))
        table.append(
            (
                who,
                date(2026, 3, day),
                *spans,
                activity,
                shift,
                activity.partition(":")[0] not in ("meal", "split", "on_call"),
            )
        )
    return Rota.from_frame(pd.DataFrame(table, columns=list(COLUMNS)))


EARLY = (
    ("a1", 2, "08:00", "10:00", "work:calls", "早班"),
    ("a1", 2, "10:00", "10:15", "break", "早班"),
    ("a1", 2, "10:15", "10:30", "meeting:晨会, 周一", "早班"),
    ("a1", 2, "10:30", "12:00", "work:*", "早班"),
    ("a1", 2, "12:00", "12:30", "meal", "早班"),
    ("a1", 2, "12:30", "16:30", "training:新产品", "早班"),
)
LATE = (("a1", 3, "13:00", "21:00", "work:*", "晚班"), ("a2", 3, "08:00", "16:00", "work:*", "早班"))


@pytest.fixture(name="told")
def told_fixture(centre, tmp_path):
    """Make the feeds of a rota beside those written before; they are written, and handed back with their folder."""
    folder = tmp_path / "feeds"

    def told(rota, now=NOW, horizon=WEEK, leave=NO_LEAVE, people=None, zone=SHANGHAI, **wanted):
        info = replace(centre.settings.centre, timezone=zone)
        who = (agent("a1"), agent("a2")) if people is None else people
        mine = replace(centre, settings=replace(centre.settings, centre=info), agents=who, leave=leave)
        feeds = calendar_feeds(
            mine, rota, horizon, Wanted(now, **wanted), folder if folder.exists() else None
        )
        for name, content in feeds.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return feeds

    told.folder = folder
    return told


def events(feeds, name="agents/a1.ics"):
    return [dict(event) for event in Calendar.from_ical(feeds.files[name]).walk("VEVENT")]


def seen(feeds, name="agents/a1.ics"):
    """UID -> (start, summary, sequence, status)."""
    return {
        str(e["UID"]): (e["DTSTART"].dt, str(e["SUMMARY"]), int(e["SEQUENCE"]), str(e["STATUS"]))
        for e in events(feeds, name)
    }


def by_second_reader(content):
    """(uid, start, end, summary, description) by a reader that shares no code with the first."""
    calendar = vobject.readOne(content.decode())
    return [
        (
            e.uid.value,
            e.dtstart.value,
            e.dtend.value,
            e.summary.value,
            e.description.value if hasattr(e, "description") else "",
        )
        for e in calendar.contents.get("vevent", [])
    ]


def test_two_readers_see_the_same_shift(told):
    feeds = told(rota_of(*EARLY))
    (event,) = events(feeds)
    ((uid, start, end, summary, inside),) = by_second_reader(feeds.files["agents/a1.ics"])
    assert (start, end) == (event["DTSTART"].dt, event["DTEND"].dt) == (
        datetime(2026, 3, 2, 0, tzinfo=UTC), datetime(2026, 3, 2, 8, 30, tzinfo=UTC),
    )  # fmt: skip
    assert (uid, summary, inside) == (str(event["UID"]), "早班", str(event["DESCRIPTION"]))
    assert inside.splitlines() == [
        "08:00-10:00 work calls", "10:00-10:15 break", "10:15-10:30 meeting 晨会, 周一", "12:00-12:30 meal",
        "12:30-16:30 training 新产品",
    ]  # fmt: skip
    assert list(event["CATEGORIES"].cats) == [
        "work",
        "break",
        "meeting:晨会, 周一",
        "meal",
        "training:新产品",
    ]
    assert feeds.files["agents/a1.ics"].startswith(b"BEGIN:VCALENDAR")
    assert Calendar.from_ical(feeds.files["agents/a1.ics"])["X-WR-TIMEZONE"] == "Asia/Shanghai"


def test_labels_in_chinese(told):
    (event,) = events(told(rota_of(*EARLY), language="zh"))
    assert "10:00-10:15 休息" in str(event["DESCRIPTION"])


def test_read_back_they_are_the_same_rota(told):
    rota = rota_of(*EARLY, *LATE)
    told(rota)
    back = read_any_rota(told.folder / "agents", SHANGHAI)
    assert back.notes == []
    pd.testing.assert_frame_equal(Rota.from_frame(back.frame).to_frame(), rota.to_frame())


def test_stretches_of_an_event_moved_by_hand_are_not_believed(told):
    feeds = told(rota_of(*EARLY))
    path = told.folder / "agents/a1.ics"
    path.write_bytes(
        feeds.files["agents/a1.ics"].replace(b"DTEND:20260302T083000Z", b"DTEND:20260302T090000Z")
    )
    assert list(read_any_rota(path, SHANGHAI).frame["activity"]) == ["work:*"]


def test_the_same_twice_is_the_same_bytes(told):
    first = told(rota_of(*EARLY, *LATE))
    second = told(rota_of(*EARLY, *LATE), now=LATER)
    assert first.files == second.files
    assert (second.counts.new, second.counts.changed, second.counts.unchanged) == (0, 0, 6)


def test_a_moved_shift_keeps_its_uid_and_its_sequence_goes_up(told):
    before = events(told(rota_of(*EARLY, *LATE)))
    moved = rota_of(*EARLY, ("a1", 3, "12:00", "20:00", "work:*", "晚班"), LATE[1])
    feeds = told(moved, now=LATER)
    same, changed = events(feeds)
    assert same == before[0]
    assert changed["UID"] == before[1]["UID"]
    assert (changed["SEQUENCE"], changed["DTSTART"].dt) == (1, datetime(2026, 3, 3, 4, tzinfo=UTC))
    assert changed["DTSTAMP"].dt == changed["LAST-MODIFIED"].dt == datetime(2026, 2, 21, 8, tzinfo=UTC)
    assert seen(feeds, "agents/a2.ics") == {
        uid: told for uid, told in seen(feeds, "agents/a2.ics").items() if told[2] == 0
    }


def test_a_shift_that_is_gone_is_cancelled_until_its_day_is_before_the_rota(told):
    before = seen(told(rota_of(*EARLY, *LATE)))
    (gone,) = [uid for uid, (_, summary, *_) in before.items() if summary == "晚班"]
    feeds = told(rota_of(*EARLY, LATE[1]), now=LATER)
    assert seen(feeds)[gone][2:] == (1, "CANCELLED")
    assert feeds.counts.cancelled == 2  # in the person's own feed and in the team's
    cancelled = next(e for e in events(feeds) if str(e["UID"]) == gone)
    assert "DESCRIPTION" not in cancelled
    read = read_any_rota(told.folder / "agents/a1.ics", SHANGHAI)
    assert set(read.frame["shift"]) == {"早班"}
    again = told(rota_of(*EARLY, LATE[1]), now=LATER + 60)
    assert again.files == feeds.files
    back = told(rota_of(*EARLY, *LATE), now=LATER + 120)
    assert seen(back)[gone][2:] == (2, "CONFIRMED")
    told(rota_of(*EARLY, LATE[1]), now=LATER + 180)
    next_week = told(rota_of(("a1", 9, "08:00", "16:00", "work:*", "早班")), horizon=(WEEK[0] + 7, 7))
    assert gone not in seen(next_week)


def test_next_week_leaves_this_week_as_it_was(told):
    before = seen(told(rota_of(*EARLY, *LATE)))
    after = seen(
        told(rota_of(("a1", 9, "08:00", "16:00", "work:*", "早班")), horizon=(WEEK[0] + 7, 7), now=LATER)
    )
    assert before.items() < after.items()
    assert len(after) == 3
    month_later = told(rota_of(("a3", 31, "08:00", "16:00", "work:*", "早班")), horizon=(WEEK[0] + 39, 7))
    assert not before.keys() & seen(month_later).keys()


def test_who_is_in_no_rota_any_more_has_all_cancelled(told):
    told(rota_of(*LATE))
    feeds = told(rota_of(LATE[0]), people=(agent("a1"),))
    assert [status for *_, status in seen(feeds, "agents/a2.ics").values()] == ["CANCELLED"]


def test_a_split_shift_is_two_events_and_own_time_is_in_none(told):
    split = (
        ("a1", 2, "08:00", "12:00", "work:*", "两头班"),
        ("a1", 2, "12:00", "17:00", "split", "两头班"),
        ("a1", 2, "17:00", "21:00", "work:*", "两头班"),
    )
    feeds = told(rota_of(*split))
    assert [(e["DTSTART"].dt.hour, e["DTEND"].dt.hour) for e in events(feeds)] == [(0, 4), (9, 13)]
    assert len({str(e["UID"]) for e in events(feeds)}) == 2


def test_a_night_counts_for_the_day_on_which_it_starts(told):
    rota = rota_of(
        ("a1", 2, "22:00", "03-03T06:00", "work:*", "夜班"),
        ("a1", 3, "22:00", "03-04T06:00", "work:*", "夜班"),
    )
    assert [str(e["X-PAIBAN-DAY"]) for e in events(told(rota))] == ["2026-03-02", "2026-03-03"]
    pd.testing.assert_frame_equal(
        Rota.from_frame(read_any_rota(told.folder / "agents", SHANGHAI).frame).to_frame(), rota.to_frame()
    )


def test_shifts_of_two_days_a_few_hours_apart_stay_those_of_their_days(told):
    rota = rota_of(
        ("a1", 2, "12:00", "20:00", "work:*", "早班"), ("a1", 3, "00:00", "04:00", "work:*", "早班"),
    )  # fmt: skip
    told(rota)
    back = Rota.from_frame(read_any_rota(told.folder / "agents", SHANGHAI).frame)
    assert back.duties.day.tolist() == [WEEK[0], WEEK[0] + 1]


def test_on_the_night_on_which_clocks_change_times_keep_their_length_and_tell_their_offset(told):
    """On 29 March 2026 Berlin's clocks skip from 2:00 to 3:00: 22:00 to 6:00 is 7 hours."""
    rota = rota_of(
        ("a1", 28, "22:00", "03-29T01:30", "work:*", "night"),
        ("a1", 28, "03-29T01:30", "03-29T03:30", "break", "night"),
        ("a1", 28, "03-29T03:30", "03-29T06:00", "work:*", "night"),
        zone=BERLIN,
    )
    feeds = told(rota, zone=BERLIN, horizon=(day_number(date(2026, 3, 23)), 7))
    (event,) = events(feeds)
    assert (event["DTEND"].dt - event["DTSTART"].dt).total_seconds() == 7 * 3600
    assert str(event["DESCRIPTION"]) == "01:30 (UTC+0100)-03:30 (UTC+0200) break"
    assert by_second_reader(feeds.files["agents/a1.ics"])[0][1:3] == (event["DTSTART"].dt, event["DTEND"].dt)


def test_standing_by_is_in_the_own_feed_only(told):
    feeds = told(rota_of(("a1", 2, "18:00", "22:00", "on_call", "")))
    assert [(str(e["SUMMARY"]), list(e["CATEGORIES"].cats)) for e in events(feeds)] == [
        ("on call", ["on_call"])
    ]
    assert events(feeds, "teams/电话组.ics") == []


def leave(*rows):
    table = pd.DataFrame(rows, columns=["agent_id", "start", "end"])
    for name in ("start", "end"):
        table[name] = (
            pd.to_datetime(table[name], format="ISO8601").dt.tz_localize(SHANGHAI).dt.tz_convert("UTC")
        )
    return table.assign(kind="病假")


def test_leave_is_told_to_its_person_alone_and_never_why(told):
    away = leave(
        ("a1", "2026-03-04", "2026-03-06"),
        ("a1", "2026-03-07T10:00", "2026-03-07T12:00"),
        ("a2", "2026-04-01", "2026-04-02"),
    )
    feeds = told(rota_of(*LATE), leave=away)
    free = [e for e in events(feeds) if list(e["CATEGORIES"].cats) == ["leave"]]
    assert [(e["DTSTART"].dt, e["DTEND"].dt) for e in free] == [
        (date(2026, 3, 4), date(2026, 3, 6)),
        (datetime(2026, 3, 7, 2, tzinfo=UTC), datetime(2026, 3, 7, 4, tzinfo=UTC)),
    ]
    assert len(by_second_reader(feeds.files["agents/a1.ics"])) == 3
    assert not any("病假".encode() in content for content in feeds.files.values())
    assert {str(e["SUMMARY"]) for e in events(feeds, "teams/电话组.ics")} == {"a1: 晚班", "a2: 早班"}
    assert len(events(feeds, "agents/a2.ics")) == 1
    withdrawn = told(rota_of(*LATE), now=LATER)
    assert [status for *_, status in seen(withdrawn).values()].count("CANCELLED") == 2


def test_team_feeds_tell_names_only_when_asked(told):
    feeds = told(rota_of(*EARLY), people=(agent("a1", name="王芳"), agent("a2", team="")))
    assert sorted(feeds.files) == ["agents/a1.ics", "agents/a2.ics", "teams/电话组.ics"]
    (event,) = events(feeds, "teams/电话组.ics")
    assert str(event["SUMMARY"]) == "a1: 早班"
    assert not {"DESCRIPTION", "X-PAIBAN-PART"} & event.keys()
    assert list(event["CATEGORIES"].cats) == ["work"]
    assert "王芳".encode() not in b"".join(feeds.files.values())
    named = told(rota_of(*EARLY), people=(agent("a1", name="王芳"), agent("a2", team="")), names=True)
    assert [str(e["SUMMARY"]) for e in events(named, "teams/电话组.ics")] == ["王芳: 早班"]


def test_asked_for_one_person_the_others_stay(told):
    first = told(rota_of(*LATE))
    moved = rota_of(*((*row[:2], "09:00", "17:00", *row[4:]) for row in LATE))
    feeds = told(moved, now=LATER, agents=("a2",))
    assert feeds.files["agents/a1.ics"] == first.files["agents/a1.ics"]
    assert feeds.files["teams/电话组.ics"] == first.files["teams/电话组.ics"]
    assert [sequence for _, _, sequence, _ in seen(feeds, "agents/a2.ics").values()] == [1]
    with pytest.raises(BadInput, match="--agent: found 'a9'"):
        told(moved, agents=("a9",))


def test_a_feed_that_is_not_ours_is_bad_input(told):
    told(rota_of(*LATE))
    (told.folder / "agents/a1.ics").write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:x\nEND:VEVENT\nEND:VCALENDAR\n", encoding="utf-8"
    )
    with pytest.raises(BadInput, match=r"agents/a1\.ics: expected a feed"):
        told(rota_of(*LATE))


def test_ids_that_are_no_file_names_are_quoted(told):
    odd = "../客服 1"
    feeds = told(rota_of((odd, *LATE[0][1:])), people=(agent(odd, team="a/b"),))
    assert sorted(feeds.files) == ["agents/%2E.%2F客服%201.ics", "teams/a%2Fb.ics"]


SHIFTS = st.lists(
    st.tuples(st.sampled_from(["a1", "a2"]), st.integers(2, 8), st.integers(0, 14), st.integers(1, 8)),
    unique_by=lambda shift: shift[:2], max_size=8,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(rotas=st.lists(SHIFTS, min_size=2, max_size=4))
def test_whatever_changes_feeds_end_as_the_last_rota_and_no_uid_is_forgotten_or_runs_backwards(
    tmp_path_factory, centre_once, rotas
):
    folder = tmp_path_factory.mktemp("feeds")
    known: dict[str, int] = {}
    for k, shifts in enumerate(rotas):
        rows = [
            (who, day, f"{at:02}:00", f"{at + hours:02}:00", "work:*", "早班")
            for who, day, at, hours in shifts
        ]
        rota = rota_of(*(rows or [("a3", 2, "08:00", "09:00", "work:*", "早班")]))
        feeds = calendar_feeds(centre_once, rota, WEEK, Wanted(NOW + k), folder if k else None)
        found: dict[str, int] = {}
        for name, content in feeds.files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
            assert [told[0] for told in by_second_reader(content)] == [
                str(e["UID"]) for e in events(feeds, name)
            ]
            if name.startswith("agents"):
                found |= {uid: told[2] for uid, told in seen(feeds, name).items()}
        assert known.keys() <= found.keys()
        assert all(found[uid] >= sequence for uid, sequence in known.items())
        known = found
        back = Rota.from_frame(read_any_rota(folder / "agents", SHANGHAI).frame)
        pd.testing.assert_frame_equal(back.to_frame(), rota.to_frame())


@pytest.fixture(scope="module")
def centre_once():
    from pathlib import Path

    import scenarios
    from centre.folder import read_centre

    told = read_centre(Path(scenarios.__file__).parent / "examples" / "small")
    info = replace(told.settings.centre, timezone=SHANGHAI)
    return replace(
        told, settings=replace(told.settings, centre=info), agents=(agent("a1"), agent("a2")), leave=NO_LEAVE
    )
