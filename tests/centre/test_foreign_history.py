"""Histories of other tools: one file of each format made to the published columns, then every spelling, doubt and fault."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from centre.errors import Faults
from centre.folder import read_history
from centre.foreign import lengths, times
from centre.foreign.history import Imported, imported
from centre.foreign.mapping import Mapping, changed, proposed
from centre.foreign.notes import in_chinese
from centre.foreign.sheet import read_sheet
from centre.foreign.words import FORMAT_NAMES, ORDERS

DATA = Path(__file__).parents[1] / "data" / "foreign"
ZONE = ZoneInfo("Asia/Shanghai")
OURS = {"电话客服": "calls", "在线客服": "chat"}
FILES = {
    "genesys": "genesys.csv",
    "amazon-connect": "amazon_connect.csv",
    "nice": "History-2602160100.txt",
    "calabrio": "calabrio.txt",
    "free": "free_chinese.csv",
}


def read(
    path: Path, zone=ZONE, queues=None, minutes=None, names=None, **change
) -> tuple[Imported, Mapping, Faults]:
    faults = Faults()
    sheet = read_sheet(path, faults)
    assert sheet is not None, list(faults)
    mapping = changed(sheet, proposed(sheet), {**change, "queues": names or {}}, faults)
    result = imported(sheet, mapping, zone, faults, queues, minutes)
    for sentence in (*result.told, *(each.expected for each in faults)):
        assert in_chinese(sentence) != sentence
    return result, mapping, faults


def written(tmp_path: Path, text: str, name: str = "export.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


class TestFormats:
    @pytest.mark.parametrize("name", FORMAT_NAMES)
    def test_a_file_of_each_format_gives_the_same_history(self, name):
        result, mapping, faults = read(DATA / FILES[name], queues=["calls", "chat"], minutes=30, names=OURS)
        assert not list(faults)
        assert mapping.format == name
        assert result.interval_minutes == 30
        expected = read_history(DATA / "expected.csv", ZONE)
        shared = ["interval_start", "queue", "offered", "aht_seconds", "handled"]
        pd.testing.assert_frame_equal(result.frame[shared], expected[shared], check_dtype=False)

    def test_calabrio_counts_what_overflowed_in_as_offered_here(self, tmp_path):
        row = "15;20260302;08:00;7;calls;10;4;1;0;12;0;0;1200;240;0;0;3;11;0;1;0\n"
        result, _, faults = read(written(tmp_path, row, "queue.txt"))
        told = result.frame.iloc[0]
        assert not list(faults)
        assert (told["offered"], told["transferred_in"], told["abandoned_short"]) == (14, 4, 1)
        assert (told["aht_seconds"], told["within_target"]) == (120, 11)  # (1200 + 240) / 12


class TestSheets:
    TEXT = "时间,技能组,来电量,平均处理时长\n2026-03-02 08:00,热线,5,200\n"

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
    )
    def test_encodings(self, tmp_path, encoding):
        result, _, faults = read(written(tmp_path, self.TEXT, encoding=encoding))
        assert not list(faults)
        assert result.frame[["queue", "offered", "aht_seconds"]].values.tolist() == [["热线", 5, 200]]

    @pytest.mark.parametrize("mark", ",;\t|")
    def test_separators(self, tmp_path, mark):
        result, _, faults = read(written(tmp_path, self.TEXT.replace(",", mark)))
        assert not list(faults)
        assert len(result.frame) == 1

    def test_latin_text_is_not_taken_for_chinese(self, tmp_path):
        text = "Timestamp;Queue;Offered\n2026-03-02 08:00;Störung Köln;5\n"
        result, _, _ = read(written(tmp_path, text, encoding="cp1252"))
        assert result.frame["queue"].tolist() == ["Störung Köln"]

    def test_a_spreadsheet_with_real_dates_and_lengths_of_time(self, tmp_path):
        book = Workbook(tmp_path / "x.xlsx", {"default_date_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["话务日报"])
        sheet.write_row(2, 0, ["时间", "队列", "来电量", "平均处理时长"])
        sheet.write_datetime(3, 0, datetime(2026, 3, 2, 8, 30))
        sheet.write_row(3, 1, ["热线", 12])
        sheet.write_datetime(
            3, 3, timedelta(minutes=4, seconds=5), book.add_format({"num_format": "[h]:mm:ss"})
        )
        sheet.write_row(4, 0, ["合计", "", 12])
        book.close()
        result, _, faults = read(tmp_path / "x.xlsx")
        assert not list(faults)
        assert result.frame.iloc[0].tolist() == [pd.Timestamp("2026-03-02T00:30Z"), "热线", 12, 245]
        assert [told for told in result.told if "totals" in told] == ["1 row of totals left out: 5"]

    @pytest.mark.parametrize("content", [b"PK\x03\x04rubbish", b"\x89PNG\r\n\0\0\0", b"%\xff\x81\0\xfe"])
    def test_what_is_no_table_is_refused(self, tmp_path, content):
        (tmp_path / "a.csv").write_bytes(content)
        faults = Faults()
        assert read_sheet(tmp_path / "a.csv", faults) is None
        assert [fault.file for fault in faults] == ["a.csv"]


class TestTimes:
    @pytest.mark.parametrize(
        ("texts", "order"),
        [
            (["2026-03-02"], "ymd"), (["2/3/26", "14/3/26"], "dmy"), (["3/14/2026"], "mdy"), (["03022026", "03142026"], "mdy"),
            (["2/3/2026"], None), (["1/3/2026", "2/3/2026", "3/3/2026"], "dmy"), (["3/1/2026", "3/2/2026", "3/3/2026"], "mdy"),
        ],
    )  # fmt: skip
    def test_the_order_of_a_date_is_found_or_asked_for(self, texts, order):
        assert times.order_of(texts)[0] == order

    def test_an_order_that_is_not_known_is_asked_for_and_then_kept(self, tmp_path):
        file = written(tmp_path, "date,time,queue,offered\n02/03/2026,0800,a,1\n")
        _, _, faults = read(file)
        assert ["day or month first" in fault.expected for fault in faults] == [True]
        result, _, faults = read(file, date_order="mdy")
        assert not list(faults)
        assert result.frame["interval_start"].tolist() == [pd.Timestamp("2026-02-03T00:00Z")]

    @pytest.mark.parametrize(
        ("text", "minute"),
        [
            ("8:05", 485),
            ("0805", 485),
            ("8:05 PM", 1205),
            ("下午8:05", 1205),
            ("12:00 am", 0),
            ("08:05-08:35", 485),
            ("8", 480),
            ("8时05分", 485),
        ],
    )
    def test_times_of_day(self, text, minute):
        assert times.minute_in(text) == minute

    def test_an_hour_that_clocks_show_twice_is_told_apart_by_the_order_of_its_rows(self, tmp_path):
        lines = [f"2026-10-25 02:{minute:02d},a,{k}" for k, minute in enumerate((0, 30, 0, 30))]
        file = written(tmp_path, "\n".join(["时间,队列,来电量", *lines]) + "\n")
        result, _, faults = read(file, zone=ZoneInfo("Europe/Berlin"))
        assert not list(faults)
        assert result.frame["interval_start"].dt.hour.tolist() == [0, 0, 1, 1]
        assert result.frame["offered"].tolist() == [0, 1, 2, 3]
        assert any("show twice" in told for told in result.told)

    def test_a_time_that_clocks_skip_is_a_fault_unless_the_clock_is_another(self, tmp_path):
        file = written(tmp_path, "timestamp,queue,offered\n2026-03-29 02:30,a,1\n")
        _, _, faults = read(file, zone=ZoneInfo("Europe/Berlin"))
        assert [(fault.row, fault.found) for fault in faults] == [(2, "2026-03-29 02:30")]
        result, _, faults = read(file, zone=ZoneInfo("Europe/Berlin"), timezone="UTC")
        assert not list(faults)
        assert len(result.frame) == 1

    @given(
        st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2099, 1, 1)),
        st.sampled_from(ORDERS),
    )
    def test_what_is_written_in_an_order_is_read_in_it(self, moment, order):
        moment = moment.replace(second=0, microsecond=0)
        text = moment.strftime(
            {"ymd": "%Y/%m/%d %H:%M", "dmy": "%d.%m.%Y %H:%M", "mdy": "%m-%d-%Y %I:%M %p"}[order]
        )
        wall = int(moment.replace(tzinfo=UTC).timestamp()) // 60
        assert times.moment_in(text, order) == (wall, False)


class TestLengths:
    @pytest.mark.parametrize(
        ("heading", "texts", "unit"),
        [
            ("平均处理时长(毫秒)", ["245"], "milliseconds"), ("AHT", ["245000"], "milliseconds"), ("AHT", ["4.1"], "minutes"),
            ("AHT (min)", ["245"], "minutes"), ("AHT (s)", ["00:04:05"], "clock"), ("AHT", ["245"], "seconds"),
        ],
    )  # fmt: skip
    def test_units_come_from_headings_first_and_then_from_values(self, tmp_path, heading, texts, unit):
        rows = "".join(f"2026-03-02 08:00,a,1,{text}\n" for text in texts)
        _, mapping, _ = read(written(tmp_path, f"timestamp,queue,offered,{heading}\n{rows}"))
        assert mapping.columns[3].unit == unit

    def test_parts_of_a_handle_time_are_added_and_weighted_by_contacts(self, tmp_path):
        head = "timestamp;queue;channel;offered;handled;talk time;hold time;after call work\n"
        rows = "2026-03-02 08:00;a;voice;10;9;900;90;90\n2026-03-02 08:00;a;chat;2;1;600;0;20\n"
        result, _, faults = read(written(tmp_path, head + rows))
        assert not list(faults)
        assert result.frame[["offered", "handled", "aht_seconds"]].values.tolist() == [
            [12, 10, 170]
        ]  # (1080 + 620) / 10

    def test_the_whole_is_taken_before_its_parts(self, tmp_path):
        head = "timestamp,queue,offered,handled,AHT,average talk time,average hold time\n"
        _, mapping, _ = read(written(tmp_path, head + "2026-03-02 08:00,a,10,9,200,150,50\n"))
        assert [column.role for column in mapping.columns][4:] == ["aht", "", ""]

    def test_a_comma_that_may_be_either_is_refused_and_one_that_is_clear_is_read(self, tmp_path):
        head = "timestamp;queue;offered;AHT\n"
        _, _, faults = read(written(tmp_path, head + "2026-03-02 08:00;a;1;1,234\n"))
        assert [fault.found for fault in faults] == ["1,234"]
        result, _, faults = read(written(tmp_path, head + "2026-03-02 08:00;a;1;245,5\n"))
        assert not list(faults)
        assert result.frame["aht_seconds"].tolist() == [245.5]

    def test_daily_rows_are_refused(self):
        with pytest.raises(ValueError, match="60 minutes or a part of an hour"):
            lengths.interval_minutes_in("daily")
        assert [lengths.interval_minutes_in(text) for text in ("15mins", "30", "1 hour", "30分钟")] == [
            15,
            30,
            60,
            30,
        ]


class TestRows:
    HEAD = "timestamp,queue,offered,aht\n"

    def test_every_fault_is_told_with_row_and_column_at_once(self, tmp_path):
        rows = "yesterday,a,5,200\n2026-03-02 08:00,a,-5,200\n2026-03-02 08:30,,5,200\n2026-03-02 09:00,a,5,long\n"
        _, _, faults = read(written(tmp_path, self.HEAD + rows))
        assert {(fault.row, fault.column) for fault in faults} == {
            (2, "timestamp"),
            (3, "offered"),
            (4, "queue"),
            (5, "aht"),
        }

    def test_the_same_row_twice_is_one_and_a_contradiction_a_fault(self, tmp_path):
        row = "2026-03-02 08:00,a,5,200\n"
        result, _, faults = read(written(tmp_path, self.HEAD + row + row))
        assert (len(result.frame), list(faults)) == (1, [])
        assert result.told == ("1 rows that say the same again left out: 3",)
        _, _, faults = read(written(tmp_path, self.HEAD + row + "2026-03-02 08:00,a,6,200\n"))
        assert [(fault.row, "row 2" in fault.expected) for fault in faults] == [(3, True)]

    def test_headings_again_totals_and_words_are_left_out_and_told(self, tmp_path):
        text = (
            "Report of March\n\n"
            + self.HEAD
            + "2026-03-02 08:00,a,5,200\n"
            + self.HEAD
            + "Total,,5,200\nend of report,,,\n"
        )
        result, mapping, faults = read(written(tmp_path, text))
        assert not list(faults)
        assert mapping.header_row == 3
        assert len(result.frame) == 1
        assert sorted(told.split(" left")[0] for told in result.told) == [
            "1 row before the header", "1 row of headings again", "1 row of totals", "1 row without figures"
        ]  # fmt: skip

    def test_queues_that_the_centre_does_not_have_are_asked_for_once_each(self, tmp_path):
        rows = "2026-03-02 08:00,Service line,5,200\n2026-03-02 08:30,Service line,5,200\n2026-03-02 08:00,Calls,5,200\n"
        file = written(tmp_path, self.HEAD + rows)
        result, _, faults = read(file, queues=["calls", "chat"])
        assert result.queues == {"Service line": None, "Calls": "calls"}
        assert [(fault.row, fault.column) for fault in faults] == [(2, "queue")]

    def test_queues_are_renamed_merged_and_left_out(self, tmp_path):
        rows = "".join(f"2026-03-02 08:00,{name},5,200\n" for name in ("one", "two", "three"))
        names = {"one": "calls", "two": "calls", "three": ""}
        result, _, faults = read(written(tmp_path, self.HEAD + rows), queues=["calls"], names=names)
        assert not list(faults)
        assert result.frame[["queue", "offered"]].values.tolist() == [["calls", 10]]

    def test_finer_intervals_are_added_up_and_coarser_ones_refused(self, tmp_path):
        rows = "".join(f"2026-03-02 08:{m:02d},a,{m + 1},200\n" for m in (0, 15, 30, 45))
        file = written(tmp_path, self.HEAD + rows)
        result, _, _ = read(file, queues=["a"], minutes=30)
        assert result.frame["offered"].tolist() == [17, 77]
        _, _, faults = read(file, queues=["a"], minutes=10)
        assert ["10 minutes" in fault.expected for fault in faults] == [True]

    def test_what_a_history_needs_is_asked_for_by_name(self, tmp_path):
        _, _, faults = read(written(tmp_path, "alpha,beta\n1,2\n"))
        assert {fault.column for fault in faults} == {"interval_start", "queue", "offered"}


class TestChanges:
    def test_columns_are_chosen_by_heading_and_by_number(self, tmp_path):
        file = written(tmp_path, "x,y,z,w\n2026-03-02 08:00,a,5,3\n")
        change = {"x": "interval_start", "2": "queue", "Z": "offered", "w": "aht"}
        result, mapping, faults = read(file, roles=change, units={"w": "minutes"})
        assert not list(faults)
        assert result.frame["aht_seconds"].tolist() == [180]
        assert {column.confidence for column in mapping.columns} == {1.0}

    def test_wrong_choices_are_told_all_at_once(self, tmp_path):
        file = written(tmp_path, "x,y\n1,2\n")
        wrong = {"roles": {"nothing": "queue", "x": "colour"}, "units": {"y": "weeks"}, "date_order": "ydm"}
        _, _, faults = read(file, **wrong)
        assert {fault.found for fault in faults} >= {"nothing", "colour", "weeks", "ydm"}
