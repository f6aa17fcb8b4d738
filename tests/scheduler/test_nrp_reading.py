"""Benchmark instances read: every field where it belongs, every fault told at once with its line and section."""

from pathlib import Path

import numpy as np
import pytest

from centre.errors import BadInput
from scheduler.nrp import OFF, read_instance
from scheduler.nrp.reading import parse_instance
from tests.scheduler.nrp_builder import instance_of, person, text_of

DATA = Path(__file__).parents[1] / "data" / "nrp"
COVER = ("0,E,2,100,1", "13,L,1,50,3")


def faults(text: str) -> list[tuple[int | None, str, str]]:
    """Row, column and value found of every fault; each says what was expected."""
    with pytest.raises(BadInput) as caught:
        parse_instance(text, "bad.txt")
    assert all(fault.file == "bad.txt" and fault.expected for fault in caught.value.faults)
    return [(fault.row, fault.column, fault.found) for fault in caught.value.faults]


class TestFields:
    def test_every_field_lands_where_it_belongs(self):
        row = "Bob,E=1|L=2,3,4,5,6,7,8"
        one = instance_of(
            person("Ada"), row, off=["Bob,3,5"], on=["Bob,1,L,9"], against=["Ada,2,E,8"], cover=COVER
        )
        assert (one.name, one.days, one.shifts, one.staff) == ("tiny", 14, ("E", "L"), ("Ada", "Bob"))
        assert one.minutes.tolist() == [480, 600]
        assert one.cannot_follow.tolist() == [[False, False], [True, False]]
        assert one.max_shifts[1].tolist() == [1, 2]
        limits = (one.max_minutes, one.min_minutes, one.max_run, one.min_run, one.min_off, one.max_weekends)
        assert [int(limit[1]) for limit in limits] == [3, 4, 5, 6, 7, 8]
        assert np.argwhere(one.fixed_off).tolist() == [[1, 3], [1, 5]]
        assert one.on_requests.tolist() == [[1, 1, 1, 9]]
        assert one.off_requests.tolist() == [[0, 2, 0, 8]]
        tables = (one.required, one.under_weight, one.over_weight)
        assert [table[0, 0] for table in tables] == [2, 100, 1]
        assert [table[13, 1] for table in tables] == [1, 50, 3]
        assert [int(table.sum()) for table in tables] == [3, 150, 4]

    def test_sections_and_rows_may_come_in_any_order(self):
        text = text_of(person(), cover=COVER, shifts=("E,480,L", "L,600,"), on=["Ada,0,L,1"])
        sections = text.split("SECTION_")[1:]
        turned = parse_instance("".join("SECTION_" + part + "\n" for part in sections[::-1]), "turned.txt")
        assert turned.cannot_follow.tolist() == [[False, True], [False, False]]
        assert turned.on_requests.tolist() == [[0, 0, 1, 1]]
        assert turned.required.sum() == 3

    def test_windows_line_ends_byte_order_mark_spaces_and_other_scripts(self, tmp_path):
        text = text_of(person("小明", most="E = 3 | L = 1"), off=["小明 , 3"], cover=["0 , E , 2 , 100 , 1"])
        (tmp_path / "中文.txt").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        one = read_instance(tmp_path / "中文.txt")
        assert (one.name, one.staff, one.max_shifts.tolist()) == ("中文", ("小明",), [[3, 1]])
        assert one.fixed_off[0, 3]

    def test_nobody_wanted_may_be_written_minus_zero_as_in_instance_15(self):
        assert instance_of(person("Ada"), cover=("0,E,-0,100,1",)).required[0, 0] == 0

    def test_sections_of_wishes_may_be_left_out(self):
        text = text_of(person()).split("SECTION_DAYS_OFF")[0] + "SECTION_COVER\n0,E,1,1,1\n"
        one = parse_instance(text, "short.txt")
        assert one.fixed_off.shape == (1, 14)
        assert not one.fixed_off.any()
        assert one.on_requests.shape == one.off_requests.shape == (0, 4)

    @pytest.mark.parametrize(
        ("number", "staff", "days", "shifts", "requests", "wanted"),
        [(1, 8, 14, 1, (21, 5), 71), (3, 20, 14, 3, (39, 25), 154), (5, 16, 28, 2, (79, 27), 288)],
    )
    def test_the_benchmarks_own(self, number, staff, days, shifts, requests, wanted):
        one = read_instance(DATA / f"Instance{number}.txt")
        assert (len(one.staff), one.days, len(one.shifts)) == (staff, days, shifts)
        assert (len(one.on_requests), len(one.off_requests)) == requests
        assert int(one.required.sum()) == wanted
        assert {int(weight) for weight in one.under_weight.flat} == {100}


class TestDerived:
    def test_weekends_are_saturdays_and_sundays_as_far_as_the_horizon_goes(self):
        assert instance_of(days=14).weekends == ((5, 6), (12, 13))
        assert instance_of(days=6).weekends == ((5,),)
        assert instance_of(days=5).weekends == ()

    def test_wishes_for_one_shift_add_up(self):
        constant, added = instance_of(
            on=["Ada,0,E,3", "Ada,0,E,4"], against=["Ada,0,E,2", "Ada,1,L,6"]
        ).wishes()
        assert constant == 7
        assert {tuple(at): int(added[tuple(at)]) for at in np.argwhere(added).tolist()} == {
            (0, 0, 0): -5,
            (0, 1, 1): 6,
        }

    def test_rows_of_a_roster(self):
        two = instance_of(person("Ada", days=2), person("Bob", days=2), days=2)
        assert two.triples(np.array([[OFF, 1], [0, OFF]])) == [("Ada", 1, "L"), ("Bob", 0, "E")]


class TestFaults:
    def test_all_of_a_file_at_once_with_line_section_and_column(self):
        text = text_of(
            person("Ada"), person("Ada"), "Bob,E=x|N=3,1,2,3,-4,5,6.5", "Cy,1,2",
            off=["Zoe,1", "Ada,14,1.0", "Ada"], on=["Ada,0,N,1", "Ada,0,E"], against=["Ada,-1,E,1"],
            cover=["0,E,1,1,1", "0,E,2,1,1", "1,E,some,1,1", "1,E,1,1"], shifts=("E,480,", "L,long,E|N", "E,480,", "X"),
        )  # fmt: skip
        lines = text.splitlines()
        found = faults(text)
        assert [(lines[row - 1], column.removeprefix("SECTION_"), value) for row, column, value in found] == [
            ("X", "SHIFTS", "X"),
            ("L,long,E|N", "SHIFTS, Length in mins", "long"),
            ("E,480,", "SHIFTS, ShiftID", "E"),
            ("L,long,E|N", "SHIFTS, Shifts which cannot follow", "N"),
            (lines[15], "STAFF, ID", "Ada"),
            (lines[16], "STAFF, MaxShifts", "x"),
            (lines[16], "STAFF, MaxShifts", "N"),
            (lines[16], "STAFF, MinConsecutiveShifts", "-4"),
            (lines[16], "STAFF, MaxWeekends", "6.5"),
            ("Cy,1,2", "STAFF", "Cy,1,2"),
            ("Zoe,1", "DAYS_OFF, EmployeeID", "Zoe"),
            ("Ada,14,1.0", "DAYS_OFF, Day", "14"),
            ("Ada,14,1.0", "DAYS_OFF, Day", "1.0"),
            ("Ada", "DAYS_OFF, DayIndexes", ""),
            ("Ada,0,N,1", "SHIFT_ON_REQUESTS, ShiftID", "N"),
            ("Ada,0,E", "SHIFT_ON_REQUESTS", "Ada,0,E"),
            ("Ada,-1,E,1", "SHIFT_OFF_REQUESTS, Day", "-1"),
            ("0,E,2,1,1", "COVER, Day, ShiftID", "0,E"),
            ("1,E,some,1,1", "COVER, Requirement", "some"),
            ("1,E,1,1", "COVER", "1,E,1,1"),
        ]  # fmt: skip
        assert [row for row, column, _ in found if column.endswith(", ID")] == [16]

    def test_what_is_no_instance(self):
        needed = [(None, f"SECTION_{name}", "") for name in ("HORIZON", "SHIFTS", "STAFF", "COVER")]
        assert faults("") == needed
        assert faults("agent_id,name\na1,Ada\n") == [(1, "", "agent_id,name"), *needed]

    def test_sections_unknown_or_twice(self):
        text = text_of(person(), cover=COVER) + "SECTION_MAGIC\n1\nSECTION_COVER\n"
        assert [value for _, _, value in faults(text)] == ["SECTION_MAGIC", "SECTION_COVER"]

    @pytest.mark.parametrize("days", ["0", "two weeks", "99999999999999999999999", "3661", "²"])
    def test_a_horizon_that_is_none_brings_no_other_faults(self, days):
        text = text_of(person(), cover=COVER, off=["Ada,13"]).replace("columns\n14", f"columns\n{days}")
        assert faults(text) == [(4, "SECTION_HORIZON, days", days)]

    def test_two_horizons(self):
        text = text_of(person(), cover=COVER).replace("columns\n14", "columns\n14\n28")
        assert faults(text) == [(5, "SECTION_HORIZON", "28")]

    def test_a_file_that_is_no_text(self, tmp_path):
        (tmp_path / "picture.txt").write_bytes(b"\x89PNG\xff\xfe")
        with pytest.raises(BadInput, match=r"picture\.txt: expected a benchmark instance"):
            read_instance(tmp_path / "picture.txt")
