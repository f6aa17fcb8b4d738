"""What is written as a wide workbook is read back as the same rota, or it is said what is not."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from centre.instants import day_number, local_instant, to_timestamps
from centre.shift_legend import LegendCode
from centre.wide.rota import read_wide_rota
from centre.wide.writing import write_wide_rota
from scheduler.rota import Rota

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
Row = tuple[str, date, int, int, str, str, bool]
MONDAY = date(2026, 3, 2)


def rota_of(rows: list[Row], zone: ZoneInfo = SHANGHAI) -> pd.DataFrame:
    """Rows of (person, day, wall-clock minutes from and to, activity, shift, paid) as a rota."""
    frame = pd.DataFrame(rows, columns=["agent_id", "day", "start", "end", "activity", "shift", "paid"])
    for name in ("start", "end"):
        minutes = [local_instant(zone, day_number(row.day), getattr(row, name)) for row in frame.itertuples()]
        frame[name] = to_timestamps(pd.Series(minutes, dtype="int64").to_numpy())
    return frame


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    tables = [
        Rota.from_frame(frame)
        .to_frame()
        .sort_values(["agent_id", "day", "start", "end", "activity", "shift", "paid"])
        for frame in (one, other)
    ]
    pd.testing.assert_frame_equal(*(table.reset_index(drop=True) for table in tables))


def shift(agent_id: str, day: date, name: str, *edges: int, pause: str = "meal") -> list[Row]:
    """A shift whose stretches are work and breaks in turn."""
    return [
        (agent_id, day, start, end, pause if k % 2 else "work:*", name, k % 2 == 0)
        for k, (start, end) in enumerate(pairwise(edges))
    ]


# Names that a legend may tell; with spreadsheet formulas, separators and words that mean something elsewhere.
NAMES = st.sampled_from(
    [
        "早",
        "晚",
        "day",
        "=1+1",
        "+A",
        "-2",
        "@x",
        "早/晚",
        "休",
        "off",
        "",
        "08:00-16:00",
        "08:00-16:00b",
        "夜 班",
        "D1",
        "code",
    ]
)
IDS = st.sampled_from(["a1", "=cmd()", "+1", "-", "@b", "007", "张三", "a b", "D1", "早", "1.0"])
ACTIVITIES = st.sampled_from(
    ["work:*", "work:calls", "meal", "break", "meeting:team talk", "leave:annual", "on_call", "x paid"]
)


@st.composite
def rotas(draw: st.DrawFn) -> list[Row]:
    rows: list[Row] = []
    keys = st.tuples(IDS, st.integers(0, 9), NAMES)
    for agent_id, day, name in draw(st.lists(keys, min_size=1, max_size=8, unique=True)):
        edges = sorted(draw(st.lists(st.integers(0, 2880), min_size=2, max_size=5, unique=True)))
        for start, end in pairwise(edges):
            rows.append(
                (agent_id, MONDAY + timedelta(day), start, end, draw(ACTIVITIES), name, draw(st.booleans()))
            )
    return rows


TIMES_OF_TWO_MEANINGS = [
    ("007", MONDAY, 81, 556, "meal", "08:00-16:00", False),
    ("D1", MONDAY, 0, 16, "leave:annual", "早", False),
    ("D1", MONDAY, 277, 676, "work:calls", "08:00-16:00", False),
]
"""The second meaning of a name that is a time needs a code of its own, beside another in one cell."""


@settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.generate))
@example(rows=TIMES_OF_TWO_MEANINGS)
@given(rows=rotas())
def test_any_rota_reads_back_as_it_was(rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("wide") / "w.xlsx"
    rota = rota_of([row for row in rows if row[0] != "-"])
    if not len(rota):
        return
    assert write_wide_rota(path, rota, SHANGHAI) == []
    same(read_wide_rota(path, None, SHANGHAI).frame, rota)


def test_plain_shifts_are_told_by_start_end_and_break(tmp_path: Path):
    rota = rota_of(
        [
            *shift("a1", MONDAY, "早", 480, 690, 750, 960),
            *shift("a1", MONDAY + timedelta(1), "夜", 1320, 1800),
        ]
    )
    assert write_wide_rota(tmp_path / "w.xlsx", rota, SHANGHAI, people=["a2"]) == []
    book = CalamineWorkbook.from_path(str(tmp_path / "w.xlsx"))
    days, legend = (book.get_sheet_by_name(name).to_python() for name in ("排班", "图例"))
    assert days[1] == ["工号", date(2026, 3, 2), date(2026, 3, 3)]
    assert days[2:] == [["", "一", "二"], ["a2", "休", "休"], ["a1", "早", "夜"]]
    assert [row[:5] for row in legend[1:]] == [
        ["早", "08:00", "16:00", "60", "true"], ["夜", "22:00", "30:00", "0", "true"], ["休", "", "", "", ""],
    ]  # fmt: skip
    assert {row[6] for row in legend[1:]} == {""}
    notes = [note.sentence for note in read_wide_rota(tmp_path / "w.xlsx", None, SHANGHAI).notes]
    assert notes == [
        "w.xlsx, 1 shift(s): the legend tells how long breaks are, not when; each was laid in the middle of its shift."
    ]


def test_one_name_with_other_breaks_is_another_code_of_the_same_shift(tmp_path: Path):
    rows = [*shift("a1", MONDAY, "早", 480, 690, 750, 960), *shift("a2", MONDAY, "早", 480, 700, 760, 960)]
    write_wide_rota(tmp_path / "w.xlsx", rota_of(rows), SHANGHAI)
    sheet = CalamineWorkbook.from_path(str(tmp_path / "w.xlsx")).get_sheet_by_name("排班").to_python()
    assert [row[1] for row in sheet[3:]] == ["早", "早2"]
    assert set(read_wide_rota(tmp_path / "w.xlsx", None, SHANGHAI).frame["shift"]) == {"早"}


def test_codes_of_a_legend_are_used_where_they_mean_the_shift(tmp_path: Path):
    legend = {
        "E": LegendCode(480, 960, 60, True, "早"),
        "F": LegendCode(480, 960, 30, True, "早"),
        "X": LegendCode(None, None, None, True),
    }
    write_wide_rota(
        tmp_path / "w.xlsx",
        rota_of(shift("a1", MONDAY, "早", 480, 690, 750, 960)),
        SHANGHAI,
        legend=legend,
        days=2,
    )
    sheet = CalamineWorkbook.from_path(str(tmp_path / "w.xlsx")).get_sheet_by_name("排班").to_python()
    assert sheet[3] == ["a1", "E", "X"]


@pytest.mark.parametrize(
    "day", [date(2026, 3, 28), date(2026, 10, 24), date(2026, 12, 31), date(2028, 2, 29)]
)
def test_nights_on_which_clocks_change_and_the_ends_of_years_and_leap_days_read_back(day, tmp_path: Path):
    rota = rota_of(shift("a1", day, "夜", 1320, 1500, 1530, 1800), BERLIN)
    assert write_wide_rota(tmp_path / "w.xlsx", rota, BERLIN) == []
    same(read_wide_rota(tmp_path / "w.xlsx", None, BERLIN).frame, rota)


@pytest.mark.parametrize("zone", [BERLIN, SHANGHAI])
def test_a_break_in_the_middle_by_the_clock_on_a_night_that_is_shorter(zone, tmp_path: Path):
    rota = rota_of(shift("a1", date(2026, 3, 28), "夜", 1320, 1500, 1620, 1800), zone)  # 01:00 to 03:00
    write_wide_rota(tmp_path / "w.xlsx", rota, zone)
    same(read_wide_rota(tmp_path / "w.xlsx", None, zone).frame, rota)


def test_a_time_that_clocks_show_the_second_time_is_said(tmp_path: Path):
    rota = rota_of(shift("a1", date(2026, 10, 24), "夜", 1320, 1590), BERLIN)
    rota["end"] += pd.Timedelta(hours=1)  # 02:30 for the second time
    assert write_wide_rota(tmp_path / "w.xlsx", rota, BERLIN) == [
        "a1, 2026-10-24, 夜: clocks show its time twice that day; it will be read as the first."
    ]


def test_everyone_in_their_own_clock(tmp_path: Path):
    parts = [
        rota_of(shift("a1", MONDAY, "早", 480, 960)),
        rota_of(shift("b1", MONDAY, "早", 480, 960), BERLIN),
    ]
    rota = pd.concat(parts, ignore_index=True)
    assert write_wide_rota(tmp_path / "w.xlsx", rota, SHANGHAI, zones={"b1": BERLIN}) == []
    read = read_wide_rota(tmp_path / "w.xlsx", None, ZoneInfo("UTC"))
    same(read.frame, rota)
    assert read.zones == {"a1": SHANGHAI, "b1": BERLIN}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("合计", MONDAY, 480, 960, "work:*", "早", True), "'合计' would not be read as a person."),
        (("ａ", MONDAY, 480, 960, "work:*", "早", True), "'ａ' would not be read as a person."),
        (("a", MONDAY, 480, 960, "work:*", "-", True), "the shift name '-' will not be read as it is."),
        (("a", MONDAY, 480, 2881, "work:*", "早", True), "a, 2026-03-02, 早: a stretch that a legend cannot tell was left out."),
        (("a", MONDAY, -1, 60, "work:*", "早", True), "a, 2026-03-02, 早: a stretch that a legend cannot tell was left out."),
        (("a", MONDAY, 0, 60, "work:a;b", "早", True), "a, 2026-03-02, 早: a stretch that a legend cannot tell was left out."),
    ],
)  # fmt: skip
def test_what_a_sheet_cannot_tell_is_said(row, words, tmp_path: Path):
    other = shift("z", MONDAY, "早", 480, 960)
    assert write_wide_rota(tmp_path / "w.xlsx", rota_of([row, *other]), SHANGHAI) == [words]


def test_days_outside_are_said(tmp_path: Path):
    told = write_wide_rota(
        tmp_path / "w.xlsx", rota_of(shift("a", MONDAY, "早", 480, 960)), SHANGHAI, first_day=0, days=3
    )
    assert told == ["1 day(s) with shifts lie outside the days written."]


def test_text_that_looks_like_a_formula_is_text(tmp_path: Path):
    rota = rota_of(shift("=cmd|' /C calc'!A0", MONDAY, "=A1", 480, 960))
    write_wide_rota(tmp_path / "w.xlsx", rota, SHANGHAI, title="@sum")
    book = CalamineWorkbook.from_path(str(tmp_path / "w.xlsx"))
    assert book.get_sheet_by_name("排班").to_python()[3] == ["=cmd|' /C calc'!A0", "=A1"]
    import zipfile

    with zipfile.ZipFile(tmp_path / "w.xlsx") as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/" in name]
        assert archive.read("xl/styles.xml").decode().count('quotePrefix="1"') == 3  # title, people, codes
        assert 'state="frozen"' in sheets[0]
    assert not any("<f>" in text for text in sheets)


def test_the_same_rota_is_written_as_the_same_bytes(tmp_path: Path):
    rota = rota_of(shift("a", MONDAY, "早", 480, 960))
    for name in ("1.xlsx", "2.xlsx"):
        write_wide_rota(tmp_path / name, rota, SHANGHAI)
    assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()
